import ts from 'typescript';
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
    const changes = new Set(core.api.namesWith('mutates').keys());
    const written = writtenByName(file, changes);
    const behind = namesBehind(file);
    const visit = (node: ts.Node): void => {
      ts.forEachChild(node, visit);
      if (!isFunctionNode(node) || ts.isSourceFile(node)) return;
      const suspect = suspectedIn(node, written, behind, changes);
      if (suspect.names.size > 0) found.set(node, suspect);
    };
    visit(file);
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
  waits: boolean;
}

function suspectedIn(
  fn: FunctionNode,
  writtenByCallee: ReadonlyMap<string, Names>,
  behind: ReadonlyMap<string, Names>,
  changes: Names,
): CheckSuspect {
  const found: Mentions = { tested: new Set(), written: new Set(), called: new Set(), waits: false };
  const locals = new Map<string, Names>();
  collect(fn, changes, found, locals);
  if (found.tested.size === 0) return { names: NONE, waits: found.waits };
  for (const name of found.called) for (const each of writtenByCallee.get(name) ?? NONE) found.written.add(each);
  for (const name of [...found.tested]) {
    for (const source of locals.get(name) ?? NONE) found.tested.add(source);
    for (const source of behind.get(name) ?? NONE) found.tested.add(source);
  }
  return { names: new Set([...found.tested].filter((name) => found.written.has(name))), waits: found.waits };
}

function collect(fn: FunctionNode, changes: Names, found: Mentions, locals: Map<string, Names>): void {
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node)) return;
    if (isFunctionNode(node) && node !== fn) {
      addWritten(node, changes, found.written);
      if (hasWait(node)) found.waits = true;
      return;
    }
    for (const condition of conditionsOf(node)) for (const name of mentionsIn(condition)) found.tested.add(name);
    // What is waited for was read in an earlier segment than the test.
    if (ts.isVariableDeclaration(node) && node.initializer !== undefined && !hasWait(node.initializer)) {
      const sources = mentionsIn(node.initializer);
      for (const name of namesBound(node.name)) locals.set(name, new Set([...(locals.get(name) ?? NONE), ...sources]));
    }
    if (isWait(node)) found.waits = true;
    if (ts.isCallExpression(node)) {
      const name = lastNameOf(bare(node.expression));
      if (name !== undefined) found.called.add(name);
    }
    const written = writtenNameOf(node, changes);
    if (written !== undefined) {
      found.written.add(written);
      if (ts.isBinaryExpression(node) && ts.isIdentifier(bare(node.left)))
        locals.set(written, new Set([...(locals.get(written) ?? NONE), ...mentionsIn(node.right)]));
    }
    ts.forEachChild(node, visit);
  };
  visit(fn);
}

function isWait(node: ts.Node): boolean {
  if (ts.isAwaitExpression(node) || ts.isYieldExpression(node)) return true;
  if (ts.isForOfStatement(node)) return node.awaitModifier !== undefined;
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  return node.expression.name.text === 'then';
}

function hasWait(root: ts.Node): boolean {
  const visit = (node: ts.Node): boolean => isWait(node) || (ts.forEachChild(node, visit) ?? false);
  return visit(root);
}

/** The conditions that a node itself decides by. */
function conditionsOf(node: ts.Node): readonly ts.Expression[] {
  if (ts.isIfStatement(node) || ts.isWhileStatement(node) || ts.isDoStatement(node)) return [node.expression];
  if (ts.isConditionalExpression(node)) return [node.condition];
  if (ts.isSwitchStatement(node)) return [node.expression];
  if (!ts.isBinaryExpression(node)) return [];
  const { kind } = node.operatorToken;
  const isDecision =
    kind === ts.SyntaxKind.AmpersandAmpersandToken ||
    kind === ts.SyntaxKind.BarBarToken ||
    kind === ts.SyntaxKind.QuestionQuestionToken ||
    isLogicalAssignmentOperator(kind);
  return isDecision ? [node.left] : [];
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

function addWritten(root: ts.Node, changes: Names, names: Set<string>): void {
  const visit = (node: ts.Node): void => {
    const name = writtenNameOf(node, changes);
    if (name !== undefined) names.add(name);
    ts.forEachChild(node, visit);
  };
  visit(root);
}

/** What the named functions of a file write. */
function writtenByName(file: ts.SourceFile, changes: Names): ReadonlyMap<string, Names> {
  const found = new Map<string, Names>();
  const visit = (node: ts.Node): void => {
    if (isFunctionNode(node) && !ts.isSourceFile(node)) {
      const name = calledNameOf(node);
      if (name !== undefined) {
        const written = new Set(found.get(name) ?? NONE);
        addWritten(node, changes, written);
        found.set(name, written);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}
