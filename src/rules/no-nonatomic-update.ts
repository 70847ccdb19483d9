import ts from 'typescript';
import { cellAt, isInside, type StaleWrite, staleWrites, suspects } from '../analysis/index.ts';
import { functionName, lineText, quoted } from '../report/wording.ts';
import { certainty, defineRule } from '../rule.ts';
import { hoistTheWait } from './no-nonatomic-update/hoist.ts';
import { readAgain } from './no-nonatomic-update/read-again.ts';

export default defineRule({
  name: 'no-nonatomic-update',
  family: 'shared-state',
  summary: 'Disallow writing shared state from a value that was read before a suspension point',
  preset: 'recommended',
  fixes: true,
  messages: {
    stale:
      '`{{name}}` was read on line {{read}}, before the wait on line {{pause}}; what {{other}} wrote meanwhile is lost.',
    across:
      '`{{name}}` is read before the `await` on line {{pause}} and written after it; what {{other}} wrote meanwhile is lost.',
    hoist: 'Wait first, then update `{{name}}` in one step.',
    reread: 'Read `{{name}}` again where it is written.',
  },
  options: { certainty },
  create({ ask, core, options, report, sourceFile, lineOf }) {
    function reportStale(found: StaleWrite): void {
      const name = nameOf(found);
      const isOneExpression =
        isInside(found.read.node, found.write.node.parent) || found.read.node === found.write.node;
      const data = { name, pause: lineOf(found.pause), other: otherOf(found, sourceFile) };
      report({
        at: found.write.node,
        ...(isOneExpression
          ? { messageId: 'across' as const, data }
          : { messageId: 'stale' as const, data: { ...data, read: lineOf(found.read.node) } }),
        repairs: [
          ...hoistTheWait(found, core).map((repair) => ({ ...repair, title: 'hoist' as const, data: { name } })),
          ...readAgain(found, core).map((repair) => ({ ...repair, title: 'reread' as const, data: { name } })),
        ],
      });
    }

    return {
      Program() {
        const reported = new Set<ts.Node>();
        for (const fn of ask(suspects, sourceFile).keys()) {
          for (const answer of ask(staleWrites, fn)) {
            const found =
              answer.is === 'yes' || (answer.is === 'unknown' && options.certainty === 'likely')
                ? answer.witness
                : undefined;
            if (found === undefined || reported.has(found.write.node)) continue;
            // Between threads every change of shared memory in two steps is a fault; `prefer-atomics` has those.
            if (ts.isElementAccessExpression(found.write.node) && cellAt(found.write.node, core) !== undefined) continue;
            reported.add(found.write.node);
            reportStale(found);
          }
        }
      },
    };
  },
});

function nameOf({ write }: StaleWrite): string {
  const { node } = write;
  if (!ts.isCallExpression(node)) return quoted(node);
  const key = node.arguments[0];
  const receiver = ts.isPropertyAccessExpression(node.expression) ? node.expression.expression : node.expression;
  return key === undefined ? quoted(receiver) : `${quoted(receiver)}[${quoted(key)}]`;
}

/** Who can write meanwhile, in a few words. */
function otherOf({ fn, sharing }: StaleWrite, file: ts.SourceFile): string {
  switch (sharing.how) {
    case 'concurrent':
      return `another run started on ${lineText(sharing.node, file)}`;
    case 'repeated':
      return `another call from ${lineText(sharing.node, file)}`;
    default:
      return `another call of \`${functionName(sharing.how === 'exported' ? sharing.node : fn)}\``;
  }
}
