import * as ts from 'typescript';
import { defineFact } from '../facts.ts';
import { bare, isAssignmentOperator, isLogicalAssignmentOperator } from '../syntax/expressions.ts';
import { type FunctionNode, isFunctionNode } from '../syntax/functions.ts';
import { calledNameOf, lastNameOf, mentionsIn, type Names, namesBound } from '../syntax/names.ts';
import { namesBehind } from './suspects.ts';

const NONE: Names = new Set();

/**
 * Functions that may test a place and act upon the test, and the names of such places; told from the text alone.
 *
 * A name counts that a condition mentions (itself, or a local that was taken from it) and that is written, or is the receiver of a
 * call, in the same function, in a callback in it, or in a function of the file that it calls. Doubt falls towards suspicion.
 */
export const checkSuspects = defineFact<ts.SourceFile, ReadonlyMap<FunctionNode, CheckSuspect>>({
  name: 'check-suspects',
  scope: 'program',
  compute(file, core) {
    const found = new Map<FunctionNode, CheckSuspect>();
    if (!WAITS.test(file.text)) return found;
    const functions = new Map<FunctionNode, Mentions>();
    mentionsOf(file, new Set(core.api.namesWith('mutates').keys()), functions);
    const written = writtenByName(functions);
    const behind = core.ask(namesBehind, file);
    for (const [fn, mentions] of functions) {
      if (ts.isSourceFile(fn)) continue;
      const names = suspectedIn(mentions, written, behind);
      if (names.size > 0) found.set(fn, { names, waits: mentions.waits > 0 });
    }
    return found;
  },
});

/** A function that tests what it writes, by name. */
export interface CheckSuspect {
  readonly names: Names;
  /** Does it wait, or a callback in it? */
  readonly waits: boolean;
}

const WAITS = /\b(?:async|await|yield|Promise)\b|\.then\s*\(/;

/** What a function tests, writes and calls by name, those in callbacks included for what is written. */
interface Mentions {
  readonly tested: Set<string>;
  readonly written: Set<string>;
  readonly called: Set<string>;
  /** For each local what it may have been taken from. */
  readonly locals: Map<string, Names>;
  /** How many waits there are, those in callbacks included. */
  waits: number;
}

function suspectedIn(
  { called, locals, tested, written }: Mentions,
  writtenByCallee: ReadonlyMap<string, Names>,
  behind: ReadonlyMap<string, Names>,
): Names {
  if (tested.size === 0) return NONE;
  const all = new Set(written);
  for (const name of called) for (const each of writtenByCallee.get(name) ?? NONE) all.add(each);
  const names = new Set(tested);
  for (const name of tested) {
    for (const source of locals.get(name) ?? NONE) names.add(source);
    for (const source of behind.get(name) ?? NONE) names.add(source);
  }
  return new Set([...names].filter((name) => all.has(name)));
}

/** Looks at each node of a function once, and at the functions inside it. */
function mentionsOf(fn: FunctionNode, changes: Names, functions: Map<FunctionNode, Mentions>): Mentions {
  const found: Mentions = { tested: new Set(), written: new Set(), called: new Set(), locals: new Map(), waits: 0 };
  functions.set(fn, found);
  const take = (local: string, sources: Names): void => {
    found.locals.set(local, new Set([...(found.locals.get(local) ?? NONE), ...sources]));
  };
  const visit = (node: ts.Node): void => {
    if (ts.isToken(node) || ts.isTypeNode(node)) return;
    if (isFunctionNode(node) && node !== fn) {
      const inner = mentionsOf(node, changes, functions);
      for (const name of inner.written) found.written.add(name);
      found.waits += inner.waits;
      return;
    }
    const condition = conditionOf(node);
    if (condition !== undefined) for (const name of mentionsIn(condition)) found.tested.add(name);
    if (isWait(node)) found.waits++;
    if (ts.isCallExpression(node)) {
      const name = lastNameOf(bare(node.expression));
      if (name !== undefined) found.called.add(name);
    }
    const written = writtenNameOf(node, changes);
    if (written !== undefined) {
      found.written.add(written);
      if (ts.isBinaryExpression(node) && ts.isIdentifier(bare(node.left))) take(written, mentionsIn(node.right));
    }
    const before = found.waits;
    ts.forEachChild(node, visit);
    // What is waited for was read in an earlier segment than the test.
    if (ts.isVariableDeclaration(node) && node.initializer !== undefined && found.waits === before) {
      const sources = mentionsIn(node.initializer);
      for (const name of namesBound(node.name)) take(name, sources);
    }
  };
  visit(fn);
  return found;
}

function isWait(node: ts.Node): boolean {
  if (ts.isAwaitExpression(node) || ts.isYieldExpression(node)) return true;
  if (ts.isForOfStatement(node)) return node.awaitModifier !== undefined;
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  return node.expression.name.text === 'then';
}

/** The condition that a node itself decides by. */
function conditionOf(node: ts.Node): ts.Expression | undefined {
  if (ts.isIfStatement(node) || ts.isWhileStatement(node) || ts.isDoStatement(node)) return node.expression;
  if (ts.isConditionalExpression(node)) return node.condition;
  if (ts.isSwitchStatement(node)) return node.expression;
  if (!ts.isBinaryExpression(node)) return undefined;
  const { kind } = node.operatorToken;
  const isDecision =
    kind === ts.SyntaxKind.AmpersandAmpersandToken ||
    kind === ts.SyntaxKind.BarBarToken ||
    kind === ts.SyntaxKind.QuestionQuestionToken ||
    isLogicalAssignmentOperator(kind);
  return isDecision ? node.left : undefined;
}

/** The name of what a node writes: a target of an assignment, an operand of an update, the receiver of a call that may change it. */
function writtenNameOf(node: ts.Node, changes: Names): string | undefined {
  if (ts.isBinaryExpression(node) && isAssignmentOperator(node.operatorToken.kind)) return lastNameOf(bare(node.left));
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
    const { operator } = node;
    const isUpdate = operator === ts.SyntaxKind.PlusPlusToken || operator === ts.SyntaxKind.MinusMinusToken;
    return isUpdate ? lastNameOf(bare(node.operand)) : undefined;
  }
  if (ts.isDeleteExpression(node)) return lastNameOf(bare(node.expression));
  if (ts.isCallExpression(node)) {
    const callee = bare(node.expression);
    const isChange = ts.isPropertyAccessExpression(callee) && changes.has(callee.name.text);
    return isChange ? lastNameOf(bare(callee.expression)) : undefined;
  }
  return undefined;
}

/** What the named functions of a file write. */
function writtenByName(functions: ReadonlyMap<FunctionNode, Mentions>): ReadonlyMap<string, Names> {
  const found = new Map<string, Set<string>>();
  for (const [fn, { written }] of functions) {
    const name = ts.isSourceFile(fn) ? undefined : calledNameOf(fn);
    if (name === undefined) continue;
    const known = found.get(name) ?? new Set();
    for (const each of written) known.add(each);
    found.set(name, known);
  }
  return found;
}
