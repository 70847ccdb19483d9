import rule from '../../src/rules/require-pool-reset.ts';
import { ruleTests } from '../support/tester.ts';

ruleTests(rule, ({ reports, stays }) => {
  reports('a pool of a class that puts back what a request wrote', {
    code: `
import { createServer } from 'node:http';

class Order {
  items: string[] = [];
  customer?: string;
  total = 0;
}

class OrderPool {
  private readonly free: Order[] = [];

  acquire(): Order {
    return this.free.pop() ?? new Order();
  }

  release(order: Order): void {
    this.free.push(order);
  }
}

const orders = new OrderPool();

createServer((request, response) => {
  const order = orders.acquire();
  order.items.push(request.url ?? '');
  response.end(JSON.stringify(order));
  orders.release(order);
}).listen(8080);
`,
    errors: [
      {
        messageId: 'kept',
        on: 'this.free.push(order)',
        data: { name: 'order', part: '`items`', write: 'line 26', read: 'line 26' },
        suggestions: [
          {
            messageId: 'method',
            data: { name: 'Order' },
            output: `
import { createServer } from 'node:http';

class Order {
  items: string[] = [];
  customer?: string;
  total = 0;

  reset(): void {
    this.items.length = 0;
    this.customer = undefined;
    this.total = 0;
  }
}

class OrderPool {
  private readonly free: Order[] = [];

  acquire(): Order {
    return this.free.pop() ?? new Order();
  }

  release(order: Order): void {
    order.reset();
    this.free.push(order);
  }
}

const orders = new OrderPool();

createServer((request, response) => {
  const order = orders.acquire();
  order.items.push(request.url ?? '');
  response.end(JSON.stringify(order));
  orders.release(order);
}).listen(8080);
`,
          },
        ],
      },
    ],
    output: `
import { createServer } from 'node:http';

class Order {
  items: string[] = [];
  customer?: string;
  total = 0;
}

class OrderPool {
  private readonly free: Order[] = [];

  acquire(): Order {
    return this.free.pop() ?? new Order();
  }

  release(order: Order): void {
    order.items.length = 0;
    order.customer = undefined;
    order.total = 0;
    this.free.push(order);
  }
}

const orders = new OrderPool();

createServer((request, response) => {
  const order = orders.acquire();
  order.items.push(request.url ?? '');
  response.end(JSON.stringify(order));
  orders.release(order);
}).listen(8080);
`,
  });

  stays('silent when the pool resets on the way in', {
    code: `
class Order {
  items: string[] = [];
  total = 0;
}
class OrderPool {
  private readonly free: Order[] = [];
  acquire(): Order {
    return this.free.pop() ?? new Order();
  }
  release(order: Order): void {
    order.items.length = 0;
    order.total = 0;
    this.free.push(order);
  }
}
const orders = new OrderPool();
export function quote(item: string): string {
  const order = orders.acquire();
  order.items.push(item);
  const text = order.items.join();
  orders.release(order);
  return text;
}
`,
  });

  stays('silent when the pool resets on the way out', {
    code: `
class Order {
  items: string[] = [];
  reset(): void {
    this.items.length = 0;
  }
}
class OrderPool {
  private readonly free: Order[] = [];
  acquire(): Order {
    const order = this.free.pop() ?? new Order();
    order.reset();
    return order;
  }
  release(order: Order): void {
    this.free.push(order);
  }
}
const orders = new OrderPool();
export function quote(item: string): string {
  const order = orders.acquire();
  order.items.push(item);
  const text = order.items.join();
  orders.release(order);
  return text;
}
`,
  });

  stays('silent when the pool assigns the parts on the way out', {
    code: `
interface Order {
  items: string[];
  customer: string;
}
class OrderPool {
  private readonly free: Order[] = [];
  acquire(): Order {
    const order = this.free.pop();
    if (order === undefined) return { items: [], customer: '' };
    order.items = [];
    order.customer = '';
    return order;
  }
  release(order: Order): void {
    this.free.push(order);
  }
}
const orders = new OrderPool();
export function quote(item: string): string {
  const order = orders.acquire();
  order.items.push(item);
  const text = order.items.join();
  orders.release(order);
  return text;
}
`,
  });

  stays('silent when every borrower resets before it gives back', {
    code: `
class Order {
  items: string[] = [];
  reset(): void {
    this.items.length = 0;
  }
}
class OrderPool {
  private readonly free: Order[] = [];
  acquire(): Order {
    return this.free.pop() ?? new Order();
  }
  release(order: Order): void {
    this.free.push(order);
  }
}
const orders = new OrderPool();
export function quote(item: string): string {
  const order = orders.acquire();
  order.items.push(item);
  const text = order.items.join();
  order.reset();
  orders.release(order);
  return text;
}
`,
  });

  reports('a class with a reset of its own that nobody calls', {
    code: `
class Draft {
  lines: string[] = [];
  reset(): void {
    this.lines.length = 0;
  }
}
class DraftPool {
  readonly #idle: Draft[] = [];
  borrow(): Draft {
    return this.#idle.pop() ?? new Draft();
  }
  giveBack(draft: Draft): void {
    this.#idle.push(draft);
  }
}
const drafts = new DraftPool();
export function compose(line: string): string {
  const draft = drafts.borrow();
  draft.lines.push(line);
  const text = draft.lines.join('\\n');
  drafts.giveBack(draft);
  return text;
}
`,
    errors: [
      {
        messageId: 'kept',
        on: 'this.#idle.push(draft)',
        data: { name: 'draft', part: '`lines`', write: 'line 20', read: 'line 20' },
      },
    ],
    output: `
class Draft {
  lines: string[] = [];
  reset(): void {
    this.lines.length = 0;
  }
}
class DraftPool {
  readonly #idle: Draft[] = [];
  borrow(): Draft {
    return this.#idle.pop() ?? new Draft();
  }
  giveBack(draft: Draft): void {
    draft.reset();
    this.#idle.push(draft);
  }
}
const drafts = new DraftPool();
export function compose(line: string): string {
  const draft = drafts.borrow();
  draft.lines.push(line);
  const text = draft.lines.join('\\n');
  drafts.giveBack(draft);
  return text;
}
`,
  });

  reports('a reset that comes before the last write', {
    code: `
class Draft {
  lines: string[] = [];
  reset(): void {
    this.lines.length = 0;
  }
}
const idle: Draft[] = [];
function takeDraft(): Draft {
  return idle.pop() ?? new Draft();
}
function giveDraft(draft: Draft): void {
  idle.push(draft);
}
export function compose(lines: string[], signature: string): string {
  const draft = takeDraft();
  for (const line of lines) draft.lines.push(line);
  const text = draft.lines.join('\\n');
  draft.reset();
  draft.lines.push(signature);
  giveDraft(draft);
  return text;
}
`,
    errors: [
      {
        messageId: 'kept',
        on: 'idle.push(draft)',
        data: { name: 'draft', part: '`lines`', write: 'line 20', read: 'line 17' },
      },
    ],
    output: `
class Draft {
  lines: string[] = [];
  reset(): void {
    this.lines.length = 0;
  }
}
const idle: Draft[] = [];
function takeDraft(): Draft {
  return idle.pop() ?? new Draft();
}
function giveDraft(draft: Draft): void {
  draft.reset();
  idle.push(draft);
}
export function compose(lines: string[], signature: string): string {
  const draft = takeDraft();
  for (const line of lines) draft.lines.push(line);
  const text = draft.lines.join('\\n');
  draft.reset();
  draft.lines.push(signature);
  giveDraft(draft);
  return text;
}
`,
  });

  reports('a free list of records, some of whose fields one borrower does not set', {
    code: `
interface Row {
  id?: string;
  note?: string;
}
const rows: Row[] = [];
function takeRow(): Row {
  return rows.pop() ?? {};
}
function giveRow(row: Row): void {
  rows.push(row);
}
export function render(id: string, note?: string): string {
  const row = takeRow();
  row.id = id;
  if (note !== undefined) row.note = note;
  const text = JSON.stringify(row);
  giveRow(row);
  return text;
}
`,
    errors: [
      {
        messageId: 'kept',
        on: 'rows.push(row)',
        data: { name: 'row', part: '`note`', write: 'line 16', read: 'line 17' },
      },
    ],
    output: `
interface Row {
  id?: string;
  note?: string;
}
const rows: Row[] = [];
function takeRow(): Row {
  return rows.pop() ?? {};
}
function giveRow(row: Row): void {
  row.id = undefined;
  row.note = undefined;
  rows.push(row);
}
export function render(id: string, note?: string): string {
  const row = takeRow();
  row.id = id;
  if (note !== undefined) row.note = note;
  const text = JSON.stringify(row);
  giveRow(row);
  return text;
}
`,
  });

  reports('optional fields under exact optional types', {
    code: `
interface Row {
  id?: string;
  note?: string;
}
const rows: Row[] = [];
function takeRow(): Row {
  return rows.pop() ?? {};
}
function giveRow(row: Row): void {
  rows.push(row);
}
export function render(id: string, note?: string): string {
  const row = takeRow();
  row.id = id;
  if (note !== undefined) row.note = note;
  const text = JSON.stringify(row);
  giveRow(row);
  return text;
}
`,
    compilerOptions: { exactOptionalPropertyTypes: true },
    errors: [
      {
        messageId: 'kept',
        on: 'rows.push(row)',
        data: { name: 'row', part: '`note`', write: 'line 16', read: 'line 17' },
      },
    ],
    output: `
interface Row {
  id?: string;
  note?: string;
}
const rows: Row[] = [];
function takeRow(): Row {
  return rows.pop() ?? {};
}
function giveRow(row: Row): void {
  delete row.id;
  delete row.note;
  rows.push(row);
}
export function render(id: string, note?: string): string {
  const row = takeRow();
  row.id = id;
  if (note !== undefined) row.note = note;
  const text = JSON.stringify(row);
  giveRow(row);
  return text;
}
`,
  });

  reports('pooled arrays', {
    code: `
const lists: string[][] = [];
const takeList = (): string[] => lists.pop() ?? [];
const giveList = (list: string[]) => lists.push(list);
export function namesOf(sessions: { user: string }[]): string {
  const list = takeList();
  for (const { user } of sessions) list.push(user);
  const text = list.join();
  giveList(list);
  return text;
}
`,
    errors: [
      {
        messageId: 'kept',
        on: 'lists.push(list)',
        data: { name: 'list', part: 'what was', write: 'line 7', read: 'line 7' },
      },
    ],
    output: `
const lists: string[][] = [];
const takeList = (): string[] => lists.pop() ?? [];
const giveList = (list: string[]) => {
  list.length = 0;
  return lists.push(list);
};
export function namesOf(sessions: { user: string }[]): string {
  const list = takeList();
  for (const { user } of sessions) list.push(user);
  const text = list.join();
  giveList(list);
  return text;
}
`,
  });

  stays('silent when the borrower empties the array first', {
    code: `
const lists: string[][] = [];
const takeList = (): string[] => lists.pop() ?? [];
const giveList = (list: string[]) => lists.push(list);
export function namesOf(sessions: { user: string }[]): string {
  const list = takeList();
  list.length = 0;
  for (const { user } of sessions) list.push(user);
  const text = list.join();
  giveList(list);
  return text;
}
`,
  });

  reports('pooled Maps, kept in a Set', {
    code: `
class CountsPool {
  readonly #idle = new Set<Map<string, number>>();
  acquire(): Map<string, number> {
    for (const counts of this.#idle) {
      this.#idle.delete(counts);
      return counts;
    }
    return new Map();
  }
  release(counts: Map<string, number>): void {
    this.#idle.add(counts);
  }
}
const pool = new CountsPool();
export function countsOf(orders: { sku: string; count: number }[]): string {
  const counts = pool.acquire();
  for (const { sku, count } of orders) counts.set(sku, count);
  const text = JSON.stringify([...counts]);
  pool.release(counts);
  return text;
}
`,
    errors: [
      {
        messageId: 'kept',
        on: 'this.#idle.add(counts)',
        data: { name: 'counts', part: 'what was', write: 'line 18', read: 'line 18' },
      },
    ],
    output: `
class CountsPool {
  readonly #idle = new Set<Map<string, number>>();
  acquire(): Map<string, number> {
    for (const counts of this.#idle) {
      this.#idle.delete(counts);
      return counts;
    }
    return new Map();
  }
  release(counts: Map<string, number>): void {
    counts.clear();
    this.#idle.add(counts);
  }
}
const pool = new CountsPool();
export function countsOf(orders: { sku: string; count: number }[]): string {
  const counts = pool.acquire();
  for (const { sku, count } of orders) counts.set(sku, count);
  const text = JSON.stringify([...counts]);
  pool.release(counts);
  return text;
}
`,
  });

  reports('a record with a list, a Set, a buffer and what may be null', {
    code: `
interface Frame {
  readonly bytes: Buffer;
  parts: string[];
  seen: Set<string>;
  owner: string | null;
}
const frames: Frame[] = [];
function rentFrame(): Frame {
  return frames.pop() ?? { bytes: Buffer.alloc(64), parts: [], seen: new Set(), owner: null };
}
function returnFrame(frame: Frame): void {
  frames.push(frame);
}
export function encode(owner: string, part: string): string {
  const frame = rentFrame();
  frame.parts.push(part);
  frame.seen.add(part);
  if (owner !== '') frame.owner = owner;
  const text = JSON.stringify([frame.owner, frame.parts, [...frame.seen]]);
  returnFrame(frame);
  return text;
}
`,
    errors: [
      {
        messageId: 'kept',
        on: 'frames.push(frame)',
        data: { name: 'frame', part: '`parts`', write: 'line 17', read: 'line 17' },
      },
    ],
    output: `
interface Frame {
  readonly bytes: Buffer;
  parts: string[];
  seen: Set<string>;
  owner: string | null;
}
const frames: Frame[] = [];
function rentFrame(): Frame {
  return frames.pop() ?? { bytes: Buffer.alloc(64), parts: [], seen: new Set(), owner: null };
}
function returnFrame(frame: Frame): void {
  frame.bytes.fill(0);
  frame.parts = [];
  frame.seen.clear();
  frame.owner = null;
  frames.push(frame);
}
export function encode(owner: string, part: string): string {
  const frame = rentFrame();
  frame.parts.push(part);
  frame.seen.add(part);
  if (owner !== '') frame.owner = owner;
  const text = JSON.stringify([frame.owner, frame.parts, [...frame.seen]]);
  returnFrame(frame);
  return text;
}
`,
  });

  reports('state that only the class itself can reach', {
    code: `
class Basket {
  readonly #items = new Map<string, number>();
  add(sku: string, count: number): void {
    this.#items.set(sku, count);
  }
  list(): string[] {
    return [...this.#items.keys()];
  }
}
class BasketPool {
  #idle: Basket[] = [];
  checkout(): Basket {
    return this.#idle.pop() ?? new Basket();
  }
  checkin(basket: Basket): void {
    this.#idle.push(basket);
  }
}
const baskets = new BasketPool();
export function listOf(sku: string): string[] {
  const basket = baskets.checkout();
  basket.add(sku, 1);
  const list = basket.list();
  baskets.checkin(basket);
  return list;
}
`,
    errors: [
      {
        messageId: 'kept',
        on: 'this.#idle.push(basket)',
        data: { name: 'basket', part: '`#items`', write: 'line 23', read: 'line 23' },
        suggestions: [
          {
            messageId: 'method',
            data: { name: 'Basket' },
            output: `
class Basket {
  readonly #items = new Map<string, number>();
  add(sku: string, count: number): void {
    this.#items.set(sku, count);
  }
  list(): string[] {
    return [...this.#items.keys()];
  }

  reset(): void {
    this.#items.clear();
  }
}
class BasketPool {
  #idle: Basket[] = [];
  checkout(): Basket {
    return this.#idle.pop() ?? new Basket();
  }
  checkin(basket: Basket): void {
    basket.reset();
    this.#idle.push(basket);
  }
}
const baskets = new BasketPool();
export function listOf(sku: string): string[] {
  const basket = baskets.checkout();
  basket.add(sku, 1);
  const list = basket.list();
  baskets.checkin(basket);
  return list;
}
`,
          },
        ],
      },
    ],
  });

  reports('a pool in another file than its borrowers', {
    code: `
export class Page {
  rows: string[] = [];
}
const idle: Page[] = [];
export function takePage(): Page {
  return idle.pop() ?? new Page();
}
export function givePage(page: Page): void {
  idle.push(page);
}
`,
    filename: 'pool.ts',
    files: {
      'report.ts': `
import { givePage, takePage } from './pool.js';
export function report(invoices: string[]): string {
  const page = takePage();
  try {
    page.rows.push(...invoices);
    return page.rows.join();
  } finally {
    givePage(page);
  }
}
`,
    },
    errors: [
      {
        messageId: 'kept',
        on: 'idle.push(page)',
        data: { name: 'page', part: '`rows`', write: 'line 6 of report.ts', read: 'line 6 of report.ts' },
        suggestions: [
          {
            messageId: 'method',
            data: { name: 'Page' },
            output: `
export class Page {
  rows: string[] = [];

  reset(): void {
    this.rows.length = 0;
  }
}
const idle: Page[] = [];
export function takePage(): Page {
  return idle.pop() ?? new Page();
}
export function givePage(page: Page): void {
  page.reset();
  idle.push(page);
}
`,
          },
        ],
      },
    ],
    output: `
export class Page {
  rows: string[] = [];
}
const idle: Page[] = [];
export function takePage(): Page {
  return idle.pop() ?? new Page();
}
export function givePage(page: Page): void {
  page.rows.length = 0;
  idle.push(page);
}
`,
  });

  reports('a class of another file, a value of a new one', {
    code: `
import { Page } from './page.js';
const idle: Page[] = [];
function takePage(): Page {
  return idle.pop() ?? new Page();
}
function givePage(page: Page): void {
  idle.push(page);
}
export function report(invoice: string): string {
  const page = takePage();
  page.write(invoice);
  const text = page.text();
  givePage(page);
  return text;
}
`,
    filename: 'pool.ts',
    files: {
      'page.ts': `
export class Page {
  private rows: string[] = [];
  write(row: string): void {
    this.rows.push(row);
  }
  text(): string {
    return this.rows.join();
  }
}
`,
    },
    errors: [
      {
        messageId: 'kept',
        on: 'idle.push(page)',
        data: { name: 'page', part: '`rows`', write: 'line 12', read: 'line 12' },
        suggestions: [
          {
            messageId: 'assign',
            data: { name: 'page' },
            output: `
import { Page } from './page.js';
const idle: Page[] = [];
function takePage(): Page {
  return idle.pop() ?? new Page();
}
function givePage(page: Page): void {
  Object.assign(page, new Page());
  idle.push(page);
}
export function report(invoice: string): string {
  const page = takePage();
  page.write(invoice);
  const text = page.text();
  givePage(page);
  return text;
}
`,
          },
        ],
      },
    ],
  });

  reports('a pool that hands what comes back to who waits for it', {
    code: `
class Job {
  args: string[] = [];
  clear(): void {
    this.args.length = 0;
  }
}
class JobPool {
  private readonly free: Job[] = [new Job(), new Job()];
  private readonly waiting: ((job: Job) => void)[] = [];
  async acquire(): Promise<Job> {
    const job = this.free.pop();
    return job ?? new Promise((resolve) => this.waiting.push(resolve));
  }
  release(job: Job): void {
    const next = this.waiting.shift();
    if (next) next(job);
    else this.free.push(job);
  }
}
const jobs = new JobPool();
export async function run(name: string): Promise<string> {
  const job = await jobs.acquire();
  try {
    job.args.push(name);
    return job.args.join();
  } finally {
    jobs.release(job);
  }
}
`,
    errors: [
      {
        messageId: 'kept',
        on: 'this.free.push(job)',
        data: { name: 'job', part: '`args`', write: 'line 25', read: 'line 25' },
      },
    ],
    output: `
class Job {
  args: string[] = [];
  clear(): void {
    this.args.length = 0;
  }
}
class JobPool {
  private readonly free: Job[] = [new Job(), new Job()];
  private readonly waiting: ((job: Job) => void)[] = [];
  async acquire(): Promise<Job> {
    const job = this.free.pop();
    return job ?? new Promise((resolve) => this.waiting.push(resolve));
  }
  release(job: Job): void {
    const next = this.waiting.shift();
    job.clear();
    if (next) next(job);
    else this.free.push(job);
  }
}
const jobs = new JobPool();
export async function run(name: string): Promise<string> {
  const job = await jobs.acquire();
  try {
    job.args.push(name);
    return job.args.join();
  } finally {
    jobs.release(job);
  }
}
`,
  });

  reports('an object literal that is the pool', {
    code: `
interface Tally {
  paid: number;
  names: string[];
}
export const tallyPool = {
  free: [] as Tally[],
  get(): Tally {
    return this.free.pop() ?? { paid: 0, names: [] };
  },
  put(tally: Tally): void {
    this.free.push(tally);
  },
};
export function tallyOf(names: string[]): string {
  const tally = tallyPool.get();
  tally.names.push(...names);
  const text = tally.names.join();
  tallyPool.put(tally);
  return text;
}
`,
    errors: [
      {
        messageId: 'kept',
        on: 'this.free.push(tally)',
        data: { name: 'tally', part: '`names`', write: 'line 17', read: 'line 17' },
      },
    ],
    output: `
interface Tally {
  paid: number;
  names: string[];
}
export const tallyPool = {
  free: [] as Tally[],
  get(): Tally {
    return this.free.pop() ?? { paid: 0, names: [] };
  },
  put(tally: Tally): void {
    tally.paid = 0;
    tally.names.length = 0;
    this.free.push(tally);
  },
};
export function tallyOf(names: string[]): string {
  const tally = tallyPool.get();
  tally.names.push(...names);
  const text = tally.names.join();
  tallyPool.put(tally);
  return text;
}
`,
  });

  reports('a generic pool, which knows nothing of what it lends', {
    code: `
function createPool<T>(make: () => T) {
  const idle: T[] = [];
  return {
    acquire: (): T => idle.pop() ?? make(),
    release: (item: T): void => {
      idle.push(item);
    },
  };
}
interface Draft {
  lines: string[];
  author: string | null;
}
const drafts = createPool<Draft>(() => ({ lines: [], author: null }));
export function compose(author: string, line: string): string {
  const draft = drafts.acquire();
  try {
    draft.author = author;
    draft.lines.push(line);
    return draft.lines.join();
  } finally {
    drafts.release(draft);
  }
}
`,
    errors: [
      {
        messageId: 'returned',
        on: 'drafts.release(draft)',
        data: { name: 'draft', part: '`lines`', write: 'line 20' },
      },
    ],
    output: `
function createPool<T>(make: () => T) {
  const idle: T[] = [];
  return {
    acquire: (): T => idle.pop() ?? make(),
    release: (item: T): void => {
      idle.push(item);
    },
  };
}
interface Draft {
  lines: string[];
  author: string | null;
}
const drafts = createPool<Draft>(() => ({ lines: [], author: null }));
export function compose(author: string, line: string): string {
  const draft = drafts.acquire();
  try {
    draft.author = author;
    draft.lines.push(line);
    return draft.lines.join();
  } finally {
    draft.lines.length = 0;
    draft.author = null;
    drafts.release(draft);
  }
}
`,
  });

  stays('silent when a generic pool is given what resets', {
    code: `
function createPool<T>(make: () => T, reset: (item: T) => void) {
  const idle: T[] = [];
  return {
    acquire: (): T => idle.pop() ?? make(),
    release: (item: T): void => {
      reset(item);
      idle.push(item);
    },
  };
}
interface Draft {
  lines: string[];
}
const drafts = createPool<Draft>(() => ({ lines: [] }), (draft) => (draft.lines = []));
export function compose(line: string): string {
  const draft = drafts.acquire();
  draft.lines.push(line);
  const text = draft.lines.join();
  drafts.release(draft);
  return text;
}
`,
  });

  stays('silent when a hook of the pool may reset', {
    code: `
interface Draft {
  lines: string[];
}
class DraftPool {
  private readonly free: Draft[] = [];
  constructor(private readonly options: { onRelease?: (draft: Draft) => void }) {}
  acquire(): Draft {
    return this.free.pop() ?? { lines: [] };
  }
  release(draft: Draft): void {
    this.options.onRelease?.(draft);
    this.free.push(draft);
  }
}
const drafts = new DraftPool({ onRelease: (draft) => (draft.lines.length = 0) });
export function compose(line: string): string {
  const draft = drafts.acquire();
  draft.lines.push(line);
  const text = draft.lines.join();
  drafts.release(draft);
  return text;
}
`,
  });

  stays('silent about a vector that every borrower sets anew', {
    code: `
class Vector {
  x = 0;
  y = 0;
  length(): number {
    return Math.hypot(this.x, this.y);
  }
}
const free: Vector[] = [];
function takeVector(): Vector {
  return free.pop() ?? new Vector();
}
function giveVector(vector: Vector): void {
  free.push(vector);
}
export function distance(x: number, y: number): number {
  const vector = takeVector();
  vector.x = x;
  vector.y = y;
  const length = vector.length();
  giveVector(vector);
  return length;
}
`,
  });

  stays('silent about marks, counters and times that the object keeps of itself', {
    code: `
class Slot {
  uses = 0;
  lastUsed = 0;
  isBusy = false;
}
class SlotPool {
  private readonly free: Slot[] = [];
  acquire(): Slot {
    return this.free.pop() ?? new Slot();
  }
  release(slot: Slot): void {
    this.free.push(slot);
  }
}
const slots = new SlotPool();
export function use(): number {
  const slot = slots.acquire();
  slot.uses++;
  slot.lastUsed = Date.now();
  slot.isBusy = true;
  const uses = slot.uses;
  slots.release(slot);
  return uses;
}
`,
  });

  stays('silent about connections of a house pool that remember what they run', {
    code: `
import { Socket } from 'node:net';
class Link {
  private readonly pending: string[] = [];
  readonly socket = new Socket();
  async send(command: string): Promise<string> {
    this.pending.push(command);
    this.socket.write(command);
    return command;
  }
  close(): void {
    this.socket.destroy();
  }
}
class LinkPool {
  private readonly free: Link[] = [];
  acquire(): Link {
    return this.free.pop() ?? new Link();
  }
  release(link: Link): void {
    this.free.push(link);
  }
}
const links = new LinkPool();
export async function ask(command: string): Promise<string> {
  const link = links.acquire();
  try {
    return await link.send(command);
  } finally {
    links.release(link);
  }
}
`,
  });

  stays('silent about a scratch buffer of which only what was written is read', {
    code: `
const free: Buffer[] = [];
function takeBuffer(): Buffer {
  return free.pop() ?? Buffer.alloc(1024);
}
function giveBuffer(buffer: Buffer): void {
  free.push(buffer);
}
export function encode(text: string): string {
  const buffer = takeBuffer();
  const length = buffer.write(text);
  const encoded = buffer.toString('base64', 0, length);
  giveBuffer(buffer);
  return encoded;
}
`,
  });

  stays('silent about a registry of rooms', {
    code: `
class Room {
  members: string[] = [];
}
class Rooms {
  private readonly open: Room[] = [];
  get(): Room {
    return this.open[0] ?? new Room();
  }
  put(room: Room): void {
    this.open.push(room);
  }
}
const rooms = new Rooms();
export function join(user: string): number {
  const room = rooms.get();
  room.members.push(user);
  rooms.put(room);
  return room.members.length;
}
`,
  });

  stays('silent about a stack of frames', {
    code: `
interface Frame {
  path: string[];
}
const stack: Frame[] = [];
export function enter(node: string): void {
  const frame = stack.pop() ?? { path: [] };
  frame.path.push(node);
  stack.push(frame);
}
`,
  });

  stays('silent about a work queue whose jobs go back to be tried again', {
    code: `
interface Job {
  id: string;
  errors: string[];
}
const jobs: Job[] = [];
export function add(job: Job): void {
  jobs.push(job);
}
export function next(): Job | undefined {
  return jobs.shift();
}
export function work(fail: (id: string) => string): void {
  const job = next();
  if (job === undefined) return;
  job.errors.push(fail(job.id));
  add(job);
}
`,
  });

  stays('silent about a token bucket', {
    code: `
class Bucket {
  private tokens = 10;
  private readonly log: string[] = [];
  take(): { left: number } {
    return { left: --this.tokens };
  }
  put(token: { left: number }): void {
    this.log.push(String(token.left));
    this.tokens++;
  }
}
const bucket = new Bucket();
export function limit(): void {
  const token = bucket.take();
  token.left += 1;
  bucket.put(token);
}
`,
  });

  stays('silent about a getter of an ORM that is called after a pool', {
    code: `
interface Car {
  seats: string[];
}
declare const ride: { getCarPool(): Car; save(car: Car): void };
export function board(passenger: string): void {
  const carPool = ride.getCarPool();
  carPool.seats.push(passenger);
  ride.save(carPool);
}
`,
  });

  stays('silent when the pool puts back a fresh object', {
    code: `
interface Order {
  items: string[];
}
class OrderPool {
  private readonly free: Order[] = [];
  acquire(): Order {
    return this.free.pop() ?? { items: [] };
  }
  release(order: Order): void {
    this.free.push({ ...order, items: [] });
  }
}
const orders = new OrderPool();
export function quote(item: string): string {
  const order = orders.acquire();
  order.items.push(item);
  const text = order.items.join();
  orders.release(order);
  return text;
}
`,
  });

  stays('silent when the pool takes the values of a new one', {
    code: `
class Order {
  items: string[] = [];
}
class OrderPool {
  private readonly free: Order[] = [];
  acquire(): Order {
    return this.free.pop() ?? new Order();
  }
  release(order: Order): void {
    Object.assign(order, new Order());
    this.free.push(order);
  }
}
const orders = new OrderPool();
export function quote(item: string): string {
  const order = orders.acquire();
  order.items.push(item);
  const text = order.items.join();
  orders.release(order);
  return text;
}
`,
  });

  stays('silent in a test', {
    code: `
interface Order {
  items: string[];
}
const free: Order[] = [];
function takeOrder(): Order {
  return free.pop() ?? { items: [] };
}
function giveOrder(order: Order): void {
  free.push(order);
}
export function fill(item: string): string {
  const order = takeOrder();
  order.items.push(item);
  const text = order.items.join();
  giveOrder(order);
  return text;
}
`,
    filename: 'order.test.ts',
  });

  reports('an object of the project in a pool of a package', {
    code: `
import { createPool } from 'generic-pool';
interface Session {
  user?: string;
  seen: string[];
}
const sessions = createPool<Session>(
  { create: () => Promise.resolve({ seen: [] }), destroy: () => Promise.resolve() },
  { max: 4 },
);
export async function visit(user: string): Promise<number> {
  const session = await sessions.acquire();
  try {
    session.user = user;
    session.seen.push(user);
    return session.seen.length;
  } finally {
    await sessions.release(session);
  }
}
`,
    errors: [
      {
        messageId: 'returned',
        on: 'sessions.release(session)',
        data: { name: 'session', part: '`user`', write: 'line 14' },
      },
    ],
    output: `
import { createPool } from 'generic-pool';
interface Session {
  user?: string;
  seen: string[];
}
const sessions = createPool<Session>(
  { create: () => Promise.resolve({ seen: [] }), destroy: () => Promise.resolve() },
  { max: 4 },
);
export async function visit(user: string): Promise<number> {
  const session = await sessions.acquire();
  try {
    session.user = user;
    session.seen.push(user);
    return session.seen.length;
  } finally {
    session.user = undefined;
    session.seen.length = 0;
    await sessions.release(session);
  }
}
`,
  });

  stays('silent when an object of a package pool is destroyed instead', {
    code: `
import { createPool } from 'generic-pool';
interface Session {
  seen: string[];
}
const sessions = createPool<Session>(
  { create: () => Promise.resolve({ seen: [] }), destroy: () => Promise.resolve() },
  { max: 4 },
);
export async function visit(user: string): Promise<number> {
  const session = await sessions.acquire();
  try {
    session.seen.push(user);
    return session.seen.length;
  } finally {
    await sessions.destroy(session);
  }
}
`,
  });

  reports('a pooled buffer that is sent as a whole', {
    code: `
import { createServer } from 'node:http';
const free: Buffer[] = [];
function takeBuffer(): Buffer {
  return free.pop() ?? Buffer.alloc(64);
}
function giveBuffer(buffer: Buffer): void {
  free.push(buffer);
}
createServer((request, response) => {
  const buffer = takeBuffer();
  buffer.write(request.url ?? '');
  response.end(Buffer.from(buffer));
  giveBuffer(buffer);
}).listen(8080);
`,
    errors: [
      {
        messageId: 'kept',
        on: 'free.push(buffer)',
        data: { name: 'buffer', part: 'what was', write: 'line 12', read: 'line 13' },
      },
    ],
    output: `
import { createServer } from 'node:http';
const free: Buffer[] = [];
function takeBuffer(): Buffer {
  return free.pop() ?? Buffer.alloc(64);
}
function giveBuffer(buffer: Buffer): void {
  buffer.fill(0);
  free.push(buffer);
}
createServer((request, response) => {
  const buffer = takeBuffer();
  buffer.write(request.url ?? '');
  response.end(Buffer.from(buffer));
  giveBuffer(buffer);
}).listen(8080);
`,
  });

  reports('a pool that checks what comes back', {
    code: `
class Order {
  items: string[] = [];
}
class OrderPool {
  private readonly free: Order[] = [];
  private readonly lent = new Set<Order>();
  acquire(): Order {
    const order = this.free.pop() ?? new Order();
    this.lent.add(order);
    return order;
  }
  release(order: Order): void {
    if (!this.lent.delete(order)) throw new Error('not of this pool');
    // the newest is lent first
    if (this.free.length < 16) this.free.push(order);
  }
}
const orders = new OrderPool();
export function quote(item: string): string {
  const order = orders.acquire();
  order.items.push(item);
  const text = order.items.join();
  orders.release(order);
  return text;
}
`,
    errors: [
      {
        messageId: 'kept',
        on: 'this.free.push(order)',
        data: { name: 'order', part: '`items`', write: 'line 22', read: 'line 22' },
        suggestions: [
          {
            messageId: 'method',
            data: { name: 'Order' },
            output: `
class Order {
  items: string[] = [];

  reset(): void {
    this.items.length = 0;
  }
}
class OrderPool {
  private readonly free: Order[] = [];
  private readonly lent = new Set<Order>();
  acquire(): Order {
    const order = this.free.pop() ?? new Order();
    this.lent.add(order);
    return order;
  }
  release(order: Order): void {
    if (!this.lent.delete(order)) throw new Error('not of this pool');
    // the newest is lent first
    order.reset();
    if (this.free.length < 16) this.free.push(order);
  }
}
const orders = new OrderPool();
export function quote(item: string): string {
  const order = orders.acquire();
  order.items.push(item);
  const text = order.items.join();
  orders.release(order);
  return text;
}
`,
          },
        ],
      },
    ],
    output: `
class Order {
  items: string[] = [];
}
class OrderPool {
  private readonly free: Order[] = [];
  private readonly lent = new Set<Order>();
  acquire(): Order {
    const order = this.free.pop() ?? new Order();
    this.lent.add(order);
    return order;
  }
  release(order: Order): void {
    if (!this.lent.delete(order)) throw new Error('not of this pool');
    // the newest is lent first
    order.items.length = 0;
    if (this.free.length < 16) this.free.push(order);
  }
}
const orders = new OrderPool();
export function quote(item: string): string {
  const order = orders.acquire();
  order.items.push(item);
  const text = order.items.join();
  orders.release(order);
  return text;
}
`,
  });

  reports('a list that a borrower keeps', {
    code: `
interface Order {
  items: string[];
}
const free: Order[] = [];
const takeOrder = (): Order => free.pop() ?? { items: [] };
const giveOrder = (order: Order): void => {
  free.push(order);
};
export function listOf(item: string): string[] {
  const order = takeOrder();
  order.items.push(item);
  const { items } = { items: order.items };
  giveOrder(order);
  return items;
}
`,
    errors: [
      {
        messageId: 'kept',
        on: 'free.push(order)',
        data: { name: 'order', part: '`items`', write: 'line 12', read: 'line 12' },
      },
    ],
    output: `
interface Order {
  items: string[];
}
const free: Order[] = [];
const takeOrder = (): Order => free.pop() ?? { items: [] };
const giveOrder = (order: Order): void => {
  order.items = [];
  free.push(order);
};
export function listOf(item: string): string[] {
  const order = takeOrder();
  order.items.push(item);
  const { items } = { items: order.items };
  giveOrder(order);
  return items;
}
`,
  });

  reports('a pool that is a linked list', {
    code: `
interface Node {
  next: Node | null;
  tags: string[];
}
let head: Node | null = null;
export const nodePool = {
  acquire(): Node {
    const node = head;
    if (node === null) return { next: null, tags: [] };
    head = node.next;
    return node;
  },
  release(node: Node): void {
    node.next = head;
    head = node;
  },
};
export function tag(name: string): string {
  const node = nodePool.acquire();
  node.tags.push(name);
  const text = node.tags.join();
  nodePool.release(node);
  return text;
}
`,
    errors: [
      {
        messageId: 'kept',
        on: 'head = node',
        line: 16,
        data: { name: 'node', part: '`tags`', write: 'line 21', read: 'line 21' },
      },
    ],
    output: `
interface Node {
  next: Node | null;
  tags: string[];
}
let head: Node | null = null;
export const nodePool = {
  acquire(): Node {
    const node = head;
    if (node === null) return { next: null, tags: [] };
    head = node.next;
    return node;
  },
  release(node: Node): void {
    node.next = head;
    node.tags.length = 0;
    head = node;
  },
};
export function tag(name: string): string {
  const node = nodePool.acquire();
  node.tags.push(name);
  const text = node.tags.join();
  nodePool.release(node);
  return text;
}
`,
  });

  stays('silent about setters and getters', {
    code: `
interface Theme {
  colours: string[];
}
class Settings {
  private theme: Theme = { colours: [] };
  getTheme(): Theme {
    return this.theme;
  }
  putTheme(theme: Theme): void {
    this.theme = theme;
  }
}
const settings = new Settings();
export function paint(colour: string): number {
  const theme = settings.getTheme();
  theme.colours.push(colour);
  settings.putTheme(theme);
  return theme.colours.length;
}
`,
  });

  reports('a write by a helper', {
    code: `
interface Order {
  items: string[];
}
const free: Order[] = [];
const takeOrder = (): Order => free.shift() ?? { items: [] };
const giveOrder = (order: Order): void => {
  free.unshift(order);
};
function fill(order: Order, items: string[]): void {
  for (const item of items) order.items.push(item);
}
export function quote(items: string[]): string {
  const order = takeOrder();
  fill(order, items);
  const text = order.items.join();
  giveOrder(order);
  return text;
}
`,
    errors: [
      {
        messageId: 'kept',
        on: 'free.unshift(order)',
        data: { name: 'order', part: '`items`', write: 'line 15', read: 'line 15' },
      },
    ],
    output: `
interface Order {
  items: string[];
}
const free: Order[] = [];
const takeOrder = (): Order => free.shift() ?? { items: [] };
const giveOrder = (order: Order): void => {
  order.items.length = 0;
  free.unshift(order);
};
function fill(order: Order, items: string[]): void {
  for (const item of items) order.items.push(item);
}
export function quote(items: string[]): string {
  const order = takeOrder();
  fill(order, items);
  const text = order.items.join();
  giveOrder(order);
  return text;
}
`,
  });

  stays('silent when a helper empties it', {
    code: `
interface Order {
  items: string[];
}
const free: Order[] = [];
const takeOrder = (): Order => free.shift() ?? { items: [] };
const giveOrder = (order: Order): void => {
  free.unshift(order);
};
function empty(order: Order): void {
  order.items.length = 0;
}
export function quote(item: string): string {
  const order = takeOrder();
  order.items.push(item);
  const text = order.items.join();
  empty(order);
  giveOrder(order);
  return text;
}
`,
  });

  stays('silent when the pool deletes every key', {
    code: `
type Row = Record<string, string>;
const rows: Row[] = [];
function takeRow(): Row {
  return rows.pop() ?? {};
}
function giveRow(row: Row): void {
  for (const key of Object.keys(row)) delete row[key];
  rows.push(row);
}
export function render(key: string, value: string): string {
  const row = takeRow();
  row[key] = value;
  const text = JSON.stringify(row);
  giveRow(row);
  return text;
}
`,
  });

  stays('silent about a pool of which nobody borrows here', {
    code: `
export interface Order {
  items: string[];
}
export class OrderPool {
  private readonly free: Order[] = [];
  acquire(): Order {
    return this.free.pop() ?? { items: [] };
  }
  release(order: Order): void {
    this.free.push(order);
  }
}
`,
  });

  stays('silent about a borrower that only reads', {
    code: `
class Template {
  readonly lines: string[] = ['Dear customer'];
}
class TemplatePool {
  private readonly free: Template[] = [];
  acquire(): Template {
    return this.free.pop() ?? new Template();
  }
  release(template: Template): void {
    this.free.push(template);
  }
}
const templates = new TemplatePool();
export function letter(name: string): string {
  const template = templates.acquire();
  const text = [...template.lines, name].join();
  templates.release(template);
  return text;
}
`,
  });

  stays('silent when the object is not put back at all', {
    code: `
class Order {
  items: string[] = [];
}
const free: Order[] = [new Order()];
function takeOrder(): Order {
  return free.pop() ?? new Order();
}
export function giveOrder(order: Order): void {
  free.push(order);
}
export function begin(item: string): Order {
  const order = takeOrder();
  order.items.push(item);
  return order;
}
`,
  });

  reports('JavaScript with types in comments', {
    code: `
class Draft {
  constructor() {
    /** @type {string[]} */
    this.lines = [];
  }
}
/** @type {Draft[]} */
const idle = [];
function takeDraft() {
  return idle.pop() ?? new Draft();
}
/** @param {Draft} draft */
function giveDraft(draft) {
  idle.push(draft);
}
/** @param {string} line */
export function compose(line) {
  const draft = takeDraft();
  draft.lines.push(line);
  const text = draft.lines.join();
  giveDraft(draft);
  return text;
}
`,
    filename: 'drafts.js',
    compilerOptions: { allowJs: true, checkJs: true },
    errors: [
      {
        messageId: 'kept',
        on: 'idle.push(draft)',
        data: { name: 'draft', part: '`lines`', write: 'line 20', read: 'line 20' },
        suggestions: [
          {
            messageId: 'method',
            data: { name: 'Draft' },
            output: `
class Draft {
  constructor() {
    /** @type {string[]} */
    this.lines = [];
  }

  reset() {
    this.lines.length = 0;
  }
}
/** @type {Draft[]} */
const idle = [];
function takeDraft() {
  return idle.pop() ?? new Draft();
}
/** @param {Draft} draft */
function giveDraft(draft) {
  draft.reset();
  idle.push(draft);
}
/** @param {string} line */
export function compose(line) {
  const draft = takeDraft();
  draft.lines.push(line);
  const text = draft.lines.join();
  giveDraft(draft);
  return text;
}
`,
          },
        ],
      },
    ],
    output: `
class Draft {
  constructor() {
    /** @type {string[]} */
    this.lines = [];
  }
}
/** @type {Draft[]} */
const idle = [];
function takeDraft() {
  return idle.pop() ?? new Draft();
}
/** @param {Draft} draft */
function giveDraft(draft) {
  draft.lines.length = 0;
  idle.push(draft);
}
/** @param {string} line */
export function compose(line) {
  const draft = takeDraft();
  draft.lines.push(line);
  const text = draft.lines.join();
  giveDraft(draft);
  return text;
}
`,
  });

  reports('a prepared statement, in an options object', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function prepare(): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query({ text: 'PREPARE paid AS SELECT * FROM orders WHERE paid' });
  } finally {
    client.release();
  }
}
`,
    errors: [
      {
        messageId: 'session',
        on: 'client.release()',
        data: { name: 'client', part: 'the statement prepared', write: 'line 7' },
        suggestions: [
          {
            messageId: 'undo',
            data: { name: 'client' },
            output: `import pg from 'pg';
const pool = new pg.Pool();

export async function prepare(): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query({ text: 'PREPARE paid AS SELECT * FROM orders WHERE paid' });
  } finally {
    try {
      await client.query('DEALLOCATE ALL');
    } finally {
      client.release();
    }
  }
}
`,
          },
        ],
      },
    ],
    output: `import pg from 'pg';
