import ts from 'typescript';
import { isOneOff, type LateAwait, lateAwaits, rejectionListener, rootCauseOf } from '../analysis/index.ts';
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
    wait: '`{{work}}` is started here and {{how}} only on {{taker}}, after the wait on {{between}}; if it rejects meanwhile ({{cause}}), nobody listens yet, and the unhandled rejection ends the process.',
    waitLost:
      '`{{work}}` is started here and {{how}} only on {{taker}}, after the wait on {{between}}; if it rejects meanwhile ({{cause}}), only the listener on {{listener}} hears of it.',
    left: '`{{work}}` is started here and {{how}} on {{taker}}, but the `{{way}}` on {{between}} leaves before that; if it then rejects ({{cause}}), nobody listens, and the unhandled rejection ends the process.',
    leftLost:
      '`{{work}}` is started here and {{how}} on {{taker}}, but the `{{way}}` on {{between}} leaves before that; if it then rejects ({{cause}}), only the listener on {{listener}} hears of it.',
    turn: 'The promises of `{{work}}` are awaited one after the other on {{between}}; if a later one rejects ({{cause}}) while an earlier one is awaited, nobody listens yet, and the unhandled rejection ends the process.',
    turnLost:
      'The promises of `{{work}}` are awaited one after the other on {{between}}; if a later one rejects ({{cause}}) while an earlier one is awaited, only the listener on {{listener}} hears of it.',
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
        messageId: listener === undefined ? messageId : `${messageId}Lost`,
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
      },
    };
  },
});
