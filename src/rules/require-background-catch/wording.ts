import * as ts from 'typescript';
import {
  type BackgroundTask,
  bare,
  type Core,
  isAsync,
  isFunctionNode,
  mayCallbackFail,
  mayPromiseReject,
  rootCauseOf,
  wrapped,
} from '../../analysis/index.ts';
import { quoted } from '../../report/wording.ts';

/** The work in a message: the call, or what the callback is for. */
export function taskText(task: BackgroundTask, core: Core): string {
  const { by, call, isCallback, target, work } = task;
  if (!isCallback) return promiseText(work, core);
  const name = isName(work) ? `\`${quoted(work)}\`, ` : '';
  const event = eventOf(task);
  const what =
    event !== undefined
      ? `listener of \`${event}\``
      : target !== undefined
        ? `listener \`${quoted(target)}\``
        : `${by === 'handler' ? 'handler' : 'callback'}${call === undefined ? '' : ` of \`${quoted(call.expression)}\``}`;
  return name === '' ? `This ${what}` : `${name}the ${what},`;
}

/** The event at which the callback is called, where the call names it. */
export function eventOf({ call, member }: BackgroundTask): string | undefined {
  const event = member?.key === undefined ? undefined : call?.arguments?.[member.key];
  return event !== undefined && ts.isStringLiteralLike(event) ? event.text : undefined;
}

function isName(node: ts.Expression): boolean {
  return ts.isIdentifier(node) || ts.isPropertyAccessExpression(node);
}

/** A promise by the call that gives it: what its chain begins with, callbacks left out. */
function promiseText(work: ts.Expression, core: Core): string {
  const head = headOfChain(work);
  const node = head === bare(work) || mayPromiseReject(head, core).is !== 'no' ? head : bare(work);
  if (!ts.isCallExpression(node)) return `\`${quoted(node)}\``;
  const callee = bare(node.expression);
  if (isFunctionNode(callee)) return isAsync(callee) ? 'This async function' : 'The promise of this function';
  const text = quoted(node);
  const isLong = text.includes('…') || node.arguments.some((argument) => holdsFunction(argument));
  return `\`${isLong ? `${quoted(node.expression)}(…)` : text}\``;
}

function holdsFunction(node: ts.Node): boolean {
  return isFunctionNode(node) || (ts.forEachChild(node, (child) => holdsFunction(child) || undefined) ?? false);
}

/** The rejection handler at the end of a chain, if it is what may fail. */
export function chainedHandlerOf(work: ts.Expression, core: Core): ts.Expression | undefined {
  let node = bare(work);
  while (ts.isCallExpression(node)) {
    const chain = core.api.plays(node, 'chains');
    const callee = bare(node.expression);
    if (chain === undefined || !ts.isPropertyAccessExpression(callee)) return undefined;
    const handler = chain.handlesRejection === undefined ? undefined : node.arguments[chain.handlesRejection];
    if (handler !== undefined) return mayCallbackFail(handler, core).is === 'no' ? undefined : handler;
    if (callee.name.text !== 'finally') return undefined;
    node = bare(callee.expression);
  }
  return undefined;
}

/** A method that is given as a rejection handler without the `this` that it needs. */
export function unboundHandlerOf(work: ts.Expression, core: Core): ts.Expression | undefined {
  const failure = mayPromiseReject(work, core);
  const root = failure.is === 'yes' ? rootCauseOf(failure.witness).node : undefined;
  if (root === undefined || !ts.isPropertyAccessExpression(root)) return undefined;
  const call = wrapped(root).parent;
  return ts.isCallExpression(call) && call.expression !== root && core.api.plays(call, 'chains') !== undefined
    ? root
    : undefined;
}

/** Is the function that is called one of these, by its name alone or with its owner? */
export function isNamedCallee(expression: ts.Expression, names: readonly string[]): boolean {
  if (names.length === 0) return false;
  const node = bare(expression);
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return false;
  const text = node.expression.getText().replace(/\s|\?/g, '');
  return names.some((name) => text === name || text.endsWith(`.${name}`));
}

/** The promise with which a chain of `.then`, `.catch` and `.finally` begins. */
function headOfChain(work: ts.Expression): ts.Expression {
  let node = bare(work);
  for (;;) {
    const callee = ts.isCallExpression(node) ? bare(node.expression) : undefined;
    if (callee === undefined || !ts.isPropertyAccessExpression(callee)) return node;
    if (!['catch', 'finally', 'then'].includes(callee.name.text)) return node;
    node = bare(callee.expression);
  }
}
