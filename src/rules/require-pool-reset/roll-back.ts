import * as ts from 'typescript';
import {
  bare,
  type Core,
  dirtyPath,
  type DirtyReturn,
  type Edge,
  type Happening,
  hasRole,
  isAsync,
  isFunctionNode,
  isInside,
  isNullish,
  isThenable,
  type Lease,
  type Step,
} from '../../analysis/index.ts';
import { type Edit, ended, indentOf, indentStepOf, insertBefore, lineBreakOf } from '../../report/edits.ts';
import { quoteOf } from '../../report/on-error.ts';
import { discardEdit } from './discard.ts';
import { memberWith, receiverOf } from './members.ts';
import type { ResetRepair } from './repair.ts';

/** The failure after which a transaction is still open when its connection goes back. */
export interface OpenWay {
  /** What throws; `undefined` when the transaction stays open although nothing fails. */
  readonly failing: ts.Node | undefined;
  readonly path: readonly Step[];
}

/** A way on which what was written reaches the release; `failures` says whether failures may be on it. */
export function wayTo(
  release: Happening,
  write: Happening,
  lease: Lease,
  core: Core,
  { failures, without }: { failures: boolean; without?: (edge: Edge, step: Step) => boolean },
): OpenWay | undefined {
  const { happenings, saysAbsent } = lease;
  // A `finally` has a step for each way into it.
  const ends = new Set(happenings.filter((each) => each.node === release.node).map(({ step }) => step));
  const handOns = new Set(happenings.filter(({ is }) => is === 'hand-on').map(({ step }) => step));
  const path = dirtyPath(
    {
      write,
      to: (step) => ends.has(step),
      without: (edge, step) =>
        saysAbsent(edge, step) ||
        handOns.has(step) ||
        (!failures && (edge.way === 'throw' || step.kind === 'throw')) ||
        without?.(edge, step) === true,
    },
    lease,
    core,
  );
  if (path === undefined) return undefined;
  const failing = path.findLast((step, index) => {
    const next = path[index + 1];
    if (next === undefined) return false;
    return step.kind === 'throw' || step.next.some(({ to, way }) => to === next && way === 'throw');
  });
  const node = failing?.node;
  return { failing: node !== undefined && ts.isAwaitExpression(node) ? node.expression : node, path };
}

/** Ends the transaction on the ways that leave it open. */
export function rollBack(dirty: DirtyReturn, write: Happening, lease: Lease, core: Core): readonly ResetRepair[] {
  const { release } = dirty;
  if (!isAsyncFunction(lease) || isConditional(write.node, release.node)) return [];
  const object = objectText(write, lease, core);
  if (object === undefined) return [];
  const rollback = endText(object, 'rolls-back', 'ROLLBACK', write, lease, core);
  if (rollback === undefined) return [];
  const name = lease.name?.text ?? object.text;
  const failing = onFailure(release, write, lease, rollback, core);
  const plain = wayTo(release, write, lease, core, { failures: false });
  if (plain === undefined) {
    if (failing === undefined || failing.length === 0) return [];
    return [{ title: 'rollback', data: { name }, automatic: true, edits: failing }];
  }
  if (failing === undefined) return [];
  const commit = endText(object, 'commits', 'COMMIT', write, lease, core);
  const suggestions: ResetRepair[] = [];
  for (const [title, text] of [
    ['commit', commit],
    ['rollback', rollback],
  ] as const) {
    const edit = text === undefined ? undefined : endWhereDone(plain, release, lease, text);
    if (edit !== undefined) suggestions.push({ title, data: { name }, automatic: false, edits: [edit, ...failing] });
  }
  return suggestions;
}

function isAsyncFunction({ fn }: Lease): boolean {
  return isFunctionNode(fn) && (ts.isSourceFile(fn) || isAsync(fn));
}

/** Is the transaction begun under a condition? Without it there is none to end, or one of somebody else. */
function isConditional(write: ts.Node, release: ts.Node): boolean {
  for (let at = write; !ts.isFunctionLike(at) && !ts.isSourceFile(at); at = at.parent) {
    const { parent } = at;
    if (isInside(release, parent)) return false;
    if (ts.isIfStatement(parent) && parent.expression !== at) return true;
    if (ts.isConditionalExpression(parent) && parent.condition !== at) return true;
    if (ts.isBinaryExpression(parent) && parent.right === at && isLogical(parent.operatorToken.kind)) return true;
  }
  return false;
}

