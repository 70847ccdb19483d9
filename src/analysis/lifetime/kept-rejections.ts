import * as ts from 'typescript';
import { type Answer, NO, unknown, yes } from '../answer.ts';
import type { FailureWitness } from '../effects/failure.ts';
import { mayPromiseReject } from '../effects/may-reject.ts';
import { type Core, defineFact } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import type { FlowGraph, Step } from '../flow/graph.ts';
import { type Access, accessesAt } from '../places/accesses.ts';
import { isSamePlace, lastNamed, type Place } from '../places/place.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode, hasModifier, isFunctionNode } from '../syntax/functions.ts';
import { givesThenable } from '../types/is-thenable.ts';
import { checkSuspects } from './check-suspects.ts';
import { isLongerLived } from './exclusive.ts';
import { localSourceOf } from './is-made-new.ts';
import { type Sharing, sharingOf } from './sharing.ts';
import { testedPlaces } from './tested-places.ts';

/** A promise that is remembered for later callers although it may have been rejected. */
export interface KeptRejection {
  readonly place: Place;
  /** The target of the assignment, or the call that puts it into a collection. */
  readonly at: ts.Node;
  /** The promise, as written: the call that makes it. */
  readonly promise: ts.Expression;
  readonly failure: FailureWitness;
  readonly fn: FunctionNode;
  readonly sharing: Sharing;
}

/**
 * Promises that a function makes when a place is empty and keeps there for everybody, and that nobody takes away when they are rejected.
 *
 * `yes` needs a promise that may reject, a place that later callers see, and no other write, `delete` or `clear` of that name in the
 * file. Ignored on purpose: modules loaded on demand (a failed `import()` fails again in any case), collections that drop old entries
 * by themselves.
 */
export const keptRejections = defineFact<FunctionNode, readonly Answer<KeptRejection, KeptRejection>[]>({
  name: 'kept-rejections',
  scope: 'program',
  compute(fn, core) {
    const suspect = core.ask(checkSuspects, fn.getSourceFile()).get(fn);
    if (suspect === undefined) return [];
    const found: Answer<KeptRejection, KeptRejection>[] = [];
    for (const step of core.ask(flowGraph, fn).steps) {
      if (step.kind !== 'write' && step.kind !== 'call') continue;
      if (!mayKeep(step, suspect.names)) continue;
      for (const access of accessesAt(step, core)) {
        const answer = keptAt(access, fn, suspect.names, core);
        if (answer.is !== 'no') found.push(answer);
      }
    }
    return found;
  },
});

/** By its text: is something put into a place of one of the names? */
function mayKeep({ kind, node }: Step, names: ReadonlySet<string>): boolean {
  let target: ts.Node = node;
  if (kind === 'call') {
    const callee = ts.isCallExpression(node) && node.arguments.length > 1 ? bare(node.expression) : undefined;
    if (callee === undefined || !ts.isPropertyAccessExpression(callee)) return false;
    target = bare(callee.expression);
  }
  if (ts.isElementAccessExpression(target)) target = bare(target.expression);
  if (ts.isPropertyAccessExpression(target)) target = target.name;
  return (ts.isIdentifier(target) || ts.isPrivateIdentifier(target)) && names.has(target.text);
}

function keptAt(
  { how, is, node, place, value }: Access,
  fn: FunctionNode,
  names: ReadonlySet<string>,
  core: Core,
): Answer<KeptRejection, KeptRejection> {
  if (is !== 'write' || value === undefined || !ts.isExpression(value) || !isLongerLived(place, fn)) return NO;
  const name = lastNamed(place);
  if (name === undefined || !names.has(name)) return NO;
  const promise = madeBy(value, core);
  // What a promise gave is traced back to it as well; here the promise itself must be kept.
  if (promise === undefined || !givesThenable(value, core.checker)) return NO;
  const isMemo = how === 'logical' || isTested(place, core.ask(flowGraph, fn), core);
  if (!isMemo || !isPlain(place, node, core) || isTakenAway(name, node)) return NO;
  const fails = mayPromiseReject(promise, core);
  if (fails.is !== 'yes' || fails.witness.isSoft === true) return NO;
  const sharing = sharingOf(place, fn, core);
  if (sharing.is === 'no' || isLast(fn)) return NO;
  const witness: KeptRejection = {
    place,
    at: node,
    promise,
    failure: fails.witness,
    fn,
    sharing: sharing.witness ?? { how: 'unseen', node: fn },
  };
  if (sharing.is === 'yes') return yes(witness);
  // An object that is of no use after a failure may go with it; who calls it from outside asks again.
  return place.root.is !== 'instance' || isPrivate(fn) ? NO : unknown(sharing.because, witness);
}

