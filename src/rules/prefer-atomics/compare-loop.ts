import * as ts from 'typescript';
import { bare, type CellRace, type Core, referencesOf, wrapped } from '../../analysis/index.ts';
import {
  type Edit,
  freeName,
  hasComment,
  indentOf,
  indentStepOf,
  lineBreakOf,
  removeStatement,
  replace,
  textWith,
} from '../../report/edits.ts';
import { addressOf, asOperand, isRepeatable, whole } from './atomic-text.ts';
import type { Rewrite } from './rewrite.ts';

/**
 * The change as a loop that computes it again whenever another thread was faster. For operators that `Atomics` has no member for,
 * and for tests that are no comparison with one value.
 */
export function loopFor(race: CellRace, core: Core): Rewrite | undefined {
  const { write, cell, guard } = race;
  const own = wrapped(write).parent;
  if (!ts.isExpressionStatement(own) || !isRepeatable(cell.view) || !isRepeatable(cell.index)) return undefined;
  const file = write.getSourceFile();
  const old = freeName('old', file);
  const next = nextValueOf(race, old, core);
  if (next === undefined) return undefined;

  let condition = '';
  let replacedStatement: ts.Statement = own;
  if (guard !== undefined) {
    const body = ts.isIfStatement(guard) ? guard.thenStatement : undefined;
    const isAlone =
      body === own ||
      (body !== undefined && ts.isBlock(body) && body.statements.length === 1 && body.statements[0] === own);
    if (!isAlone || !ts.isIfStatement(guard) || guard.elseStatement !== undefined || !isRepeatable(guard.expression))
      return undefined;
    condition = ` ${textWith(guard.expression, new Map(race.reads.map((read) => [read, old])))}`;
    replacedStatement = guard;
  }
  if (hasComment(replacedStatement)) return undefined;
  const removed = copyEdits(race, core);
  if (removed === undefined) return undefined;
  const line = lineBreakOf(file) + indentOf(replacedStatement);
  const inner = line + indentStepOf(file);
  const address = addressOf(cell);
  const seen = freeName('seen', file);
  const text =
    `for (let ${old} = Atomics.load(${address}); ${condition.trimStart()}; ) {` +
    `${inner}const ${seen} = Atomics.compareExchange(${address}, ${old}, ${next});` +
    `${inner}if (${seen} === ${old}) break;` +
    `${inner}${old} = ${seen};` +
    `${line}}`;
  return { title: 'retry', automatic: false, edits: [...removed, replace(replacedStatement, text)] };
}

function nextValueOf({ kind, write, value, reads, copy, cell }: CellRace, old: string, core: Core): string | undefined {
  if (ts.isPrefixUnaryExpression(write) || ts.isPostfixUnaryExpression(write)) {
    return `${old} ${write.operator === ts.SyntaxKind.PlusPlusToken ? '+' : '-'} ${whole(cell, 1)}`;
  }
  if (value === undefined || !isRepeatable(value, reads)) return undefined;
  if (kind !== 'read-back' && ts.isBinaryExpression(write)) {
    const operator = write.operatorToken.getText();
    return operator === '=' ? value.getText() : `${old} ${operator.slice(0, -1)} ${asOperand(value)}`;
  }
  const inner = bare(value);
  const taken = copy === undefined ? reads : usesIn(inner, copy, core);
  return textWith(inner, new Map(taken.map((node) => [node, old])));
}

function usesIn(value: ts.Node, copy: ts.VariableDeclaration, core: Core): readonly ts.Node[] {
  const symbol = core.checker.getSymbolAtLocation(copy.name);
  if (symbol === undefined) return [];
  return referencesOf(symbol, core)
    .found.map(({ node }) => node)
    .filter((node) => node.pos >= value.pos && node.end <= value.end);
}

/** The copy goes when nothing else needs it; with other uses there is no loop that says the same. */
function copyEdits({ copy, value }: CellRace, core: Core): readonly Edit[] | undefined {
  if (copy === undefined) return [];
  const list = copy.parent;
  const symbol = core.checker.getSymbolAtLocation(copy.name);
  if (
    symbol === undefined ||
    value === undefined ||
    !ts.isVariableDeclarationList(list) ||
    list.declarations.length !== 1
  )
    return undefined;
  const uses = referencesOf(symbol, core).found;
  if (uses.some(({ node }) => node.pos < value.pos || node.end > value.end)) return undefined;
  return ts.isVariableStatement(list.parent) ? [removeStatement(list.parent)] : undefined;
}
