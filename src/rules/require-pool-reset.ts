import * as ts from 'typescript';
import {
  calleesOf,
  carriesData,
  type Core,
  type DirtyPool,
  dirtyPools,
  type DirtyReturn,
  fileNodes,
  dirtyReturns,
  type FunctionNode,
  type Happening,
  holdersOf,
  isOneOff,
  type Lease,
  leasesIn,
  parameterDoings,
} from '../analysis/index.ts';
import { lineText, quoted } from '../report/wording.ts';
import { defineRule } from '../rule.ts';
import { isPlainObject, isResetByOptions, resetBeforeRelease } from './require-pool-reset/at-caller.ts';
import { discardEdit } from './require-pool-reset/discard.ts';
import { resetInPool } from './require-pool-reset/in-pool.ts';
import { receiverOf } from './require-pool-reset/members.ts';
import { rollBack, wayTo } from './require-pool-reset/roll-back.ts';
import { timedOutBefore } from './require-pool-reset/timed-out.ts';
import { uncleanBufferAt } from './require-pool-reset/unclean-buffers.ts';
import { undoSession } from './require-pool-reset/undo-session.ts';

/** How a message names what a statement leaves in its session. */
const LEFT: Readonly<Record<string, string>> = {
  database: 'the database chosen',
  listening: 'the subscription made',
  locks: 'the lock taken',
  prepared: 'the statement prepared',
  settings: 'the setting made',
  tables: 'the temporary table made',
};

/** Names under which pools of the project hand things out. */
const BORROWS = /^(?:acquire|alloc|borrow|checkout|get|obtain|pop|rent|take)/;

