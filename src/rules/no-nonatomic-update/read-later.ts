import * as ts from 'typescript';
import {
  bare,
  type Core,
  enclosingFunctionOf,
  flowGraph,
  isInside,
  type StaleWrite,
  isBindingElement,
} from '../../analysis/index.ts';
import {
  type Edit,
  endWithComments,
  hasComment,
  hasDirectiveAbove,
  indentOf,
  insertBefore,
  isOnOwnLines,
  lineBreakOf,
  removeStatement,
  replace,
  usesSemicolons,
} from '../../report/edits.ts';
import { declarationsOf, inPlaceOf, namesFor, operandsToMove } from './hoist.ts';
import { isHarmless } from './is-harmless.ts';
import { restsOnTest } from './is-narrowed.ts';
import { isOverwritten } from './is-overwritten.ts';
import { meansTheSameAt, usesOf } from './reading.ts';
import type { UpdateRepair } from './repair.ts';

/**
 * `const kept = list.filter(isOpen); await audit(); list = kept;` → `await audit(); const kept = list.filter(isOpen); list = kept;`
 *
 * The declaration that reads moves behind the wait, or the wait in front of it where both meet in the next statement
 * (`let sum = total; sum += await load(); total = sum;`).
 */
export function readLater(found: StaleWrite, core: Core): readonly UpdateRepair[] {
  const moved = movableOf(found, core);
  if (moved === undefined) return [];
  const edits = declaredLater(moved, found, core) ?? waitedFirst(moved, found, core);
  return edits === undefined ? [] : [{ title: 'later', automatic: !restsOnTest(moved.source, core), edits }];
}

/** A declaration that reads the place and does nothing else. */
interface Movable {
  readonly declaration: ts.VariableStatement;
  readonly names: readonly ts.Identifier[];
  readonly source: ts.Expression;
  /** The statements of its block, and which of them is the declaration and which holds the write. */
  readonly list: readonly ts.Statement[];
  readonly at: number;
  readonly writeAt: number;
}

function movableOf(found: StaleWrite, core: Core): Movable | undefined {
  const { fn, read, write } = found;
  const declaration = ts.findAncestor(read.node, ts.isVariableStatement);
  if (declaration === undefined || enclosingFunctionOf(declaration) !== fn) return undefined;
  const [variable, ...others] = declaration.declarationList.declarations;
  const source = variable?.initializer;
  if (variable === undefined || source === undefined || others.length > 0) return undefined;
  if (!ts.isBlock(declaration.parent) || hasDirectiveAbove(declaration)) return undefined;
  const list = declaration.parent.statements;
  const at = list.indexOf(declaration);
  const writeAt = list.findIndex((statement) => isInside(write.node, statement));
  if (writeAt <= at || !isHarmless(source, core) || isOverwritten(found, core)) return undefined;
  const following = list[at + 1] ?? declaration;
  if (!meansTheSameAt(source, following, core)) return undefined;
  return { declaration, names: namesIn(variable.name), source, list, at, writeAt };
}

function namesIn(name: ts.BindingName): readonly ts.Identifier[] {
  if (ts.isIdentifier(name)) return [name];
  return name.elements.flatMap((element) => (isBindingElement(element) ? namesIn(element.name) : []));
}

/** The statements after the declaration, up to the write, in which the function waits. */
function waitingStatements({ at, list, writeAt }: Movable, { fn }: StaleWrite, core: Core): readonly number[] {
  const { suspensions } = core.ask(flowGraph, fn);
  return list.flatMap((statement, index) =>
    index > at && index <= writeAt && suspensions.some(({ node }) => isInside(node, statement)) ? [index] : [],
  );
}

function declaredLater(moved: Movable, found: StaleWrite, core: Core): readonly Edit[] | undefined {
  const { declaration, list, names, writeAt } = moved;
  const pauseAt = waitingStatements(moved, found, core).at(-1);
  if (pauseAt === undefined || pauseAt === writeAt) return undefined;
  const pause = list[pauseAt];
  if (pause === undefined) return undefined;
  const uses = names.flatMap((name) => usesOf(name, core));
  if (uses.some((use) => use.pos < pause.end)) return undefined;
  const file = pause.getSourceFile();
  if (!isOnOwnLines(declaration) || !isOnOwnLines(pause)) {
    const isOneLine = !file.text.slice(declaration.getStart(), pause.end).includes('\n') && usesSemicolons(file);
    if (!isOneLine) return undefined;
    return [removeStatement(declaration), { range: [pause.end, pause.end], text: ` ${declaration.getText()}` }];
  }
  const end = endWithComments(pause);
  const text = `${lineBreakOf(file)}${indentOf(declaration)}${declaration.getText()}`;
  return [removeStatement(declaration), { range: [end, end], text }];
}

function waitedFirst(moved: Movable, found: StaleWrite, core: Core): readonly Edit[] | undefined {
  const { at, declaration, list, names } = moved;
  const meeting = list[at + 1];
  const waiting = waitingStatements(moved, found, core);
  if (meeting === undefined || waiting.length !== 1 || waiting[0] !== at + 1) return undefined;
  if (!ts.isExpressionStatement(meeting) && !ts.isVariableStatement(meeting)) return undefined;
  const operands = operandsToMove(meeting, meeting, found, core);
  // A bare wait has nothing to give a name to.
  if (ts.isExpressionStatement(meeting) && operands?.has(bare(meeting.expression)) === true) return undefined;
  if (operands === undefined || hasComment(declaration) || hasDirectiveAbove(meeting)) return undefined;
  const uses = names.flatMap((name) => usesOf(name, core));
  if ([...operands.keys()].some((operand) => uses.some((use) => isInside(use, operand)))) return undefined;
  const given = namesFor(operands, declaration.getSourceFile());
  const lines = declarationsOf(given, declaration.getText());
  return [insertBefore(declaration, lines, ''), ...[...inPlaceOf(given)].map(([node, name]) => replace(node, name))];
}
