import * as ts from 'typescript';
import { callablesAt, calleesOf } from '../effects/callees-of.ts';
import { endsProcess } from '../effects/ends-process.ts';
import { isLogCall } from '../effects/log-calls.ts';
import { hasRole } from '../effects/roles.ts';
import { type Core, defineFact } from '../facts.ts';
import type { Handle } from '../program/handles.ts';
import { isLongLived } from '../program/kind.ts';
import { loadedWith } from '../program/loading.ts';
import { programIndex } from '../program/program-index.ts';
import { referencesOf } from '../program/references.ts';
import { symbolOf } from '../places/symbols.ts';
import { bare, isAssignmentOperator, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode, isFunctionNode } from '../syntax/functions.ts';
import type { ShutdownPath } from './paths.ts';
import { isSignalToItself } from './success-only.ts';
import { isBindingElement } from '../syntax/bindings.ts';

/** A listener takes the signal's default away, ends nothing, and leaves open what keeps the process alive. */
export interface Swallowed {
  readonly kind: 'swallowed';
  readonly at: ts.Node;
  readonly path: ShutdownPath;
  readonly signal: string;
  /** What keeps the process alive. */
  readonly open: ts.Node;
  /** Its name, if it has one. */
  readonly name: string | undefined;
  readonly isCertain: boolean;
}

/** What may end the process where nobody sees it: by whoever listens, looks, or is told. */
const DETOURS = ['aborts', 'atomic-write', 'child-side', 'emits', 'exits', 'mutates', 'store-write'] as const;

/** Functions that are looked into for one listener. */
const MOST_FUNCTIONS = 60;

/** Listeners of a signal after which the program goes on as if nothing had happened. */
export function swallowed(path: ShutdownPath, others: readonly ShutdownPath[], core: Core): readonly Swallowed[] {
  if (path.on !== 'signal' || !path.isResolved || isBareCut(path)) return [];
  const signal = path.events.find((event) => event === 'SIGTERM' || event === 'SIGINT');
  if (signal === undefined || isIgnored(path)) return [];
  const mates = core.ask(loadedWith, path.file);
  const beside = others.filter(
    (other) =>
      other !== path &&
      mates.has(other.file) &&
      (other.on !== 'signal' || other.events.includes(signal)) &&
      other.on !== 'exit',
  );
  if ([path, ...beside].some(({ handler }) => mayEnd(handler, core))) return [];
  // A registrar listens for signals and ends the process by itself.
  const { registrars } = core.ask(programIndex, core.program);
  if (beside.some(({ on }) => on !== 'signal') || registrars.some(({ file }) => mates.has(file))) return [];
  if (path.drains.cuts.length > 0 || isEndedByEvent(mates, core)) return [];
  const open = openIn(path, core);
  return open === undefined ? [] : [{ kind: 'swallowed', at: path.node, path, signal, ...open, isCertain: true }];
}

function isBareCut({ drains }: ShutdownPath): boolean {
  return drains.isCut;
}

/** `process.on('SIGINT', () => {})`: a signal that is not meant for this process, which another message ends. */
function isIgnored({ handler }: ShutdownPath): boolean {
  const { body } = handler as ts.FunctionLikeDeclaration;
  return body !== undefined && ts.isBlock(body) && body.statements.length === 0;
}

/** May the function end the process, or tell something else to: by what it calls, or by what it writes and others look at? */
function mayEnd(handler: FunctionNode, core: Core): boolean {
  if (core.ask(endsProcess, handler).on !== 'never') return true;
  const open: FunctionNode[] = [handler];
  const seen = new Set(open);
  for (const fn of open) {
    if (seen.size > MOST_FUNCTIONS) return true;
    let mayBe = false as boolean;
    const look = (node: ts.Node): void => {
      if (mayBe) return;
      if (isWrite(node) && !isOwn(node, fn)) mayBe = true;
      else if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
        const { functions, isComplete, member } = core.ask(calleesOf, node);
        if (isSignalToItself(node, core) || (!isComplete && member === undefined && !isHarmless(node, core)))
          mayBe = true;
        if (member !== undefined && DETOURS.some((role) => hasRole(member, role))) mayBe = true;
        for (const each of [...functions, ...callbacksOf(node, core)]) {
          if (seen.has(each)) continue;
          seen.add(each);
          open.push(each);
        }
      }
      if (node === fn || !isFunctionNode(node)) ts.forEachChild(node, look);
    };
    look(fn);
    if (mayBe) return true;
  }
  return false;
}

function callbacksOf(call: ts.CallExpression | ts.NewExpression, core: Core): readonly FunctionNode[] {
  return (call.arguments ?? []).flatMap((given) =>
    isFunctionNode(bare(given)) ? callablesAt(given, core).functions : [],
  );
}

