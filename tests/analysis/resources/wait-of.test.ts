import { describe, expect, it } from 'vitest';
import { type Wait, waitOf } from '../../../src/analysis/resources/wait-of.ts';
import { coreOf } from '../../support/core.ts';

const HEAD = `
  import { EventEmitter, once } from 'node:events';
  import { setTimeout as sleep } from 'node:timers/promises';
  import { Socket } from 'node:net';
  import { Mutex, withTimeout } from 'async-mutex';
  import pg from 'pg';
  declare const orders: EventEmitter;
  declare const socket: Socket;
`;

function waitIn(code: string, at: string): Wait | undefined {
  const { core, expression } = coreOf(HEAD + code);
  return core.ask(waitOf, expression(at));
}

function told(code: string, at: string): string {
  const wait = waitIn(code, at);
  if (wait === undefined) return 'no wait';
  const { bounded, kind } = wait;
  return bounded.is === 'yes' ? `${kind}: ${bounded.witness.by}` : `${kind}: ${bounded.is}`;
}

describe('members that wait', () => {
  it('once without a signal is unbounded and says how to bound it', () => {
    const wait = waitIn(`export async function paid() { await once(orders, 'paid'); }`, `await once(orders, 'paid')`);
    expect(wait).toMatchObject({
      kind: 'call',
      bounded: { is: 'no' },
      boundBy: { by: 'signal-option', argument: 2, option: 'signal' },
    });
  });

  it('a signal in the options, in a constant, behind a spread', () => {
    expect(
      told(
        `export async function paid(signal: AbortSignal) { await once(orders, 'paid', { signal }); }`,
        `await once(orders, 'paid', { signal })`,
      ),
    ).toBe('call: signal');
    expect(
      told(
        `const limits = { signal: AbortSignal.timeout(5) }; export async function paid() { await once(orders, 'paid', limits); }`,
        `await once(orders, 'paid', limits)`,
      ),
    ).toBe('call: signal');
    expect(
      told(
        `export async function paid(limits: { signal?: AbortSignal }) { await once(orders, 'paid', { ...limits }); }`,
        `await once(orders, 'paid', { ...limits })`,
      ),
    ).toBe('call: unknown');
    expect(
      told(
        `export async function paid(limits: { signal?: AbortSignal }) { await once(orders, 'paid', limits); }`,
        `await once(orders, 'paid', limits)`,
      ),
    ).toBe('call: unknown');
  });

  it('raced here, in a variable, by a helper, by the only caller', () => {
    expect(
      told(
        `export async function paid() { await Promise.race([once(orders, 'paid'), sleep(5)]); }`,
        `once(orders, 'paid')`,
      ),
    ).toBe('call: race');
    expect(
      told(
        `export async function paid() { const done = once(orders, 'paid'); await Promise.race([done, sleep(5)]); }`,
        `once(orders, 'paid')`,
      ),
    ).toBe('call: race');
    expect(
      told(
        `function limited<T>(work: Promise<T>) { return Promise.race([work, sleep(5)]); } export async function paid() { await limited(once(orders, 'paid')); }`,
        `once(orders, 'paid')`,
      ),
    ).toBe('call: race');
    expect(
      told(
        `async function paid() { await once(orders, 'paid'); } await Promise.race([paid(), sleep(5)]);`,
        `await once(orders, 'paid')`,
      ),
    ).toBe('call: wrapper');
  });

  it('an unbounded caller leaves it unbounded', () => {
    expect(
      told(`async function paid() { await once(orders, 'paid'); } await paid();`, `await once(orders, 'paid')`),
    ).toBe('call: no');
  });

  it('a number of milliseconds, Infinity, a default', () => {
    expect(
      told(
        `export const wait = (cells: Int32Array<SharedArrayBuffer>) => Atomics.wait(cells, 0, 0);`,
        'Atomics.wait(cells, 0, 0)',
      ),
    ).toBe('call: no');
    expect(
      told(
        `export const wait = (cells: Int32Array<SharedArrayBuffer>) => Atomics.wait(cells, 0, 0, 500);`,
        'Atomics.wait(cells, 0, 0, 500)',
      ),
    ).toBe('call: timeout');
    expect(
      told(
        `export const wait = (cells: Int32Array<SharedArrayBuffer>) => Atomics.wait(cells, 0, 0, Infinity);`,
        'Atomics.wait(cells, 0, 0, Infinity)',
      ),
    ).toBe('call: no');
    expect(
      waitIn(
        `export const wait = (cells: Int32Array<SharedArrayBuffer>) => Atomics.wait(cells, 0, 0);`,
        'Atomics.wait(cells, 0, 0)',
      )?.isBlocking,
    ).toBe(true);
  });

  it('the limit of a pool, where it was built', () => {
    expect(
      told(
        `const pool = new pg.Pool(); export const take = async () => { const client = await pool.connect(); client.release(); };`,
        'await pool.connect()',
      ),
    ).toBe('call: no');
    expect(
      told(
        `const pool = new pg.Pool({ max: 3 }); export const take = async () => { const client = await pool.connect(); client.release(); };`,
        'await pool.connect()',
      ),
    ).toBe('call: no');
    expect(
      told(
        `const pool = new pg.Pool({ connectionTimeoutMillis: 5_000 }); export const take = async () => { const client = await pool.connect(); client.release(); };`,
        'await pool.connect()',
      ),
    ).toBe('call: client');
    expect(
      told(
        `declare const config: pg.PoolConfig; const pool = new pg.Pool(config); export const take = async () => { const client = await pool.connect(); client.release(); };`,
        'await pool.connect()',
      ),
    ).toBe('call: unknown');
    expect(
      told(
        `export const take = async (pool: pg.Pool) => { const client = await pool.connect(); client.release(); };`,
        'await pool.connect()',
      ),
    ).toBe('call: unknown');
    expect(
      told(
        `export class Store { private readonly pool = new pg.Pool({ connectionTimeoutMillis: 5 }); async take() { const client = await this.pool.connect(); client.release(); } }`,
        'await this.pool.connect()',
      ),
    ).toBe('call: client');
  });

  it('a lock in a wrapper that bounds it', () => {
    expect(
      told(
        `const lock = new Mutex(); export const enter = async () => { const release = await lock.acquire(); release(); };`,
        'await lock.acquire()',
      ),
    ).toBe('call: no');
    expect(
      told(
        `const lock = withTimeout(new Mutex(), 1000); export const enter = async () => { const release = await lock.acquire(); release(); };`,
        'await lock.acquire()',
      ),
    ).toBe('call: wrapper');
  });

  it('the end that the same function has caused', () => {
    expect(
      told(
        `export async function stop() { socket.end(); await once(socket, 'close'); }`,
        `await once(socket, 'close')`,
      ),
    ).toBe('call: caused');
    expect(told(`export async function stop() { await once(socket, 'close'); }`, `await once(socket, 'close')`)).toBe(
      'call: no',
    );
  });
});

