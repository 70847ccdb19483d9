import type ts from 'typescript';
import {
  type EarlyEnd,
  type EarlyHook,
  type ForgottenHandle,
  type FragileJoin,
  type OrderFault,
  orderFaults,
} from '../analysis/index.ts';
import { calledText, lineText, quoted } from '../report/wording.ts';
import { defineRule } from '../rule.ts';
import { repairsOf } from './require-shutdown-order/repairs.ts';

export default defineRule({
  name: 'require-shutdown-order',
  family: 'shutdown',
  summary: 'Require that a shutdown ends what others use only after them, and all of it although one end fails',
  preset: 'strict',
  fixes: true,
  messages: {
    early: '`{{used}}` is closed before `{{user}}` on {{line}}: {{work}} then fail on it.',
    earlyFlush: '`{{used}}` is flushed before `{{user}}` on {{line}} has ended: what {{work}} report is lost.',
    parallel: '`{{used}}` is closed while `{{user}}` on {{line}} still drains: {{work}} then fail on it.',
    parallelFlush: '`{{used}}` is flushed while `{{user}}` on {{line}} still drains: what {{work}} report is lost.',
    fragile: 'When one of these fails, nothing waits for the others: {{next}}.',
    hook: '`{{used}}` is closed in `{{hook}}`, which runs while the server still answers: requests on their way then fail on it.',
    forgotten:
      'Nothing closes `{{name}}` ({{line}}) before this listener ends the process, although it closes `{{other}}`: {{work}} are cut off.',
    close: 'Wait for `{{call}}` as well.',
    hookLater: 'Close it in `{{hook}}`.',
    later: 'End it after `{{user}}`.',
    settle: 'Use `Promise.allSettled`.',
    split: 'End it after the others.',
  },
  options: {},
  create({ ask, core, program, report, sourceFile }) {
    function tellEarly(fault: EarlyEnd): void {
      const [user] = fault.users;
      if (user === undefined) return;
      const data = {
        used: quoted(fault.drain.target ?? fault.drain.call),
        user: quoted(user.drain.target ?? user.drain.call),
        line: lineText(user.at, sourceFile),
        work: user.stage === 'work' ? 'jobs that still run' : 'requests that are still being answered',
      };
      const isFlush = fault.stage === 'flush';
      const early = isFlush ? 'earlyFlush' : 'early';
      const messageId = fault.is === 'early' ? early : isFlush ? 'parallelFlush' : 'parallel';
      report({ at: fault.at, messageId, data, repairs: repairsOf(fault, core) });
    }

    function tellFragile(fault: FragileJoin): void {
      const after = `\`${calledText(fault.next.call)}\` on ${lineText(fault.next.call, sourceFile)}`;
      const next = 'exit' in fault.next ? `${after} is skipped, or cuts them off` : `${after} is skipped`;
      report({ at: fault.join, messageId: 'fragile', data: { next }, repairs: repairsOf(fault, core) });
    }

    function tellHook(fault: EarlyHook): void {
      const data = { used: quoted(fault.drain.target ?? fault.drain.call), hook: fault.hook.node.name.getText() };
      report({ at: fault.at, messageId: 'hook', data, repairs: repairsOf(fault, core) });
    }

    function tellForgotten(fault: ForgottenHandle): void {
      const { handle, other, path, stage } = fault;
      const data = {
        name: handle.name.text,
        line: lineText(handle.node, sourceFile),
        other: quoted(other.drain.target ?? other.drain.call),
        work: stage === 'work' ? 'its jobs' : 'its requests',
      };
      report({ at: path.node, messageId: 'forgotten', data, repairs: repairsOf(fault, core) });
    }

    return {
      Program() {
        for (const fault of ask(orderFaults, program)) {
          if (placeOf(fault).getSourceFile() !== sourceFile) continue;
          if (fault.is === 'fragile') tellFragile(fault);
          else if (fault.is === 'hook') tellHook(fault);
          else if (fault.is === 'forgotten') tellForgotten(fault);
          else tellEarly(fault);
        }
      },
    };
  },
});

function placeOf(fault: OrderFault): ts.Node {
  if (fault.is === 'fragile') return fault.join;
  return fault.is === 'forgotten' ? fault.path.node : fault.at;
}
