import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { calleesOf } from '../../src/analysis/effects/callees-of.ts';
import { parameterUses, useOfArgument } from '../../src/analysis/effects/parameter-uses.ts';
import { capturesOf } from '../../src/analysis/escape/captures-of.ts';
import { closureTime } from '../../src/analysis/escape/closure-time.ts';
import { taskOf } from '../../src/analysis/escape/task-of.ts';
import { staleWrites } from '../../src/analysis/lifetime/stale-writes.ts';
import { listenersOf } from '../../src/analysis/program/program-index.ts';
import { drainsOn } from '../../src/analysis/resources/drains-on.ts';
import { dirtyReturns, isResetByPool } from '../../src/analysis/resources/lease-questions.ts';
import { leasesIn } from '../../src/analysis/resources/lease.ts';
import { waitOf } from '../../src/analysis/resources/wait-of.ts';
import { type CaseCore, coreOf } from '../support/core.ts';

/** The argument of a background call that belongs to the request and is used after the callee's first suspension. */
function lateRequestValue({ core }: CaseCore, call: ts.Expression): string | undefined {
  if (!ts.isCallExpression(call)) throw new Error('Expected a call.');
  if (core.ask(taskOf, call).is !== 'dropped') return undefined;
  for (const [index, argument] of call.arguments.entries()) {
    if (core.api.isA(core.checker.getTypeAtLocation(argument), 'request-scope') === undefined) continue;
    for (const fn of core.ask(calleesOf, call).functions) {
      const use = useOfArgument(fn, index, core.ask(parameterUses, fn));
      if (use?.late.is === 'yes') return `${argument.getText()}: ${use.late.witness.node.getText()}`;
    }
  }
  return undefined;
}

describe('a value of the request in a background task', () => {
  it('is found when the callee uses it after its first suspension', () => {
    const found = coreOf(`
      import express from 'express';
      const app = express();
      declare function save(text: string): Promise<void>;
      async function audit(req: express.Request, what: string) { await save(what); await save(req.ip ?? ''); }
      app.post('/orders', (req, res) => {
        void audit(req, 'order').catch(console.error);
        res.end();
      });`);
    expect(lateRequestValue(found, found.expression(`audit(req, 'order')`))).toContain('req:');
  });

  it('is fine when it is read before the suspension, copied before, or waited for', () => {
    const early = coreOf(`
      import express from 'express';
      const app = express();
      declare function save(text: string): Promise<void>;
      async function audit(req: express.Request) { const ip = req.ip ?? ''; await save(ip); }
      app.post('/orders', (req, res) => { void audit(req); res.end(); });`);
    expect(lateRequestValue(early, early.expression('audit(req)'))).toBeUndefined();
    const copied = coreOf(`
      import express from 'express';
      const app = express();
      declare function save(text: string): Promise<void>;
      async function audit(ip: string) { await save('a'); await save(ip); }
      app.post('/orders', (req, res) => { const ip = req.ip ?? ''; void audit(ip); res.end(); });`);
    expect(lateRequestValue(copied, copied.expression('audit(ip)'))).toBeUndefined();
    const awaited = coreOf(`
      import express from 'express';
      const app = express();
      declare function save(text: string): Promise<void>;
      async function audit(req: express.Request) { await save('a'); await save(req.ip ?? ''); }
      app.post('/orders', async (req, res) => { await audit(req); res.end(); });`);
    expect(lateRequestValue(awaited, awaited.expression('audit(req)'))).toBeUndefined();
  });

  it('is found in the closure of a timer', () => {
    const { core, fn } = coreOf(`
      import express from 'express';
      const app = express();
      declare function save(text: string): Promise<void>;
      app.post('/orders', (req, res) => {
        setTimeout(() => { void save(req.ip ?? ''); }, 100);
        res.end();
      });`);
    const closure = fn('() => { void save');
    expect(core.ask(closureTime, closure).when).toBe('deferred-once');
    expect(core.ask(closureTime, closure).run?.call?.getText()).toContain('setTimeout(');
    const held = core
      .ask(capturesOf, closure)
      .bindings.filter(
        ({ declaration }) => core.api.isA(core.checker.getTypeAtLocation(declaration), 'request-scope') !== undefined,
      );
    expect(held.map(({ symbol }) => symbol.name)).toEqual(['req']);
  });
});

describe('a dirty lease given back', () => {
  it('is a client whose transaction a failure leaves open', () => {
    const { core, fn } = coreOf(`
      import pg from 'pg';
      const pool = new pg.Pool();
      export async function pay(id: string) {
        const client = await pool.connect();
        try {
          await client.query('BEGIN');
          await client.query('update orders set paid = true where id = $1', [id]);
          await client.query('COMMIT');
        } finally {
          client.release();
        }
      }`);
    const [lease] = core.ask(leasesIn, fn('export async function pay'));
    const [dirty] = lease === undefined ? [] : dirtyReturns(lease, core);
    expect(dirty?.release.node.getText()).toBe('client.release()');
    expect(dirty?.writes.map(({ field, node }) => `${field ?? ''} ${node.getText()}`)).toEqual([
      `transaction client.query('BEGIN')`,
    ]);
    expect(dirty?.path.some(({ kind, next }) => kind === 'suspend' && next.some(({ way }) => way === 'throw'))).toBe(
      true,
    );
  });

  it('is an object of a pool of the project that nobody resets', () => {
    const { core, fn } = coreOf(`
      class Basket { items: string[] = []; customer?: string; }
      class BasketPool {
        private readonly free: Basket[] = [];
        acquire(): Basket { return this.free.pop() ?? new Basket(); }
        release(basket: Basket) { this.free.push(basket); }
      }
      const baskets = new BasketPool();
      export function price(customer: string, items: string[]) {
        const basket = baskets.acquire();
        basket.customer = customer;
        basket.items.push(...items);
        const total = basket.items.length;
        baskets.release(basket);
        return total;
      }`);
    const [lease] = core.ask(leasesIn, fn('export function price'));
    if (lease === undefined) throw new Error('No lease was found.');
    expect(dirtyReturns(lease, core).flatMap(({ writes }) => writes.map(({ field }) => field))).toEqual([
      'customer',
      'items',
    ]);
    expect(isResetByPool(lease, core).is).toBe('no');
  });
});