describe('hand-made promises', () => {
  it('around an event is a wait, with its events', () => {
    const wait = waitIn(
      `export const ready = () => new Promise<void>((resolve, reject) => { socket.once('connect', () => { resolve(); }); socket.once('error', reject); });`,
      `new Promise<void>((resolve, reject) => { socket.once('connect', () => { resolve(); }); socket.once('error', reject); })`,
    );
    expect(wait?.kind).toBe('promise');
    expect(wait?.bounded.is).toBe('no');
    expect(wait?.events.map(({ event, settles }) => `${event ?? ''} ${settles}`)).toEqual([
      'connect resolve',
      'error reject',
    ]);
  });

  it('with a timer or an abort inside is bounded', () => {
    expect(
      told(
        `const p = new Promise<void>((resolve, reject) => { orders.once('paid', () => resolve()); setTimeout(() => reject(new Error('late')), 5); }); export { p };`,
        `new Promise<void>((resolve, reject) => { orders.once('paid', () => resolve()); setTimeout(() => reject(new Error('late')), 5); })`,
      ),
    ).toBe('promise: timer');
    expect(
      told(
        `export const paid = (signal: AbortSignal) => new Promise<void>((resolve, reject) => { orders.once('paid', () => resolve()); signal.addEventListener('abort', reject); });`,
        `new Promise<void>((resolve, reject) => { orders.once('paid', () => resolve()); signal.addEventListener('abort', reject); })`,
      ),
    ).toBe('promise: abort');
  });

  it('that the end of the emitter settles is bounded by it', () => {
    expect(
      told(
        `export const drained = () => new Promise<void>((resolve) => { socket.once('drain', resolve); socket.once('close', () => resolve()); });`,
        `new Promise<void>((resolve) => { socket.once('drain', resolve); socket.once('close', () => resolve()); })`,
      ),
    ).toBe('promise: end');
    expect(
      told(
        `export const drained = () => new Promise<void>((resolve) => { socket.once('drain', resolve); });`,
        `new Promise<void>((resolve) => { socket.once('drain', resolve); })`,
      ),
    ).toBe('promise: no');
  });

  it('an event that rejects may be the end of an emitter without a table', () => {
    expect(
      told(
        `export const paid = () => new Promise<void>((resolve, reject) => { orders.once('paid', () => resolve()); orders.once('end', reject); });`,
        `new Promise<void>((resolve, reject) => { orders.once('paid', () => resolve()); orders.once('end', reject); })`,
      ),
    ).toBe('promise: unknown');
    expect(
      told(
        `export const paid = () => new Promise<void>((resolve) => { orders.once('paid', () => resolve()); });`,
        `new Promise<void>((resolve) => { orders.once('paid', () => resolve()); })`,
      ),
    ).toBe('promise: no');
  });

  it('a sleep, I/O with a callback and an answer at once are no waits', () => {
    expect(
      told(
        `export const pause = () => new Promise<void>((resolve) => { setTimeout(resolve, 5); });`,
        `new Promise<void>((resolve) => { setTimeout(resolve, 5); })`,
      ),
    ).toBe('no wait');
    expect(
      told(
        `declare function load(cb: (text: string) => void): void; export const text = () => new Promise<string>((resolve) => { load((text) => resolve(text)); });`,
        `new Promise<string>((resolve) => { load((text) => resolve(text)); })`,
      ),
    ).toBe('no wait');
    expect(
      told(
        `export const now = () => new Promise<number>((resolve) => { resolve(1); });`,
        `new Promise<number>((resolve) => { resolve(1); })`,
      ),
    ).toBe('no wait');
    expect(
      told(
        `export const text = async () => { const response = await fetch('http://a'); return response.text(); };`,
        `await fetch('http://a')`,
      ),
    ).toBe('no wait');
  });

  it('whose resolver is kept is a doubt', () => {
    expect(
      told(
        `export class Gate { private open: (() => void)[] = []; enter() { return new Promise<void>((resolve) => { this.open.push(resolve); }); } }`,
        `new Promise<void>((resolve) => { this.open.push(resolve); })`,
      ),
    ).toBe('deferred: unknown');
  });
});

