import * as ts from 'typescript';
import { type Answer, NO, unknown, yes } from '../answer.ts';
import { type Core, defineFact } from '../facts.ts';
import { wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode } from '../syntax/functions.ts';
import { callSitesOf, isPackageApi } from './references.ts';

/**
 * Does the function run once, while its program starts: is it called from one place only, at module top level or in a function
 * that itself is top-level-once (`main()`, `bootstrap()`)? The witness is the one call.
 *
 * Module code is. A callback of the one promise chain that starts the program is too. Doubt: a function that is passed on, or a call
 * that only may mean it.
 */
export const isTopLevelOnce = defineFact<FunctionNode, Answer<ts.Node>>({
  name: 'is-top-level-once',
  scope: 'program',
  compute: onceOf,
  start: () => NO,
  same: (left, right) => left.is === right.is,
});

function onceOf(fn: FunctionNode, core: Core): Answer<ts.Node> {
  if (ts.isSourceFile(fn)) return yes(fn);
  if (ts.isClassStaticBlockDeclaration(fn)) return onceAt(fn, core);
  const continued = continuedChainOf(fn, core);
  if (continued !== undefined) return onceAt(continued, core);
  const { found, open, witness, doubt } = callSitesOf(fn, core);
  const [site, second] = found;
  if (second !== undefined) return NO;
  if (doubt !== undefined) return unknown(doubt);
  // An export that nobody imports is there for tests, once the module itself makes the call.
  const isOwnExport =
    open && site !== undefined && witness !== undefined && isAround(witness, fn) && !isPackageApi(fn, core);
  if (site === undefined) return open ? unknown('open-world') : NO;
  if (!site.isCertain || (open && !isOwnExport)) return unknown('escapes', site.node);
  const once = onceAt(site.node, core);
  return once.is === 'yes' ? yes(site.node) : once;
}

function isAround(outer: ts.Node, inner: ts.Node): boolean {
  return outer.pos <= inner.pos && inner.end <= outer.end && outer.getSourceFile() === inner.getSourceFile();
}

/** Does the code at this node run once at the start? */
export function onceAt(node: ts.Node, core: Core): Answer<ts.Node> {
  const region = enclosingFunctionOf(node);
  if (isInLoop(node, region)) return NO;
  const once = core.ask(isTopLevelOnce, region);
  return once.is === 'yes' ? yes(node) : once;
}

function isInLoop(node: ts.Node, region: FunctionNode): boolean {
  for (let at = node; at !== region; at = at.parent) {
    if (ts.isIterationStatement(at, false)) return true;
  }
  return false;
}

/** The call that continues a promise with this callback: `connect().then(() => …)`. */
function continuedChainOf(fn: FunctionNode, core: Core): ts.CallExpression | undefined {
  if (!ts.isArrowFunction(fn) && !ts.isFunctionExpression(fn)) return undefined;
  const outer = wrapped(fn);
  const call = outer.parent;
  if (!ts.isCallExpression(call) || !call.arguments.includes(outer as ts.Expression)) return undefined;
  return core.api.plays(call, 'chains') === undefined ? undefined : call;
}
