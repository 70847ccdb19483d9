import { describe, expect, it } from 'vitest';
import type { Catalogue } from '../../../src/catalogue/schema.ts';
import { wrongMarksIn } from './marks.ts';

describe('functions', () => {
  it('are found under every import', () => {
    const wrong = wrongMarksIn({
      'orders.ts': `
        import { once } from 'node:events';
        import { once as waitFor } from 'events';
        import events from 'node:events';
        import * as timers from 'node:timers/promises';
        import { setTimeout as sleep } from 'timers/promises';
        import { promises as files } from 'node:fs';
        import * as fs from 'node:fs';
        import closeWithGrace from 'close-with-grace';
        import pLimit from 'p-limit';
        import { default as limited } from 'p-limit';
        declare const orders: events;
        once(orders, 'paid'); // => events once
        waitFor(orders, 'paid'); // => events once
        events.once(orders, 'paid'); // => events once
        timers.setTimeout(10); // => timers/promises setTimeout
        sleep(10); // => timers/promises setTimeout
        files.readFile('stock.json'); // => fs/promises readFile
        fs.promises.open('stock.json'); // => fs/promises open
        closeWithGrace(async () => {}); // => close-with-grace closeWithGrace
        pLimit(1); // => p-limit pLimit
        limited(1); // => p-limit pLimit
      `,
    });
    expect(wrong).toEqual([]);
  });

  it('are found through other files of the project', () => {
    const wrong = wrongMarksIn({
      'waiting.ts': `
        export { once as untilEvent } from 'node:events';
        export * from 'node:timers/promises';
        import { once } from 'node:events';
        export const untilPaid = once;
      `,
      'shared/index.ts': `export * from '../waiting.ts'; export * as waiting from '../waiting.ts';`,
      'orders.ts': `
        import { untilEvent, untilPaid, setTimeout as pause, waiting } from './shared/index.ts';
        import { EventEmitter } from 'node:events';
        declare const orders: EventEmitter;
        untilEvent(orders, 'paid'); // => events once
        untilPaid(orders, 'paid'); // => events once
        pause(10); // => timers/promises setTimeout
        waiting.setTimeout(10); // => timers/promises setTimeout
      `,
    });
    expect(wrong).toEqual([]);
  });

  it('are found through constants, promisify and bind', () => {
    const wrong = wrongMarksIn({
      'orders.ts': `
        import { promisify } from 'node:util';
        import { exec } from 'node:child_process';
        import { EventEmitter } from 'node:events';
        declare const orders: EventEmitter;
        const later = setTimeout;
        const sleep = promisify(setTimeout);
        const run = promisify(exec);
        const listen = orders.on.bind(orders);
        const { once: onceOf } = EventEmitter;
        const tools = { setTimeout, wait: setTimeout };
        later(() => {}, 10); // => timers setTimeout
        sleep(10); // => timers/promises setTimeout
        run('ls'); // => child_process exec
        listen('paid', () => {}); // => events EventEmitter.on
        orders.on.bind(orders)('paid', () => {}); // => events EventEmitter.on
        orders.on.call(orders, 'paid', () => {}); // => events EventEmitter.on
        orders.on.apply(orders, ['paid', () => {}]); // => events EventEmitter.on
        onceOf(orders, 'paid'); // => events once
        tools.setTimeout(() => {}, 10); // => timers setTimeout
        globalThis.setTimeout(() => {}, 10); // => timers setTimeout
      `,
    });
    expect(wrong).toEqual([]);
  });

  it('are found in CommonJS, also in checked JavaScript', () => {
    const wrong = wrongMarksIn({
      'package.json': '{ "name": "orders-api", "type": "commonjs" }',
      'orders.cts': `
        import events = require('node:events');
        import pgModule = require('pg');
        declare const orders: events;
        events.once(orders, 'paid'); // => events once
        new pgModule.Pool(); // => pg new Pool
      `,
      'sessions.cjs': `
        const { once } = require('node:events');
        const events = require('events');
        const { Pool } = require('pg');
        const { setTimeout: sleep } = require('node:timers/promises');
        const limit = require('p-queue').default;
        const pool = new Pool();
        /** @param {import('pg').PoolClient} client */
        function close(client) {
          client.release(); // => pg PoolClient.release
        }
        /** @type {import('node:events').EventEmitter} */
        const sessions = new events();
        once(sessions, 'ended'); // => events once
        events.once(sessions, 'ended'); // => events once
        sleep(10); // => timers/promises setTimeout
        new Pool(); // => pg new Pool
        pool.connect(); // => pg Pool.connect
        sessions.on('ended', close); // => events EventEmitter.on
        new limit({ concurrency: 1 }); // => p-queue new PQueue
      `,
    });
    expect(wrong).toEqual([]);
  });
});