describe('poll loops', () => {
  it('until nothing is in flight, without a bound', () => {
    expect(
      told(
        `export class Server { active = 0; async stop() { while (this.active > 0) await sleep(500); } }`,
        'await sleep(500)',
      ),
    ).toBe('poll: no');
    expect(
      told(
        `const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)); export async function wait(job: { done: boolean }) { while (true) { if (job.done) return; await pause(5); } }`,
        'await pause(5)',
      ),
    ).toBe('poll: no');
  });

  it('a counter, a clock, a signal bound it', () => {
    expect(
      told(
        `export async function stop(server: { active: number }) { for (let tries = 0; tries < 10 && server.active > 0; tries++) await sleep(500); }`,
        'await sleep(500)',
      ),
    ).toBe('poll: timeout');
    expect(
      told(
        `export async function stop(server: { active: number }) { const end = Date.now() + 5; while (server.active > 0 && Date.now() < end) await sleep(500); }`,
        'await sleep(500)',
      ),
    ).toBe('poll: timeout');
    expect(
      told(
        `export async function stop(server: { active: number }, signal: AbortSignal) { while (server.active > 0) { if (signal.aborted) throw new Error('late'); await sleep(500); } }`,
        'await sleep(500)',
      ),
    ).toBe('poll: abort');
    expect(
      told(
        `export async function stop(server: { active: number }) { let left = 5; while (server.active > 0) { if (left-- === 0) break; await sleep(500); } }`,
        'await sleep(500)',
      ),
    ).toBe('poll: timeout');
  });

  it('a clock read into a variable of the turn, a counter that lets it go on', () => {
    expect(
      told(
        `export async function stop(server: { active: number }) { const start = Date.now(); while (server.active > 0) { const elapsed = Date.now() - start; if (elapsed > 5_000) throw new Error('late'); await sleep(500); } }`,
        'await sleep(500)',
      ),
    ).toBe('poll: timeout');
    expect(
      told(
        `export async function retry(work: () => Promise<void>) { for (let attempt = 1; ; attempt++) { try { return await work(); } catch (error) { if (attempt < 3) { await sleep(500); continue; } throw error; } } }`,
        'await sleep(500)',
      ),
    ).toBe('poll: timeout');
  });

  it('a sleep outside a loop, or in for … of, is no wait', () => {
    expect(told(`export async function pause() { await sleep(500); }`, 'await sleep(500)')).toBe('no wait');
    expect(
      told(
        `export async function pause(ids: string[]) { for (const id of ids) { await sleep(500); console.log(id); } }`,
        'await sleep(500)',
      ),
    ).toBe('no wait');
  });
});

