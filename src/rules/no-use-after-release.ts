import * as ts from 'typescript';
import { type AfterRelease, isOneOff, leasesOf, usesTooLate } from '../analysis/index.ts';
import { dropOneRelease } from '../repair/drop-one-release.ts';
import { lineText, quoted } from '../report/wording.ts';
import { certainty, defineRule } from '../rule.ts';
import { awaitReturn } from './no-use-after-release/await-return.ts';
import { copyView, readFirst } from './no-use-after-release/copy-first.ts';
import { moveRelease } from './no-use-after-release/move-release.ts';
import type { LateRepair } from './no-use-after-release/repair.ts';
import { leaveToCaller } from './no-use-after-release/second-release.ts';
import { releaseOnClose, waitForPipe } from './no-use-after-release/stream-repairs.ts';

export default defineRule({
  name: 'no-use-after-release',
  family: 'pools',
  summary: 'Disallow using a pooled object after it was given back',
  preset: 'recommended',
  fixes: true,
  messages: {
    used: '`{{name}}` is used here after {{line}} gave it back; another borrower may already work with it.',
    usedMaybe: '`{{name}}` is used here, and {{line}} may have given it back; another borrower may work with it.',
    leaves: '`{{name}}` leaves the function here after {{line}} gave it back; two callers then work with it.',
    again: '`{{name}}` was already given back on {{line}}; a second release fails or lends it to two borrowers.',
    returned: '`{{work}}` is returned without `await`; {{line}} gives `{{name}}` back while it still runs.',
    stream: '`{{work}}` still reads from `{{name}}` when {{line}} gives it back; another borrower then shares it.',
    view: '`{{work}}` is part of `{{name}}`, which {{line}} gives back; the next borrower writes over it.',
    awaited: 'Await it before `{{name}}` is given back.',
    awaitedAsync: 'Make `{{fn}}` async and await it.',
    dropped: 'Remove the second release.',
    dropFirst: 'Leave the release to `finally`.',
    after: 'Give `{{name}}` back after its last use.',
    finally: 'Give `{{name}}` back in a `finally` after its last use.',
    copied: 'Copy the value first.',
    handOn: 'Leave the release to the caller.',
    onClose: 'Give `{{name}}` back when the stream closes.',
    pipeline: 'Wait until everything has been piped (`pipeline`).',
  },
  options: { certainty },
  create({ core, options, report, sourceFile }) {
    function repairsOf(found: AfterRelease): readonly (LateRepair | undefined)[] {
      switch (found.is) {
        case 'again':
          return [dropOneRelease(found)];
        case 'returned':
          return [awaitReturn(found, core)];
        case 'stream':
          return [waitForPipe(found, core), releaseOnClose(found, core), moveRelease(found, core)];
        case 'use':
          return found.leaves === true ? [leaveToCaller(found)] : [moveRelease(found, core), readFirst(found, core)];
        case 'view':
          return [copyView(found, core)];
      }
    }

    function tell(found: AfterRelease): void {
      const { lease, release, at, value } = found;
      const name = lease.name?.text ?? quoted(lease.acquisition.call);
      const line = lineText(release.node, sourceFile);
      const repairs = repairsOf(found).flatMap((repair) =>
        repair === undefined
          ? []
          : [{ ...repair, automatic: repair.automatic && found.isCertain, data: { name, ...repair.data } }],
      );
      switch (found.is) {
        case 'again':
          report({ at, messageId: 'again', data: { name, line }, repairs });
          return;
        case 'returned':
          report({ at, messageId: 'returned', data: { name, line, work: quoted(calleeOf(at)) }, repairs });
          return;
        case 'stream':
        case 'view':
          report({ at, messageId: found.is, data: { name, line, work: quoted(workOf(at, value)) }, repairs });
          return;
        case 'use': {
          const messageId = found.leaves === true ? 'leaves' : found.isCertain ? 'used' : 'usedMaybe';
          report({ at, messageId, data: { name, line }, repairs });
        }
      }
    }

    return {
      Program() {
        for (const lease of leasesOf(sourceFile, core)) {
          const found = usesTooLate(lease, core).filter(({ isCertain }) => isCertain || options.certainty === 'likely');
          // One mistake, one report: what follows the first late use is late for the same reason.
          const told = new Set<ts.Node>();
          for (const each of found) {
            if (told.has(each.release.node) || isOneOff(sourceFile, core)) continue;
            told.add(each.release.node);
            tell(each);
          }
        }
      },
    };
  },
});

/** What is called, for a message. */
function calleeOf(node: ts.Node): ts.Node {
  return ts.isCallExpression(node) ? node.expression : node;
}

/** The name under which the derived value goes, or the expression. */
function workOf(at: ts.Node, value: ts.Expression | undefined): ts.Node {
  if (ts.isIdentifier(at) || at === value) return at;
  if (ts.isCallExpression(at) && ts.isPropertyAccessExpression(at.expression)) return at.expression.expression;
  return value ?? at;
}
