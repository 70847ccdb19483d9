import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** A language server as a child process, spoken to over its standard streams as the Language Server Protocol says. */
export interface LanguageServer {
  /** Asks the server; rejects when it answers with an error or ends. */
  request(method: string, params: unknown): Promise<unknown>;
  notify(method: string, params: unknown): void;
  /** The heap in use after full collections, in bytes. */
  heapInUse(): Promise<number>;
  stop(): Promise<void>;
}

/** Answers what the server asks of its editor. */
export type Answers = Readonly<Record<string, (params: never) => unknown>>;

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** Runs in the server: tells the heap in use when it is asked. Weak references hold until the running job has ended. */
const HEAP_TELLER = `
  import { setTimeout } from 'node:timers/promises';
  process.on('message', async () => {
    for (let round = 0; round < 3; round++) { await setTimeout(10); gc(); }
    process.send(process.memoryUsage().heapUsed);
  });
  process.channel.unref();
`;

/** Starts a server that is a Node.js program. Whatever it asks and `answers` does not have is answered with `null`. */
export function startLanguageServer(program: string, cwd: string, answers: Answers): LanguageServer {
  const teller = `data:text/javascript,${encodeURIComponent(HEAP_TELLER)}`;
  const server = spawn(process.execPath, ['--expose-gc', '--import', teller, program, '--stdio'], {
    cwd,
    stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
    // No editor has these set, and the parser takes them for a run that sees each file once.
    env: { ...process.env, CI: undefined, TSESTREE_SINGLE_RUN: undefined },
  });
  const [input, output] = [server.stdin as Writable, server.stdout as Readable];
  let complaints = '';
  (server.stderr as Readable).setEncoding('utf8').on('data', (text: string) => (complaints += text));

  const waiting = new Map<number | string, { resolve(result: unknown): void; reject(error: Error): void }>();
  const fail = (error: Error): void => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  server.once('error', fail);
  server.once('exit', (code) => fail(new Error(`The language server ended with ${String(code)}: ${complaints}`)));
  // What is written to a server that has ended is lost; whoever waits is told by `exit`.
  input.on('error', () => undefined);

  const send = (message: Message): void => {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    input.write(`Content-Length: ${String(body.length)}\r\n\r\n`);
    input.write(body);
  };
  const receive = ({ id, method, params, result = null, error }: Message): void => {
    if (method !== undefined && id !== undefined) send({ id, result: answers[method]?.(params as never) ?? null });
    if (method !== undefined || id === undefined) return;
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asked?.resolve(result);
    else asked?.reject(new Error(error.message));
  };
  readMessages(output, receive);

  let requests = 0;
  const request = (method: string, params: unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = ++requests;
      waiting.set(id, { resolve, reject });
      send({ id, method, params });
    });
  const notify = (method: string, params: unknown): void => send({ method, params });
  return {
    request,
    notify,
    heapInUse: () =>
      new Promise((resolve) => {
        server.once('message', (bytes) => resolve(bytes as number));
        server.send('heap');
      }),
    async stop() {
      if (hasEnded(server)) return;
      const ended = new Promise((resolve) => server.once('exit', resolve));
      await request('shutdown', null);
      notify('exit', null);
      await ended;
    },
  };
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Cuts a stream into the messages it carries: a header with the length of the body, an empty line, the body. */
function readMessages(stream: Readable, receive: (message: Message) => void): void {
  let unread = Buffer.alloc(0);
  stream.on('data', (chunk: Buffer) => {
    unread = Buffer.concat([unread, chunk]);
    for (;;) {
      const start = unread.indexOf('\r\n\r\n') + 4;
      if (start < 4) return;
      const end = start + Number(/Content-Length: (\d+)/i.exec(unread.toString('ascii', 0, start))?.[1]);
      if (unread.length < end) return;
      const body = unread.toString('utf8', start, end);
      unread = unread.subarray(end);
      receive(JSON.parse(body) as Message);
    }
  });
}
