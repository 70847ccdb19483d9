import ts from 'typescript';
import {
  type AfterRelease,
  bare,
  enclosingFunctionOf,
  extraReleases,
  flowGraph,
  type FunctionNode,
  heldLocksAt,
  holdersOf,
  isFunctionNode,
  isInside,
  isOneOff,
  isStrayLock,
  type Leak,
  leakPath,
  type Lease,
  leasesIn,
  type LockOrder,
  lockOrders,
  mayAcquire,
  type MemberMatch,
  programKinds,
  type SelfDeadlock,
  selfDeadlocks,
  type Step,
  type UnheldLock,
  unboundedRequests,
  unheldLock,
} from '../analysis/index.ts';
import { dropOneRelease, releaseStatementOf, removalOfRelease } from '../repair/drop-one-release.ts';
import { calledText, messageOf, stepText, unheldMessageOf } from '../repair/leak-wording.ts';
import { repairsOf } from '../repair/release-repairs.ts';
import { heldFirst, unheldRelease } from '../repair/unheld-release.ts';
import { withOption } from '../report/options.ts';
import { lineText } from '../report/wording.ts';
import { certainty, defineRule } from '../rule.ts';
import { acquireFirst } from './require-lock-release/acquire-first.ts';
import { onOneConnection } from './require-lock-release/on-one-connection.ts';
import { otherFirst } from './require-lock-release/other-first.ts';
import { lockText, lossOf } from './require-lock-release/wording.ts';
import { withoutLock } from './require-lock-release/without-lock.ts';

/** The name that is called. */
function nameOf(call: ts.CallExpression): string {
  const callee = bare(call.expression);
  return ts.isPropertyAccessExpression(callee) ? callee.name.text : ts.isIdentifier(callee) ? callee.text : '';
}

function mayGiveBack(step: Step, { happenings }: Lease): boolean {
  return happenings.some((each) => each.step === step && (each.is === 'release' || each.is === 'destroy'));
}

/** The first release, where the second one comes anyway. */
function dropEarlier({ release }: AfterRelease) {
  const statement = releaseStatementOf(release.node);
  const line = statement === undefined ? undefined : removalOfRelease(statement);
  return line === undefined ? undefined : ({ title: 'dropEarly', automatic: false, edits: [line] } as const);
}

/** What is waited for under a lock gets a limit of its own. */
function bounded(at: ts.CallExpression | ts.NewExpression, { bound }: MemberMatch) {
  const option = bound?.option;
  if (bound?.argument === undefined || option === undefined) return [];
  const value = bound.by === 'signal-option' ? 'AbortSignal.timeout(30_000)' : '30_000';
  const edits = withOption(at, bound.argument, option, value);
  return edits === undefined ? [] : ([{ title: 'bounded', automatic: false, edits }] as const);
}

/** Names of functions of a project that run a callback alone. */
const RUNS_ALONE =
  /alone|atomic|chain|critical|enqueue|exclusiv|guard|limit|lock|mutex|queue|run|serial|synchron|turn/i;