describe('what the function does with the emitter', () => {
  it('a timer or a signal that acts on it, a timeout set on it, a limit it was made with', () => {
    expect(
      told(
        `export async function text() { setTimeout(() => socket.destroy(), 5); await once(socket, 'data'); }`,
        `await once(socket, 'data')`,
      ),
    ).toBe('call: caused');
    expect(
      told(
        `export async function text() { setTimeout(() => orders.emit('late'), 5); await once(orders, 'paid'); }`,
        `await once(orders, 'paid')`,
      ),
    ).toBe('call: timer');
    expect(
      told(
        `export async function text(signal: AbortSignal) { signal.addEventListener('abort', () => orders.removeAllListeners()); await once(orders, 'paid'); }`,
        `await once(orders, 'paid')`,
      ),
    ).toBe('call: abort');
    expect(
      told(
        `export async function text() { socket.setTimeout(5); await once(socket, 'data'); }`,
        `await once(socket, 'data')`,
      ),
    ).toBe('call: timer');
    expect(
      told(
        `import { connect } from 'node:net'; export async function text() { const one = connect({ port: 1, signal: AbortSignal.timeout(5) }); await once(one, 'data'); }`,
        `await once(one, 'data')`,
      ),
    ).toBe('call: client');
  });

  it('an end by a method of the project, by a function, an event that is emitted here', () => {
    expect(
      told(
        `class Scheduler extends EventEmitter { stop() { this.emit('stopped'); } } export async function stop(one: Scheduler) { one.stop(); await once(one, 'stopped'); }`,
        `await once(one, 'stopped')`,
      ),
    ).toBe('call: caused');
    expect(
      told(
        `declare function terminate(one: EventEmitter): void; export async function stop() { terminate(orders); await once(orders, 'stopped'); }`,
        `await once(orders, 'stopped')`,
      ),
    ).toBe('call: caused');
    expect(
      told(
        `export async function paid() { setImmediate(() => orders.emit('sent')); await once(orders, 'paid'); }`,
        `await once(orders, 'paid')`,
      ),
    ).toBe('call: timer');
    expect(
      told(
        `export async function paid() { orders.emit('ask'); await once(orders, 'paid'); }`,
        `await once(orders, 'paid')`,
      ),
    ).toBe('call: no');
  });

  it('an event that comes, or a failure of which once hears', () => {
    expect(
      told(`export async function open() { await once(socket, 'connect'); }`, `await once(socket, 'connect')`),
    ).toBe('call: end');
    expect(told(`export async function text() { await once(socket, 'data'); }`, `await once(socket, 'data')`)).toBe(
      'call: no',
    );
  });
});

describe('races around it', () => {
  it('one that is returned, one around the caller of the caller', () => {
    expect(
      told(`export const paid = () => Promise.race([once(orders, 'paid'), sleep(5)]);`, `once(orders, 'paid')`),
    ).toBe('call: race');
    expect(
      told(
        `async function paid() { return await once(orders, 'paid'); } async function all() { return await paid(); } export const settle = () => Promise.race([all(), sleep(5)]);`,
        `await once(orders, 'paid')`,
      ),
    ).toBe('call: wrapper');
    expect(
      told(
        `async function paid() { return await once(orders, 'paid'); } export const settle = () => Promise.race([paid(), sleep(5)]); export const wait = () => paid();`,
        `await once(orders, 'paid')`,
      ),
    ).toBe('call: no');
  });
});

describe('other ways to say a limit', () => {
  it('the word BLOCK, an option that ends it otherwise, a method before it', () => {
    const redis = `import { Redis } from 'ioredis'; declare const redis: Redis;`;
    expect(
      told(
        `${redis} export const next = () => redis.xread('BLOCK', 0, 'STREAMS', 'orders', '$');`,
        `redis.xread('BLOCK', 0, 'STREAMS', 'orders', '$')`,
      ),
    ).toBe('call: no');
    expect(
      told(
        `${redis} export const next = () => redis.xread('BLOCK', 5, 'STREAMS', 'orders', '$');`,
        `redis.xread('BLOCK', 5, 'STREAMS', 'orders', '$')`,
      ),
    ).toBe('call: timeout');
    expect(
      told(
        `${redis} export const next = () => redis.xread('STREAMS', 'orders', '$');`,
        `redis.xread('STREAMS', 'orders', '$')`,
      ),
    ).toBe('call: default');
    expect(
      told(
        `import { on } from 'node:events'; export const all = () => on(orders, 'paid', { close: ['end'] });`,
        `on(orders, 'paid', { close: ['end'] })`,
      ),
    ).toBe('call: timeout');
    expect(
      told(
        `import type { Socket as Client } from 'socket.io'; export const seen = (client: Client) => client.timeout(5).emitWithAck('seen');`,
        `client.timeout(5).emitWithAck('seen')`,
      ),
    ).toBe('call: timeout');
  });
});
