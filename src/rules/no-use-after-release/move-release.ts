import * as ts from 'typescript';
import {
  type AfterRelease,
  type Core,
  failureAt,
  flowGraph,
  type Happening,
  isInside,
  isThenable,
  wrapped,
} from '../../analysis/index.ts';
import {
  endWithComments,
  hasComment,
  hasDirectiveAbove,
  indentOf,
  indentStepOf,
  isOnOwnLines,
  lineBreakOf,
  removeStatement,
} from '../../report/edits.ts';
import type { LateRepair } from './repair.ts';

/** The release and the last use, two statements of one block. */
interface Stretch {
  readonly release: ts.ExpressionStatement;
  /** What stands between, the last use among it. */
  readonly rest: readonly ts.Statement[];
}

/**
 * Gives the object back after its last use in the same block. Written by `--fix` when nothing between can fail; else the uses go into
 * a `try` whose `finally` gives it back.
 */
export function moveRelease(found: AfterRelease, core: Core): LateRepair | undefined {
  const stretch = stretchOf(found);
  if (stretch === undefined) return undefined;
  const { release, rest } = stretch;
  const last = rest.at(-1);
  if (last === undefined || hasComment(release) || hasDirectiveAbove(release)) return undefined;
  if (![release, ...rest].every((each) => isOnOwnLines(each))) return undefined;
  if (rest.some((each) => worksOn(each, found, core))) return undefined;
  const leaves = rest.some((each) => mayLeave(each));
  if (!leaves && isStatic(rest, found, core)) return moved(release, last);
  return wrappedInTry(release, rest, core);
}

function moved(release: ts.ExpressionStatement, last: ts.Statement): LateRepair {
  const line = lineBreakOf(release.getSourceFile());
  const end = endWithComments(last);
  const text = `${line}${indentOf(release)}${release.getText()}`;
  return { title: 'after', automatic: true, edits: [removeStatement(release), { range: [end, end], text }] };
}

function wrappedInTry(
  release: ts.ExpressionStatement,
  rest: readonly ts.Statement[],
  core: Core,
): LateRepair | undefined {
  const [first] = rest;
  const last = rest.at(-1);
  if (first === undefined || last === undefined || declaresForLater(rest, release, core)) return undefined;
  const file = release.getSourceFile();
  const line = lineBreakOf(file);
  const indent = indentOf(release);
  const step = indentStepOf(file);
  if (rest.some((each) => /`[^`]*\n/.test(each.getText()))) return undefined;
  const end = endWithComments(last);
  const lineStart = file.text.lastIndexOf('\n', release.getStart() - 1) + 1;
  const afterRelease = endWithComments(release);
  const body = file.text.slice(afterRelease, end).replace(/^\r?\n/, '');
  const deeper = body.replace(/^(?=[^\r\n])/gm, step);
  const text = `${indent}try {${line}${deeper}${line}${indent}} finally {${line}${indent}${step}${release.getText()}${line}${indent}}`;
  return { title: 'finally', automatic: false, edits: [{ range: [lineStart, end], text }] };
}

/** Does a statement start work on the object that goes on when the statement is over: a callback, a promise that nobody awaits here? */
function worksOn(statement: ts.Statement, { lease }: AfterRelease, { checker }: Core): boolean {
  return lease.uses.some(({ by, node }) => {
    if (!isInside(node, statement) || !ts.isCallExpression(by)) return false;
    if (by.arguments.some((given) => ts.isFunctionLike(given))) return true;
    if (!isThenable(checker.getTypeAtLocation(by), checker)) return false;
    const awaiting = ts.findAncestor(by, (each) => each === statement || ts.isAwaitExpression(each));
    return awaiting === statement;
  });
}

/** Are names declared that are used behind the stretch? */
function declaresForLater(rest: readonly ts.Statement[], release: ts.Statement, core: Core): boolean {
  const last = rest.at(-1);
  const { parent } = release;
  if (last === undefined) return false;
  const names = rest.flatMap((each) => {
    if (ts.isVariableStatement(each)) return each.declarationList.declarations.map(({ name }) => name);
    return ts.isFunctionDeclaration(each) || ts.isClassDeclaration(each) ? [each.name] : [];
  });
  if (names.length === 0) return false;
  if (names.some((name) => name === undefined || !ts.isIdentifier(name))) return true;
  const symbols = new Set(names.map((name) => name && core.checker.getSymbolAtLocation(name)));
  const uses = (node: ts.Node): boolean =>
    (ts.isIdentifier(node) && node.pos >= last.end && symbols.has(core.checker.getSymbolAtLocation(node))) ||
    (ts.forEachChild(node, uses) ?? false);
  return uses(parent);
}

function stretchOf({ at, release, lease }: AfterRelease): Stretch | undefined {
  const statement = statementOfRelease(release);
  if (
    statement === undefined ||
    !ts.isBlock(statement.parent) ||
    (ts.isTryStatement(statement.parent.parent) && statement.parent === statement.parent.parent.finallyBlock)
  )
    return undefined;
  const { statements } = statement.parent;
  const from = statements.indexOf(statement);
  const isLate = (each: ts.Statement): boolean =>
    isInside(at, each) ||
    lease.happenings.some(({ node, is }) => is !== 'release' && is !== 'destroy' && isInside(node, each)) ||
    lease.uses.some(({ node }) => isInside(node, each));
  let last = -1;
  statements.forEach((each, index) => {
    if (index > from && isLate(each)) last = index;
  });
  const rest = statements.slice(from + 1, last + 1);
  if (!rest.some((each) => isInside(at, each))) return undefined;
  const again = lease.happenings.some(
    ({ node, is }) => (is === 'release' || is === 'destroy') && rest.some((each) => isInside(node, each)),
  );
  return again ? undefined : { release: statement, rest };
}

function statementOfRelease({ node, is, isCertain }: Happening): ts.ExpressionStatement | undefined {
  if ((is !== 'release' && is !== 'destroy') || !isCertain || !ts.isCallExpression(node)) return undefined;
  let parent = wrapped(node).parent;
  if (ts.isAwaitExpression(parent)) parent = wrapped(parent).parent;
  return ts.isExpressionStatement(parent) ? parent : undefined;
}

/** Can nothing in these statements throw, reject or suspend? */
function isStatic(rest: readonly ts.Statement[], { lease: { fn, graph } }: AfterRelease, core: Core): boolean {
  const file = fn.getSourceFile();
  return (
    core.ask(flowGraph, fn) === graph &&
    graph.steps.every((step) => {
      if (step.kind === 'enter' || step.kind === 'exit' || step.kind === 'escape' || step.kind === 'join') return true;
      if (step.node.getSourceFile() !== file || !rest.some((each) => isInside(step.node, each))) return true;
      if (step.kind === 'suspend' || step.kind === 'throw') return false;
      if (step.kind !== 'call') return true;
      if (ts.isCallExpression(step.node) && isThenable(core.checker.getTypeAtLocation(step.node), core.checker))
        return false;
      const failure = failureAt(step, core);
      return failure.certain === undefined && failure.doubtful === undefined;
    })
  );
}

function mayLeave(node: ts.Node): boolean {
  if (ts.isReturnStatement(node) || ts.isBreakOrContinueStatement(node) || ts.isThrowStatement(node)) return true;
  if (ts.isFunctionLike(node)) return false;
  return ts.forEachChild(node, mayLeave) ?? false;
}
