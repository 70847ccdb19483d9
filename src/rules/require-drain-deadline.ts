import { unboundedDrains, type UnboundedDrain } from '../analysis/index.ts';
import { calledText, lineText } from '../report/wording.ts';
import { defineRule, milliseconds } from '../rule.ts';
import { repairsOf } from './require-drain-deadline/repairs.ts';

/** What keeps a drain from being done, by what is drained. */
const STUCK = {
  intake: 'one open connection',
  work: 'one stuck job',
  store: 'one connection in use',
  flush: 'one send that hangs',
} as const;

export default defineRule({
  name: 'require-drain-deadline',
  family: 'shutdown',
  summary: 'Require that a shutdown ends at some time, also when something that it waits for does not',
  preset: 'strict',
  fixes: true,
  messages: {
    endless: 'Nothing bounds this wait for `{{drain}}`: {{stuck}} holds the process until it is killed{{rest}}.',
    endlessAt:
      'Nothing bounds the wait for `{{drain}}` on {{line}}: {{stuck}} holds the process until it is killed{{rest}}.',
    deadline: 'Exit with 1 after {{deadline}} ms.',
    limit: 'Limit the wait to {{deadline}} ms.',
  },
  options: {
    deadline: milliseconds(10_000, 'The milliseconds after which a shutdown gives up, in fixes.', 'drain'),
  },
  create({ ask, core, options, program, report, sourceFile }) {
    function tell(unbounded: UnboundedDrain): void {
      const { next, paths, stage, start } = unbounded;
      const { call } = start.drain;
      const [first] = paths;
      if (first === undefined) return;
      const isHere = call.getSourceFile() === sourceFile;
      const rest =
        next === undefined || (next.call.getSourceFile() !== sourceFile && !isHere)
          ? ''
          : `, and \`${calledText(next.call)}\` on ${lineText(next.call, sourceFile)} never runs`;
      report({
        at: isHere ? call : first.node,
        messageId: isHere ? 'endless' : 'endlessAt',
        data: { drain: calledText(call), line: lineText(call, sourceFile), stuck: STUCK[stage], rest },
        repairs: repairsOf(unbounded, options.deadline, core),
      });
    }

    return {
      Program() {
        if (!/\bSIG|disconnect|\bon(?:ce)?\b/.test(sourceFile.text)) return;
        for (const unbounded of ask(unboundedDrains, program)) {
          if (unbounded.paths[0]?.file === sourceFile) tell(unbounded);
        }
      },
    };
  },
});
