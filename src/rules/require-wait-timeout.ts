import type { TSESTree } from '@typescript-eslint/utils';
import * as ts from 'typescript';
import {
  isNamedCall,
  isOneOff,
  toldWait,
  type UnboundedRequest,
  unboundedRequests,
  type UnboundedWait,
  unboundedWaits,
} from '../analysis/index.ts';
import { certainty, defineRule, flag, listOf, milliseconds } from '../rule.ts';
import { repairsOf, requestRepairs } from './require-wait-timeout/repairs.ts';
import { messageOf, requestMessage } from './require-wait-timeout/wording.ts';

export default defineRule({
  name: 'require-wait-timeout',
  family: 'waits',
  summary: 'Require a deadline or a signal for waits that only another party can end',
  preset: 'recommended',
  fixes: true,
  messages: {
    event: '`{{call}}` has neither deadline nor signal; if `{{emitter}}` never emits {{event}}, {{fn}} waits for ever.',
    promise:
      'This promise settles only when `{{emitter}}` emits {{event}}; if that never happens, {{fn}} waits for ever.',
    blocking: '`{{call}}` has no timeout; if nobody notifies it, it blocks the thread and everything on it for ever.',
    lock: '`{{call}}` queues for a lock without a limit; if its holder never gives it back, {{fn}} waits for ever.',
    pool: '`{{pool}}` has no `{{option}}`; once all it has is borrowed, `{{call}}` on {{line}} waits for ever.',
    queue: '`{{call}}` has no limit; if nobody ever writes, it blocks its connection, and {{fn}} waits for ever.',
    reply: '`{{call}}` has neither deadline nor signal; if the other side never acts, {{fn}} waits for ever.',
    poll: 'This loop asks `{{call}}` again and again without a deadline; if the answer never comes, {{fn}} never ends.',
    state: 'This loop sleeps without a deadline until `{{condition}}` changes; if it never does, {{fn}} never ends.',
    io: '`{{call}}` has no limit of its own; if the other side never answers, {{fn}} waits for ever.',
    slow: '`{{call}}` has no signal; it gives up only by itself ({{reason}}), and {{fn}} waits that long.',
    signal: 'Pass `{{signal}}` on.',
    timeout: 'Wait for {{limit}} at most.',
    pooled: 'Let borrowers wait for {{limit}} at most.',
    client: 'Give the client a limit of {{limit}}.',
    wrap: 'Wrap the lock in `{{wrapper}}`, so that it is waited for {{limit}} at most.',
    deadline: 'Give up after {{limit}}.',
    once: 'Use `once` with a signal that aborts after {{limit}}.',
    helper: 'Add a function that gives up after {{limit}}, and wait with it.',
  },
  options: {
    certainty,
    timeout: milliseconds(30_000, 'How long a wait may take, in the limits that fixes write.', 'wait'),
    io: flag(false, 'Report requests and other plain I/O without a limit too, once for each client.'),
    waits: listOf(
      'Functions and methods of the project that wait for another party, by name (`receive`) or with their class (`Inbox.receive`).',
    ),
  },
  create({ ask, core, options, report, sourceFile, tsOf }) {
    function tell(wait: UnboundedWait): void {
      if (!wait.isCertain && options.certainty !== 'likely') return;
      report({
        at: wait.at,
        ...messageOf(wait, sourceFile),
        repairs: repairsOf(wait, options.timeout, core),
      });
    }

    function tellRequest(request: UnboundedRequest): void {
      report({
        at: request.at,
        ...requestMessage(request),
        repairs: requestRepairs(request, options.timeout, core),
      });
    }

    function lookAtNamed(node: TSESTree.CallExpression): void {
      const call = tsOf(node);
      if (!ts.isCallExpression(call) || !isNamedCall(call, options.waits, core)) return;
      const wait = isOneOff(sourceFile, core) ? undefined : toldWait(call, core);
      if (wait !== undefined) tell(wait);
    }

    return {
      ...(options.waits.length > 0 ? { CallExpression: lookAtNamed } : {}),
      Program() {
        const found = ask(unboundedWaits, sourceFile);
        const requests = options.io ? ask(unboundedRequests, sourceFile) : [];
        if (found.length + requests.length === 0 || isOneOff(sourceFile, core)) return;
        for (const wait of found) tell(wait);
        for (const request of requests) tellRequest(request);
      },
    };
  },
});
