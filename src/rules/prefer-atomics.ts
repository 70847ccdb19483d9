import * as ts from 'typescript';
import {
  type CellLock,
  cellLocks,
  type CellRace,
  cellRaces,
  type MixedAccess,
  mixedAccesses,
} from '../analysis/index.ts';
import { lineText, quoted } from '../report/wording.ts';
import { defineRule, milliseconds } from '../rule.ts';
import type { Edit } from '../report/edits.ts';
import { boundedLock, releasedInFinally } from './prefer-atomics/lock-repairs.ts';
import { atomicFormOf } from './prefer-atomics/mixed-repairs.ts';
import { rewritesOf } from './prefer-atomics/race-repairs.ts';
import type { Rewrite } from './prefer-atomics/rewrite.ts';

export default defineRule({
  name: 'prefer-atomics',
  family: 'shared-state',
  summary: 'Require `Atomics` for cells of shared memory that several threads change',
  preset: 'recommended',
  fixes: true,
  messages: {
    update:
      '`{{cell}}` is shared memory, and `{{operator}}` reads and writes it in two steps; an update by another thread in between is lost.',
    readBack: '`{{cell}}` is written from the value read on {{read}}; what another thread writes in between is lost.',
    swap: '`{{cell}}` is overwritten here after the read on {{read}}; what another thread writes in between is lost.',
    testAndSet: '`{{cell}}` is tested on {{read}} and written here in two steps; two threads can both pass the test.',
    plainRead:
      '`{{cell}}` is read here without `Atomics`, while `{{other}}` on {{line}} changes it; this thread may keep seeing an old value.',
    plainWrite:
      '`{{cell}}` is written here without `Atomics`, while `{{other}}` on {{line}} relies on it; other threads may see the write late.',
    neverReleased:
      '`{{cell}}` is taken as a lock here and set back nowhere in this program; the next thread that wants it waits for ever.',
    held: '`{{cell}}` is taken as a lock here and still held when {{exit}}; every other thread then waits for ever.',
    endless:
      '`{{cell}}` is tried here again and again without a bound; if its holder never gives it back, this thread spins for ever.',
    member: 'Use `{{member}}`.',
    retry: 'Retry with `Atomics.compareExchange` until no other thread has written in between.',
    bound: 'Give up after {{timeout}} ms.',
    release: 'Give the lock back in `finally`.',
  },
  options: {
    timeout: milliseconds(
      30_000,
      'How long a loop that takes a lock may try, in the suggestion that bounds it.',
      'wait',
    ),
  },
  create({ core, ask, sourceFile, sourceCode, options, report }) {
    const isShadowed =
      sourceCode.scopeManager?.scopes.some((scope) => (scope.set.get('Atomics')?.defs.length ?? 0) > 0) === true;

    function repairs(rewrites: readonly Rewrite[]) {
      if (isShadowed) return [];
      return rewrites.map(({ title, member = '', automatic, edits }) => ({
        title,
        data: { member },
        automatic,
        edits,
      }));
    }

    function reportRace(race: CellRace): void {
      const { kind, write, reads } = race;
      const [read = write] = reads;
      const data = { cell: cellText(race), read: lineText(read, sourceFile), operator: operatorOf(write) };
      const messageId = (
        { update: 'update', 'read-back': 'readBack', swap: 'swap', 'test-and-set': 'testAndSet' } as const
      )[kind];
      report({ at: write, messageId, data, repairs: repairs(rewritesOf(race, core)) });
    }

    function reportMixed(access: MixedAccess): void {
      const { node, use, other } = access;
      report({
        at: node,
        messageId: use === 'read' ? 'plainRead' : 'plainWrite',
        data: {
          cell: quoted(node),
          other: quoted(ts.isCallExpression(other) ? other.expression : other),
          line: lineText(other, sourceFile),
        },
        repairs: repairs(atomicFormOf(access, core)),
      });
    }

    function reportLock(lock: CellLock): void {
      const { take, leak, isEndless } = lock;
      const cell = cellText(lock);
      if (leak?.is === 'nowhere') report({ at: take, messageId: 'neverReleased', data: { cell } });
      if (leak?.is === 'path') {
        const edits = releasedInFinally(lock);
        report({
          at: take,
          messageId: 'held',
          data: { cell, exit: exitText(leak.last) },
          repairs: suggestion('release', edits),
        });
      }
      if (!isEndless) return;
      const edits = boundedLock(lock, options.timeout);
      report({
        at: take,
        messageId: 'endless',
        data: { cell },
        repairs: suggestion('bound', edits, { timeout: options.timeout }),
      });
    }

    function exitText(last: ts.Node | undefined): string {
      if (last === undefined) return 'the function ends';
      const line = lineText(last, sourceFile);
      if (ts.isReturnStatement(last)) return `${line} returns`;
      return ts.isCallExpression(last) ? `\`${quoted(last)}\` on ${line} throws` : `${line} throws`;
    }

    return {
      Program() {
        for (const race of ask(cellRaces, sourceFile)) reportRace(race);
        for (const access of ask(mixedAccesses, sourceFile)) reportMixed(access);
        for (const lock of ask(cellLocks, sourceFile)) reportLock(lock);
      },
    };
  },
});

function suggestion<Title extends string>(
  title: Title,
  edits: readonly Edit[] | undefined,
  data: Record<string, number> = {},
) {
  return edits === undefined ? [] : [{ title, data, automatic: false, edits }];
}

function cellText({ cell: { view, index } }: CellLock | CellRace): string {
  return `${quoted(view)}[${quoted(index)}]`;
}

function operatorOf(write: ts.Expression): string {
  if (ts.isBinaryExpression(write)) return write.operatorToken.getText();
  const isUpdate = ts.isPrefixUnaryExpression(write) || ts.isPostfixUnaryExpression(write);
  return isUpdate && write.operator === ts.SyntaxKind.MinusMinusToken ? '--' : '++';
}
