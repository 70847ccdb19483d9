import rule from '../../src/rules/no-unawaited-guard.ts';
import { ruleTests } from '../support/tester.ts';

ruleTests(rule, ({ reports, stays }) => {
  // ------------------------------------------------------------------ guards

  reports('a guard whose caller goes on to change what it checks', {
    code: `
interface Shelf { archived: boolean }
declare const shelves: { find(id: string): Promise<Shelf>; update(id: string, name: string): Promise<void> };
async function assertNotArchived(id: string): Promise<void> {
  const shelf = await shelves.find(id);
  if (shelf.archived) throw new Error('archived');
}
export async function renameShelf(id: string, name: string): Promise<void> {
  assertNotArchived(id);
  await shelves.update(id, name);
}`,
    errors: [
      {
        messageId: 'guard',
        on: 'assertNotArchived(id)',
        line: 9,
        data: { name: 'assertNotArchived', next: 'line 10', throws: 'line 6' },
      },
    ],
    output: `
interface Shelf { archived: boolean }
declare const shelves: { find(id: string): Promise<Shelf>; update(id: string, name: string): Promise<void> };
async function assertNotArchived(id: string): Promise<void> {
  const shelf = await shelves.find(id);
  if (shelf.archived) throw new Error('archived');
}
export async function renameShelf(id: string, name: string): Promise<void> {
  await assertNotArchived(id);
  await shelves.update(id, name);
}`,
  });

  stays('silent when the guard is awaited', {
    code: `
interface Shelf { archived: boolean }
declare const shelves: { find(id: string): Promise<Shelf>; update(id: string, name: string): Promise<void> };
async function assertNotArchived(id: string): Promise<void> {
  const shelf = await shelves.find(id);
  if (shelf.archived) throw new Error('archived');
}
export async function renameShelf(id: string, name: string): Promise<void> {
  await assertNotArchived(id);
  await shelves.update(id, name);
}`,
  });

  reports('a guard by its structure alone, whatever its name says', {
    code: `
declare const seats: { left(show: string): Promise<number>; book(show: string): Promise<void> };
const roomFor = async (show: string) => {
  if ((await seats.left(show)) === 0) throw new Error('sold out');
};
export async function book(show: string): Promise<void> {
  roomFor(show);
  await seats.book(show);
}`,
    errors: [
      {
        messageId: 'guard',
        on: 'roomFor(show)',
        data: { name: 'roomFor', next: 'line 8', throws: 'line 4' },
      },
    ],
    output: `
declare const seats: { left(show: string): Promise<number>; book(show: string): Promise<void> };
const roomFor = async (show: string) => {
  if ((await seats.left(show)) === 0) throw new Error('sold out');
};
export async function book(show: string): Promise<void> {
  await roomFor(show);
  await seats.book(show);
}`,
  });

  stays('silent about a function that throws and changes something, by a name that says nothing', {
    code: `
declare const mailer: { send(to: string): Promise<void> };
declare const orders: { close(id: string): Promise<void> };
async function confirmation(to: string): Promise<void> {
  if (to === '') throw new Error('no address');
  await mailer.send(to);
}
export async function close(id: string, to: string): Promise<string> {
  confirmation(to);
  await orders.close(id);
  return to;
}`,
  });

  reports('a guard that also writes, when its name says so and its subject is worked on', {
    code: `
declare const usage: { of(user: string): Promise<number>; count(user: string): Promise<void> };
declare const reports: { render(user: string): Promise<string> };
async function checkQuota(user: string): Promise<void> {
  const used = await usage.of(user);
  if (used > 100) throw new Error('quota exceeded');
  await usage.count(user);
}
export async function report(user: string): Promise<string> {
  checkQuota(user);
  return reports.render(user);
}`,
    errors: [
      { messageId: 'guard', on: 'checkQuota(user)', data: { name: 'checkQuota', next: 'line 11', throws: 'line 6' } },
    ],
    output: `
declare const usage: { of(user: string): Promise<number>; count(user: string): Promise<void> };
declare const reports: { render(user: string): Promise<string> };
async function checkQuota(user: string): Promise<void> {
  const used = await usage.of(user);
  if (used > 100) throw new Error('quota exceeded');
  await usage.count(user);
}
export async function report(user: string): Promise<string> {
  await checkQuota(user);
  return reports.render(user);
}`,
  });

  stays('silent about such a guard when what follows is about something else', {
    code: `
declare const usage: { of(user: string): Promise<number>; count(user: string): Promise<void> };
declare const news: { latest(): Promise<string> };
async function checkQuota(user: string): Promise<void> {
  const used = await usage.of(user);
  if (used > 100) throw new Error('quota exceeded');
  await usage.count(user);
}
export async function headlines(user: string): Promise<string> {
  checkQuota(user);
  return news.latest();
}`,
  });

  reports('a guard that is told by its description above a variable', {
    code: `
declare const ledger: { balance(account: string): Promise<number>; reserve(account: string): Promise<void> };
/** Rejects when the account cannot pay; reserves the amount otherwise. */
const cover = async (account: string): Promise<void> => {
  if ((await ledger.balance(account)) <= 0) throw new Error('not covered');
  await ledger.reserve(account);
};
declare function pay(account: string): Promise<void>;
export async function settle(account: string): Promise<void> {
  cover(account);
  await pay(account);
}`,
    errors: [
      {
        messageId: 'guard',
        on: 'cover(account)',
        line: 10,
        data: { name: 'cover', next: 'line 11', throws: 'line 5' },
      },
    ],
    output: `
declare const ledger: { balance(account: string): Promise<number>; reserve(account: string): Promise<void> };
/** Rejects when the account cannot pay; reserves the amount otherwise. */
const cover = async (account: string): Promise<void> => {
  if ((await ledger.balance(account)) <= 0) throw new Error('not covered');
  await ledger.reserve(account);
};
declare function pay(account: string): Promise<void>;
export async function settle(account: string): Promise<void> {
  await cover(account);
  await pay(account);
}`,
  });

  reports('a guard that is told by its description', {
    code: `
declare const ledger: { balance(account: string): Promise<number>; reserve(account: string): Promise<void> };
/** Rejects when the account cannot pay; reserves the amount otherwise. */
async function cover(account: string): Promise<void> {
  if ((await ledger.balance(account)) <= 0) throw new Error('not covered');
  await ledger.reserve(account);
}
declare function pay(account: string): Promise<void>;
export async function settle(account: string): Promise<void> {
  cover(account);
  await pay(account);
}`,
    errors: [
      {
        messageId: 'guard',
        on: 'cover(account)',
        line: 10,
        data: { name: 'cover', next: 'line 11', throws: 'line 5' },
      },
    ],
    output: `
declare const ledger: { balance(account: string): Promise<number>; reserve(account: string): Promise<void> };
/** Rejects when the account cannot pay; reserves the amount otherwise. */
async function cover(account: string): Promise<void> {
  if ((await ledger.balance(account)) <= 0) throw new Error('not covered');
  await ledger.reserve(account);
}
declare function pay(account: string): Promise<void>;
export async function settle(account: string): Promise<void> {
  await cover(account);
  await pay(account);
}`,
  });

  stays('silent about a check that sends something to somebody', {
    code: `
declare const users: { find(id: string): Promise<{ email: string }> };
declare const mailer: { send(to: string): Promise<void> };
async function verifyEmail(id: string): Promise<void> {
  const user = await users.find(id);
  if (user.email === '') throw new Error('no address');
  await mailer.send(user.email);
}
export async function signUp(id: string): Promise<string> {
  verifyEmail(id);
  return \`signed up as \${id}\`;
}`,
  });

  reports('a guard from another file, under another name', {
    code: `
import { assertOpen as mayEdit } from './guards.js';
declare const orders: { ship(id: string): Promise<void> };
export async function ship(id: string): Promise<void> {
  mayEdit(id);
  await orders.ship(id);
}`,
    files: {
      'guards.ts': `export { assertOpen } from './policy.js';`,
      'policy.ts': `
declare const orders: { find(id: string): Promise<{ open: boolean }> };
export async function assertOpen(id: string): Promise<void> {
  const order = await orders.find(id);
  if (!order.open) throw new Error('closed');
}`,
    },
    errors: [
      {
        messageId: 'guard',
        on: 'mayEdit(id)',
        data: { name: 'mayEdit', next: 'line 6', throws: 'line 5 of policy.ts' },
      },
    ],
    output: `
import { assertOpen as mayEdit } from './guards.js';
declare const orders: { ship(id: string): Promise<void> };
export async function ship(id: string): Promise<void> {
  await mayEdit(id);
  await orders.ship(id);
}`,
  });

  reports('wrappers that return or await another guard', {
    code: `
declare const orders: { find(id: string): Promise<{ open: boolean; owner: string }>; ship(id: string): Promise<void> };
async function assertOpen(id: string): Promise<void> {
  if (!(await orders.find(id)).open) throw new Error('closed');
}
const gate = (id: string) => assertOpen(id);
async function mayShip(id: string): Promise<void> {
  await gate(id);
}
export async function ship(id: string): Promise<void> {
  gate(id);
  mayShip(id);
  await orders.ship(id);
}`,
    errors: [
      { messageId: 'guard', on: 'gate(id)', line: 11, data: { name: 'gate', next: 'line 13', throws: 'line 4' } },
      { messageId: 'guard', on: 'mayShip(id)', line: 12, data: { name: 'mayShip', next: 'line 13', throws: 'line 4' } },
    ],
    output: `
declare const orders: { find(id: string): Promise<{ open: boolean; owner: string }>; ship(id: string): Promise<void> };
async function assertOpen(id: string): Promise<void> {
  if (!(await orders.find(id)).open) throw new Error('closed');
}
const gate = (id: string) => assertOpen(id);
async function mayShip(id: string): Promise<void> {
  await gate(id);
}
export async function ship(id: string): Promise<void> {
  await gate(id);
  await mayShip(id);
  await orders.ship(id);
}`,
  });

  reports('a hook that heirs fill with a guard', {
    code: `
declare const invoices: { find(id: string): Promise<{ paid: boolean }>; remove(id: string): Promise<void> };
export class Remover {
  protected async validate(_id: string): Promise<void> {}
  async remove(id: string): Promise<void> {
    this.validate(id);
    await invoices.remove(id);
  }
}
export class CarefulRemover extends Remover {
  protected override async validate(id: string): Promise<void> {
    if ((await invoices.find(id)).paid) throw new Error('paid invoices stay');
  }
}`,
    errors: [
      {
        messageId: 'guard',
        on: 'this.validate(id)',
        data: { name: 'this.validate', next: 'line 7', throws: 'line 12' },
      },
    ],
    output: `
declare const invoices: { find(id: string): Promise<{ paid: boolean }>; remove(id: string): Promise<void> };
export class Remover {
  protected async validate(_id: string): Promise<void> {}
  async remove(id: string): Promise<void> {
    await this.validate(id);
    await invoices.remove(id);
  }
}
export class CarefulRemover extends Remover {
  protected override async validate(id: string): Promise<void> {
    if ((await invoices.find(id)).paid) throw new Error('paid invoices stay');
  }
}`,
  });

  stays('silent when one of the heirs does something else', {
    code: `
declare const invoices: { find(id: string): Promise<{ paid: boolean }>; remove(id: string): Promise<void> };
declare const journal: { append(id: string): Promise<void> };
export class Remover {
  protected async before(id: string): Promise<void> {
    if ((await invoices.find(id)).paid) throw new Error('paid invoices stay');
  }
  async remove(id: string): Promise<void> {
    this.before(id);
    await invoices.remove(id);
  }
}
export class NotingRemover extends Remover {
  protected override async before(id: string): Promise<void> {
    await journal.append(id);
  }
}`,
  });

  reports('a guard behind an interface that a service is given', {
    code: `
interface AccessPolicy {
  assertMayEdit(id: string): Promise<void>;
}
declare const documents: { owner(id: string): Promise<string>; publish(id: string): Promise<void> };
export class OwnerPolicy implements AccessPolicy {
  async assertMayEdit(id: string): Promise<void> {
    const owner = await documents.owner(id);
    if (owner !== 'me') throw new Error('not yours');
  }
}
export class Publisher {
  private readonly policy: AccessPolicy;
  constructor(policy: AccessPolicy) {
    this.policy = policy;
  }
  async publish(id: string): Promise<void> {
    this.policy.assertMayEdit(id);
    await documents.publish(id);
  }
}`,
    errors: [
      {
        messageId: 'guard',
        on: 'this.policy.assertMayEdit(id)',
        data: { name: 'this.policy.assertMayEdit', next: 'line 19', throws: 'line 9' },
      },
    ],
    output: `
interface AccessPolicy {
  assertMayEdit(id: string): Promise<void>;
}
declare const documents: { owner(id: string): Promise<string>; publish(id: string): Promise<void> };
export class OwnerPolicy implements AccessPolicy {
  async assertMayEdit(id: string): Promise<void> {
    const owner = await documents.owner(id);
    if (owner !== 'me') throw new Error('not yours');
  }
}
export class Publisher {
  private readonly policy: AccessPolicy;
  constructor(policy: AccessPolicy) {
    this.policy = policy;
  }
  async publish(id: string): Promise<void> {
    await this.policy.assertMayEdit(id);
    await documents.publish(id);
  }
}`,
  });

  reports('a guard in an arrow field, called through an optional chain', {
    code: `
declare const sessions: { find(id: string): Promise<{ expired: boolean }>; extend(id: string): Promise<void> };
class Gate {
  assertFresh = async (id: string): Promise<void> => {
    const session = await sessions.find(id);
    if (session.expired) throw new Error('expired');
  };
}
export async function extend(id: string, gate?: Gate): Promise<void> {
  gate?.assertFresh(id);
  await sessions.extend(id);
}`,
    errors: [
      {
        messageId: 'guard',
        on: 'gate?.assertFresh(id)',
        data: { name: 'gate?.assertFresh', next: 'line 11', throws: 'line 6' },
      },
    ],
    output: `
declare const sessions: { find(id: string): Promise<{ expired: boolean }>; extend(id: string): Promise<void> };
class Gate {
  assertFresh = async (id: string): Promise<void> => {
    const session = await sessions.find(id);
    if (session.expired) throw new Error('expired');
  };
}
export async function extend(id: string, gate?: Gate): Promise<void> {
  await gate?.assertFresh(id);
  await sessions.extend(id);
}`,
  });

  reports('a generic guard, an operand of `&&`, and one in a conditional', {
    code: `
declare const store: { has<T>(of: T): Promise<boolean>; put<T>(of: T): Promise<void> };
async function requireAbsent<T extends object>(entry: T): Promise<void> {
  if (await store.has(entry)) throw new Error('there already');
}
async function requirePresent<T extends object>(entry: T): Promise<void> {
  if (!(await store.has(entry))) throw new Error('not there');
}
export async function put<T extends object>(entry: T, isNew: boolean, isChecked: boolean): Promise<void> {
  isChecked && requireAbsent(entry);
  isNew ? requireAbsent(entry) : requirePresent(entry);
  await store.put(entry);
}`,
    errors: [
      {
        messageId: 'guard',
        on: 'requireAbsent(entry)',
        line: 10,
        data: { name: 'requireAbsent', next: 'line 12', throws: 'line 4' },
      },
      {
        messageId: 'guard',
        on: 'requireAbsent(entry)',
        line: 11,
        data: { name: 'requireAbsent', next: 'line 12', throws: 'line 4' },
      },
      {
        messageId: 'guard',
        on: 'requirePresent(entry)',
        line: 11,
        data: { name: 'requirePresent', next: 'line 12', throws: 'line 7' },
      },
    ],
    output: `
declare const store: { has<T>(of: T): Promise<boolean>; put<T>(of: T): Promise<void> };
async function requireAbsent<T extends object>(entry: T): Promise<void> {
  if (await store.has(entry)) throw new Error('there already');
}
async function requirePresent<T extends object>(entry: T): Promise<void> {
  if (!(await store.has(entry))) throw new Error('not there');
}
export async function put<T extends object>(entry: T, isNew: boolean, isChecked: boolean): Promise<void> {
  isChecked && (await requireAbsent(entry));
  isNew ? await requireAbsent(entry) : await requirePresent(entry);
  await store.put(entry);
}`,
  });

  reports('a promise in a variable that nobody looks at, and the left side of a comma', {
    code: `
declare const rooms: { isFree(id: string): Promise<boolean>; reserve(id: string): Promise<void> };
async function ensureFree(id: string): Promise<void> {
  if (!(await rooms.isFree(id))) throw new Error('taken');
}
let attempts = 0;
export async function reserve(id: string): Promise<number> {
  const checked = ensureFree(id); // the room
  await rooms.reserve(id);
  return attempts;
}
export async function retry(id: string): Promise<void> {
  ensureFree(id), attempts++;
  await rooms.reserve(id);
}`,
    errors: [
      {
        messageId: 'guard',
        on: 'ensureFree(id)',
        line: 8,
        data: { name: 'ensureFree', next: 'line 9', throws: 'line 4' },
      },
      {
        messageId: 'guard',
        on: 'ensureFree(id)',
        line: 13,
        data: { name: 'ensureFree', next: 'line 13', throws: 'line 4' },
      },
    ],
    output: `
declare const rooms: { isFree(id: string): Promise<boolean>; reserve(id: string): Promise<void> };
async function ensureFree(id: string): Promise<void> {
  if (!(await rooms.isFree(id))) throw new Error('taken');
}
let attempts = 0;
export async function reserve(id: string): Promise<number> {
  await ensureFree(id); // the room
  await rooms.reserve(id);
  return attempts;
}
export async function retry(id: string): Promise<void> {
  await ensureFree(id), attempts++;
  await rooms.reserve(id);
}`,
  });

  stays('silent when the promise is awaited later, joined, returned, stored or passed on', {
    code: `
declare const rooms: { isFree(id: string): Promise<boolean>; reserve(id: string): Promise<void> };
declare function track(work: Promise<void>): void;
async function ensureFree(id: string): Promise<void> {
  if (!(await rooms.isFree(id))) throw new Error('taken');
}
const pending: Promise<void>[] = [];
export async function reserve(id: string): Promise<void> {
  const checked = ensureFree(id);
  await rooms.reserve(id);
  await checked;
}
export async function reserveBoth(id: string): Promise<void> {
  await Promise.all([ensureFree(id), rooms.reserve(id)]);
}
export async function reserveLater(id: string): Promise<void> {
  pending.push(ensureFree(id));
  await rooms.reserve(id);
}
export async function reserveTracked(id: string): Promise<void> {
  track(ensureFree(id));
  await rooms.reserve(id);
}
export function reserveOnly(id: string): Promise<void> {
  return ensureFree(id);
}`,
  });

  reports('a join of guards, and a chain that only observes', {
    code: `
declare const rooms: { isFree(id: string): Promise<boolean>; reserve(ids: readonly string[]): Promise<void> };
declare const timer: { stop(): void };
async function ensureFree(id: string): Promise<void> {
  if (!(await rooms.isFree(id))) throw new Error('taken');
}
export async function reserveAll(ids: readonly string[]): Promise<void> {
  Promise.all(ids.map((id) => ensureFree(id)));
  await rooms.reserve(ids);
}
export async function reserve(id: string): Promise<void> {
  ensureFree(id).finally(() => timer.stop());
  await rooms.reserve([id]);
}`,
    errors: [
      {
        messageId: 'guard',
        on: 'Promise.all(ids.map((id) => ensureFree(id)))',
        data: { name: 'Promise.all', next: 'line 9', throws: 'line 5' },
      },
      {
        messageId: 'guard',
        on: 'ensureFree(id).finally(() => timer.stop())',
        data: { name: 'ensureFree', next: 'line 13', throws: 'line 5' },
      },
    ],
    output: `
declare const rooms: { isFree(id: string): Promise<boolean>; reserve(ids: readonly string[]): Promise<void> };
declare const timer: { stop(): void };
async function ensureFree(id: string): Promise<void> {
  if (!(await rooms.isFree(id))) throw new Error('taken');
}
export async function reserveAll(ids: readonly string[]): Promise<void> {
  await Promise.all(ids.map((id) => ensureFree(id)));
  await rooms.reserve(ids);
}
export async function reserve(id: string): Promise<void> {
  await ensureFree(id).finally(() => timer.stop());
  await rooms.reserve([id]);
}`,
  });

  stays('silent when the chain has a handler, or goes on by itself', {
    code: `
declare const rooms: { isFree(id: string): Promise<boolean>; reserve(id: string): Promise<void> };
async function ensureFree(id: string): Promise<void> {
  if (!(await rooms.isFree(id))) throw new Error('taken');
}
export async function reserve(id: string, next: (error: unknown) => void): Promise<void> {
  ensureFree(id).catch(next);
  await rooms.reserve(id);
}
export async function reserveThen(id: string): Promise<void> {
  ensureFree(id).then(() => rooms.reserve(id));
  await rooms.reserve(id);
}`,
    options: { certainty: 'likely' },
  });

  reports('guards that refuse by a helper, an assertion function, a callback or a rejected promise', {
    code: `
import assert from 'node:assert/strict';
declare const carts: { find(id: string): Promise<{ lines: { stock: number }[] }>; order(id: string): Promise<void> };
function fail(reason: string): never {
  throw new Error(reason);
}
async function assertFilled(id: string): Promise<void> {
  if ((await carts.find(id)).lines.length === 0) fail('empty');
}
async function assertKnown(id: string): Promise<void> {
  const cart = await carts.find(id);
  assert(cart.lines.length < 100);
}
async function assertInStock(id: string): Promise<void> {
  (await carts.find(id)).lines.forEach((line) => {
    if (line.stock < 1) throw new Error('out of stock');
  });
}
function assertNamed(id: string): Promise<void> {
  return id === '' ? Promise.reject(new Error('no name')) : Promise.resolve();
}
function assertSmall(id: string): Promise<void> {
  return carts.find(id).then((cart) => {
    if (cart.lines.length > 50) throw new Error('too many');
  });
}
export async function order(id: string): Promise<void> {
  assertFilled(id);
  assertKnown(id);
  assertInStock(id);
  assertNamed(id);
  assertSmall(id);
  await carts.order(id);
}`,
    errors: [
      { messageId: 'guard', on: 'assertFilled(id)', data: { name: 'assertFilled', next: 'line 33', throws: 'line 8' } },
      { messageId: 'guard', on: 'assertKnown(id)', data: { name: 'assertKnown', next: 'line 33', throws: 'line 12' } },
      {
        messageId: 'guard',
        on: 'assertInStock(id)',
        data: { name: 'assertInStock', next: 'line 33', throws: 'line 16' },
      },
      { messageId: 'guard', on: 'assertNamed(id)', data: { name: 'assertNamed', next: 'line 33', throws: 'line 20' } },
      { messageId: 'guard', on: 'assertSmall(id)', data: { name: 'assertSmall', next: 'line 33', throws: 'line 24' } },
    ],
    output: `
import assert from 'node:assert/strict';
declare const carts: { find(id: string): Promise<{ lines: { stock: number }[] }>; order(id: string): Promise<void> };
function fail(reason: string): never {
  throw new Error(reason);
}
async function assertFilled(id: string): Promise<void> {
  if ((await carts.find(id)).lines.length === 0) fail('empty');
}
async function assertKnown(id: string): Promise<void> {
  const cart = await carts.find(id);
  assert(cart.lines.length < 100);
}
async function assertInStock(id: string): Promise<void> {
  (await carts.find(id)).lines.forEach((line) => {
    if (line.stock < 1) throw new Error('out of stock');
  });
}
function assertNamed(id: string): Promise<void> {
  return id === '' ? Promise.reject(new Error('no name')) : Promise.resolve();
}
function assertSmall(id: string): Promise<void> {
  return carts.find(id).then((cart) => {
    if (cart.lines.length > 50) throw new Error('too many');
  });
}
export async function order(id: string): Promise<void> {
  await assertFilled(id);
  await assertKnown(id);
  await assertInStock(id);
  await assertNamed(id);
  await assertSmall(id);
  await carts.order(id);
}`,
  });

  reports('a named guard whose result is thrown away with it', {
    code: `
interface Token { readonly scope: string }
declare const tokens: { find(id: string): Promise<Token | undefined> };
declare const files: { remove(path: string): Promise<void> };
async function requireToken(id: string): Promise<Token> {
  const token = await tokens.find(id);
  if (token === undefined) throw new Error('unknown token');
  return token;
}
export async function remove(id: string, path: string): Promise<void> {
  requireToken(id);
  await files.remove(path);
}`,
    errors: [
      { messageId: 'guard', on: 'requireToken(id)', data: { name: 'requireToken', next: 'line 12', throws: 'line 7' } },
    ],
    output: `
interface Token { readonly scope: string }
declare const tokens: { find(id: string): Promise<Token | undefined> };
declare const files: { remove(path: string): Promise<void> };
async function requireToken(id: string): Promise<Token> {
  const token = await tokens.find(id);
  if (token === undefined) throw new Error('unknown token');
  return token;
}
export async function remove(id: string, path: string): Promise<void> {
  await requireToken(id);
  await files.remove(path);
}`,
  });

  stays('silent about functions that answer instead of throwing, or give a value for its own sake', {
    code: `
declare const tokens: { find(id: string): Promise<{ scope: string } | undefined> };
declare const files: { remove(path: string): Promise<void> };
async function canRemove(id: string): Promise<boolean> {
  if (id === '') throw new Error('no id');
  return (await tokens.find(id))?.scope === 'write';
}
async function scopeOf(id: string): Promise<string> {
  const token = await tokens.find(id);
  if (token === undefined) throw new Error('unknown token');
  return token.scope;
}
export async function remove(id: string, path: string): Promise<void> {
  canRemove(id);
  scopeOf(id);
  await files.remove(path);
}`,
  });

  stays('silent about a callee that handles its own failures', {
    code: `
declare const stock: { left(id: string): Promise<number> };
declare const orders: { ship(id: string): Promise<void> };
async function assertStock(id: string): Promise<void> {
  if ((await stock.left(id)) === 0) throw new Error('sold out');
}
async function checkStock(id: string): Promise<void> {
  try {
    await assertStock(id);
  } catch (error) {
    console.error(error);
  }
}
export async function ship(id: string): Promise<void> {
  checkStock(id);
  await orders.ship(id);
}`,
  });

  stays('silent when nothing after the guard relies on it', {
    code: `
declare const stock: { left(id: string): Promise<number> };
declare const orders: { ship(id: string): Promise<void> };
async function assertStock(id: string): Promise<void> {
  if ((await stock.left(id)) === 0) throw new Error('sold out');
}
export async function ship(id: string): Promise<void> {
  await orders.ship(id);
  assertStock(id);
}
export async function shipQuietly(id: string): Promise<boolean> {
  await orders.ship(id);
  assertStock(id);
  console.log('shipped', id);
  return true;
}`,
  });

  stays('silent about work that waits without a bound or runs for the life of the process', {
    code: `
import { createServer } from 'node:http';
declare const queue: { next(): Promise<string>; isOpen(): Promise<boolean> };
declare const orders: { ship(id: string): Promise<void> };
async function assertDrained(): Promise<void> {
  while (await queue.isOpen()) {
    const order = await queue.next();
    if (order === '') throw new Error('empty');
  }
}
async function checkPort(port: number): Promise<void> {
  if (port < 1024) throw new Error('privileged');
  createServer().listen(port);
}
export async function ship(id: string, port: number): Promise<void> {
  assertDrained();
  checkPort(port);
  await orders.ship(\`\${id} \${port}\`);
}`,
  });

  stays('silent about monitors that fail with their transport or report what they find', {
    code: `
declare const orders: { ship(id: string): Promise<void> };
async function heartbeat(): Promise<void> {
  const response = await fetch('http://monitor.internal/beat');
  if (!response.ok) throw new Error('monitor is down');
}
async function checkForUpdates(): Promise<void> {
  const response = await fetch('http://updates.internal/latest');
  const { version } = (await response.json()) as { version?: string };
  if (version === undefined) throw new Error('no version');
  console.info('newest version', version);
}
export async function ship(id: string): Promise<void> {
  heartbeat();
  checkForUpdates();
  await orders.ship(id);
}`,
  });

  stays('silent about functions without a suspension that may fail, and synchronous checks', {
    code: `
declare const orders: { ship(id: string): Promise<void> };
async function registered(_id: string): Promise<void> {}
function assertNamed(id: string): void {
  if (id === '') throw new Error('no name');
}
function assertNever(kind: never): never {
  throw new Error(String(kind));
}
async function prepare(kind: 'air' | 'sea'): Promise<void> {
  switch (kind) {
    case 'air':
    case 'sea':
      break;
    default:
      assertNever(kind);
  }
}
export async function ship(id: string): Promise<void> {
  registered(id);
  assertNamed(id);
  prepare('air');
  await orders.ship(id);
}`,
  });

  stays('silent when the intent to detach is plain', {
    code: `
declare const limits: { left(user: string): Promise<number> };
declare const reports: { render(user: string): Promise<string> };
async function checkLimit(user: string): Promise<void> {
  if ((await limits.left(user)) < 0) throw new Error('over the limit');
}
export async function render(user: string): Promise<string> {
  void checkLimit(user);
  return reports.render(user);
}
export async function renderSoon(user: string): Promise<string> {
  // Fire and forget: the limit is advisory.
  checkLimit(user);
  return reports.render(user);
}`,
  });

  reports('with `likely`, a guard marked as detached although something relies on it', {
    code: `
declare const limits: { left(user: string): Promise<number> };
declare const reports: { render(user: string): Promise<string> };
async function checkLimit(user: string): Promise<void> {
  if ((await limits.left(user)) < 0) throw new Error('over the limit');
}
export async function render(user: string): Promise<string> {
  void checkLimit(user);
  return reports.render(user);
}`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'guard',
        on: 'checkLimit(user)',
        data: { name: 'checkLimit', next: 'line 9', throws: 'line 5' },
        suggestions: [
          {
            messageId: 'await',
            data: { name: 'checkLimit' },
            output: `
declare const limits: { left(user: string): Promise<number> };
declare const reports: { render(user: string): Promise<string> };
async function checkLimit(user: string): Promise<void> {
  if ((await limits.left(user)) < 0) throw new Error('over the limit');
}
export async function render(user: string): Promise<string> {
  await checkLimit(user);
  return reports.render(user);
}`,
          },
        ],
      },
    ],
  });

  stays('silent in a script', {
    code: `#!/usr/bin/env node
declare const shelves: { find(id: string): Promise<{ archived: boolean }>; drop(id: string): Promise<void> };
async function assertNotArchived(id: string): Promise<void> {
  if ((await shelves.find(id)).archived) throw new Error('archived');
}
async function drop(id: string): Promise<void> {
  assertNotArchived(id);
  await shelves.drop(id);
}
await drop(process.argv[2] ?? '');
export {};`,
    filename: 'scripts/drop-shelf.ts',
  });

  stays('silent in a test', {
    code: `
import { test } from 'vitest';
declare const shelves: { find(id: string): Promise<{ archived: boolean }>; drop(id: string): Promise<void> };
async function assertNotArchived(id: string): Promise<void> {
  if ((await shelves.find(id)).archived) throw new Error('archived');
}
test('drops a shelf', async () => {
  assertNotArchived('7');
  await shelves.drop('7');
});`,
    filename: 'shelves.test.ts',
  });

  // ------------------------------------------------------------------ other files, JavaScript

  reports('a guard of a CommonJS module, in checked JavaScript', {
    code: `
const guards = require('./guards.cjs');
/** @param {string} id */
exports.rename = async function rename(id) {
  guards.assertOpen(id);
  await guards.update(id);
};`,
    filename: 'rename.cjs',
    files: {
      'guards.cjs': `
/** @type {Map<string, { archived: boolean }>} */
const rows = new Map();
/** @param {string} id */
async function assertOpen(id) {
  if (rows.get(id)?.archived) throw new Error('archived');
}
/** @param {string} id */
async function update(id) {
  rows.set(id, { archived: false });
}
module.exports = { assertOpen, update };`,
    },
    compilerOptions: { allowJs: true, checkJs: true },
    errors: [
      {
        messageId: 'guard',
        on: 'guards.assertOpen(id)',
        data: { name: 'guards.assertOpen', next: 'line 6', throws: 'line 6 of guards.cjs' },
      },
    ],
    output: `
const guards = require('./guards.cjs');
/** @param {string} id */
exports.rename = async function rename(id) {
  await guards.assertOpen(id);
  await guards.update(id);
};`,
  });

  reports('a guard as the default export, taken apart from a namespace, and one that was bound', {
    code: `
import assertPaid, * as policy from './policy.js';
declare const orders: { ship(id: string): Promise<void> };
const { assertOpen: mustBeOpen } = policy;
const rules = new policy.Rules();
const mustBeOwn = rules.assertOwn.bind(rules);
export async function ship(id: string): Promise<void> {
  assertPaid(id);
  mustBeOpen(id);
  mustBeOwn(id);
  await orders.ship(id);
}`,
    files: {
      'policy.ts': `
declare const orders: { find(id: string): Promise<{ open: boolean; own: boolean; paid: boolean }> };
export default async function (id: string): Promise<void> {
  if (!(await orders.find(id)).paid) throw new Error('not paid');
}
export async function assertOpen(id: string): Promise<void> {
  if (!(await orders.find(id)).open) throw new Error('closed');
}
export class Rules {
  async assertOwn(id: string): Promise<void> {
    if (!(await orders.find(id)).own) throw new Error('not yours');
  }
}`,
    },
    errors: [
      {
        messageId: 'guard',
        on: 'assertPaid(id)',
        data: { name: 'assertPaid', next: 'line 11', throws: 'line 4 of policy.ts' },
      },
      {
        messageId: 'guard',
        on: 'mustBeOpen(id)',
        data: { name: 'mustBeOpen', next: 'line 11', throws: 'line 7 of policy.ts' },
      },
      {
        messageId: 'guard',
        on: 'mustBeOwn(id)',
        data: { name: 'mustBeOwn', next: 'line 11', throws: 'line 11 of policy.ts' },
      },
    ],
    output: `
import assertPaid, * as policy from './policy.js';
declare const orders: { ship(id: string): Promise<void> };
const { assertOpen: mustBeOpen } = policy;
const rules = new policy.Rules();
const mustBeOwn = rules.assertOwn.bind(rules);
export async function ship(id: string): Promise<void> {
  await assertPaid(id);
  await mustBeOpen(id);
  await mustBeOwn(id);
  await orders.ship(id);
}`,
  });

  // ------------------------------------------------------------------ initialisers

  reports('settings that are read before they are there', {
    code: `
interface Settings { limit: number }
declare function readSettings(): Promise<Settings>;
let settings: Settings | undefined;
async function loadSettings(): Promise<void> {
  settings = await readSettings();
}
export async function limitOf(): Promise<number> {
  loadSettings();
  return settings!.limit;
}`,
    errors: [
      {
        messageId: 'initialiser',
        on: 'loadSettings()',
        line: 9,
        data: { name: 'loadSettings', next: 'line 10', place: 'settings', write: 'line 6' },
      },
    ],
    output: `
interface Settings { limit: number }
declare function readSettings(): Promise<Settings>;
let settings: Settings | undefined;
async function loadSettings(): Promise<void> {
  settings = await readSettings();
}
export async function limitOf(): Promise<number> {
  await loadSettings();
  return settings!.limit;
}`,
  });

  stays('silent when the reader is prepared for settings that are not there', {
    code: `
interface Settings { limit: number }
declare function readSettings(): Promise<Settings>;
let settings: Settings | undefined;
async function loadSettings(): Promise<void> {
  settings = await readSettings();
}
export function limitOf(): number {
  loadSettings();
  return settings?.limit ?? 10;
}
export function limitOrNone(): number | undefined {
  loadSettings();
  if (settings === undefined) return undefined;
  return settings.limit;
}
export function current(): Settings | undefined {
  loadSettings();
  return settings;
}`,
  });

  reports('a field that a method fills, read by another method', {
    code: `
declare function readRules(): Promise<readonly string[]>;
class Policy {
  private rules!: readonly string[];
  async load(): Promise<void> {
    const rules = await readRules();
    this.rules = rules;
  }
  allows(action: string): boolean {
    return this.rules.includes(action);
  }
}
export async function mayShip(): Promise<boolean> {
  const policy = new Policy();
  policy.load();
  return policy.allows('ship');
}`,
    errors: [
      {
        messageId: 'initialiser',
        on: 'policy.load()',
        data: { name: 'policy.load', next: 'line 16', place: 'this.rules', write: 'line 7' },
      },
    ],
    output: `
declare function readRules(): Promise<readonly string[]>;
class Policy {
  private rules!: readonly string[];
  async load(): Promise<void> {
    const rules = await readRules();
    this.rules = rules;
  }
  allows(action: string): boolean {
    return this.rules.includes(action);
  }
}
export async function mayShip(): Promise<boolean> {
  const policy = new Policy();
  await policy.load();
  return policy.allows('ship');
}`,
  });

  reports('a property of an argument that is filled too late', {
    code: `
interface Context { token: string; user: { id: string } }
declare const users: { find(token: string): Promise<{ id: string }> };
async function loadUser(context: Context): Promise<void> {
  context.user = await users.find(context.token);
}
export async function whoAmI(context: Context): Promise<string> {
  loadUser(context);
  return context.user.id;
}`,
    errors: [
      {
        messageId: 'initialiser',
        on: 'loadUser(context)',
        data: { name: 'loadUser', next: 'line 9', place: 'context.user', write: 'line 5' },
      },
    ],
    output: `
interface Context { token: string; user: { id: string } }
declare const users: { find(token: string): Promise<{ id: string }> };
async function loadUser(context: Context): Promise<void> {
  context.user = await users.find(context.token);
}
export async function whoAmI(context: Context): Promise<string> {
  await loadUser(context);
  return context.user.id;
}`,
  });

  reports('a connection that is opened on demand and used at once', {
    code: `
declare function open(): Promise<{ query(text: string): Promise<string> }>;
class Store {
  #connection: { query(text: string): Promise<string> } | undefined;
  async #connect(): Promise<void> {
    this.#connection = await open();
  }
  async find(id: string): Promise<string> {
    if (this.#connection === undefined) this.#connect();
    return this.#connection!.query(id);
  }
}
export const store = new Store();`,
    errors: [
      {
        messageId: 'initialiser',
        on: 'this.#connect()',
        data: { name: 'this.#connect', next: 'line 10', place: 'this.#connection', write: 'line 6' },
      },
    ],
    output: `
declare function open(): Promise<{ query(text: string): Promise<string> }>;
class Store {
  #connection: { query(text: string): Promise<string> } | undefined;
  async #connect(): Promise<void> {
    this.#connection = await open();
  }
  async find(id: string): Promise<string> {
    if (this.#connection === undefined) await this.#connect();
    return this.#connection!.query(id);
  }
}
export const store = new Store();`,
  });

  stays('silent when a value that is there already is renewed behind the reader', {
    code: `
declare function readRates(): Promise<ReadonlyMap<string, number>>;
let rates: ReadonlyMap<string, number> = new Map();
let readAt = 0;
async function refreshRates(): Promise<void> {
  rates = await readRates();
}
export function rateOf(currency: string): number {
  if (Date.now() - readAt > 60_000) {
    readAt = Date.now();
    refreshRates();
  }
  return rates.get(currency) ?? 1;
}`,
  });

  stays('silent about states, counters and places that are set before the wait', {
    code: `
declare function dial(): Promise<{ send(text: string): void }>;
class Link {
  private state: 'closed' | 'open' | 'opening' = 'closed';
  private isReady = false;
  private attempts = 0;
  private dialled: Promise<unknown> = Promise.resolve();
  async connect(): Promise<void> {
    this.state = 'opening';
    this.dialled = dial();
    await this.dialled;
    this.state = 'open';
    this.isReady = true;
    this.attempts += 1;
  }
  status(): string {
    this.connect();
    return [this.state, String(this.isReady), String(this.attempts)].join();
  }
}
export const link = new Link();`,
  });

  stays('silent when the place is written, or waited for in another way, before it is read', {
    code: `
declare function readName(): Promise<string>;
let name: string | undefined;
async function loadName(): Promise<void> {
  name = await readName();
}
export async function greet(): Promise<string> {
  loadName();
  name = 'guest';
  return name.toUpperCase();
}
export async function greetLater(): Promise<string> {
  loadName();
  await new Promise((resolve) => setTimeout(resolve, 100));
  return name!.toUpperCase();
}
export async function start(): Promise<() => string> {
  loadName();
  return () => name!.toUpperCase();
}`,
  });

  stays('silent about producers whose consumer gets the stream', {
    code: `
import { PassThrough } from 'node:stream';
declare function rows(): AsyncIterable<string>;
async function pump(into: PassThrough, seen: string[]): Promise<void> {
  for await (const row of rows()) {
    seen.push(row);
    into.write(row);
  }
  into.end();
}
export function exported(): { stream: PassThrough; seen: string[] } {
  const stream = new PassThrough();
  const seen: string[] = [];
  pump(stream, seen).catch((error: unknown) => {
    stream.destroy(error as Error);
  });
  return { stream, seen };
}`,
  });

  // ------------------------------------------------------------------ transactions

  reports('work of a transaction that commits without it', {
    code: `
import knex from 'knex';
const db = knex({ client: 'pg' });
export async function pay(id: string): Promise<void> {
  await db.transaction(async (trx) => {
    await trx('orders').where({ id }).update({ paid: true });
    trx('audit').insert({ order: id });
  });
}`,
    errors: [
      {
        messageId: 'transaction',
        on: `trx('audit').insert({ order: id })`,
        data: { name: `trx('audit').insert`, opens: 'line 5' },
      },
    ],
    output: `
import knex from 'knex';
const db = knex({ client: 'pg' });
export async function pay(id: string): Promise<void> {
  await db.transaction(async (trx) => {
    await trx('orders').where({ id }).update({ paid: true });
    await trx('audit').insert({ order: id });
  });
}`,
  });

  stays('silent about what only adds to a query that is awaited afterwards', {
    code: `
import { eq } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { integer, pgTable } from 'drizzle-orm/pg-core';
import knex, { type Knex } from 'knex';
import { connection, model, Schema } from 'mongoose';
const db = knex({ client: 'pg' });
const Orders = model('Order', new Schema({ state: String }));
const seats = pgTable('seats', { id: integer('id').notNull() });
function paged<Query extends Knex.QueryBuilder>(query: Query, page: number): Query {
  query.limit(10).offset(page);
  return query;
}
export async function claim(page: number, state?: string): Promise<unknown> {
  return db.transaction(async (trx) => {
    const query = trx('orders').update({ claimed: true }).returning('*');
    if (state) query.where({ state });
    void query.where({ open: true }).orderBy('id');
    paged(query, page);
    const rows: unknown = await query;
    return rows;
  });
}
export async function open(state?: string): Promise<unknown> {
  return connection.transaction(async (session) => {
    const query = Orders.find().session(session);
    if (state) query.where({ state });
    return query;
  });
}
export async function free(sql: NodePgDatabase, id?: number): Promise<unknown> {
  return sql.transaction(async (tx) => {
    const query = tx.select().from(seats).$dynamic();
    if (id !== undefined) query.where(eq(seats.id, id));
    return await query;
  });
}`,
  });

  reports('what adds to a query that nobody awaits', {
    code: `
import knex from 'knex';
const db = knex({ client: 'pg' });
export async function claim(id: string): Promise<void> {
  await db.transaction(async (trx) => {
    const query = trx('orders').update({ claimed: true });
    query.where({ id });
  });
}`,
    errors: [{ messageId: 'transaction', on: 'query.where({ id })', data: { name: 'query.where', opens: 'line 5' } }],
    output: `
import knex from 'knex';
const db = knex({ client: 'pg' });
export async function claim(id: string): Promise<void> {
  await db.transaction(async (trx) => {
    const query = trx('orders').update({ claimed: true });
    await query.where({ id });
  });
}`,
  });

  reports('what adds to a query on several ways and nobody awaits, and a copy', {
    code: `
import knex from 'knex';
const db = knex({ client: 'pg' });
export async function claim(id: string, isOpen: boolean): Promise<void> {
  await db.transaction(async (trx) => {
    const query = trx('orders').update({ claimed: true });
    query.whereNot({ id: '0' });
    if (isOpen) query.where({ open: true });
    else query.where({ id });
  });
}
export async function copied(id: string): Promise<void> {
  await db.transaction(async (trx) => {
    const query = trx('orders').where({ id });
    await query;
    query.clone().update({ claimed: true });
  });
}`,
    errors: [
      { messageId: 'transaction', on: 'query.where({ open: true })', data: { name: 'query.where', opens: 'line 5' } },
      { messageId: 'transaction', on: 'query.where({ id })', data: { name: 'query.where', opens: 'line 5' } },
      {
        messageId: 'transaction',
        on: 'query.clone().update({ claimed: true })',
        data: { name: 'query.clone().update', opens: 'line 13' },
      },
    ],
    output: `
import knex from 'knex';
const db = knex({ client: 'pg' });
export async function claim(id: string, isOpen: boolean): Promise<void> {
  await db.transaction(async (trx) => {
    const query = trx('orders').update({ claimed: true });
    query.whereNot({ id: '0' });
    if (isOpen) await query.where({ open: true });
    else await query.where({ id });
  });
}
export async function copied(id: string): Promise<void> {
  await db.transaction(async (trx) => {
    const query = trx('orders').where({ id });
    await query;
    await query.clone().update({ claimed: true });
  });
}`,
  });

  stays('silent about work in the callback that is not of the transaction', {
    code: `
import knex from 'knex';
const db = knex({ client: 'pg' });
declare function announce(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await db.transaction(async (trx) => {
    await trx('orders').where({ id }).update({ paid: true });
    const order = await trx('orders').where({ id }).first();
    announce(String(order)).catch(console.error);
  });
}
export async function payAll(ids: readonly string[]): Promise<void> {
  await db.transaction(async (trx) => {
    await Promise.all(ids.map((id) => trx('orders').where({ id }).update({ paid: true })));
  });
}`,
  });

  reports('a session of MongoDB that is captured, and a helper that gets the client', {
    code: `
import { MongoClient } from 'mongodb';
import type { ClientSession } from 'mongodb';
const mongo = new MongoClient('mongodb://localhost');
async function audit(session: ClientSession, order: string): Promise<void> {
  await mongo.db().collection('audit').insertOne({ order }, { session });
}
export async function pay(order: string): Promise<void> {
  const session = mongo.startSession();
  try {
    await session.withTransaction(async () => {
      audit(session, order);
      await mongo.db().collection('orders').updateOne({ order }, { $set: { paid: true } }, { session });
    });
  } finally {
    await session.endSession();
  }
}`,
    errors: [{ messageId: 'transaction', on: 'audit(session, order)', data: { name: 'audit', opens: 'line 11' } }],
    output: `
import { MongoClient } from 'mongodb';
import type { ClientSession } from 'mongodb';
const mongo = new MongoClient('mongodb://localhost');
async function audit(session: ClientSession, order: string): Promise<void> {
  await mongo.db().collection('audit').insertOne({ order }, { session });
}
export async function pay(order: string): Promise<void> {
  const session = mongo.startSession();
  try {
    await session.withTransaction(async () => {
      await audit(session, order);
      await mongo.db().collection('orders').updateOne({ order }, { $set: { paid: true } }, { session });
    });
  } finally {
    await session.endSession();
  }
}`,
  });

  reports('a statement between BEGIN and COMMIT', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
export async function pay(id: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    client.query('INSERT INTO audit VALUES ($1)', [id]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}`,
    errors: [
      {
        messageId: 'transaction',
        on: `client.query('INSERT INTO audit VALUES ($1)', [id])`,
        data: { name: 'client.query', opens: 'line 7' },
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
export async function pay(id: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('INSERT INTO audit VALUES ($1)', [id]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}`,
  });

  reports('a transaction of the house', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
async function inTransaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
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
export async function pay(id: string): Promise<void> {
  await inTransaction(async (client) => {
    client.query('UPDATE orders SET paid = true WHERE id = $1', [id]);
  });
}`,
    errors: [
      {
        messageId: 'transaction',
        on: `client.query('UPDATE orders SET paid = true WHERE id = $1', [id])`,
        data: { name: 'client.query', opens: 'line 19' },
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
async function inTransaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
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
export async function pay(id: string): Promise<void> {
  await inTransaction(async (client) => {
    await client.query('UPDATE orders SET paid = true WHERE id = $1', [id]);
  });
}`,
  });

  reports('what a pool lends to a callback', {
    code: `
import { createPool } from 'generic-pool';
interface Printer { print(page: string): Promise<void> }
declare function start(): Promise<Printer>;
const printers = createPool({ create: start, destroy: async (_printer: Printer) => {} });
export async function print(pages: readonly string[]): Promise<void> {
  await printers.use(async (printer) => {
    await printer.print(String(pages.length));
    printer.print(pages[0] ?? '');
  });
}`,
    errors: [
      {
        messageId: 'lent',
        on: `printer.print(pages[0] ?? '')`,
        data: { name: 'printer.print', opens: 'line 7' },
      },
    ],
    output: `
import { createPool } from 'generic-pool';
interface Printer { print(page: string): Promise<void> }
declare function start(): Promise<Printer>;
const printers = createPool({ create: start, destroy: async (_printer: Printer) => {} });
export async function print(pages: readonly string[]): Promise<void> {
  await printers.use(async (printer) => {
    await printer.print(String(pages.length));
    await printer.print(pages[0] ?? '');
  });
}`,
  });

  // ------------------------------------------------------------------ where it is only a suggestion

  reports('a loop that waits for nothing yet', {
    code: `
declare const seats: { isFree(id: string): Promise<boolean>; book(ids: readonly string[]): Promise<void> };
async function assertFree(id: string): Promise<void> {
  if (!(await seats.isFree(id))) throw new Error('taken');
}
export async function book(ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    assertFree(id);
  }
  await seats.book(ids);
}`,
    errors: [
      {
        messageId: 'guard',
        on: 'assertFree(id)',
        data: { name: 'assertFree', next: 'line 10', throws: 'line 4' },
        suggestions: [
          {
            messageId: 'await',
            data: { name: 'assertFree' },
            output: `
declare const seats: { isFree(id: string): Promise<boolean>; book(ids: readonly string[]): Promise<void> };
async function assertFree(id: string): Promise<void> {
  if (!(await seats.isFree(id))) throw new Error('taken');
}
export async function book(ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    await assertFree(id);
  }
  await seats.book(ids);
}`,
          },
        ],
      },
    ],
  });

  reports('a loop that waits already', {
    code: `
declare const seats: { isFree(id: string): Promise<boolean>; book(id: string): Promise<void> };
async function assertFree(id: string): Promise<void> {
  if (!(await seats.isFree(id))) throw new Error('taken');
}
export async function book(ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    assertFree(id);
    await seats.book(id);
  }
}`,
    errors: [
      { messageId: 'guard', on: 'assertFree(id)', data: { name: 'assertFree', next: 'line 9', throws: 'line 4' } },
    ],
    output: `
declare const seats: { isFree(id: string): Promise<boolean>; book(id: string): Promise<void> };
async function assertFree(id: string): Promise<void> {
  if (!(await seats.isFree(id))) throw new Error('taken');
}
export async function book(ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    await assertFree(id);
    await seats.book(id);
  }
}`,
  });

  reports('a call under a lock', {
    code: `
import { Mutex } from 'async-mutex';
declare const seats: { isFree(id: string): Promise<boolean>; book(id: string): Promise<void> };
const mutex = new Mutex();
async function assertFree(id: string): Promise<void> {
  if (!(await seats.isFree(id))) throw new Error('taken');
}
export async function book(id: string): Promise<void> {
  await mutex.runExclusive(async () => {
    assertFree(id);
    await seats.book(id);
  });
}`,
    errors: [
      {
        messageId: 'guard',
        on: 'assertFree(id)',
        data: { name: 'assertFree', next: 'line 11', throws: 'line 6' },
        suggestions: [
          {
            messageId: 'await',
            data: { name: 'assertFree' },
            output: `
import { Mutex } from 'async-mutex';
declare const seats: { isFree(id: string): Promise<boolean>; book(id: string): Promise<void> };
const mutex = new Mutex();
async function assertFree(id: string): Promise<void> {
  if (!(await seats.isFree(id))) throw new Error('taken');
}
export async function book(id: string): Promise<void> {
  await mutex.runExclusive(async () => {
    await assertFree(id);
    await seats.book(id);
  });
}`,
          },
        ],
      },
    ],
  });

  reports('a handler that is not async', {
    code: `
import { createServer } from 'node:http';
declare const sessions: { isOpen(url: string): Promise<boolean> };
async function assertSession(url: string): Promise<void> {
  if (!(await sessions.isOpen(url))) throw new Error('no session');
}
export function handle(url: string): Promise<string> {
  assertSession(url);
  return Promise.resolve(url.toUpperCase());
}
createServer(async (request, response) => {
  try {
    response.end(await handle(request.url ?? ''));
  } catch {
    response.writeHead(403).end();
  }
}).listen(8080);`,
    errors: [
      {
        messageId: 'guard',
        on: 'assertSession(url)',
        data: { name: 'assertSession', next: 'line 9', throws: 'line 5' },
        suggestions: [
          {
            messageId: 'async',
            data: { fn: 'handle', name: 'assertSession' },
            output: `
import { createServer } from 'node:http';
declare const sessions: { isOpen(url: string): Promise<boolean> };
async function assertSession(url: string): Promise<void> {
  if (!(await sessions.isOpen(url))) throw new Error('no session');
}
export async function handle(url: string): Promise<string> {
  await assertSession(url);
  return Promise.resolve(url.toUpperCase());
}
createServer(async (request, response) => {
  try {
    response.end(await handle(request.url ?? ''));
  } catch {
    response.writeHead(403).end();
  }
}).listen(8080);`,
          },
        ],
      },
    ],
  });

  reports('a synchronous function, of which what follows can wait', {
    code: `
declare const shelves: { isOpen(id: string): Promise<boolean> };
const names = new Map<string, string>();
async function assertOpen(id: string): Promise<void> {
  if (!(await shelves.isOpen(id))) throw new Error('archived');
}
export function rename(id: string, name: string): void {
  assertOpen(id); // may be archived
  // the new name
  names.set(id, name);
}`,
    errors: [
      {
        messageId: 'guard',
        on: 'assertOpen(id)',
        data: { name: 'assertOpen', next: 'line 10', throws: 'line 5' },
        suggestions: [
          {
            messageId: 'then',
            data: { name: 'assertOpen' },
            output: `
declare const shelves: { isOpen(id: string): Promise<boolean> };
const names = new Map<string, string>();
async function assertOpen(id: string): Promise<void> {
  if (!(await shelves.isOpen(id))) throw new Error('archived');
}
export function rename(id: string, name: string): void {
  assertOpen(id)
    .then(() => { // may be archived
      // the new name
      names.set(id, name);
    })
    .catch((error: unknown) => { console.error(error); });
}`,
          },
        ],
      },
    ],
  });

  reports('a handler of Express 5, which forwards the rejection of an async one', {
    code: `
import express from 'express';
declare const shelves: { isOpen(id: string): Promise<boolean> };
const names = new Map<string, string>();
async function assertOpen(id: string): Promise<void> {
  if (!(await shelves.isOpen(id))) throw new Error('archived');
}
export const app = express();
app.put('/shelves/:id', (request, response) => {
  assertOpen(request.params.id);
  names.set(request.params.id, request.path);
  response.sendStatus(204);
});`,
    files: { 'package.json': '{ "type": "module", "dependencies": { "express": "^5.0.0" } }' },
    errors: [
      {
        messageId: 'guard',
        on: 'assertOpen(request.params.id)',
        data: { name: 'assertOpen', next: 'line 11', throws: 'line 6' },
        suggestions: [
          {
            messageId: 'asyncCallback',
            data: { name: 'assertOpen' },
            output: `
import express from 'express';
declare const shelves: { isOpen(id: string): Promise<boolean> };
const names = new Map<string, string>();
async function assertOpen(id: string): Promise<void> {
  if (!(await shelves.isOpen(id))) throw new Error('archived');
}
export const app = express();
app.put('/shelves/:id', async (request, response) => {
  await assertOpen(request.params.id);
  names.set(request.params.id, request.path);
  response.sendStatus(204);
});`,
          },
        ],
      },
    ],
  });

  reports('a handler of node:http, whose rejection nobody takes', {
    code: `
import { createServer } from 'node:http';
declare const sessions: { isOpen(url: string): Promise<boolean> };
async function assertSession(url: string): Promise<void> {
  if (!(await sessions.isOpen(url))) throw new Error('no session');
}
createServer((request, response) => {
  assertSession(request.url ?? '');
  response.end('welcome');
}).listen(8080);`,
    errors: [
      {
        messageId: 'guard',
        on: `assertSession(request.url ?? '')`,
        data: { name: 'assertSession', next: 'line 9', throws: 'line 5' },
        suggestions: [
          {
            messageId: 'then',
            data: { name: 'assertSession' },
            output: `
import { createServer } from 'node:http';
declare const sessions: { isOpen(url: string): Promise<boolean> };
async function assertSession(url: string): Promise<void> {
  if (!(await sessions.isOpen(url))) throw new Error('no session');
}
createServer((request, response) => {
  assertSession(request.url ?? '')
    .then(() => {
      response.end('welcome');
    })
    .catch((error: unknown) => { console.error(error); });
}).listen(8080);`,
          },
        ],
      },
    ],
  });

  reports('callbacks that run at once and at each event', {
    code: `
import { EventEmitter } from 'node:events';
declare const seats: { isFree(id: string): Promise<boolean>; book(id: string): Promise<void> };
async function assertFree(id: string): Promise<void> {
  if (!(await seats.isFree(id))) throw new Error('taken');
}
const bus = new EventEmitter();
const booked: string[] = [];
export function book(ids: readonly string[]): void {
  ids.forEach((id) => {
    assertFree(id);
    booked.push(id);
  });
}
bus.on('seat', async (id: string) => {
  try {
    assertFree(id);
    await seats.book(id);
  } catch (error) {
    console.error(error);
  }
});`,
    errors: [
      {
        messageId: 'guard',
        on: 'assertFree(id)',
        line: 11,
        data: { name: 'assertFree', next: 'line 12', throws: 'line 5' },
        suggestions: [
          {
            messageId: 'then',
            data: { name: 'assertFree' },
            output: `
import { EventEmitter } from 'node:events';
declare const seats: { isFree(id: string): Promise<boolean>; book(id: string): Promise<void> };
async function assertFree(id: string): Promise<void> {
  if (!(await seats.isFree(id))) throw new Error('taken');
}
const bus = new EventEmitter();
const booked: string[] = [];
export function book(ids: readonly string[]): void {
  ids.forEach((id) => {
    assertFree(id)
      .then(() => {
        booked.push(id);
      })
      .catch((error: unknown) => { console.error(error); });
  });
}
bus.on('seat', async (id: string) => {
  try {
    assertFree(id);
    await seats.book(id);
  } catch (error) {
    console.error(error);
  }
});`,
          },
        ],
      },
      {
        messageId: 'guard',
        on: 'assertFree(id)',
        line: 17,
        data: { name: 'assertFree', next: 'line 18', throws: 'line 5' },
        suggestions: [
          {
            messageId: 'await',
            data: { name: 'assertFree' },
            output: `
import { EventEmitter } from 'node:events';
declare const seats: { isFree(id: string): Promise<boolean>; book(id: string): Promise<void> };
async function assertFree(id: string): Promise<void> {
  if (!(await seats.isFree(id))) throw new Error('taken');
}
const bus = new EventEmitter();
const booked: string[] = [];
export function book(ids: readonly string[]): void {
  ids.forEach((id) => {
    assertFree(id);
    booked.push(id);
  });
}
bus.on('seat', async (id: string) => {
  try {
    await assertFree(id);
    await seats.book(id);
  } catch (error) {
    console.error(error);
  }
});`,
          },
        ],
      },
    ],
  });

  reports('spellings: a namespace, a member by its string, `call`, a choice of guards, fall-through, no semicolons', {
    code: `
declare const orders: { find(id: string): Promise<{ open: boolean; own: boolean }>; ship(id: string): Promise<void> }
namespace Policy {
  export async function assertOpen(id: string): Promise<void> {
    if (!(await orders.find(id)).open) throw new Error('closed')
  }
}
const rules = {
  async assertOwn(id: string): Promise<void> {
    if (!(await orders.find(id)).own) throw new Error('not yours')
  },
}
export async function ship(id: string, isStrict: boolean, kind: 'air' | 'sea'): Promise<void> {
  const check = isStrict ? rules.assertOwn : Policy.assertOpen
  check(id)
  rules['assertOwn'](id)
  Policy.assertOpen.call(undefined, id)
  switch (kind) {
    case 'air':
      Policy.assertOpen(id) // by air
    case 'sea':
      await orders.ship(id)
  }
}`,
    compilerOptions: { noFallthroughCasesInSwitch: false },
    errors: [
      { messageId: 'guard', on: 'check(id)', data: { name: 'check', next: 'line 22', throws: 'line 10' } },
      {
        messageId: 'guard',
        on: `rules['assertOwn'](id)`,
        data: { name: `rules['assertOwn']`, next: 'line 22', throws: 'line 10' },
      },
      {
        messageId: 'guard',
        on: 'Policy.assertOpen.call(undefined, id)',
        data: { name: 'Policy.assertOpen.call', next: 'line 22', throws: 'line 5' },
      },
      {
        messageId: 'guard',
        on: 'Policy.assertOpen(id)',
        data: { name: 'Policy.assertOpen', next: 'line 22', throws: 'line 5' },
      },
    ],
    output: `
declare const orders: { find(id: string): Promise<{ open: boolean; own: boolean }>; ship(id: string): Promise<void> }
namespace Policy {
  export async function assertOpen(id: string): Promise<void> {
    if (!(await orders.find(id)).open) throw new Error('closed')
  }
}
const rules = {
  async assertOwn(id: string): Promise<void> {
    if (!(await orders.find(id)).own) throw new Error('not yours')
  },
}
export async function ship(id: string, isStrict: boolean, kind: 'air' | 'sea'): Promise<void> {
  const check = isStrict ? rules.assertOwn : Policy.assertOpen
  await check(id)
  await rules['assertOwn'](id)
  await Policy.assertOpen.call(undefined, id)
  switch (kind) {
    case 'air':
      await Policy.assertOpen(id) // by air
    case 'sea':
      await orders.ship(id)
  }
}`,
  });

  stays(
    'silent about look-alikes: deferred errors, supervised loops, builders, optional callbacks, answers that are not promises',
    {
      code: `
import type { FastifyReply } from 'fastify';
import knex from 'knex';
const db = knex({ client: 'pg' });
declare const parcels: { find(id: string): Promise<{ sent: boolean }>; ship(id: string): Promise<void> };
interface Hooks {
  beforeShip?(id: string): Promise<void> | void;
}
const plain: Hooks = {
  beforeShip(id) {
    if (id === '') throw new Error('no id');
  },
};
async function checkParcel(id: string, done: (error?: unknown) => void): Promise<void> {
  try {
    if ((await parcels.find(id)).sent) throw new Error('sent already');
    done();
  } catch (error) {
    done(error);
  }
}
let running: Promise<void> | undefined;
async function watch(): Promise<void> {
  if ((await parcels.find('any')).sent) throw new Error('sent already');
}
export async function stop(): Promise<void> {
  await running;
}
export async function ship(id: string, reply: FastifyReply, done: (error?: unknown) => void): Promise<void> {
  checkParcel(id, done);
  plain.beforeShip?.(id);
  running = watch();
  db('parcels').where({ id });
  reply.header('x-parcel', id);
  await parcels.ship(id);
}`,
    },
  );

  reports('a constructor, which cannot wait', {
    code: `
declare function readRules(): Promise<readonly string[]>;
declare function announce(rule: string): void;
export class Policy {
  private rules!: readonly string[];
  constructor() {
    this.load();
    announce(this.rules.join());
  }
  async load(): Promise<void> {
    this.rules = await readRules();
  }
}`,
    errors: [
      {
        messageId: 'initialiser',
        on: 'this.load()',
        data: { name: 'this.load', next: 'line 8', place: 'this.rules', write: 'line 11' },
        suggestions: [
          {
            messageId: 'ready',
            data: { name: 'this.load', field: 'ready' },
            output: `
declare function readRules(): Promise<readonly string[]>;
declare function announce(rule: string): void;
export class Policy {
  readonly ready: Promise<void>;

  private rules!: readonly string[];
  constructor() {
    this.ready = this.load()
      .then(() => {
        announce(this.rules.join());
      });
  }
  async load(): Promise<void> {
    this.rules = await readRules();
  }
}`,
          },
        ],
      },
    ],
  });

  reports('an async generator', {
    code: `
declare const invoices: { isOpen(id: string): Promise<boolean>; pages(id: string): AsyncIterable<string> };
async function assertOpen(id: string): Promise<void> {
  if (!(await invoices.isOpen(id))) throw new Error('closed');
}
export async function* pagesOf(id: string): AsyncGenerator<string> {
  assertOpen(id);
  yield* invoices.pages(id);
}`,
    errors: [
      {
        messageId: 'guard',
        on: 'assertOpen(id)',
        data: { name: 'assertOpen', next: 'line 8', throws: 'line 4' },
        suggestions: [
          {
            messageId: 'await',
            data: { name: 'assertOpen' },
            output: `
declare const invoices: { isOpen(id: string): Promise<boolean>; pages(id: string): AsyncIterable<string> };
async function assertOpen(id: string): Promise<void> {
  if (!(await invoices.isOpen(id))) throw new Error('closed');
}
export async function* pagesOf(id: string): AsyncGenerator<string> {
  await assertOpen(id);
  yield* invoices.pages(id);
}`,
          },
        ],
      },
    ],
  });

  reports('settings at the top of a module', {
    code: `
import { createServer } from 'node:http';
interface Settings { port: number }
declare function readSettings(): Promise<Settings>;
let settings: Settings | undefined;
async function loadSettings(): Promise<void> {
  settings = await readSettings();
}
loadSettings();
createServer((_request, response) => response.end('ok')).listen(settings!.port);`,
    errors: [
      {
        messageId: 'initialiser',
        on: 'loadSettings()',
        line: 9,
        data: { name: 'loadSettings', next: 'line 10', place: 'settings', write: 'line 7' },
        suggestions: [
          {
            messageId: 'await',
            data: { name: 'loadSettings' },
            output: `
import { createServer } from 'node:http';
interface Settings { port: number }
declare function readSettings(): Promise<Settings>;
let settings: Settings | undefined;
async function loadSettings(): Promise<void> {
  settings = await readSettings();
}
await loadSettings();
createServer((_request, response) => response.end('ok')).listen(settings!.port);`,
          },
        ],
      },
    ],
  });

  stays('silent about a guard that ends the start of a program', {
    code: `
import { createServer } from 'node:http';
declare const schema: { version(): Promise<number> };
async function assertMigrated(): Promise<void> {
  if ((await schema.version()) < 12) throw new Error('migrate first');
}
async function main(): Promise<void> {
  assertMigrated();
  createServer((_request, response) => response.end('ok')).listen(8080);
}
await main();`,
  });
});
