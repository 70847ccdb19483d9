import * as ts from 'typescript';
import { bare, type Core, type UnboundedWait, wrapped } from '../../analysis/index.ts';
import { grouped } from '../../report/bounded-loop.ts';
import { type Edit, hasComment, replace } from '../../report/edits.ts';
import { imported } from '../../report/imports.ts';
import { isTypeScript } from '../../report/on-error.ts';
import { hasTimeoutSignal } from './signal.ts';

/** `events.once` with a limit in place of a promise that only hands on one event. */
export function asOnce({ at, emitter }: UnboundedWait, milliseconds: number, core: Core): readonly Edit[] | undefined {
  if (!ts.isNewExpression(at) || emitter === undefined || hasComment(at) || !hasTimeoutSignal(at, core)) {
    return undefined;
  }
  const executor = at.arguments?.[0] === undefined ? undefined : bare(at.arguments[0]);
  if (executor === undefined || !(ts.isArrowFunction(executor) || ts.isFunctionExpression(executor))) return undefined;
  // A function of its own has another `this`.
  if (ts.isFunctionExpression(executor) && /\bthis\b/.test(executor.getText())) return undefined;
  const listening = onlyCallOf(executor);
  const [event, listener] = listening?.arguments ?? [];
  const [resolve] = executor.parameters;
  if (event === undefined || listener === undefined || resolve === undefined) return undefined;
  const passes = whatIsPassed(bare(listener), resolve.name.getText());
  if (passes === undefined) return undefined;
  const once = imported('once', 'node:events', at.getSourceFile());
  if (once === undefined) return undefined;
  const signal = `{ signal: AbortSignal.timeout(${grouped(milliseconds)}) }`;
  const call = `${once.name}(${emitter.getText()}, ${event.getText()}, ${signal})`;
  const given = takenAs(at, passes, core);
  return given === undefined ? undefined : [...once.edits, replace(at, call + given)];
}

/** The one call in the executor. */
function onlyCallOf({ body }: ts.ArrowFunction | ts.FunctionExpression): ts.CallExpression | undefined {
  if (!ts.isBlock(body)) {
    const inner = bare(body);
    return ts.isCallExpression(inner) ? inner : undefined;
  }
  const [only, other] = body.statements;
  if (other !== undefined || only?.kind !== ts.SyntaxKind.ExpressionStatement) return undefined;
  const inner = bare((only as ts.ExpressionStatement).expression);
  return ts.isCallExpression(inner) ? inner : undefined;
}

/** What a listener resolves with: the first value of the event, or nothing. */
function whatIsPassed(listener: ts.Expression, resolve: string): 'nothing' | 'value' | undefined {
  if (ts.isIdentifier(listener)) return listener.text === resolve ? 'value' : undefined;
  if (!ts.isArrowFunction(listener) && !ts.isFunctionExpression(listener)) return undefined;
  const call = onlyCallOf(listener);
  if (call?.expression.getText() !== resolve) return undefined;
  const [given, other] = call.arguments;
  if (given === undefined) return 'nothing';
  const [parameter] = listener.parameters;
  const isFirst = parameter?.name.getText() === given.getText();
  return other === undefined && isFirst ? 'value' : undefined;
}

/** What has to follow `once(…)`, which gives all values of the event, for the same result. */
function takenAs(promise: ts.NewExpression, passes: 'nothing' | 'value', core: Core): string | undefined {
  const outer = wrapped(promise).parent;
  const isDropped = ts.isAwaitExpression(outer) && ts.isExpressionStatement(outer.parent);
  if (isDropped) return '';
  const [argument] = promise.typeArguments ?? [];
  const isVoid = argument?.kind === ts.SyntaxKind.VoidKeyword;
  if (passes === 'nothing' || isVoid) return '.then(() => undefined)';
  const type = core.checker.getTypeAtLocation(promise);
  const [value] = core.checker.getTypeArguments(type as ts.TypeReference);
  const text = argument?.getText() ?? (value === undefined ? 'unknown' : core.checker.typeToString(value));
  return `.then(([value]) => value${isTypeScript(promise.getSourceFile()) ? ` as ${text}` : ''})`;
}
