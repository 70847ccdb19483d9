import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClosureWhen, closureTime, laterOf, within } from '../../../src/analysis/escape/closure-time.ts';
import { coreOf } from '../../support/core.ts';

/** The time of the function that starts with `start`. */
function timeIn(code: string, start: string): ClosureWhen {
  const { core, fn } = coreOf(code);
  return core.ask(closureTime, fn(start)).when;
}

describe('callbacks by what receives them', () => {
  it('a synchronous callback of an array method runs now', () => {
    expect(
      timeIn(
        `export const totals = (orders: { total: number }[]) => orders.map((order) => order.total);`,
        '(order) =>',
      ),
    ).toBe('now');
  });

  it('async callbacks of map run concurrently, joined or not', () => {
    const { core, fn } = coreOf(`
      declare function charge(id: string): Promise<number>;
      export async function settle(ids: string[]) {
        let total = 0;
        await Promise.all(ids.map(async (id) => { total += await charge(id); }));
        ids.forEach(async (lost) => { await charge(lost); });
        return total;
      }`);
    expect(core.ask(closureTime, fn('async (id)')).when).toBe('concurrently');
    expect(core.ask(closureTime, fn('async (id)')).run?.call?.expression.getText()).toBe('ids.map');
    expect(core.ask(closureTime, fn('async (lost)')).when).toBe('concurrently');
  });

  it('a callback that returns a promise starts work, so it runs concurrently too', () => {
    expect(
      timeIn(
        `declare function charge(id: string): Promise<void>;
         export const settle = (ids: string[]) => Promise.all(ids.map((id) => charge(id)));`,
        '(id) =>',
      ),
    ).toBe('concurrently');
  });

  it('a reduce whose runs wait for the one before is sequential', () => {
    expect(
      timeIn(
        `declare function charge(id: string): Promise<number>;
         export const settle = (ids: string[]) => ids.reduce(async (before, id) => { const sum = await before; return sum + await charge(id); }, Promise.resolve(0));`,
        'async (before',
      ),
    ).toBe('now');
  });

  it('the executor of a promise runs now and once, also when it is async', () => {
    expect(
      timeIn(`export const ready = () => new Promise<void>(async (resolve) => { resolve(); });`, 'async (resolve)'),
    ).toBe('now');
  });

  it('then, catch and finally defer once', () => {
    const { core, fn } = coreOf(`
      declare function load(): Promise<string>;
      export function warm() { load().then((text) => text.length).catch((error) => error).finally(() => undefined); }`);
    expect(core.ask(closureTime, fn('(text)')).when).toBe('deferred-once');
    expect(core.ask(closureTime, fn('(error)')).when).toBe('deferred-once');
    expect(core.ask(closureTime, fn('() => undefined')).when).toBe('deferred-once');
  });

  it('timers: a timeout once, an interval again and again', () => {
    const { core, fn } = coreOf(`
      schedule();
      function schedule() { setTimeout(() => flush(), 10); setInterval(async () => { await sweep(); }, 1000); }
      async function sweep() {}
      function flush() {}
      export {};`);
    expect(core.ask(closureTime, fn('() => flush')).when).toBe('deferred-once');
    expect(core.ask(closureTime, fn('async () =>')).when).toBe('repeatedly');
    expect(core.ask(closureTime, fn('async function sweep')).when).toBe('repeatedly');
    expect(core.ask(closureTime, fn('function flush')).when).toBe('deferred-once');
  });

  it('a listener runs repeatedly, taking it off runs nothing', () => {
    const { core, fn } = coreOf(`
      import { EventEmitter } from 'node:events';
      const orders = new EventEmitter();
      const onPaid = async (id: string) => { await Promise.resolve(id); };
      const onLost = () => {};
      orders.on('paid', onPaid);
      orders.off('paid', onPaid);
      orders.off('lost', onLost);`);
    expect(core.ask(closureTime, fn('async (id')).when).toBe('repeatedly');
    expect(core.ask(closureTime, fn('() => {}')).when).toBe('never');
  });

  it('a route handler runs repeatedly, stored in a const, declared as a function, or inline', () => {
    const { core, fn } = coreOf(`
      import express from 'express';
      const app = express();
      const list: express.RequestHandler = async (req, res) => { res.json(req.query); };
      app.get('/orders', list);
      app.post('/orders', express.json(), create);
      app.delete('/orders', async (_req, res) => { res.end(); });
      async function create(req: express.Request, res: express.Response) { res.json(await save(req.body)); }
      async function save(order: unknown) { return order; }`);
    expect(core.ask(closureTime, fn('async (req, res)')).when).toBe('repeatedly');
    expect(core.ask(closureTime, fn('async function create')).when).toBe('repeatedly');
    expect(core.ask(closureTime, fn('async (_req')).when).toBe('repeatedly');
    expect(core.ask(closureTime, fn('async function save')).when).toBe('repeatedly');
  });

  it('a callee that cannot be seen is a doubt', () => {
    const { core, fn } = coreOf(`
      declare function schedule(job: () => void): void;
      export function plan() { schedule(() => {}); }`);
    const time = core.ask(closureTime, fn('() => {}'));
    expect(time.when).toBe('unknown');
    expect(time.run?.because).toBe('unknown-callee');
  });
});

