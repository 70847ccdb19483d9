import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { acquisitionsIn } from '../../../src/analysis/resources/acquisitions.ts';
import { extraReleases } from '../../../src/analysis/resources/after-release.ts';
import { leasesIn } from '../../../src/analysis/resources/lease.ts';
import { lockOrders } from '../../../src/analysis/resources/lock-orders.ts';
import { lockTakings } from '../../../src/analysis/resources/lock-takings.ts';
import { selfDeadlocks } from '../../../src/analysis/resources/self-deadlocks.ts';
import { strayLocks } from '../../../src/analysis/resources/session-locks.ts';
import { unheldLock } from '../../../src/analysis/resources/unheld-locks.ts';
import { type FunctionNode, isFunctionNode } from '../../../src/analysis/syntax/functions.ts';
import { coreOf } from '../../support/core.ts';

const HEAD = `
  import { Mutex, Semaphore, withTimeout } from 'async-mutex';
  import { Sema } from 'async-sema';
  import AsyncLock from 'async-lock';
  import { lock, unlock } from 'proper-lockfile';
  import pg from 'pg';
  declare function charge(id: string): Promise<void>;
  const mutex = new Mutex();
  const seat = new Sema(1);
  const seats = new Sema(3);
  const keyed = new AsyncLock();
`;

type Asked = ReturnType<typeof coreOf>;

/** Every function of the code whose name is given, and every callback after that. */
function functionsIn({ file }: Asked): readonly FunctionNode[] {
  const found: FunctionNode[] = [];
  const look = (node: ts.Node): void => {
    if (isFunctionNode(node) && !ts.isSourceFile(node)) found.push(node);
    ts.forEachChild(node, look);
  };
  look(file);
  return found;
}

function named(asked: Asked, name: string): FunctionNode {
  const found = functionsIn(asked).find(
    (fn) => (ts.isFunctionDeclaration(fn) || ts.isMethodDeclaration(fn)) && fn.name?.getText() === name,
  );
  if (found === undefined) throw new Error(`There is no function '${name}'.`);
  return found;
}

/** The locks that a function waits for: the text of the call that leads there, and whether every run comes to it. */
function takingsOf(code: string, name = 'pay'): readonly string[] {
  const asked = coreOf(HEAD + code);
  return asked.core
    .ask(lockTakings, named(asked, name))
    .map(({ at, isCertain }) => `${at.getText()} ${isCertain ? 'always' : 'maybe'}`);
}

/** Every lock of the code that its holder takes again: the answer, and the call. */
function deadlocksIn(code: string): readonly string[] {
  const asked = coreOf(HEAD + code);
  return functionsIn(asked).flatMap((fn) =>
    asked.core.ask(selfDeadlocks, fn).map((answer) => {
      const witness = answer.is === 'no' ? undefined : answer.witness;
      return `${answer.is} ${witness?.taking.at.getText() ?? ''}${witness?.limit === undefined ? '' : ' limited'}`;
    }),
  );
}

describe('the locks that a function waits for', () => {
  it('are those it takes itself and in what it waits for', () => {
    expect(takingsOf('async function pay(id: string) { await mutex.runExclusive(() => charge(id)); }')).toEqual([
      'mutex.runExclusive(() => charge(id)) always',
    ]);
    expect(
      takingsOf(`async function record() { const release = await mutex.acquire(); release(); }
      async function pay() { await record(); }`),
    ).toEqual(['record() always']);
    expect(
      takingsOf(`async function record(id: string) { await mutex.runExclusive(() => charge(id)); }
      async function pay(ids: string[]) { await Promise.all(ids.map((id) => record(id))); }`),
    ).toEqual(['record(id) always']);
  });

  it('are not those of work that nobody waits for, nor those that it makes', () => {
    expect(takingsOf('async function pay(id: string) { void mutex.runExclusive(() => charge(id)); }')).toEqual([]);
    expect(
      takingsOf(
        'async function pay(id: string) { const own = new Mutex(); await own.runExclusive(() => charge(id)); }',
      ),
    ).toEqual([]);
  });

  it('are not those that it lets go for its caller first', () => {
    expect(takingsOf('async function pay() { seat.release(); await charge(""); await seat.acquire(); }')).toEqual([]);
  });

  it('are in doubt where a parameter decides, and none where the lock is asked', () => {
    expect(
      takingsOf(
        'async function pay(id: string, isFree: boolean) { if (isFree) await mutex.acquire(); await charge(id); }',
      ),
    ).toEqual(['mutex.acquire() maybe']);
    expect(
      takingsOf('async function pay(id: string) { if (!mutex.isLocked()) await mutex.acquire(); await charge(id); }'),
    ).toEqual([]);
    expect(
      takingsOf(`const paid = { today: 0 };
      async function pay() { if (paid.today > 9) return; await mutex.runExclusive(() => charge('1')); }`),
    ).toEqual(["mutex.runExclusive(() => charge('1')) always"]);
  });

  it('are links of a chain of promises, and locks of the project', () => {
    expect(
      takingsOf(`let tail: Promise<unknown> = Promise.resolve();
      function pay(work: () => Promise<void>) { const run = tail.then(work); tail = run.catch(() => undefined); return run; }`),
    ).toEqual(['tail.then(work) always']);
  });
});

