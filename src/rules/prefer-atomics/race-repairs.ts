import * as ts from 'typescript';
import {
  bare,
  type CellRace,
  type Core,
  isReassigned,
  isStep,
  referencesOf,
  symbolOf,
  wrapped,
} from '../../analysis/index.ts';
import { type Edit, removeStatement, replace } from '../../report/edits.ts';
import {
  asOperand,
  atomic,
  inPlaceOf,
  isConstantText,
  isTaken,
  isValueUsed,
  isWholeFor,
  keepsComments,
  memberFor,
  whole,
} from './atomic-text.ts';
import { loopFor } from './compare-loop.ts';
import type { Rewrite } from './rewrite.ts';
import { compareInTest } from './compare-in-test.ts';

/** How a change in two steps is made in one. Nothing for views that `Atomics` does not take. */
export function rewritesOf(race: CellRace, core: Core): readonly Rewrite[] {
  if (!isTaken(race.cell)) return [];
  const rewrite = mainRewriteOf(race, core) ?? loopFor(race, core);
  return rewrite === undefined ? [] : [rewrite];
}

function mainRewriteOf(race: CellRace, core: Core): Rewrite | undefined {
  switch (race.kind) {
    case 'read-back':
      return race.copy === undefined ? directlyRead(race, core) : copied(race, race.copy, core);
    case 'swap':
      return swapped(race, core);
    case 'test-and-set':
      return compareInTest(race, core);
    case 'update':
      return updated(race, core);
  }
}

function updated(race: CellRace, core: Core): Rewrite | undefined {
  const { write, cell } = race;
  if (ts.isPostfixUnaryExpression(write) || ts.isPrefixUnaryExpression(write)) {
    const one = whole(cell, 1);
    const step = memberFor(write.operator === ts.SyntaxKind.PlusPlusToken ? '++' : '--');
    return step === undefined ? undefined : inOneStep(race, step, one, ts.isPostfixUnaryExpression(write), core);
  }
  if (!ts.isBinaryExpression(write) || !isWholeFor(cell, write.right, core)) return undefined;
  const operator = write.operatorToken.getText();
  if (operator === '||=') return filled(race, write.right, core);
  const step = memberFor(operator);
  return step === undefined ? undefined : inOneStep(race, step, write.right, false, core);
}

/** `cells[0] ||= 1`: written only if it is zero. */
function filled({ write, cell }: CellRace, value: ts.Expression, core: Core): Rewrite | undefined {
  if (isValueUsed(write) || !isConstantText(value, core)) return undefined;
  return member('compareExchange', write, atomic('compareExchange', cell, whole(cell, 0), value.getText()));
}

/**
 * The operator as one call. Where its value is used, that of the postfix form is what the call returns; the others add the amount
 * again, which gives the same number for every width because both do it before the value is cut to the cell.
 */
function inOneStep(
  { write, cell }: CellRace,
  step: { readonly member: string; readonly operator: string },
  amount: string | ts.Expression,
  givesOld: boolean,
  core: Core,
): Rewrite | undefined {
  const text = typeof amount === 'string' ? amount : amount.getText();
  const call = atomic(step.member, cell, text);
  if (givesOld || !isValueUsed(write)) return member(step.member, write, call);
  if (typeof amount !== 'string' && !isConstantText(amount, core)) return undefined;
  const again = typeof amount === 'string' ? amount : asOperand(amount);
  return member(step.member, write, inPlaceOf(write, `${call} ${step.operator} ${again}`));
}

function member(name: string, write: ts.Expression, text: string, more: readonly Edit[] = []): Rewrite | undefined {
  if (!keepsComments(write.getText(), text)) return undefined;
  return {
    title: 'member',
    member: `Atomics.${name}`,
    automatic: true,
    edits: [replace(write, text + endOf(write)), ...more],
  };
}

