import * as ts from 'typescript';
import { bare } from '../syntax/expressions.ts';
import type { FunctionNode } from '../syntax/functions.ts';

/** A word at the start of a name, with a small or a capital letter, before the next word of it. */
function startsWith(...words: readonly string[]): RegExp {
  const either = words.map((word) => `[${word.charAt(0)}${word.charAt(0).toUpperCase()}]${word.slice(1)}`);
  return new RegExp(`^_*(?:${either.join('|')})(?![a-z])`);
}

const DECIDES = startsWith(
  'assert',
  'authenticate',
  'authori[sz]e',
  'can',
  'check',
  'confirm',
  'demand',
  'deny',
  'enforce',
  'ensure',
  'expect',
  'fail(?:If|Unless)',
  'forbid',
  'guard',
  'limit',
  'must',
  'prevent',
  'protect',
  'reject',
  'require',
  'restrict',
  'throw(?:If|Unless|When)',
  'validate',
  'verify',
);

/** `checkIn`, `checkOut`, `checkForUpdates`, `validateAndSave`: another deed, or one more. */
const DOES_ANOTHER_THING = /^_*[Cc]heck(?:In|Out|Point|For)(?![a-z])|[a-z]And[A-Z]/;

const REFUSES = /(?:OrThrow|OrFail|OrReject)$/;

/** First words of a description. */
const SAYS_SO =
  /^\s*(?:asserts?|checks?|confirms?|enforces?|ensures?|fails?|guards?|makes? sure|refuses?|rejects?|throws?|validates?|verifies|verify)\b/i;

const CHANGES = startsWith(
  'acquire',
  'add',
  'append',
  'audit',
  'batch',
  'begin',
  'bulk',
  'charge',
  'clear',
  'close',
  'commit',
  'connect',
  'consume',
  'create',
  'decr(?:by|By|ement)?',
  'del',
  'delete',
  'destroy',
  'dispatch',
  'emit',
  'enqueue',
  'execute',
  'expire',
  'flush',
  'grant',
  'hincr(?:by|By)?',
  'incr(?:by|By|ement)?',
  'insert',
  'invalidate',
  'lock',
  'log',
  'lpush',
  'mail',
  'mark',
  'notify',
  'open',
  'patch',
  'post',
  'publish',
  'purge',
  'push',
  'put',
  'record',
  'refund',
  'register',
  'release',
  'remove',
  'reset',
  'revoke',
  'rpush',
  'run',
  'sadd',
  'save',
  'schedule',
  'send',
  'set',
  'setex',
  'start',
  'stop',
  'store',
  'subscribe',
  'touch',
  'track',
  'transfer',
  'trigger',
  'unlock',
  'unregister',
  'unsubscribe',
  'update',
  'upload',
  'upsert',
  'use',
  'write',
  'zadd',
);

const ONLY_BUILDS = /^create(?:Query|Select|Hash|Hmac|Verify|Sign|Cursor|.*Builder)/;

const TELLS = startsWith('dispatch', 'emit', 'mail', 'notify', 'post', 'publish', 'push', 'send', 'track', 'upload');

const INITIALISES = startsWith(
  'boot(?:strap)?',
  'build',
  'configure',
  'connect',
  'fetch',
  'fill',
  'hydrate',
  'init(?:iali[sz]e)?',
  'load',
  'open',
  'populate',
  'prepare',
  'read',
  'resolve',
  'restore',
  'set(?:up|Up)?',
  'start',
  'warm(?:up|Up)?',
);

const RENEWS = startsWith('poll', 'refresh', 'reload', 'renew', 'revalidate', 'rotate', 'sync', 'update');

/** Does a name say that the function decides whether something may go on? */
export function isGuardName(name: string): boolean {
  return (DECIDES.test(name) || REFUSES.test(name)) && !DOES_ANOTHER_THING.test(name);
}

/** Does the name of a member say that it changes something? */
export function isChangingName(name: string): boolean {
  return CHANGES.test(name) && !ONLY_BUILDS.test(name);
}

/** Does the name of a member say that it tells somebody something? */
export function isTellingName(name: string): boolean {
  return TELLS.test(name);
}

/** Does a name say that the function makes something ready? */
export function isInitialiserName(name: string): boolean {
  return INITIALISES.test(name);
}

/** Does a name say that the function brings something up to date that was there before? */
export function isRenewingName(name: string): boolean {
  return RENEWS.test(name);
}

/** Does the description of a function begin by saying that it decides? */
export function isDocumentedGuard(fn: FunctionNode): boolean {
  return SAYS_SO.test(descriptionOf(documentedOf(fn)));
}

/** The text of the last `/** … *\/` above a node: of the comment itself, since TypeScript 7 has other kinds for the nodes in it. */
function descriptionOf(node: ts.Node): string {
  const { text } = node.getSourceFile();
  const comments = ts.getLeadingCommentRanges(text, node.pos) ?? [];
  const last = comments.findLast(({ pos }) => text.startsWith('/**', pos));
  return last === undefined ? '' : text.slice(last.pos + '/**'.length, last.end - '*/'.length).replace(/^[\s*]+/, '');
}

/** What a comment above stands on: the statement or property that holds a function expression. */
function documentedOf(fn: FunctionNode): ts.Node {
  const { parent } = fn;
  if (ts.isVariableDeclaration(parent)) return parent.parent.parent;
  return ts.isPropertyDeclaration(parent) || ts.isPropertyAssignment(parent) ? parent : fn;
}

/** The name of a function: its own, or that of the variable, property or assignment that holds it. */
export function nameOfFunction(fn: FunctionNode): string | undefined {
  const own = ts.isSourceFile(fn) || ts.isClassStaticBlockDeclaration(fn) ? undefined : fn.name;
  if (own !== undefined) return textOf(own);
  const { parent } = fn;
  if (ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent) || ts.isPropertyAssignment(parent))
    return textOf(parent.name);
  return ts.isBinaryExpression(parent) ? nameOfCallee(parent.left) : undefined;
}

/** The last name of what is called: `assertOpen` in `this.policy.assertOpen(…)`. */
export function nameOfCallee(expression: ts.Expression): string | undefined {
  const node = bare(expression);
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isPropertyAccessExpression(node)) return node.name.text.replace(/^#/, '');
  return ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)
    ? node.argumentExpression.text
    : undefined;
}

function textOf(name: ts.Node): string | undefined {
  return ts.isIdentifier(name) || ts.isPrivateIdentifier(name) || ts.isStringLiteralLike(name)
    ? name.text.replace(/^#/, '')
    : undefined;
}
