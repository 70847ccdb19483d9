import rule from '../../src/rules/require-timer-cleanup.ts';
import { ruleTests } from '../support/tester.ts';

ruleTests(rule, ({ reports, stays }) => {
  // ------------------------------------------------------------------ races

  reports('a timer that loses a race', {
    code: `
declare function load(id: string): Promise<string>;
export async function withLimit(id: string) {
  return await Promise.race([
    load(id),
    new Promise<never>((_resolve, reject) => {
      setTimeout(() => reject(new Error('too late')), 30_000);
    }),
  ]);
}`,
    errors: [
      {
        messageId: 'race',
        on: "setTimeout(() => reject(new Error('too late')), 30_000)",
        line: 7,
        message:
          'Nothing stops this timer when `load(id)` wins the race on line 4: it runs on, and keeps what it holds and the process alive.',
      },
    ],
    output: `
declare function load(id: string): Promise<string>;
export async function withLimit(id: string) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return await Promise.race([
    load(id),
    new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('too late')), 30_000);
    }),
  ]).finally(() => clearTimeout(timer));
}`,
  });

  reports('a timer as the whole body of the executor', {
    code: `
declare function load(id: string): Promise<string>;
export async function withLimit(id: string) {
  const found = await Promise.race([load(id), new Promise<void>((resolve) => setTimeout(resolve, 5000))]);
  return found ?? 'nothing';
}`,
    errors: [
      {
        messageId: 'race',
        on: 'setTimeout(resolve, 5000)',
        line: 4,
        message:
          'Nothing stops this timer when `load(id)` wins the race: it runs on, and keeps what it holds and the process alive.',
      },
    ],
    output: `
declare function load(id: string): Promise<string>;
export async function withLimit(id: string) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const found = await Promise.race([load(id), new Promise<void>((resolve) => (timer = setTimeout(resolve, 5000)))]).finally(() => clearTimeout(timer));
  return found ?? 'nothing';
}`,
  });

  reports('a hand-made promise in a constant', {
    code: `
declare function load(id: string): Promise<string>;
export const withLimit = async (id: string) => {
  const late = new Promise<never>((_resolve, reject) => {
    setTimeout(reject, 10_000, new Error('too late'));
  });
  return Promise.race([late, load(id)]);
};`,
    errors: [
      {
        messageId: 'race',
        on: "setTimeout(reject, 10_000, new Error('too late'))",
        line: 5,
        message:
          'Nothing stops this timer when `load(id)` wins the race on line 7: it runs on, and keeps what it holds and the process alive.',
      },
    ],
    output: `
declare function load(id: string): Promise<string>;
export const withLimit = async (id: string) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(reject, 10_000, new Error('too late'));
  });
  return Promise.race([late, load(id)]).finally(() => clearTimeout(timer));
};`,
  });

  reports('a timer that is kept in a variable nobody looks at', {
    code: `
declare function load(id: string): Promise<string>;
export async function withLimit(id: string) {
  let timer: NodeJS.Timeout;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('late'), 10_000);
  });
  return Promise.race([late, load(id)]);
}`,
    compilerOptions: { noUnusedLocals: false },
    errors: [
      {
        messageId: 'race',
        on: "setTimeout(() => resolve('late'), 10_000)",
        line: 6,
        message:
          'Nothing stops this timer when `load(id)` wins the race on line 8: it runs on, and keeps what it holds and the process alive.',
      },
    ],
  });

  reports('a pause of timers/promises', {
    code: `
import { setTimeout as sleep } from 'node:timers/promises';
declare function load(id: string): Promise<string>;
export async function withLimit(id: string) {
  const found = await Promise.race([load(id), sleep(5000)]);
  return found ?? 'nothing';
}`,
    errors: [
      {
        messageId: 'race',
        on: 'sleep(5000)',
        line: 5,
        message:
          'Nothing stops this timer when `load(id)` wins the race: it runs on, and keeps what it holds and the process alive.',
      },
    ],
    output: `
import { setTimeout as sleep } from 'node:timers/promises';
declare function load(id: string): Promise<string>;
export async function withLimit(id: string) {
  const timer = new AbortController();
  const found = await Promise.race([load(id), sleep(5000, undefined, { signal: timer.signal })]).finally(() => timer.abort());
  return found ?? 'nothing';
}`,
  });

  reports('a pause with a value', {
    code: `
import { setTimeout as sleep } from 'node:timers/promises';
const LIMIT = 60 * 1000;
declare function load(id: string): Promise<string>;
export class Loader {
  limited = async (id: string) => {
    // The default is for guests.
    const found = await Promise.race([load(id), sleep(LIMIT, 'default')]);
    return found;
  };
}`,
    errors: [
      {
        messageId: 'race',
        on: "sleep(LIMIT, 'default')",
        line: 8,
        message:
          'Nothing stops this timer when `load(id)` wins the race: it runs on, and keeps what it holds and the process alive.',
      },
    ],
    output: `
import { setTimeout as sleep } from 'node:timers/promises';
const LIMIT = 60 * 1000;
declare function load(id: string): Promise<string>;
export class Loader {
  limited = async (id: string) => {
    // The default is for guests.
    const timer = new AbortController();
    const found = await Promise.race([load(id), sleep(LIMIT, 'default', { signal: timer.signal })]).finally(() => timer.abort());
    return found;
  };
}`,
  });

  reports('a pause of the scheduler', {
    code: `
import { scheduler } from 'node:timers/promises';
declare function load(id: string): Promise<string>;
export async function withLimit(id: string) {
  return (await Promise.race([load(id), scheduler.wait(5000)])) ?? 'nothing';
}`,
    errors: [
      {
        messageId: 'race',
        on: 'scheduler.wait(5000)',
        line: 5,
        message:
          'Nothing stops this timer when `load(id)` wins the race: it runs on, and keeps what it holds and the process alive.',
      },
    ],
    output: `
import { scheduler } from 'node:timers/promises';
declare function load(id: string): Promise<string>;
export async function withLimit(id: string) {
  const timer = new AbortController();
  return (await Promise.race([load(id), scheduler.wait(5000, { signal: timer.signal })]).finally(() => timer.abort())) ?? 'nothing';
}`,
  });

  reports('a function of the project that makes the promise', {
    code: `
function after(milliseconds: number): Promise<never> {
  return new Promise((_resolve, reject) => setTimeout(() => reject(new Error('too late')), milliseconds));
}
declare function load(id: string): Promise<string>;
export async function withLimit(id: string) {
  return Promise.race([load(id), after(5000)]);
}`,
    errors: [
      {
        messageId: 'raceOf',
        on: 'after(5000)',
        line: 7,
        message:
          'Nothing stops the timer of `after(5000)` (line 3) when `load(id)` wins the race: it runs on, and keeps what it holds and the process alive.',
      },
    ],
  });

  reports('a function of another file', {
    code: `
import { late } from './late.ts';
declare function load(id: string): Promise<string>;
export const withLimit = (id: string) => Promise.race([load(id), late(5000)]);`,
    files: {
      'late.ts': `export const late = (ms: number) =>
  new Promise<never>((_resolve, reject) => {
    setTimeout(() => {
      reject(new Error('too late'));
    }, ms);
  });
`,
    },
    errors: [
      {
        messageId: 'raceOf',
        on: 'late(5000)',
        line: 4,
        message:
          'Nothing stops the timer of `late(5000)` (line 3 of late.ts) when `load(id)` wins the race: it runs on, and keeps what it holds and the process alive.',
      },
    ],
  });

  reports('a generic helper that takes the work', {
    code: `
export async function limited<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  const late = new Promise<T>((_resolve, reject) => {
    setTimeout(() => reject(new Error('too late')), milliseconds);
  });
  return await Promise.race([work, late]);
}`,
    errors: [
      {
        messageId: 'race',
        on: "setTimeout(() => reject(new Error('too late')), milliseconds)",
        line: 4,
        message:
          'Nothing stops this timer when `work` wins the race on line 6: it runs on, and keeps what it holds and the process alive.',
      },
    ],
    output: `
export async function limited<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<T>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('too late')), milliseconds);
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}`,
  });

  reports('in JavaScript with JSDoc', {
    code: `
/**
 * @template T
 * @param {Promise<T>} work
 */
export async function limited(work) {
  return Promise.race([
    work,
    new Promise((_resolve, reject) => {
      setTimeout(() => reject(new Error('too late')), 5000);
    }),
  ]);
}`,
    filename: 'limited.js',
    errors: [
      {
        messageId: 'race',
        on: "setTimeout(() => reject(new Error('too late')), 5000)",
        line: 10,
        message:
          'Nothing stops this timer when `work` wins the race on line 7: it runs on, and keeps what it holds and the process alive.',
      },
    ],
    output: `
/**
 * @template T
 * @param {Promise<T>} work
 */
export async function limited(work) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */ let timer;
  return Promise.race([
    work,
    new Promise((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('too late')), 5000);
    }),
  ]).finally(() => clearTimeout(timer));
}`,
  });

  reports('an arrow without a body of its own', {
    code: `
export const limited = <T>(work: Promise<T>) =>
  Promise.race([work, new Promise<never>((_resolve, reject) => setTimeout(() => reject(new Error('late')), 5000))]);`,
    errors: [
      {
        messageId: 'race',
        on: "setTimeout(() => reject(new Error('late')), 5000)",
        line: 3,
        message:
          'Nothing stops this timer when `work` wins the race: it runs on, and keeps what it holds and the process alive.',
      },
    ],
  });

  reports('without semicolons', {
    code: `
declare function load(id: string): Promise<string>
export async function withLimit(id: string) {
  const found = await Promise.race([load(id), new Promise<void>((resolve) => setTimeout(resolve, 5000))])
  return found
}`,
    errors: [
      {
        messageId: 'race',
        on: 'setTimeout(resolve, 5000)',
        line: 4,
        message:
          'Nothing stops this timer when `load(id)` wins the race: it runs on, and keeps what it holds and the process alive.',
      },
    ],
    output: `
declare function load(id: string): Promise<string>
export async function withLimit(id: string) {
  let timer: ReturnType<typeof setTimeout> | undefined
  const found = await Promise.race([load(id), new Promise<void>((resolve) => (timer = setTimeout(resolve, 5000)))]).finally(() => clearTimeout(timer))
  return found
}`,
  });

  reports('an endless loop against a promise that was made before it', {
    code: `
declare function next(): Promise<string>;
declare function handle(message: string): void;
export async function consume(stopped: Promise<undefined>) {
  while (true) {
    const message = await Promise.race([stopped, next()]);
    if (message === undefined) return;
    handle(message);
  }
}`,
    errors: [
      {
        messageId: 'endlessRace',
        on: 'stopped',
        line: 6,
        message:
          '`stopped` was made before the loop on line 5; each turn of it leaves another callback on that promise, and memory grows until it settles.',
      },
    ],
  });

  reports('an endless loop in a class', {
    code: `
import { once } from 'node:events';
import type { EventEmitter } from 'node:events';
export class Consumer {
  constructor(private readonly bus: EventEmitter, private readonly next: () => Promise<string>) {}
  async run() {
    const stop = once(this.bus, 'stop');
    for (;;) {
      const message = await Promise.race([this.next(), stop]);
      if (typeof message !== 'string') return;
    }
  }
}`,
    errors: [
      {
        messageId: 'endlessRace',
        on: 'stop',
        line: 9,
        message:
          '`stop` was made before the loop on line 8; each turn of it leaves another callback on that promise, and memory grows until it settles.',
      },
    ],
  });

  // ------------------------------------------------------------------ controllers

  reports('a timer that aborts, and that nothing stops', {
    code: `
export async function load(url: string) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 5000);
  const answer = await fetch(url, { signal: controller.signal });
  return answer.text();
}`,
    errors: [
      {
        messageId: 'abort',
        on: 'setTimeout(() => controller.abort(), 5000)',
        line: 4,
        message:
          'Nothing stops this timer when the work is done: every call leaves one running, which then aborts `controller` for nobody.',
      },
    ],
    output: `
export async function load(url: string) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(5000) });
  return answer.text();
}`,
  });

  reports('a timer that is stopped only where the work succeeds', {
    code: `
export async function load(url: string) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 5000);
  const answer = await fetch(url, { signal: controller.signal });
  clearTimeout(timer);
  return answer.text();
}`,
    errors: [
      {
        messageId: 'abortThrown',
        on: 'setTimeout(() => controller.abort(), 5000)',
        line: 4,
        message:
          'When `fetch(url, { signal: controller.signal })` on line 5 fails, nothing stops this timer: it runs on and aborts `controller` for nobody.',
      },
    ],
    output: `
export async function load(url: string) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(5000) });
  return answer.text();
}`,
  });

  reports('a catch that hides the failure', {
    code: `
export async function isUp(url: string) {
  try {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), 3 * 1000);
    const answer = await fetch(url, { signal: controller.signal });
    clearTimeout(timer);
    return answer.ok;
  } catch {
    return false;
  }
}`,
    errors: [
      {
        messageId: 'abortThrown',
        on: 'setTimeout(() => controller.abort(), 3 * 1000)',
        line: 5,
        message:
          'When `fetch(url, { signal: controller.signal })` on line 6 fails, nothing stops this timer: it runs on and aborts `controller` for nobody.',
      },
    ],
    output: `
export async function isUp(url: string) {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(3 * 1000) });
    return answer.ok;
  } catch {
    return false;
  }
}`,
  });

  reports('a return that leaves before', {
    code: `
declare function ask(signal: AbortSignal): Promise<number | undefined>;
export async function isUp() {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 3000);
  const answer = await ask(controller.signal);
  if (answer === undefined) return false;
  clearTimeout(timer);
  return answer === 200;
}`,
    errors: [
      {
        messageId: 'abortLeft',
        on: 'setTimeout(() => controller.abort(), 3000)',
        line: 5,
        message:
          'The `return` on line 7 leaves before anything has stopped this timer: it runs on and aborts `controller` for nobody.',
      },
    ],
    output: `
declare function ask(signal: AbortSignal): Promise<number | undefined>;
export async function isUp() {
  const answer = await ask(AbortSignal.timeout(3000));
  if (answer === undefined) return false;
  return answer === 200;
}`,
  });

  reports('a signal that is used twice', {
    code: `
export async function load(url: string, other: string) {
  const controller = new AbortController();
  setTimeout(() => {
    controller.abort();
  }, 5000);
  const one = await fetch(url, { signal: controller.signal });
  const two = await fetch(other, { signal: controller.signal });
  return [one.status, two.status];
}`,
    errors: [
      {
        messageId: 'abort',
        on: 'setTimeout(() => {…',
        line: 4,
        message:
          'Nothing stops this timer when the work is done: every call leaves one running, which then aborts `controller` for nobody.',
      },
    ],
    output: `
export async function load(url: string, other: string) {
  const deadline = AbortSignal.timeout(5000);
  const one = await fetch(url, { signal: deadline });
  const two = await fetch(other, { signal: deadline });
  return [one.status, two.status];
}`,
  });

  reports('a file that looks for an AbortError', {
    code: `
export async function load(url: string) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 5000);
  const answer = await fetch(url, { signal: controller.signal });
  clearTimeout(timer);
  return answer.text();
}
export function isLate(error: Error) {
  return error.name === 'AbortError';
}`,
    errors: [
      {
        messageId: 'abortThrown',
        on: 'setTimeout(() => controller.abort(), 5000)',
        line: 4,
        message:
          'When `fetch(url, { signal: controller.signal })` on line 5 fails, nothing stops this timer: it runs on and aborts `controller` for nobody.',
        suggestions: [
          {
            messageId: 'timeout',
            output: `
export async function load(url: string) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(5000) });
  return answer.text();
}
export function isLate(error: Error) {
  return error.name === 'AbortError';
}`,
          },
        ],
      },
    ],
  });

  reports('a controller that is aborted elsewhere too', {
    code: `
export async function load(url: string, isOver: () => boolean) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 5000);
  if (isOver()) controller.abort();
  const answer = await fetch(url, { signal: controller.signal });
  return answer.text();
}`,
    errors: [
      {
        messageId: 'abort',
        on: 'setTimeout(() => controller.abort(), 5000)',
        line: 4,
        message:
          'Nothing stops this timer when the work is done: every call leaves one running, which then aborts `controller` for nobody.',
      },
    ],
  });

  // ------------------------------------------------------------------ handlers

  reports('a listener on a bus for each request', {
    code: `
import { EventEmitter } from 'node:events';
import express from 'express';
const bus = new EventEmitter();
const app = express();
app.get('/events', (_request, response) => {
  bus.on('order', (order: string) => {
    response.write(order);
  });
});`,
    errors: [
      {
        messageId: 'listener',
        on: "bus.on('order', (order: string) => {…",
        line: 7,
        message:
          'Every call of this handler adds a listener to `bus` that nothing takes away: they add up, and each runs at every event.',
        suggestions: [
          {
            messageId: 'close',
            data: { response: 'response' },
            output: `
import { EventEmitter } from 'node:events';
import express from 'express';
const bus = new EventEmitter();
const app = express();
app.get('/events', (_request, response) => {
  const listener = (order: string) => {
    response.write(order);
  };
  bus.on('order', listener);
  response.on('close', () => bus.off('order', listener));
});`,
          },
        ],
      },
    ],
  });

  reports('a listener on the process for each request', {
    code: `
import express from 'express';
const app = express();
app.get('/orders', (_request, response) => {
  process.on('SIGTERM', () => {
    response.end();
  });
});`,
    errors: [
      {
        messageId: 'listener',
        on: "process.on('SIGTERM', () => {…",
        line: 5,
        message:
          'Every call of this handler adds a listener to `process` that nothing takes away: they add up, and each runs at every event.',
        suggestions: [
          {
            messageId: 'close',
            data: { response: 'response' },
            output: `
import express from 'express';
const app = express();
app.get('/orders', (_request, response) => {
  const listener = () => {
    response.end();
  };
  process.on('SIGTERM', listener);
  response.on('close', () => process.off('SIGTERM', listener));
});`,
          },
        ],
      },
    ],
  });

  reports('a listener of a bus that another file keeps', {
    code: `
import { createServer } from 'node:http';
import { bus } from './bus.ts';
createServer((_request, response) => {
  const send = (order: string) => response.write(order);
  bus.on('order', send).on('payment', send);
}).listen(3000);`,
    files: {
      'bus.ts': `import { EventEmitter } from 'node:events';
export const bus = new EventEmitter();
`,
    },
    errors: [
      {
        messageId: 'listener',
        on: "bus.on('order', send).on('payment', send)",
        line: 6,
        message:
          'Every call of this handler adds a listener to `bus` that nothing takes away: they add up, and each runs at every event.',
      },
      {
        messageId: 'listener',
        on: "bus.on('order', send)",
        line: 6,
        message:
          'Every call of this handler adds a listener to `bus` that nothing takes away: they add up, and each runs at every event.',
      },
    ],
  });

  reports('an interval for each request of a plain server', {
    code: `
import { createServer } from 'node:http';
createServer((_request, response) => {
  response.writeHead(200);
  setInterval(() => response.write('still here'), 1000); // until it is gone
}).listen(3000);`,
    errors: [
      {
        messageId: 'interval',
        on: "setInterval(() => response.write('still here'), 1000)",
        line: 5,
        message: 'Every call of this handler starts an interval that nothing ends; they add up until the process ends.',
        suggestions: [
          {
            messageId: 'close',
            data: { response: 'response' },
            output: `
import { createServer } from 'node:http';
createServer((_request, response) => {
  response.writeHead(200);
  const timer = setInterval(() => response.write('still here'), 1000); // until it is gone
  response.on('close', () => clearInterval(timer));
}).listen(3000);`,
          },
        ],
      },
    ],
  });

  reports('an interval for each request', {
    code: `
import fastify from 'fastify';
const app = fastify();
app.get('/events', async (_request, reply) => {
  setInterval(() => {
    reply.raw.write('still here');
  }, 1000);
  return reply;
});`,
    errors: [
      {
        messageId: 'interval',
        on: 'setInterval(() => {…',
        line: 5,
        message: 'Every call of this handler starts an interval that nothing ends; they add up until the process ends.',
      },
    ],
  });

  reports('a listener of a signal that lives as long as the process', {
    code: `
import { createServer } from 'node:http';
export const shutdown = new AbortController();
createServer((_request, response) => {
  const end = () => response.end();
  shutdown.signal.addEventListener('abort', end, { once: true });
}).listen(3000);`,
    errors: [
      {
        messageId: 'listener',
        on: "shutdown.signal.addEventListener('abort', end, { once: true })",
        line: 6,
        message:
          'Every call of this handler adds a listener to `shutdown.signal` that nothing takes away: they add up, and each runs at every event.',
        suggestions: [
          {
            messageId: 'close',
            data: { response: 'response' },
            output: `
import { createServer } from 'node:http';
export const shutdown = new AbortController();
createServer((_request, response) => {
  const end = () => response.end();
  shutdown.signal.addEventListener('abort', end, { once: true });
  response.on('close', () => shutdown.signal.removeEventListener('abort', end));
}).listen(3000);`,
          },
        ],
      },
    ],
  });

  reports('a timer of one call in a field', {
    code: `
export class Prober {
  private timer?: NodeJS.Timeout;
  constructor(private readonly dial: () => Promise<string>) {}
  async probe(): Promise<string> {
    clearTimeout(this.timer);
    const late = new Promise<never>((_resolve, reject) => {
      this.timer = setTimeout(() => reject(new Error('too late')), 5000);
    });
    try {
      return await Promise.race([this.dial(), late]);
    } finally {
      clearTimeout(this.timer);
    }
  }
}`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'shared',
        on: "setTimeout(() => reject(new Error('too late')), 5000)",
        line: 8,
        message:
          'This timer belongs to one call, but `this.timer` keeps only the last one: when two calls overlap, the first one’s is lost.',
        suggestions: [
          {
            messageId: 'local',
            output: `
export class Prober {
  constructor(private readonly dial: () => Promise<string>) {}
  async probe(): Promise<string> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    clearTimeout(timer);
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('too late')), 5000);
    });
    try {
      return await Promise.race([this.dial(), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}`,
          },
        ],
      },
    ],
  });

  reports('an interval that does not wait for its work is likely a fault', {
    code: `
declare function sync(): Promise<void>;
export function start() {
  return setInterval(async () => {
    await sync();
  }, 1000);
}`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'overlap',
        on: 'setInterval(async () => {…',
        line: 4,
        message:
          'The interval does not wait for its work: when the wait on line 5 takes longer, the next run begins before the last one has ended.',
        suggestions: [
          {
            messageId: 'skip',
            output: `
declare function sync(): Promise<void>;
export function start() {
  let isRunning = false;
  return setInterval(async () => {
    if (isRunning) return;
    isRunning = true;
    try {
      await sync();
    } finally {
      isRunning = false;
    }
  }, 1000);
}`,
          },
        ],
      },
    ],
  });

  // ------------------------------------------------------------------ silent: it ends

  stays('an interval that does not wait for its work, when only certain faults are asked for', {
    code: `
declare function sync(): Promise<void>;
export function start() {
  return setInterval(async () => {
    await sync();
  }, 1000);
}`,
  });

  stays('an interval of a day', {
    code: `
declare function sync(): Promise<void>;
export function start() {
  return setInterval(async () => {
    await sync();
  }, 24 * 3600 * 1000);
}`,
    options: { certainty: 'likely' },
  });

  stays('a run that is skipped while another one is on the way', {
    code: `
declare function sync(): Promise<void>;
let isRunning = false;
export function start() {
  return setInterval(async () => {
    if (isRunning) return;
    isRunning = true;
    await sync();
    isRunning = false;
  }, 1000);
}`,
    options: { certainty: 'likely' },
  });

  stays('a timer that is stopped in a finally', {
    code: `
declare function load(id: string): Promise<string>;
export async function withLimit(id: string) {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('too late')), 30_000);
  });
  try {
    return await Promise.race([load(id), late]);
  } finally {
    clearTimeout(timer);
  }
}`,
  });

  stays('a timer that is stopped at the end of the chain', {
    code: `
declare function load(id: string): Promise<string>;
export function withLimit(id: string) {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('too late')), 30_000);
  });
  return Promise.race([load(id), late]).finally(() => clearTimeout(timer));
}`,
  });

  stays('a timer that lets the process end', {
    code: `
declare function load(id: string): Promise<string>;
export function withLimit(id: string) {
  return Promise.race([
    load(id),
    new Promise<never>((_resolve, reject) => {
      setTimeout(() => reject(new Error('too late')), 30_000).unref();
    }),
  ]);
}`,
  });

  stays('a short timer', {
    code: `
declare function load(id: string): Promise<string>;
export function withLimit(id: string) {
  return Promise.race([load(id), new Promise<void>((resolve) => setTimeout(resolve, 100))]);
}`,
  });

  stays('a short timer by a constant', {
    code: `
const TICK = 50;
declare function load(id: string): Promise<string>;
export function withLimit(id: string) {
  return Promise.race([load(id), new Promise<void>((resolve) => setTimeout(resolve, TICK * 2))]);
}`,
  });

  stays('a pause with a signal', {
    code: `
import { setTimeout as sleep } from 'node:timers/promises';
declare function load(id: string): Promise<string>;
export async function withLimit(id: string, signal: AbortSignal) {
  return await Promise.race([load(id), sleep(5000, undefined, { signal })]);
}`,
  });

  stays('a pause that keeps nothing alive', {
    code: `
import { setTimeout as sleep } from 'node:timers/promises';
declare function load(id: string): Promise<string>;
export async function withLimit(id: string) {
  return await Promise.race([load(id), sleep(5000, undefined, { ref: false })]);
}`,
  });

  stays('two pauses', {
    code: `
import { setTimeout as sleep } from 'node:timers/promises';
export async function either() {
  await Promise.race([sleep(5000), sleep(6000)]);
}`,
  });

  stays('a race right before the process ends', {
    code: `
import { setTimeout as sleep } from 'node:timers/promises';
import http from 'node:http';
const server = http.createServer((_request, response) => response.end()).listen(3000);
process.once('SIGTERM', async () => {
  try {
    await Promise.race([server[Symbol.asyncDispose](), sleep(10_000)]);
  } finally {
    process.exit(0);
  }
});`,
  });

  stays('a race in a function whose only caller then ends the process', {
    code: `
import { setTimeout as sleep } from 'node:timers/promises';
import http from 'node:http';
class Api {
  readonly #server = http.createServer((_request, response) => response.end()).listen(3000);
  stop = async (): Promise<boolean> => {
    const done = await Promise.race([this.#server[Symbol.asyncDispose]().then(() => true), sleep(10_000, false)]);
    console.log('stopped', done);
    return done;
  };
}
const api = new Api();
process.once('SIGTERM', () => {
  api.stop().then((done) => process.exit(done ? 0 : 1)).catch(() => process.exit(1));
});`,
  });

  stays('a race in a chain that ends the process in a helper', {
    code: `
import http from 'node:http';
const server = http.createServer((_request, response) => response.end()).listen(3000);
const late = () => new Promise<void>((resolve) => setTimeout(resolve, 10_000));
function leave(): never {
  process.exit();
}
process.once('SIGTERM', () => {
  Promise.race([server[Symbol.asyncDispose](), late()]).catch(console.error).finally(leave);
});`,
  });

  reports('a race after which the process ends on one way only', {
    code: `
import { setTimeout as sleep } from 'node:timers/promises';
declare function drain(): Promise<string>;
export async function stop() {
  const outcome = await Promise.race([drain(), sleep(10_000, 'late')]);
  if (outcome === 'late') process.exit(1);
}`,
    errors: [
      {
        messageId: 'race',
        on: `sleep(10_000, 'late')`,
        line: 5,
        message:
          'Nothing stops this timer when `drain()` wins the race: it runs on, and keeps what it holds and the process alive.',
      },
    ],
    output: `
import { setTimeout as sleep } from 'node:timers/promises';
declare function drain(): Promise<string>;
export async function stop() {
  const timer = new AbortController();
  const outcome = await Promise.race([drain(), sleep(10_000, 'late', { signal: timer.signal })]).finally(() => timer.abort());
  if (outcome === 'late') process.exit(1);
}`,
  });

  stays('a race for each server of a list before the process ends', {
    code: `
import { setTimeout as sleep } from 'node:timers/promises';
import http from 'node:http';
const servers = [http.createServer().listen(3000), http.createServer().listen(3001)];
async function stop(): Promise<void> {
  for (const server of servers) await Promise.race([server[Symbol.asyncDispose](), sleep(10_000)]);
}
process.once('SIGTERM', () => {
  stop().then(() => process.exit(0), () => process.exit(1));
});`,
  });

  reports('a race in a loop that goes on until something stops it, before the process ends', {
    code: `
import { setTimeout as sleep } from 'node:timers/promises';
import http from 'node:http';
http.createServer((_request, response) => response.end()).listen(3000);
declare function next(): Promise<void>;
declare const state: { readonly on: boolean };
async function run(): Promise<void> {
  while (state.on) await Promise.race([next(), sleep(10_000)]);
}
async function main(): Promise<void> {
  await run();
  process.exit(0);
}
void main();`,
    errors: [
      {
        messageId: 'race',
        on: 'sleep(10_000)',
        line: 8,
        message:
          'Nothing stops this timer when `next()` wins the race: it runs on, and keeps what it holds and the process alive.',
      },
    ],
  });

  reports('a race for each message, by its caller, before the process ends', {
    code: `
import http from 'node:http';
http.createServer((_request, response) => response.end()).listen(3000);
declare const messages: AsyncIterable<string>;
declare function work(message: string): Promise<void>;
async function handle(message: string): Promise<void> {
  await Promise.race([work(message), new Promise((_, reject) => setTimeout(reject, 30_000))]);
}
async function run(): Promise<void> {
  for await (const message of messages) await handle(message);
}
run().then(() => process.exit(0), () => process.exit(1));`,
    errors: [
      {
        messageId: 'race',
        on: 'setTimeout(reject, 30_000)',
        line: 7,
        message:
          'Nothing stops this timer when `work(message)` wins the race: it runs on, and keeps what it holds and the process alive.',
      },
    ],
    output: `
import http from 'node:http';
http.createServer((_request, response) => response.end()).listen(3000);
declare const messages: AsyncIterable<string>;
declare function work(message: string): Promise<void>;
async function handle(message: string): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  await Promise.race([work(message), new Promise((_, reject) => (timer = setTimeout(reject, 30_000)))]).finally(() => clearTimeout(timer));
}
async function run(): Promise<void> {
  for await (const message of messages) await handle(message);
}
run().then(() => process.exit(0), () => process.exit(1));`,
  });

  reports('a race in an endless loop that ends the process when it fails', {
    code: `
import { setTimeout as sleep } from 'node:timers/promises';
declare function next(): Promise<void>;
export async function consume() {
  try {
    for (;;) await Promise.race([next(), sleep(10_000)]);
  } catch {
    process.exit(1);
  }
}`,
    errors: [
      {
        messageId: 'race',
        on: 'sleep(10_000)',
        line: 6,
        message:
          'Nothing stops this timer when `next()` wins the race: it runs on, and keeps what it holds and the process alive.',
      },
    ],
  });

  stays('a function of the project that stops its timer', {
    code: `
function after(milliseconds: number, signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('too late')), milliseconds);
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  });
}
declare function load(id: string): Promise<string>;
export async function withLimit(id: string, signal: AbortSignal) {
  return Promise.race([load(id), after(5000, signal)]);
}`,
  });

  stays('a timer that somebody else gets', {
    code: `
declare function load(id: string): Promise<string>;
export async function withLimit(id: string, timers: Set<NodeJS.Timeout>) {
  return Promise.race([
    load(id),
    new Promise<never>((_resolve, reject) => {
      timers.add(setTimeout(() => reject(new Error('too late')), 30_000));
    }),
  ]);
}`,
  });

  stays('a pause that is no part of a race', {
    code: `
export async function pause() {
  await new Promise((resolve) => setTimeout(resolve, 5000));
}`,
  });

  stays('a method race of something else', {
    code: `
declare const horses: { race(list: readonly unknown[]): string };
export function run() {
  return horses.race([new Promise((resolve) => setTimeout(resolve, 5000)), 'bella']);
}`,
  });

  stays('a loop that ends', {
    code: `
declare function next(): Promise<string | undefined>;
export async function consume(stopped: Promise<undefined>, rounds: number) {
  for (let round = 0; round < rounds; round++) {
    const message = await Promise.race([stopped, next()]);
    if (message === undefined) return;
  }
}`,
  });

  stays('a promise that each turn makes anew', {
    code: `
declare function next(): Promise<string | undefined>;
declare function stopped(): Promise<undefined>;
export async function consume() {
  while (true) {
    const stop = stopped();
    const message = await Promise.race([stop, next()]);
    if (message === undefined) return;
  }
}`,
  });

  stays('a promise that the loop renews when it was used', {
    code: `
declare function next(): Promise<string | undefined>;
declare function other(): Promise<string | undefined>;
export async function consume() {
  let pending = next();
  while (true) {
    const message = await Promise.race([pending, other()]);
    if (message === undefined) return;
    pending = next();
  }
}`,
  });

  stays('a timer that aborts and is stopped in a finally', {
    code: `
export async function load(url: string) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 5000);
  try {
    const answer = await fetch(url, { signal: controller.signal });
    return await answer.text();
  } finally {
    clearTimeout(timer);
  }
}`,
  });

  stays('a timer that aborts and is stopped by a closure', {
    code: `
export async function load(url: string) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 5000);
  const answer = await fetch(url, { signal: controller.signal }).finally(() => clearTimeout(timer));
  return answer.text();
}`,
  });

  stays('a timer that aborts what others own', {
    code: `
export function stopLater(controller: AbortController) {
  setTimeout(() => controller.abort(), 5000);
}`,
  });

  stays('the signal of the platform', {
    code: `
export async function load(url: string) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(5000) });
  return answer.text();
}`,
  });

  stays('a listener that the handler takes away', {
    code: `
import { EventEmitter } from 'node:events';
import express from 'express';
const bus = new EventEmitter();
const app = express();
app.get('/events', (request, response) => {
  const send = (order: string) => response.write(order);
  bus.on('order', send);
  request.on('close', () => {
    bus.off('order', send);
  });
});`,
  });

  stays('a listener that is called once', {
    code: `
import { EventEmitter } from 'node:events';
import express from 'express';
const bus = new EventEmitter();
const app = express();
app.get('/events', (_request, response) => {
  bus.once('order', (order: string) => response.end(order));
});`,
  });

  stays('a listener of a signal with a signal of its own', {
    code: `
import { createServer } from 'node:http';
export const shutdown = new AbortController();
createServer((_request, response) => {
  const own = new AbortController();
  shutdown.signal.addEventListener('abort', () => response.end(), { signal: own.signal });
  response.on('close', () => own.abort());
}).listen(3000);`,
  });

  stays('a listener of the signal that the caller gives', {
    code: `
import { createServer } from 'node:http';
export function start(signal: AbortSignal) {
  createServer((_request, response) => {
    signal.addEventListener('abort', () => response.end(), { once: true });
  }).listen(3000);
}`,
  });

  stays('a timer in a field that another method stops', {
    code: `
export class Prober {
  private timer?: NodeJS.Timeout;
  probe(): Promise<string> {
    return new Promise((resolve) => {
      this.timer = setTimeout(() => resolve('late'), 5000);
    });
  }
  stop(): void {
    clearTimeout(this.timer);
  }
}`,
    options: { certainty: 'likely' },
  });

  stays('a timer in a field that is nobody’s deadline', {
    code: `
export class Saver {
  private timer?: NodeJS.Timeout;
  later(save: () => void): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(save, 5000);
  }
}`,
    options: { certainty: 'likely' },
  });

  stays('a listener of the request', {
    code: `
import express from 'express';
const app = express();
app.get('/events', (request, response) => {
  request.on('close', () => response.end());
});`,
  });

  stays('a listener of what the handler makes', {
    code: `
import { EventEmitter } from 'node:events';
import express from 'express';
const app = express();
app.get('/events', (_request, response) => {
  const own = new EventEmitter();
  own.on('order', (order: string) => response.end(order));
  own.emit('order', '7');
});`,
  });

  stays('listeners that are put on once, at the start', {
    code: `
import { EventEmitter } from 'node:events';
const bus = new EventEmitter();
export function start() {
  bus.on('order', (order: string) => {
    console.log(order);
  });
}`,
  });

  stays('an interval that the handler ends', {
    code: `
import fastify from 'fastify';
const app = fastify();
app.get('/events', async (request, reply) => {
  const timer = setInterval(() => {
    reply.raw.write('still here');
  }, 1000);
  request.raw.on('close', () => {
    clearInterval(timer);
  });
  return reply;
});`,
  });

  stays('an interval of the service', {
    code: `
export function start() {
  setInterval(() => {
    console.log('alive');
  }, 1000);
}`,
  });

  stays('in a test', {
    code: `
import { expect, test } from 'vitest';
declare function load(id: string): Promise<string>;
test('loads in time', async () => {
  const late = new Promise<string>((resolve) => setTimeout(() => resolve('late'), 5000));
  expect(await Promise.race([load('7'), late])).toBe('7');
});`,
    filename: 'load.test.ts',
  });
});
