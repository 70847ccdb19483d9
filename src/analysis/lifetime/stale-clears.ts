import * as ts from 'typescript';
import { type Answer, unknown, yes } from '../answer.ts';
import { type Core, defineFact } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import type { FlowGraph, Step } from '../flow/graph.ts';
import { isDominatedBy, pathOf } from '../flow/solve.ts';
import { type Access, accessesAt } from '../places/accesses.ts';
import { isSamePlace, type Place } from '../places/place.ts';
import { placeOf } from '../places/place-of.ts';
import { symbolOf } from '../places/symbols.ts';
import { referencesOf } from '../program/references.ts';
import { fileNodes } from '../text/nodes.ts';
import { isPrimitive } from '../types/is-primitive.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode, isFunctionNode } from '../syntax/functions.ts';
import { isInside } from '../syntax/inside.ts';
import { isLongerLived, whyExclusive } from './exclusive.ts';
import { secondEntry } from './second-entry.ts';
import { type Sharing, sharingOf } from './sharing.ts';

/** A shared place emptied after a wait in which somebody else may have put something new there. */
export interface StaleClear {
  readonly place: Place;
  /** The last look at what was there. */
  readonly read: ts.Node;
  /** The assignment or the call that empties it. */
  readonly clear: ts.Expression;
  readonly pause: ts.Node;
  /** What another function puts there. */
  readonly put: ts.Node;
  readonly sharing: Sharing;
}

/**
 * Clears of a shared place that drop what came meanwhile: the object that was there is used up in an awaited call, then the place is
 * emptied without another look.
 *
 * `yes` needs a function that puts something there whether or not the place is empty, and that can run during the wait. A walk with
 * `for … of` looks again at each step and sees what was added. Ignored on purpose: places that are filled only when they are empty
 * (nothing can be put there during the wait), by a constructor, or by the clearing function itself.
 */
export const staleClears = defineFact<FunctionNode, readonly Answer<StaleClear, StaleClear>[]>({
  name: 'stale-clears',
  scope: 'program',
  compute(fn, core) {
    if (!core.ask(emptying, fn.getSourceFile()).has(fn)) return [];
    const suspects = clearsIn(fn);
    if (suspects.length === 0) return [];
    const graph = core.ask(flowGraph, fn);
    return suspects.flatMap((clear) => staleClearAt(clear, fn, graph, core) ?? []);
  },
});

/** The functions of a file that empty something themselves. */
const emptying = defineFact<ts.SourceFile, ReadonlySet<FunctionNode>>({
  name: 'emptying',
  scope: 'text',
  compute(file, core) {
    const { binaries, callsByName } = core.ask(fileNodes, file);
    const clears = [...binaries, ...(callsByName.get('clear') ?? [])].filter((node) => emptiedBy(node) !== undefined);
    return new Set(clears.map(enclosingFunctionOf));
  },
});

/** A function's own emptying writes that stand after a wait and after another mention of what they empty; told from the text. */
function clearsIn(fn: FunctionNode): readonly ts.Expression[] {
  const found: ts.Expression[] = [];
  const mentioned = new Map<string, number>();
  let waits = 0;
  const visit = (node: ts.Node): void => {
    if (isFunctionNode(node) && node !== fn) return;
    ts.forEachChild(node, visit);
    if (ts.isAwaitExpression(node)) waits++;
    const emptied = emptiedBy(node);
    if (emptied !== undefined && (mentioned.get(emptied.name.text) ?? waits) < waits) found.push(emptied.clear);
    const name = ts.isIdentifier(node) || ts.isPrivateIdentifier(node) ? node.text : undefined;
    if (name !== undefined && !mentioned.has(name)) mentioned.set(name, waits);
  };
  visit(fn);
  return found;
}

interface Emptied {
  readonly clear: ts.Expression;
  /** The place that is emptied, and the last name in it. */
  readonly target: ts.Expression;
  readonly name: ts.Identifier | ts.PrivateIdentifier;
}

/** `x = undefined`, `x = []`, `x.length = 0`, `x.clear()` (any call without arguments; its role is asked later): what is emptied. */
function emptiedBy(node: ts.Node): Emptied | undefined {
  if (ts.isCallExpression(node)) {
    const callee = bare(node.expression);
    const isClear =
      ts.isPropertyAccessExpression(callee) && callee.name.text === 'clear' && node.arguments.length === 0;
    return isClear ? named(node, callee.expression) : undefined;
  }
  if (
    !ts.isBinaryExpression(node) ||
    node.operatorToken.kind !== ts.SyntaxKind.EqualsToken ||
    !isEmpty(bare(node.right))
  )
    return undefined;
  const target = bare(node.left);
  const isLength = ts.isPropertyAccessExpression(target) && target.name.text === 'length';
  return named(node, isLength ? target.expression : target);
}