function isLogical(operator: ts.SyntaxKind): boolean {
  return operator === ts.SyntaxKind.AmpersandAmpersandToken || operator === ts.SyntaxKind.BarBarToken;
}

interface ObjectText {
  readonly text: string;
  readonly link: string;
  readonly declaration: ts.Node | undefined;
  readonly type: ts.Type;
}

function objectText(write: Happening, lease: Lease, core: Core): ObjectText | undefined {
  const { checker } = core;
  if (lease.name !== undefined) {
    const declared = checker.getTypeAtLocation(lease.name);
    const declaration = checker.getSymbolAtLocation(lease.name)?.valueDeclaration;
    const isNullable = declaration !== undefined && isNullishPart(checker.getTypeAtLocation(declaration));
    return {
      text: lease.name.text,
      link: isNullable ? '?.' : '.',
      declaration,
      type: checker.getNonNullableType(declared),
    };
  }
  const receiver = receiverOf(write.node);
  if (receiver === undefined || !/^[\w.#]+$/.test(receiver.object.getText())) return undefined;
  const type = checker.getTypeAtLocation(receiver.object);
  return { text: receiver.object.getText(), link: receiver.link, declaration: undefined, type };
}

function isNullishPart(type: ts.Type): boolean {
  return type.isUnion() ? type.types.some((part) => isNullish(part)) : isNullish(type);
}

/** `await client.query('ROLLBACK')`, `await connection.rollback()`. */
function endText(
  { link, text, type }: ObjectText,
  role: 'commits' | 'rolls-back',
  statement: string,
  write: Happening,
  lease: Lease,
  core: Core,
): string | undefined {
  const own = memberWith(type, role, core);
  if (own !== undefined) {
    if (!own.givesPromise || own.needs > 0) return undefined;
    return `${role === 'rolls-back' ? conditionText(`${text}${link}`, type, core) : ''}await ${text}${link}${own.name}()`;
  }
  if (ts.isTaggedTemplateExpression(write.node) && isNamed(write.node.tag, text))
    return `await ${text}\`${statement}\``;
  const quote = quoteOf(lease.fn.getSourceFile());
  const query = queryName(write, type, core);
  return query === undefined ? undefined : `await ${text}${link}${query}(${quote}${statement}${quote})`;
}

function isNamed(tag: ts.Expression, text: string): boolean {
  const inner = bare(tag);
  return ts.isIdentifier(inner) && inner.text === text;
}

/** Where the object can be asked whether a transaction is open, a rollback without one is a failure of its own. */
function conditionText(object: string, type: ts.Type, { checker }: Core): string {
  const asked = checker
    .getPropertiesOfType(type)
    .find((each) => /^is(?:In)?Transaction(?:Active)?$/.test(each.name) && isFlag(checker.getTypeOfSymbol(each)));
  return asked === undefined ? '' : `if (${object}${asked.name}) `;
}

function isFlag({ flags }: ts.Type): boolean {
  return (flags & ts.TypeFlags.BooleanLike) !== 0;
}

/** The member by which the transaction was begun, if it takes statements; else any that does. */
function queryName(write: Happening, type: ts.Type, core: Core): string | undefined {
  const row = ts.isCallExpression(write.node) ? core.api.memberOf(write.node) : undefined;
  if (row !== undefined && hasRole(row, 'queries') && ts.isCallExpression(write.node)) {
    if (!isThenable(core.checker.getTypeAtLocation(write.node), core.checker)) return undefined;
    const callee = bare(write.node.expression);
    if (ts.isPropertyAccessExpression(callee)) return callee.name.text;
  }
  const any = memberWith(type, 'queries', core);
  return any?.givesPromise === true ? any.name : undefined;
}

/** A rollback in the `catch` of every `try` whose failure leads to the release; `undefined` where one cannot be written. */
function onFailure(
  release: Happening,
  write: Happening,
  lease: Lease,
  rollback: string,
  core: Core,
): readonly Edit[] | undefined {
  const edits: Edit[] = [];
  const seen = new Set<ts.TryStatement>();
  const isSeen = (_edge: Edge, step: Step): boolean =>
    [...seen].some(({ tryBlock }) => isInside(step.node, tryBlock)) && (_edge.way === 'throw' || step.kind === 'throw');
  for (let turn = 0; turn < 4; turn++) {
    const way = wayTo(release, write, lease, core, { failures: true, without: isSeen });
    if (way?.failing === undefined) return edits;
    const around = tryAround(way.failing, lease);
    if (around === undefined || seen.has(around) || !isVisible(lease, around)) return undefined;
    seen.add(around);
    edits.push(
      isInsideCatchOf(around, release.node)
        ? discardOr(release, around, rollback, core)
        : inCatch(around, sureText(around, release.node, rollback)),
    );
  }
  return undefined;
}

function isInsideCatchOf({ catchClause }: ts.TryStatement, node: ts.Node): boolean {
  return catchClause !== undefined && isInside(node, catchClause);
}

/** A connection that is given back by the `catch` itself: a rollback that failed would keep it from going back at all. */
function discardOr(release: Happening, around: ts.TryStatement, rollback: string, core: Core): Edit {
  return discardEdit(release, core) ?? inCatch(around, `${rollback}.catch(console.error)`);
}

/** The rollback, or one whose failure is logged where the release behind it stands in no `finally`. */
function sureText(around: ts.TryStatement, release: ts.Node, rollback: string): string {
  for (let at: ts.Node = around; !ts.isFunctionLike(at) && !ts.isSourceFile(at); at = at.parent) {
    if (ts.isTryStatement(at) && at.finallyBlock !== undefined && isInside(release, at.finallyBlock)) return rollback;
  }
  return `${rollback}.catch(console.error)`;
}

/** The `try` whose `catch` or `finally` takes the failure of a node. */
function tryAround(node: ts.Node, { fn }: Lease): ts.TryStatement | undefined {
  for (let at: ts.Node = node; at !== fn && !ts.isSourceFile(at); at = at.parent) {
    if (ts.isTryStatement(at.parent) && at.parent.tryBlock === at) return at.parent;
  }
  return undefined;
}

/** Can the object be named in the `catch` of that `try`? */
function isVisible({ name }: Lease, around: ts.TryStatement): boolean {
  return name === undefined || !isInside(name, around.tryBlock) || !ts.isVariableDeclaration(name.parent);
}

function inCatch(statement: ts.TryStatement, rollback: string): Edit {
  const file = statement.getSourceFile();
  const line = lineBreakOf(file);
  const outer = indentOf(statement);
  const inner = outer + indentStepOf(file);
  const { catchClause, tryBlock } = statement;
  if (catchClause !== undefined) {
    const { block } = catchClause;
    const [first] = block.statements;
    if (first !== undefined) return insertBefore(first, [ended(rollback, file)], first.getText());
    const at = block.getStart() + 1;
    return { range: [at, at], text: `${line}${inner}${ended(rollback, file)}${line}${outer}` };
  }
  const error = rollback.includes('error') ? 'cause' : 'error';
  const end = tryBlock.getEnd();
  const text = [
    ` catch (${error}) {`,
    `${inner}${ended(rollback, file)}`,
    `${inner}${ended(`throw ${error}`, file)}`,
    `${outer}}`,
  ];
  return { range: [end, end], text: text.join(line) };
}

/**
 * Ends the transaction where nothing fails: before the last `return` on the way, else at the end of the `try` whose `finally` gives
 * the object back, else before the release.
 */
function endWhereDone({ path }: OpenWay, release: Happening, lease: Lease, text: string): Edit | undefined {
  const file = lease.fn.getSourceFile();
  const returned = path.findLast(({ kind }) => kind === 'return')?.node;
  const last = returned === undefined ? lastOfTry(release.node) : undefined;
  if (last !== undefined) {
    const end = last.getEnd();
    return { range: [end, end], text: `${lineBreakOf(file)}${indentOf(last)}${ended(text, file)}` };
  }
  const at = statementAround(returned ?? release.node);
  return at === undefined ? undefined : insertBefore(at, [ended(text, file)], at.getText());
}

function lastOfTry(release: ts.Node): ts.Statement | undefined {
  for (let at = release; !ts.isFunctionLike(at) && !ts.isSourceFile(at); at = at.parent) {
    if (ts.isTryStatement(at.parent) && at.parent.finallyBlock === at) return at.parent.tryBlock.statements.at(-1);
  }
  return undefined;
}

function statementAround(node: ts.Node): ts.Statement | undefined {
  for (let at = node; !ts.isFunctionLike(at) && !ts.isSourceFile(at); at = at.parent) {
    if (ts.isStatement(at) && !ts.isBlock(at)) return at;
  }
  return undefined;
}
