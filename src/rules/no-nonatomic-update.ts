import type { TSESTree } from '@typescript-eslint/utils';
import * as ts from 'typescript';
import {
  cellAt,
  type Core,
  isAsync,
  isFunctionNode,
  isInside,
  type StaleClear,
  staleClears,
  type StaleWrite,
  staleWrites,
  suspects,
} from '../analysis/index.ts';
import { functionName, lineText, quoted } from '../report/wording.ts';
import { certainty, defineRule } from '../rule.ts';
import { append } from './no-nonatomic-update/append.ts';
import { clearWhatWasRead, emptiedIn } from './no-nonatomic-update/clear-what-was-read.ts';
import { hoistTheWait } from './no-nonatomic-update/hoist.ts';
import { nameOf } from './no-nonatomic-update/name-of.ts';
import { readAgain } from './no-nonatomic-update/read-again.ts';
import { readLater } from './no-nonatomic-update/read-later.ts';
import type { UpdateRepair } from './no-nonatomic-update/repair.ts';
import { underLock } from './no-nonatomic-update/under-lock.ts';
import { updateOf } from './no-nonatomic-update/update-of.ts';
import { writeEarlier } from './no-nonatomic-update/write-earlier.ts';

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
    cleared: '`{{name}}` is emptied after the wait on line {{pause}}; what {{put}} puts there meanwhile is dropped.',
    hoist: 'Wait first, then update `{{name}}` in one step.',
    append: 'Append with `push`.',
    reread: 'Read `{{name}}` again where it is written.',
    earlier: 'Write `{{name}}` before the wait.',
    later: 'Read `{{name}}` after the wait.',
    lock: 'Update `{{name}}` under `{{lock}}`.',
    keep: 'Empty `{{name}}` only if it still holds what was there.',
    take: 'Take what is in `{{name}}` before the wait.',
  },
  options: { certainty },
  create({ ask, core, options, report, sourceFile, tsOf, lineOf }) {
    function reportStale(found: StaleWrite): void {
      const name = nameOf(found);
      const update = updateOf(found.write.node) ?? found.write.node;
      const data = { name, pause: lineOf(found.pause), other: otherOf(found, sourceFile) };
      report({
        at: found.write.node,
        ...(isInside(found.read.node, update)
          ? { messageId: 'across' as const, data }
          : { messageId: 'stale' as const, data: { ...data, read: lineOf(found.read.node) } }),
        repairs: repairsOf(found, core).map((repair) => ({ ...repair, data: { name, lock: '', ...repair.data } })),
      });
    }

    function reportClear(found: StaleClear): void {
      const name = quoted(emptiedIn(found.clear));
      report({
        at: found.clear,
        messageId: 'cleared',
        data: { name, pause: lineOf(found.pause), put: lineText(found.put, sourceFile) },
        repairs: clearWhatWasRead(found, core).map((repair) => ({ ...repair, data: { name } })),
      });
    }

    /** A function that waits may empty what others fill meanwhile. */
    function lookForClears(node: TSESTree.Node): void {
      const fn = tsOf(node);
      if (!isFunctionNode(fn) || !isAsync(fn)) return;
      for (const answer of ask(staleClears, fn)) {
        if (answer.is === 'yes' || (answer.is === 'unknown' && options.certainty === 'likely')) {
          if (answer.witness !== undefined) reportClear(answer.witness);
        }
      }
    }

    return {
      ':function': lookForClears,
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
            if (ts.isElementAccessExpression(found.write.node) && cellAt(found.write.node, core) !== undefined)
              continue;
            reported.add(found.write.node);
            reportStale(found);
          }
        }
      },
    };
  },
});

/** The first way that fits. Where the author must choose, also to write first, and a lock where the update itself must wait. */
function repairsOf(found: StaleWrite, core: Core): readonly UpdateRepair[] {
  const ways = [append, hoistTheWait, readAgain, readLater].map((repairs) => repairs(found, core));
  const fitting = ways.find((repairs) => repairs.length > 0) ?? [];
  if (fitting.some(({ automatic }) => automatic)) return fitting;
  return [...fitting, ...writeEarlier(found, core), ...(fitting.length > 0 ? [] : underLock(found, core))];
}

/** Who can write meanwhile, in a few words. */
function otherOf({ fn, sharing }: StaleWrite, file: ts.SourceFile): string {
  switch (sharing.how) {
    case 'concurrent':
      return `another run started on ${lineText(sharing.node, file)}`;
    case 'repeated':
      return `another call from ${lineText(sharing.node, file)}`;
    default: {
      const own = functionName(fn);
      const isNested = isInside(fn, sharing.node) && own !== 'callback';
      return `another call of \`${sharing.how === 'exported' && !isNested ? functionName(sharing.node) : own}\``;
    }
  }
}