const pool = new pg.Pool();

export async function prepare(): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query({ text: 'PREPARE paid AS SELECT * FROM orders WHERE paid' });
  } finally {
    client.release(true);
  }
}
`,
  });

  reports('a client under another name', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function pay(order: string): Promise<void> {
  const client = await pool.connect();
  const db = client;
  try {
    await db.query('BEGIN');
    await db.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    await db.query('COMMIT');
  } finally {
    db.release();
  }
}
`,
    errors: [
      {
        messageId: 'openOnFailure',
        on: 'db.release()',
        data: {
          name: 'client',
          write: 'line 8',
          failing: "`db.query('UPDATE orders…HERE id = $1', [order])` on line 9",
        },
      },
    ],
    output: `import pg from 'pg';
const pool = new pg.Pool();

export async function pay(order: string): Promise<void> {
  const client = await pool.connect();
  const db = client;
  try {
    await db.query('BEGIN');
    await db.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    await db.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    db.release();
  }
}
`,
  });

  reports('a throw of its own inside the transaction', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function ship(order: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const { rowCount } = await client.query('UPDATE orders SET shipped = true WHERE id = $1', [order]);
    if (rowCount === 0) throw new Error('no such order');
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}
`,
    errors: [
      {
        messageId: 'openOnFailure',
        on: 'client.release()',
        data: {
          name: 'client',
          write: 'line 7',
          failing: "`client.query('UPDATE or…HERE id = $1', [order])` on line 8",
        },
      },
    ],
    output: `import pg from 'pg';
const pool = new pg.Pool();

export async function ship(order: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const { rowCount } = await client.query('UPDATE orders SET shipped = true WHERE id = $1', [order]);
    if (rowCount === 0) throw new Error('no such order');
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`,
  });

  stays('silent when a savepoint fails and the transaction goes on', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function pay(order: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SAVEPOINT before');
    try {
      await client.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    } catch {
      await client.query('ROLLBACK TO SAVEPOINT before');
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`,
  });

  stays('silent when everything is discarded first', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function invoicesOf(tenant: number): Promise<unknown[]> {
  const client = await pool.connect();
  try {
    await client.query(\`SET app.tenant = '\${tenant}'\`);
    const { rows } = await client.query('SELECT * FROM invoices');
    return rows;
  } finally {
    try {
      await client.query('DISCARD ALL');
    } finally {
      client.release();
    }
  }
}
`,
  });

  stays('silent about the pool that runs the statement itself', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function report(): Promise<unknown[]> {
  const { rows } = await pool.query('SELECT * FROM turnover');
  return rows;
}
`,
  });

  reports('a transaction that a failing statement leaves open', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function pay(order: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    await client.query('COMMIT');
  } finally {
    client.release(); // back to the pool
  }
}
`,
    errors: [
      {
        messageId: 'openOnFailure',
        on: 'client.release()',
        data: {
          name: 'client',
          write: 'line 7',
          failing: "`client.query('UPDATE or…HERE id = $1', [order])` on line 8",
        },
      },
    ],
    output: `import pg from 'pg';
const pool = new pg.Pool();

export async function pay(order: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release(); // back to the pool
  }
}
`,
  });

  stays('silent when the catch rolls back', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function pay(order: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`,
  });

  stays('silent when a flag says in the finally whether the transaction is open', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function pay(order: string): Promise<void> {
  const client = await pool.connect();
  let committed = false;
  try {
    await client.query('BEGIN');
    await client.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    await client.query('COMMIT');
    committed = true;
  } finally {
    if (!committed) await client.query('ROLLBACK').catch(() => {});
    client.release();
  }
}
`,
  });

  reports('a flag that is set too early', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function pay(order: string): Promise<void> {
  const client = await pool.connect();
  let committed = false;
  try {
    await client.query('BEGIN');
    committed = true;
    await client.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    await client.query('COMMIT');
  } finally {
    if (!committed) await client.query('ROLLBACK').catch(() => {});
    client.release();
  }
}
`,
    errors: [
      {
        messageId: 'openOnFailure',
        on: 'client.release()',
        data: {
          name: 'client',
          write: 'line 8',
          failing: "`client.query('UPDATE or…HERE id = $1', [order])` on line 10",
        },
      },
    ],
    output: `import pg from 'pg';
const pool = new pg.Pool();

export async function pay(order: string): Promise<void> {
  const client = await pool.connect();
  let committed = false;
  try {
    await client.query('BEGIN');
    committed = true;
    await client.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    if (!committed) await client.query('ROLLBACK').catch(() => {});
    client.release();
  }
}
`,
  });

  stays('silent when a state says that the connection of mysql2 has an open transaction', {
    code: `import mysql from 'mysql2/promise';
const pool = mysql.createPool('mysql://db');

export async function pay(order: string): Promise<void> {
  const connection = await pool.getConnection();
  let state: 'idle' | 'open' = 'idle';
  try {
    await connection.beginTransaction();
    state = 'open';
    await connection.execute('UPDATE orders SET paid = 1 WHERE id = ?', [order]);
    await connection.commit();
    state = 'idle';
  } finally {
    if (state === 'open') await connection.rollback();
    connection.release();
  }
}
`,
  });

  reports('a flag that a timer sets as well', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function pay(order: string): Promise<void> {
  const client = await pool.connect();
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
  }, 1000);
  try {
    await client.query('BEGIN');
    await client.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    await client.query('COMMIT');
    isOver = true;
  } finally {
    clearTimeout(timer);
    if (!isOver) await client.query('ROLLBACK').catch(() => {});
    client.release();
  }
}
`,
    errors: [
      {
        messageId: 'openOnFailure',
        on: 'client.release()',
        data: {
          name: 'client',
          write: 'line 11',
          failing: "`client.query('UPDATE or…HERE id = $1', [order])` on line 12",
        },
      },
    ],
    output: `import pg from 'pg';
const pool = new pg.Pool();

export async function pay(order: string): Promise<void> {
  const client = await pool.connect();
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
  }, 1000);
  try {
    await client.query('BEGIN');
    await client.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    await client.query('COMMIT');
    isOver = true;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    clearTimeout(timer);
    if (!isOver) await client.query('ROLLBACK').catch(() => {});
    client.release();
  }
}
`,
  });

  stays('silent when the same condition begins, commits and rolls back', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function addLine(id: string, outer?: pg.PoolClient): Promise<void> {
  const client = outer ?? (await pool.connect());
  try {
    if (!outer) await client.query('BEGIN');
    await client.query('INSERT INTO lines VALUES ($1)', [id]);
    if (!outer) await client.query('COMMIT');
  } catch (error) {
    if (!outer) await client.query('ROLLBACK');
    throw error;
  } finally {
    if (!outer) client.release();
  }
}
`,
  });

  reports('a rollback under the opposite condition', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function addLine(id: string, outer?: pg.PoolClient): Promise<void> {
  const client = outer ?? (await pool.connect());
  try {
    if (!outer) await client.query('BEGIN');
    await client.query('INSERT INTO lines VALUES ($1)', [id]);
    if (outer) await client.query('COMMIT');
  } finally {
    if (!outer) client.release();
  }
}
`,
    errors: [
      {
        messageId: 'open',
        on: 'client.release()',
        data: { name: 'client', write: 'line 7' },
        suggestions: [],
      },
    ],
  });

  stays('silent when a constant stands for the condition', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function addLine(id: string, outer?: pg.PoolClient): Promise<void> {
  const own = outer === undefined;
  const client = own ? await pool.connect() : outer;
  try {
    if (own) await client.query('BEGIN');
    await client.query('INSERT INTO lines VALUES ($1)', [id]);
    if (own) await client.query('COMMIT');
  } catch (error) {
    if (!outer) await client.query('ROLLBACK');
    throw error;
  } finally {
    if (own) client.release();
  }
}
`,
  });

  stays('silent when a read-only field, an option or a mode decides on the transaction', {
    code: `import mysql from 'mysql2/promise';
import pg from 'pg';
import type { DataSource } from 'typeorm';
const pool = new pg.Pool();
const connections = mysql.createPool('mysql://db');

export class Orders {
  constructor(private readonly isTransactional: boolean) {}

  async add(id: string): Promise<void> {
    const client = await pool.connect();
    try {
      if (this.isTransactional) await client.query('BEGIN');
      await this.insert(client, id);
      if (this.isTransactional) await client.query('COMMIT');
    } catch (error) {
      if (this.isTransactional) await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  }

  private async insert(client: pg.PoolClient, id: string): Promise<void> {
    await client.query('INSERT INTO orders VALUES ($1)', [id]);
  }
}

export async function addLine(id: string, options: { transactional?: boolean }): Promise<void> {
  const connection = await connections.getConnection();
  try {
    if (options.transactional === true) await connection.beginTransaction();
    await connection.execute('INSERT INTO lines VALUES (?)', [id]);
    if (options.transactional === true) await connection.commit();
  } catch (error) {
    if (options.transactional) await connection.rollback();
    throw error;
  } finally {
    connection.release();
  }
}

export async function addAll(source: DataSource, ids: readonly string[], mode: 'batch' | 'single'): Promise<void> {
  const runner = source.createQueryRunner();
  try {
    if (mode === 'batch') await runner.startTransaction();
    for (const id of ids) await runner.query('INSERT INTO lines VALUES ($1)', [id]);
    if (mode !== 'single') await runner.commitTransaction();
  } catch (error) {
    if (mode === 'batch') await runner.rollbackTransaction();
    throw error;
  } finally {
    await runner.release();
  }
}
`,
  });

  reports('a condition that may have become another one at a wait, and one that takes something else for true', {
    code: `import pg from 'pg';
const pool = new pg.Pool();
declare function fill(client: pg.PoolClient, stats: { failed: number }): Promise<void>;

export async function addLine(id: string, signal: AbortSignal): Promise<void> {
  const client = await pool.connect();
  try {
    if (!signal.aborted) await client.query('BEGIN');
    await client.query('INSERT INTO lines VALUES ($1)', [id]);
    if (!signal.aborted) await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

export async function addAll(stats: { failed: number }): Promise<void> {
  const client = await pool.connect();
  try {
    if (!stats.failed) await client.query('BEGIN');
    await fill(client, stats);
    if (!stats.failed) await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

export async function addOne(id: string, options: { readonly tx?: boolean }): Promise<void> {
  const client = await pool.connect();
  try {
    if (options.tx !== false) await client.query('BEGIN');
    await client.query('INSERT INTO lines VALUES ($1)', [id]);
    if (options.tx) await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}`,
    errors: [
      {
        messageId: 'open',
        on: 'client.release()',
        line: 15,
        message:
          '`client` goes back with the transaction of line 8 still open; the next borrower of the connection works inside it.',
      },
      {
        messageId: 'open',
        on: 'client.release()',
        line: 29,
        message:
          '`client` goes back with the transaction of line 22 still open; the next borrower of the connection works inside it.',
      },
      {
        messageId: 'open',
        on: 'client.release()',
        line: 43,
        message:
          '`client` goes back with the transaction of line 36 still open; the next borrower of the connection works inside it.',
      },
    ],
  });

  reports('a condition that asks for more at the commit', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function addLine(id: string, isOwn: boolean, isDry: boolean): Promise<void> {
  const client = await pool.connect();
  try {
    if (isOwn) await client.query('BEGIN');
    await client.query('INSERT INTO lines VALUES ($1)', [id]);
    if (isOwn && !isDry) await client.query('COMMIT');
  } catch (error) {
    if (isOwn) await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`,
    errors: [
      {
        messageId: 'open',
        on: 'client.release()',
        data: { name: 'client', write: 'line 7' },
        suggestions: [],
      },
    ],
  });

  stays('silent when each text of a statement ends the transaction', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

async function end(client: pg.PoolClient, how: 'COMMIT' | 'ROLLBACK'): Promise<void> {
  await client.query(how);
}

export async function pay(order: string, isDry: boolean): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    await client.query(isDry ? 'ROLLBACK' : 'COMMIT');
  } catch (error) {
    await end(client, 'ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`,
  });

  reports('a transaction that each text of a statement begins', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function load(isReading: boolean): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(isReading ? 'BEGIN READ ONLY' : 'BEGIN');
    await client.query('SELECT refresh()');
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}
`,
    errors: [
      {
        messageId: 'openOnFailure',
        on: 'client.release()',
        data: { name: 'client', write: 'line 7', failing: "`client.query('SELECT refresh()')` on line 8" },
      },
    ],
    output: `import pg from 'pg';
const pool = new pg.Pool();

export async function load(isReading: boolean): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(isReading ? 'BEGIN READ ONLY' : 'BEGIN');
    await client.query('SELECT refresh()');
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`,
  });

  stays('silent when nobody can read what a statement ends', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function pay(order: string, end: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    await client.query(end);
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`,
  });

  reports('a statement that nobody can read and that may fail', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function migrate(sql: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(sql);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}
`,
    errors: [
      {
        messageId: 'openOnFailure',
        on: 'client.release()',
        data: { name: 'client', write: 'line 7', failing: '`client.query(sql)` on line 8' },
      },
    ],
    output: `import pg from 'pg';
const pool = new pg.Pool();

export async function migrate(sql: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(sql);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`,
  });

  stays('silent when one text begins and commits, and the catch rolls back', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function purge(): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN; DELETE FROM carts; DELETE FROM orders; COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`,
  });

  reports('one text that begins and commits, and may fail in between', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function purge(): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN; DELETE FROM carts; COMMIT');
  } finally {
    client.release();
  }
}
`,
    errors: [
      {
        messageId: 'openOnFailure',
        on: 'client.release()',
        data: {
          name: 'client',
          write: 'line 7',
          failing: "`client.query('BEGIN; DELETE FROM carts; COMMIT')` on line 7",
        },
      },
    ],
    output: `import pg from 'pg';
const pool = new pg.Pool();

export async function purge(): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN; DELETE FROM carts; COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`,
  });

  stays('silent when the failure discards the client', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function pay(order: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    await client.query('COMMIT');
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}
`,
  });

  stays('silent when the error goes with the client', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function pay(order: string): Promise<void> {
  const client = await pool.connect();
  let failed: Error | undefined;
  try {
    await client.query('BEGIN');
    await client.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    await client.query('COMMIT');
  } catch (error) {
    failed = error as Error;
    throw error;
  } finally {
    client.release(failed);
  }
}
`,
  });

  reports('a transaction begun before the try', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function pay(order: string): Promise<void> {
  const client = await pool.connect();
  await client.query('begin');
  try {
    await client.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    await client.query('commit');
  } finally {
    client.release();
  }
}
`,
    errors: [
      {
        messageId: 'openOnFailure',
        on: 'client.release()',
        data: {
          name: 'client',
          write: 'line 6',
          failing: "`client.query('UPDATE or…HERE id = $1', [order])` on line 8",
        },
      },
    ],
    output: `import pg from 'pg';
const pool = new pg.Pool();

export async function pay(order: string): Promise<void> {
  const client = await pool.connect();
  await client.query('begin');
  try {
    await client.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    await client.query('commit');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`,
  });

  reports('a catch that only logs', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function pay(order: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    await client.query('COMMIT');
  } catch (error) {
    console.error(error);
  } finally {
    client.release();
  }
}
`,
    errors: [
      {
        messageId: 'openOnFailure',
        on: 'client.release()',
        data: {
          name: 'client',
          write: 'line 7',
          failing: "`client.query('UPDATE or…HERE id = $1', [order])` on line 8",
        },
      },
    ],
    output: `import pg from 'pg';