export default defineRule({
  name: 'require-pool-reset',
  family: 'pools',
  summary: 'Require what a borrower wrote to be undone before a pooled object goes back',
  preset: 'recommended',
  fixes: true,
  messages: {
    kept: '`{{name}}` is put back as it is; {{part}} written on {{write}} is what the next borrower reads on {{read}}.',
    returned: '`{{name}}` goes back to its pool with {{part}} written on {{write}}; the next borrower finds it there.',
    open: '`{{name}}` goes back with the transaction of {{write}} still open; the next borrower of the connection works inside it.',
    openOnFailure:
      '`{{name}}` goes back with the transaction of {{write}} open when {{failing}} fails; the next borrower works inside it.',
    session: '`{{name}}` goes back with {{part}} on {{write}}; the next borrower of the connection has it too.',
    busy: '`{{name}}` goes back as healthy although {{line}} says that its statement timed out; the next borrower waits behind it.',
    unclean:
      '`{{name}}` leaves on {{write}} with {{missing}} of its bytes never written: they show what other code left there.',
    reset: 'Reset `{{name}}` before it is put back.',
    method: 'Give `{{name}}` a `reset` method, and call it here.',
    assign: 'Give `{{name}}` the values of a new one before it is put back.',
    rollback: 'Roll back before `{{name}}` goes back.',
    commit: 'Commit before `{{name}}` goes back.',
    discard: 'Discard `{{name}}` instead of putting it back.',
    local: 'Make the setting local to the transaction.',
    undo: 'Undo it before `{{name}}` goes back.',
    alloc: 'Allocate zeroed memory.',
  },
  options: {},
  create({ ask, core, report, sourceFile }) {
    const acquires = core.api.namesWith('acquires');
    const unclean = core.api.namesWith('unclean');
    const functions = new Set<FunctionNode>();

    function reportPool(pool: DirtyPool): void {
      const { giver, read, write } = pool;
      const part = write.field === undefined ? 'what was' : `\`${write.field}\``;
      report({
        at: giver.put,
        messageId: 'kept',
        data: {
          name: giver.parameter.name.text,
          part,
          write: lineText(write.node, sourceFile),
          read: lineText(read.node, sourceFile),
        },
        repairs: resetInPool(pool, core),
      });
    }

    function reportLease(lease: Lease): void {
      const busy = reportBusy(lease);
      for (const dirty of dirtyReturns(lease, core)) {
        if (busy.has(dirty.release.node) || isOneOff(sourceFile, core)) continue;
        if (isResetThere(dirty.release, dirty.writes, core)) continue;
        if (isResetByOptions(lease, core)) continue;
        const transaction = dirty.writes.find(({ field }) => field === 'transaction');
        const session = dirty.writes.filter(({ field }) => field !== undefined && LEFT[field] !== undefined);
        if (transaction !== undefined) reportOpen(dirty, transaction, lease);
        else if (session.length > 0) reportSession(dirty, session, lease);
        else if (lease.acquisition.member === undefined) reportGeneric(dirty, lease);
        else if (isPlainObject(lease, core)) reportObject(dirty, lease);
      }
    }

    /** Connections whose statement still runs: gives the releases that put them back. */
    function reportBusy(lease: Lease): ReadonlySet<ts.Node> {
      const told = new Set<ts.Node>();
      for (const release of lease.happenings) {
        if (release.is !== 'release' || told.has(release.node)) continue;
        const discard = discardEdit(release, core);
        const found = discard === undefined ? undefined : timedOutBefore(release, lease, core);
        if (discard === undefined || found === undefined || isOneOff(sourceFile, core)) continue;
        told.add(release.node);
        const name = nameOf(lease, release);
        report({
          at: release.node,
          messageId: 'busy',
          data: { name, line: lineText(found.asked, sourceFile) },
          repairs: [{ title: 'discard', data: { name }, automatic: true, edits: [discard] }],
        });
      }
      return told;
    }

    function reportOpen(dirty: DirtyReturn, write: Happening, lease: Lease): void {
      const way = wayTo(dirty.release, write, lease, core, { failures: false });
      const failing =
        way === undefined ? wayTo(dirty.release, write, lease, core, { failures: true })?.failing : undefined;
      const data = { name: nameOf(lease, dirty.release), write: lineText(write.node, sourceFile) };
      const repairs = rollBack(dirty, write, lease, core);
      if (failing === undefined) report({ at: dirty.release.node, messageId: 'open', data, repairs });
      else {
        const what = `\`${quoted(failing)}\` on ${lineText(failing, sourceFile)}`;
        report({ at: dirty.release.node, messageId: 'openOnFailure', data: { ...data, failing: what }, repairs });
      }
    }

    function reportSession(dirty: DirtyReturn, writes: readonly Happening[], lease: Lease): void {
      const [first] = writes;
      if (first?.field === undefined) return;
      report({
        at: dirty.release.node,
        messageId: 'session',
        data: {
          name: nameOf(lease, dirty.release),
          part: LEFT[first.field] ?? '',
          write: lineText(first.node, sourceFile),
        },
        repairs: undoSession(dirty.release, writes, lease, core),
      });
    }

    /** An object of the project in a pool of somebody else. */
    function reportObject(dirty: DirtyReturn, lease: Lease): void {
      const writes = dirty.writes.filter((each) => carriesData(each, core));
      const [first] = writes;
      if (first === undefined) return;
      report({
        at: dirty.release.node,
        messageId: 'returned',
        data: {
          name: nameOf(lease, dirty.release),
          part: first.field === undefined ? 'what was' : `\`${first.field}\``,
          write: lineText(first.node, sourceFile),
        },
        repairs: resetBeforeRelease({ ...dirty, writes }, lease, core),
      });
    }

    /** An object in a pool of the project that knows nothing of what it lends. */
    function reportGeneric({ release, path }: DirtyReturn, lease: Lease): void {
      if (!ts.isCallExpression(release.node)) return;
      for (const fn of core.ask(calleesOf, release.node).functions) {
        const pools = core.ask(dirtyPools, fn.getSourceFile());
        const pool = pools.find(({ giver, isGeneric }) => isGeneric && giver.fn === fn);
        const found = pool?.returns.find((each) => each.release.node === release.node);
        if (found !== undefined) reportObject({ release, writes: found.writes, path }, lease);
      }
    }

    return {
      Program() {
        lookAtCalls();
        for (const pool of ask(dirtyPools, sourceFile)) {
          if (!pool.isGeneric && !isOneOff(sourceFile, core)) reportPool(pool);
        }
        for (const fn of functions) for (const lease of ask(leasesIn, fn)) reportLease(lease);
      },
    };

    function lookAtCalls(): void {
      for (const [name, calls] of ask(fileNodes, sourceFile).callsByName) {
        const isUnclean = unclean.has(name);
        const mayAcquire = acquires.has(name) || BORROWS.test(name);
        if (!isUnclean && !mayAcquire) continue;
        for (const call of calls) {
          if (!ts.isCallExpression(call)) continue;
          if (isUnclean) reportUnclean(call);
          if (mayAcquire) for (const fn of holdersOf(call)) functions.add(fn);
        }
      }
    }

    function reportUnclean(call: ts.CallExpression): void {
      const found = uncleanBufferAt(call, core);
      if (found === undefined || isOneOff(sourceFile, core)) return;
      const { edits, leaves, missing, name } = found;
      report({
        at: call,
        messageId: 'unclean',
        data: { name, missing, write: lineText(leaves, sourceFile) },
        repairs: [{ title: 'alloc', automatic: true, edits }],
      });
    }
  },
});

function nameOf({ name }: Lease, release: Happening): string {
  if (name !== undefined) return name.text;
  if (!ts.isCallExpression(release.node)) return 'the connection';
  return quoted(receiverOf(release.node)?.object ?? release.node.expression);
}

/** Does what is called to give it back reset it first? */
function isResetThere({ node }: Happening, writes: readonly Happening[], core: Core): boolean {
  if (!ts.isCallExpression(node)) return false;
  return core.ask(calleesOf, node).functions.some((fn) => {
    const [parameter] = ts.isFunctionLike(fn) ? fn.parameters : [];
    if (parameter === undefined || !ts.isParameter(parameter)) return false;
    const { resets } = core.ask(parameterDoings, parameter);
    return resets.includes('') || writes.every(({ field }) => field !== undefined && resets.includes(field));
  });
}
