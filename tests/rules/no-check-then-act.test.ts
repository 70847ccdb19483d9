import rule from '../../src/rules/no-check-then-act.ts';
import { ruleTests } from '../support/tester.ts';

ruleTests(rule, ({ reports, stays }) => {
  // ------------------------------------------------------------------ something is opened twice

  reports('a lazily opened connection in a module variable', {
    code: `
interface Connection {
  query(sql: string): Promise<unknown[]>;
  close(): Promise<void>;
}
declare function connect(url: string): Promise<Connection>;

let connection: Connection | undefined;

export async function orders() {
  if (!connection) {
    connection = await connect('db://orders');
  }
  return connection.query('SELECT * FROM orders');
}
`,
    errors: [
      {
        messageId: 'owned',
        on: 'connection',
        line: 12,
        message:
          'Calls made while line 12 waits also find `connection` unset on line 11; each makes its own, and `close()` reaches only the last.',
      },
    ],
    output: `
interface Connection {
  query(sql: string): Promise<unknown[]>;
  close(): Promise<void>;
}
declare function connect(url: string): Promise<Connection>;

let connection: Connection | undefined;
let pendingConnection: Promise<Connection> | undefined;

export async function orders() {
  if (!connection) {
    pendingConnection ??= connect('db://orders').catch((error: unknown) => {
      pendingConnection = undefined;
      throw error;
    });
    connection = await pendingConnection;
    pendingConnection = undefined;
  }
  return connection.query('SELECT * FROM orders');
}
`,
  });

  reports('a field filled with ??=', {
    code: `
interface Lease {
  release(): void;
  next(): Promise<string>;
}
declare const hub: { lease(): Promise<Lease> };

class Feed {
  private feed?: Lease;
  users = 0;

  async next() {
    this.feed ??= await hub.lease();
    this.users++;
    return this.feed.next();
  }
}

export const feed = new Feed();
`,
    errors: [
      {
        messageId: 'owned',
        on: 'this.feed',
        line: 13,
        message:
          'Calls made while line 13 waits also find `this.feed` unset on line 13; each makes its own, and `release()` reaches only the last.',
      },
    ],
    output: `
interface Lease {
  release(): void;
  next(): Promise<string>;
}
declare const hub: { lease(): Promise<Lease> };

class Feed {
  private feed?: Lease;
  private pendingFeed?: Promise<Lease>;
  users = 0;

  async next() {
    if (this.feed === undefined) {
      this.pendingFeed ??= hub.lease().catch((error: unknown) => {
        this.pendingFeed = undefined;
        throw error;
      });
      this.feed = await this.pendingFeed;
      this.pendingFeed = undefined;
    }
    this.users++;
    return this.feed.next();
  }
}

export const feed = new Feed();
`,
  });

  reports('a map of rooms, each with a socket', {
    code: `
interface Room {
  send(text: string): void;
  close(): void;
}
declare function openRoom(id: string): Promise<Room>;

const rooms = new Map<string, Room>();

export async function say(id: string, text: string) {
  let room = rooms.get(id);
  if (!room) {
    room = await openRoom(id);
    rooms.set(id, room);
  }
  room.send(text);
}
`,
    errors: [
      {
        messageId: 'owned',
        on: 'rooms.set(id, room)',
        line: 14,
        message:
          'Calls made while line 13 waits also find `rooms` unset on line 12; each makes its own, and `close()` reaches only the last.',
      },
    ],
    output: `
interface Room {
  send(text: string): void;
  close(): void;
}
declare function openRoom(id: string): Promise<Room>;

const rooms = new Map<string, Room>();
const pendingRooms = new Map<string, Promise<Room>>();

export async function say(id: string, text: string) {
  let room = rooms.get(id);
  if (!room) {
    let pending = pendingRooms.get(id);
    if (pending === undefined) {
      pending = openRoom(id).catch((error: unknown) => {
        pendingRooms.delete(id);
        throw error;
      });
      pendingRooms.set(id, pending);
    }
    room = await pending;
    rooms.set(id, room);
    pendingRooms.delete(id);
  }
  room.send(text);
}
`,
  });

  reports('a client that is made, connected and then kept', {
    code: `
class Client {
  async connect(): Promise<void> {
    await fetch('http://orders');
  }
  async disconnect(): Promise<void> {}
}

class Store {
  #client: Client | null = null;

  async client(): Promise<Client> {
    if (this.#client) return this.#client;
    const client = new Client();
    await client.connect();
    this.#client = client;
    return client;
  }
}

export const store = new Store();
`,
    errors: [
      {
        messageId: 'owned',
        on: 'this.#client',
        line: 16,
        message:
          'Calls made while line 15 waits also find `this.#client` unset on line 13; each makes its own, and `disconnect()` reaches only the last.',
      },
    ],
    output: `
class Client {
  async connect(): Promise<void> {
    await fetch('http://orders');
  }
  async disconnect(): Promise<void> {}
}

class Store {
  #client: Client | null = null;
  #pendingClient?: Promise<Client>;

  async client(): Promise<Client> {
    if (this.#client) return this.#client;
    this.#pendingClient ??= (async () => {
      const client = new Client();
      await client.connect();
      this.#client = client;
      return client;
    })().finally(() => {
      this.#pendingClient = undefined;
    });
    return this.#pendingClient;
  }
}

export const store = new Store();
`,
  });

  reports('the function that is waited for fills the field', {
    code: `
interface Browser {
  close(): Promise<void>;
  page(url: string): Promise<string>;
}
declare function launch(): Promise<Browser>;

class Renderer {
  private browser: Browser | undefined;

  async render(url: string) {
    if (this.browser === undefined) await this.open();
    return this.browser?.page(url);
  }

  private async open() {
    this.browser = await launch();
  }
}

export const renderer = new Renderer();
`,
    errors: [
      {
        messageId: 'owned',
        on: 'await this.open()',
        line: 12,
        message:
          'Calls made while line 12 waits also find `this.browser` unset on line 12; each makes its own, and `close()` reaches only the last.',
      },
    ],
    output: `
interface Browser {
  close(): Promise<void>;
  page(url: string): Promise<string>;
}
declare function launch(): Promise<Browser>;

class Renderer {
  private browser: Browser | undefined;
  private pendingBrowser?: Promise<void>;

  async render(url: string) {
    if (this.browser === undefined) {
      this.pendingBrowser ??= this.open().finally(() => {
        this.pendingBrowser = undefined;
      });
      await this.pendingBrowser;
    }
    return this.browser?.page(url);
  }

  private async open() {
    this.browser = await launch();
  }
}

export const renderer = new Renderer();
`,
  });

  reports('in a callback of then', {
    code: `
interface Channel { close(): Promise<void>; publish(text: string): void }
declare function createChannel(): Promise<Channel>;
let channel: Channel | undefined;

export function publish(text: string): void {
  if (!channel) {
    void createChannel().then((made) => {
      channel = made;
      channel.publish(text);
    });
    return;
  }
  channel.publish(text);
}
`,
    errors: [
      {
        messageId: 'owned',
        on: 'channel',
        line: 9,
        message:
          'Calls made while line 8 waits also find `channel` unset on line 7; each makes its own, and `close()` reaches only the last.',
      },
    ],
  });

  reports('a broken connection is replaced', {
    code: `
interface Socket { isOpen: boolean; close(): void; send(text: string): void }
declare function connectSocket(): Promise<Socket>;
let socket: Socket | undefined;

export async function send(text: string) {
  if (!socket?.isOpen) {
    socket = await connectSocket();
  }
  socket.send(text);
}
`,
    errors: [
      {
        messageId: 'owned',
        on: 'socket',
        line: 8,
        message:
          'Calls made while line 8 waits also find `socket` unset on line 7; each makes its own, and `close()` reaches only the last.',
      },
    ],
    output: `
interface Socket { isOpen: boolean; close(): void; send(text: string): void }
declare function connectSocket(): Promise<Socket>;
let socket: Socket | undefined;
let pendingSocket: Promise<Socket> | undefined;

export async function send(text: string) {
  if (!socket?.isOpen) {
    pendingSocket ??= connectSocket().catch((error: unknown) => {
      pendingSocket = undefined;
      throw error;
    });
    socket = await pendingSocket;
    pendingSocket = undefined;
  }
  socket.send(text);
}
`,
  });

  stays('the promise is stored before the wait', {
    code: `
interface Connection { query(sql: string): Promise<unknown[]>; close(): Promise<void> }
declare function connect(url: string): Promise<Connection>;
let connection: Promise<Connection> | undefined;

export async function orders() {
  connection ??= connect('db://orders').catch((error: unknown) => {
    connection = undefined;
    throw error;
  });
  return (await connection).query('SELECT * FROM orders');
}
`,
  });

  stays('a companion keeps the run under way', {
    code: `
interface Connection { query(sql: string): Promise<unknown[]>; close(): Promise<void> }
declare function connect(url: string): Promise<Connection>;
let connection: Connection | undefined;
let pending: Promise<Connection> | undefined;

export async function orders() {
  if (!connection) {
    pending ??= connect('db://orders').finally(() => { pending = undefined; });
    connection = await pending;
  }
  return connection.query('SELECT * FROM orders');
}
`,
  });

  stays('a cache of plain values', {
    code: `
interface Price { readonly amount: number; readonly currency: string }
declare function loadPrice(sku: string): Promise<Price>;
const prices = new Map<string, Price>();

export async function priceOf(sku: string): Promise<Price> {
  const known = prices.get(sku);
  if (known) return known;
  const price = await loadPrice(sku);
  prices.set(sku, price);
  return price;
}
`,
  });

  stays('a second test after the wait', {
    code: `
interface Connection { query(sql: string): Promise<unknown[]>; close(): Promise<void> }
declare function connect(url: string): Promise<Connection>;
let connection: Connection | undefined;

export async function orders() {
  if (!connection) {
    const made = await connect('db://orders');
    if (connection) await made.close();
    else connection = made;
  }
  return connection.query('SELECT * FROM orders');
}
`,
  });

  // ------------------------------------------------------------------ started twice

  reports('a running flag that is set after the wait', {
    code: `
declare function prepare(): Promise<void>;
declare function step(): Promise<void>;

class Poller {
  private on = false;
  private loop?: Promise<void>;

  async start() {
    if (this.on) return;
    await prepare();
    this.on = true;
    this.loop = this.run();
  }

  async stop() {
    this.on = false;
    await this.loop;
  }

  private async run() {
    while (this.on) await step();
  }
}

export const poller = new Poller();
`,
    errors: [
      {
        messageId: 'started',
        on: 'this.on',
        line: 12,
        message:
          'Calls made while line 11 waits also pass the test of `this.on` on line 10; each starts the loop on line 13 again.',
      },
    ],
    output: `
declare function prepare(): Promise<void>;
declare function step(): Promise<void>;

class Poller {
  private on = false;
  private loop?: Promise<void>;

  async start() {
    if (this.on) return;
    this.on = true;
    try {
      await prepare();
    } catch (error) {
      this.on = false;
      throw error;
    }
    this.loop = this.run();
  }

  async stop() {
    this.on = false;
    await this.loop;
  }

  private async run() {
    while (this.on) await step();
  }
}

export const poller = new Poller();
`,
  });

  stays('the flag is set in the segment of the test', {
    code: `
declare function prepare(): Promise<void>;
declare function step(): Promise<void>;

class Poller {
  private on = false;
  private loop?: Promise<void>;

  async start() {
    if (this.on) return;
    this.on = true;
    await prepare();
    this.loop = this.run();
  }

  private async run() {
    while (this.on) await step();
  }
}

export const poller = new Poller();
`,
  });

  // ------------------------------------------------------------------ a guard that lets all through

  reports('one request a minute', {
    code: `
declare const tokens: { create(id: string): Promise<string> };
const recent: Record<string, NodeJS.Timeout> = {};

export async function requestLink(user: { id: string }) {
  if (recent[user.id]) throw new Error('too many');
  const link = await tokens.create(user.id);
  recent[user.id] = setTimeout(() => delete recent[user.id], 60_000);
  return link;
}
`,
    errors: [
      {
        messageId: 'guard',
        on: 'recent[user.id]',
        line: 8,
        message:
          'Calls made while line 7 waits also pass the test of `recent[user.id]` on line 6; what it refuses happens all the same.',
        suggestions: [
          {
            messageId: 'claim',
            output: `
declare const tokens: { create(id: string): Promise<string> };
const recent: Record<string, NodeJS.Timeout> = {};

export async function requestLink(user: { id: string }) {
  if (recent[user.id]) throw new Error('too many');
  recent[user.id] = setTimeout(() => delete recent[user.id], 60_000);
  try {
    const link = await tokens.create(user.id);
    return link;
  } catch (error) {
    clearTimeout(recent[user.id]);
    delete recent[user.id];
    throw error;
  }
}
`,
          },
        ],
      },
    ],
  });

  reports('a unique name in a set', {
    code: `
declare function validate(name: string): Promise<void>;
const taken = new Set<string>();

export async function register(name: string) {
  if (taken.has(name)) {
    throw new Error('taken');
  }
  await validate(name);
  taken.add(name);
}
`,
    errors: [
      {
        messageId: 'guard',
        on: 'taken.add(name)',
        line: 10,
        message:
          'Calls made while line 9 waits also pass the test of `taken` on line 6; what it refuses happens all the same.',
      },
    ],
    output: `
declare function validate(name: string): Promise<void>;
const taken = new Set<string>();

export async function register(name: string) {
  if (taken.has(name)) {
    throw new Error('taken');
  }
  taken.add(name);
  try {
    await validate(name);
  } catch (error) {
    taken.delete(name);
    throw error;
  }
}
`,
  });

  reports('a limit on jobs', {
    code: `
declare function reserve(): Promise<string>;
class Gate {
  #active = 0;
  constructor(private readonly max: number) {}

  async enter() {
    if (this.#active >= this.max) throw new Error('busy');
    const slot = await reserve();
    this.#active++;
    return slot;
  }
  leave() { this.#active--; }
}
export const gate = new Gate(5);
`,
    errors: [
      {
        messageId: 'guard',
        on: 'this.#active',
        line: 10,
        message:
          'Calls made while line 9 waits also pass the test of `this.#active` on line 8; what it refuses happens all the same.',
      },
    ],
    output: `
declare function reserve(): Promise<string>;
class Gate {
  #active = 0;
  constructor(private readonly max: number) {}

  async enter() {
    if (this.#active >= this.max) throw new Error('busy');
    this.#active++;
    try {
      const slot = await reserve();
      return slot;
    } catch (error) {
      this.#active--;
      throw error;
    }
  }
  leave() { this.#active--; }
}
export const gate = new Gate(5);
`,
  });

  // ------------------------------------------------------------------ an if in place of a while

  reports('room in a queue', {
    code: `
import { once, EventEmitter } from 'node:events';
const bell = new EventEmitter();
const items: string[] = [];
const cap = 10;

export async function put(item: string) {
  if (items.length >= cap) await once(bell, 'taken', { signal: AbortSignal.timeout(1000) });
  items.push(item);
}
export function take() {
  const item = items.shift();
  bell.emit('taken');
  return item;
}
`,
    errors: [
      {
        messageId: 'room',
        on: 'items.push(item)',
        line: 9,
        message:
          '`items` is not tested again after the wait on line 8; all who waited go on, and the limit is exceeded.',
      },
    ],
    output: `
import { once, EventEmitter } from 'node:events';
const bell = new EventEmitter();
const items: string[] = [];
const cap = 10;

export async function put(item: string) {
  while (items.length >= cap) await once(bell, 'taken', { signal: AbortSignal.timeout(1000) });
  items.push(item);
}
export function take() {
  const item = items.shift();
  bell.emit('taken');
  return item;
}
`,
  });

  stays('a loop tests again', {
    code: `
import { once, EventEmitter } from 'node:events';
const bell = new EventEmitter();
const items: string[] = [];
const cap = 10;

export async function put(item: string) {
  while (items.length >= cap) await once(bell, 'taken', { signal: AbortSignal.timeout(1000) });
  items.push(item);
}
`,
  });

  // ------------------------------------------------------------------ single-use tokens

  reports('two refreshes with one refresh token', {
    code: `
declare const auth: { refresh(token: string): Promise<{ access: string; refresh: string; expires: number }> };
class Session {
  private access = '';
  private refreshToken = '';
  private expires = 0;

  async token() {
    if (Date.now() < this.expires) return this.access;
    const next = await auth.refresh(this.refreshToken);
    this.access = next.access;
    this.refreshToken = next.refresh;
    this.expires = next.expires;
    return this.access;
  }
}
export const session = new Session();
`,
    errors: [
      {
        messageId: 'token',
        on: 'this.expires',
        line: 13,
        message:
          'Calls made while line 10 waits send the same `this.refreshToken`; it is good for one exchange, and the others fail.',
      },
    ],
    output: `
declare const auth: { refresh(token: string): Promise<{ access: string; refresh: string; expires: number }> };
class Session {
  private access = '';
  private refreshToken = '';
  private expires = 0;
  private pendingToken?: Promise<string>;

  async token() {
    if (Date.now() < this.expires) return this.access;
    this.pendingToken ??= (async () => {
      const next = await auth.refresh(this.refreshToken);
      this.access = next.access;
      this.refreshToken = next.refresh;
      this.expires = next.expires;
      return this.access;
    })().finally(() => {
      this.pendingToken = undefined;
    });
    return this.pendingToken;
  }
}
export const session = new Session();
`,
  });

  // ------------------------------------------------------------------ objects that are changed

  reports('two live copies of a document', {
    code: `
interface Doc { id: string; lines: string[] }
declare function loadDoc(id: string): Promise<Doc>;
const docs = new Map<string, Doc>();

async function open(id: string): Promise<Doc> {
  const known = docs.get(id);
  if (known) return known;
  const doc = await loadDoc(id);
  docs.set(id, doc);
  return doc;
}

export async function edit(id: string, line: string) {
  await open(id);
  const doc = docs.get(id);
  doc?.lines.push(line);
}
`,
    errors: [
      {
        messageId: 'live',
        on: 'docs.set(id, doc)',
        line: 10,
        message:
          'Calls made while line 9 waits each put a copy of their own into `docs`; what line 17 changes in a replaced one is lost.',
      },
    ],
    output: `
interface Doc { id: string; lines: string[] }
declare function loadDoc(id: string): Promise<Doc>;
const docs = new Map<string, Doc>();
const pendingDocs = new Map<string, Promise<Doc>>();

async function open(id: string): Promise<Doc> {
  const known = docs.get(id);
  if (known) return known;
  let pending = pendingDocs.get(id);
  if (pending === undefined) {
    pending = loadDoc(id).catch((error: unknown) => {
      pendingDocs.delete(id);
      throw error;
    });
    pendingDocs.set(id, pending);
  }
  const doc = await pending;
  docs.set(id, doc);
  pendingDocs.delete(id);
  return doc;
}

export async function edit(id: string, line: string) {
  await open(id);
  const doc = docs.get(id);
  doc?.lines.push(line);
}
`,
  });

  // ------------------------------------------------------------------ a rejected promise is remembered

  reports('a memo that is never cleared', {
    code: `
let settings: Promise<string> | undefined;

export function loadSettings(): Promise<string> {
  settings ??= fetch('http://settings').then((response) => response.text());
  return settings;
}
`,
    errors: [
      {
        messageId: 'kept',
        on: 'settings',
        line: 5,
        message:
          '`settings` keeps this promise also when `fetch` on line 5 fails; every later call gets the same failure.',
      },
    ],
    output: `
let settings: Promise<string> | undefined;

export function loadSettings(): Promise<string> {
  settings ??= fetch('http://settings').then((response) => response.text()).catch((error: unknown) => {
    settings = undefined;
    throw error;
  });
  return settings;
}
`,
  });

  stays('a memo that is cleared when it is rejected', {
    code: `
let settings: Promise<string> | undefined;

export function loadSettings(): Promise<string> {
  settings ??= fetch('http://settings')
    .then((response) => response.text())
    .catch((error: unknown) => {
      settings = undefined;
      throw error;
    });
  return settings;
}
`,
  });

  // ------------------------------------------------------------------ more spellings

  reports('a private method under another name, called from handlers of a server', {
    code: `
import { createServer } from 'node:http';
interface Session { id: string; close(): Promise<void>; run(sql: string): Promise<string[]> }
declare const driver: { open(name: string): Promise<Session> };

class Reports {
  #session?: Session;

  async #ready(): Promise<Session> {
    if (this.#session === undefined) {
      const opened = await driver.open('reports');
      this.#session = opened;
    }
    return this.#session;
  }

  async list() {
    const session = await this.#ready();
    return session.run('SELECT * FROM reports');
  }
}

const reports = new Reports();
createServer((_request, response) => {
  void reports.list().then(
    (rows) => response.end(rows.join()),
    () => response.destroy(),
  );
}).listen(3000);
`,
    errors: [
      {
        messageId: 'owned',
        on: 'this.#session',
        line: 12,
        message:
          'Calls made while line 11 waits also find `this.#session` unset on line 10; each makes its own, and `close()` reaches only the last.',
      },
    ],
    output: `
import { createServer } from 'node:http';
interface Session { id: string; close(): Promise<void>; run(sql: string): Promise<string[]> }
declare const driver: { open(name: string): Promise<Session> };

class Reports {
  #session?: Session;
  #pendingSession?: Promise<Session>;

  async #ready(): Promise<Session> {
    if (this.#session === undefined) {
      this.#pendingSession ??= driver.open('reports').catch((error: unknown) => {
        this.#pendingSession = undefined;
        throw error;
      });
      const opened = await this.#pendingSession;
      this.#session = opened;
      this.#pendingSession = undefined;
    }
    return this.#session;
  }

  async list() {
    const session = await this.#ready();
    return session.run('SELECT * FROM reports');
  }
}

const reports = new Reports();
createServer((_request, response) => {
  void reports.list().then(
    (rows) => response.end(rows.join()),
    () => response.destroy(),
  );
}).listen(3000);
`,
  });

  reports('a static field', {
    code: `
interface Broker { publish(text: string): Promise<void>; disconnect(): Promise<void> }
declare function connectBroker(): Promise<Broker>;

export class Events {
  private static broker: Broker | null = null;

  static async publish(text: string) {
    if (Events.broker === null) {
      Events.broker = await connectBroker();
    }
    await Events.broker.publish(text);
  }
}
`,
    errors: [
      {
        messageId: 'owned',
        on: 'Events.broker',
        line: 10,
        message:
          'Calls made while line 10 waits also find `Events.broker` unset on line 9; each makes its own, and `disconnect()` reaches only the last.',
      },
    ],
    output: `
interface Broker { publish(text: string): Promise<void>; disconnect(): Promise<void> }
declare function connectBroker(): Promise<Broker>;

export class Events {
  private static broker: Broker | null = null;
  private static pendingBroker?: Promise<Broker>;

  static async publish(text: string) {
    if (Events.broker === null) {
      Events.pendingBroker ??= connectBroker().catch((error: unknown) => {
        Events.pendingBroker = undefined;
        throw error;
      });
      Events.broker = await Events.pendingBroker;
      Events.pendingBroker = undefined;
    }
    await Events.broker.publish(text);
  }
}
`,
  });

  reports('an arrow field of one object per process', {
    code: `
interface Watcher { stop(): void; close(): Promise<void> }
declare function createWatcher(folder: string): Promise<Watcher>;

class Files {
  watcher: Watcher | undefined;
  watch = async (): Promise<Watcher> => {
    if (!this.watcher) {
      this.watcher = await createWatcher('/orders');
    }
    return this.watcher;
  };
}

export const files = new Files();
`,
    errors: [
      {
        messageId: 'owned',
        on: 'this.watcher',
        line: 9,
        message:
          'Calls made while line 9 waits also find `this.watcher` unset on line 8; each makes its own, and `close()` reaches only the last.',
      },
    ],
    output: `
interface Watcher { stop(): void; close(): Promise<void> }
declare function createWatcher(folder: string): Promise<Watcher>;

class Files {
  watcher: Watcher | undefined;
  private pendingWatcher?: Promise<Watcher>;
  watch = async (): Promise<Watcher> => {
    if (!this.watcher) {
      this.pendingWatcher ??= createWatcher('/orders').catch((error: unknown) => {
        this.pendingWatcher = undefined;
        throw error;
      });
      this.watcher = await this.pendingWatcher;
      this.pendingWatcher = undefined;
    }
    return this.watcher;
  };
}

export const files = new Files();
`,
  });

  reports('an alias of the field is tested', {
    code: `
interface Consumer { subscribe(topic: string): Promise<void>; disconnect(): Promise<void> }
declare function createConsumer(): Promise<Consumer>;

class Topics {
  private consumer?: Consumer;

  async follow(topic: string) {
    let consumer = this.consumer;
    if (consumer == null) {
      consumer = await createConsumer();
      this.consumer = consumer;
    }
    await consumer.subscribe(topic);
  }
}

export const topics = new Topics();
`,
    errors: [
      {
        messageId: 'owned',
        on: 'this.consumer',
        line: 12,
        message:
          'Calls made while line 11 waits also find `this.consumer` unset on line 10; each makes its own, and `disconnect()` reaches only the last.',
      },
    ],
    output: `
interface Consumer { subscribe(topic: string): Promise<void>; disconnect(): Promise<void> }
declare function createConsumer(): Promise<Consumer>;

class Topics {
  private consumer?: Consumer;
  private pendingConsumer?: Promise<Consumer>;

  async follow(topic: string) {
    let consumer = this.consumer;
    if (consumer == null) {
      this.pendingConsumer ??= createConsumer().catch((error: unknown) => {
        this.pendingConsumer = undefined;
        throw error;
      });
      consumer = await this.pendingConsumer;
      this.consumer = consumer;
      this.pendingConsumer = undefined;
    }
    await consumer.subscribe(topic);
  }
}

export const topics = new Topics();
`,
  });

  reports('a namespace import of the module that holds the variable', {
    code: `
import * as state from './state.ts';

export async function mailer() {
  if (!state.held.transport) {
    state.held.transport = await state.openTransport();
  }
  return state.held.transport;
}
`,
    files: {
      'state.ts': `
export interface Transport { send(text: string): Promise<void>; close(): void }
export declare function openTransport(): Promise<Transport>;
export const held: { transport?: Transport } = {};`,
    },
    errors: [
      {
        messageId: 'owned',
        on: 'state.held.transport',
        line: 6,
        message:
          'Calls made while line 6 waits also find `state.held.transport` unset on line 5; each makes its own, and `close()` reaches only the last.',
      },
    ],
  });

  reports('a conditional expression', {
    code: `
interface Handle { read(): Promise<string>; close(): Promise<void> }
declare function openFile(path: string): Promise<Handle>;
let handle: Handle | undefined;

export async function first(): Promise<string> {
  const opened = handle ? handle : (handle = await openFile('/orders'));
  return opened.read();
}
`,
    errors: [
      {
        messageId: 'owned',
        on: 'handle',
        line: 7,
        message:
          'Calls made while line 7 waits also find `handle` unset on line 7; each makes its own, and `close()` reaches only the last.',
      },
    ],
  });

  reports('a generic cache of sockets by tenant', {
    code: `
interface Closable { close(): Promise<void> }

class Registry<T extends Closable> {
  readonly #byTenant = new Map<string, T>();
  readonly #connect: (tenant: string) => Promise<T>;

  constructor(connect: (tenant: string) => Promise<T>) {
    this.#connect = connect;
  }

  async of(tenant: string): Promise<T> {
    const known = this.#byTenant.get(tenant);
    if (known !== undefined) return known;
    const made = await this.#connect(tenant);
    this.#byTenant.set(tenant, made);
    return made;
  }
}

interface Socket extends Closable { send(text: string): void }
declare function connectTenant(tenant: string): Promise<Socket>;
export const sockets = new Registry<Socket>(connectTenant);
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'owned',
        on: 'this.#byTenant.set(tenant, made)',
        line: 16,
        message:
          'Calls made while line 15 waits also find `this.#byTenant` unset on line 14; each makes its own, and `close()` reaches only the last.',
      },
    ],
    output: `
interface Closable { close(): Promise<void> }

class Registry<T extends Closable> {
  readonly #byTenant = new Map<string, T>();
  readonly #pendingByTenant = new Map<string, Promise<T>>();
  readonly #connect: (tenant: string) => Promise<T>;

  constructor(connect: (tenant: string) => Promise<T>) {
    this.#connect = connect;
  }

  async of(tenant: string): Promise<T> {
    const known = this.#byTenant.get(tenant);
    if (known !== undefined) return known;
    let pendingByTenant = this.#pendingByTenant.get(tenant);
    if (pendingByTenant === undefined) {
      pendingByTenant = this.#connect(tenant).catch((error: unknown) => {
        this.#pendingByTenant.delete(tenant);
        throw error;
      });
      this.#pendingByTenant.set(tenant, pendingByTenant);
    }
    const made = await pendingByTenant;
    this.#byTenant.set(tenant, made);
    this.#pendingByTenant.delete(tenant);
    return made;
  }
}

interface Socket extends Closable { send(text: string): void }
declare function connectTenant(tenant: string): Promise<Socket>;
export const sockets = new Registry<Socket>(connectTenant);
`,
  });

  reports('has, and later set, in a handler', {
    code: `
import express from 'express';
import { spawn, type ChildProcess } from 'node:child_process';
declare function prepare(id: string): Promise<string[]>;

const workers = new Map<string, ChildProcess>();
const app = express();

app.post('/workers/:id', async (request, response) => {
  const { id } = request.params;
  if (!workers.has(id)) {
    const args = await prepare(id);
    workers.set(id, spawn('worker', args));
  }
  response.sendStatus(202);
});
`,
    errors: [
      {
        messageId: 'owned',
        on: "workers.set(id, spawn('worker', args))",
        line: 13,
        message:
          'Calls made while line 12 waits also find `workers` unset on line 11; each makes its own, and `disconnect()` reaches only the last.',
      },
    ],
  });

  reports('JavaScript with JSDoc', {
    code: `
/** @typedef {{ query(sql: string): Promise<string[]>, close(): Promise<void> }} Connection */
/** @type {(url: string) => Promise<Connection>} */
const connect = async (url) => {
  await fetch(url);
  return { query: async () => [url], close: async () => {} };
};

/** @type {Connection | undefined} */
let connection;

export async function orders() {
  if (!connection) {
    connection = await connect('db://orders');
  }
  return connection.query('SELECT * FROM orders');
}
`,
    filename: 'service.js',
    errors: [
      {
        messageId: 'owned',
        on: 'connection',
        line: 14,
        message:
          'Calls made while line 14 waits also find `connection` unset on line 13; each makes its own, and `close()` reaches only the last.',
      },
    ],
    output: `
/** @typedef {{ query(sql: string): Promise<string[]>, close(): Promise<void> }} Connection */
/** @type {(url: string) => Promise<Connection>} */
const connect = async (url) => {
  await fetch(url);
  return { query: async () => [url], close: async () => {} };
};

/** @type {Connection | undefined} */
let connection;
/** @type {Promise<Connection> | undefined} */
let pendingConnection;

export async function orders() {
  if (!connection) {
    pendingConnection ??= connect('db://orders').catch((error) => {
      pendingConnection = undefined;
      throw error;
    });
    connection = await pendingConnection;
    pendingConnection = undefined;
  }
  return connection.query('SELECT * FROM orders');
}
`,
  });

  reports('CommonJS', {
    code: `
import events = require('node:events');
interface Link { send(text: string): void; close(): void }
declare function dial(): Promise<Link>;
const bus = new events.EventEmitter();
let link: Link | undefined;

bus.on('order', (text: string) => {
  void forward(text).catch((error: unknown) => { console.error(error); });
});

async function forward(text: string) {
  if (!link) link = await dial();
  link.send(text);
}

export = bus;
`,
    filename: 'service.cts',
    errors: [
      {
        messageId: 'owned',
        on: 'link',
        line: 13,
        message:
          'Calls made while line 13 waits also find `link` unset on line 13; each makes its own, and `close()` reaches only the last.',
      },
    ],
    output: `
import events = require('node:events');
interface Link { send(text: string): void; close(): void }
declare function dial(): Promise<Link>;
const bus = new events.EventEmitter();
let link: Link | undefined;
let pendingLink: Promise<Link> | undefined;

bus.on('order', (text: string) => {
  void forward(text).catch((error: unknown) => { console.error(error); });
});

async function forward(text: string) {
  if (!link) {
    pendingLink ??= dial().catch((error: unknown) => {
      pendingLink = undefined;
      throw error;
    });
    link = await pendingLink;
    pendingLink = undefined;
  }
  link.send(text);
}

export = bus;
`,
  });

  // ------------------------------------------------------------------ started twice, in other words

  reports('a listener is put on twice', {
    code: `
import { EventEmitter } from 'node:events';
declare function loadRules(): Promise<string[]>;
const bus = new EventEmitter();

class Audit {
  private isAttached = false;
  private rules: string[] = [];

  async attach(): Promise<void> {
    if (this.isAttached) return;
    this.rules = await loadRules();
    bus.on('order', (order: string) => { console.log(order, this.rules); });
    this.isAttached = true;
  }
}

export const audit = new Audit();
`,
    errors: [
      {
        messageId: 'started',
        on: 'this.isAttached',
        line: 14,
        message:
          'Calls made while line 12 waits also pass the test of `this.isAttached` on line 11; each starts the listener on line 13 again.',
      },
    ],
    output: `
import { EventEmitter } from 'node:events';
declare function loadRules(): Promise<string[]>;
const bus = new EventEmitter();

class Audit {
  private isAttached = false;
  private rules: string[] = [];

  async attach(): Promise<void> {
    if (this.isAttached) return;
    this.isAttached = true;
    try {
      this.rules = await loadRules();
      bus.on('order', (order: string) => { console.log(order, this.rules); });
    } catch (error) {
      this.isAttached = false;
      throw error;
    }
  }
}

export const audit = new Audit();
`,
  });

  reports('an interval is started twice', {
    code: `
declare function warmUp(): Promise<void>;
declare function flush(): void;
let isStarted = false;

export async function startFlushing() {
  if (!isStarted) {
    await warmUp();
    setInterval(flush, 1000).unref();
    isStarted = true;
  }
}
`,
    errors: [
      {
        messageId: 'started',
        on: 'isStarted',
        line: 10,
        message:
          'Calls made while line 8 waits also pass the test of `isStarted` on line 7; each starts the interval on line 9 again.',
      },
    ],
    output: `
declare function warmUp(): Promise<void>;
declare function flush(): void;
let isStarted = false;

export async function startFlushing() {
  if (!isStarted) {
    isStarted = true;
    try {
      await warmUp();
      setInterval(flush, 1000).unref();
    } catch (error) {
      isStarted = false;
      throw error;
    }
  }
}
`,
  });

  stays('an idempotent initialisation', {
    code: `
declare function loadWords(): Promise<Set<string>>;

class Spelling {
  private isReady = false;
  private words: ReadonlySet<string> = new Set();

  async init() {
    if (this.isReady) return;
    this.words = await loadWords();
    this.isReady = true;
  }

  async check(word: string) {
    await this.init();
    return this.words.has(word);
  }
}

export const spelling = new Spelling();
`,
  });

  stays('a busy flag with finally', {
    code: `
declare function sync(): Promise<void>;
let isBusy = false;

export async function tick() {
  if (isBusy) return;
  isBusy = true;
  try {
    await sync();
  } finally {
    isBusy = false;
  }
}
`,
  });

  stays('a flag that is set at the test and reset on failure only', {
    code: `
import { EventEmitter } from 'node:events';
declare function subscribe(): Promise<void>;
const bus = new EventEmitter();
let isConfigured = false;

export async function configure() {
  if (isConfigured) return;
  isConfigured = true;
  try {
    await subscribe();
    bus.on('order', console.log);
  } catch (error) {
    isConfigured = false;
    throw error;
  }
}
`,
  });

  stays('called once, at the start of a program', {
    code: `
import { createServer } from 'node:http';
interface Connection { close(): Promise<void> }
declare function connect(): Promise<Connection>;
let connection: Connection | undefined;

async function open() {
  if (!connection) connection = await connect();
}

await open();
createServer((_request, response) => response.end(String(connection !== undefined))).listen(3000);
`,
  });

  // ------------------------------------------------------------------ look-alikes

  stays('a lock is held over test and act', {
    code: `
import { Mutex } from 'async-mutex';
interface Connection { query(sql: string): Promise<unknown[]>; close(): Promise<void> }
declare function connect(url: string): Promise<Connection>;
const mutex = new Mutex();
let connection: Connection | undefined;

export async function orders() {
  return mutex.runExclusive(async () => {
    if (!connection) connection = await connect('db://orders');
    return connection.query('SELECT * FROM orders');
  });
}
`,
  });

  stays('a chain of promises lets one in at a time', {
    code: `
interface Connection { close(): Promise<void> }
declare function connect(url: string): Promise<Connection>;
let tail: Promise<unknown> = Promise.resolve();
let connection: Connection | undefined;

export function open(): Promise<Connection> {
  const run = tail.then(async () => {
    if (!connection) connection = await connect('db://orders');
    return connection;
  });
  tail = run.catch(() => undefined);
  return run;
}
`,
  });

  stays('a map of this call', {
    code: `
interface Room { close(): void }
declare function openRoom(id: string): Promise<Room>;

export async function openAll(ids: readonly string[]) {
  const rooms = new Map<string, Room>();
  for (const id of ids) {
    if (!rooms.has(id)) rooms.set(id, await openRoom(id));
  }
  return rooms;
}
`,
  });

  stays('a claim by delete, put back on failure', {
    code: `
declare function store(name: string): Promise<void>;
const dirty = new Set<string>();

export async function persist(name: string) {
  if (!dirty.delete(name)) return;
  try {
    await store(name);
  } catch {
    dirty.add(name);
  }
}
export function touch(name: string) {
  dirty.add(name);
}
`,
  });

  stays('a module that is loaded on demand', {
    code: `
let parser: typeof import('node:readline') | undefined;

export async function lines() {
  if (!parser) parser = await import('node:readline');
  return parser.createInterface({ input: process.stdin });
}
`,
  });

  stays('the end of something, the same whoever comes first', {
    code: `
declare function run(sql: string): Promise<string[]>;

class Transaction {
  private isCompleted = false;

  async query(sql: string) {
    if (this.isCompleted) throw new Error('completed');
    try {
      return await run(sql);
    } catch (error) {
      this.isCompleted = true;
      throw error;
    }
  }
}

export const transaction = new Transaction();
`,
  });

  stays('a shared object that a function hands out', {
    code: `
interface Client { close(): Promise<void>; get(key: string): Promise<string> }
declare const shared: Client;
async function getClient(): Promise<Client> {
  await Promise.resolve();
  return shared;
}
let client: Client | undefined;

export async function read(key: string) {
  if (!client) client = await getClient();
  return client.get(key);
}
`,
  });

  stays('the entry is looked up again after the wait', {
    code: `
interface Room { close(): void }
declare function openRoom(id: string): Promise<Room>;
const rooms = new Map<string, Room>();

export async function enter(id: string) {
  const known = rooms.get(id);
  if (known) return known;
  const opened = await openRoom(id);
  const meanwhile = rooms.get(id);
  if (meanwhile) {
    opened.close();
    return meanwhile;
  }
  rooms.set(id, opened);
  return opened;
}
`,
  });

  stays('a generation is compared after the wait', {
    code: `
interface Socket { close(): void }
declare function connect(): Promise<Socket>;
let generation = 0;
let socket: Socket | undefined;

export async function reconnect() {
  const mine = ++generation;
  const opened = await connect();
  if (mine !== generation) {
    opened.close();
    return;
  }
  socket = opened;
}
export function current() {
  return socket;
}
`,
  });

  stays('a request has its own', {
    code: `
import express from 'express';
interface Connection { query(sql: string): Promise<unknown[]>; close(): Promise<void> }
declare function connect(): Promise<Connection>;
const app = express();

app.get('/orders', async (_request, response) => {
  let connection: Connection | undefined;
  const query = async (sql: string) => {
    if (!connection) connection = await connect();
    return connection.query(sql);
  };
  response.json(await query('SELECT * FROM orders'));
});
`,
  });

  stays('a test file', {
    code: `
import { test } from 'vitest';
interface Browser { close(): Promise<void> }
declare function launch(): Promise<Browser>;
let browser: Browser | undefined;

test('renders', async () => {
  if (!browser) browser = await launch();
});
`,
    filename: 'render.test.ts',
  });

  stays('an entity that belongs to who loaded it', {
    code: `
declare const auth: { refresh(token: string): Promise<{ access: string; refresh: string; until: number }> };

export class Account {
  accessToken = '';
  refreshToken = '';
  until = 0;
  async save(): Promise<void> {}

  async token() {
    if (Date.now() < this.until) return this.accessToken;
    const next = await auth.refresh(this.refreshToken);
    this.accessToken = next.access;
    this.refreshToken = next.refresh;
    this.until = next.until;
    await this.save();
    return this.accessToken;
  }
}
`,
  });

  stays('waiters are let in one by one, with their turn handed over', {
    code: `
class Slots {
  #free = 3;
  readonly #waiting: (() => void)[] = [];

  async take() {
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  give() {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free++;
  }
}

export const slots = new Slots();
`,
  });

  stays('a wait for something else', {
    code: `
declare function once(name: string): Promise<void>;
let isPaused = false;
const lines: string[] = [];

export async function append(line: string) {
  if (isPaused) await once('resumed');
  lines.push(line);
}
export function pause() {
  isPaused = true;
}
`,
  });

  // ------------------------------------------------------------------ guards, in other words

  reports('a counter that is compared with a limit the other way round', {
    code: `
declare function handshake(): Promise<void>;
let connections = 0;
const LIMIT = 100;

export async function accept() {
  if (!(connections < LIMIT)) {
    throw new RangeError('too many connections');
  }
  await handshake();
  connections += 1;
}
export function close() {
  connections -= 1;
}
`,
    errors: [
      {
        messageId: 'guard',
        on: 'connections',
        line: 11,
        message:
          'Calls made while line 10 waits also pass the test of `connections` on line 7; what it refuses happens all the same.',
      },
    ],
    output: `
declare function handshake(): Promise<void>;
let connections = 0;
const LIMIT = 100;

export async function accept() {
  if (!(connections < LIMIT)) {
    throw new RangeError('too many connections');
  }
  connections += 1;
  try {
    await handshake();
  } catch (error) {
    connections -= 1;
    throw error;
  }
}
export function close() {
  connections -= 1;
}
`,
  });

  reports('a ticket that is used once', {
    code: `
declare function charge(ticket: string): Promise<void>;
const tickets = new Map<string, number>();

export async function redeem(ticket: string) {
  const amount = tickets.get(ticket);
  if (amount === undefined) throw new Error('unknown ticket');
  await charge(ticket);
  tickets.delete(ticket);
  return amount;
}
export function issue(ticket: string, amount: number) {
  tickets.set(ticket, amount);
}
`,
    errors: [
      {
        messageId: 'guard',
        on: 'tickets.delete(ticket)',
        line: 9,
        message:
          'Calls made while line 8 waits also pass the test of `tickets` on line 7; what it refuses happens all the same.',
        suggestions: [
          {
            messageId: 'claim',
            output: `
declare function charge(ticket: string): Promise<void>;
const tickets = new Map<string, number>();

export async function redeem(ticket: string) {
  const amount = tickets.get(ticket);
  if (amount === undefined) throw new Error('unknown ticket');
  tickets.delete(ticket);
  try {
    await charge(ticket);
  } catch (error) {
    tickets.set(ticket, amount);
    throw error;
  }
  return amount;
}
export function issue(ticket: string, amount: number) {
  tickets.set(ticket, amount);
}
`,
          },
        ],
      },
    ],
  });

  reports('a lock made of a flag', {
    code: `
declare function importAll(): Promise<void>;
declare function permitted(): Promise<void>;
let isImporting = false;

export async function importOrders() {
  if (isImporting) throw new Error('an import is running');
  await permitted();
  isImporting = true;
  try {
    await importAll();
  } finally {
    isImporting = false;
  }
}
`,
    errors: [
      {
        messageId: 'guard',
        on: 'isImporting',
        line: 9,
        message:
          'Calls made while line 8 waits also pass the test of `isImporting` on line 7; what it refuses happens all the same.',
      },
    ],
    output: `
declare function importAll(): Promise<void>;
declare function permitted(): Promise<void>;
let isImporting = false;

export async function importOrders() {
  if (isImporting) throw new Error('an import is running');
  isImporting = true;
  try {
    await permitted();
  } catch (error) {
    isImporting = false;
    throw error;
  }
  try {
    await importAll();
  } finally {
    isImporting = false;
  }
}
`,
  });

  stays('a session that is closed', {
    code: `
interface Session { close(): Promise<void> }
const sessions = new Map<string, Session>();

export async function logout(id: string) {
  const session = sessions.get(id);
  if (!session) throw new Error('unknown session');
  await session.close();
  sessions.delete(id);
}
export function login(id: string, session: Session) {
  sessions.set(id, session);
}
`,
  });

  stays('the slot is taken before the wait', {
    code: `
declare function handshake(): Promise<void>;
let connections = 0;

export async function accept() {
  if (connections >= 100) throw new RangeError('too many connections');
  connections += 1;
  try {
    await handshake();
  } finally {
    connections -= 1;
  }
}
`,
  });

  // ------------------------------------------------------------------ promises that are remembered

  reports('by key', {
    code: `
const profiles = new Map<string, Promise<string>>();

export function profileOf(id: string): Promise<string> {
  let profile = profiles.get(id);
  if (profile === undefined) {
    profile = fetch('http://profiles/' + id).then((response) => response.text());
    profiles.set(id, profile);
  }
  return profile;
}
`,
    errors: [
      {
        messageId: 'kept',
        on: 'profiles.set(id, profile)',
        line: 8,
        message:
          '`profiles` keeps this promise also when `fetch` on line 7 fails; every later call gets the same failure.',
      },
    ],
    output: `
const profiles = new Map<string, Promise<string>>();

export function profileOf(id: string): Promise<string> {
  let profile = profiles.get(id);
  if (profile === undefined) {
    profile = fetch('http://profiles/' + id).then((response) => response.text()).catch((error: unknown) => {
      profiles.delete(id);
      throw error;
    });
    profiles.set(id, profile);
  }
  return profile;
}
`,
  });

  reports('in a field, cleared only at the end', {
    code: `
class Registry {
  private ready: Promise<void> | null = null;

  waitUntilReady(): Promise<void> {
    if (!this.ready) this.ready = this.load();
    return this.ready;
  }

  async close() {
    this.ready = null;
    await Promise.resolve();
  }

  private async load() {
    await fetch('http://registry');
  }
}

export const registry = new Registry();
`,
    errors: [
      {
        messageId: 'kept',
        on: 'this.ready',
        line: 6,
        message:
          '`this.ready` keeps this promise also when `this.load` on line 6 fails; every later call gets the same failure.',
      },
    ],
    output: `
class Registry {
  private ready: Promise<void> | null = null;

  waitUntilReady(): Promise<void> {
    if (!this.ready) this.ready = this.load().catch((error: unknown) => {
      this.ready = null;
      throw error;
    });
    return this.ready;
  }

  async close() {
    this.ready = null;
    await Promise.resolve();
  }

  private async load() {
    await fetch('http://registry');
  }
}

export const registry = new Registry();
`,
  });

  stays('closing is not tried again', {
    code: `
let closing: Promise<void> | undefined;
async function closeAll() {
  await fetch('http://orders/close');
}

export function shutdown(): Promise<void> {
  closing ??= closeAll();
  return closing;
}
`,
  });

  stays('what cannot be rejected', {
    code: `
let greeting: Promise<string> | undefined;
async function greet() {
  await Promise.resolve();
  return 'hello';
}

export function hello(): Promise<string> {
  greeting ??= greet();
  return greeting;
}
`,
  });

  stays('entries that are dropped when they fail', {
    code: `
const profiles = new Map<string, Promise<string>>();

export async function profileOf(id: string): Promise<string> {
  let profile = profiles.get(id);
  if (!profile) {
    profile = fetch('http://profiles/' + id).then((response) => response.text());
    profiles.set(id, profile);
  }
  try {
    return await profile;
  } catch (error) {
    profiles.delete(id);
    throw error;
  }
}
`,
  });

  // ------------------------------------------------------------------ the option

  reports('fills of a cache with plain values', {
    code: `
interface Price { readonly amount: number }
declare function loadPrice(sku: string): Promise<Price>;
const prices = new Map<string, Price>();

export async function priceOf(sku: string): Promise<Price> {
  const known = prices.get(sku);
  if (known) return known;
  const price = await loadPrice(sku);
  prices.set(sku, price);
  return price;
}
`,
    options: { checkMemo: true },
    errors: [
      {
        messageId: 'memo',
        on: 'prices.set(sku, price)',
        line: 10,
        message: 'Calls made while line 9 waits find `prices` as the test on line 8 did; each does the work again.',
      },
    ],
    output: `
interface Price { readonly amount: number }
declare function loadPrice(sku: string): Promise<Price>;
const prices = new Map<string, Price>();
const pendingPrices = new Map<string, Promise<Price>>();

export async function priceOf(sku: string): Promise<Price> {
  const known = prices.get(sku);
  if (known) return known;
  let pending = pendingPrices.get(sku);
  if (pending === undefined) {
    pending = loadPrice(sku).catch((error: unknown) => {
      pendingPrices.delete(sku);
      throw error;
    });
    pendingPrices.set(sku, pending);
  }
  const price = await pending;
  prices.set(sku, price);
  pendingPrices.delete(sku);
  return price;
}
`,
  });

  reports('objects of which there may be several', {
    code: `
interface Connection { query(sql: string): Promise<unknown[]>; close(): Promise<void> }
declare function connect(url: string): Promise<Connection>;

export class Orders {
  private connection?: Connection;

  async list() {
    if (!this.connection) {
      this.connection = await connect('db://orders');
    }
    return this.connection.query('SELECT * FROM orders');
  }
}
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'owned',
        on: 'this.connection',
        line: 10,
        message:
          'Calls made while line 10 waits also find `this.connection` unset on line 9; each makes its own, and `close()` reaches only the last.',
      },
    ],
    output: `
interface Connection { query(sql: string): Promise<unknown[]>; close(): Promise<void> }
declare function connect(url: string): Promise<Connection>;

export class Orders {
  private connection?: Connection;
  private pendingConnection?: Promise<Connection>;

  async list() {
    if (!this.connection) {
      this.pendingConnection ??= connect('db://orders').catch((error: unknown) => {
        this.pendingConnection = undefined;
        throw error;
      });
      this.connection = await this.pendingConnection;
      this.pendingConnection = undefined;
    }
    return this.connection.query('SELECT * FROM orders');
  }
}
`,
  });

  stays('objects of which there may be several, where only the certain is told', {
    code: `
interface Connection { query(sql: string): Promise<unknown[]>; close(): Promise<void> }
declare function connect(url: string): Promise<Connection>;

export class Orders {
  private connection?: Connection;

  async list() {
    if (!this.connection) {
      this.connection = await connect('db://orders');
    }
    return this.connection.query('SELECT * FROM orders');
  }
}
`,
  });

  // ------------------------------------------------------------------ what small functions hide

  reports('a method that says whether it is open', {
    code: `
interface Connection { close(): Promise<void> }
declare function connect(): Promise<Connection>;

class Store {
  #connection: Connection | undefined;

  private isOpen() {
    return this.#connection !== undefined;
  }

  async open() {
    if (this.isOpen()) return;
    this.#connection = await connect();
  }
}

export const store = new Store();
`,
    errors: [
      {
        messageId: 'owned',
        on: 'this.#connection',
        line: 14,
        message:
          'Calls made while line 14 waits also find `this.#connection` unset on line 13; each makes its own, and `close()` reaches only the last.',
      },
    ],
    output: `
interface Connection { close(): Promise<void> }
declare function connect(): Promise<Connection>;

class Store {
  #connection: Connection | undefined;
  #pendingConnection?: Promise<Connection>;

  private isOpen() {
    return this.#connection !== undefined;
  }

  async open() {
    if (this.isOpen()) return;
    this.#pendingConnection ??= connect().catch((error: unknown) => {
      this.#pendingConnection = undefined;
      throw error;
    });
    this.#connection = await this.#pendingConnection;
    this.#pendingConnection = undefined;
  }
}

export const store = new Store();
`,
  });

  reports('a getter', {
    code: `
interface Connection { close(): Promise<void> }
declare function connect(): Promise<Connection>;

class Store {
  #connection: Connection | undefined;

  private get connection() {
    return this.#connection;
  }

  async open() {
    if (!this.connection) this.#connection = await connect();
  }
}

export const store = new Store();
`,
    errors: [
      {
        messageId: 'owned',
        on: 'this.#connection',
        line: 13,
        message:
          'Calls made while line 13 waits also find `this.#connection` unset on line 13; each makes its own, and `close()` reaches only the last.',
      },
    ],
    output: `
interface Connection { close(): Promise<void> }
declare function connect(): Promise<Connection>;

class Store {
  #connection: Connection | undefined;
  #pendingConnection?: Promise<Connection>;

  private get connection() {
    return this.#connection;
  }

  async open() {
    if (!this.connection) {
      this.#pendingConnection ??= connect().catch((error: unknown) => {
        this.#pendingConnection = undefined;
        throw error;
      });
      this.#connection = await this.#pendingConnection;
      this.#pendingConnection = undefined;
    }
  }
}

export const store = new Store();
`,
  });

  reports('two live copies, in one line', {
    code: `
interface Cart { readonly id: string; lines: string[] }
declare function loadCart(id: string): Promise<Cart>;
const carts = new Map<string, Cart>();

export async function add(id: string, line: string) {
  if (!carts.has(id)) carts.set(id, await loadCart(id));
  carts.get(id)?.lines.push(line);
}
`,
    errors: [
      {
        messageId: 'live',
        on: 'carts.set(id, await loadCart(id))',
        line: 7,
        message:
          'Calls made while line 7 waits each put a copy of their own into `carts`; what line 8 changes in a replaced one is lost.',
      },
    ],
  });

  reports('tested in one function, filled by another that is waited for', {
    code: `
interface Producer { send(text: string): Promise<void>; disconnect(): Promise<void> }
declare function createProducer(): Promise<Producer>;
let producer: Producer | undefined;

const start = async () => {
  producer = await createProducer();
};

export async function send(text: string) {
  if (!producer) await start();
  await producer?.send(text);
}
`,
    errors: [
      {
        messageId: 'owned',
        on: 'await start()',
        line: 11,
        message:
          'Calls made while line 11 waits also find `producer` unset on line 11; each makes its own, and `disconnect()` reaches only the last.',
      },
    ],
    output: `
interface Producer { send(text: string): Promise<void>; disconnect(): Promise<void> }
declare function createProducer(): Promise<Producer>;
let producer: Producer | undefined;
let pendingProducer: Promise<void> | undefined;

const start = async () => {
  producer = await createProducer();
};

export async function send(text: string) {
  if (!producer) {
    pendingProducer ??= start().finally(() => {
      pendingProducer = undefined;
    });
    await pendingProducer;
  }
  await producer?.send(text);
}
`,
  });

  reports('an exit before the wait, as a switch of states', {
    code: `
import { EventEmitter } from 'node:events';
declare function login(): Promise<void>;
const bus = new EventEmitter();

class Bot {
  private state: 'idle' | 'running' = 'idle';

  async run() {
    if (this.state !== 'idle') return;
    await login();
    bus.on('message', console.log);
    this.state = 'running';
  }
}

export const bot = new Bot();
`,
    errors: [
      {
        messageId: 'started',
        on: 'this.state',
        line: 13,
        message:
          'Calls made while line 11 waits also pass the test of `this.state` on line 10; each starts the listener on line 12 again.',
      },
    ],
    output: `
import { EventEmitter } from 'node:events';
declare function login(): Promise<void>;
const bus = new EventEmitter();

class Bot {
  private state: 'idle' | 'running' = 'idle';
  private pendingRun?: Promise<void>;

  async run() {
    if (this.state !== 'idle') return;
    this.pendingRun ??= (async () => {
      await login();
      bus.on('message', console.log);
      this.state = 'running';
    })().finally(() => {
      this.pendingRun = undefined;
    });
    return this.pendingRun;
  }
}

export const bot = new Bot();
`,
  });

  stays('the state is set at once', {
    code: `
import { EventEmitter } from 'node:events';
declare function login(): Promise<void>;
const bus = new EventEmitter();

class Bot {
  private state: 'idle' | 'running' = 'idle';

  async run() {
    if (this.state !== 'idle') return;
    this.state = 'running';
    await login();
    bus.on('message', console.log);
  }
}

export const bot = new Bot();
`,
  });

  stays('a wait on the other branch', {
    code: `
interface Connection { close(): Promise<void> }
declare function openSync(): Connection;
declare function ping(connection: Connection): Promise<void>;
let connection: Connection | undefined;

export async function ready() {
  if (connection) {
    await ping(connection);
  } else {
    connection = openSync();
  }
  return connection;
}
`,
  });

  stays('the wait comes after the fill', {
    code: `
interface Connection { ready(): Promise<void>; close(): Promise<void> }
declare function open(): Connection;
let connection: Connection | undefined;

export async function ready() {
  if (!connection) {
    connection = open();
    await connection.ready();
  }
  return connection;
}
`,
  });

  stays('a method that says whether it is closed, left when it is', {
    code: `
interface Connection { close(): Promise<void>; ping(): Promise<void> }
declare function connect(): Connection;

class Store {
  #connection: Connection | undefined;

  private isClosed() {
    return this.#connection === undefined;
  }

  async ping() {
    if (this.isClosed()) return;
    await this.#connection?.ping();
    this.#connection = connect();
  }
}

export const store = new Store();
`,
  });

  stays('a result that is set once, and never taken back', {
    code: `
declare function createContext(): Promise<string>;

export function contextManager() {
  let result: string | undefined = undefined;
  return {
    value: () => result,
    create: async () => {
      if (result) throw new Error('called twice');
      result = await createContext();
    },
  };
}
`,
    options: { certainty: 'likely' },
  });

  reports('a client of the catalogue, whatever its end is called', {
    code: `
import pg from 'pg';
let client: pg.Client | undefined;

export async function orders(): Promise<unknown[]> {
  if (!client) {
    const made = new pg.Client();
    await made.connect();
    client = made;
  }
  return (await client.query('SELECT * FROM orders')).rows;
}
`,
    errors: [
      {
        messageId: 'owned',
        on: 'client',
        line: 9,
        message:
          'Calls made while line 8 waits also find `client` unset on line 6; each makes its own, and `end()` reaches only the last.',
      },
    ],
  });

  reports('a client of a pool, which is given back to it', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
let client: pg.PoolClient | undefined;

export async function orders(): Promise<unknown[]> {
  if (!client) {
    const made = await pool.connect();
    client = made;
  }
  return (await client.query('SELECT * FROM orders')).rows;
}
`,
    errors: [
      {
        messageId: 'owned',
        on: 'client',
        line: 9,
        message:
          'Calls made while line 8 waits also find `client` unset on line 7; each makes its own, and `release()` reaches only the last.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
let client: pg.PoolClient | undefined;
let pendingClient: Promise<pg.PoolClient> | undefined;

export async function orders(): Promise<unknown[]> {
  if (!client) {
    pendingClient ??= pool.connect().catch((error: unknown) => {
      pendingClient = undefined;
      throw error;
    });
    const made = await pendingClient;
    client = made;
    pendingClient = undefined;
  }
  return (await client.query('SELECT * FROM orders')).rows;
}
`,
  });

  reports('an interval, which is cleared', {
    code: `
declare function load(): Promise<void>;
let timer: NodeJS.Timeout | undefined;

export async function start(): Promise<void> {
  if (timer) return;
  await load();
  timer = setInterval(() => void load().catch(console.error), 1000);
}
`,
    errors: [
      {
        messageId: 'owned',
        on: 'timer',
        line: 8,
        message:
          'Calls made while line 7 waits also find `timer` unset on line 6; each makes its own, and `clearInterval()` reaches only the last.',
      },
    ],
    output: `
declare function load(): Promise<void>;
let timer: NodeJS.Timeout | undefined;
let pendingStart: Promise<void> | undefined;

export async function start(): Promise<void> {
  if (timer) return;
  pendingStart ??= (async () => {
    await load();
    timer = setInterval(() => void load().catch(console.error), 1000);
  })().finally(() => {
    pendingStart = undefined;
  });
  return pendingStart;
}
`,
  });

  // ------------------------------------------------------------------ more places and callers

  reports('callbacks that run side by side, and a map around them', {
    code: `
interface Connection { close(): Promise<void>; query(sql: string): Promise<string[]> }
declare function connect(url: string): Promise<Connection>;

export async function openAll(urls: readonly string[]) {
  const byUrl = new Map<string, Connection>();
  await Promise.all(
    urls.map(async (url) => {
      if (!byUrl.has(url)) byUrl.set(url, await connect(url));
    }),
  );
  return byUrl;
}
`,
    errors: [
      {
        messageId: 'owned',
        on: 'byUrl.set(url, await connect(url))',
        line: 9,
        message:
          'Calls made while line 9 waits also find `byUrl` unset on line 9; each makes its own, and `close()` reaches only the last.',
      },
    ],
  });

  reports('a record of connections by tenant', {
    code: `
interface Connection { close(): Promise<void>; query(sql: string): Promise<string[]> }
declare function connect(url: string): Promise<Connection>;

const byTenant: Record<string, Connection | undefined> = {};

export async function connectionOf(tenant: string) {
  return (byTenant[tenant] ??= await connect(tenant));
}
`,
    errors: [
      {
        messageId: 'owned',
        on: 'byTenant[tenant]',
        line: 8,
        message:
          'Calls made while line 8 waits also find `byTenant[tenant]` unset on line 8; each makes its own, and `close()` reaches only the last.',
      },
    ],
  });

  reports('a wait inside a try', {
    code: `
interface Connection { close(): Promise<void>; query(sql: string): Promise<string[]> }
declare function connect(url: string): Promise<Connection>;

let connection: Connection | undefined;

export async function open(): Promise<Connection> {
  if (connection !== undefined) return connection;
  try {
    connection = await connect('db://orders');
  } catch (error) {
    throw new Error('no database', { cause: error });
  }
  return connection;
}
`,
    errors: [
      {
        messageId: 'owned',
        on: 'connection',
        line: 10,
        message:
          'Calls made while line 10 waits also find `connection` unset on line 8; each makes its own, and `close()` reaches only the last.',
      },
    ],
    output: `
interface Connection { close(): Promise<void>; query(sql: string): Promise<string[]> }
declare function connect(url: string): Promise<Connection>;

let connection: Connection | undefined;
let pendingConnection: Promise<Connection> | undefined;

export async function open(): Promise<Connection> {
  if (connection !== undefined) return connection;
  try {
    pendingConnection ??= connect('db://orders').catch((error: unknown) => {
      pendingConnection = undefined;
      throw error;
    });
    connection = await pendingConnection;
    pendingConnection = undefined;
  } catch (error) {
    throw new Error('no database', { cause: error });
  }
  return connection;
}
`,
  });

  reports('a service of Nest, of which there is one', {
    code: `
import { Injectable } from '@nestjs/common';
interface Connection { close(): Promise<void>; query(sql: string): Promise<string[]> }
declare function connect(url: string): Promise<Connection>;

@Injectable()
export class OrdersService {
  private connection?: Connection;

  async list() {
    if (!this.connection) this.connection = await connect('db://orders');
    return this.connection.query('SELECT * FROM orders');
  }
}
`,
    compilerOptions: { experimentalDecorators: true },
    errors: [
      {
        messageId: 'owned',
        on: 'this.connection',
        line: 11,
        message:
          'Calls made while line 11 waits also find `this.connection` unset on line 11; each makes its own, and `close()` reaches only the last.',
      },
    ],
    output: `
import { Injectable } from '@nestjs/common';
interface Connection { close(): Promise<void>; query(sql: string): Promise<string[]> }
declare function connect(url: string): Promise<Connection>;

@Injectable()
export class OrdersService {
  private connection?: Connection;
  private pendingConnection?: Promise<Connection>;

  async list() {
    if (!this.connection) {
      this.pendingConnection ??= connect('db://orders').catch((error: unknown) => {
        this.pendingConnection = undefined;
        throw error;
      });
      this.connection = await this.pendingConnection;
      this.pendingConnection = undefined;
    }
    return this.connection.query('SELECT * FROM orders');
  }
}
`,
  });

  reports('the handler of a Fastify route', {
    code: `
import Fastify from 'fastify';
interface Connection { close(): Promise<void>; query(sql: string): Promise<string[]> }
declare function connect(url: string): Promise<Connection>;

const app = Fastify();
let connection: Connection | undefined;

app.get('/orders', async () => {
  if (!connection) connection = await connect('db://orders');
  return connection.query('SELECT * FROM orders');
});
await app.listen({ port: 3000 });
`,
    errors: [
      {
        messageId: 'owned',
        on: 'connection',
        line: 10,
        message:
          'Calls made while line 10 waits also find `connection` unset on line 10; each makes its own, and `close()` reaches only the last.',
      },
    ],
    output: `
import Fastify from 'fastify';
interface Connection { close(): Promise<void>; query(sql: string): Promise<string[]> }
declare function connect(url: string): Promise<Connection>;

const app = Fastify();
let connection: Connection | undefined;
let pendingConnection: Promise<Connection> | undefined;

app.get('/orders', async () => {
  if (!connection) {
    pendingConnection ??= connect('db://orders').catch((error: unknown) => {
      pendingConnection = undefined;
      throw error;
    });
    connection = await pendingConnection;
    pendingConnection = undefined;
  }
  return connection.query('SELECT * FROM orders');
});
await app.listen({ port: 3000 });
`,
  });

  stays('one after the other, in a list of this call', {
    code: `
interface Connection { close(): Promise<void>; query(sql: string): Promise<string[]> }
declare function connect(url: string): Promise<Connection>;

export async function ping(urls: readonly string[]) {
  let last: Connection | undefined;
  for (const url of urls) {
    if (!last) last = await connect(url);
    await last.query('SELECT 1');
  }
}
`,
  });

  stays('a command that does one thing at a time', {
    code: `
import { parseArgs } from 'node:util';
interface Connection { close(): Promise<void>; query(sql: string): Promise<string[]> }
declare function connect(url: string): Promise<Connection>;

const { values } = parseArgs({ options: { url: { type: 'string' } } });
let connection: Connection | undefined;

async function open() {
  if (!connection) connection = await connect(values.url ?? 'db://orders');
  return connection;
}
await open();
await open();
`,
  });

  stays('a window of time that begins again', {
    code: `
declare function report(): Promise<void>;
let reportedAt = 0;

export async function tick() {
  if (Date.now() - reportedAt > 60_000) {
    await report();
    reportedAt = Date.now();
  }
}
`,
  });

  stays('a text that is kept for a second', {
    code: `
let cached: string | undefined;
let cachedAt = 0;

export async function manifest() {
  if (cached !== undefined && Date.now() - cachedAt < 1000) return cached;
  const response = await fetch('http://manifest');
  cached = await response.text();
  cachedAt = Date.now();
  return cached;
}
`,
  });

  reports('a connection made beside other waits, in `Promise.all`', {
    code: `
interface Connection { close(): Promise<void>; query(s: string): Promise<string[]> }
declare function connect(url: string): Promise<Connection>;

declare function secrets(): Promise<string>;
let database: Connection | undefined;
export async function use() {
  if (database === undefined) {
    const [made] = await Promise.all([connect('x'), secrets()]);
    database = made;
  }
  return database.query('x');
}
`,
    errors: [
      {
        messageId: 'owned',
        on: 'database',
        line: 10,
        message:
          'Calls made while line 9 waits also find `database` unset on line 8; each makes its own, and `close()` reaches only the last.',
      },
    ],
  });

  reports('a WeakMap by site', {
    code: `
interface Connection { close(): Promise<void>; query(s: string): Promise<string[]> }
declare function connect(url: string): Promise<Connection>;

const bySite = new WeakMap<object, Connection>();
export async function of(site: object): Promise<Connection> {
  const known = bySite.get(site);
  if (known) return known;
  const made = await connect('x');
  bySite.set(site, made);
  return made;
}
`,
    errors: [
      {
        messageId: 'owned',
        on: 'bySite.set(site, made)',
        line: 10,
        message:
          'Calls made while line 9 waits also find `bySite` unset on line 8; each makes its own, and `close()` reaches only the last.',
      },
    ],
    output: `
interface Connection { close(): Promise<void>; query(s: string): Promise<string[]> }
declare function connect(url: string): Promise<Connection>;

const bySite = new WeakMap<object, Connection>();
const pendingBySite = new Map<object, Promise<Connection>>();
export async function of(site: object): Promise<Connection> {
  const known = bySite.get(site);
  if (known) return known;
  let pending = pendingBySite.get(site);
  if (pending === undefined) {
    pending = connect('x').catch((error: unknown) => {
      pendingBySite.delete(site);
      throw error;
    });
    pendingBySite.set(site, pending);
  }
  const made = await pending;
  bySite.set(site, made);
  pendingBySite.delete(site);
  return made;
}
`,
  });

  reports('the branch for what is there comes first', {
    code: `
interface Connection { close(): Promise<void>; query(s: string): Promise<string[]> }
declare function connect(url: string): Promise<Connection>;

class Reports {
  #database: Connection | null = null;
  async use() {
    if (this.#database !== null) {
      return this.#database.query('x');
    } else {
      this.#database = await connect('x');
      return this.#database.query('y');
    }
  }
}
export const reports = new Reports();
`,
    errors: [
      {
        messageId: 'owned',
        on: 'this.#database',
        line: 11,
        message:
          'Calls made while line 11 waits also find `this.#database` unset on line 8; each makes its own, and `close()` reaches only the last.',
      },
    ],
    output: `
interface Connection { close(): Promise<void>; query(s: string): Promise<string[]> }
declare function connect(url: string): Promise<Connection>;

class Reports {
  #database: Connection | null = null;
  #pendingDatabase?: Promise<Connection>;
  async use() {
    if (this.#database !== null) {
      return this.#database.query('x');
    } else {
      this.#pendingDatabase ??= connect('x').catch((error: unknown) => {
        this.#pendingDatabase = undefined;
        throw error;
      });
      this.#database = await this.#pendingDatabase;
      this.#pendingDatabase = undefined;
      return this.#database.query('y');
    }
  }
}
export const reports = new Reports();
`,
  });

  reports('filled in a loop over what arrives', {
    code: `
interface Connection { close(): Promise<void>; query(s: string): Promise<string[]> }
declare function connect(url: string): Promise<Connection>;

let database: Connection | undefined;
export async function consume(lines: AsyncIterable<string>) {
  for await (const line of lines) {
    if (!database) database = await connect('x');
    await database.query(line);
  }
}
`,
    errors: [
      {
        messageId: 'owned',
        on: 'database',
        line: 8,
        message:
          'Calls made while line 8 waits also find `database` unset on line 8; each makes its own, and `close()` reaches only the last.',
      },
    ],
    output: `
interface Connection { close(): Promise<void>; query(s: string): Promise<string[]> }
declare function connect(url: string): Promise<Connection>;

let database: Connection | undefined;
let pendingDatabase: Promise<Connection> | undefined;
export async function consume(lines: AsyncIterable<string>) {
  for await (const line of lines) {
    if (!database) {
      pendingDatabase ??= connect('x').catch((error: unknown) => {
        pendingDatabase = undefined;
        throw error;
      });
      database = await pendingDatabase;
      pendingDatabase = undefined;
    }
    await database.query(line);
  }
}
`,
  });

  reports('a limit that is answered with 409', {
    code: `
import express from 'express';
declare function check(id: string): Promise<void>;
const app = express();
const seats: string[] = [];
app.post('/seat/:id', async (request, response) => {
  if (seats.length >= 10) { response.status(409).end(); return; }
  await check(request.params.id);
  seats.push(request.params.id);
  response.status(201).end();
});
`,
    errors: [
      {
        messageId: 'guard',
        on: 'seats.push(request.params.id)',
        line: 9,
        message:
          'Calls made while line 8 waits also pass the test of `seats` on line 7; what it refuses happens all the same.',
      },
    ],
    output: `
import express from 'express';
declare function check(id: string): Promise<void>;
const app = express();
const seats: string[] = [];
app.post('/seat/:id', async (request, response) => {
  if (seats.length >= 10) { response.status(409).end(); return; }
  seats.push(request.params.id);
  try {
    await check(request.params.id);
  } catch (error) {
    if (seats.includes(request.params.id)) seats.splice(seats.indexOf(request.params.id), 1);
    throw error;
  }
  response.status(201).end();
});
`,
  });

  reports('a unique name in an array', {
    code: `
declare function check(id: string): Promise<void>;
const names: string[] = [];
export async function register(name: string) {
  if (names.includes(name)) throw new Error('taken');
  await check(name);
  names.push(name);
}
`,
    errors: [
      {
        messageId: 'guard',
        on: 'names.push(name)',
        line: 7,
        message:
          'Calls made while line 6 waits also pass the test of `names` on line 5; what it refuses happens all the same.',
      },
    ],
    output: `
declare function check(id: string): Promise<void>;
const names: string[] = [];
export async function register(name: string) {
  if (names.includes(name)) throw new Error('taken');
  names.push(name);
  try {
    await check(name);
  } catch (error) {
    if (names.includes(name)) names.splice(names.indexOf(name), 1);
    throw error;
  }
}
`,
  });

  reports('a unique name, asked with `in`', {
    code: `
declare function check(id: string): Promise<void>;
const names: Record<string, boolean> = {};
export async function register(name: string) {
  if (name in names) throw new Error('taken');
  await check(name);
  names[name] = true;
}
`,
    errors: [
      {
        messageId: 'guard',
        on: 'names[name]',
        line: 7,
        message:
          'Calls made while line 6 waits also pass the test of `names[name]` on line 5; what it refuses happens all the same.',
      },
    ],
    output: `
declare function check(id: string): Promise<void>;
const names: Record<string, boolean> = {};
export async function register(name: string) {
  if (name in names) throw new Error('taken');
  names[name] = true;
  try {
    await check(name);
  } catch (error) {
    delete names[name];
    throw error;
  }
}
`,
  });

  reports('a worker whose path is waited for', {
    code: `
import { Worker } from 'node:worker_threads';
declare function path(): Promise<string>;
let worker: Worker | undefined;
export async function run(job: string) {
  if (worker === undefined) worker = new Worker(await path());
  worker.postMessage(job);
}
`,
    errors: [
      {
        messageId: 'owned',
        on: 'worker',
        line: 6,
        message:
          'Calls made while line 6 waits also find `worker` unset on line 6; each makes its own, and `terminate()` reaches only the last.',
      },
    ],
    output: `
import { Worker } from 'node:worker_threads';
declare function path(): Promise<string>;
let worker: Worker | undefined;
let pendingWorker: Promise<Worker> | undefined;
export async function run(job: string) {
  if (worker === undefined) {
    pendingWorker ??= (async () => new Worker(await path()))().catch((error: unknown) => {
      pendingWorker = undefined;
      throw error;
    });
    worker = await pendingWorker;
    pendingWorker = undefined;
  }
  worker.postMessage(job);
}
`,
  });

  reports('a worker whose path is waited for, `??=`', {
    code: `
import { Worker } from 'node:worker_threads';
declare function path(): Promise<string>;
let worker: Worker | undefined;
export async function run(job: string) {
  worker ??= new Worker(await path());
  worker.postMessage(job);
}
`,
    errors: [
      {
        messageId: 'owned',
        on: 'worker',
        line: 6,
        message:
          'Calls made while line 6 waits also find `worker` unset on line 6; each makes its own, and `terminate()` reaches only the last.',
      },
    ],
    output: `
import { Worker } from 'node:worker_threads';
declare function path(): Promise<string>;
let worker: Worker | undefined;
let pendingWorker: Promise<Worker> | undefined;
export async function run(job: string) {
  if (worker === undefined) {
    pendingWorker ??= (async () => new Worker(await path()))().catch((error: unknown) => {
      pendingWorker = undefined;
      throw error;
    });
    worker = await pendingWorker;
    pendingWorker = undefined;
  }
  worker.postMessage(job);
}
`,
  });

  reports('a worker that a listener makes', {
    code: `
import { Worker } from 'node:worker_threads';
import { EventEmitter } from 'node:events';
declare function path(): Promise<string>;
const bus = new EventEmitter();
let worker: Worker | undefined;
bus.on('job', async (job: string) => {
    if (worker === undefined) worker = new Worker(await path());
    worker.postMessage(job);
});
`,
    errors: [
      {
        messageId: 'owned',
        on: 'worker',
        line: 8,
        message:
          'Calls made while line 8 waits also find `worker` unset on line 8; each makes its own, and `terminate()` reaches only the last.',
      },
    ],
    output: `
import { Worker } from 'node:worker_threads';
import { EventEmitter } from 'node:events';
declare function path(): Promise<string>;
const bus = new EventEmitter();
let worker: Worker | undefined;
let pendingWorker: Promise<Worker> | undefined;
bus.on('job', async (job: string) => {
    if (worker === undefined) {
        pendingWorker ??= (async () => new Worker(await path()))().catch((error: unknown) => {
            pendingWorker = undefined;
            throw error;
        });
        worker = await pendingWorker;
        pendingWorker = undefined;
    }
    worker.postMessage(job);
});
`,
  });

  reports('a worker that a listener makes inside `try`', {
    code: `
import { Worker } from 'node:worker_threads';
import { EventEmitter } from 'node:events';
declare function path(): Promise<string>;
const bus = new EventEmitter();
let worker: Worker | undefined;
bus.on('job', async (job: string) => {
  try {
    worker ??= new Worker(await path());
    worker.postMessage(job);
  } catch (e) { console.error(e); }
});
`,
    errors: [
      {
        messageId: 'owned',
        on: 'worker',
        line: 9,
        message:
          'Calls made while line 9 waits also find `worker` unset on line 9; each makes its own, and `terminate()` reaches only the last.',
      },
    ],
    output: `
import { Worker } from 'node:worker_threads';
import { EventEmitter } from 'node:events';
declare function path(): Promise<string>;
const bus = new EventEmitter();
let worker: Worker | undefined;
let pendingWorker: Promise<Worker> | undefined;
bus.on('job', async (job: string) => {
  try {
    if (worker === undefined) {
      pendingWorker ??= (async () => new Worker(await path()))().catch((error: unknown) => {
        pendingWorker = undefined;
        throw error;
      });
      worker = await pendingWorker;
      pendingWorker = undefined;
    }
    worker.postMessage(job);
  } catch (e) { console.error(e); }
});
`,
  });

  stays('the written value was just fetched', {
    code: `
declare function fresh(): Promise<Record<string, string>>;
const state: Record<string, string> = {};
export async function reload(key: string) {
  if (state[key] === undefined) console.log('first');
  const all = await fresh();
  state[key] = all[key] ?? '';
}
`,
  });

  stays('cleared after what was there is closed', {
    code: `
interface Connection { close(): Promise<void>; query(s: string): Promise<string[]> }
declare function connect(url: string): Promise<Connection>;

let database: Connection | undefined;
export async function stop() {
  if (database) {
    await database.close();
    database = undefined;
  }
}
export function start(made: Connection) { database = made; }
`,
  });

  stays('a count with no wait between read and write', {
    code: `
declare function validate(x: string): Promise<void>;
const seen = new Map<string, number>();
export async function track(id: string) {
  if (!seen.has(id)) seen.set(id, 0);
  await validate(id);
  seen.set(id, (seen.get(id) ?? 0) + 1);
}
`,
  });

  stays('a cache of plain answers', {
    code: `
const etags = new Map<string, { etag: string; body: string }>();
export async function get(url: string) {
  const known = etags.get(url);
  if (known) return known.body;
  const r = await fetch(url);
  const body = await r.text();
  etags.set(url, { etag: r.headers.get('etag') ?? '', body });
  return body;
}
`,
  });

  stays('a cache of compiled functions', {
    code: `
declare function compile(text: string): Promise<(value: unknown) => boolean>;
const validators = new Map<string, (value: unknown) => boolean>();
export async function validatorOf(text: string) {
  let found = validators.get(text);
  if (!found) {
    found = await compile(text);
    validators.set(text, found);
  }
  return found;
}
`,
  });

  stays('a file of one request', {
    code: `
import { createServer } from 'node:http';
import { open, type FileHandle } from 'node:fs/promises';
createServer(async (request, response) => {
  let file: FileHandle | undefined;
  try {
    for await (const chunk of request) {
      if (!file) file = await open('/tmp/x', 'w');
      await file.write(chunk as Buffer);
    }
    response.end();
  } catch { response.destroy(); } finally { await file?.close(); }
}).listen(3000);
`,
  });

  stays('filled once, by the promise of the constructor', {
    code: `
interface Connection { close(): Promise<void> }
declare function connect(): Promise<Connection>;
class Db {
  private readonly ready = this.init();
  private database: Connection | undefined;
  private async init() { if (!this.database) this.database = await connect(); }
  async get() { await this.ready; return this.database; }
}
export const db = new Db();
`,
  });

  reports('a name that is refused by the code of `sendStatus`', {
    code: `
import express from 'express';
declare function render(key: string): Promise<void>;
declare function sized(width: number, height: number): string;
const app = express();
const ready = new Set<string>();

app.post('/name/:name', async (request, response) => {
  const { name } = request.params;
  if (ready.has(name)) return response.sendStatus(409);
  await render(name);
  ready.add(name);
  return response.sendStatus(201);
});
`,
    errors: [
      {
        messageId: 'guard',
        on: 'ready.add(name)',
        line: 12,
        message:
          'Calls made while line 11 waits also pass the test of `ready` on line 10; what it refuses happens all the same.',
      },
    ],
    output: `
import express from 'express';
declare function render(key: string): Promise<void>;
declare function sized(width: number, height: number): string;
const app = express();
const ready = new Set<string>();

app.post('/name/:name', async (request, response) => {
  const { name } = request.params;
  if (ready.has(name)) return response.sendStatus(409);
  ready.add(name);
  try {
    await render(name);
  } catch (error) {
    ready.delete(name);
    throw error;
  }
  return response.sendStatus(201);
});
`,
  });

  stays('an answer of what is ready, with numbers in it that are no status', {
    code: `
import express from 'express';
declare function render(key: string): Promise<void>;
declare function sized(width: number, height: number): string;
const app = express();
const ready = new Set<string>();

app.get('/thumbnail/:key', async (request, response) => {
  const { key } = request.params;
  if (ready.has(key)) {
    response.set('age', '410').json({ key, size: sized(400, 400), width: 480 });
    return;
  }
  await render(key);
  ready.add(key);
  response.json({ key });
});
`,
  });

  stays('a second test by the operator that writes after the wait', {
    code: `
interface Connection { close(): Promise<void> }
declare function connect(): Promise<Connection>;

let shared: Connection | undefined;
export async function connection(): Promise<Connection> {
  if (shared) return shared;
  const fresh = await connect();
  shared ??= fresh;
  if (shared !== fresh) await fresh.close();
  return shared;
}

export class Sessions {
  #current: Connection | undefined;
  async open(): Promise<void> {
    if (!this.#current) {
      const fresh = await connect();
      this.#current ||= fresh;
      if (this.#current !== fresh) await fresh.close();
    }
  }
}
`,
  });

  reports('a test by the operator that comes before the wait', {
    code: `
interface Connection { close(): Promise<void> }
declare function connect(): Promise<Connection>;

let shared: Connection | undefined;
export async function connection(): Promise<Connection> {
  shared ??= await connect();
  return shared;
}
`,
    errors: [
      {
        messageId: 'owned',
        on: 'shared',
        line: 7,
        data: { name: 'shared', test: '7', pause: 'line 7', end: 'close' },
      },
    ],
    output: `
interface Connection { close(): Promise<void> }
declare function connect(): Promise<Connection>;

let shared: Connection | undefined;
let pendingShared: Promise<Connection> | undefined;
export async function connection(): Promise<Connection> {
  if (shared === undefined) {
    pendingShared ??= connect().catch((error: unknown) => {
      pendingShared = undefined;
      throw error;
    });
    shared = await pendingShared;
    pendingShared = undefined;
  }
  return shared;
}
`,
  });

  stays('a count of failures that is tested when it has been changed', {
    code: `
declare function probe(): Promise<{ ready: boolean }>;
declare function sleep(ms: number): Promise<void>;

let failures = 0;
export async function watch(): Promise<never> {
  for (;;) {
    const { ready } = await probe();
    if (ready) failures = 0;
    else failures++;
    if (failures > 3) throw new Error('down');
    await sleep(1000);
  }
}

export class Watcher {
  #failures = 0;
  async run(): Promise<never> {
    for (;;) {
      try {
        await probe();
        this.#failures = 0;
      } catch (error) {
        this.#failures += 1;
        if (this.#failures >= 3) throw error;
      }
      await sleep(1000);
    }
  }
}
`,
  });

  reports('a count that is tested before each turn of a loop', {
    code: `
declare function send(path: string): Promise<void>;

let sent = 0;
export async function sendAll(paths: string[]): Promise<void> {
  for (const path of paths) {
    if (sent > 3) throw new Error('limit reached');
    await send(path);
    sent++;
  }
}
`,
    errors: [{ messageId: 'guard', on: 'sent', line: 9, data: { name: 'sent', test: '7', pause: 'line 8' } }],
    output: `
declare function send(path: string): Promise<void>;

let sent = 0;
export async function sendAll(paths: string[]): Promise<void> {
  for (const path of paths) {
    if (sent > 3) throw new Error('limit reached');
    sent++;
    try {
      await send(path);
    } catch (error) {
      sent--;
      throw error;
    }
  }
}
`,
  });

  stays('what a framework runs once, when the program starts', {
    code: `
import { Injectable, type OnModuleInit } from '@nestjs/common';
interface Connection { close(): Promise<void> }
declare function connect(): Promise<Connection>;

@Injectable()
export class Orders implements OnModuleInit {
  private connection?: Connection;

  async onModuleInit(): Promise<void> {
    if (!this.connection) this.connection = await connect();
  }
}

@Injectable()
export class Rates {
  private isWarm = false;

  async onApplicationBootstrap(): Promise<void> {
    await this.#warm();
  }

  async #warm(): Promise<void> {
    if (this.isWarm) return;
    await connect();
    this.isWarm = true;
    setInterval(() => { console.log('tick'); }, 1000).unref();
  }
}
`,
  });

  reports('what a framework runs at the start, and a method of the class as well', {
    code: `
import { Injectable } from '@nestjs/common';
interface Connection { close(): Promise<void> }
declare function connect(): Promise<Connection>;

@Injectable()
export class Orders {
  private connection?: Connection | undefined;

  async onModuleInit(): Promise<void> {
    if (!this.connection) this.connection = await connect();
  }

  async refresh(): Promise<void> {
    await this.onModuleInit();
  }
}
`,
    errors: [
      {
        messageId: 'owned',
        on: 'this.connection',
        line: 11,
        data: { name: 'this.connection', test: '11', pause: 'line 11', end: 'close' },
      },
    ],
    output: `
import { Injectable } from '@nestjs/common';
interface Connection { close(): Promise<void> }
declare function connect(): Promise<Connection>;

@Injectable()
export class Orders {
  private connection?: Connection | undefined;
  private pendingConnection?: Promise<Connection>;

  async onModuleInit(): Promise<void> {
    if (!this.connection) {
      this.pendingConnection ??= connect().catch((error: unknown) => {
        this.pendingConnection = undefined;
        throw error;
      });
      this.connection = await this.pendingConnection;
      this.pendingConnection = undefined;
    }
  }

  async refresh(): Promise<void> {
    await this.onModuleInit();
  }
}
`,
  });
});