/** A semicolon where the line break after `x++` ends the statement and the one after a call would not. */
function endOf(write: ts.Expression): string {
  const { parent } = write;
  if (!ts.isExpressionStatement(parent) || parent.getEnd() !== write.getEnd()) return '';
  const after = write.getSourceFile().text.slice(write.getEnd());
  return /^\s*[([`+\-/]/.test(after) && !/^\s*\/[/*]/.test(after) ? ';' : '';
}

/** `cells[0] = cells[0] + 1`, `Atomics.store(cells, 0, Atomics.load(cells, 0) + 1)` */
function directlyRead(race: CellRace, core: Core): Rewrite | undefined {
  const [read, more] = race.reads;
  if (read === undefined || more !== undefined || race.value === undefined) return undefined;
  const parts = partsOf(race.value, read);
  if (parts === undefined || !isWholeFor(race.cell, parts.amount, core)) return undefined;
  return inOneStep(race, parts.step, parts.amount, false, core);
}

/** `read + amount` or `amount + read`, as the member and the amount. */
function partsOf(
  value: ts.Expression,
  read: ts.Node,
): { step: { member: string; operator: string }; amount: ts.Expression } | undefined {
  const sum = bare(value);
  if (!isStep(value, read) || !ts.isBinaryExpression(sum)) return undefined;
  const step = memberFor(sum.operatorToken.getText());
  const amount = bare(sum.left) === read ? sum.right : sum.left;
  return step === undefined ? undefined : { step, amount };
}

/** `const before = cells[0]; … cells[0] = before + 1;` */
function copied(race: CellRace, copy: ts.VariableDeclaration, core: Core): Rewrite | undefined {
  const { value, write, cell, reads } = race;
  const [read] = reads;
  const symbol = core.checker.getSymbolAtLocation(copy.name);
  if (value === undefined || read === undefined || symbol === undefined || core.ask(isReassigned, symbol))
    return undefined;
  const uses = referencesOf(symbol, core).found.filter(({ use }) => use !== 'type');
  const inValue = uses.filter(({ node }) => node.pos >= value.pos && node.end <= value.end);
  const [name] = inValue;
  if (name === undefined || inValue.length !== 1) return undefined;
  const parts = partsOf(value, name.expression);
  if (parts === undefined || !isWholeFor(cell, parts.amount, core)) return undefined;
  const statement = statementOf(copy);
  if (uses.length === 1) {
    if (statement === undefined) return undefined;
    const inOne = inOneStep(race, parts.step, parts.amount, false, core);
    return inOne === undefined ? undefined : { ...inOne, edits: [removeStatement(statement), ...inOne.edits] };
  }
  const call = atomic(parts.step.member, cell, parts.amount.getText());
  const own = wrapped(write).parent;
  const title = { title: 'member', member: `Atomics.${parts.step.member}` } as const;
  if (
    statement !== undefined &&
    ts.isExpressionStatement(own) &&
    isNext(statement, own) &&
    keepsComments(own.getText(), call)
  ) {
    return { ...title, automatic: true, edits: [replace(read, call), removeStatement(own)] };
  }
  if (isValueUsed(write) || !keepsComments(write.getText(), call)) return undefined;
  const load = ts.isCallExpression(read) ? [] : [replace(read, atomic('load', cell))];
  return { ...title, automatic: false, edits: [...load, replace(write, call)] };
}

/** The statement of a variable that is declared alone. */
function statementOf(copy: ts.VariableDeclaration): ts.VariableStatement | undefined {
  const list = copy.parent;
  const isAlone = ts.isVariableDeclarationList(list) && list.declarations.length === 1;
  return isAlone && ts.isVariableStatement(list.parent) ? list.parent : undefined;
}

function isNext(before: ts.Statement, statement: ts.Statement): boolean {
  const { parent } = statement;
  const { statements } = parent as Partial<ts.Block>;
  if (parent !== before.parent || statements === undefined) return false;
  return statements.indexOf(before) + 1 === statements.indexOf(statement);
}

/** `const held = cells[0]; cells[0] = 0;` */
function swapped({ write, cell, value, reads, copy }: CellRace, core: Core): Rewrite | undefined {
  const [read] = reads;
  const own = wrapped(write).parent;
  if (value === undefined || read === undefined || copy === undefined || !ts.isExpressionStatement(own))
    return undefined;
  const names = symbolOf(copy.name, core);
  const usesCopy = referencesOf(names ?? core.checker.getTypeAtLocation(copy).symbol, core).found.some(
    ({ node }) => node.pos >= value.pos && node.end <= value.end,
  );
  if (usesCopy || !isWholeFor(cell, value, core)) return undefined;
  const call = atomic('exchange', cell, value.getText());
  if (!keepsComments(own.getText() + read.getText(), call)) return undefined;
  return {
    title: 'member',
    member: 'Atomics.exchange',
    automatic: true,
    edits: [replace(read, call), removeStatement(own)],
  };
}