function named(clear: ts.Expression, place: ts.Expression): Emptied | undefined {
  const target = bare(place);
  const name = ts.isPropertyAccessExpression(target) ? target.name : target;
  return ts.isIdentifier(name) || ts.isPrivateIdentifier(name) ? { clear, target, name } : undefined;
}

function isEmpty(value: ts.Expression): boolean {
  if (value.kind === ts.SyntaxKind.NullKeyword || ts.isVoidExpression(value)) return true;
  if (ts.isIdentifier(value)) return value.text === 'undefined';
  if (ts.isNumericLiteral(value)) return value.text === '0';
  if (ts.isArrayLiteralExpression(value)) return value.elements.length === 0;
  return ts.isNewExpression(value) && (value.arguments?.length ?? 0) === 0;
}

function staleClearAt(
  clear: ts.Expression,
  fn: FunctionNode,
  graph: FlowGraph,
  core: Core,
): Answer<StaleClear, StaleClear> | undefined {
  const emptied = emptiedBy(clear);
  if (ts.isCallExpression(clear) && core.api.plays(clear, 'resets') === undefined) return undefined;
  const place = emptied === undefined ? undefined : placeOf(emptied.target, core);
  if (emptied === undefined || place === undefined || graph.truncated) return undefined;
  const end = graph.stepsOf(ts.isBinaryExpression(clear) ? bare(clear.left) : clear)[0];
  if (end === undefined) return undefined;
  const usedUp = useUpBefore(end, emptied, place, graph, core);
  if (usedUp === undefined) return undefined;
  const { pause, read } = usedUp;
  const write: Access = { place, is: 'write', step: end, node: clear };
  if (whyExclusive(fn, read, write, core) !== undefined) return undefined;
  const sharing = sharingOf(place, fn, core);
  if (sharing.is === 'no') return undefined;
  const put = putBy(emptied, [place, ...changedBefore(pause, fn, graph, core)], fn, core);
  if (put === undefined) return undefined;
  const witness: StaleClear = {
    place,
    read: read.node,
    clear,
    pause: pause.node,
    put: put.node,
    sharing: sharing.witness ?? { how: 'unseen', node: fn },
  };
  return sharing.is === 'yes' && put.isCertain ? yes(witness) : unknown('open-world', witness);
}

/** The awaited call that gets what is there, with no other look at the place on the way from its wait to the clear. */
function useUpBefore(
  end: Step,
  { clear, name }: Emptied,
  place: Place,
  graph: FlowGraph,
  core: Core,
): { readonly read: Access; readonly pause: Step } | undefined {
  const reads = graph.steps.flatMap((step) =>
    bearsName(step, name.text) && !isInside(step.node, clear)
      ? accessesAt(step, core).filter((access) => access.is === 'read' && isSamePlace(access.place, place))
      : [],
  );
  const isReread = (step: Step): boolean => reads.some((read) => read.step === step);
  for (const pause of graph.suspensions) {
    if (!ts.isAwaitExpression(pause.node)) continue;
    const { expression } = pause.node;
    const call = bare(expression);
    const read = ts.isCallExpression(call) ? reads.find(({ node }) => isUsedUp(node, call, clear, core)) : undefined;
    if (read === undefined) continue;
    if (pathOf({ from: pause, to: (step) => step === end, avoiding: isReread }) !== undefined) return { read, pause };
  }
  return undefined;
}

/** An object that is forgotten is used up by a call on it; the contents of a collection also by a call that gets them. */
function isUsedUp(read: ts.Node, call: ts.CallExpression, clear: ts.Expression, { checker }: Core): boolean {
  if (!isInside(read, call) || isPrimitive(checker.getTypeAtLocation(read), checker)) return false;
  const forgets =
    ts.isBinaryExpression(clear) &&
    !ts.isArrayLiteralExpression(bare(clear.right)) &&
    !ts.isNewExpression(bare(clear.right)) &&
    !ts.isNumericLiteral(bare(clear.right));
  if (!forgets) return true;
  const callee = bare(call.expression);
  return ts.isPropertyAccessExpression(callee) && bare(callee.expression) === read;
}

