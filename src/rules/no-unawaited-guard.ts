import * as ts from 'typescript';
import { backgroundTasks, isOneOff, type UnawaitedGuard, unawaitedGuard } from '../analysis/index.ts';
import { lineText, quoted } from '../report/wording.ts';
import { certainty, defineRule } from '../rule.ts';
import { repairsOf } from './no-unawaited-guard/repairs.ts';

export default defineRule({
  name: 'no-unawaited-guard',
  family: 'request-context',
  summary: 'Disallow going on without waiting for a check, an initialiser or the work of a transaction',
  preset: 'recommended',
  fixes: true,
  messages: {
    guard: '`{{name}}` is not awaited; {{next}} runs whether or not it throws on {{throws}}.',
    initialiser: '`{{name}}` is not awaited; {{next}} reads `{{place}}` before {{write}} writes it.',
    transaction: '`{{name}}` is not awaited; the transaction of {{opens}} ends without waiting for it.',
    lent: '`{{name}}` is not awaited; what {{opens}} lends goes back without waiting for it.',
    await: 'Await `{{name}}`.',
    async: 'Make `{{fn}}` async and await `{{name}}`.',
    asyncCallback: 'Make the callback async and await `{{name}}`.',
    ready: 'Run what follows only after `{{name}}`, and keep the promise in `{{field}}`.',
    then: 'Run what follows only when `{{name}}` has passed.',
  },
  options: { certainty },
  create({ ask, core, options, report, sourceFile }) {
    function tell(found: UnawaitedGuard, isCertain: boolean): void {
      const name = nameOf(found);
      const repairs = repairsOf(found, isCertain, core);
      if (repairs.length === 0) return;
      const next = lineText(found.relies, sourceFile);
      report({
        at: found.promise,
        repairs: repairs.map((repair) => ({ ...repair, data: { name, ...repair.data } })),
        ...(found.kind === 'guard'
          ? { messageId: 'guard', data: { name, next, throws: lineText(found.cause, sourceFile) } }
          : found.kind === 'initialiser'
            ? {
                messageId: 'initialiser',
                data: { name, next, place: quoted(found.cause), write: lineText(found.cause, sourceFile) },
              }
            : {
                messageId: isTransaction(found) ? 'transaction' : 'lent',
                data: { name, opens: lineText(found.cause, sourceFile) },
              }),
      });
    }

    return {
      Program() {
        if (isOneOff(sourceFile, core)) return;
        for (const { by, isCallback, work } of ask(backgroundTasks, sourceFile)) {
          if (isCallback || by === 'helper') continue;
          const answer = ask(unawaitedGuard, work);
          if (answer.is === 'no' || answer.witness === undefined) continue;
          if (answer.is === 'yes' || options.certainty === 'likely') tell(answer.witness, answer.is === 'yes');
        }
      },
    };
  },
});

/** What is called, as it is written there. */
function nameOf({ call }: UnawaitedGuard): string {
  return quoted(ts.isTaggedTemplateExpression(call) ? call.tag : call.expression);
}

/** Is it a transaction that ends, not another thing that is lent for a while? */
function isTransaction({ cause, relies }: UnawaitedGuard): boolean {
  return cause !== relies || /^[^(]*(?:transaction|tx|begin)\b/i.test(cause.getText());
}
