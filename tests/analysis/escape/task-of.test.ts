import { describe, expect, it } from 'vitest';
import { type Task, taskOf } from '../../../src/analysis/escape/task-of.ts';
import { coreOf } from '../../support/core.ts';

const AUDIT = `
  declare function audit(id: string): Promise<void>;
  declare function report(error: unknown): void;
`;

/** What becomes of the promise of `audit(…)` in this code. */
function taskIn(code: string, call = 'audit(id)'): Task {
  const { core, expression } = coreOf(AUDIT + code);
  return core.ask(taskOf, expression(call));
}

describe('waited for here', () => {
  it('awaited where it stands', () => {
    expect(taskIn(`export async function pay(id: string) { await audit(id); }`)).toMatchObject({ is: 'awaited' });
    expect(
      taskIn(`export async function pay(id: string) { await (audit(id) as Promise<void>); }`).missed,
    ).toBeUndefined();
  });

  it('awaited at the end of its chain, with the handler on the way', () => {
    const task = taskIn(`export async function pay(id: string) { await audit(id).catch(report); }`);
    expect(task.is).toBe('awaited');
    expect(task.handler?.getText()).toBe('report');
  });

  it('returned, from a function or an arrow', () => {
    expect(taskIn(`export function pay(id: string) { return audit(id); }`).is).toBe('returned');
    expect(taskIn(`export const pay = (id: string) => audit(id);`).is).toBe('returned');
    expect(taskIn(`export const pay = (id: string) => id === '' ? undefined : audit(id);`).is).toBe('returned');
  });

  it('joined directly, through map, or collected first', () => {
    expect(taskIn(`export async function pay(id: string) { await Promise.all([audit(id), audit('all')]); }`).is).toBe(
      'joined',
    );
    expect(
      taskIn(`export async function pay(ids: string[]) { await Promise.all(ids.map((id) => audit(id))); }`).is,
    ).toBe('joined');
    expect(
      taskIn(
        `export async function pay(ids: string[]) { const done: Promise<void>[] = []; for (const id of ids) done.push(audit(id)); await Promise.allSettled(done); }`,
      ).is,
    ).toBe('joined');
    expect(
      taskIn(
        `export async function pay(ids: string[]) { const done = ids.map((id) => audit(id)); for (const one of done) await one; }`,
      ).is,
    ).toBe('awaited');
  });

  it('a variable that every path awaits', () => {
    const task = taskIn(
      `export async function pay(id: string) { const done = audit(id); console.log(id); await done; }`,
    );
    expect(task.is).toBe('awaited');
    expect(task.missed).toBeUndefined();
  });

  it('a variable that one path does not await', () => {
    const task = taskIn(
      `export async function pay(id: string, quick: boolean) { const done = audit(id); if (quick) return; await done; }`,
    );
    expect(task.is).toBe('awaited');
    expect(task.missed?.some((step) => step.kind === 'return')).toBe(true);
  });

  it('raced: the loser goes on alone', () => {
    expect(
      taskIn(`export async function pay(id: string, late: Promise<void>) { await Promise.race([audit(id), late]); }`)
        .is,
    ).toBe('raced');
  });

  it('given back by the callback of a chain that is awaited', () => {
    expect(taskIn(`export async function pay(id: string) { await Promise.resolve().then(() => audit(id)); }`).is).toBe(
      'awaited',
    );
  });

  it('an async function that is called on the spot', () => {
    expect(
      taskIn(
        `export async function pay(id: string) { await (async () => { await audit(id); })(); }`,
        '(async () => { await audit(id); })()',
      ).is,
    ).toBe('awaited');
  });
});

describe('waited for elsewhere', () => {
  it('stored in a field that stop awaits', () => {
    const task = taskIn(`
      export class Worker {
        private run: Promise<void> | undefined;
        start(id: string) { this.run = audit(id); }
        async stop() { await this.run; }
      }`);
    expect(task.is).toBe('stored');
    expect(task.waiter?.getText()).toBe('await this.run');
  });

  it('stored in a set that stop joins', () => {
    const task = taskIn(`
      export class Worker {
        private readonly running = new Set<Promise<void>>();
        start(id: string) { this.running.add(audit(id)); }
        async stop() { await Promise.allSettled([...this.running]); }
      }`);
    expect(task.is).toBe('stored');
    expect(task.waiter?.getText()).toContain('await');
  });

  it('stored where nobody waits', () => {
    const task = taskIn(
      `export class Worker { last: Promise<void> | undefined; start(id: string) { this.last = audit(id); } }`,
    );
    expect(task).toMatchObject({ is: 'stored' });
    expect(task.waiter).toBeUndefined();
  });
});

