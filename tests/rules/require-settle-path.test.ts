import rule from '../../src/rules/require-settle-path.ts';
import { ruleTests } from '../support/tester.ts';

ruleTests(rule, ({ reports, stays }) => {
  reports('a drain that never comes on a broken pipe', {
    code: `
      import type { Writable } from 'node:stream';

      export async function send(out: Writable, rows: AsyncIterable<string>): Promise<void> {
        for await (const row of rows) {
          if (!out.write(row)) await new Promise<void>((resolve) => out.once('drain', resolve));
        }
      }
    `,
    errors: [
      {
        messageId: 'events',
        on: `'drain'`,
        line: 6,
        message:
          '`out` may emit `error` or `close` in place of `drain`; then nothing settles this promise, and `send` waits for ever.',
        suggestions: [
          {
            title: 'Reject the promise on `error` or `close` too.',
            output: `
      import type { Writable } from 'node:stream';

      export async function send(out: Writable, rows: AsyncIterable<string>): Promise<void> {
        for await (const row of rows) {
          if (!out.write(row)) await new Promise<void>((resolve, reject) => {
              const fail = (cause?: unknown): void => {
                  stop();
                  reject(cause instanceof Error ? cause : new Error('out ended before drain'));
              };
              const stop = (): void => {
                  out.off('error', fail);
                  out.off('close', fail);
              };
              out.once('error', fail);
              out.once('close', fail);
              out.once('drain', () => { stop(); resolve(); });
          });
        }
      }
    `,
          },
        ],
      },
    ],
  });

  reports('a drain, the write being part of the executor', {
    code: `
      import type { ServerResponse } from 'node:http';

      export async function send(response: ServerResponse, row: string): Promise<void> {
        await new Promise<void>((resolve) => {
          if (response.write(row)) resolve();
          else response.once('drain', () => resolve());
        });
      }
    `,
    errors: [
      {
        messageId: 'events',
        on: `'drain'`,
        line: 7,
        message:
          '`response` may emit `error` or `close` in place of `drain`; then nothing settles this promise, and `send` waits for ever.',
        suggestions: [
          {
            title: 'Reject the promise on `error` or `close` too.',
            output: `
      import type { ServerResponse } from 'node:http';

      export async function send(response: ServerResponse, row: string): Promise<void> {
        await new Promise<void>((resolve, reject) => {
          const fail = (cause?: unknown): void => {
              stop();
              reject(cause instanceof Error ? cause : new Error('response ended before drain'));
          };
          const stop = (): void => {
              response.off('error', fail);
              response.off('close', fail);
          };
          response.once('error', fail);
          response.once('close', fail);
          if (response.write(row)) { stop(); resolve(); }
          else response.once('drain', () => { stop(); resolve(); });
        });
      }
    `,
          },
        ],
      },
    ],
  });

  reports('a drain of a response whose failures are heard, but not its end', {
    code: `
      import type { ServerResponse } from 'node:http';

      export function drained(response: ServerResponse): Promise<void> {
        return new Promise((resolve, reject) => {
          response.once('error', reject);
          response.once('drain', resolve);
        });
      }
    `,
    errors: [
      {
        messageId: 'ends',
        on: `'drain'`,
        line: 7,
        message:
          '`response` may emit `close` without `drain` or a failure; then nothing settles this promise, and `drained` waits for ever.',
        suggestions: [
          {
            title: 'Reject the promise on `close` too.',
            output: `
      import type { ServerResponse } from 'node:http';

      export function drained(response: ServerResponse): Promise<void> {
        return new Promise((resolve, reject) => {
          const fail = (cause?: unknown): void => {
              stop();
              reject(cause instanceof Error ? cause : new Error('response ended before drain'));
          };
          const stop = (): void => {
              response.off('close', fail);
          };
          response.once('close', fail);
          response.once('error', (error) => { stop(); reject(error); });
          response.once('drain', () => { stop(); resolve(); });
        });
      }
    `,
          },
        ],
      },
    ],
  });

  stays('silent when the end is listened to as well', {
    code: `
      import type { ServerResponse } from 'node:http';

      export function drained(response: ServerResponse): Promise<void> {
        return new Promise((resolve, reject) => {
          response.once('close', () => reject(new Error('the client is gone')));
          response.once('error', reject);
          response.once('drain', resolve);
        });
      }
    `,
  });

  reports('a worker that may exit before it answers', {
    code: `
      import { Worker } from 'node:worker_threads';

      export function priceOf(order: string): Promise<number> {
        const worker = new Worker(new URL('./price.js', import.meta.url), { workerData: order });
        return new Promise((resolve, reject) => {
          worker.on('message', (price: number) => {
            resolve(price);
          });
          worker.on('error', reject);
        });
      }
    `,
    errors: [
      {
        messageId: 'ends',
        on: `'message'`,
        line: 7,
        message:
          '`worker` may emit `exit` without `message` or a failure; then nothing settles this promise, and `priceOf` waits for ever.',
        suggestions: [
          {
            title: 'Reject the promise on `exit` too.',
            output: `
      import { Worker } from 'node:worker_threads';

      export function priceOf(order: string): Promise<number> {
        const worker = new Worker(new URL('./price.js', import.meta.url), { workerData: order });
        return new Promise((resolve, reject) => {
          const fail = (cause?: unknown): void => {
              stop();
              reject(cause instanceof Error ? cause : new Error('worker ended before message'));
          };
          const stop = (): void => {
              worker.off('exit', fail);
          };
          worker.once('exit', fail);
          worker.on('message', (price: number) => {
            stop();
            resolve(price);
          });
          worker.on('error', (error) => { stop(); reject(error); });
        });
      }
    `,
          },
        ],
      },
    ],
  });

  stays('silent when the exit of the worker settles it', {
    code: `
      import { Worker } from 'node:worker_threads';

      export function priceOf(order: string): Promise<number> {
        const worker = new Worker(new URL('./price.js', import.meta.url), { workerData: order });
        return new Promise((resolve, reject) => {
          worker.on('message', (price: number) => {
            resolve(price);
          });
          worker.on('error', reject);
          worker.on('exit', (code) => reject(new Error(\`exit \${code}\`)));
        });
      }
    `,
  });

  reports('a connection that may be refused', {
    code: `
      import { connect, type Socket } from 'node:net';

      export async function dial(port: number): Promise<Socket> {
        const socket = connect(port);
        await new Promise<void>((resolve) => socket.once('connect', resolve));
        return socket;
      }
    `,
    errors: [
      {
        messageId: 'events',
        on: `'connect'`,
        line: 6,
        message:
          '`socket` may emit `error` or `close` in place of `connect`; then nothing settles this promise, and `dial` waits for ever.',
        suggestions: [
          {
            title: 'Reject the promise on `error` or `close` too.',
            output: `
      import { connect, type Socket } from 'node:net';

      export async function dial(port: number): Promise<Socket> {
        const socket = connect(port);
        await new Promise<void>((resolve, reject) => {
            const fail = (cause?: unknown): void => {
                stop();
                reject(cause instanceof Error ? cause : new Error('socket ended before connect'));
            };
            const stop = (): void => {
                socket.off('error', fail);
                socket.off('close', fail);
            };
            socket.once('error', fail);
            socket.once('close', fail);
            socket.once('connect', () => { stop(); resolve(); });
        });
        return socket;
      }
    `,
          },
        ],
      },
    ],
    output: `
      import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

      export async function dial(port: number): Promise<Socket> {
        const socket = connect(port);
        await once(socket, 'connect');
        return socket;
      }
    `,
  });

  reports('a file that cannot be written', {
    code: `
      import { createWriteStream } from 'node:fs';
      import { Readable } from 'node:stream';

      export async function store(rows: string[], path: string): Promise<void> {
        const file = createWriteStream(path);
        Readable.from(rows).pipe(file);
        await new Promise<void>((resolve) => {
          file.on('finish', () => {
            resolve();
          });
        });
      }
    `,
    errors: [
      {
        messageId: 'events',
        on: `'finish'`,
        line: 9,
        message:
          '`file` may emit `error` or `close` in place of `finish`; then nothing settles this promise, and `store` waits for ever.',
        suggestions: [
          {
            title: 'Reject the promise on `error` or `close` too.',
            output: `
      import { createWriteStream } from 'node:fs';
      import { Readable } from 'node:stream';

      export async function store(rows: string[], path: string): Promise<void> {
        const file = createWriteStream(path);
        Readable.from(rows).pipe(file);
        await new Promise<void>((resolve, reject) => {
          const fail = (cause?: unknown): void => {
              stop();
              reject(cause instanceof Error ? cause : new Error('file ended before finish'));
          };
          const stop = (): void => {
              file.off('error', fail);
              file.off('close', fail);
          };
          file.once('error', fail);
          file.once('close', fail);
          file.on('finish', () => {
            stop();
            resolve();
          });
        });
      }
    `,
          },
        ],
      },
    ],
    output: `
      import { finished } from 'node:stream/promises';
import { createWriteStream } from 'node:fs';
      import { Readable } from 'node:stream';

      export async function store(rows: string[], path: string): Promise<void> {
        const file = createWriteStream(path);
        Readable.from(rows).pipe(file);
        await finished(file);
      }
    `,
  });

  reports('a body that is cut off', {
    code: `
      import { get } from 'node:https';

      export function textOf(url: string): Promise<string> {
        return new Promise((resolve, reject) => {
          get(url, (response) => {
            let text = '';
            response.setEncoding('utf8');
            response.on('data', (part: string) => (text += part));
            response.on('end', () => resolve(text));
          }).on('error', reject);
        });
      }
    `,
    errors: [
      {
        messageId: 'events',
        on: `'end'`,
        line: 10,
        message:
          '`response` may emit `error` or `close` in place of `end`; then nothing settles this promise, and `textOf` waits for ever.',
        suggestions: [
          {
            title: 'Reject the promise on `error` or `close` too.',
            output: `
      import { get } from 'node:https';

      export function textOf(url: string): Promise<string> {
        return new Promise((resolve, reject) => {
          get(url, (response) => {
            let text = '';
            response.setEncoding('utf8');
            response.on('data', (part: string) => (text += part));
            response.once('error', reject);
            response.once('close', () => reject(new Error('response ended before end')));
            response.on('end', () => resolve(text));
          }).on('error', reject);
        });
      }
    `,
          },
        ],
      },
    ],
  });

  reports('a request whose failure nobody hears', {
    code: `
      import { get } from 'node:http';

      export function statusOf(url: string): Promise<number> {
        return new Promise((resolve) => {
          get(url, (response) => resolve(response.statusCode ?? 0));
        });
      }
    `,
    errors: [
      {
        messageId: 'events',
        on: 'get',
        line: 6,
        message:
          '`get(url, (response) => …ponse.statusCode ?? 0))` may emit `error` or `close` in place of `response`; then nothing settles this promise, and `statusOf` waits for ever.',
        suggestions: [
          {
            title: 'Reject the promise on `error` too.',
            output: `
      import { get } from 'node:http';

      export function statusOf(url: string): Promise<number> {
        return new Promise((resolve, reject) => {
          get(url, (response) => resolve(response.statusCode ?? 0)).once('error', reject);
        });
      }
    `,
          },
        ],
      },
    ],
  });

  stays('silent when request and response both settle it', {
    code: `
      import { get } from 'node:http';

      export function textOf(url: string): Promise<string> {
        return new Promise((resolve, reject) => {
          const request = get(url, (response) => {
            let text = '';
            response.on('data', (part: string) => (text += part));
            response.on('end', () => resolve(text));
            response.on('error', reject);
          });
          request.on('error', reject);
        });
      }
    `,
  });

  reports('a branch of the executor that returns without settling', {
    code: `
      export class Inbox {
        #isClosed = false;
        readonly #waiting: ((order: string) => void)[] = [];

        next(): Promise<string> {
          return new Promise((resolve) => {
            if (this.#isClosed) return;
            this.#waiting.push(resolve);
          });
        }

        close(): void {
          this.#isClosed = true;
        }

        put(order: string): void {
          this.#waiting.shift()?.(order);
        }
      }
    `,
    errors: [
      {
        messageId: 'branch',
        on: 'return;',
        line: 8,
        message: 'This `return` leaves the promise of line 7 unsettled; `next` waits for ever.',
        suggestions: [
          {
            title: 'Reject the promise before it returns.',
            output: `
      export class Inbox {
        #isClosed = false;
        readonly #waiting: ((order: string) => void)[] = [];

        next(): Promise<string> {
          return new Promise((resolve, reject) => {
            if (this.#isClosed) {
                reject(new Error('nothing to wait for'));
                return;
            }
            this.#waiting.push(resolve);
          });
        }

        close(): void {
          this.#isClosed = true;
        }

        put(order: string): void {
          this.#waiting.shift()?.(order);
        }
      }
    `,
          },
        ],
      },
    ],
  });

  stays('silent when every branch settles or keeps the resolver', {
    code: `
      export class Inbox {
        #isClosed = false;
        readonly #waiting: ((order: string) => void)[] = [];

        next(): Promise<string> {
          return new Promise((resolve, reject) => {
            if (this.#isClosed) {
              reject(new Error('closed'));
              return;
            }
            this.#waiting.push(resolve);
          });
        }

        close(): void {
          this.#isClosed = true;
        }

        put(order: string): void {
          this.#waiting.shift()?.(order);
        }
      }
    `,
  });

  reports('an error that ends the callback and settles nothing', {
    code: `
      import { readFile } from 'node:fs';

      export function invoice(path: string): Promise<string> {
        return new Promise((resolve) => {
          readFile(path, 'utf8', (error, text) => {
            if (error) return;
            resolve(text);
          });
        });
      }
    `,
    errors: [
      {
        messageId: 'branch',
        on: 'return;',
        line: 7,
        message: 'This `return` leaves the promise of line 5 unsettled; `invoice` waits for ever.',
        suggestions: [
          {
            title: 'Reject the promise before it returns.',
            output: `
      import { readFile } from 'node:fs';

      export function invoice(path: string): Promise<string> {
        return new Promise((resolve, reject) => {
          readFile(path, 'utf8', (error, text) => {
            if (error) {
                reject(error);
                return;
            }
            resolve(text);
          });
        });
      }
    `,
          },
        ],
      },
    ],
  });

  reports('an error that is dropped', {
    code: `
      import { readFile } from 'node:fs';

      export function invoice(path: string): Promise<string> {
        return new Promise((resolve) => {
          readFile(path, 'utf8', (error, text) => {
            resolve(text);
          });
        });
      }
    `,
    compilerOptions: { noUnusedParameters: false },
    errors: [
      {
        messageId: 'error',
        on: 'error',
        line: 6,
        message: '`error` is dropped; when `readFile` fails, the promise of line 5 resolves as if it had not.',
      },
    ],
    output: `
      import { readFile } from 'node:fs';

      export function invoice(path: string): Promise<string> {
        return new Promise((resolve, reject) => {
          readFile(path, 'utf8', (error, text) => {
            if (error) return reject(error);
            resolve(text);
          });
        });
      }
    `,
  });

  reports('an error that is dropped by an arrow without a body', {
    code: `
      import { readFile } from 'node:fs';

      export function invoice(path: string): Promise<string> {
        return new Promise((resolve, reject) => {
          if (path === '') reject(new Error('no path'));
          else readFile(path, 'utf8', (error, text) => resolve(text));
        });
      }
    `,
    compilerOptions: { noUnusedParameters: false },
    errors: [
      {
        messageId: 'error',
        on: 'error',
        line: 7,
        message: '`error` is dropped; when `readFile` fails, the promise of line 5 resolves as if it had not.',
      },
    ],
    output: `
      import { readFile } from 'node:fs';

      export function invoice(path: string): Promise<string> {
        return new Promise((resolve, reject) => {
          if (path === '') reject(new Error('no path'));
          else readFile(path, 'utf8', (error, text) => {
              if (error) return reject(error);
              resolve(text);
          });
        });
      }
    `,
  });

  stays('silent when the error rejects it', {
    code: `
      import { readFile } from 'node:fs';

      export function invoice(path: string): Promise<string> {
        return new Promise((resolve, reject) => {
          readFile(path, 'utf8', (error, text) => {
            if (error) reject(error);
            else resolve(text);
          });
        });
      }
    `,
  });

  stays('silent when the wait is raced with a timer', {
    code: `
      import { setTimeout as sleep } from 'node:timers/promises';
      import type { Writable } from 'node:stream';

      export async function drained(out: Writable): Promise<void> {
        await Promise.race([new Promise<void>((resolve) => out.once('drain', resolve)), sleep(5_000)]);
      }
    `,
  });

  stays('silent when a timer settles it', {
    code: `
      import type { Writable } from 'node:stream';

      export function drained(out: Writable): Promise<void> {
        return new Promise((resolve, reject) => {
          const timer = setTimeout(() => reject(new Error('not drained')), 5_000);
          out.once('drain', () => {
            clearTimeout(timer);
            resolve();
          });
        });
      }
    `,
  });

  stays('silent when an abort settles it', {
    code: `
      import type { Writable } from 'node:stream';

      export function drained(out: Writable, signal: AbortSignal): Promise<void> {
        return new Promise((resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason), { once: true });
          out.once('drain', resolve);
        });
      }
    `,
  });

  stays('silent when the function has just ended the stream', {
    code: `
      import type { Writable } from 'node:stream';

      export async function finish(out: Writable): Promise<void> {
        out.end();
        await new Promise<void>((resolve) => out.once('finish', resolve));
      }
    `,
  });

  stays('silent when a server begins to listen', {
    code: `
      import { createServer } from 'node:http';

      export async function start(port: number): Promise<void> {
        const server = createServer((request, response) => response.end(request.url));
        await new Promise<void>((resolve) => server.listen(port, resolve));
      }
    `,
  });

  stays('silent for emitters of the project', {
    code: `
      import { EventEmitter } from 'node:events';

      const orders = new EventEmitter();

      export function paid(): Promise<string> {
        return new Promise((resolve) => orders.once('paid', resolve));
      }
    `,
  });
});
