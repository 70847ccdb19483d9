import * as ts from 'typescript';
import { type Answer, type Doubt, NO, unknown, yes } from '../answer.ts';
import { type ClosureTime, closureTime, within } from '../escape/closure-time.ts';
import { type Core, defineFact } from '../facts.ts';
import { programKinds } from '../program/kind.ts';
import { callSitesOf, isPackageApi } from '../program/references.ts';
import { enclosingFunctionOf, type FunctionNode } from '../syntax/functions.ts';
import { isStartHook } from './start-hook.ts';

/** How a second run of a function can begin while the first one waits. */
export interface SecondEntry {
  /**
   * - `concurrent`: several runs are started together (`Promise.all(ids.map(…))`)
   * - `repeated`: a handler, listener or interval calls it again
   * - `exported`: any module may call it at any time
   * - `unseen`: nothing shows it
   */
  readonly how: 'concurrent' | 'exported' | 'repeated' | 'unseen';
  /** What shows it: the call that registers or starts it, or the exported function. */
  readonly node: ts.Node;
}

/** Callers of callers that are followed. */
const MOST_CALLERS = 24;

/**
 * Can the function be entered again while an earlier run of it waits, in one run of the program?
 *
 * Evidence comes first: a concurrent start, a handler, a listener, an exported function that somebody may call at any time.
 * Start-up code and hooks, scripts, tests and functions that are called in sequence only are entered once at a time: `no`.
 * Doubt: a member that others may call, a callback lost from sight.
 */
export const secondEntry = defineFact<FunctionNode, Answer<SecondEntry, SecondEntry>>({
  name: 'second-entry',
  scope: 'program',
  compute: (fn, core) => entryByTime(fn, core.ask(closureTime, fn), core),
  start: () => NO,
  same: (left, right) => left.is === right.is,
});

/** As `secondEntry`, but whoever calls it in other files is out of sight: it may be entered again, or not. */
export const secondEntryInSight = defineFact<FunctionNode, Answer<SecondEntry, SecondEntry>>({
  name: 'second-entry-in-sight',
  scope: 'program',
  compute: (fn, core) => entryByTime(fn, core.ask(closureTime, fn), core, (caller) => unseen(caller)),
});

function unseen(node: ts.Node): Answer<SecondEntry, SecondEntry> {
  return unknown('open-world', { how: 'unseen', node });
}

/** What callers in other files say of an exported function. */
type AskCallers = (exported: FunctionNode, core: Core) => Answer<SecondEntry, SecondEntry>;

/**
 * As `secondEntry`, but within one run of `outer`: can the closure be entered again while an earlier run of it waits, both made by
 * the same run of the function around it?
 */
export function secondEntryWithin(fn: FunctionNode, outer: FunctionNode, core: Core): Answer<SecondEntry, SecondEntry> {
  let time = core.ask(closureTime, fn);
  for (let around = enclosingFunctionOf(fn); around !== outer; around = enclosingFunctionOf(around)) {
    if (ts.isSourceFile(around)) break;
    const aroundTime = core.ask(closureTime, around);
    const when = within(aroundTime.when, time.when);
    time = { when, run: when === time.when ? time.run : aroundTime.run, runs: [...time.runs, ...aroundTime.runs] };
  }
  return answerOf(time, fn, core);
}

function entryByTime(
  fn: FunctionNode,
  own: ClosureTime,
  core: Core,
  askCallers: AskCallers = byCallers,
): Answer<SecondEntry, SecondEntry> {
  if (ts.isSourceFile(fn)) return NO;
  let time = own;
  for (let around = enclosingFunctionOf(fn); !ts.isSourceFile(around); around = enclosingFunctionOf(around)) {
    if (time.when === 'never' || time.when === 'exclusive') return NO;
    const aroundTime = core.ask(closureTime, around);
    const when = within(aroundTime.when, time.when);
    time = { when, run: when === time.when ? time.run : aroundTime.run, runs: [...time.runs, ...aroundTime.runs] };
  }
  return answerOf(time, fn, core, askCallers);
}

function answerOf(
  time: ClosureTime,
  fn: FunctionNode,
  core: Core,
  askCallers: AskCallers = byCallers,
): Answer<SecondEntry, SecondEntry> {
  const node = time.run?.call ?? time.run?.witness ?? fn;
  switch (time.when) {
    case 'concurrently':
      return isKind(fn, core, 'test') ? NO : yes({ how: 'concurrent', node });
    case 'repeatedly':
      return mayServe(fn, core) ? yes({ how: 'repeated', node }) : NO;
    case 'unknown':
      return answerFromOutside(time, fn, core, askCallers);
    default:
      return NO;
  }
}