const pool = new pg.Pool();

export async function pay(order: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    console.error(error);
  } finally {
    client.release();
  }
}
`,
  });

  reports('a catch that gives the client back as if nothing had been', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function pay(order: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    await client.query('COMMIT');
    client.release();
  } catch (error) {
    client.release();
    throw error;
  }
}
`,
    errors: [
      {
        messageId: 'openOnFailure',
        on: 'client.release()',
        line: 12,
        data: {
          name: 'client',
          write: 'line 7',
          failing: "`client.query('UPDATE or…HERE id = $1', [order])` on line 8",
        },
      },
    ],
    output: `import pg from 'pg';
const pool = new pg.Pool();

export async function pay(order: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    await client.query('COMMIT');
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}
`,
  });

  reports('a release behind the try', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function pay(order: string): Promise<boolean> {
  const client = await pool.connect();
  let paid = false;
  try {
    await client.query('BEGIN');
    await client.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    await client.query('COMMIT');
    paid = true;
  } catch {
    paid = false;
  }
  client.release();
  return paid;
}
`,
    errors: [
      {
        messageId: 'openOnFailure',
        on: 'client.release()',
        data: {
          name: 'client',
          write: 'line 8',
          failing: "`client.query('UPDATE or…HERE id = $1', [order])` on line 9",
        },
      },
    ],
    output: `import pg from 'pg';
const pool = new pg.Pool();

export async function pay(order: string): Promise<boolean> {
  const client = await pool.connect();
  let paid = false;
  try {
    await client.query('BEGIN');
    await client.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    await client.query('COMMIT');
    paid = true;
  } catch {
    await client.query('ROLLBACK').catch(console.error);
    paid = false;
  }
  client.release();
  return paid;
}
`,
  });

  reports('an early return inside a transaction', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function cancel(id: string): Promise<boolean> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query('SELECT 1 FROM orders WHERE id = $1 FOR UPDATE', [id]);
    if (rows.length === 0) return false;
    await client.query('DELETE FROM orders WHERE id = $1', [id]);
    await client.query('COMMIT');
    return true;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`,
    errors: [
      {
        messageId: 'open',
        on: 'client.release()',
        data: { name: 'client', write: 'line 7' },
        suggestions: [
          {
            messageId: 'commit',
            data: { name: 'client' },
            output: `import pg from 'pg';
const pool = new pg.Pool();

export async function cancel(id: string): Promise<boolean> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query('SELECT 1 FROM orders WHERE id = $1 FOR UPDATE', [id]);
    if (rows.length === 0) {
      await client.query('COMMIT');
      return false;
    }
    await client.query('DELETE FROM orders WHERE id = $1', [id]);
    await client.query('COMMIT');
    return true;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`,
          },
          {
            messageId: 'rollback',
            data: { name: 'client' },
            output: `import pg from 'pg';
const pool = new pg.Pool();

export async function cancel(id: string): Promise<boolean> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query('SELECT 1 FROM orders WHERE id = $1 FOR UPDATE', [id]);
    if (rows.length === 0) {
      await client.query('ROLLBACK');
      return false;
    }
    await client.query('DELETE FROM orders WHERE id = $1', [id]);
    await client.query('COMMIT');
    return true;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`,
          },
        ],
      },
    ],
  });

  reports('a transaction that nobody ends', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function note(order: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('START TRANSACTION');
    await client.query('INSERT INTO notes VALUES ($1)', [order]);
  } finally {
    client.release();
  }
}
`,
    errors: [
      {
        messageId: 'open',
        on: 'client.release()',
        data: { name: 'client', write: 'line 7' },
        suggestions: [
          {
            messageId: 'commit',
            data: { name: 'client' },
            output: `import pg from 'pg';