describe('methods', () => {
  it('are found on every form of the receiver’s type', () => {
    const wrong = wrongMarksIn({
      'orders.ts': `
        import pg, { Pool } from 'pg';
        import type { Pool as Connections, PoolClient } from 'pg';
        interface TenantPool extends Pool { tenant: string }
        class AuditedPool extends Pool { audit() { return this.connect(); } } // => pg Pool.connect
        type Database = Pool;
        export async function settle<T extends Pool, R extends { pool: Pool }>(
          plain: Pool, named: pg.Pool, renamed: Connections, aliased: Database, maybe: Pool | undefined, nullable: Pool | null,
          generic: T, inner: R, without: Omit<Pool, 'end'>, only: Pick<Pool, 'connect'>, partial: Partial<Pool>,
          readonly: Readonly<Pool>, tenant: TenantPool, both: Pool & { tenant: string }, lent: Awaited<Promise<Pool>>,
          made: ReturnType<typeof makePool>, own: AuditedPool, listed: Record<string, Pool>, first: [Pool],
        ) {
          await plain.connect(); // => pg Pool.connect
          await named.connect(); // => pg Pool.connect
          await renamed.connect(); // => pg Pool.connect
          await aliased.connect(); // => pg Pool.connect
          await maybe?.connect(); // => pg Pool.connect
          await nullable!.connect(); // => pg Pool.connect
          await generic.connect(); // => pg Pool.connect
          await inner.pool.connect(); // => pg Pool.connect
          await without.connect(); // => pg Pool.connect
          await only.connect(); // => pg Pool.connect
          await partial.connect?.(); // => pg Pool.connect
          await readonly.connect(); // => pg Pool.connect
          await tenant.connect(); // => pg Pool.connect
          await both.connect(); // => pg Pool.connect
          await lent.connect(); // => pg Pool.connect
          await made.connect(); // => pg Pool.connect
          await own.connect(); // => pg Pool.connect
          await listed['eu']?.connect(); // => pg Pool.connect
          await first[0].connect(); // => pg Pool.connect
          await plain['connect'](); // => pg Pool.connect
          await (plain as Pool).connect(); // => pg Pool.connect
          await (maybe ?? plain).connect(); // => pg Pool.connect
          const { connect, query: ask } = plain;
          connect(); // => pg Pool.connect
          ask('SELECT 1'); // => pg Pool.query
          const client = await plain.connect(); // => pg Pool.connect
          client.release(); // => pg PoolClient.release
          (client as PoolClient | undefined)?.['release'](); // => pg PoolClient.release
        }
        function makePool() { return new Pool(); } // => pg new Pool
      `,
    });
    expect(wrong).toEqual([]);
  });

  it('are those of the nearest type that has a row', () => {
    const wrong = wrongMarksIn({
      'server.ts': `
        import http from 'node:http';
        import net from 'node:net';
        import { Readable } from 'node:stream';
        const web = http.createServer(() => {}); // => http createServer
        const raw = net.createServer(); // => net createServer
        web.close(); // => http Server.close
        raw.close(); // => net Server.close
        web.closeAllConnections(); // => http Server.closeAllConnections
        web.setMaxListeners(0); // => events EventEmitter.setMaxListeners
        process.once('SIGTERM', () => {}); // => process Process.once
        Readable.from([1]).once('end', () => {}); // => events EventEmitter.once
      `,
    });
    expect(wrong).toEqual([]);
  });

  it('are found where a class implements the interface that has the rows', () => {
    const wrong = wrongMarksIn({
      'stock.ts': `
        import { Mutex, Semaphore, withTimeout } from 'async-mutex';
        const stock = new Mutex(); // => async-mutex new Mutex
        const bounded = withTimeout(stock, 1_000); // => async-mutex withTimeout
        const seats = new Semaphore(4); // => async-mutex new Semaphore
        stock.acquire(); // => async-mutex MutexInterface.acquire
        bounded.runExclusive(() => 1); // => async-mutex MutexInterface.runExclusive
        seats.runExclusive(() => 1); // => async-mutex SemaphoreInterface.runExclusive
      `,
    });
    expect(wrong).toEqual([]);
  });

  it('are found on values that are called themselves', () => {
    const wrong = wrongMarksIn({
      'invoices.ts': `
        import pLimit, { type LimitFunction } from 'p-limit';
        import type { NextFunction } from 'express';
        const limit = pLimit(1);
        class Invoices {
          constructor(private readonly limit: LimitFunction) {}
          send(next: NextFunction) {
            this.limit(() => 1); // => p-limit LimitFunction.()
            next(); // => express NextFunction.()
          }
        }
        export function each(limited?: LimitFunction) {
          limited?.(() => 1); // => p-limit LimitFunction.()
          return new Invoices(limit);
        }
        limit(() => 1); // => p-limit LimitFunction.()
      `,
    });
    expect(wrong).toEqual([]);
  });

  it('are found behind members that declarations name', () => {
    const wrong = wrongMarksIn({
      'limits.ts': `
        import type { Server } from 'node:http';
        import pLimit, { type LimitFunction } from 'p-limit';
        export const limit = pLimit(1);
        export class Limits { static readonly shared: LimitFunction = pLimit(2); static plain(task: () => number) { return task(); } }
        export interface Held<Value> { readonly value: Value; plain(task: () => number): number }
        export function held(): Held<LimitFunction> { return { value: limit, plain: (task) => task() }; }
        export async function load() { return 1; }
        export declare function web(): Server;
      `,
      'invoices.ts': `
        import * as limits from './limits.js';
        import { held, Limits } from './limits.js';
        export function each() {
          limits.limit(() => 1); // => p-limit LimitFunction.()
          Limits.shared(() => 1); // => p-limit LimitFunction.()
          limits.Limits.shared(() => 1); // => p-limit LimitFunction.()
          held().value(() => 1); // => p-limit LimitFunction.()
          held().plain(() => 1); // => nothing
          Limits.plain(() => 1); // => nothing
          limits.web().listen(1); // => http Server.listen
          limits.load().catch(() => 1); // => lib Promise.catch
          limits.load().then(() => 1).finally(() => undefined); // => lib Promise.finally
        }
      `,
    });
    expect(wrong).toEqual([]);
  });
});

