import { describe, expect, test } from 'vitest';
import { prove } from './harness.ts';

describe('no-check-then-act', { timeout: 120_000 }, () => {
  test('two first requests share one connection, and closing it leaves none open', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'ledger.ts': `
import { connect, type Socket } from 'node:net';

let socket: Socket | undefined;

/** A connection that the ledger has greeted. */
function open(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const opened = connect(Number(process.env['LEDGER_PORT']), '127.0.0.1');
    opened.once('error', reject);
    opened.once('close', () => reject(new Error('hung up')));
    opened.once('data', () => resolve(opened));
  });
}

export async function post(entry: string): Promise<void> {
  if (socket === undefined) socket = await open();
  socket.write(\`\${entry}\\n\`);
}

export function close(): void {
  socket?.end();
  socket = undefined;
}
`,
        'server.ts': `
import { createServer } from 'node:http';
import { post } from './ledger.js';

export const server = createServer((request, response) => {
  post((request.url ?? '').slice(1)).then(
    () => response.end('posted'),
    () => response.writeHead(500).end(),
  );
});
`,
        'main.ts': `
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { close } from './ledger.js';
import { server } from './server.js';

/** Greets its connections when both requests are there. */
const sockets: Socket[] = [];
let isGreeting = false;
const ledger = createServer((socket) => {
  sockets.push(socket);
  socket.resume();
  if (isGreeting) socket.write('welcome');
}).listen(0, '127.0.0.1');
await once(ledger, 'listening');
process.env['LEDGER_PORT'] = String((ledger.address() as AddressInfo).port);

let requests = 0;
server.on('request', () => {
  requests++;
  isGreeting = requests === 2;
  if (isGreeting) for (const socket of sockets) socket.write('welcome');
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
const answers = await Promise.all(['rent', 'wages'].map((entry) => fetch(\`http://127.0.0.1:\${port}/\${entry}\`)));
const opened = sockets.length;
const closed = Promise.race(sockets.map((socket) => once(socket, 'close')));
close();
await closed;
const left = sockets.filter((socket) => !socket.destroyed).length;
console.log(JSON.stringify({ answers: answers.map(({ status }) => status), opened, left }));
for (const socket of sockets) socket.destroy();
ledger.close();
server.closeAllConnections();
server.close();
`,
      },
    });

    expect(proof.before).toEqual({ answers: [200, 200], opened: 2, left: 1 });
    expect(proof.reports).toEqual(['ledger.ts:17 concurrency/no-check-then-act']);
    expect(proof.after).toEqual({ answers: [200, 200], opened: 1, left: 0 });
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('a name is given to one of two who ask for it at a time, and is free again after a failure', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'accounts.ts': `
import { gate } from './gate.js';

const names = new Set<string>();

async function makeHome(mail: string): Promise<void> {
  await gate(mail);
  if (!mail.includes('@')) throw new Error('no such mailbox');
}

export async function register(name: string, mail: string): Promise<string> {
  if (names.has(name)) throw new Error('name is taken');
  await makeHome(mail);
  names.add(name);
  return \`\${name} belongs to \${mail}\`;
}
`,
        'server.ts': `
import { createServer } from 'node:http';
import { register } from './accounts.js';

export const server = createServer((request, response) => {
  const [, name = '', mail = ''] = (request.url ?? '').split('/');
  register(name, mail).then(
    (done) => response.end(done),
    (error: unknown) => response.writeHead(409).end(String(error)),
  );
});
`,
        'main.ts': `
import type { AddressInfo } from 'node:net';
import { arrived, release } from './gate.js';
import { server } from './server.js';

await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;

async function ask(name: string, mail: string): Promise<string> {
  return (await fetch(\`http://127.0.0.1:\${port}/\${name}/\${mail}\`)).text();
}

const failing = ask('mia', 'nowhere');
await arrived('nowhere');
await release('nowhere');
const answers = [await failing];
const first = ask('mia', 'mia@lisbon');
await arrived('mia@lisbon');
const second = ask('mia', 'mia@oslo');
await arrived('mia@oslo');
await release('mia@oslo', 'mia@lisbon');
answers.push(await first, await second);
console.log(JSON.stringify(answers));
server.closeAllConnections();
server.close();
`,
      },
    });

    expect(proof.before).toEqual(['Error: no such mailbox', 'mia belongs to mia@lisbon', 'mia belongs to mia@oslo']);
    expect(proof.reports).toEqual(['accounts.ts:14 concurrency/no-check-then-act']);
    expect(proof.after).toEqual(['Error: no such mailbox', 'mia belongs to mia@lisbon', 'Error: name is taken']);
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('the last seat is sold once', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'tickets.ts': `
import { gate } from './gate.js';

const SEATS = 1;
let sold = 0;

async function charge(card: string): Promise<void> {
  await gate(card);
  if (card === 'expired') throw new Error('card expired');
}

export async function buy(card: string): Promise<string> {
  if (sold >= SEATS) throw new Error('sold out');
  await charge(card);
  sold += 1;
  return 'bought';
}
`,
        'server.ts': `
import { createServer } from 'node:http';
import { buy } from './tickets.js';

export const server = createServer((request, response) => {
  buy((request.url ?? '').slice(1)).then(
    (done) => response.end(done),
    (error: unknown) => response.writeHead(409).end(String(error)),
  );
});
`,
        'main.ts': `
import type { AddressInfo } from 'node:net';
import { arrived, release } from './gate.js';
import { server } from './server.js';

await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;

async function ask(card: string): Promise<string> {
  return (await fetch(\`http://127.0.0.1:\${port}/\${card}\`)).text();
}

const failing = ask('expired');
await arrived('expired');
await release('expired');
const answers = [await failing];
const first = ask('card-1');
await arrived('card-1');
const second = ask('card-2');
await arrived('card-2');
await release('card-2', 'card-1');
answers.push(await first, await second);
console.log(JSON.stringify(answers));
server.closeAllConnections();
server.close();
`,
      },
    });

    expect(proof.before).toEqual(['Error: card expired', 'bought', 'bought']);
    expect(proof.reports).toEqual(['tickets.ts:15 concurrency/no-check-then-act']);
    expect(proof.after).toEqual(['Error: card expired', 'bought', 'Error: sold out']);
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('a poller that is started twice reads each tick once', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'poller.ts': `
import { once } from 'node:events';
import { gate } from './gate.js';
import { clock } from './clock.js';

class Poller {
  #running = false;
  readonly seen: number[] = [];

  async start(by: string): Promise<void> {
    if (this.#running) return;
    await gate(by);
    this.#running = true;
    void this.#run().catch(console.error);
  }

  stop(): void {
    this.#running = false;
  }

  async #run(): Promise<void> {
    while (this.#running) {
      const [tick] = (await once(clock, 'tick')) as [number];
      this.seen.push(tick);
    }
  }
}

export const poller = new Poller();
`,
        'clock.ts': `
import { EventEmitter } from 'node:events';

export const clock = new EventEmitter();
`,
        'server.ts': `
import { createServer } from 'node:http';
import { poller } from './poller.js';

export const server = createServer((request, response) => {
  poller.start((request.url ?? '').slice(1)).then(
    () => response.end('started'),
    () => response.writeHead(500).end(),
  );
});
`,
        'main.ts': `
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { clock } from './clock.js';
import { arrived, release } from './gate.js';
import { poller } from './poller.js';
import { server } from './server.js';

await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
const first = fetch(\`http://127.0.0.1:\${port}/deploy\`);
await arrived('deploy');
const second = fetch(\`http://127.0.0.1:\${port}/admin\`);
await arrived('admin');
await release('deploy', 'admin');
await Promise.all([first, second]);
for (const tick of [1, 2]) {
  clock.emit('tick', tick);
  await turn();
}
poller.stop();
clock.emit('tick', 3);
await turn();
clock.emit('tick', 4);
console.log(JSON.stringify(poller.seen));
server.closeAllConnections();
server.close();
`,
      },
    });

    expect(proof.before).toEqual([1, 1, 2, 2, 3, 3]);
    expect(proof.reports).toEqual(['poller.ts:13 concurrency/no-check-then-act']);
    expect(proof.after).toEqual([1, 2, 3]);
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('of those who wait for room in a queue only one goes on when there is room for one', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'queue.ts': `
import { EventEmitter, once } from 'node:events';

/** Holds two invoices at most. */
class PrintQueue {
  readonly #events = new EventEmitter();
  readonly #invoices: string[] = [];

  async add(invoice: string): Promise<void> {
    if (this.#invoices.length >= 2) {
      await once(this.#events, 'room', { signal: AbortSignal.timeout(10_000) });
    }
    this.#invoices.push(invoice);
  }

  take(): string | undefined {
    const invoice = this.#invoices.shift();
    this.#events.emit('room');
    return invoice;
  }

  get length(): number {
    return this.#invoices.length;
  }
}

export const queue = new PrintQueue();
`,
        'server.ts': `
import { createServer } from 'node:http';
import { queue } from './queue.js';

export const server = createServer((request, response) => {
  queue.add((request.url ?? '').slice(1)).then(
    () => response.end('printed soon'),
    () => response.writeHead(500).end(),
  );
});
`,
        'main.ts': `
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { queue } from './queue.js';
import { server } from './server.js';

const invoices = ['may', 'june', 'july', 'august', 'october'];
let requests = 0;
const allThere = new Promise<void>((resolve) => {
  server.on('request', () => {
    requests++;
    if (requests === invoices.length) resolve();
  });
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
const answers = Promise.all(invoices.map((invoice) => fetch(\`http://127.0.0.1:\${port}/\${invoice}\`)));
await allThere;
await turn();
const lengths = [queue.length];
const printed: string[] = [];
while (printed.length < invoices.length) {
  const invoice = queue.take();
  await turn();
  lengths.push(queue.length);
  if (invoice !== undefined) printed.push(invoice);
}
await answers;
console.log(JSON.stringify({ lengths, printed: printed.sort() }));
server.closeAllConnections();
server.close();
`,
      },
    });

    const printed = ['august', 'july', 'june', 'may', 'october'];
    expect(proof.before).toEqual({ lengths: [2, 4, 3, 2, 1, 0], printed });
    expect(proof.reports).toEqual(['queue.ts:13 concurrency/no-check-then-act']);
    expect(proof.after).toEqual({ lengths: [2, 2, 2, 2, 1, 0], printed });
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('a refresh token that is good for one exchange is sent once', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'session.ts': `
interface Tokens {
  readonly access: string;
  readonly refreshToken: string;
}

class Session {
  #access: string | undefined;
  #refreshToken = 'refresh-0';

  async accessToken(): Promise<string> {
    if (this.#access !== undefined) return this.#access;
    const response = await fetch(\`\${process.env['AUTH']}/token\`, {
      method: 'POST',
      body: this.#refreshToken,
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) throw new Error(\`refused with \${response.status}\`);
    const tokens = (await response.json()) as Tokens;
    this.#access = tokens.access;
    this.#refreshToken = tokens.refreshToken;
    return tokens.access;
  }

  expire(): void {
    this.#access = undefined;
  }
}

export const session = new Session();
`,
        'auth.ts': `
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

let good = 0;
export let exchanges = 0;
export let answerAll = (): void => {};
const isToAnswer = new Promise<void>((resolve) => (answerAll = resolve));

/** Answers when it is told; takes each refresh token once. */
async function exchange(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const sent = Buffer.concat(await request.toArray()).toString();
  exchanges++;
  await isToAnswer;
  if (sent !== \`refresh-\${good}\`) {
    response.writeHead(401).end();
    return;
  }
  good++;
  response.end(JSON.stringify({ access: \`access-\${good}\`, refreshToken: \`refresh-\${good}\` }));
}

export const auth = createServer((request, response) => {
  exchange(request, response).catch((error: unknown) => response.destroy(error as Error));
});
`,
        'server.ts': `
import { createServer } from 'node:http';
import { session } from './session.js';

export const server = createServer((_request, response) => {
  session.accessToken().then(
    (token) => response.end(token),
    (error: unknown) => response.writeHead(502).end(String(error)),
  );
});
`,
        'main.ts': `
import type { AddressInfo } from 'node:net';
import { answerAll, auth, exchanges } from './auth.js';
import { server } from './server.js';
import { session } from './session.js';

await new Promise<void>((resolve) => auth.listen(0, '127.0.0.1', resolve));
process.env['AUTH'] = \`http://127.0.0.1:\${(auth.address() as AddressInfo).port}\`;
let requests = 0;
const bothThere = new Promise<void>((resolve) => {
  server.on('request', () => {
    requests++;
    if (requests === 2) resolve();
  });
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
const ask = async (): Promise<string> => (await fetch(\`http://127.0.0.1:\${port}/\`)).text();
const answers = Promise.all([ask(), ask()]);
await bothThere;
answerAll();
const first = (await answers).sort();
const sent = exchanges;
session.expire();
console.log(JSON.stringify({ first, sent, later: await ask() }));
for (const each of [auth, server]) {
  each.closeAllConnections();
  each.close();
}
`,
      },
    });

    expect(proof.before).toEqual({
      first: ['Error: refused with 401', 'access-1'],
      sent: 2,
      later: 'access-2',
    });
    expect(proof.reports).toEqual(['session.ts:20 concurrency/no-check-then-act']);
    expect(proof.after).toEqual({ first: ['access-1', 'access-1'], sent: 1, later: 'access-2' });
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('a first call that failed is not the answer to all later ones', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'rates.ts': `
type Rates = Readonly<Record<string, number>>;

let rates: Promise<Rates> | undefined;

async function load(): Promise<Rates> {
  const response = await fetch(\`\${process.env['BANK']}/rates\`, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(\`the bank answers \${response.status}\`);
  return (await response.json()) as Rates;
}

export function ratesOfToday(): Promise<Rates> {
  rates ??= load();
  return rates;
}
`,
        'server.ts': `
import { createServer } from 'node:http';
import { ratesOfToday } from './rates.js';

export const server = createServer((_request, response) => {
  ratesOfToday().then(
    (rates) => response.end(JSON.stringify(rates)),
    (error: unknown) => response.writeHead(502).end(String(error)),
  );
});
`,
        'main.ts': `
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { server } from './server.js';

let isUp = false;
let loads = 0;
const bank = createServer((_request, response) => {
  loads++;
  if (isUp) response.end(JSON.stringify({ EUR: 1 }));
  else response.writeHead(503).end();
});
await new Promise<void>((resolve) => bank.listen(0, '127.0.0.1', resolve));
process.env['BANK'] = \`http://127.0.0.1:\${(bank.address() as AddressInfo).port}\`;
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
const ask = async (): Promise<string> => (await fetch(\`http://127.0.0.1:\${port}/\`)).text();
const answers = [await ask()];
isUp = true;
answers.push(await ask(), await ask());
console.log(JSON.stringify({ answers, loads }));
for (const each of [bank, server]) {
  each.closeAllConnections();
  each.close();
}
`,
      },
    });

    const down = 'Error: the bank answers 503';
    expect(proof.before).toEqual({ answers: [down, down, down], loads: 1 });
    expect(proof.reports).toEqual(['rates.ts:13 concurrency/no-check-then-act']);
    expect(proof.after).toEqual({ answers: [down, '{"EUR":1}', '{"EUR":1}'], loads: 2 });
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });
});