const pool = new pg.Pool();

export async function note(order: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('START TRANSACTION');
    await client.query('INSERT INTO notes VALUES ($1)', [order]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`,
          },
          {
            messageId: 'rollback',
            data: { name: 'client' },
            output: `import pg from 'pg';
const pool = new pg.Pool();

export async function note(order: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('START TRANSACTION');
    await client.query('INSERT INTO notes VALUES ($1)', [order]);
    await client.query('ROLLBACK');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`,
          },
        ],
      },
    ],
  });

  reports('a wrapper that runs a callback inside a transaction', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function inTransaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } finally {
    client.release();
  }
}
`,
    errors: [
      {
        messageId: 'openOnFailure',
        on: 'client.release()',
        data: { name: 'client', write: 'line 7', failing: '`work(client)` on line 8' },
      },
    ],
    output: `import pg from 'pg';
const pool = new pg.Pool();

export async function inTransaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`,
  });

  reports('a client held by the callback of a chain', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export function pay(order: string): Promise<void> {
  return pool.connect().then(async (client) => {
    try {
      await client.query('begin');
      await client.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
      await client.query('commit');
    } finally {
      client.release();
    }
  });
}
`,
    errors: [
      {
        messageId: 'openOnFailure',
        on: 'client.release()',
        data: {
          name: 'client',
          write: 'line 7',
          failing: "`client.query('UPDATE or…HERE id = $1', [order])` on line 8",
        },
      },
    ],
    output: `import pg from 'pg';
const pool = new pg.Pool();

export function pay(order: string): Promise<void> {
  return pool.connect().then(async (client) => {
    try {
      await client.query('begin');
      await client.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
      await client.query('commit');
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  });
}
`,
  });

  reports('a client declared before the try', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function pay(order: string): Promise<void> {
  let client: pg.PoolClient | undefined;
  try {
    client = await pool.connect();
    await client.query('BEGIN');
    await client.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    await client.query('COMMIT');
  } finally {
    client?.release();
  }
}
`,
    errors: [
      {
        messageId: 'openOnFailure',
        on: 'client?.release()',
        data: {
          name: 'client',
          write: 'line 8',
          failing: "`client.query('UPDATE or…HERE id = $1', [order])` on line 9",
        },
      },
    ],
    output: `import pg from 'pg';
const pool = new pg.Pool();

export async function pay(order: string): Promise<void> {
  let client: pg.PoolClient | undefined;
  try {
    client = await pool.connect();
    await client.query('BEGIN');
    await client.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    await client.query('COMMIT');
  } catch (error) {
    await client?.query('ROLLBACK');
    throw error;
  } finally {
    client?.release();
  }
}
`,
  });

  reports('a field of a class that is the pool, in a file without semicolons', {
    code: `import { Pool } from 'pg'

export class Ledger {
  readonly #pool = new Pool()

  async book(amount: number): Promise<void> {
    const client = await this.#pool.connect()
    try {
      await client.query('BEGIN')
      await client.query('INSERT INTO ledger VALUES ($1)', [amount])
      await client.query('COMMIT')
    } finally {
      client.release()
    }
  }
}
`,
    errors: [
      {
        messageId: 'openOnFailure',
        on: 'client.release()',
        data: {
          name: 'client',
          write: 'line 9',
          failing: "`client.query('INSERT IN…VALUES ($1)', [amount])` on line 10",
        },
      },
    ],
    output: `import { Pool } from 'pg'

export class Ledger {
  readonly #pool = new Pool()

  async book(amount: number): Promise<void> {
    const client = await this.#pool.connect()
    try {
      await client.query('BEGIN')
      await client.query('INSERT INTO ledger VALUES ($1)', [amount])
      await client.query('COMMIT')
    } catch (error) {
      await client.query('ROLLBACK')
      throw error
    } finally {
      client.release()
    }
  }
}
`,
  });

  reports('a transaction that a helper begins', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

async function begin(client: pg.PoolClient): Promise<void> {
  await client.query('BEGIN');
}
export async function pay(order: string): Promise<void> {
  const client = await pool.connect();
  try {
    await begin(client);
    await client.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}
`,
    errors: [
      {
        messageId: 'openOnFailure',
        on: 'client.release()',
        data: {
          name: 'client',
          write: 'line 10',
          failing: "`client.query('UPDATE or…HERE id = $1', [order])` on line 11",
        },
      },
    ],
    output: `import pg from 'pg';
const pool = new pg.Pool();

async function begin(client: pg.PoolClient): Promise<void> {
  await client.query('BEGIN');
}
export async function pay(order: string): Promise<void> {
  const client = await pool.connect();
  try {
    await begin(client);
    await client.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`,
  });

  stays('silent when the helper that gives back rolls back first', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

async function giveBack(client: pg.PoolClient): Promise<void> {
  try {
    await client.query('ROLLBACK');
  } finally {
    client.release();
  }
}
export async function pay(order: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    await client.query('COMMIT');
  } finally {
    await giveBack(client);
  }
}
`,
  });

  stays('silent when a helper rolls back in the catch', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

async function undo(client: pg.PoolClient): Promise<void> {
  await client.query('ROLLBACK').catch(() => undefined);
}
export async function pay(order: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    await client.query('COMMIT');
  } catch (error) {
    await undo(client);
    throw error;
  } finally {
    client.release();
  }
}
`,
  });

  stays('silent about a client of its own that is ended', {
    code: `import pg from 'pg';
export async function migrate(): Promise<void> {
  const client = new pg.Client();
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query('ALTER TABLE orders ADD COLUMN paid boolean');
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}
`,
  });

  stays('silent about a client that is handed on with its transaction', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function begin(): Promise<pg.PoolClient> {
  const client = await pool.connect();
  await client.query('BEGIN');
  return client;
}
`,
  });

  reports('a connection of mysql2', {
    code: `import { createPool } from 'mysql2/promise';
const shop = createPool({ host: 'db' });
export async function charge(order: string): Promise<void> {
  const connection = await shop.getConnection();
  try {
    await connection.beginTransaction();
    await connection.query('UPDATE orders SET paid = 1 WHERE id = ?', [order]);
    await connection.commit();
  } finally {
    connection.release();
  }
}
`,
    errors: [
      {
        messageId: 'openOnFailure',
        on: 'connection.release()',
        data: {
          name: 'connection',
          write: 'line 6',
          failing: "`connection.query('UPDAT…WHERE id = ?', [order])` on line 7",
        },
      },
    ],
    output: `import { createPool } from 'mysql2/promise';
const shop = createPool({ host: 'db' });
export async function charge(order: string): Promise<void> {
  const connection = await shop.getConnection();
  try {
    await connection.beginTransaction();
    await connection.query('UPDATE orders SET paid = 1 WHERE id = ?', [order]);
    await connection.commit();
  } catch (error) {
    await connection.rollback();
    throw error;
  } finally {
    connection.release();
  }
}
`,
  });

  stays('silent when a connection of mysql2 rolls back or is destroyed', {
    code: `import { createPool } from 'mysql2/promise';
const shop = createPool({ host: 'db' });
export async function charge(order: string): Promise<void> {
  const connection = await shop.getConnection();
  await connection.beginTransaction();
  try {
    await connection.query('UPDATE orders SET paid = 1 WHERE id = ?', [order]);
    await connection.commit();
    connection.release();
  } catch (error) {
    connection.destroy();
    throw error;
  }
}
`,
  });

  reports('a query runner of TypeORM', {
    code: `import type { DataSource } from 'typeorm';
export async function charge(source: DataSource, order: string): Promise<void> {
  const runner = source.createQueryRunner();
  await runner.connect();
  try {
    await runner.startTransaction();
    await runner.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    await runner.commitTransaction();
  } finally {
    await runner.release();
  }
}
`,
    errors: [
      {
        messageId: 'openOnFailure',
        on: 'runner.release()',
        data: {
          name: 'runner',
          write: 'line 6',
          failing: "`runner.query('UPDATE or…HERE id = $1', [order])` on line 7",
        },
      },
    ],
    output: `import type { DataSource } from 'typeorm';
export async function charge(source: DataSource, order: string): Promise<void> {
  const runner = source.createQueryRunner();
  await runner.connect();
  try {
    await runner.startTransaction();
    await runner.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    await runner.commitTransaction();
  } catch (error) {
    if (runner.isTransactionActive) await runner.rollbackTransaction();
    throw error;
  } finally {
    await runner.release();
  }
}
`,
  });

  stays('silent when the query runner is asked whether a transaction is active', {
    code: `import type { DataSource } from 'typeorm';
export async function charge(source: DataSource, order: string): Promise<void> {
  const runner = source.createQueryRunner();
  try {
    await runner.startTransaction();
    await runner.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    await runner.commitTransaction();
  } finally {
    if (runner.isTransactionActive) await runner.rollbackTransaction();
    await runner.release();
  }
}
`,
  });

  reports('a tenant that is set for the session', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function invoicesOf(tenant: number): Promise<unknown[]> {
  const client = await pool.connect();
  try {
    await client.query(\`SET app.tenant = '\${tenant}'\`);
    const { rows } = await client.query('SELECT * FROM invoices');
    return rows;
  } finally {
    client.release();
  }
}
`,
    errors: [
      {
        messageId: 'session',
        on: 'client.release()',
        data: { name: 'client', part: 'the setting made', write: 'line 7' },
        suggestions: [
          {
            messageId: 'undo',
            data: { name: 'client' },
            output: `import pg from 'pg';
const pool = new pg.Pool();

export async function invoicesOf(tenant: number): Promise<unknown[]> {
  const client = await pool.connect();
  try {
    await client.query(\`SET app.tenant = '\${tenant}'\`);
    const { rows } = await client.query('SELECT * FROM invoices');
    return rows;
  } finally {
    try {
      await client.query('RESET ALL');
    } finally {
      client.release();
    }
  }
}
`,
          },
        ],
      },
    ],
    output: `import pg from 'pg';
const pool = new pg.Pool();

export async function invoicesOf(tenant: number): Promise<unknown[]> {
  const client = await pool.connect();
  try {
    await client.query(\`SET app.tenant = '\${tenant}'\`);
    const { rows } = await client.query('SELECT * FROM invoices');
    return rows;
  } finally {
    client.release(true);
  }
}
`,
  });

  stays('silent when it is set for the transaction', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function invoicesOf(tenant: number): Promise<unknown[]> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(\`SET LOCAL app.tenant = '\${tenant}'\`);
    const { rows } = await client.query('SELECT * FROM invoices');
    await client.query('COMMIT');
    return rows;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`,
  });

  reports('a setting for the session inside a transaction', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function invoicesOf(tenant: number): Promise<unknown[]> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(\`SET SESSION app.tenant = '\${tenant}'\`);
    const { rows } = await client.query('SELECT * FROM invoices');
    await client.query('COMMIT');
    return rows;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`,
    errors: [
      {
        messageId: 'session',
        on: 'client.release()',
        data: { name: 'client', part: 'the setting made', write: 'line 8' },
      },
    ],
    output: `import pg from 'pg';
const pool = new pg.Pool();

export async function invoicesOf(tenant: number): Promise<unknown[]> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(\`SET LOCAL app.tenant = '\${tenant}'\`);
    const { rows } = await client.query('SELECT * FROM invoices');
    await client.query('COMMIT');
    return rows;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`,
  });

  reports('a tenant set by function inside a transaction', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function invoicesOf(tenant: string): Promise<unknown[]> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query("SELECT set_config('app.tenant', $1, false)", [tenant]);
    const { rows } = await client.query('SELECT * FROM invoices');
    await client.query('COMMIT');
    return rows;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`,
    errors: [
      {
        messageId: 'session',
        on: 'client.release()',
        data: { name: 'client', part: 'the setting made', write: 'line 8' },
      },
    ],
    output: `import pg from 'pg';
const pool = new pg.Pool();

export async function invoicesOf(tenant: string): Promise<unknown[]> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query("SELECT set_config('app.tenant', $1, true)", [tenant]);
    const { rows } = await client.query('SELECT * FROM invoices');
    await client.query('COMMIT');
    return rows;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`,
  });

  stays('silent when the function sets it for the transaction', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function invoicesOf(tenant: string): Promise<unknown[]> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query("SELECT set_config('app.tenant', $1, true)", [tenant]);
    const { rows } = await client.query('SELECT * FROM invoices');
    await client.query('COMMIT');
    return rows;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`,
  });

  stays('silent when the setting is undone', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function slowReport(): Promise<unknown[]> {
  const client = await pool.connect();
  try {
    await client.query('SET statement_timeout = 60000');
    const { rows } = await client.query('SELECT * FROM turnover');
    return rows;
  } finally {
    try {
      await client.query('RESET statement_timeout');
    } finally {
      client.release();
    }
  }
}
`,
  });

  reports('a subscription', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function follow(onOrder: (id: string) => void): Promise<void> {
  const client = await pool.connect();
  client.on('notification', ({ payload }) => {
    onOrder(payload ?? '');
  });
  try {
    await client.query('LISTEN orders');
  } finally {
    client.release();
  }
}
`,
    errors: [
      {
        messageId: 'session',
        on: 'client.release()',
        data: { name: 'client', part: 'the subscription made', write: 'line 10' },
        suggestions: [
          {
            messageId: 'discard',
            data: { name: 'client' },
            output: `import pg from 'pg';
const pool = new pg.Pool();

export async function follow(onOrder: (id: string) => void): Promise<void> {
  const client = await pool.connect();
  client.on('notification', ({ payload }) => {
    onOrder(payload ?? '');
  });
  try {
    await client.query('LISTEN orders');
  } finally {
    client.release(true);
  }
}
`,
          },
          {
            messageId: 'undo',
            data: { name: 'client' },
            output: `import pg from 'pg';
const pool = new pg.Pool();

export async function follow(onOrder: (id: string) => void): Promise<void> {
  const client = await pool.connect();
  client.on('notification', ({ payload }) => {
    onOrder(payload ?? '');
  });
  try {
    await client.query('LISTEN orders');
  } finally {
    try {
      await client.query('UNLISTEN *');
    } finally {
      client.release();
    }
  }
}
`,
          },
        ],
      },
    ],
  });

  reports('a lock of the session that a failure leaves behind', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

declare function close(client: pg.PoolClient, month: number): Promise<void>;
export async function closeMonth(month: number): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [month]);
    await close(client, month);
    await client.query('SELECT pg_advisory_unlock($1)', [month]);
  } finally {
    client.release();
  }
}
`,
    errors: [
      {
        messageId: 'session',
        on: 'client.release()',
        data: { name: 'client', part: 'the lock taken', write: 'line 8' },
        suggestions: [
          {
            messageId: 'undo',
            data: { name: 'client' },
            output: `import pg from 'pg';