describe('the library', () => {
  it('is found on primitives, tuples, statics and namespaces', () => {
    const wrong = wrongMarksIn({
      'orders.ts': `
        type Sku = string & { readonly brand: 'sku' };
        export async function total(skus: readonly Sku[], pair: [number, number], sku: Sku, lines?: Map<string, number[]>) {
          skus.map((each) => each); // => lib ReadonlyArray.map
          pair.push(1); // => lib Array.push
          sku.split('-'); // => lib String.split
          'a-b'.split('-'); // => lib String.split
          lines?.get('paper')?.push(1); // => lib Array.push
          lines?.get('paper'); // => lib Map.get
          await Promise.all([1]); // => lib Promise.static:all
          Promise.resolve(1).then(() => 2); // => lib Promise.then
          Math.max(1, 2); // => lib Math.max
          Object.assign({}, {}); // => lib Object.static:assign
          Atomics.add(new Int32Array(1), 0, 1); // => lib Atomics.add
          new Promise<void>((resolve) => resolve()); // => lib new Promise
          AbortSignal.timeout(10); // => global AbortSignal.static:timeout
          console.error('paid'); // => global Console.error
          Buffer.allocUnsafe(10); // => buffer Buffer.static:allocUnsafe
          new Set([1]).add(2); // => lib Set.add
          JSON.parse('{}'); // => lib JSON.parse
        }
      `,
    });
    expect(wrong).toEqual([]);
  });

  it('is found in a subclass of the project, unless the project makes its own', () => {
    const wrong = wrongMarksIn({
      'orders.ts': `
        import { EventEmitter } from 'node:events';
        class Orders extends EventEmitter {
          constructor() { super(); this.on('paid', () => {}); } // => nothing
          ready() { return super.on('ready', () => {}); } // => events EventEmitter.on
        }
        class Totals extends Map<string, number> {}
        const totals = new Totals(); // => lib new Map
        totals.set('paper', 1); // => lib Map.set
        const on = new Orders();
        on.emit('paid'); // => events EventEmitter.emit
      `,
    });
    expect(wrong).toEqual([]);
  });
});