describe('a lock that its holder takes again', () => {
  const RECORD = 'async function record(id: string) { await mutex.runExclusive(() => charge(id)); }';

  it('in a callee, under the same key, of one permit', () => {
    expect(
      deadlocksIn(`${RECORD} async function pay(id: string) { await mutex.runExclusive(() => record(id)); }`),
    ).toEqual(['yes record(id)']);
    expect(
      deadlocksIn(`async function pay(id: string) {
        await keyed.acquire(id, async () => { await keyed.acquire(id, () => charge(id)); });
      }`),
    ).toEqual(['yes keyed.acquire(id, () => charge(id))']);
    expect(deadlocksIn(`async function pay() { await seat.acquire(); await seat.acquire(); seat.release(); }`)).toEqual(
      ['yes seat.acquire()'],
    );
  });

  it('not under another key, after it was given back, or in the background', () => {
    expect(
      deadlocksIn(`async function pay(id: string) {
        await keyed.acquire('orders', async () => { await keyed.acquire('ledger', () => charge(id)); });
        const release = await mutex.acquire();
        release();
        await mutex.acquire();
      }`),
    ).toEqual([]);
    expect(
      deadlocksIn(`${RECORD} async function pay(id: string) {
        await mutex.runExclusive(async () => { void record(id); });
      }`),
    ).toEqual([]);
  });

  it('in doubt with several permits; with its limit where it has one; not where it fails at once', () => {
    expect(
      deadlocksIn(`async function pay() { await seats.acquire(); await seats.acquire(); seats.release(); }`),
    ).toEqual(['unknown seats.acquire()']);
    expect(
      deadlocksIn(`const slow = withTimeout(new Mutex(), 100);
      async function pay(id: string) { await slow.runExclusive(() => slow.runExclusive(() => charge(id))); }`),
    ).toEqual(['yes slow.runExclusive(() => charge(id)) limited']);
    expect(
      deadlocksIn(`const lasting = new AsyncLock({ domainReentrant: true });
      async function pay(id: string) { await lasting.acquire(id, () => lasting.acquire(id, () => charge(id))); }`),
    ).toEqual([]);
  });
});

describe('locks in both orders', () => {
  const BOTH = `const ledger = new Mutex();
    async function pay(id: string) { await mutex.runExclusive(() => ledger.runExclusive(() => charge(id))); }`;

  function ordersIn(code: string): number {
    const { core } = coreOf(HEAD + code);
    return core.ask(lockOrders, core.program).length;
  }

  it('are told once for each pair', () => {
    expect(
      ordersIn(
        `${BOTH} async function undo(id: string) { await ledger.runExclusive(() => mutex.runExclusive(() => charge(id))); }`,
      ),
    ).toBe(1);
  });

  it('are not told of one order', () => {
    expect(
      ordersIn(
        `${BOTH} async function undo(id: string) { await mutex.runExclusive(() => ledger.runExclusive(() => charge(id))); }`,
      ),
    ).toBe(0);
  });
});

describe('a lock as a lease', () => {
  function leaseIn(code: string) {
    const asked = coreOf(HEAD + code);
    const [lease] = asked.core.ask(leasesIn, named(asked, 'pay'));
    if (lease === undefined) throw new Error('There is no lease.');
    return { lease, core: asked.core };
  }

  it('is held under a key where functions lock and unlock by name', () => {
    const { lease } = leaseIn(
      'async function pay(path: string) { await lock(path); await charge(path); await unlock(path); }',
    );
    expect(lease.happenings.map(({ is }) => is)).toEqual(['release']);
  });

  it('is not what a try-lock gives', () => {
    const asked = coreOf(`${HEAD} function pay() { if (seat.tryAcquire()) seat.release(); }`);
    expect(asked.core.ask(acquisitionsIn, named(asked, 'pay'))).toEqual([]);
  });

  it('is given back unheld where something before it fails, or it gives up', () => {
    const unheld = (before: string): string => {
      const { lease, core } = leaseIn(
        `async function pay(id: string) { try { ${before} await charge(id); } finally { seat.release(); } }`,
      );
      return unheldLock(lease, core).is;
    };
    expect(unheld('await charge(id); await seat.acquire();')).toBe('yes');
    expect(unheld('await seat.acquire();')).toBe('no');
    expect(unheld('const key = id.trim(); await seat.acquire(); console.log(key);')).toBe('no');
  });

  it('is given back twice on a way on which it is not taken again', () => {
    const extra = (code: string): number => {
      const { lease, core } = leaseIn(`async function pay(id: string) { await seat.acquire(); ${code} }`);
      return extraReleases(lease, core).length;
    };
    expect(extra('try { await charge(id); seat.release(); } finally { seat.release(); }')).toBe(1);
    expect(extra('seat.release(); await seat.acquire(); seat.release();')).toBe(0);
  });

  it('is lost on a connection that goes back to its pool at once', () => {
    const { core, file } = coreOf(`${HEAD} const pool = new pg.Pool();
      declare const client: pg.PoolClient;
      export async function pay() {
        await pool.query('SELECT pg_advisory_lock(1)');
        await client.query('SELECT pg_advisory_lock(1)');
        await pool.query('SELECT pg_advisory_xact_lock(1)');
      }`);
    const stray = core.ask(strayLocks, file).map((call) => call.getText());
    expect(stray).toEqual(["pool.query('SELECT pg_advisory_lock(1)')"]);
  });
});