/** Does the function look whether something is there? */
function isTested(place: Place, { steps }: FlowGraph, core: Core): boolean {
  return steps.some(
    ({ kind, node }) =>
      kind === 'branch' &&
      ts.isExpression(node) &&
      testedPlaces(node, core).some((tested) => isSamePlace(tested.place, place)),
  );
}

/** The call or the function run at once that makes the promise; a local is followed to what it got. */
function madeBy(value: ts.Expression, core: Core): ts.Expression | undefined {
  const node = bare(value);
  if (!ts.isIdentifier(node)) return calledIn(node);
  const source = localSourceOf(node, core);
  return source === undefined ? undefined : calledIn(bare(source));
}

function calledIn(node: ts.Expression): ts.Expression | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  return node.expression.kind === ts.SyntaxKind.ImportKeyword ? undefined : node;
}

/** A variable, a field, or an entry of the language's own collections: nothing there drops it by itself. */
function isPlain(place: Place, node: ts.Node, core: Core): boolean {
  if (place.path.at(-1)?.is !== 'entry' || !ts.isCallExpression(node)) return true;
  const callee = bare(node.expression);
  if (!ts.isPropertyAccessExpression(callee)) return false;
  const held = core.checker.getTypeAtLocation(callee.expression).symbol as ts.Symbol | undefined;
  const name = held?.name;
  return name === 'Map' || name === 'WeakMap';
}

/** What ends something is not tried again. */
const ENDS = /^_?#?(?:close|destroy|dispose|drain|end|flush|shut|stop|terminate|tear|unload)/i;

function isLast(fn: FunctionNode): boolean {
  return ts.isFunctionLike(fn) && fn.name !== undefined && ENDS.test(fn.name.getText());
}

function isPrivate(fn: FunctionNode): boolean {
  if (!ts.isFunctionLike(fn) || !ts.isClassElement(fn)) return false;
  return hasModifier(fn, ts.SyntaxKind.PrivateKeyword) || (fn.name !== undefined && ts.isPrivateIdentifier(fn.name));
}

const TAKES_AWAY: ReadonlySet<string> = new Set(['clear', 'delete', 'reset']);

/** Is the name written, cleared or deleted from anywhere else in the file? */
function isTakenAway(name: string, memo: ts.Node): boolean {
  const own = wrapped(memo);
  const visit = (node: ts.Node): boolean => {
    if ((ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) && node.text === name && !isFunctionNode(node.parent)) {
      const target = wrapped(targetAround(node));
      const { parent } = target;
      const isWritten = ts.isBinaryExpression(parent) && parent.left === target && isAssignment(parent);
      // Who ends the whole thing takes nothing away for those who come after a failure.
      if (target !== own && isWritten && !isLast(enclosingFunctionOf(node))) return true;
      if (ts.isDeleteExpression(parent)) return true;
      const isCalled =
        ts.isPropertyAccessExpression(parent) && parent.expression === target && TAKES_AWAY.has(parent.name.text);
      if (isCalled) return true;
      // Handed to others, who may do so.
      if (ts.isCallExpression(parent) && parent.arguments.includes(target as ts.Expression)) return true;
    }
    return ts.forEachChild(node, visit) ?? false;
  };
  return visit(memo.getSourceFile());
}

/** `this.name`, `name[key]`: the whole target that ends in the name. */
function targetAround(node: ts.Identifier | ts.PrivateIdentifier): ts.Node {
  let target: ts.Node = node;
  if (ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) target = node.parent;
  const outer = wrapped(target).parent;
  return ts.isElementAccessExpression(outer) && outer.expression === wrapped(target) ? outer : target;
}

function isAssignment(node: ts.BinaryExpression): boolean {
  const { kind } = node.operatorToken;
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}