describe('nothing is found', () => {
  it('for a name of the project’s own', () => {
    const wrong = wrongMarksIn({
      'own.ts': `
        export function once(event: string) { return event; }
        export function fetch(id: string) { return id; }
        export async function acquire() { return 1; }
        export const setTimeout = (ms: number) => ms;
        export class Pool { connect() { return 1; } query(sql: string) { return sql; } end() {} }
        export class Mutex { runExclusive<T>(work: () => T) { return work(); } }
        export const orders = { get: (id: string) => id, close: () => 1, on: (event: string) => event };
        class Promise { static all(list: number[]) { return list; } }
        Promise.all([1]); // => nothing
      `,
      'orders.ts': `
        import { acquire, fetch, Mutex, once, orders, Pool, setTimeout } from './own.ts';
        once('paid'); // => nothing
        fetch('1'); // => nothing
        acquire(); // => nothing
        setTimeout(1); // => nothing
        new Pool(); // => nothing
        new Pool().connect(); // => nothing
        new Pool().query('SELECT 1'); // => nothing
        new Mutex().runExclusive(() => 1); // => nothing
        orders.get('1'); // => nothing
        orders.close(); // => nothing
        orders.on('paid'); // => nothing
        function local(process: { exit(code: number): void; on(event: string): void }) {
          process.exit(1); // => nothing
          process.on('SIGTERM'); // => nothing
        }
        local({ exit() {}, on() {} }); // => nothing
      `,
    });
    expect(wrong).toEqual([]);
  });

  it('for the same name of another package', () => {
    const wrong = wrongMarksIn({
      'node_modules/other-pool/package.json': '{ "name": "other-pool", "types": "index.d.ts" }',
      'node_modules/other-pool/index.d.ts': `
        export class Pool { connect(): Promise<PoolClient>; end(): Promise<void> }
        export interface PoolClient { release(): void }
        export function once(event: string): Promise<void>;
      `,
      'orders.ts': `
        import { once, Pool } from 'other-pool';
        import { Pool as Generic } from 'generic-pool';
        import { Pool as Connections } from 'pg';
        declare const generic: Generic<number>;
        new Pool(); // => nothing
        new Pool().connect(); // => nothing
        (await new Pool().connect()).release(); // => nothing
        once('paid'); // => nothing
        generic.acquire(); // => generic-pool Pool.acquire
        new Connections().connect(); // => pg Pool.connect
      `,
    });
    expect(wrong).toEqual([]);
  });

  it('for any and unknown', () => {
    const wrong = wrongMarksIn({
      'orders.ts': `
        export function pay(pool: any, given: unknown, rows: any[], ...rest: any) {
          pool.connect(); // => nothing
          pool.query('SELECT 1').then(() => 1); // => nothing
          new pool.Pool(); // => nothing
          pool(); // => nothing
          (given as any).release(); // => nothing
          rows[0].push(1); // => nothing
          rest[0].process.exit(1); // => nothing
          rows.push(1); // => lib Array.push
        }
      `,
    });
    expect(wrong).toEqual([]);
  });

  it('for a look-alike by structure', () => {
    const wrong = wrongMarksIn({
      'orders.ts': `
        interface Connections { connect(): Promise<{ release(): void }>; end(): Promise<void> }
        export async function pay(pool: Connections, shaped: { on(event: string, listener: () => void): void }) {
          const client = await pool.connect(); // => nothing
          client.release(); // => nothing
          shaped.on('paid', () => {}); // => nothing
        }
      `,
    });
    expect(wrong).toEqual([]);
  });
});