describe('direct calls', () => {
  it('an immediately invoked function runs now', () => {
    expect(timeIn(`export function boot() { void (async () => { await Promise.resolve(); })(); }`, 'async () =>')).toBe(
      'now',
    );
    expect(timeIn(`void (async () => { await Promise.resolve(); })();`, 'async () =>')).toBe('now');
  });

  it('for … of with await runs one after the other', () => {
    expect(
      timeIn(
        `async function charge(id: string) { return id; }
         for (const id of ['a', 'b']) { await charge(id); }`,
        'async function charge',
      ),
    ).toBe('now');
  });

  it('calls started in a loop and awaited after it run concurrently', () => {
    const { core, fn } = coreOf(`
      async function charge(id: string) { return id; }
      const started: Promise<string>[] = [];
      for (const id of ['a', 'b']) started.push(charge(id));
      await Promise.all(started);`);
    expect(core.ask(closureTime, fn('async function charge')).when).toBe('concurrently');
  });

  it('a promise that is awaited in the same turn of the loop keeps its runs apart', () => {
    expect(
      timeIn(
        `async function charge(id: string) { return id; }
         for (const id of ['a', 'b']) { const paid = charge(id); console.log(id); await paid; }`,
        'async function charge',
      ),
    ).toBe('now');
  });

  it('two calls in one join run beside each other', () => {
    expect(
      timeIn(
        `async function charge(id: string) { return id; }
         await Promise.all([charge('a'), charge('b')]);`,
        'async function charge',
      ),
    ).toBe('concurrently');
  });

  it('two different functions in one join run once each', () => {
    expect(
      timeIn(
        `async function charge(id: string) { return id; }
         async function notify(id: string) { return id; }
         await Promise.all([charge('a'), notify('b')]);`,
        'async function charge',
      ),
    ).toBe('now');
  });

  it('an exported function has callers that we cannot see', () => {
    expect(timeIn(`export async function load() {}`, 'async function load'.replace('async', 'export async'))).toBe(
      'unknown',
    );
  });

  it('a function that nobody calls never runs', () => {
    expect(timeIn(`async function load() {} export {};`, 'async function load')).toBe('never');
  });

  it('recursion alone is no run', () => {
    expect(timeIn(`async function next(): Promise<void> { void next(); } export {};`, 'async function next')).toBe(
      'never',
    );
  });
});

describe('helpers of the project', () => {
  it('a helper that calls its parameter now', () => {
    expect(
      timeIn(
        `async function timed<T>(work: () => Promise<T>) { const start = Date.now(); try { return await work(); } finally { console.log(start); } }
         await timed(async () => { await Promise.resolve(); });`,
        'async () => { await Promise.resolve',
      ),
    ).toBe('now');
  });

  it('a helper that defers its parameter', () => {
    expect(
      timeIn(
        `function later(job: () => void) { setTimeout(job, 5); }
         later(() => {});`,
        '() => {}',
      ),
    ).toBe('deferred-once');
  });

  it('a helper that maps its parameter and joins', () => {
    expect(
      timeIn(
        `async function each<T>(items: T[], work: (item: T) => Promise<void>) { await Promise.all(items.map((item) => work(item))); }
         await each(['a'], async (id) => { await Promise.resolve(id); });`,
        'async (id)',
      ),
    ).toBe('concurrently');
  });

  it('a helper that passes its parameter straight to map', () => {
    expect(
      timeIn(
        `const each = <T,>(items: T[], work: (item: T) => Promise<void>) => Promise.all(items.map(work));
         await each(['a'], async (id) => { await Promise.resolve(id); });`,
        'async (id)',
      ),
    ).toBe('concurrently');
  });

  it('a helper that goes through its items one by one', () => {
    expect(
      timeIn(
        `async function each<T>(items: T[], work: (item: T) => Promise<void>) { for (const item of items) await work(item); }
         await each(['a'], async (id) => { await Promise.resolve(id); });`,
        'async (id)',
      ),
    ).toBe('now');
  });

  it('a wrapper whose result is registered', () => {
    expect(
      timeIn(
        `import express from 'express';
         const app = express();
         const guarded = (handler: express.RequestHandler): express.RequestHandler => (req, res, next) => Promise.resolve(handler(req, res, next)).catch(next);
         app.get('/orders', guarded(async (_req, res) => { res.end(); }));`,
        'async (_req',
      ),
    ).toBe('repeatedly');
  });

  it('a debounce defers what its result is called with', () => {
    expect(
      timeIn(
        `function debounce(work: () => void) { let timer: NodeJS.Timeout | undefined; return () => { clearTimeout(timer); timer = setTimeout(() => { work(); }, 50); }; }
         const save = debounce(() => {});
         save();`,
        '() => {}',
      ),
    ).toBe('deferred-once');
  });

  it('a factory of handlers', () => {
    expect(
      timeIn(
        `import express from 'express';
         const app = express();
         function handlerFor(name: string): express.RequestHandler { return async (_req, res) => { res.end(name); }; }
         app.get('/orders', handlerFor('orders'));`,
        'async (_req',
      ),
    ).toBe('repeatedly');
  });

  it('a helper that never uses its parameter', () => {
    expect(timeIn(`function ignore(_job: () => void) {} ignore(() => {});`, '() => {}')).toBe('never');
  });
});

