import ts from 'typescript';
import {
  type BackgroundTask,
  bare,
  type Core,
  type FailureWitness,
  mayCallbackFail,
  rootCauseOf,
} from '../../analysis/index.ts';
import { lineText, quoted } from '../../report/wording.ts';

/** The work in a message: the call, or what the callback is for. */
export function taskText({ by, call, isCallback, member, work }: BackgroundTask): string {
  if (!isCallback) return `\`${quoted(headOfChain(work))}\``;
  const name = ts.isIdentifier(work) || ts.isPropertyAccessExpression(work) ? `\`${quoted(work)}\`, ` : '';
  const callee = call === undefined ? undefined : quoted(call.expression);
  const event = call?.arguments?.[member?.key ?? 0];
  const isEvent = by === 'listener' && event !== undefined && ts.isStringLiteralLike(event);
  const what = isEvent
    ? `listener of \`${event.text}\``
    : by === 'listener'
      ? 'listener'
      : `${by === 'handler' ? 'handler' : 'callback'}${callee === undefined ? '' : ` of \`${callee}\``}`;
  return name === '' ? `This ${what}` : `${name}the ${what},`;
}

/** What fails in it: `` `ship` on line 12 of orders.ts ``. */
export function causeText(witness: FailureWitness, file: ts.SourceFile): string {
  const { node } = rootCauseOf(witness);
  const line = lineText(node, file);
  if (ts.isThrowStatement(node)) return `the \`throw\` on ${line}`;
  const called = calledIn(node);
  return `\`${quoted(called)}\` on ${line}`;
}

function calledIn(node: ts.Node): ts.Node {
  if (ts.isAwaitExpression(node)) return calledIn(bare(node.expression));
  return ts.isCallExpression(node) ? node.expression : node;
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