describe('globals that the project loads no types for', () => {
  it('are known by their name', () => {
    const wrong = wrongMarksIn(
      {
        'server.ts': `
          process.on('SIGTERM', () => process.exit(0)); // => process Process.on
          process['exit'](1); // => process Process.exit
          setTimeout(() => {}, 10); // => global setTimeout
          AbortSignal.timeout(10); // => global AbortSignal.static:timeout
          console.log('up'); // => global Console.log
          Buffer.allocUnsafe(10); // => buffer Buffer.static:allocUnsafe
          new AbortController(); // => global new AbortController
          export {};
        `,
      },
      { types: [] },
    );
    expect(wrong).toEqual([]);
  });

  it('are not taken for those when the project declares its own', () => {
    const wrong = wrongMarksIn(
      {
        'server.ts': `
          const process = { on(event: string) { return event; }, exit() {} };
          function setTimeout(ms: number) { return ms; }
          process.on('SIGTERM'); // => nothing
          process.exit(); // => nothing
          setTimeout(1); // => nothing
          export {};
        `,
      },
      { types: [] },
    );
    expect(wrong).toEqual([]);
  });

  it('are joined by built-in modules, which are known by what is imported', () => {
    const wrong = wrongMarksIn(
      {
        'server.ts': `
          import { once as until } from 'node:events';
          import * as timers from 'timers/promises';
          import process from 'node:process';
          import { once } from 'events-that-are-not-there';
          until(1, 'paid'); // => events once
          timers.setTimeout(10); // => timers/promises setTimeout
          process.exit(1); // => process Process.exit
          once(1); // => nothing
          export {};
        `,
      },
      { types: [] },
    );
    expect(wrong).toEqual([]);
  });
});

describe('rows of the user', () => {
  const own: Catalogue = [
    { from: './virtual/locks.ts', members: { withLock: { role: 'exclusive', argument: 1 }, 'Gate.enter': 'locks' } },
    { from: 'file', members: { detach: { role: 'detaches', argument: 0 } } },
    { from: '@acme/db', members: { 'Handle.*': 'safe', 'Handle.take': { role: 'acquires', resource: 'result' } } },
  ];

  it('match the project’s files and linked packages', () => {
    const wrong = wrongMarksIn(
      {
        'locks.ts': `
          export function withLock(key: string, work: () => void) { work(); return key; }
          export class Gate { enter() {} }
        `,
        'other.ts': `export function withLock() {} export class Gate { enter() {} } export function detach(work: unknown) { return work; }`,
        'node_modules/@acme/db/package.json': '{ "name": "@acme/db", "types": "index.d.ts" }',
        'node_modules/@acme/db/index.d.ts': `export interface Handle { take(): string; log(line: string): void } export declare const handle: Handle;`,
        'orders.ts': `
          import { Gate, withLock } from './locks.ts';
          import { detach, Gate as Other, withLock as other } from './other.ts';
          import { handle } from '@acme/db';
          withLock('stock', () => {}); // => ./virtual/locks.ts withLock
          new Gate().enter(); // => ./virtual/locks.ts Gate.enter
          other(); // => nothing
          new Other().enter(); // => nothing
          detach(1); // => file detach
          handle.take(); // => @acme/db Handle.take
          handle.log('taken'); // => @acme/db Handle.*
        `,
      },
      {},
      own,
    );
    expect(wrong).toEqual([]);
  });
});
