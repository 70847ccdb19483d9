import * as ts from 'typescript';
import {
  type BranchGap,
  type Core,
  type ErrorGap,
  type EventsGap,
  isOneOff,
  type LateListener,
  lateListener,
  onceAt,
  type PendingReplies,
  pendingReplies,
  type SettleGap,
  settleGaps,
  taskOf,
  waitOf,
} from '../analysis/index.ts';
import { lineText, quoted } from '../report/wording.ts';
import { certainty, defineRule } from '../rule.ts';
import { earlier } from './require-settle-path/earlier.ts';
import { rejectedAll } from './require-settle-path/reject-all.ts';
import { repairsOf } from './require-settle-path/repairs.ts';
import { emitterText, listed, waiterText } from './require-settle-path/wording.ts';

export default defineRule({
  name: 'require-settle-path',
  family: 'waits',
  summary: 'Require that a promise made by hand is settled on every ending of what it waits for',
  preset: 'recommended',
  fixes: true,
  messages: {
    events:
      '`{{emitter}}` may emit {{missing}} in place of {{event}}; then nothing settles this promise, and {{waiter}} for ever.',
    ends: '`{{emitter}}` may emit {{missing}} without {{event}} or a failure; then nothing settles this promise, and {{waiter}} for ever.',
    branch: 'This `return` leaves the promise of {{line}} unsettled; {{waiter}} for ever.',
    late: '`{{event}}` of `{{emitter}}` may come during the wait on {{pause}}; this listener comes after it, and {{waiter}} for ever.',
    pending:
      'The promises in `{{pending}}` are settled by `{{event}}` of `{{emitter}}` alone; when it emits `{{missing}}`, they stay pending for ever.',
    error: '`{{error}}` is dropped; when `{{call}}` fails, the promise of {{line}} resolves as if it had not.',
    reject: 'Reject the promise with `{{error}}`.',
    rejectHere: 'Reject the promise before it returns.',
    resolveHere: 'Resolve the promise before it returns.',
    once: 'Wait with `once`, which rejects on `error`.',
    finished: 'Wait with `finished`, which rejects when the stream fails or closes early.',
    rejectAll: 'Reject what is in `{{pending}}` on `{{missing}}`.',
    together: 'Wait for both at once, so that the listener is there from the start.',
    above: 'Attach the listener before the wait.',
    listen: 'Reject the promise on {{missing}} too.',
  },
  options: { certainty },
  create({ ask, core, options, report, sourceFile, tsOf }) {
    let isSilent: boolean | undefined;

    /** Is there a deadline, a signal, a race, a call that causes the event? The end of the emitter is looked at here. */
    function isBounded(wait: ts.Expression): boolean {
      const bounded = ask(waitOf, wait)?.bounded;
      return bounded?.is === 'yes' && bounded.witness.by !== 'end';
    }

    /** Does something else end the wait, or does nobody wait? */
    function isEndedOtherwise(made: ts.Expression, isCertain: boolean): boolean {
      const task = ask(taskOf, made);
      if (task.is === 'raced' || task.is === 'dropped') return true;
      if (task.is === 'passed' && isCertain && options.certainty === 'certain') return true;
      return isBounded(made);
    }

    function look(gap: SettleGap): void {
      const isLikely = options.certainty === 'likely';
      if (!gap.isCertain && !isLikely) return;
      isSilent ??= isOneOff(sourceFile, core);
      if (isSilent) return;
      if (gap.kind === 'error') tellError(gap);
      else if (gap.kind === 'branch') tellBranch(gap);
      else tellEvents(gap, isLikely);
    }

    function tellError(gap: ErrorGap): void {
      report({
        at: gap.parameter,
        messageId: 'error',
        data: {
          error: gap.parameter.name.getText(),
          call: quoted(gap.call.expression),
          line: lineText(gap.promise.at, sourceFile),
        },
        repairs: repairsOf(gap, core),
      });
    }

    function tellBranch(gap: BranchGap): void {
      if (ask(taskOf, gap.promise.value).is === 'dropped') return;
      report({
        at: gap.at,
        messageId: 'branch',
        data: { line: lineText(gap.promise.at, sourceFile), waiter: waiterText(gap.promise.at) },
        repairs: repairsOf(gap, core),
      });
    }

    function tellEvents(gap: EventsGap, isLikely: boolean): void {
      const { hop, promise, missing, hearsFailure } = gap;
      if (isStart(gap, core) || isEndedOtherwise(promise.value, gap.isCertain)) return;
      if (!isLikely && onceAt(promise.at, core).is === 'yes') return;
      report({
        at: hop.at,
        messageId: hearsFailure ? 'ends' : 'events',
        data: {
          emitter: emitterText(hop.emitter),
          event: hop.event === undefined ? 'the event' : `\`${hop.event}\``,
          missing: listed(missing),
          waiter: waiterText(promise.at),
        },
        repairs: repairsOf(gap, core),
      });
    }

    /** Is it reported? Then it is that of which the wait dies, whatever else is missing. */
    function tellLate(late: LateListener | undefined): boolean {
      if (late === undefined || (!late.isCertain && options.certainty !== 'likely')) return false;
      isSilent ??= isOneOff(sourceFile, core);
      if (isSilent || ask(taskOf, late.wait).is === 'raced' || isBounded(late.wait)) return false;
      report({
        at: late.at,
        messageId: 'late',
        data: {
          event: late.event,
          emitter: late.emitter.text,
          pause: lineText(late.pause, sourceFile),
          waiter: waiterText(late.wait),
        },
        repairs: earlier(late, core),
      });
      return true;
    }

    function tellPending(replies: PendingReplies): void {
      if (!replies.isCertain && options.certainty !== 'likely') return;
      isSilent ??= isOneOff(sourceFile, core);
      if (isSilent || ask(taskOf, replies.promise).is === 'raced' || isBounded(replies.promise)) return;
      const data = {
        pending: quoted(replies.pending),
        event: replies.event,
        emitter: quoted(replies.emitter),
        missing: replies.missing,
      };
      report({ at: replies.pending, messageId: 'pending', data, repairs: rejectedAll(replies, core) });
    }

    return {
      CallExpression(node) {
        const name = node.callee.type === 'MemberExpression' ? node.callee.property : node.callee;
        if (name.type === 'Identifier' && name.name === 'withResolvers') {
          const pair = tsOf(node);
          if (ts.isCallExpression(pair)) for (const gap of ask(settleGaps, pair)) look(gap);
          return;
        }
        if (name.type !== 'Identifier' || name.name !== 'once' || node.parent.type === 'ExpressionStatement') return;
        const call = tsOf(node);
        if (ts.isCallExpression(call)) tellLate(ask(lateListener, call));
      },
      NewExpression(node) {
        if (node.callee.type !== 'Identifier' || node.callee.name !== 'Promise') return;
        const made = tsOf(node);
        if (!ts.isNewExpression(made) || tellLate(ask(lateListener, made))) return;
        for (const gap of ask(settleGaps, made)) look(gap);
        const replies = ask(pendingReplies, made);
        if (replies !== undefined) tellPending(replies);
      },
    };
  },
});

/** A server that begins to listen: what keeps it from that is meant to end the program. */
function isStart({ hop }: EventsGap, core: Core): boolean {
  const type = core.checker.getTypeAtLocation(hop.emitter);
  const isPrompt = core.api.isA(type, 'emitter')?.events?.prompt?.includes(hop.event ?? '') === true;
  return isPrompt && core.api.memberIn(type, 'listen')?.role === 'serves';
}