const pool = new pg.Pool();

declare function close(client: pg.PoolClient, month: number): Promise<void>;
export async function closeMonth(month: number): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [month]);
    await close(client, month);
    await client.query('SELECT pg_advisory_unlock($1)', [month]);
  } finally {
    try {
      await client.query('SELECT pg_advisory_unlock_all()');
    } finally {
      client.release();
    }
  }
}
`,
          },
        ],
      },
    ],
    output: `import pg from 'pg';
const pool = new pg.Pool();

declare function close(client: pg.PoolClient, month: number): Promise<void>;
export async function closeMonth(month: number): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [month]);
    await close(client, month);
    await client.query('SELECT pg_advisory_unlock($1)', [month]);
  } finally {
    client.release(true);
  }
}
`,
  });

  stays('silent when a lock that was not got is not given back', {
    code: `import mysql, { type RowDataPacket } from 'mysql2/promise';
import pg from 'pg';
const pool = new pg.Pool();
const connections = mysql.createPool('mysql://db');

export async function exclusively(key: number, work: () => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1) AS got', [key]);
    if (!rows[0]?.got) return;
    try {
      await work();
    } finally {
      await client.query('SELECT pg_advisory_unlock($1)', [key]);
    }
  } finally {
    client.release();
  }
}

export async function alone(name: string, work: () => Promise<void>): Promise<void> {
  const connection = await connections.getConnection();
  let got = false;
  try {
    const [rows] = await connection.query<({ got: number } & RowDataPacket)[]>('SELECT GET_LOCK(?, 1) AS got', [name]);
    got = Boolean(rows[0]?.got);
    if (!got) throw new Error('busy');
    await work();
  } finally {
    try {
      if (got) await connection.query('SELECT RELEASE_LOCK(?)', [name]);
    } finally {
      connection.release();
    }
  }
}
`,
  });

  reports('a lock that was got and is not given back when the work fails', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function exclusively(key: number, work: () => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1) AS got', [key]);
    if (!rows[0]?.got) return;
    await work();
    await client.query('SELECT pg_advisory_unlock($1)', [key]);
  } finally {
    client.release();
  }
}
`,
    errors: [
      {
        messageId: 'session',
        on: 'client.release()',
        data: { name: 'client', part: 'the lock taken', write: 'line 7' },
        suggestions: [
          {
            messageId: 'discard',
            data: { name: 'client' },
            output: `import pg from 'pg';
const pool = new pg.Pool();

export async function exclusively(key: number, work: () => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1) AS got', [key]);
    if (!rows[0]?.got) return;
    await work();
    await client.query('SELECT pg_advisory_unlock($1)', [key]);
  } finally {
    client.release(true);
  }
}
`,
          },
          {
            messageId: 'undo',
            data: { name: 'client' },
            output: `import pg from 'pg';
const pool = new pg.Pool();

export async function exclusively(key: number, work: () => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1) AS got', [key]);
    if (!rows[0]?.got) return;
    await work();
    await client.query('SELECT pg_advisory_unlock($1)', [key]);
  } finally {
    try {
      await client.query('SELECT pg_advisory_unlock_all()');
    } finally {
      client.release();
    }
  }
}
`,
          },
        ],
      },
    ],
  });

  stays('silent when a setting is given its default', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function archived(): Promise<unknown[]> {
  const client = await pool.connect();
  try {
    await client.query('SET search_path TO archive');
    const { rows } = await client.query('SELECT * FROM orders');
    return rows;
  } finally {
    try {
      await client.query('SET search_path TO DEFAULT');
    } finally {
      client.release();
    }
  }
}
`,
  });

  stays('silent about a lock of the transaction', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function closeMonth(month: number): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [month]);
    await client.query('UPDATE months SET closed = true WHERE id = $1', [month]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`,
  });

  reports('a temporary table', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function importOrders(): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('CREATE TEMP TABLE staging (id int)');
    await client.query('INSERT INTO orders SELECT id FROM staging');
  } finally {
    client.release();
  }
}
`,
    errors: [
      {
        messageId: 'session',
        on: 'client.release()',
        data: { name: 'client', part: 'the temporary table made', write: 'line 7' },
        suggestions: [
          {
            messageId: 'undo',
            data: { name: 'client' },
            output: `import pg from 'pg';
