import * as ts from 'typescript';
import { isOneOff, type LateAwait, lateAwaits, rejectionListener, rootCauseOf, siblingsIn } from '../analysis/index.ts';
import { causeText, lineText, quoted } from '../report/wording.ts';
import { certainty, defineRule } from '../rule.ts';
import { repairsOf } from './no-late-await/repairs.ts';

export default defineRule({
  name: 'no-late-await',
  family: 'waits',
  summary: 'Disallow promises that nobody listens to until another wait is over',
  preset: 'recommended',
  fixes: true,
  messages: {
    wait: '`{{work}}` is {{how}} only on {{taker}}, after the wait on {{between}}; if it rejects meanwhile ({{cause}}), the unhandled rejection ends the process.',
    waitLost:
      '`{{work}}` is {{how}} only on {{taker}}, after the wait on {{between}}; if it rejects meanwhile ({{cause}}), only the listener on {{listener}} hears of it.',
    left: 'The `{{way}}` on {{between}} leaves before `{{work}}` is {{how}} on {{taker}}; if it then rejects ({{cause}}), the unhandled rejection ends the process.',
    leftLost:
      'The `{{way}}` on {{between}} leaves before `{{work}}` is {{how}} on {{taker}}; if it then rejects ({{cause}}), only the listener on {{listener}} hears of it.',
    turn: 'Promises of `{{work}}` are awaited one by one on {{between}}; if a later one rejects meanwhile ({{cause}}), the unhandled rejection ends the process.',
    turnLost:
      'Promises of `{{work}}` are awaited one by one on {{between}}; if a later one rejects meanwhile ({{cause}}), only the listener on {{listener}} hears of it.',
    siblings:
      'When one of these promises fails, the others go on, although they take the signal of `{{controller}}`: nobody aborts it then.',
    together: 'Wait for both at once (`Promise.all`).',
    all: 'Wait for all of them first (`Promise.all`).',
    later: 'Start it where it is awaited.',
  },
  options: { certainty },
  create({ ask, core, options, program, report, sourceFile }) {
    function tell(late: LateAwait): void {
      const { between, by, failure, taker, work } = late;
      const listener = ask(rejectionListener, program);
      const data = {
        work: quoted(work),
        how: ts.isReturnStatement(taker) ? 'returned' : 'awaited',
        taker: lineText(taker, sourceFile),
        between: lineText(between, sourceFile),
        way: by,
        cause: causeText(rootCauseOf(failure).node, sourceFile),
        ...(listener === undefined ? {} : { listener: lineText(listener, sourceFile) }),
      };
      const messageId = by === 'wait' || by === 'turn' ? by : 'left';
      report({
        at: work,
        messageId: listener === undefined ? messageId : LOST[messageId],
        data,
        repairs: repairsOf(late, core),
      });
    }

    return {
      Program() {
        if (isOneOff(sourceFile, core)) return;
        for (const late of ask(lateAwaits, sourceFile)) {
          if (late.isCertain || options.certainty === 'likely') tell(late);
        }
        if (options.certainty !== 'likely') return;
        for (const { controller, join } of ask(siblingsIn, sourceFile)) {
          report({ at: join.expression, messageId: 'siblings', data: { controller: quoted(controller) } });
        }
      },
    };
  },
});

/** The messages where a listener of the process hears of the rejection. */
const LOST = { left: 'leftLost', turn: 'turnLost', wait: 'waitLost' } as const;