export default defineRule({
  name: 'require-lock-release',
  family: 'shared-state',
  summary: 'Require that a lock is given back on every path, once, and never taken again by its holder',
  preset: 'recommended',
  fixes: true,
  messages: {
    throws: '{{step}} on {{line}} may throw before {{release}} on {{end}}; then {{loss}}.',
    rejects: '{{step}} on {{line}} may reject, and the `then` with {{release}} on {{end}} never runs; then {{loss}}.',
    thrown: 'The `throw` on {{line}} leaves before {{release}} on {{end}}; then {{loss}}.',
    returns: 'The `return` on {{line}} leaves before {{release}} on {{end}}; then {{loss}}.',
    skips: 'The condition on {{line}} goes past {{release}} on {{end}}; then {{loss}}.',
    again: 'The loop goes on from {{line}} without {{release}} on {{end}}; then {{loss}}.',
    never: '{{lease}} is taken here and given back on no path: {{loss}}.',
    hook: '{{step}} on {{line}} may throw while only this function has {{lease}}; then {{loss}}.',
    hides: 'If {{acquire}} fails, {{release}} on {{end}} throws as well, and its TypeError hides why.',
    unheld: 'If {{step}} on {{line}} fails, {{release}} on {{end}} gives back a lock that another task may hold.',
    unheldEarly:
      'The {{step}} on {{line}} leaves before the lock is taken, yet {{release}} on {{end}} gives it back: another task may hold it.',
    unheldSelf: 'If {{acquire}} fails, {{release}} on {{end}} gives back the lock of whoever holds it.',
    extra: '{{release}} was already called on {{line}}; the second one gives back a lock that is no longer held here.',
    held: '{{call}} waits for {{lock}}, which this task holds since {{line}}; it waits for itself for ever.',
    heldInside:
      '{{call}} takes {{lock}} on {{inner}}, which this task holds since {{line}}; it waits for itself for ever.',
    heldLimited:
      '{{call}} waits for {{lock}}, which this task holds since {{line}}; it can only run into its time limit.',
    heldShared:
      '{{call}} waits for {{lock}}, of which this task holds a permit since {{line}}; tasks that hold them all wait for each other.',
    order: '{{call}} takes {{lock}} under {{first}}, {{line}} the other way round; two tasks may wait for each other.',
    across: '{{call}} waits without a limit under the lock of {{line}}; while its peer is silent, nobody else gets in.',
    stray:
      '{{call}} takes the lock on a connection that goes straight back to the pool; its next borrower holds the lock.',
    before: 'Take it before the `try`.',
    asked: 'Give it back only if it is there.',
    finally: 'Give it back in a `finally`.',
    rethrow: 'Give it back when what comes before the hand-over throws.',
    using: 'Declare it with `{{using}}`, which gives it back at the end of the block.',
    dropped: 'Remove the second release.',
    dropFirst: 'Leave the release to `finally`.',
    dropEarly: 'Leave the release to the one that follows.',
    unlocked: 'Call the part of `{{name}}` that runs under the lock, as a method of its own.',
    oneConnection: 'Borrow one connection for as long as the lock is held.',
    swapped: 'Take {{lock}} first here as well.',
    bounded: 'Give it a limit of 30 seconds.',
    direct: 'Do it under the lock that is held already.',
  },
  options: { certainty },
  create({ ask, core, options, report, sourceFile, tsOf }) {
    const isLikely = options.certainty === 'likely';
    const callers = new Set<FunctionNode>();
    const holders = new Set<FunctionNode>();
    const exclusive = core.api.namesWith('exclusive');
    const limited = core.api.namesWith('runs-concurrently');
    const makesLimiters = [...core.api.namesWith('creates-limiter').keys()].some((name) =>
      sourceFile.text.includes(name),
    );
    const queries = core.api.namesWith('queries');
    const queried: ts.CallExpression[] = [];

    /** May a call run its callback under a lock, going by the name that is called alone? */
    function mayExclude(call: ts.CallExpression): boolean {
      const name = nameOf(call);
      return exclusive.has(name) || limited.has(name) || RUNS_ALONE.test(name) || isLimiter(call);
    }

    /** `const pay = pLimit(1)`: a limiter is called by whatever name it was given. */
    function isLimiter({ expression }: ts.CallExpression): boolean {
      const callee = bare(expression);
      if (!makesLimiters || !ts.isIdentifier(callee)) return false;
      return core.api.isA(core.checker.getTypeAtLocation(callee), 'limiter') !== undefined;
    }

    function lookAt(lease: Lease): void {
      if (lease.acquisition.kind !== 'lock') return;
      const answer = leakPath(lease, core);
      if (answer.is === 'yes' || (answer.is === 'unknown' && answer.because === 'unknown-callee')) {
        // A callee that gives it back under a condition of its own knows when.
        const isAsked = answer.is === 'unknown' && answer.witness?.path.some((step) => mayGiveBack(step, lease));
        const leak = isAsked === true ? undefined : answer.witness;
        const isCertain = answer.is === 'yes' && answer.witness.cause?.isSoft !== true;
        if (leak !== undefined && (isCertain || isLikely)) {
          tellLeak(lease, leak, isCertain);
          return;
        }
      }
      for (const found of extraReleases(lease, core)) if (found.isCertain || isLikely) tellExtra(found);
      if (answer.is === 'no') tellUnheld(lease);
    }

    function tellLeak(lease: Lease, leak: Leak, isCertain: boolean): void {
      report({
        at: lease.acquisition.call,
        ...messageOf(lease, leak, lossOf(lease), sourceFile),
        repairs: repairsOf(lease, leak, isCertain, core),
      });
    }

    function tellExtra(found: AfterRelease): void {
      const repair = dropOneRelease(found) ?? dropEarlier(found);
      report({
        at: found.at,
        messageId: 'extra',
        data: { release: calledText(found.at), line: lineText(found.release.node, sourceFile) },
        repairs: repair === undefined ? [] : [{ ...repair, automatic: repair.automatic && found.isCertain }],
      });
    }

    function tellUnheld(lease: Lease): void {
      const hidden = unheldRelease(lease, core);
      if (hidden !== undefined) {
        report({
          at: lease.acquisition.call,
          ...unheldMessageOf(lease, hidden, sourceFile),
          repairs: heldFirst(hidden),
        });
        return;
      }
      const answer = unheldLock(lease, core);
      if (answer.is === 'yes') tellLent(lease, answer.witness);
    }

    function tellLent(lease: Lease, found: UnheldLock): void {
      const { call } = lease.acquisition;
      const data = { release: calledText(found.release.node), end: lineText(found.release.node, sourceFile) };
      report({
        at: call,
        ...unheldText(found.leaving, call, data),
        repairs: acquireFirst(lease, found),
      });
    }

    function unheldText({ kind, node }: UnheldLock['leaving'], call: ts.Node, data: Readonly<Record<string, string>>) {
      const line = lineText(node, sourceFile);
      if (kind === 'return' || kind === 'throw' || ts.isBreakOrContinueStatement(node)) {
        const [step = ''] = node.getText().split(/[\s;]/);
        return { messageId: 'unheldEarly', data: { ...data, step: `\`${step}\``, line } } as const;
      }
      return isInside(call, node) || isInside(node, call)
        ? ({ messageId: 'unheldSelf', data: { ...data, acquire: calledText(call) } } as const)
        : ({ messageId: 'unheld', data: { ...data, step: stepText(node), line } } as const);
    }

    function tellDeadlock(found: SelfDeadlock): void {
      const { held, limit, taking } = found;
      const data = {
        call: calledText(taking.at),
        lock: lockText(held, core),
        line: lineText(held.node, sourceFile),
      };
      const isInner = taking.node !== taking.at;
      const isPlain = found.isShared !== true && limit === undefined;
      report({
        at: taking.at,
        ...(isPlain && isInner
          ? { messageId: 'heldInside' as const, data: { ...data, inner: lineText(taking.node, sourceFile) } }
          : {
              messageId:
                found.isShared === true
                  ? ('heldShared' as const)
                  : limit === undefined
                    ? ('held' as const)
                    : ('heldLimited' as const),
              data,
            }),
        repairs: withoutLock(found, core),
      });
    }

    function tellOrder({ here, there }: LockOrder): void {
      report({
        at: here.taking.at,
        messageId: 'order',
        data: {
          call: calledText(here.taking.at),
          lock: lockText(there.held, core),
          first: lockText(here.held, core),
          line: lineText(there.taking.at, sourceFile),
        },
        repairs: otherFirst(here, core),
      });
    }

    function tellStray(call: ts.CallExpression): void {
      if (!isStrayLock(call, core)) return;
      report({
        at: call,
        messageId: 'stray',
        data: { call: calledText(call) },
        repairs: onOneConnection(call, core),
      });
    }

    /** Plain input and output without a limit under a lock. Waits for a deed of another party are `require-wait-timeout`'s. */
    function tellWaits(): void {
      for (const { at, endsItself, member } of ask(unboundedRequests, sourceFile)) {
        const fn = enclosingFunctionOf(at);
        // Limits of a whole client are `require-wait-timeout`'s to ask for.
        const step =
          endsItself || member.bound?.by === 'client-option'
            ? undefined
            : ask(flowGraph, fn)
                .stepsOf(at)
                .find(({ kind }) => kind === 'call');
        const held = step === undefined ? undefined : heldLocksAt(step, fn, core).at(-1);
        if (held === undefined) continue;
        report({
          at,
          messageId: 'across',
          data: { call: calledText(at), line: lineText(held.node, sourceFile) },
          repairs: bounded(at, member),
        });
      }
    }

    return {
      'CallExpression, NewExpression'(node) {
        const call = tsOf(node);
        if (!ts.isCallExpression(call) && !ts.isNewExpression(call)) return;
        if (mayAcquire(call, core)) for (const fn of holdersOf(call)) callers.add(fn);
        if (!ts.isCallExpression(call)) return;
        if (queries.has(nameOf(call))) queried.push(call);
        const closures = call.arguments.filter((given) => ts.isArrowFunction(given) || ts.isFunctionExpression(given));
        if (closures.length > 0 && mayExclude(call)) for (const closure of closures) holders.add(closure);
      },
      'Program:exit'() {
        if (callers.size === 0 && holders.size === 0 && queried.length === 0) return;
        if ([...programKinds(sourceFile, core)].every((kind) => kind === 'test')) return;
        const isInOneOff = isOneOff(sourceFile, core);
        if (!isInOneOff) for (const call of queried) tellStray(call);
        for (const fn of callers) {
          if (!isFunctionNode(fn)) continue;
          if (!isInOneOff) for (const lease of ask(leasesIn, fn)) lookAt(lease);
        }
        for (const fn of new Set([...callers, ...holders])) {
          for (const answer of ask(selfDeadlocks, fn)) {
            if (answer.is === 'yes') tellDeadlock(answer.witness);
            else if (answer.is === 'unknown' && isLikely && answer.witness !== undefined) tellDeadlock(answer.witness);
          }
        }
        if (!isLikely || isInOneOff) return;
        for (const order of ask(lockOrders, core.program)) {
          if (order.here.taking.at.getSourceFile() === sourceFile) tellOrder(order);
        }
        tellWaits();
      },
    };
  },
});