function bearsName({ kind, node }: Step, name: string): boolean {
  if (kind !== 'read') return false;
  const last = ts.isPropertyAccessExpression(node) ? node.name : node;
  return (ts.isIdentifier(last) || ts.isPrivateIdentifier(last)) && last.text === name;
}

/** Where another function puts something there, empty or not. */
function putBy(
  { name }: Emptied,
  closing: readonly Place[],
  fn: FunctionNode,
  core: Core,
): { readonly node: ts.Node; readonly isCertain: boolean } | undefined {
  const symbol = symbolOf(name, core);
  if (symbol === undefined) return undefined;
  let likely: ts.Node | undefined;
  for (const { expression, isCertain } of referencesOf(symbol, core).found) {
    const other = enclosingFunctionOf(expression);
    if (other === fn || isInside(other, fn) || ts.isSourceFile(other) || ts.isConstructorDeclaration(other)) continue;
    if (ts.isPropertyDeclaration(other)) continue;
    const put = putAt(expression, core);
    if (put === undefined || isKeptOut(put, closing, other, core)) continue;
    const entry = core.ask(secondEntry, other);
    if (entry.is === 'yes' && isCertain) return { node: put, isCertain: true };
    if (entry.is !== 'no') likely ??= put;
  }
  return likely === undefined ? undefined : { node: likely, isCertain: false };
}

/** The assignment of a value that is not empty, or the call that adds to the collection. */
function putAt(expression: ts.Node, core: Core): ts.Node | undefined {
  const value = wrapped(expression);
  const { parent } = value;
  if (ts.isBinaryExpression(parent) && parent.left === value) {
    return parent.operatorToken.kind === ts.SyntaxKind.EqualsToken && !isEmpty(bare(parent.right)) ? parent : undefined;
  }
  if (!ts.isPropertyAccessExpression(parent) || parent.expression !== value) return undefined;
  const call = parent.parent;
  if (!ts.isCallExpression(call) || call.expression !== parent || call.arguments.length === 0) return undefined;
  const member = core.api.plays(call, 'mutates');
  return member?.value === undefined ? undefined : call;
}

/**
 * Is the put kept out during the wait: by a test of the place itself (nothing is put there while the old thing is still held), or of
 * something that the clearing function has changed before it waits (a flag that says it is closing)?
 */
function isKeptOut(put: ts.Node, closing: readonly Place[], fn: FunctionNode, core: Core): boolean {
  const graph = core.ask(flowGraph, fn);
  const step = graph
    .stepsOf(ts.isBinaryExpression(put) ? bare(put.left) : put)
    .find(({ kind }) => kind === 'write' || kind === 'call');
  if (step === undefined) return true;
  const tests = graph.steps.filter(
    (candidate) =>
      candidate.kind === 'branch' &&
      candidate.next.length > 1 &&
      closing.some((place) => testsPlace(candidate.node, place, core)),
  );
  return tests.some((test) => isDominatedBy(graph, step, (gate) => gate === test));
}

/** What the function has changed on every way to the wait, its own variables left out. */
function changedBefore(pause: Step, fn: FunctionNode, graph: FlowGraph, core: Core): readonly Place[] {
  return graph.steps.flatMap((step) => {
    if (step.kind !== 'write' || !isDominatedBy(graph, pause, (gate) => gate === step)) return [];
    return accessesAt(step, core).flatMap(({ is, place }) =>
      is === 'write' && isLongerLived(place, fn) ? [place] : [],
    );
  });
}

function testsPlace(tested: ts.Node, place: Place, core: Core): boolean {
  const visit = (node: ts.Node): boolean => {
    const isAccess = ts.isIdentifier(node) || ts.isPropertyAccessExpression(node);
    if (isAccess) {
      const touched = placeOf(node, core);
      if (
        touched !== undefined &&
        (isSamePlace(touched, place) || (touched.path.length === place.path.length && isSameEnd(touched, place)))
      )
        return true;
    }
    return ts.forEachChild(node, visit) ?? false;
  };
  return visit(tested);
}

/** Seen from another function, `this` may be written otherwise; the same last property is enough to stay silent. */
function isSameEnd(left: Place, right: Place): boolean {
  const [a, b] = [left.path.at(-1), right.path.at(-1)];
  return a?.is === 'property' && b?.is === 'property' && a.name === b.name;
}
