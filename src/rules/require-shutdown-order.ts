import { type EarlyEnd, type FragileJoin, orderFaults } from '../analysis/index.ts';
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
    fragile: 'When one of these fails, nothing waits for the others: {{next}} is skipped, or cuts them off.',
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
      const messageId = fault.stage === 'flush' ? (`${fault.is}Flush` as const) : fault.is;
      report({ at: fault.at, messageId, data, repairs: repairsOf(fault, core) });
    }

    function tellFragile(fault: FragileJoin): void {
      const next = `\`${calledText(fault.next.call)}\` on ${lineText(fault.next.call, sourceFile)}`;
      report({ at: fault.join, messageId: 'fragile', data: { next }, repairs: repairsOf(fault, core) });
    }

    return {
      Program() {
        for (const fault of ask(orderFaults, program)) {
          if (fault.is === 'fragile') {
            if (fault.join.getSourceFile() === sourceFile) tellFragile(fault);
          } else if (fault.at.getSourceFile() === sourceFile) tellEarly(fault);
        }
      },
    };
  },
});