const pool = new pg.Pool();

export async function importOrders(): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('CREATE TEMP TABLE staging (id int)');
    await client.query('INSERT INTO orders SELECT id FROM staging');
  } finally {
    try {
      await client.query('DISCARD TEMP');
    } finally {
      client.release();
    }
  }
}
`,
          },
        ],
      },
    ],
    output: `import pg from 'pg';
const pool = new pg.Pool();

export async function importOrders(): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('CREATE TEMP TABLE staging (id int)');
    await client.query('INSERT INTO orders SELECT id FROM staging');
  } finally {
    client.release(true);
  }
}
`,
  });

  stays('silent about a temporary table that goes with its transaction', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

export async function importOrders(): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('CREATE TEMP TABLE staging (id int) ON COMMIT DROP');
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`,
  });

  reports('another database, chosen on a connection of mysql2', {
    code: `import mysql from 'mysql2/promise';
const shop = mysql.createPool({ host: 'db' });
export async function ordersOf(tenant: number): Promise<unknown> {
  const connection = await shop.getConnection();
  try {
    await connection.query('USE tenant_' + String(tenant));
    const [rows] = await connection.query('SELECT * FROM orders');
    return rows;
  } finally {
    connection.release();
  }
}
`,
    errors: [
      {
        messageId: 'session',
        on: 'connection.release()',
        data: { name: 'connection', part: 'the database chosen', write: 'line 6' },
        suggestions: [
          {
            messageId: 'undo',
            data: { name: 'connection' },
            output: `import mysql from 'mysql2/promise';
const shop = mysql.createPool({ host: 'db' });
export async function ordersOf(tenant: number): Promise<unknown> {
  const connection = await shop.getConnection();
  try {
    await connection.query('USE tenant_' + String(tenant));
    const [rows] = await connection.query('SELECT * FROM orders');
    return rows;
  } finally {
    try {
      await connection.changeUser({});
    } finally {
      connection.release();
    }
  }
}
`,
          },
        ],
      },
    ],
    output: `import mysql from 'mysql2/promise';
const shop = mysql.createPool({ host: 'db' });
export async function ordersOf(tenant: number): Promise<unknown> {
  const connection = await shop.getConnection();
  try {
    await connection.query('USE tenant_' + String(tenant));
    const [rows] = await connection.query('SELECT * FROM orders');
    return rows;
  } finally {
    connection.destroy();
  }
}
`,
  });

  reports('a setting made through a query runner', {
    code: `import type { DataSource } from 'typeorm';
export async function invoicesOf(source: DataSource, tenant: number): Promise<unknown> {
  const runner = source.createQueryRunner();
  try {
    await runner.query(\`SET app.tenant = '\${tenant}'\`);
    const rows: unknown = await runner.query('SELECT * FROM invoices');
    return rows;
  } finally {
    await runner.release();
  }
}
`,
    errors: [
      {
        messageId: 'session',
        on: 'runner.release()',
        data: { name: 'runner', part: 'the setting made', write: 'line 5' },
        suggestions: [
          {
            messageId: 'undo',
            data: { name: 'runner' },
            output: `import type { DataSource } from 'typeorm';
export async function invoicesOf(source: DataSource, tenant: number): Promise<unknown> {
  const runner = source.createQueryRunner();
  try {
    await runner.query(\`SET app.tenant = '\${tenant}'\`);
    const rows: unknown = await runner.query('SELECT * FROM invoices');
    return rows;
  } finally {
    try {
      await runner.query('RESET ALL');
    } finally {
      await runner.release();
    }
  }
}
`,
          },
        ],
      },
    ],
  });

  stays('silent about settings that the pool makes for each of its connections', {
    code: `import pg from 'pg';
const pool = new pg.Pool();

pool.on('connect', (client) => {
  client.query('SET statement_timeout = 5000').catch((error: unknown) => {
    console.error(error);
  });
});
`,
  });

  stays('silent about a function of the project that is called like a query', {
    code: `
interface Link {
  query(text: string): Promise<void>;
  release(): void;
}
declare function connect(): Promise<Link>;
export async function start(): Promise<void> {
  const link = await connect();
  await link.query('BEGIN');
  link.release();
}
`,
  });

  reports('a buffer of unclean memory that is not wholly written', {
    code: `
export function headerOf(version: number, length: number): Buffer {
  const header = Buffer.allocUnsafe(16);
  header.writeUInt32BE(version, 0);
  header.writeUInt32BE(length, 4);
  return header;
}
`,
    errors: [
      { messageId: 'unclean', on: 'Buffer.allocUnsafe(16)', data: { name: 'header', write: 'line 6', missing: '8' } },
    ],
    output: `
export function headerOf(version: number, length: number): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt32BE(version, 0);
  header.writeUInt32BE(length, 4);
  return header;
}
`,
  });

  stays('silent when every byte is written', {
    code: `
export function headerOf(version: number, length: number): Buffer {
  const header = Buffer.allocUnsafe(8);
  header.writeUInt32BE(version, 0);
  header.writeUInt32BE(length, 4);
  return header;
}
`,
  });

  stays('silent when the rest is filled, or read from a file', {
    code: `
import { open } from 'node:fs/promises';
export async function headOf(path: string): Promise<Buffer> {
  const head = Buffer.allocUnsafe(16);
  const file = await open(path);
  try {
    const { bytesRead } = await file.read(head, 0, 16, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
`,
  });

  reports('a statement that is a constant', {
    code: `import { Pool } from 'pg';
const pool = new Pool();
const BEGIN = 'BEGIN';
export async function pay(order: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(BEGIN);
    await client.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}
`,
    errors: [
      {
        messageId: 'openOnFailure',
        on: 'client.release()',
        data: {
          name: 'client',
          write: 'line 7',
          failing: "`client.query('UPDATE or…HERE id = $1', [order])` on line 8",
        },
      },
    ],
    output: `import { Pool } from 'pg';
const pool = new Pool();
const BEGIN = 'BEGIN';
export async function pay(order: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(BEGIN);
    await client.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`,
  });

  reports('statements of a record of another file', {
    code: `import { Pool } from 'pg';
const pool = new Pool();
import { SQL } from './sql.js';
export async function pay(order: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(SQL.begin);
    await client.query(SQL.pay, [order]);
    await client.query(SQL.commit);
  } finally {
    client.release();
  }
}
`,
    files: {
      'sql.ts': `export const SQL = {
  begin: 'begin',
  pay: 'update orders set paid = true where id = $1',
  commit: 'commit',
} as const;
`,
    },
    errors: [
      {
        messageId: 'openOnFailure',
        on: 'client.release()',
        data: { name: 'client', write: 'line 7', failing: '`client.query(SQL.pay, [order])` on line 8' },
      },
    ],
    output: `import { Pool } from 'pg';
const pool = new Pool();
import { SQL } from './sql.js';
export async function pay(order: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(SQL.begin);
    await client.query(SQL.pay, [order]);
    await client.query(SQL.commit);
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`,
  });

  reports('a transaction in tagged templates of a reserved connection', {
    code: `import postgres from 'postgres';
const sql = postgres();
export async function pay(order: string): Promise<void> {
  const session = await sql.reserve();
  try {
    await session\`BEGIN\`;
    await session\`UPDATE orders SET paid = true WHERE id = \${order}\`;
    await session\`COMMIT\`;
  } finally {
    session.release();
  }
}
`,
    errors: [
      {
        messageId: 'openOnFailure',
        on: 'session.release()',
        data: {
          name: 'session',
          write: 'line 6',
          failing: '`session`UPDATE orders S…ue WHERE id = ${order}`` on line 7',
        },
      },
    ],
    output: `import postgres from 'postgres';
const sql = postgres();
export async function pay(order: string): Promise<void> {
  const session = await sql.reserve();
  try {
    await session\`BEGIN\`;
    await session\`UPDATE orders SET paid = true WHERE id = \${order}\`;
    await session\`COMMIT\`;
  } catch (error) {
    await session\`ROLLBACK\`;
    throw error;
  } finally {
    session.release();
  }
}
`,
  });

  reports('a tenant set in a tagged template', {
    code: `import postgres from 'postgres';
const sql = postgres();
export async function invoicesOf(tenant: string): Promise<readonly unknown[]> {
  const session = await sql.reserve();
  try {
    await session\`SELECT set_config('app.tenant', \${tenant}, false)\`;
    return await session\`SELECT * FROM invoices\`;
  } finally {
    session.release();
  }
}
`,
    errors: [
      {
        messageId: 'session',
        on: 'session.release()',
        data: { name: 'session', part: 'the setting made', write: 'line 6' },
        suggestions: [
          {
            messageId: 'undo',
            data: { name: 'session' },
            output: `import postgres from 'postgres';
const sql = postgres();
export async function invoicesOf(tenant: string): Promise<readonly unknown[]> {
  const session = await sql.reserve();
  try {
    await session\`SELECT set_config('app.tenant', \${tenant}, false)\`;
    return await session\`SELECT * FROM invoices\`;
  } finally {
    try {
      await session.unsafe('RESET ALL');
    } finally {
      session.release();
    }
  }
}
`,
          },
        ],
      },
    ],
  });

  stays('silent when tagged templates end the transaction on both ways', {
    code: `import postgres from 'postgres';
const sql = postgres();
export async function pay(order: string): Promise<void> {
  const session = await sql.reserve();
  try {
    await session\`BEGIN\`;
    await session\`UPDATE orders SET paid = true WHERE id = \${order}\`;
    await session\`COMMIT\`;
  } catch (error) {
    await session\`ROLLBACK\`;
    throw error;
  } finally {
    session.release();
  }
}
`,
  });

  reports('the tag of a statement that the client gets', {
    code: `import { Pool } from 'pg';
const pool = new Pool();
declare function sql(parts: TemplateStringsArray, ...values: unknown[]): string;
export async function useSchema(tenant: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(sql\`SET search_path TO \${tenant}\`);
    await client.query(sql\`REFRESH MATERIALIZED VIEW totals\`);
  } finally {
    client.release();
  }
}
`,
    errors: [
      {
        messageId: 'session',
        on: 'client.release()',
        data: { name: 'client', part: 'the setting made', write: 'line 7' },
        suggestions: [
          {
            messageId: 'undo',
            data: { name: 'client' },
            output: `import { Pool } from 'pg';
const pool = new Pool();
declare function sql(parts: TemplateStringsArray, ...values: unknown[]): string;
export async function useSchema(tenant: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(sql\`SET search_path TO \${tenant}\`);
    await client.query(sql\`REFRESH MATERIALIZED VIEW totals\`);
  } finally {
    try {
      await client.query('RESET ALL');
    } finally {
      client.release();
    }
  }
}
`,
          },
        ],
      },
    ],
    output: `import { Pool } from 'pg';
const pool = new Pool();
declare function sql(parts: TemplateStringsArray, ...values: unknown[]): string;
export async function useSchema(tenant: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(sql\`SET search_path TO \${tenant}\`);
    await client.query(sql\`REFRESH MATERIALIZED VIEW totals\`);
  } finally {
    client.release(true);
  }
}
`,
  });

  reports('a transaction that an arrow field of the class begins', {
    code: `import { Pool, type PoolClient } from 'pg';

export class Ledger {
  constructor(private readonly db: Pool) {}

  private begin = (client: PoolClient): Promise<unknown> => client.query('BEGIN');

  private async commit(client: PoolClient): Promise<void> {
    await client.query('COMMIT');
  }

  async book(total: number): Promise<void> {
    const client = await this.db.connect();
    try {
      await this.begin(client);
      await client.query('INSERT INTO ledger VALUES ($1)', [total]);
      await this.commit(client);
    } finally {
      client.release();
    }
  }
}
`,
    errors: [
      {
        messageId: 'openOnFailure',
        on: 'client.release()',
        data: {
          name: 'client',
          write: 'line 15',
          failing: "`client.query('INSERT IN… VALUES ($1)', [total])` on line 16",
        },
      },
    ],
    output: `import { Pool, type PoolClient } from 'pg';

export class Ledger {
  constructor(private readonly db: Pool) {}

  private begin = (client: PoolClient): Promise<unknown> => client.query('BEGIN');

  private async commit(client: PoolClient): Promise<void> {
    await client.query('COMMIT');
  }

  async book(total: number): Promise<void> {
    const client = await this.db.connect();
    try {
      await this.begin(client);
      await client.query('INSERT INTO ledger VALUES ($1)', [total]);
      await this.commit(client);
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  }
}
`,
  });

  reports('a client that may be missing, in an arrow field', {
    code: `import { Pool, type PoolClient } from 'pg';
const pool = new Pool();

export class Ledger {
  book = async (total: number): Promise<void> => {
    const client: PoolClient | undefined = await pool.connect();
    try {
      await client?.query('BEGIN');
      await client?.query('INSERT INTO ledger VALUES ($1)', [total]);
      await client?.query('COMMIT');
    } finally {
      client?.release();
    }
  };
}
`,
    errors: [
      {
        messageId: 'openOnFailure',
        on: 'client?.release()',
        data: {
          name: 'client',
          write: 'line 8',
          failing: "`client?.query('INSERT I… VALUES ($1)', [total])` on line 9",
        },
      },
    ],
    output: `import { Pool, type PoolClient } from 'pg';
const pool = new Pool();

export class Ledger {
  book = async (total: number): Promise<void> => {
    const client: PoolClient | undefined = await pool.connect();
    try {
      await client?.query('BEGIN');
      await client?.query('INSERT INTO ledger VALUES ($1)', [total]);
      await client?.query('COMMIT');
    } catch (error) {
      await client?.query('ROLLBACK');
      throw error;
    } finally {
      client?.release();
    }
  };
}
`,
  });

  reports('an alias of the client, statements in objects', {
    code: `import { Pool } from 'pg';
const pool = new Pool();
export async function close(order: string): Promise<void> {
  const client = await pool.connect();
  const db = client;
  try {
    await db.query({ text: 'BEGIN' });
    await db.query({ text: 'UPDATE orders SET open = false WHERE id = $1', values: [order] });
    await db.query({ text: 'COMMIT' });
  } finally {
    db.release();
  }
}
`,
    errors: [
      {
        messageId: 'openOnFailure',
        on: 'db.release()',
        data: {
          name: 'client',
          write: 'line 7',
          failing: "`db.query({ text: 'UPDAT…$1', values: [order] })` on line 8",
        },
      },
    ],
    output: `import { Pool } from 'pg';
const pool = new Pool();
export async function close(order: string): Promise<void> {
  const client = await pool.connect();
  const db = client;
  try {
    await db.query({ text: 'BEGIN' });
    await db.query({ text: 'UPDATE orders SET open = false WHERE id = $1', values: [order] });
    await db.query({ text: 'COMMIT' });
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    db.release();
  }
}
`,
  });

  reports('a connection that the pool takes back', {
    code: `import mysql from 'mysql2/promise';
const pool = mysql.createPool({});
export async function close(order: string): Promise<void> {
  const connection = await pool.getConnection();
  try {
    await connection.query('START TRANSACTION');
    await connection.execute('UPDATE orders SET open = 0 WHERE id = ?', [order]);
    await connection.query('COMMIT');
  } finally {
    pool.releaseConnection(connection);
  }
}
`,
    errors: [
      {
        messageId: 'openOnFailure',
        on: 'pool.releaseConnection(connection)',
        data: {
          name: 'connection',
          write: 'line 6',
          failing: "`connection.execute('UPD…WHERE id = ?', [order])` on line 7",
        },
      },
    ],
    output: `import mysql from 'mysql2/promise';
const pool = mysql.createPool({});
export async function close(order: string): Promise<void> {
  const connection = await pool.getConnection();
  try {
    await connection.query('START TRANSACTION');
    await connection.execute('UPDATE orders SET open = 0 WHERE id = ?', [order]);
    await connection.query('COMMIT');
  } catch (error) {
    await connection.rollback();
    throw error;
  } finally {
    pool.releaseConnection(connection);
  }
}
`,
  });

  reports('helpers of another file, exported again', {
    code: `import { Pool } from 'pg';
import { begin, commit } from './index.js';
const pool = new Pool();
export async function close(order: string): Promise<void> {
  const client = await pool.connect();
  try {
    await begin(client);
    await client.query('UPDATE orders SET open = false WHERE id = $1', [order]);
    await commit(client);
  } finally {
    client.release();
  }
}
`,
    files: {
      'index.ts': `export { begin, end as commit } from './transaction.js';
`,
      'transaction.ts': `import type { ClientBase } from 'pg';
export async function begin(client: ClientBase): Promise<void> {
  await client.query('BEGIN');
}
export const end = async (client: ClientBase): Promise<void> => {
  await client.query('COMMIT');
};
`,
    },
    errors: [
      {
        messageId: 'openOnFailure',
        on: 'client.release()',
        data: {
          name: 'client',
          write: 'line 7',
          failing: "`client.query('UPDATE or…HERE id = $1', [order])` on line 8",
        },
      },
    ],
    output: `import { Pool } from 'pg';
import { begin, commit } from './index.js';
const pool = new Pool();
export async function close(order: string): Promise<void> {
  const client = await pool.connect();
  try {
    await begin(client);
    await client.query('UPDATE orders SET open = false WHERE id = $1', [order]);
    await commit(client);
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`,
  });

  reports('JavaScript with types in comments', {
    code: `import { Pool } from 'pg';
const pool = new Pool();
/**
 * @param {string} order
 * @returns {Promise<void>}
 */
export async function close(order) {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('UPDATE orders SET open = false WHERE id = $1', [order]);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}
`,
    filename: 'orders.js',
    errors: [
      {
        messageId: 'openOnFailure',
        on: 'client.release()',
        data: {
          name: 'client',
          write: 'line 10',
          failing: "`client.query('UPDATE or…HERE id = $1', [order])` on line 11",
        },
      },
    ],
    output: `import { Pool } from 'pg';
const pool = new Pool();
/**
 * @param {string} order
 * @returns {Promise<void>}
 */
export async function close(order) {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('UPDATE orders SET open = false WHERE id = $1', [order]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`,
  });

  reports('a statement that timed out, the connection put back', {
    code: `import mysql from 'mysql2/promise';
const pool = mysql.createPool({});
export async function totalOf(order: string): Promise<unknown> {
  const connection = await pool.getConnection();
  try {
    const [rows] = await connection.query({ sql: 'SELECT total FROM orders WHERE id = ?', timeout: 1000 }, [order]);
    connection.release();
    return rows;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'PROTOCOL_SEQUENCE_TIMEOUT') {
      connection.release();
      return undefined;
    }
    connection.destroy();
    throw error;
  }
}
`,
    errors: [
      {
        messageId: 'busy',
        on: 'connection.release()',
        line: 11,
        data: { name: 'connection', line: 'line 10' },
      },
    ],
    output: `import mysql from 'mysql2/promise';
const pool = mysql.createPool({});
export async function totalOf(order: string): Promise<unknown> {
  const connection = await pool.getConnection();
  try {
    const [rows] = await connection.query({ sql: 'SELECT total FROM orders WHERE id = ?', timeout: 1000 }, [order]);
    connection.release();
    return rows;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'PROTOCOL_SEQUENCE_TIMEOUT') {
      connection.destroy();
      return undefined;
    }
    connection.destroy();
    throw error;
  }
}
`,
  });

  reports('the same with the message of the driver', {
    code: `import { Pool } from 'pg';
const pool = new Pool();
export async function totalOf(order: string): Promise<unknown> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query('SELECT total FROM orders WHERE id = $1', [order]);
    client.release();
    return rows;
  } catch (error) {
    if ((error as Error).message.includes('Query read timeout')) {
      client.release();
      return undefined;
    }
    client.release(true);
    throw error;
  }
}
`,
    errors: [
      {
        messageId: 'busy',
        on: 'client.release()',
        line: 11,
        data: { name: 'client', line: 'line 10' },
      },
    ],
    output: `import { Pool } from 'pg';
const pool = new Pool();
export async function totalOf(order: string): Promise<unknown> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query('SELECT total FROM orders WHERE id = $1', [order]);
    client.release();
    return rows;
  } catch (error) {
    if ((error as Error).message.includes('Query read timeout')) {
      client.release(true);
      return undefined;
    }
    client.release(true);
    throw error;
  }
}
`,
  });

  stays('silent when the connection is discarded then', {
    code: `import { Pool } from 'pg';
const pool = new Pool();
export async function totalOf(order: string): Promise<unknown> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query('SELECT total FROM orders WHERE id = $1', [order]);
    client.release();
    return rows;
  } catch (error) {
    if ((error as Error).message === 'Query read timeout') {
      client.release(error as Error);
      return undefined;
    }
    client.release();
    throw error;
  }
}
`,
  });

  stays('silent about the other branch, and about errors of the statement', {
    code: `import { Pool } from 'pg';
const pool = new Pool();
export async function totalOf(order: string): Promise<unknown> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query('SELECT total FROM orders WHERE id = $1', [order]);
    client.release();
    return rows;
  } catch (error) {
    const { message } = error as Error;
    if (message !== 'Query read timeout') client.release();
    else client.release(true);
    throw error;
  }
}
`,
  });

  stays('silent about a message that is not the one of the error', {
    code: `import { Pool } from 'pg';
const pool = new Pool();
export async function note(message: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('INSERT INTO notes VALUES ($1)', [message]);
  } finally {
    if (message === 'Query read timeout') client.release();
    else client.release(true);
  }
}
`,
  });

  stays('silent about a transaction of a callee that ends it on both ways', {
    code: `import { Pool, type PoolClient } from 'pg';
const pool = new Pool();
async function migrate(client: PoolClient): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock(7)');
    await client.query('SET LOCAL search_path TO app');
    await client.query('CREATE TABLE orders (id int)');
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}
export async function boot(): Promise<void> {
  const client = await pool.connect();
  try {
    await migrate(client);
  } finally {
    client.release();
  }
}
`,
  });

  stays('silent about a session that its end rolls back', {
    code: `import { MongoClient } from 'mongodb';
const client = new MongoClient('mongodb://127.0.0.1');
export async function pay(order: string): Promise<void> {
  const session = client.startSession();
  try {
    session.startTransaction();
    await client.db('shop').collection('orders').updateOne({ order }, { $set: { paid: true } }, { session });
    await session.commitTransaction();
  } finally {
    await session.endSession();
  }
}
`,
  });

  stays('silent about words that only begin like a statement', {
    code: `import { Pool } from 'pg';
const pool = new Pool();
const SETTLE = 'settle';
export async function settle(): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(SETTLE);
    await client.query(\`SELECT 'begin' AS word\`);
    await client.query('UPDATE orders SET used = true');
  } finally {
    client.release();
  }
}
`,
  });

  stays('silent when the error that the connection met goes with it', {
    code: `import { Pool, type PoolClient } from 'pg';
const pool = new Pool();
export async function inTransaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let failed: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    failed = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    client.release(failed);
  }
}
`,
  });

  stays('silent when the pool was told to reset what comes back', {
    code: `import mysql from 'mysql2/promise';
const pool = mysql.createPool({ resetOnRelease: true });
export async function ordersOf(tenant: string): Promise<unknown> {
  const connection = await pool.getConnection();
  try {
    await connection.query('SET @tenant = ?', [tenant]);
    const [rows] = await connection.query('SELECT * FROM orders WHERE tenant = @tenant');
    return rows;
  } finally {
    connection.release();
  }
}
`,
  });

  reports('the same without that option', {
    code: `import mysql from 'mysql2/promise';
const pool = mysql.createPool({ resetOnRelease: false });
export async function ordersOf(tenant: string): Promise<unknown> {
  const connection = await pool.getConnection();
  try {
    await connection.query('SET @tenant = ?', [tenant]);
    const [rows] = await connection.query('SELECT * FROM orders WHERE tenant = @tenant');
    return rows;
  } finally {
    connection.release();
  }
}
`,
    errors: [
      {
        messageId: 'session',
        on: 'connection.release()',
        data: { name: 'connection', part: 'the setting made', write: 'line 6' },
        suggestions: [
          {
            messageId: 'undo',
            data: { name: 'connection' },
            output: `import mysql from 'mysql2/promise';
const pool = mysql.createPool({ resetOnRelease: false });
export async function ordersOf(tenant: string): Promise<unknown> {
  const connection = await pool.getConnection();
  try {
    await connection.query('SET @tenant = ?', [tenant]);
    const [rows] = await connection.query('SELECT * FROM orders WHERE tenant = @tenant');
    return rows;
  } finally {
    try {
      await connection.changeUser({});
    } finally {
      connection.release();
    }
  }
}
`,
          },
        ],
      },
    ],
    output: `import mysql from 'mysql2/promise';
const pool = mysql.createPool({ resetOnRelease: false });
export async function ordersOf(tenant: string): Promise<unknown> {
  const connection = await pool.getConnection();
  try {
    await connection.query('SET @tenant = ?', [tenant]);
    const [rows] = await connection.query('SELECT * FROM orders WHERE tenant = @tenant');
    return rows;
  } finally {
    connection.destroy();
  }
}
`,
  });

  stays('silent about a transaction that the release of mariadb rolls back', {
    code: `import { createPool } from 'mariadb';
const pool = createPool({});
export async function pay(order: string): Promise<void> {
  const connection = await pool.getConnection();
  try {
    await connection.beginTransaction();
    await connection.query('UPDATE orders SET paid = 1 WHERE id = ?', [order]);
    await connection.commit();
  } finally {
    await connection.release();
  }
}
`,
  });

  reports('a setting that the release of mariadb leaves', {
    code: `import { createPool } from 'mariadb';
const pool = createPool({});
export async function ordersOf(tenant: string): Promise<unknown> {
  const connection = await pool.getConnection();
  try {
    await connection.query('SET @tenant = ?', [tenant]);
    return await connection.query('SELECT * FROM orders WHERE tenant = @tenant');
  } finally {
    await connection.release();
  }
}
`,
    errors: [
      {
        messageId: 'session',
        on: 'connection.release()',
        data: { name: 'connection', part: 'the setting made', write: 'line 6' },
        suggestions: [
          {
            messageId: 'undo',
            data: { name: 'connection' },
            output: `import { createPool } from 'mariadb';
const pool = createPool({});
export async function ordersOf(tenant: string): Promise<unknown> {
  const connection = await pool.getConnection();
  try {
    await connection.query('SET @tenant = ?', [tenant]);
    return await connection.query('SELECT * FROM orders WHERE tenant = @tenant');
  } finally {
    try {
      await connection.changeUser();
    } finally {
      await connection.release();
    }
  }
}
`,
          },
        ],
      },
    ],
  });
});