/** Some runs are out of sight: other files may call it. Look there; with nobody in sight an exported function is open to all. */
function answerFromOutside(
  time: ClosureTime,
  fn: FunctionNode,
  core: Core,
  askCallers: AskCallers,
): Answer<SecondEntry, SecondEntry> {
  if (!mayServe(fn, core)) return NO;
  let doubt: Doubt = 'unknown-callee';
  let found: Answer<SecondEntry, SecondEntry> = NO;
  let isOpen = false;
  for (const run of time.runs) {
    if (run.when !== 'unknown') continue;
    if (run.because !== 'open-world') {
      doubt = run.because ?? doubt;
      isOpen = true;
      continue;
    }
    const exported = exportedFunctionOf(run.witness) ?? (isHeldByExport(fn) ? fn : undefined);
    const answer = exported === undefined ? unseen(run.witness) : askCallers(exported, core);
    if (answer.is === 'yes') return answer;
    if (answer.is === 'unknown') found = answer;
  }
  return isOpen && found.is === 'no' ? unknown(doubt, { how: 'unseen', node: fn }) : found;
}

/** `exports.store`, `module.exports`, `module.exports.store` */
function isCommonJsExport(target: ts.Expression): boolean {
  if (!ts.isPropertyAccessExpression(target)) return false;
  const { expression, name } = target;
  if (ts.isIdentifier(expression))
    return expression.text === 'exports' || (expression.text === 'module' && name.text === 'exports');
  return isCommonJsExport(expression);
}

/** A function that is exported by an assignment, or held by an exported object literal at the top of its file. */
function isHeldByExport(fn: FunctionNode): boolean {
  let node = fn.parent as ts.Node | undefined;
  while (
    node !== undefined &&
    (ts.isPropertyAssignment(node) ||
      ts.isObjectLiteralExpression(node) ||
      ts.isSatisfiesExpression(node) ||
      ts.isAsExpression(node))
  ) {
    node = node.parent;
  }
  if (node === undefined) return false;
  if (ts.isExportAssignment(node)) return true;
  if (ts.isBinaryExpression(node)) return isCommonJsExport(node.left);
  return ts.isVariableDeclaration(node) && (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Export) !== 0;
}

function exportedFunctionOf(witness: ts.Node): FunctionNode | undefined {
  if (ts.isFunctionDeclaration(witness) || ts.isMethodDeclaration(witness)) return witness;
  if (ts.isArrowFunction(witness) || ts.isFunctionExpression(witness)) return witness;
  if (ts.isVariableDeclaration(witness) || ts.isPropertyDeclaration(witness)) {
    const value = witness.initializer;
    return value !== undefined && (ts.isArrowFunction(value) || ts.isFunctionExpression(value)) ? value : undefined;
  }
  return undefined;
}

/** An exported function or public method, by those who call it in the Program. */
function byCallers(fn: FunctionNode, core: Core): Answer<SecondEntry, SecondEntry> {
  const sites = callSitesOf(fn, core);
  const isHook = isStartHook(fn, core);
  const callers = sites.found.filter(({ node }) => isHook || node.getSourceFile() !== fn.getSourceFile());
  let doubt: Answer<SecondEntry, SecondEntry> = NO;
  for (const { isCertain, node } of callers.slice(0, MOST_CALLERS)) {
    const caller = enclosingFunctionOf(node);
    if (isKind(caller, core, 'test')) continue;
    const answer = core.ask(secondEntry, caller);
    if (answer.is === 'yes') return isCertain ? answer : unknown('open-world', answer.witness);
    if (answer.is === 'unknown') doubt = answer;
  }
  if (doubt.is !== 'no') return doubt;
  if (isHook) return NO;
  const isSeen = sites.found.length > 0 && !sites.open && !isPackageApi(fn, core);
  if (isSeen) return NO;
  // Exported, with nobody else in sight: whoever imports it may call it at any time.
  return sites.found.length === 0
    ? yes({ how: 'exported', node: fn })
    : unknown('open-world', { how: 'exported', node: fn });
}

function isKind(fn: FunctionNode, core: Core, kind: 'test'): boolean {
  const kinds = programKinds(fn.getSourceFile(), core);
  return kinds.size === 1 && kinds.has(kind);
}

const SHORT_LIVED = new Set(['cli', 'config', 'example', 'migration', 'script', 'test']);

/** Can the file be part of a process that lives on and does several things at a time? */
function mayServe(fn: FunctionNode, core: Core): boolean {
  const kinds = programKinds(fn.getSourceFile(), core);
  return kinds.size === 0 || [...kinds].some((kind) => !SHORT_LIVED.has(kind));
}