describe('nobody waits', () => {
  it('a bare call and a void call', () => {
    expect(taskIn(`export function pay(id: string) { audit(id); }`)).toMatchObject({ is: 'dropped' });
    const task = taskIn(`export function pay(id: string) { void audit(id); }`);
    expect(task.is).toBe('dropped');
    expect(task.handler).toBeUndefined();
  });

  it('handled is not waited for', () => {
    const task = taskIn(`export function pay(id: string) { audit(id).then(() => 1).catch(report).finally(() => 2); }`);
    expect(task.is).toBe('dropped');
    expect(task.handler?.getText()).toBe('report');
  });

  it('two arguments of then handle, undefined does not', () => {
    expect(taskIn(`export function pay(id: string) { audit(id).then(() => 1, report); }`).handler?.getText()).toBe(
      'report',
    );
    expect(taskIn(`export function pay(id: string) { audit(id).then(() => 1, undefined); }`).handler).toBeUndefined();
  });

  it('a variable that nobody reads', () => {
    expect(taskIn(`export function pay(id: string) { const done = audit(id); }`).is).toBe('dropped');
  });

  it('left of a comma', () => {
    expect(taskIn(`export function pay(id: string) { return audit(id), true; }`).is).toBe('dropped');
  });

  it('returned to a timer, a listener or forEach', () => {
    expect(taskIn(`export function pay(id: string) { setTimeout(() => audit(id), 5); }`).is).toBe('dropped');
    expect(taskIn(`export function pay(ids: string[]) { ids.forEach((id) => audit(id)); }`).is).toBe('dropped');
    expect(
      taskIn(`import { EventEmitter } from 'node:events'; new EventEmitter().on('paid', (id: string) => audit(id));`)
        .is,
    ).toBe('dropped');
  });

  it('a mapped array that nobody joins', () => {
    expect(taskIn(`export async function pay(ids: string[]) { ids.map((id) => audit(id)); }`).is).toBe('dropped');
    expect(taskIn(`export async function pay(ids: string[]) { await ids.map((id) => audit(id)); }`).is).toBe('dropped');
  });

  it('a collection that is forgotten', () => {
    expect(
      taskIn(
        `export function pay(ids: string[]) { const done: Promise<void>[] = []; for (const id of ids) done.push(audit(id)); return done.length; }`,
      ).is,
    ).toBe('dropped');
  });
});

describe('helpers', () => {
  it('a helper that only handles', () => {
    const task = taskIn(`
      function background(work: Promise<void>) { work.catch(report); }
      export function pay(id: string) { background(audit(id)); }`);
    expect(task.is).toBe('dropped');
    expect(task.handler?.getText()).toBe('report');
  });

  it('a helper that waits: who waits for the helper?', () => {
    const helper = `async function timed(work: Promise<void>) { await work; }`;
    expect(taskIn(`${helper} export async function pay(id: string) { await timed(audit(id)); }`).is).toBe('awaited');
    expect(taskIn(`${helper} export async function pay(id: string) { void timed(audit(id)); }`).is).toBe('dropped');
  });

  it('a helper that gives it back, or races it with a timer', () => {
    expect(
      taskIn(
        `const quiet = (work: Promise<void>) => work.catch(report); export async function pay(id: string) { await quiet(audit(id)); }`,
      ),
    ).toMatchObject({ is: 'awaited' });
    expect(
      taskIn(`
        function limited(work: Promise<void>, late: Promise<void>) { return Promise.race([work, late]); }
        export async function pay(id: string, late: Promise<void>) { await limited(audit(id), late); }`).is,
    ).toBe('raced');
  });

  it('a helper that runs the callback and waits for it', () => {
    expect(
      taskIn(`
        async function attempt<T>(work: () => Promise<T>) { try { return await work(); } catch { return undefined; } }
        export async function pay(id: string) { await attempt(() => audit(id)); }`).is,
    ).toBe('awaited');
  });

  it('a helper that cannot be seen', () => {
    expect(
      taskIn(`declare function track(work: Promise<void>): void; export function pay(id: string) { track(audit(id)); }`)
        .is,
    ).toBe('passed');
  });
});
