import { describe, expect, it } from 'vitest';
import { unboundedWaits } from '../../../src/analysis/resources/unbounded-waits.ts';
import { unboundedRequests } from '../../../src/analysis/resources/unbounded-requests.ts';
import { coreOf } from '../../support/core.ts';

const HEAD = `
  import { EventEmitter, on, once } from 'node:events';
  import { setTimeout as sleep } from 'node:timers/promises';
  import { Socket } from 'node:net';
  import { Redis } from 'ioredis';
  import { Mutex } from 'async-mutex';
  import { Sema } from 'async-sema';
  import pg from 'pg';
  declare const orders: EventEmitter;
  declare const socket: Socket;
  declare const redis: Redis;
`;

/** Each wait as `kind certain` or `kind likely`, in the order of the text. */
function waitsIn(code: string): readonly string[] {
  const { core, file } = coreOf(HEAD + code);
  return core.ask(unboundedWaits, file).map(({ isCertain, kind }) => `${kind} ${isCertain ? 'certain' : 'likely'}`);
}

describe('unbounded waits', () => {
  it('events: certain when another party has to emit them, likely at the end of an emitter and under an unknown name', () => {
    expect(
      waitsIn(`export async function paid(event: string) {
        await once(orders, 'paid');
        await once(socket, 'data');
        await once(socket, 'close');
        await once(orders, event);
      }`),
    ).toEqual(['event certain', 'event certain', 'event likely', 'event likely']);
  });

  it('no events that come by themselves, that the program gets, or that say that something failed', () => {
    expect(
      waitsIn(`export async function ready(signal: AbortSignal) {
        await once(socket, 'connect');
        await once(socket, 'end');
        await once(orders, 'ready');
        await once(orders, 'error');
        await once(process, 'SIGTERM');
        await once(signal, 'abort');
      }`),
    ).toEqual([]);
  });

  it('promises that are waited for; none that are dropped, kept or handed on', () => {
    expect(
      waitsIn(`declare const kept: Promise<unknown>[];
      export async function paid(track: (work: Promise<unknown>) => void) {
        void once(orders, 'paid');
        kept.push(once(orders, 'paid'));
        track(once(orders, 'paid'));
        return Promise.all([once(orders, 'paid')]);
      }`),
    ).toEqual(['event certain']);
  });

  it('promises made by hand, unless it is known how their emitter ends', () => {
    expect(
      waitsIn(`export async function paid() {
        await new Promise<void>((resolve) => { orders.once('paid', () => resolve()); });
        await new Promise<void>((resolve) => { socket.once('data', () => resolve()); });
      }`),
    ).toEqual(['promise certain']);
  });

  it('locks of the process are likely where their package has a limit to give', () => {
    expect(
      waitsIn(`const lock = new Mutex(); const permits = new Sema(2);
      export async function settle() {
        (await lock.acquire())();
        await permits.acquire();
      }`),
    ).toEqual(['lock likely']);
  });

  it('pools without a limit that somebody borrows from', () => {
    expect(
      waitsIn(`const pool = new pg.Pool(); export const idle = new pg.Pool(); const limited = new pg.Pool({ connectionTimeoutMillis: 5 });
      export const rows = async () => [await pool.query('SELECT 1'), await limited.query('SELECT 1')];`),
    ).toEqual(['pool certain']);
  });

  it('blocking reads, but not those of a consumer', () => {
    expect(
      waitsIn(`export async function answer() { return redis.blpop('answers', 0); }
      export async function consume(handle: (order: unknown) => Promise<void>) { for (;;) await handle(await redis.blpop('orders', 0)); }`),
    ).toEqual(['queue certain']);
  });

  it('iterations that look for one answer, not those that take all', () => {
    expect(
      waitsIn(`export async function reply(id: string) { for await (const [one] of on(orders, 'reply')) if (one === id) return one; return undefined; }
      export async function all(handle: (one: unknown) => void) { for await (const [one] of on(orders, 'reply')) handle(one); }`),
    ).toEqual(['event certain']);
  });

  it('loops that ask for an answer are certain, loops of a stop method likely, others none', () => {
    expect(
      waitsIn(`declare function stateOf(id: string): Promise<string>;
      declare function handle(id: string): Promise<void>;
      export class Jobs {
        active = 0;
        async reported(id: string) { while ((await stateOf(id)) !== 'done') await sleep(5); }
        async state(id: string) { let state = ''; do { state = await stateOf(id); await sleep(5); } while (state !== 'done'); }
        async stop() { while (this.active > 0) await sleep(5); }
        async idle() { while (this.active > 0) await sleep(5); }
        async work() { while (this.active > 0) { await handle('order'); await sleep(5); } }
        async connected() { for (;;) { try { return await stateOf('order'); } catch { await sleep(5); } } }
      }`),
    ).toEqual(['poll certain', 'poll certain', 'state likely']);
  });

  it('nothing that runs once at the start', () => {
    expect(
      waitsIn(`async function main() { await once(orders, 'paid'); while ((await redis.get('state')) !== 'done') await sleep(5); }
      await main();
      await once(orders, 'paid');`),
    ).toEqual([]);
  });
});

describe('unbounded requests', () => {
  it('one of each client, and each call of a function', () => {
    const { core, file } = coreOf(`
      import { Redis } from 'ioredis';
      import { readFile } from 'node:fs/promises';
      const redis = new Redis();
      const limited = new Redis({ commandTimeout: 5 });
      export async function load(id: string) {
        await redis.get(id);
        await redis.expire(id, 60);
        await limited.get(id);
        await readFile(id);
        await fetch(id);
        await fetch(id, { signal: AbortSignal.timeout(5) });
        await Promise.race([fetch(id), new Promise((resolve) => setTimeout(resolve, 5))]);
      }`);
    const found = core.ask(unboundedRequests, file);
    expect(found.map(({ at, endsItself }) => `${at.getText()} ${String(endsItself)}`)).toEqual([
      'redis.get(id) false',
      'fetch(id) true',
    ]);
  });
});