describe('methods and fields', () => {
  it('a method registered as a listener, bound or as it is', () => {
    const { core, fn } = coreOf(`
      import { EventEmitter } from 'node:events';
      export class Mailer {
        private readonly bus = new EventEmitter();
        start() {
          this.bus.on('order', this.onOrder.bind(this));
          this.bus.on('refund', this.onRefund);
          this.bus.on('void', (id: string) => this.onVoid(id));
        }
        private async onOrder(id: string) { await this.send(id); }
        private onRefund = async (id: string) => { await this.send(id); };
        private async onVoid(id: string) { return id; }
        async send(id: string) { return id; }
        private async unused() {}
      }`);
    expect(core.ask(closureTime, fn('private async onOrder')).when).toBe('repeatedly');
    expect(core.ask(closureTime, fn('async (id: string) => { await')).when).toBe('repeatedly');
    expect(core.ask(closureTime, fn('private async onVoid')).when).toBe('repeatedly');
    expect(core.ask(closureTime, fn('async send')).when).toBe('repeatedly');
    expect(core.ask(closureTime, fn('private async unused')).when).toBe('never');
    expect(core.ask(closureTime, fn('start()')).when).toBe('unknown');
  });

  it('a handler in a table that is handed over', () => {
    const { core, fn } = coreOf(`
      declare function serve(routes: Record<string, () => void>): void;
      serve({ list: () => {}, create() {} });`);
    expect(core.ask(closureTime, fn('() => {}')).when).toBe('unknown');
    expect(core.ask(closureTime, fn('create()')).when).toBe('unknown');
  });

  it('a table whose entry is called by name', () => {
    expect(timeIn(`const jobs = { flush: () => {} }; jobs.flush();`, '() => {}')).toBe('now');
  });
});

describe('ways that lead back to themselves', () => {
  it('fields that are assigned to each other, and a value that is wrapped in a loop', () => {
    const { core, fn } = coreOf(`
      export class Hooks {
        private before: () => void = () => {};
        private after: () => void = () => undefined;
        swap() { this.before = this.after; this.after = this.before; }
      }
      const wrap = (work: () => void) => () => { work(); };
      export function stack() { let work = () => {}; for (const id of ['a', 'b']) { console.log(id); work = wrap(work); } return work; }`);
    expect(core.ask(closureTime, fn('() => undefined')).when).toBe('never');
    expect(core.ask(closureTime, fn('() => {}', 'let work')).when).toBe('unknown');
  });
});

describe('the order of times', () => {
  const times = fc.constantFrom<ClosureWhen>(
    'concurrently',
    'deferred-once',
    'exclusive',
    'never',
    'now',
    'repeatedly',
    'unknown',
  );

  it('merging is associative, commutative and idempotent, with never as its bottom', () => {
    fc.assert(
      fc.property(times, times, times, (a, b, c) => {
        expect(laterOf(a, laterOf(b, c))).toBe(laterOf(laterOf(a, b), c));
        expect(laterOf(a, b)).toBe(laterOf(b, a));
        expect(laterOf(a, a)).toBe(a);
        expect(laterOf('never', a)).toBe(a);
      }),
    );
  });

  it('nesting is associative and commutative, and now is its unit', () => {
    fc.assert(
      fc.property(times, times, times, (a, b, c) => {
        expect(within(a, within(b, c))).toBe(within(within(a, b), c));
        expect(within(a, b)).toBe(within(b, a));
        expect(within('now', a)).toBe(a);
      }),
    );
  });
});
