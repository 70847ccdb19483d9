import * as ts from 'typescript';
import { type Core, type Happening, isAsync, type Lease, pathOf, statementTextOf } from '../../analysis/index.ts';
import { type Edit, ended, indentOf, indentStepOf, lineBreakOf } from '../../report/edits.ts';
import { quoteOf } from '../../report/on-error.ts';
import { discardEdit } from './discard.ts';
import { memberWith, receiverOf } from './members.ts';
import type { ResetRepair } from './repair.ts';

/** What takes session state away, in PostgreSQL and in MySQL. */
const UNDOES: Readonly<Record<string, string>> = {
  settings: 'RESET ALL',
  listening: 'UNLISTEN *',
  prepared: 'DEALLOCATE ALL',
  locks: 'SELECT pg_advisory_unlock_all()',
  tables: 'DISCARD TEMP',
};

/** Leaves nothing of a changed session to the next borrower: local to its transaction, the connection discarded, the statement undone. */
export function undoSession(
  release: Happening,
  writes: readonly Happening[],
  lease: Lease,
  core: Core,
): readonly ResetRepair[] {
  const name = lease.name?.text ?? receiverOf(release.node)?.object.getText() ?? 'connection';
  const local = localEdits(writes, lease, core);
  if (local !== undefined) return [{ title: 'local', automatic: true, edits: local }];
  const discard = discardEdit(release, core);
  // Who listens wants to hear: to keep the connection out of the pool is the author's choice.
  const isListening = writes.some(({ field }) => field === 'listening');
  // Where a lock was only tried, most ways may have none: a new connection for each of them is too much.
  const isTried = writes.some(({ field, node }) => field === 'locks' && !waitsForLock(node, core));
  const undone = undoEdits(release, writes, lease, core);
  return [
    ...(discard === undefined
      ? []
      : [{ title: 'discard' as const, data: { name }, automatic: !isListening && !isTried, edits: [discard] }]),
    ...(undone === undefined ? [] : [{ title: 'undo' as const, data: { name }, automatic: false, edits: undone }]),
  ];
}

/** Is it the statement itself that comes back only with the lock? */
function waitsForLock(node: ts.Node, core: Core): boolean {
  const row = ts.isCallExpression(node) ? core.api.memberOf(node) : undefined;
  if (row === undefined || !ts.isCallExpression(node)) return false;
  const text = statementTextOf(core.api.argumentOf(node, row.argument), core.checker);
  return text !== undefined && /\bpg_advisory_lock/i.test(text);
}

/** `SET` to `SET LOCAL`, `set_config(…, false)` to `true`: where every way to the statement has begun a transaction. */
function localEdits(writes: readonly Happening[], lease: Lease, core: Core): readonly Edit[] | undefined {
  const edits: Edit[] = [];
  for (const { field, node, step } of writes) {
    if (field !== 'settings' || !ts.isCallExpression(node)) return undefined;
    const begins = lease.happenings.filter((each) => each.is === 'write' && each.field === 'transaction');
    const ends = lease.happenings.filter(
      (each) => each.is === 'reset' && (each.field ?? 'transaction') === 'transaction',
    );
    const isBegun = new Set(begins.map((each) => each.step));
    if (isBegun.size === 0) return undefined;
    const isOutside = [lease.acquire, ...ends.map((each) => each.step)].some(
      (from) => pathOf({ from, to: (each) => each === step, avoiding: (each) => isBegun.has(each) }) !== undefined,
    );
    const edit = isOutside ? undefined : localEdit(core.api.argumentOf(node, core.api.memberOf(node)?.argument));
    if (edit === undefined) return undefined;
    edits.push(edit);
  }
  return edits.length === 0 ? undefined : edits;
}

function localEdit(given: ts.Expression | undefined): Edit | undefined {
  const text = given === undefined ? undefined : statementTextOf(given);
  if (given === undefined || text === undefined || /;\s*\S/.test(text)) return undefined;
  const source = given.getText();
  const start = given.getStart();
  const set = /^([\s\S]{1,40}?)\b(set)\s+(session\s+)?(?=[\w.]+)/i.exec(source);
  if (set !== null && /^[`'"{\s\w:]*$/.test(set[1] ?? '')) {
    const at = start + set.index + (set[1] ?? '').length;
    const isLower = set[2] === 'set';
    return {
      range: [at, at + (set[2] ?? '').length + 1 + (set[3] ?? '').length],
      text: isLower ? 'set local ' : 'SET LOCAL ',
    };
  }
  const config = /,\s*(false)\s*\)/i.exec(source);
  if (!/set_config/i.test(text) || config === null) return undefined;
  const at = start + config.index + config[0].toLowerCase().indexOf('false');
  return { range: [at, at + 'false'.length], text: 'true' };
}

/** The statements that undo it, with the release behind them come what may. */
function undoEdits(
  { node }: Happening,
  writes: readonly Happening[],
  { fn }: Lease,
  core: Core,
): readonly Edit[] | undefined {
  const receiver = receiverOf(node);
  const statement = ts.isAwaitExpression(node.parent) ? node.parent.parent : node.parent;
  if (receiver === undefined || !ts.isExpressionStatement(statement) || ts.isSourceFile(fn) || !isAsync(fn))
    return undefined;
  const type = core.checker.getNonNullableType(core.checker.getTypeAtLocation(receiver.object));
  const query = memberWith(type, 'queries', core);
  if (query?.givesPromise !== true) return undefined;
  const file = statement.getSourceFile();
  const quote = quoteOf(file);
  const object = `${receiver.object.getText()}${receiver.link}`;
  const resets = memberWith(type, 'resets', core);
  const undoing = new Set(
    writes.map(({ field }) =>
      resets?.givesPromise === true
        ? `await ${object}${resets.name}(${resets.needs === 0 ? '' : '{}'})`
        : field !== undefined && UNDOES[field] !== undefined
          ? `await ${object}${query.name}(${quote}${UNDOES[field]}${quote})`
          : undefined,
    ),
  );
  if (undoing.has(undefined) || undoing.size === 0) return undefined;
  const line = lineBreakOf(file);
  const outer = indentOf(statement);
  const inner = outer + indentStepOf(file);
  const lines = [...undoing].map((text) => `${inner}${ended(text ?? '', file)}`);
  const start = statement.getStart();
  return [
    { range: [start, start], text: ['try {', ...lines, `${outer}} finally {`, inner].join(line) },
    { range: [statement.getEnd(), statement.getEnd()], text: `${line}${outer}}` },
  ];
}