describe('a stale write', () => {
  const handler = (body: string): CaseCore =>
    coreOf(`
      declare function audit(id: string): Promise<void>;
      let served = 0;
      export async function handle(id: string) { ${body} }`);

  function staleIn({ core, file }: CaseCore): readonly string[] {
    const found = file.statements.filter(
      (statement) => ts.isFunctionDeclaration(statement) && statement.body !== undefined,
    );
    return found.flatMap((fn) =>
      core
        .ask(staleWrites, fn as ts.FunctionDeclaration)
        .flatMap((answer) =>
          answer.is === 'yes' ? [`${answer.witness.write.node.getText()} after ${answer.witness.pause.getText()}`] : [],
        ),
    );
  }

  it('is an update computed from a value that was read before the wait', () => {
    expect(staleIn(handler('const before = served; await audit(id); served = before + 1;'))).toEqual([
      'served after await audit(id)',
    ]);
  });

  it('is not one that reads again after the wait', () => {
    expect(staleIn(handler('await audit(id); const before = served; served = before + 1;'))).toEqual([]);
  });
});

describe('an unbounded wait', () => {
  it('is an event that only the other side can send', () => {
    const { core, expression } = coreOf(`
      import { once } from 'node:events';
      import { Worker } from 'node:worker_threads';
      export async function render(worker: Worker, page: string) {
        worker.postMessage(page);
        const [html] = (await once(worker, 'message')) as [string];
        return html;
      }`);
    const wait = core.ask(waitOf, expression(`await once(worker, 'message')`));
    expect(wait).toMatchObject({ kind: 'call', bounded: { is: 'no' }, boundBy: { by: 'signal-option', argument: 2 } });
  });

  it('is bounded by the signal it is given, by a race, by the pool', () => {
    const { core, expression } = coreOf(`
      import { once } from 'node:events';
      import pg from 'pg';
      const pool = new pg.Pool({ connectionTimeoutMillis: 3_000 });
      export async function render(worker: NodeJS.EventEmitter, signal: AbortSignal) {
        await once(worker, 'message', { signal });
        await Promise.race([once(worker, 'idle'), once(worker, 'exit')]);
        (await pool.connect()).release();
      }`);
    expect(core.ask(waitOf, expression(`await once(worker, 'message', { signal })`))?.bounded).toMatchObject({
      is: 'yes',
      witness: { by: 'signal' },
    });
    expect(core.ask(waitOf, expression(`once(worker, 'idle')`))?.bounded).toMatchObject({
      is: 'yes',
      witness: { by: 'race' },
    });
    expect(core.ask(waitOf, expression(`await pool.connect()`))?.bounded).toMatchObject({
      is: 'yes',
      witness: { by: 'client' },
    });
  });
});

describe('an exit while a drain is pending', () => {
  const FILES = {
    'main.ts': `
      import http from 'node:http';
      import express from 'express';
      import { pool } from './store.ts';
      import './telemetry.ts';
      const server = http.createServer(express());
      server.listen(3000);
      async function shutDown() {
        server.close();
        await pool.end();
        process.exit(0);
      }
      process.on('SIGTERM', () => void shutDown());`,
    'store.ts': `import pg from 'pg'; export const pool = new pg.Pool();`,
    'telemetry.ts': `
      declare function flush(): Promise<void>;
      process.once('SIGTERM', async () => { await flush(); process.exit(1); });`,
  };

  it('is found over the handler and the routine it calls', () => {
    const { core, fn } = coreOf(FILES);
    const [exit, ...others] = core.ask(drainsOn, fn('() => void shutDown()')).exits;
    expect(others).toEqual([]);
    expect(exit?.exit.getText()).toBe('process.exit(0)');
    expect(exit?.through.map((node) => node.getText())).toEqual(['shutDown()']);
    expect(exit?.pending.map(({ call }) => call.getText())).toEqual(['server.close()']);
    expect(exit?.settled.map(({ call }) => call.getText())).toEqual(['pool.end()']);
  });

  it('is found in a second listener of the signal in another file, which drains nothing', () => {
    const { core, file } = coreOf(FILES);
    const listeners = listenersOf('SIGTERM', core);
    expect(listeners.filter((listener) => listener.file === file)).toHaveLength(1);
    expect(listeners).toHaveLength(2);
    const other = listeners.find((listener) => listener.file !== file)?.handlers[0];
    if (other === undefined) throw new Error('No handler was found.');
    const drains = core.ask(drainsOn, other);
    expect(drains.exits.map(({ exit }) => exit.getText())).toEqual(['process.exit(1)']);
    expect(drains.started).toEqual([]);
  });

  it('is not there when the routine waits for everything', () => {
    const { core, fn } = coreOf({
      ...FILES,
      'main.ts': `
        import http from 'node:http';
        import { pool } from './store.ts';
        const server = http.createServer();
        async function shutDown() {
          await new Promise<void>((resolve) => server.close(() => resolve()));
          await pool.end();
          process.exit(0);
        }
        process.on('SIGTERM', () => void shutDown());`,
    });
    const [exit] = core.ask(drainsOn, fn('() => void shutDown()')).exits;
    expect(exit?.pending).toEqual([]);
    expect(exit?.settled).toHaveLength(2);
  });
});
