import type ts from 'typescript';
import {
  type AfterRelease,
  holdersIn,
  isOneOff,
  type Lease,
  type LeaseFault,
  leaseFaults,
  leasesOf,
  type LockedRequest,
  lockedRequests,
  type LockOrder,
  lockOrders,
  type SelfDeadlock,
  selfDeadlocks,
  strayLocks,
} from '../analysis/index.ts';
import { dropOneRelease } from '../repair/drop-one-release.ts';
import { calledText } from '../repair/leak-wording.ts';
import { hidingReport, leakReport } from '../repair/lease-reports.ts';
import { lineText } from '../report/wording.ts';
import { certainty, defineRule, toldOf } from '../rule.ts';
import { acquireFirst } from './require-lock-release/acquire-first.ts';
import { bounded } from './require-lock-release/bounded.ts';
import { dropEarlier } from './require-lock-release/drop-earlier.ts';
import { onOneConnection } from './require-lock-release/on-one-connection.ts';
import { otherFirst } from './require-lock-release/other-first.ts';
import { deadlockMessage, lockText, lossOf, unheldMessage } from './require-lock-release/wording.ts';
import { withoutLock } from './require-lock-release/without-lock.ts';

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
    loop: 'The loop on {{line}} may end without {{release}} on {{end}}; then {{loss}}.',
    succeeds: 'A run in which nothing fails never comes to {{release}} on {{end}}; then {{loss}}.',
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
  create({ ask, core, options, report, sourceFile }) {
    function tellFault(lease: Lease, fault: LeaseFault, isCertain: boolean): void {
      switch (fault.is) {
        case 'leak':
          report(leakReport(lease, fault.leak, { isCertain, loss: lossOf(lease) }, core));
          break;
        case 'hides':
          report(hidingReport(lease, fault.hiding));
          break;
        case 'extra':
          tellExtra(fault.second);
          break;
        case 'unheld':
          report({
            at: lease.acquisition.call,
            ...unheldMessage(fault.unheld, lease),
            repairs: acquireFirst(lease, fault.unheld),
          });
      }
    }

    function tellExtra(second: AfterRelease): void {
      const repair = dropOneRelease(second) ?? dropEarlier(second);
      report({
        at: second.at,
        messageId: 'extra',
        data: { release: calledText(second.at), line: lineText(second.release.node, sourceFile) },
        repairs: repair === undefined ? [] : [{ ...repair, automatic: repair.automatic && second.isCertain }],
      });
    }

    function tellDeadlock(found: SelfDeadlock): void {
      report({ at: found.taking.at, ...deadlockMessage(found, core), repairs: withoutLock(found, core) });
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
      report({
        at: call,
        messageId: 'stray',
        data: { call: calledText(call) },
        repairs: onOneConnection(call, core),
      });
    }

    /** Waits for a deed of another party are `require-wait-timeout`'s. */
    function tellRequest({ at, held, member }: LockedRequest): void {
      report({
        at,
        messageId: 'across',
        data: { call: calledText(at), line: lineText(held.node, sourceFile) },
        repairs: bounded(at, member),
      });
    }

    function lookAt(lease: Lease): void {
      if (lease.acquisition.kind !== 'lock') return;
      for (const answer of leaseFaults(lease, core)) {
        const told = toldOf(answer, options.certainty);
        if (told === undefined) continue;
        tellFault(lease, told.witness, told.isCertain);
        // What else is wrong with it changes once it is given back.
        if (told.witness.is === 'leak') return;
      }
    }

    return {
      Program() {
        const { locks } = ask(holdersIn, sourceFile);
        for (const fn of locks) {
          for (const answer of ask(selfDeadlocks, fn)) {
            const told = toldOf(answer, options.certainty);
            if (told !== undefined) tellDeadlock(told.witness);
          }
        }
        const stray = ask(strayLocks, sourceFile);
        if (locks.length + stray.length === 0 || isOneOff(sourceFile, core)) return;
        for (const call of stray) tellStray(call);
        for (const lease of leasesOf(sourceFile, core)) lookAt(lease);
        if (options.certainty !== 'likely') return;
        for (const order of ask(lockOrders, core.program)) {
          if (order.here.taking.at.getSourceFile() === sourceFile) tellOrder(order);
        }
        for (const request of ask(lockedRequests, sourceFile)) tellRequest(request);
      },
    };
  },
});
