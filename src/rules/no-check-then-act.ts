import type ts from 'typescript';
import {
  type Answer,
  checkSuspects,
  type FunctionNode,
  type Harm,
  harmOf,
  type KeptRejection,
  keptRejections,
  type LateAct,
  lateActs,
  mayBeShared,
} from '../analysis/index.ts';
import { causeText, lineText, quoted } from '../report/wording.ts';
import { certainty, defineRule, flag } from '../rule.ts';
import { forgetFailure } from './no-check-then-act/forget.ts';
import { repairsOf } from './no-check-then-act/repairs.ts';
import { placeText } from './no-check-then-act/wording.ts';

export default defineRule({
  name: 'no-check-then-act',
  family: 'shared-state',
  summary: 'Disallow decisions about shared state that are acted upon after a suspension point',
  preset: 'recommended',
  fixes: true,
  messages: {
    owned:
      'Calls made while {{pause}} waits also find `{{name}}` unset on line {{test}}; each makes its own, and `{{end}}()` reaches only the last.',
    started:
      'Calls made while {{pause}} waits also pass the test of `{{name}}` on line {{test}}; each starts the {{what}} on {{line}} again.',
    guard:
      'Calls made while {{pause}} waits also pass the test of `{{name}}` on line {{test}}; what it refuses happens all the same.',
    room: '`{{name}}` is not tested again after the wait on {{pause}}; all who waited go on, and the limit is exceeded.',
    token:
      'Calls made while {{pause}} waits send the same `{{sent}}`; it is good for one exchange, and the others fail.',
    live: 'Calls made while {{pause}} waits each put a copy of their own into `{{name}}`; what {{line}} changes in a replaced one is lost.',
    memo: 'Calls made while {{pause}} waits find `{{name}}` as the test on line {{test}} did; each does the work again.',
    kept: '`{{name}}` keeps this promise also when {{cause}} fails; every later call gets the same failure.',
    again: 'Test `{{name}}` again after the wait.',
    claim: 'Write `{{name}}` where it is tested, and take it back on failure.',
    share: 'Keep the run under way in `{{pending}}`, so that all wait for the same one.',
    forget: 'Take the promise out of `{{name}}` when it is rejected.',
  },
  options: {
    certainty,
    checkMemo: flag(false, 'Also report fills of caches that two calls may do at the same time without other harm.'),
  },
  create({ ask, core, lineOf, options, report, sourceFile }) {
    function isTold<Found>(answer: Answer<Found, Found>): Found | undefined {
      if (answer.is === 'yes') return answer.witness;
      return answer.is === 'unknown' && options.certainty === 'likely' ? answer.witness : undefined;
    }

    function look(fn: FunctionNode): void {
      const told = new Set<ts.Node>();
      for (const answer of ask(lateActs, fn)) {
        const found = isTold(answer);
        if (found === undefined || told.has(found.test)) continue;
        const seen = harmOf(found, core);
        if (seen === undefined) continue;
        const { harm, isCertain } = seen;
        const isWanted = harm.is === 'memo' ? options.checkMemo : isCertain || options.certainty === 'likely';
        if (!isWanted || (answer.is === 'unknown' && !mayBeShared(found, core))) continue;
        told.add(found.test);
        tell(found, harm);
      }
      for (const answer of ask(keptRejections, fn)) {
        const found = isTold(answer);
        if (found !== undefined) tellKept(found);
      }
    }

    function tell(found: LateAct, harm: Harm): void {
      const data = { name: placeText(found), test: lineOf(found.test), pause: lineText(found.pause, sourceFile) };
      const { at } = found;
      const repairs = repairsOf(found, harm, core).map((repair) => ({
        ...repair,
        data: { pending: '', ...repair.data },
      }));
      switch (harm.is) {
        case 'owned':
          report({ at, messageId: 'owned', data: { ...data, end: harm.end }, repairs });
          break;
        case 'started':
          report({
            at,
            messageId: 'started',
            data: { ...data, what: harm.what, line: lineText(harm.at, sourceFile) },
            repairs,
          });
          break;
        case 'guard':
          report({ at, messageId: 'guard', data, repairs });
          break;
        case 'room':
          report({ at, messageId: 'room', data, repairs });
          break;
        case 'token':
          report({ at, messageId: 'token', data: { ...data, sent: quoted(harm.sent) }, repairs });
          break;
        case 'live':
          report({ at, messageId: 'live', data: { ...data, line: lineText(harm.edit, sourceFile) }, repairs });
          break;
        case 'memo':
          report({ at, messageId: 'memo', data, repairs });
          break;
      }
    }

    function tellKept(found: KeptRejection): void {
      report({
        at: found.at,
        messageId: 'kept',
        data: { name: placeText({ act: { node: found.at } }), cause: causeText(found.failure.node, sourceFile) },
        repairs: forgetFailure(found, core).map((repair) => ({ ...repair, data: { pending: '', ...repair.data } })),
      });
    }

    return {
      Program() {
        for (const fn of ask(checkSuspects, sourceFile).keys()) look(fn);
      },
    };
  },
});
