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
            title: 'Reject the promise on `error` and `close` too.',
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
            title: 'Reject the promise on `error` and `close` too.',
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

  stays('silent on the start of a worker, which comes or fails', {
    code: `
      import { Worker } from 'node:worker_threads';

      export function started(): Promise<Worker> {
        const worker = new Worker(new URL('./price.js', import.meta.url));
        return new Promise((resolve, reject) => {
          worker.once('online', () => resolve(worker));
          worker.once('error', reject);
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
            title: 'Reject the promise on `error` and `close` too.',
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
            title: 'Reject the promise on `error` and `close` too.',
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
            title: 'Reject the promise on `error` and `close` too.',
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
          '`get(…)` may emit `error` or `close` in place of `response`; then nothing settles this promise, and `statusOf` waits for ever.',
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

  reports('the end of a child that is listened to after its output was read', {
    code: `
      import { spawn } from 'node:child_process';
      import { once } from 'node:events';
      import { text } from 'node:stream/consumers';

      export async function convert(path: string): Promise<string> {
        const child = spawn('pdftotext', [path, '-']);
        const invoice = await text(child.stdout);
        const [code] = (await once(child, 'close')) as [number];
        if (code !== 0) throw new Error(\`exit \${code}\`);
        return invoice;
      }
    `,
    errors: [
      {
        messageId: 'late',
        on: `'close'`,
        line: 9,
        message:
          '`close` of `child` may come during the wait on line 8; this listener comes after it, and `convert` waits for ever.',
      },
    ],
    output: `
      import { spawn } from 'node:child_process';
      import { once } from 'node:events';
      import { text } from 'node:stream/consumers';

      export async function convert(path: string): Promise<string> {
        const child = spawn('pdftotext', [path, '-']);
        const [invoice, [code]] = await Promise.all([text(child.stdout), once(child, 'close') as Promise<[number]>]);
        if (code !== 0) throw new Error(\`exit \${code}\`);
        return invoice;
      }
    `,
  });

  reports('the exit of a child, after its output was read in a loop', {
    code: `
      import { spawn } from 'node:child_process';

      export async function convert(path: string): Promise<string> {
        const child = spawn('pdftotext', [path, '-']);
        let invoice = '';
        for await (const part of child.stdout.setEncoding('utf8')) invoice += part as string;
        const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
        if (code !== 0) throw new Error(\`exit \${code}\`);
        return invoice;
      }
    `,
    errors: [
      {
        messageId: 'late',
        on: `'close'`,
        line: 8,
        message:
          '`close` of `child` may come during the wait on line 7; this listener comes after it, and `convert` waits for ever.',
        suggestions: [
          {
            title: 'Attach the listener before the wait.',
            output: `
      import { spawn } from 'node:child_process';

      export async function convert(path: string): Promise<string> {
        const child = spawn('pdftotext', [path, '-']);
        const closeEvent = new Promise<number | null>((resolve) => child.on('close', resolve));
        let invoice = '';
        for await (const part of child.stdout.setEncoding('utf8')) invoice += part as string;
        const code = await closeEvent;
        if (code !== 0) throw new Error(\`exit \${code}\`);
        return invoice;
      }
    `,
          },
        ],
      },
    ],
  });

  reports('two awaits of a child, one after the other', {
    code: `
      import { spawn } from 'node:child_process';
      import type { Readable } from 'node:stream';

      async function read(stream: Readable): Promise<string> {
        let text = '';
        for await (const part of stream.setEncoding('utf8')) text += part as string;
        return text;
      }

      export async function convert(path: string): Promise<string> {
        const child = spawn('pdftotext', [path, '-']);
        const invoice = await read(child.stdout);
        const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
        if (code !== 0) throw new Error(\`exit \${code}\`);
        return invoice;
      }
    `,
    errors: [
      {
        messageId: 'late',
        on: `'close'`,
        line: 14,
        message:
          '`close` of `child` may come during the wait on line 13; this listener comes after it, and `convert` waits for ever.',
      },
    ],
    output: `
      import { spawn } from 'node:child_process';
      import type { Readable } from 'node:stream';

      async function read(stream: Readable): Promise<string> {
        let text = '';
        for await (const part of stream.setEncoding('utf8')) text += part as string;
        return text;
      }

      export async function convert(path: string): Promise<string> {
        const child = spawn('pdftotext', [path, '-']);
        const [invoice, code] = await Promise.all([read(child.stdout), new Promise<number | null>((resolve) => child.on('close', resolve))]);
        if (code !== 0) throw new Error(\`exit \${code}\`);
        return invoice;
      }
    `,
  });

  stays('silent when the listener is there from the start', {
    code: `
      import { spawn } from 'node:child_process';
      import { once } from 'node:events';
      import { text } from 'node:stream/consumers';

      export async function convert(path: string): Promise<string> {
        const child = spawn('pdftotext', [path, '-']);
        const [invoice, [code]] = await Promise.all([text(child.stdout), once(child, 'close') as Promise<[number]>]);
        if (code !== 0) throw new Error(\`exit \${code}\`);
        return invoice;
      }
    `,
  });

  stays('silent when the exit code is looked at first', {
    code: `
      import { spawn } from 'node:child_process';
      import { once } from 'node:events';
      import { text } from 'node:stream/consumers';

      export async function convert(path: string): Promise<string> {
        const child = spawn('pdftotext', [path, '-']);
        const invoice = await text(child.stdout);
        if (child.exitCode === null) await once(child, 'exit');
        return invoice;
      }
    `,
  });

  stays('silent when what was waited for is an earlier event of the same child', {
    code: `
      import { spawn } from 'node:child_process';
      import { once } from 'node:events';

      export async function convert(path: string): Promise<void> {
        const child = spawn('pdftotext', [path, '-']);
        await once(child, 'spawn');
        await once(child, 'exit');
      }
    `,
  });

  stays('silent when the child is told to end', {
    code: `
      import { spawn } from 'node:child_process';
      import { once } from 'node:events';
      import { setTimeout as sleep } from 'node:timers/promises';

      export async function watch(path: string): Promise<void> {
        const child = spawn('tail', ['-f', path]);
        await sleep(1_000);
        child.kill();
        await once(child, 'exit');
      }
    `,
  });

  stays('silent when a timer destroys the request on which the response hangs', {
    code: `
      import { get } from 'node:http';

      export function textOf(url: string): Promise<string> {
        return new Promise((resolve, reject) => {
          let timer: NodeJS.Timeout | undefined = undefined;
          const request = get(url, (response) => {
            let text = '';
            response.on('data', (part: string) => (text += part));
            response.on('end', () => {
              clearTimeout(timer);
              resolve(text);
            });
          }).on('error', reject);
          timer = setTimeout(() => {
            request.destroy(new Error('too slow'));
          }, 10_000);
        });
      }
    `,
  });

  reports('listeners for failure that are attached only once the file is open', {
    code: `
      import { createWriteStream } from 'node:fs';
      import type { Readable } from 'node:stream';

      export class Outbox {
        async store(path: string, mail: Readable): Promise<void> {
          const file = createWriteStream(path);
          return new Promise<void>((resolve, reject) => {
            file.on('open', () => {
              mail.pipe(file);
              file.on('close', resolve);
              file.on('error', reject);
            });
          });
        }
      }
    `,
    errors: [
      {
        messageId: 'events',
        on: `'open'`,
        line: 9,
        message:
          '`file` may emit `error` or `close` in place of `open`; then nothing settles this promise, and `store` waits for ever.',
        suggestions: [
          {
            title: 'Reject the promise on `error` and `close` too.',
            output: `
      import { createWriteStream } from 'node:fs';
      import type { Readable } from 'node:stream';

      export class Outbox {
        async store(path: string, mail: Readable): Promise<void> {
          const file = createWriteStream(path);
          return new Promise<void>((resolve, reject) => {
            const fail = (cause?: unknown): void => {
                stop();
                reject(cause instanceof Error ? cause : new Error('file ended before open'));
            };
            const stop = (): void => {
                file.off('error', fail);
                file.off('close', fail);
            };
            file.once('error', fail);
            file.once('close', fail);
            file.on('open', () => {
              mail.pipe(file);
              file.on('close', () => { stop(); resolve(); });
              file.on('error', (error) => { stop(); reject(error); });
            });
          });
        }
      }
    `,
          },
        ],
      },
    ],
  });

  reports('replies that stay pending when the worker ends', {
    code: `
      import { Worker } from 'node:worker_threads';

      interface Waiting {
        readonly resolve: (price: number) => void;
        readonly reject: (error: Error) => void;
      }

      export class Prices {
        readonly #pending = new Map<number, Waiting>();
        readonly #worker = new Worker(new URL('./price.js', import.meta.url));
        #last = 0;

        constructor() {
          this.#worker.on('message', ({ id, price }: { id: number; price: number }) => {
            this.#pending.get(id)?.resolve(price);
            this.#pending.delete(id);
          });
        }

        of(order: string): Promise<number> {
          const id = ++this.#last;
          return new Promise((resolve, reject) => {
            this.#pending.set(id, { resolve, reject });
            this.#worker.postMessage({ id, order });
          });
        }
      }
    `,
    errors: [
      {
        messageId: 'pending',
        on: 'this.#pending',
        line: 24,
        message:
          'The promises in `this.#pending` are settled by `message` of `this.#worker` alone; when it emits `exit`, they stay pending for ever.',
        suggestions: [
          {
            title: 'Reject what is in `this.#pending` on `exit`.',
            output: `
      import { Worker } from 'node:worker_threads';

      interface Waiting {
        readonly resolve: (price: number) => void;
        readonly reject: (error: Error) => void;
      }

      export class Prices {
        readonly #pending = new Map<number, Waiting>();
        readonly #worker = new Worker(new URL('./price.js', import.meta.url));
        #last = 0;

        constructor() {
          this.#worker.on('message', ({ id, price }: { id: number; price: number }) => {
            this.#pending.get(id)?.resolve(price);
            this.#pending.delete(id);
          });
          this.#worker.once('exit', () => {
              for (const waiting of this.#pending.values()) {
                  waiting.reject(new Error('worker ended before its answer'));
              }
              this.#pending.clear();
          });
        }

        of(order: string): Promise<number> {
          const id = ++this.#last;
          return new Promise((resolve, reject) => {
            this.#pending.set(id, { resolve, reject });
            this.#worker.postMessage({ id, order });
          });
        }
      }
    `,
          },
        ],
      },
    ],
  });

  stays('silent when every end of the worker is listened to in a loop', {
    options: { certainty: 'likely' },
    code: `
      import { Worker } from 'node:worker_threads';

      interface Waiting {
        readonly resolve: (price: number) => void;
        readonly reject: (error: Error) => void;
      }

      export class Prices {
        readonly #pending = new Map<number, Waiting>();
        readonly #worker = new Worker(new URL('./price.js', import.meta.url));
        #last = 0;

        constructor() {
          this.#worker.on('message', ({ id, price }: { id: number; price: number }) => {
            this.#pending.get(id)?.resolve(price);
            this.#pending.delete(id);
          });
          for (const event of ['error', 'exit']) this.#worker.on(event, () => this.#fail(event));
        }

        #fail(event: string): void {
          for (const waiting of this.#pending.values()) waiting.reject(new Error(event));
          this.#pending.clear();
        }

        of(order: string): Promise<number> {
          const id = ++this.#last;
          return new Promise((resolve, reject) => {
            this.#pending.set(id, { resolve, reject });
            this.#worker.postMessage({ id, order });
          });
        }
      }
    `,
  });

  stays('silent when the events that reject what waits are given from outside', {
    options: { certainty: 'likely' },
    code: `
      import { Worker } from 'node:worker_threads';

      interface Waiting {
        readonly resolve: (price: number) => void;
        readonly reject: (error: Error) => void;
      }

      export class Prices {
        readonly #pending = new Map<number, Waiting>();
        readonly #worker = new Worker(new URL('./price.js', import.meta.url));
        #last = 0;

        constructor(ends: readonly string[]) {
          this.#worker.on('message', ({ id, price }: { id: number; price: number }) => {
            this.#pending.get(id)?.resolve(price);
            this.#pending.delete(id);
          });
          ends.forEach((event) => this.#worker.once(event, this.#fail));
        }

        readonly #fail = (): void => {
          for (const waiting of this.#pending.values()) waiting.reject(new Error('the worker has ended'));
          this.#pending.clear();
        };

        of(order: string): Promise<number> {
          const id = ++this.#last;
          return new Promise((resolve, reject) => {
            this.#pending.set(id, { resolve, reject });
            this.#worker.postMessage({ id, order });
          });
        }
      }
    `,
  });

  reports('listeners in a loop that leave what waits alone, as likely', {
    code: `
      import { Worker } from 'node:worker_threads';

      interface Waiting {
        readonly resolve: (price: number) => void;
        readonly reject: (error: Error) => void;
      }

      export class Prices {
        readonly #pending = new Map<number, Waiting>();
        readonly #worker = new Worker(new URL('./price.js', import.meta.url));
        #last = 0;

        constructor() {
          this.#worker.on('message', ({ id, price }: { id: number; price: number }) => {
            this.#pending.get(id)?.resolve(price);
            this.#pending.delete(id);
          });
          for (const event of ['error', 'exit']) this.#worker.on(event, () => console.error(event));
        }

        of(order: string): Promise<number> {
          const id = ++this.#last;
          return new Promise((resolve, reject) => {
            this.#pending.set(id, { resolve, reject });
            this.#worker.postMessage({ id, order });
          });
        }
      }
    `,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'pending',
        on: 'this.#pending',
        line: 25,
        message:
          'The promises in `this.#pending` are settled by `message` of `this.#worker` alone; when it emits `exit`, they stay pending for ever.',
        suggestions: [
          {
            title: 'Reject what is in `this.#pending` on `exit`.',
            output: `
      import { Worker } from 'node:worker_threads';

      interface Waiting {
        readonly resolve: (price: number) => void;
        readonly reject: (error: Error) => void;
      }

      export class Prices {
        readonly #pending = new Map<number, Waiting>();
        readonly #worker = new Worker(new URL('./price.js', import.meta.url));
        #last = 0;

        constructor() {
          this.#worker.on('message', ({ id, price }: { id: number; price: number }) => {
            this.#pending.get(id)?.resolve(price);
            this.#pending.delete(id);
          });
          this.#worker.once('exit', () => {
              for (const waiting of this.#pending.values()) {
                  waiting.reject(new Error('worker ended before its answer'));
              }
              this.#pending.clear();
          });
          for (const event of ['error', 'exit']) this.#worker.on(event, () => console.error(event));
        }

        of(order: string): Promise<number> {
          const id = ++this.#last;
          return new Promise((resolve, reject) => {
            this.#pending.set(id, { resolve, reject });
            this.#worker.postMessage({ id, order });
          });
        }
      }
    `,
          },
        ],
      },
    ],
  });

  stays('silent when the end of the worker rejects what waits', {
    code: `
      import { Worker } from 'node:worker_threads';

      interface Waiting {
        readonly resolve: (price: number) => void;
        readonly reject: (error: Error) => void;
      }

      export class Prices {
        readonly #pending = new Map<number, Waiting>();
        readonly #worker = new Worker(new URL('./price.js', import.meta.url));
        #last = 0;

        constructor() {
          this.#worker.on('message', ({ id, price }: { id: number; price: number }) => {
            this.#pending.get(id)?.resolve(price);
            this.#pending.delete(id);
          });
          this.#worker.on('exit', () => this.#fail());
        }

        of(order: string): Promise<number> {
          const id = ++this.#last;
          return new Promise((resolve, reject) => {
            this.#pending.set(id, { resolve, reject });
            this.#worker.postMessage({ id, order });
          });
        }

        #fail(): void {
          for (const { reject } of this.#pending.values()) reject(new Error('the worker has ended'));
          this.#pending.clear();
        }
      }
    `,
  });

  stays('silent when every reply has a timer', {
    code: `
      import { Worker } from 'node:worker_threads';

      const worker = new Worker(new URL('./price.js', import.meta.url));
      const pending = new Map<number, (price: number) => void>();
      let last = 0;

      worker.on('message', ({ id, price }: { id: number; price: number }) => {
        pending.get(id)?.(price);
        pending.delete(id);
      });

      export function priceOf(order: string): Promise<number> {
        const id = ++last;
        return new Promise((resolve, reject) => {
          const timer = setTimeout(() => {
            pending.delete(id);
            reject(new Error('no price'));
          }, 5_000);
          pending.set(id, (price) => {
            clearTimeout(timer);
            resolve(price);
          });
          worker.postMessage({ id, order });
        });
      }
    `,
  });

  stays('silent when others can reject what waits', {
    code: `
      import { Worker } from 'node:worker_threads';

      const worker = new Worker(new URL('./price.js', import.meta.url));
      const pending = new Map<number, { resolve: (price: number) => void; reject: (error: Error) => void }>();
      let last = 0;

      worker.on('message', ({ id, price }: { id: number; price: number }) => {
        pending.get(id)?.resolve(price);
        pending.delete(id);
      });

      export function priceOf(order: string): Promise<number> {
        const id = ++last;
        return new Promise((resolve, reject) => {
          pending.set(id, { resolve, reject });
          worker.postMessage({ id, order });
        });
      }

      export function giveUp(): void {
        for (const { reject } of pending.values()) reject(new Error('given up'));
        pending.clear();
      }
    `,
  });

  reports('a socket that is a field, in an arrow field of a class', {
    code: `
      import type { Socket } from 'node:net';

      export class Wire {
        constructor(private readonly socket: Socket) {}

        readonly flush = async (row: string): Promise<void> => {
          if (!this.socket.write(row)) {
            await new Promise<void>((resolve) => {
              this.socket.once('drain', () => resolve());
            });
          }
        };
      }
    `,
    errors: [
      {
        messageId: 'events',
        on: `'drain'`,
        line: 10,
        message:
          '`this.socket` may emit `error` or `close` in place of `drain`; then nothing settles this promise, and `flush` waits for ever.',
        suggestions: [
          {
            title: 'Reject the promise on `error` and `close` too.',
            output: `
      import type { Socket } from 'node:net';

      export class Wire {
        constructor(private readonly socket: Socket) {}

        readonly flush = async (row: string): Promise<void> => {
          if (!this.socket.write(row)) {
            await new Promise<void>((resolve, reject) => {
              const fail = (cause?: unknown): void => {
                  stop();
                  reject(cause instanceof Error ? cause : new Error('this.socket ended before drain'));
              };
              const stop = (): void => {
                  this.socket.off('error', fail);
                  this.socket.off('close', fail);
              };
              this.socket.once('error', fail);
              this.socket.once('close', fail);
              this.socket.once('drain', () => { stop(); resolve(); });
            });
          }
        };
      }
    `,
          },
        ],
      },
    ],
  });

  reports('the resolver in a named listener', {
    code: `
      import type { Socket } from 'node:net';

      export function greeting(socket: Socket): Promise<string> {
        return new Promise((resolve) => {
          const onData = (data: Buffer): void => {
            socket.off('data', onData);
            resolve(data.toString());
          };
          socket.on('data', onData);
        });
      }
    `,
    errors: [
      {
        messageId: 'events',
        on: `'data'`,
        line: 10,
        message:
          '`socket` may emit `error` or `close` in place of `data`; then nothing settles this promise, and `greeting` waits for ever.',
        suggestions: [
          {
            title: 'Reject the promise on `error` and `close` too.',
            output: `
      import type { Socket } from 'node:net';

      export function greeting(socket: Socket): Promise<string> {
        return new Promise((resolve, reject) => {
          const fail = (cause?: unknown): void => {
              stop();
              reject(cause instanceof Error ? cause : new Error('socket ended before data'));
          };
          const stop = (): void => {
              socket.off('error', fail);
              socket.off('close', fail);
          };
          socket.once('error', fail);
          socket.once('close', fail);
          const onData = (data: Buffer): void => {
            socket.off('data', onData);
            stop();
            resolve(data.toString());
          };
          socket.on('data', onData);
        });
      }
    `,
          },
        ],
      },
    ],
  });

  reports('listeners in a chain', {
    code: `
      import { createReadStream } from 'node:fs';

      export async function linesOf(path: string): Promise<number> {
        let lines = 0;
        await new Promise<void>((resolve) => {
          createReadStream(path, 'utf8')
            .on('data', (part) => (lines += part.toString().split('\\n').length))
            .on('end', () => resolve());
        });
        return lines;
      }
    `,
    errors: [
      {
        messageId: 'events',
        on: `'end'`,
        line: 9,
        message:
          '`createReadStream(…)` may emit `error` or `close` in place of `end`; then nothing settles this promise, and `linesOf` waits for ever.',
        suggestions: [
          {
            title: 'Reject the promise on `error` and `close` too.',
            output: `
      import { createReadStream } from 'node:fs';

      export async function linesOf(path: string): Promise<number> {
        let lines = 0;
        await new Promise<void>((resolve, reject) => {
          createReadStream(path, 'utf8')
            .on('data', (part) => (lines += part.toString().split('\\n').length))
            .on('end', () => resolve()).once('error', reject).once('close', () => reject(new Error('createReadStream ended before end')));
        });
        return lines;
      }
    `,
          },
        ],
      },
    ],
  });

  reports('a generic helper for streams', {
    code: `
      import type { Readable } from 'node:stream';

      export function ended<Source extends Readable>(source: Source): Promise<void> {
        return new Promise((resolve) => source.once('end', resolve));
      }
    `,
    errors: [
      {
        messageId: 'events',
        on: `'end'`,
        line: 5,
        message:
          '`source` may emit `error` or `close` in place of `end`; then nothing settles this promise, and `ended` waits for ever.',
        suggestions: [
          {
            title: 'Reject the promise on `error` and `close` too.',
            output: `
      import type { Readable } from 'node:stream';

      export function ended<Source extends Readable>(source: Source): Promise<void> {
        return new Promise((resolve, reject) => {
            const fail = (cause?: unknown): void => {
                stop();
                reject(cause instanceof Error ? cause : new Error('source ended before end'));
            };
            const stop = (): void => {
                source.off('error', fail);
                source.off('close', fail);
            };
            source.once('error', fail);
            source.once('close', fail);
            source.once('end', () => { stop(); resolve(); });
        });
      }
    `,
          },
        ],
      },
    ],
  });

  reports('a subclass of a stream', {
    code: `
      import { Transform } from 'node:stream';

      export class Upper extends Transform {
        async idle(): Promise<void> {
          if (this.writableNeedDrain) await new Promise<void>((resolve) => this.once('drain', resolve));
        }
      }
    `,
    errors: [
      {
        messageId: 'events',
        on: `'drain'`,
        line: 6,
        message:
          '`this` may emit `error` or `close` in place of `drain`; then nothing settles this promise, and `idle` waits for ever.',
        suggestions: [
          {
            title: 'Reject the promise on `error` and `close` too.',
            output: `
      import { Transform } from 'node:stream';

      export class Upper extends Transform {
        async idle(): Promise<void> {
          if (this.writableNeedDrain) await new Promise<void>((resolve, reject) => {
              const fail = (cause?: unknown): void => {
                  stop();
                  reject(cause instanceof Error ? cause : new Error('this ended before drain'));
              };
              const stop = (): void => {
                  this.off('error', fail);
                  this.off('close', fail);
              };
              this.once('error', fail);
              this.once('close', fail);
              this.once('drain', () => { stop(); resolve(); });
          });
        }
      }
    `,
          },
        ],
      },
    ],
  });

  reports('a module that is required', {
    code: `
      const net = require('node:net');

      /**
       * @param {import('node:net').Socket} socket
       * @returns {Promise<Buffer>}
       */
      function reply(socket) {
        return new Promise((resolve, reject) => {
          socket.once('error', reject);
          socket.once('data', resolve);
        });
      }

      module.exports = { reply, connect: net.connect };
    `,
    filename: 'service.cjs',
    compilerOptions: { allowJs: true, checkJs: true },
    errors: [
      {
        messageId: 'ends',
        on: `'data'`,
        line: 11,
        message:
          '`socket` may emit `close` without `data` or a failure; then nothing settles this promise, and `reply` waits for ever.',
        suggestions: [
          {
            title: 'Reject the promise on `close` too.',
            output: `
      const net = require('node:net');

      /**
       * @param {import('node:net').Socket} socket
       * @returns {Promise<Buffer>}
       */
      function reply(socket) {
        return new Promise((resolve, reject) => {
          /** @param {unknown} [cause] */
          const fail = (cause) => {
              stop();
              reject(cause instanceof Error ? cause : new Error('socket ended before data'));
          };
          const stop = () => {
              socket.off('close', fail);
          };
          socket.once('close', fail);
          socket.once('error', (error) => { stop(); reject(error); });
          socket.once('data', (value) => { stop(); resolve(value); });
        });
      }

      module.exports = { reply, connect: net.connect };
    `,
          },
        ],
      },
    ],
  });

  reports('checked JavaScript', {
    code: `
      import { connect } from 'node:net';

      /** @param {number} port */
      export async function dial(port) {
        const socket = connect(port);
        await new Promise((resolve) => socket.once('connect', () => resolve(undefined)));
        return socket;
      }
    `,
    filename: 'service.js',
    compilerOptions: { allowJs: true, checkJs: true },
    errors: [
      {
        messageId: 'events',
        on: `'connect'`,
        line: 7,
        message:
          '`socket` may emit `error` or `close` in place of `connect`; then nothing settles this promise, and `dial` waits for ever.',
        suggestions: [
          {
            title: 'Reject the promise on `error` and `close` too.',
            output: `
      import { connect } from 'node:net';

      /** @param {number} port */
      export async function dial(port) {
        const socket = connect(port);
        await new Promise((resolve, reject) => {
            /** @param {unknown} [cause] */
            const fail = (cause) => {
                stop();
                reject(cause instanceof Error ? cause : new Error('socket ended before connect'));
            };
            const stop = () => {
                socket.off('error', fail);
                socket.off('close', fail);
            };
            socket.once('error', fail);
            socket.once('close', fail);
            socket.once('connect', () => { stop(); resolve(undefined); });
        });
        return socket;
      }
    `,
          },
        ],
      },
    ],
  });

  reports('a web socket that closes before it answers', {
    code: `
      import type { WebSocket } from 'ws';

      export async function price(socket: WebSocket, order: string): Promise<string> {
        return new Promise((resolve, reject) => {
          socket.once('error', reject);
          socket.once('message', (data) => resolve(String(data)));
          socket.send(order);
        });
      }
    `,
    errors: [
      {
        messageId: 'ends',
        on: `'message'`,
        line: 7,
        message:
          '`socket` may emit `close` without `message` or a failure; then nothing settles this promise, and `price` waits for ever.',
        suggestions: [
          {
            title: 'Reject the promise on `close` too.',
            output: `
      import type { WebSocket } from 'ws';

      export async function price(socket: WebSocket, order: string): Promise<string> {
        return new Promise((resolve, reject) => {
          const fail = (cause?: unknown): void => {
              stop();
              reject(cause instanceof Error ? cause : new Error('socket ended before message'));
          };
          const stop = (): void => {
              socket.off('close', fail);
          };
          socket.once('close', fail);
          socket.once('error', (error) => { stop(); reject(error); });
          socket.once('message', (data) => { stop(); resolve(String(data)); });
          socket.send(order);
        });
      }
    `,
          },
        ],
      },
    ],
  });

  reports('a child that may end without a message', {
    code: `
      import type { ChildProcess } from 'node:child_process';

      export function answerOf(child: ChildProcess, order: string): Promise<unknown> {
        return new Promise((resolve) => {
          child.once('message', resolve);
          child.send(order);
        });
      }
    `,
    errors: [
      {
        messageId: 'events',
        on: `'message'`,
        line: 6,
        message:
          '`child` may emit `error` or `exit` in place of `message`; then nothing settles this promise, and `answerOf` waits for ever.',
        suggestions: [
          {
            title: 'Reject the promise on `error` and `exit` too.',
            output: `
      import type { ChildProcess } from 'node:child_process';

      export function answerOf(child: ChildProcess, order: string): Promise<unknown> {
        return new Promise((resolve, reject) => {
          const fail = (cause?: unknown): void => {
              stop();
              reject(cause instanceof Error ? cause : new Error('child ended before message'));
          };
          const stop = (): void => {
              child.off('error', fail);
              child.off('exit', fail);
          };
          child.once('error', fail);
          child.once('exit', fail);
          child.once('message', (value) => { stop(); resolve(value); });
          child.send(order);
        });
      }
    `,
          },
        ],
      },
    ],
  });

  reports('a port that is closed by the other side', {
    code: `
      import type { MessagePort } from 'node:worker_threads';

      export function answerOn(port: MessagePort, order: string): Promise<unknown> {
        return new Promise((resolve) => {
          port.once('message', (value: unknown) => {
            resolve(value);
          });
          port.postMessage(order);
        });
      }
    `,
    errors: [
      {
        messageId: 'events',
        on: `'message'`,
        line: 6,
        message:
          '`port` may emit `close` in place of `message`; then nothing settles this promise, and `answerOn` waits for ever.',
        suggestions: [
          {
            title: 'Reject the promise on `close` too.',
            output: `
      import type { MessagePort } from 'node:worker_threads';

      export function answerOn(port: MessagePort, order: string): Promise<unknown> {
        return new Promise((resolve, reject) => {
          const fail = (cause?: unknown): void => {
              stop();
              reject(cause instanceof Error ? cause : new Error('port ended before message'));
          };
          const stop = (): void => {
              port.off('close', fail);
          };
          port.once('close', fail);
          port.once('message', (value: unknown) => {
            stop();
            resolve(value);
          });
          port.postMessage(order);
        });
      }
    `,
          },
        ],
      },
    ],
  });

  reports('an optional call on an emitter', {
    code: `
      import type { Socket } from 'node:net';

      export async function drained(socket: Socket | undefined): Promise<void> {
        await new Promise<void>((resolve) => {
          socket?.once('drain', resolve);
        });
      }
    `,
    errors: [
      {
        messageId: 'events',
        on: `'drain'`,
        line: 6,
        message:
          '`socket` may emit `error` or `close` in place of `drain`; then nothing settles this promise, and `drained` waits for ever.',
        suggestions: [
          {
            title: 'Reject the promise on `error` and `close` too.',
            output: `
      import type { Socket } from 'node:net';

      export async function drained(socket: Socket | undefined): Promise<void> {
        await new Promise<void>((resolve, reject) => {
          const fail = (cause?: unknown): void => {
              stop();
              reject(cause instanceof Error ? cause : new Error('socket ended before drain'));
          };
          const stop = (): void => {
              socket?.off('error', fail);
              socket?.off('close', fail);
          };
          socket?.once('error', fail);
          socket?.once('close', fail);
          socket?.once('drain', () => { stop(); resolve(); });
        });
      }
    `,
          },
        ],
      },
    ],
  });

  reports('the error of a shell command', {
    code: `
      import { execFile } from 'node:child_process';

      export function version(tool: string): Promise<string> {
        return new Promise((resolve) => {
          execFile(tool, ['--version'], (error, stdout) => {
            const [first = ''] = stdout.split('\\n');
            resolve(first);
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
        message: '`error` is dropped; when `execFile` fails, the promise of line 5 resolves as if it had not.',
      },
    ],
    output: `
      import { execFile } from 'node:child_process';

      export function version(tool: string): Promise<string> {
        return new Promise((resolve, reject) => {
          execFile(tool, ['--version'], (error, stdout) => {
            if (error) return reject(error);
            const [first = ''] = stdout.split('\\n');
            resolve(first);
          });
        });
      }
    `,
  });

  reports('an error that is not looked at on purpose, where that is asked for', {
    code: `
      import { readFile } from 'node:fs';

      export function invoice(path: string): Promise<string> {
        return new Promise((resolve) => {
          readFile(path, 'utf8', (_error, text) => resolve(text));
        });
      }
    `,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'error',
        on: '_error',
        line: 6,
        message: '`_error` is dropped; when `readFile` fails, the promise of line 5 resolves as if it had not.',
        suggestions: [
          {
            title: 'Reject the promise with `_error`.',
            output: `
      import { readFile } from 'node:fs';

      export function invoice(path: string): Promise<string> {
        return new Promise((resolve, reject) => {
          readFile(path, 'utf8', (_error, text) => {
              if (_error) return reject(_error);
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

  stays('silent for an error that is not looked at on purpose', {
    code: `
      import { readFile } from 'node:fs';

      export function invoice(path: string): Promise<string> {
        return new Promise((resolve) => {
          readFile(path, 'utf8', (_error, text) => resolve(text));
        });
      }
    `,
  });

  reports('an empty return in a switch', {
    code: `
      import { readFile } from 'node:fs';

      export function invoice(kind: string, path: string): Promise<string | undefined> {
        return new Promise((resolve, reject) => {
          switch (kind) {
            case 'none':
              return;
            default:
              readFile(path, 'utf8', (error, text) => {
                if (error) reject(error);
                else resolve(text);
              });
          }
        });
      }
    `,
    errors: [
      {
        messageId: 'branch',
        on: 'return;',
        line: 8,
        message: 'This `return` leaves the promise of line 5 unsettled; `invoice` waits for ever.',
        suggestions: [
          {
            title: 'Reject the promise before it returns.',
            output: `
      import { readFile } from 'node:fs';

      export function invoice(kind: string, path: string): Promise<string | undefined> {
        return new Promise((resolve, reject) => {
          switch (kind) {
            case 'none':
              reject(new Error('nothing to wait for'));
              return;
            default:
              readFile(path, 'utf8', (error, text) => {
                if (error) reject(error);
                else resolve(text);
              });
          }
        });
      }
    `,
          },
        ],
      },
    ],
  });

  stays('silent when a function that is called on that branch settles it', {
    code: `
      import { readFile } from 'node:fs';

      export function invoice(path: string): Promise<string> {
        return new Promise((resolve, reject) => {
          const fail = (why: string): void => reject(new Error(why));
          if (path === '') {
            fail('no path');
            return;
          }
          readFile(path, 'utf8', (error, text) => {
            if (error) {
              fail(error.message);
              return;
            }
            resolve(text);
          });
        });
      }
    `,
  });

  stays('silent when a listener looks for its own message', {
    code: `
      import { Worker } from 'node:worker_threads';

      export function answer(worker: Worker, id: number): Promise<string> {
        return new Promise((resolve, reject) => {
          worker.on('message', (message: { id: number; text: string }) => {
            if (message.id !== id) return;
            resolve(message.text);
          });
          worker.once('error', reject);
          worker.once('exit', () => reject(new Error('ended')));
        });
      }
    `,
  });

  stays('silent when the only caller races it', {
    code: `
      import { setTimeout as sleep } from 'node:timers/promises';
      import type { Writable } from 'node:stream';

      async function drained(out: Writable): Promise<void> {
        await new Promise<void>((resolve) => out.once('drain', resolve));
      }

      export async function send(out: Writable, row: string): Promise<void> {
        if (!out.write(row)) await Promise.race([drained(out), sleep(5_000)]);
      }
    `,
  });

  stays('silent when the promise is kept in a variable and raced', {
    code: `
      import { once } from 'node:events';
      import type { Socket } from 'node:net';

      export async function drained(socket: Socket): Promise<void> {
        const done = new Promise<void>((resolve) => socket.once('drain', resolve));
        await Promise.race([done, once(socket, 'close')]);
      }
    `,
  });

  stays('silent when the connection is closed by the same function', {
    code: `
      import type { Socket } from 'node:net';

      export async function hangUp(socket: Socket): Promise<void> {
        const done = new Promise<void>((resolve) => socket.once('finish', resolve));
        socket.end('bye');
        await done;
      }
    `,
  });

  stays('silent when the worker is told to end', {
    code: `
      import type { Worker } from 'node:worker_threads';

      export async function stop(worker: Worker): Promise<void> {
        await new Promise<void>((resolve) => {
          worker.once('message', () => resolve());
          void worker.terminate();
        });
      }
    `,
  });

  stays('silent when one listener hears success and end', {
    code: `
      import type { ServerResponse } from 'node:http';

      export function over(response: ServerResponse): Promise<void> {
        return new Promise((resolve) => {
          for (const event of ['finish', 'close']) response.once(event, () => resolve());
        });
      }
    `,
  });

  stays('silent when a function of the project hears the failure', {
    code: `
      import type { Socket } from 'node:net';

      export function reply(socket: Socket): Promise<Buffer> {
        return new Promise((resolve, reject) => {
          const off = (): void => {
            socket.off('data', onData).off('close', onClose);
          };
          function onData(data: Buffer): void {
            off();
            resolve(data);
          }
          function onClose(): void {
            off();
            reject(new Error('closed'));
          }
          socket.on('data', onData);
          socket.on('close', onClose);
        });
      }
    `,
  });

  stays('silent for a promise that nobody waits for', {
    code: `
      import type { Writable } from 'node:stream';

      export function log(out: Writable): void {
        void new Promise<void>((resolve) => out.once('drain', resolve));
      }
    `,
  });

  stays('silent for what a user types', {
    code: `
      export async function confirm(): Promise<string> {
        return new Promise((resolve) => {
          process.stdin.once('data', (data) => resolve(String(data)));
        });
      }
    `,
  });

  stays('silent for a client that connects again by itself', {
    code: `
      import { Redis } from 'ioredis';

      export async function ready(redis: Redis): Promise<void> {
        await new Promise<void>((resolve) => redis.once('ready', resolve));
      }
    `,
  });

  reports('a client that connects again by itself, where that is asked for', {
    code: `
      import { Redis } from 'ioredis';

      export async function ready(redis: Redis): Promise<void> {
        await new Promise<void>((resolve) => redis.once('ready', resolve));
      }
    `,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'events',
        on: `'ready'`,
        line: 5,
        message:
          '`redis` may emit `error` or `end` in place of `ready`; then nothing settles this promise, and `ready` waits for ever.',
        suggestions: [
          {
            title: 'Wait with `once`, which rejects on `error`.',
            output: `
      import { once } from 'node:events';
import { Redis } from 'ioredis';

      export async function ready(redis: Redis): Promise<void> {
        await once(redis, 'ready');
      }
    `,
          },
          {
            title: 'Reject the promise on `error` and `end` too.',
            output: `
      import { Redis } from 'ioredis';

      export async function ready(redis: Redis): Promise<void> {
        await new Promise<void>((resolve, reject) => {
            const fail = (cause?: unknown): void => {
                stop();
                reject(cause instanceof Error ? cause : new Error('redis ended before ready'));
            };
            const stop = (): void => {
                redis.off('error', fail);
                redis.off('end', fail);
            };
            redis.once('error', fail);
            redis.once('end', fail);
            redis.once('ready', () => { stop(); resolve(); });
        });
      }
    `,
          },
        ],
      },
    ],
  });

  stays('silent for what happens once while the program starts', {
    code: `
      import { connect } from 'node:net';

      const socket = connect(6379);
      await new Promise<void>((resolve) => socket.once('connect', resolve));

      export const wire = socket;
    `,
  });

  stays('silent for once and on of the project', {
    code: `
      class Orders {
        once(event: 'drain', listener: () => void): this {
          setTimeout(listener, event.length);
          return this;
        }
      }

      export async function drained(orders: Orders): Promise<void> {
        await new Promise<void>((resolve) => orders.once('drain', resolve));
      }
    `,
  });

  stays('silent in a test', {
    code: `
      import type { Writable } from 'node:stream';

      export async function drained(out: Writable): Promise<void> {
        await new Promise<void>((resolve) => out.once('drain', resolve));
      }
    `,
    filename: 'orders.test.ts',
  });

  stays('silent for a Promise of the project', {
    code: `
      import type { Writable } from 'node:stream';

      class Promise {
        constructor(run: (resolve: () => void) => void) {
          run(() => undefined);
        }
      }

      export function drained(out: Writable): Promise {
        return new Promise((resolve) => out.once('drain', resolve));
      }
    `,
  });

  stays('silent when the listener is put on before the first wait', {
    code: `
      import { spawn } from 'node:child_process';
      import { setTimeout as sleep } from 'node:timers/promises';

      export async function convert(path: string): Promise<number | null> {
        const child = spawn('pdftotext', [path]);
        const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
        await sleep(100);
        return ended;
      }
    `,
  });

  stays('silent when the emitter is made after the wait', {
    code: `
      import { spawn } from 'node:child_process';
      import { setTimeout as sleep } from 'node:timers/promises';

      export async function convert(path: string): Promise<number | null> {
        await sleep(100);
        const child = spawn('pdftotext', [path]);
        return new Promise((resolve, reject) => {
          child.on('close', resolve);
          child.on('error', reject);
        });
      }
    `,
  });

  stays('silent when only some ways lead through a wait', {
    code: `
      import { spawn } from 'node:child_process';
      import { once } from 'node:events';
      import { text } from 'node:stream/consumers';

      export async function convert(path: string, isRead: boolean): Promise<void> {
        const child = spawn('pdftotext', [path, '-']);
        if (isRead) await text(child.stdout);
        await once(child, 'close');
      }
    `,
  });

  stays('silent when the wait may be over at once, unless that is asked for', {
    code: `
      import { spawn } from 'node:child_process';
      import { once } from 'node:events';

      declare function note(path: string): Promise<void>;

      export async function convert(path: string): Promise<void> {
        const child = spawn('pdftotext', [path, '-']);
        await note(path);
        await once(child, 'close');
      }
    `,
  });

  reports('a request in a variable of the executor', {
    code: `
      import { request } from 'node:http';

      export function post(url: string, order: string): Promise<number> {
        return new Promise((resolve) => {
          const sent = request(url, { method: 'POST' }, (response) => {
            response.resume();
            resolve(response.statusCode ?? 0);
          });
          sent.end(order);
        });
      }
    `,
    errors: [
      {
        messageId: 'events',
        on: 'request',
        line: 6,
        message:
          '`sent` may emit `error` or `close` in place of `response`; then nothing settles this promise, and `post` waits for ever.',
        suggestions: [
          {
            title: 'Reject the promise on `error` too.',
            output: `
      import { request } from 'node:http';

      export function post(url: string, order: string): Promise<number> {
        return new Promise((resolve, reject) => {
          const sent = request(url, { method: 'POST' }, (response) => {
            response.resume();
            resolve(response.statusCode ?? 0);
          });
          sent.once('error', reject);
          sent.end(order);
        });
      }
    `,
          },
        ],
      },
    ],
  });

  reports('a body that is cut off, read in a request that is written to', {
    code: `
      import { request } from 'node:http';

      export function post(url: string, order: string): Promise<string> {
        return new Promise((resolve, reject) => {
          const sent = request(url, { method: 'POST' }, (response) => {
            let text = '';
            response.on('data', (part: Buffer) => {
              text += part.toString();
            });
            response.on('end', () => {
              resolve(text);
            });
          });
          sent.on('error', reject);
          sent.write(order);
          sent.end();
        });
      }
    `,
    errors: [
      {
        messageId: 'events',
        on: `'end'`,
        line: 11,
        message:
          '`response` may emit `error` or `close` in place of `end`; then nothing settles this promise, and `post` waits for ever.',
        suggestions: [
          {
            title: 'Reject the promise on `error` and `close` too.',
            output: `
      import { request } from 'node:http';

      export function post(url: string, order: string): Promise<string> {
        return new Promise((resolve, reject) => {
          const sent = request(url, { method: 'POST' }, (response) => {
            let text = '';
            response.on('data', (part: Buffer) => {
              text += part.toString();
            });
            response.once('error', reject);
            response.once('close', () => reject(new Error('response ended before end')));
            response.on('end', () => {
              resolve(text);
            });
          });
          sent.on('error', reject);
          sent.write(order);
          sent.end();
        });
      }
    `,
          },
        ],
      },
    ],
  });

  reports('resolvers that are made apart', {
    code: `
      import type { ServerResponse } from 'node:http';

      export async function send(response: ServerResponse, row: string): Promise<void> {
        if (response.write(row)) return;
        const { promise, resolve } = Promise.withResolvers<void>();
        response.once('drain', resolve);
        await promise;
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
            title: 'Reject the promise on `error` and `close` too.',
            output: `
      import type { ServerResponse } from 'node:http';

      export async function send(response: ServerResponse, row: string): Promise<void> {
        if (response.write(row)) return;
        const { promise, resolve, reject } = Promise.withResolvers<void>();
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
        response.once('drain', () => { stop(); resolve(); });
        await promise;
      }
    `,
          },
        ],
      },
    ],
  });

  stays('silent when resolvers that are made apart are raced', {
    code: `
      import type { ServerResponse } from 'node:http';
      import { once } from 'node:events';

      export async function send(response: ServerResponse, row: string): Promise<void> {
        if (response.write(row)) return;
        const { promise, resolve } = Promise.withResolvers<void>();
        response.once('drain', resolve);
        await Promise.race([promise, once(response, 'close')]);
      }
    `,
  });

  stays('silent when resolvers that are made apart hear of every ending', {
    code: `
      import type { ServerResponse } from 'node:http';

      export async function send(response: ServerResponse, row: string): Promise<void> {
        if (response.write(row)) return;
        const { promise, resolve, reject } = Promise.withResolvers<void>();
        response.once('drain', resolve);
        response.once('close', () => {
          reject(new Error('the client is gone'));
        });
        await promise;
      }
    `,
  });

  reports('one of two functions that send a request', {
    code: `
      import * as http from 'node:http';
      import * as https from 'node:https';
      import type { Readable } from 'node:stream';

      export function fetchAsset(url: string): Promise<Readable> {
        return new Promise((resolve, reject) => {
          const get = url.startsWith('https:') ? https.get : http.get;
          get(url, { timeout: 5_000 }, (response) => {
            if (response.statusCode === 200) resolve(response);
            else reject(new Error(\`status \${response.statusCode}\`));
          });
        });
      }
    `,
    errors: [
      {
        messageId: 'events',
        on: 'get',
        line: 9,
        message:
          '`get(…)` may emit `error` or `close` in place of `response`; then nothing settles this promise, and `fetchAsset` waits for ever.',
        suggestions: [
          {
            title: 'Reject the promise on `error` too.',
            output: `
      import * as http from 'node:http';
      import * as https from 'node:https';
      import type { Readable } from 'node:stream';

      export function fetchAsset(url: string): Promise<Readable> {
        return new Promise((resolve, reject) => {
          const get = url.startsWith('https:') ? https.get : http.get;
          get(url, { timeout: 5_000 }, (response) => {
            if (response.statusCode === 200) resolve(response);
            else reject(new Error(\`status \${response.statusCode}\`));
          }).once('error', reject);
        });
      }
    `,
          },
        ],
      },
    ],
  });

  reports('one of two modules that send a request', {
    code: `
      import * as http from 'node:http';
      import * as https from 'node:https';

      export function statusOf(url: string): Promise<number> {
        const client = url.startsWith('https:') ? https : http;
        return new Promise((resolve) => {
          client.get(url, (response) => {
            response.resume();
            resolve(response.statusCode ?? 0);
          });
        });
      }
    `,
    errors: [
      {
        messageId: 'events',
        on: 'client.get',
        line: 8,
        message:
          '`client.get(…)` may emit `error` or `close` in place of `response`; then nothing settles this promise, and `statusOf` waits for ever.',
        suggestions: [
          {
            title: 'Reject the promise on `error` too.',
            output: `
      import * as http from 'node:http';
      import * as https from 'node:https';

      export function statusOf(url: string): Promise<number> {
        const client = url.startsWith('https:') ? https : http;
        return new Promise((resolve, reject) => {
          client.get(url, (response) => {
            response.resume();
            resolve(response.statusCode ?? 0);
          }).once('error', reject);
        });
      }
    `,
          },
        ],
      },
    ],
  });

  reports('a first event that leads to a callback with an error', {
    code: `
      import { Socket } from 'node:net';

      export async function greet(port: number): Promise<void> {
        const socket = new Socket();
        await new Promise<void>((resolve, reject) => {
          socket
            .on('connect', () => socket.write('hello', (error) => (error ? reject(error) : resolve())))
            .connect(port);
        });
      }
    `,
    errors: [
      {
        messageId: 'events',
        on: `'connect'`,
        line: 8,
        message:
          '`socket` may emit `error` or `close` in place of `connect`; then nothing settles this promise, and `greet` waits for ever.',
      },
    ],
  });

  stays('silent for a sleep', {
    code: `
      export function pause(): Promise<void> {
        return new Promise((resolve) => {
          setTimeout(resolve, 100);
        });
      }
    `,
  });

  stays('silent when a callback is called again and again', {
    code: `
      declare function each(path: string, visit: (line: string | undefined) => void): void;

      export function first(path: string): Promise<string> {
        return new Promise((resolve) => {
          each(path, (line) => {
            if (line === undefined) return;
            resolve(line);
          });
        });
      }
    `,
  });

  stays('silent when the promise is never meant to settle', {
    code: `
      export function forever(): Promise<never> {
        return new Promise(() => {
          setInterval(() => undefined, 60_000);
        });
      }
    `,
  });

  stays('silent when the program ends on that branch', {
    code: `
      import { readFile } from 'node:fs';

      export function settings(path: string): Promise<string> {
        return new Promise((resolve) => {
          readFile(path, 'utf8', (error, text) => {
            if (error) {
              process.exit(1);
              return;
            }
            resolve(text);
          });
        });
      }
    `,
  });

  reports('a wait that may be over at once, where that is asked for', {
    code: `
      import { spawn } from 'node:child_process';

      declare function note(path: string): Promise<void>;

      export async function convert(path: string): Promise<number | null> {
        const child = spawn('pdftotext', [path, '-']);
        await note(path);
        const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
        return code;
      }
    `,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'late',
        on: `'close'`,
        line: 9,
        message:
          '`close` of `child` may come during the wait on line 8; this listener comes after it, and `convert` waits for ever.',
        suggestions: [
          {
            title: 'Wait for both at once, so that the listener is there from the start.',
            output: `
      import { spawn } from 'node:child_process';

      declare function note(path: string): Promise<void>;

      export async function convert(path: string): Promise<number | null> {
        const child = spawn('pdftotext', [path, '-']);
        const [, code] = await Promise.all([note(path), new Promise<number | null>((resolve) => child.on('close', resolve))]);
        return code;
      }
    `,
          },
        ],
      },
    ],
  });

  stays('silent when a socket was given a deadline', {
    code: `
      import { connect } from 'node:net';

      export async function dial(port: number): Promise<void> {
        const socket = connect(port);
        socket.setTimeout(5_000, () => socket.destroy(new Error('too slow')));
        await new Promise<void>((resolve) => socket.once('connect', resolve));
      }
    `,
  });

  stays('silent when the connection has a signal', {
    code: `
      import { connect } from 'node:net';

      export async function dial(port: number, signal: AbortSignal): Promise<void> {
        const socket = connect({ port, signal });
        await new Promise<void>((resolve) => socket.once('connect', resolve));
      }
    `,
  });

  stays('silent for lines that a user types', {
    code: `
      import { createInterface } from 'node:readline';

      export async function ask(): Promise<string> {
        const lines = createInterface({ input: process.stdin });
        return new Promise((resolve) => lines.once('line', resolve));
      }
    `,
  });

  reports('lines of a stream that may end before there is one', {
    code: `
      import { createInterface } from 'node:readline';
      import type { Readable } from 'node:stream';

      export async function head(source: Readable): Promise<string> {
        const lines = createInterface({ input: source });
        return new Promise((resolve) => lines.once('line', resolve));
      }
    `,
    errors: [
      {
        messageId: 'events',
        on: `'line'`,
        line: 7,
        message:
          '`lines` may emit `close` in place of `line`; then nothing settles this promise, and `head` waits for ever.',
        suggestions: [
          {
            title: 'Reject the promise on `close` too.',
            output: `
      import { createInterface } from 'node:readline';
      import type { Readable } from 'node:stream';

      export async function head(source: Readable): Promise<string> {
        const lines = createInterface({ input: source });
        return new Promise((resolve, reject) => {
            const fail = (cause?: unknown): void => {
                stop();
                reject(cause instanceof Error ? cause : new Error('lines ended before line'));
            };
            const stop = (): void => {
                lines.off('close', fail);
            };
            lines.once('close', fail);
            lines.once('line', (value) => { stop(); resolve(value); });
        });
      }
    `,
          },
        ],
      },
    ],
  });
});