/** Declared by the language or by Node, or a line for the log: nothing that ends a process by a detour. */
function isHarmless(call: ts.CallExpression | ts.NewExpression, core: Core): boolean {
  if (isLogCall(call, core)) return true;
  const callee = bare(call.expression);
  const held = ts.isIdentifier(callee) ? symbolOf(callee, core)?.valueDeclaration : undefined;
  // What was handed in, such as the resolver of a promise that others wait for.
  if (held !== undefined && (ts.isParameter(held) || ts.isVariableDeclaration(held) || isBindingElement(held)))
    return false;
  const declaration = core.checker.getResolvedSignature(call)?.declaration;
  const file = declaration?.getSourceFile();
  return file !== undefined && core.program.isSourceFileDefaultLibrary(file);
}

function isWrite(node: ts.Node): node is ts.BinaryExpression | ts.PostfixUnaryExpression | ts.PrefixUnaryExpression {
  if (ts.isBinaryExpression(node)) return isAssignmentOperator(node.operatorToken.kind);
  return (
    (ts.isPostfixUnaryExpression(node) || ts.isPrefixUnaryExpression(node)) &&
    (node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken)
  );
}

/** Is only a variable of the function itself written? */
function isOwn(
  node: ts.BinaryExpression | ts.PostfixUnaryExpression | ts.PrefixUnaryExpression,
  fn: FunctionNode,
): boolean {
  const target = bare(ts.isBinaryExpression(node) ? node.left : node.operand);
  if (!ts.isIdentifier(target)) return false;
  let isInside = false;
  const look = (inner: ts.Node): void => {
    if (ts.isVariableDeclaration(inner) && inner.name.getText() === target.text) isInside = true;
    ts.forEachChild(inner, look);
  };
  look(fn);
  return isInside;
}

const LAST_EVENTS: ReadonlySet<string> = new Set(['close', 'disconnect', 'end', 'exit', 'finish', 'stop']);

/** Does the process end when something else does: `child.on('exit', () => process.exit())`? */
function isEndedByEvent(mates: ReadonlySet<ts.SourceFile>, core: Core): boolean {
  return core.ask(programIndex, core.program).exits.some(({ file, node }) => {
    const fn = enclosingFunctionOf(node);
    if (!mates.has(file) || ts.isSourceFile(fn)) return false;
    const { parent } = wrapped(fn);
    const [event] = ts.isCallExpression(parent) ? parent.arguments : [];
    return event !== undefined && ts.isStringLiteralLike(event) && LAST_EVENTS.has(event.text);
  });
}

interface Open {
  readonly open: ts.Node;
  readonly name: string | undefined;
}

/** Something that keeps the process alive and that no code of the program ends. */
function openIn(path: ShutdownPath, core: Core): Open | undefined {
  const mates = core.ask(loadedWith, path.file);
  const { handles, servers, timers } = core.ask(programIndex, core.program);
  const isHere = (file: ts.SourceFile): boolean => mates.has(file) && isLongLived(file, core).is === 'yes';
  const handle = handles.find(
    ({ file, match, node }) => match.keepsAlive === true && isHere(file) && !core.ask(isEnded, node),
  );
  if (handle !== undefined) return { open: handle.node, name: handle.name.text };
  const timer = timers.find(({ file, holder }) => isHere(file) && holder === undefined);
  if (timer !== undefined) return { open: timer.node, name: undefined };
  // What serves and is kept nowhere can be ended by nobody.
  if (path.drains.started.length > 0) return undefined;
  const server = servers.find(({ file, node }) => isHere(file) && isStatementOfItsOwn(node));
  return server === undefined ? undefined : { open: server.node, name: undefined };
}

function isStatementOfItsOwn(node: ts.Node): boolean {
  const { parent } = wrapped(node);
  return ts.isExpressionStatement(parent) || ts.isAwaitExpression(parent);
}

/** Does some code of the program drain it, cut it off or let the process go, or hand it to code that may? */
const isEnded = defineFact<Handle['node'], boolean>({
  name: 'is-ended',
  scope: 'program',
  compute(node, core) {
    const symbol = core.checker.getSymbolAtLocation(node.name);
    if (symbol === undefined) return true;
    const { found, doubt } = referencesOf(symbol, core);
    if (doubt !== undefined) return true;
    return found.some(({ expression }) => {
      const { parent } = wrapped(expression);
      if (ts.isPropertyAccessExpression(parent)) {
        const { parent: use } = wrapped(parent);
        if (!ts.isCallExpression(use)) return !ts.isExpressionStatement(use);
        const member = core.api.memberOf(use);
        return (
          member === undefined ||
          (['drains', 'cuts-off', 'unrefs', 'destroys'] as const).some((role) => hasRole(member, role))
        );
      }
      return !ts.isImportSpecifier(parent) && !ts.isExportSpecifier(parent) && enclosingFunctionOf(parent) !== node;
    });
  },
});
