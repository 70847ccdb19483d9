import { describe, expect, it } from 'vitest';
import { leakPath } from '../../../src/analysis/resources/lease-questions.ts';
import { leasesIn } from '../../../src/analysis/resources/lease.ts';
import { coreOf } from '../../support/core.ts';

const LINK = `export class Link { to = ''; next: Link | undefined; async send(text: string): Promise<void> { await fetch(this.to, { method: 'POST', body: text }); } }\n`;

/** What the function `send` of the file leaks, one word for each thing that it is taken to acquire. */
function leaks(code: string): string[] {
  const { core, fn } = coreOf(`export {};\n${LINK}${code}`);
  const send = code.includes('class Mailer') ? fn('async send(', 'class Mailer') : fn('export async function send(');
  return core.ask(leasesIn, send).map((lease) => {
    const leak = leakPath(lease, core);
    return leak.is === 'no' ? 'no' : `${leak.is} ${leak.witness?.leaves ?? ''}`;
  });
}

/** A function that borrows, works and gives back, but not when the work fails. */
function borrower(take: string, give: string): string {
  return `export async function send(text: string) { const link = ${take}; await link.send(text); ${give}; }\n`;
}

const LEAKS = ['yes throw'];

describe('pools of the project', () => {
  it('a class with acquire and release', () => {
    const pool = `class Links {
      private readonly idle: Link[] = [];
      acquire(): Link { return this.idle.pop() ?? new Link(); }
      release(link: Link): void { this.idle.push(link); }
    }
    const links = new Links();\n`;
    expect(leaks(pool + borrower('links.acquire()', 'links.release(link)'))).toEqual(LEAKS);
    expect(
      leaks(
        `${pool} export async function send(text: string) { const link = links.acquire(); try { await link.send(text); } finally { links.release(link); } }`,
      ),
    ).toEqual(['no']);
  });

  it('a class whose acquire waits for a link to come back', () => {
    expect(
      leaks(
        `class Links {
          readonly #idle: Link[] = [new Link()];
          readonly #waiting: ((link: Link) => void)[] = [];
          async acquire(): Promise<Link> {
            const link = this.#idle.pop();
            return link ?? (await new Promise<Link>((give) => this.#waiting.push(give)));
          }
          release(link: Link): void {
            const next = this.#waiting.shift();
            if (next === undefined) this.#idle.push(link);
            else next(link);
          }
        }
        const links = new Links();
        ${borrower('await links.acquire()', 'links.release(link)')}`,
      ),
    ).toEqual(LEAKS);
  });

  it('get and put of what is called a pool', () => {
    const methods = `private readonly idle = new Set<Link>();
      get(): Link { for (const link of this.idle) { this.idle.delete(link); return link; } return new Link(); }
      put(link: Link): void { this.idle.add(link); }`;
    expect(
      leaks(
        `class LinkPool { ${methods} } const shared = new LinkPool(); ${borrower('shared.get()', 'shared.put(link)')}`,
      ),
    ).toEqual(LEAKS);
    expect(
      leaks(
        `class Links { ${methods} } const freeLinks = new Links(); ${borrower('freeLinks.get()', 'freeLinks.put(link)')}`,
      ),
    ).toEqual(LEAKS);
    expect(
      leaks(`class Links { ${methods} } const links = new Links(); ${borrower('links.get()', 'links.put(link)')}`),
    ).toEqual([]);
  });

  it('an object literal, with members that are functions', () => {
    expect(
      leaks(
        `const idle: Link[] = [];
        const links = { acquire: () => idle.pop() ?? new Link(), release(link: Link) { idle.push(link); } };
        ${borrower('links.acquire()', 'links.release(link)')}`,
      ),
    ).toEqual(LEAKS);
  });

  it('what a factory closes over', () => {
    expect(
      leaks(
        `function linksOf(size: number) {
          const idle = Array.from({ length: size }, () => new Link());
          return { checkout: () => idle.shift(), checkin: (link: Link) => { idle.push(link); } };
        }
        const links = linksOf(4);
        export async function send(text: string) {
          const link = links.checkout();
          if (link === undefined) return;
          await link.send(text);
          links.checkin(link);
        }`,
      ),
    ).toEqual(LEAKS);
  });

  it('arrow functions in fields, a generic class, a subclass of it', () => {
    const generic = `class Loans<Item> {
      readonly #idle: Item[] = [];
      readonly #make: () => Item;
      constructor(make: () => Item) { this.#make = make; }
      readonly borrow = (): Item => this.#idle.pop() ?? this.#make();
      readonly giveBack = (item: Item): void => { this.#idle.push(item); };
    }\n`;
    expect(
      leaks(
        `${generic} const links = new Loans(() => new Link()); ${borrower('links.borrow()', 'links.giveBack(link)')}`,
      ),
    ).toEqual(LEAKS);
    expect(
      leaks(
        `${generic} class Links extends Loans<Link> { constructor() { super(() => new Link()); } }
        export class Mailer { readonly #links = new Links(); async send(text: string) { const link = this.#links.borrow(); await link.send(text); this.#links.giveBack(link); } }`,
      ),
    ).toEqual(LEAKS);
  });

  it('a ring of slots, a linked list, static members', () => {
    expect(
      leaks(
        `class Ring {
          private readonly slots: Link[] = [new Link(), new Link()]; private head = 0;
          take(): Link { const link = this.slots[this.head % this.slots.length]!; this.head++; return link; }
          give(link: Link): void { this.head--; this.slots[this.head % this.slots.length] = link; }
        }
        const linkPool = new Ring();
        ${borrower('linkPool.take()', 'linkPool.give(link)')}`,
      ),
    ).toEqual(LEAKS);
    expect(
      leaks(
        `class Links {
          private first: Link | undefined;
          obtain(): Link { const link = this.first ?? new Link(); this.first = link.next; return link; }
          recycle(link: Link): void { link.next = this.first; this.first = link; }
        }
        const links = new Links();
        ${borrower('links.obtain()', 'links.recycle(link)')}`,
      ),
    ).toEqual(LEAKS);
    expect(
      leaks(
        `class Links {
          private static readonly idle: Link[] = [];
          static rent(): Link { return Links.idle.pop() ?? new Link(); }
          static return(link: Link): void { Links.idle.push(link); }
        }
        ${borrower('Links.rent()', 'Links.return(link)')}`,
      ),
    ).toEqual(LEAKS);
  });

  it('leases that end themselves, functions that give back', () => {
    expect(
      leaks(
        `interface Lease extends Link { release(): void }
        declare const links: { lease(): Promise<Lease> };
        ${borrower('await links.lease()', 'link.release()').replace('const link', 'const link: Lease')}`,
      ),
    ).toEqual(LEAKS);
    expect(
      leaks(
        `class Seats {
          #taken = 0;
          async acquire(): Promise<() => void> { this.#taken++; return () => { this.#taken--; }; }
        }
        const seats = new Seats();
        export async function send(text: string) { const leave = await seats.acquire(); await new Link().send(text); leave(); }`,
      ),
    ).toEqual(LEAKS);
  });

  it('an interface that a class of the project implements', () => {
    expect(
      leaks(
        `interface Links { acquire(): Promise<Link>; release(link: Link): Promise<void> }
        class Sockets implements Links { async acquire() { return new Link(); } async release(link: Link) { link.to = ''; } }
        export class Mailer { constructor(private readonly links: Links = new Sockets()) {} async send(text: string) { const link = await this.links.acquire(); await link.send(text); await this.links.release(link); } }`,
      ),
    ).toEqual(LEAKS);
  });
});

describe('free lists', () => {
  const functions = (take: string): string =>
    `const idle: Link[] = []; ${take} function giveLink(link: Link): void { idle.push(link); }\n`;

  it('two functions around an array of the module', () => {
    expect(
      leaks(
        functions('function takeLink(): Link { return idle.pop() ?? new Link(); }') +
          borrower('takeLink()', 'giveLink(link)'),
      ),
    ).toEqual(LEAKS);
    expect(
      leaks(
        functions('const takeLink = (): Link => (idle.length > 0 ? idle.pop()! : new Link());') +
          borrower('takeLink()', 'giveLink(link)'),
      ),
    ).toEqual(LEAKS);
    expect(
      leaks(
        functions(
          'function takeLink(): Link { const link = idle.shift(); if (link) return link; return new Link(); }',
        ) + borrower('takeLink()', 'giveLink(link)'),
      ),
    ).toEqual(LEAKS);
  });

  it('a private field of the class whose methods use it', () => {
    expect(
      leaks(
        `export class Mailer {
          readonly #idle: Link[] = [];
          #take(): Link { return this.#idle.pop() ?? new Link(); }
          #give(link: Link): void { this.#idle.push(link); }
          async send(text: string) { const link = this.#take(); await link.send(text); this.#give(link); }
        }`,
      ),
    ).toEqual(LEAKS);
  });
});

describe('what looks like a pool', () => {
  it('registries, caches and managers by key', () => {
    expect(
      leaks(
        `class LinkPools { readonly #byName = new Map<string, Link>(); get(name: string): Link { return this.#byName.get(name) ?? new Link(); } put(name: string, link: Link): void { this.#byName.set(name, link); } }
        const pools = new LinkPools();
        export async function send(text: string) { const link = pools.get('mail'); await link.send(text); }`,
      ),
    ).toEqual([]);
    expect(
      leaks(
        `class Connections { readonly #byId = new Map<string, Link>(); acquire(id: string): Link { const link = this.#byId.get(id) ?? new Link(); this.#byId.set(id, link); return link; } release(link: Link): void { void link; } }
        const connections = new Connections();
        export async function send(text: string) { const link = connections.acquire('mail'); await link.send(text); }`,
      ),
    ).toEqual([]);
    expect(
      leaks(
        `declare const linkPool: { get(key?: string): Link; put(link: Link): void };
        export async function send(text: string) { const link = linkPool.get('mail'); await link.send(text); }`,
      ),
    ).toEqual([]);
  });

  it('getters that are called after a pool', () => {
    expect(
      leaks(
        `class Database { readonly pool = new Link(); getPool(): Link { return this.pool; } get linkPool(): Link { return this.pool; } release(link: Link): void { void link; } }
        const db = new Database();
        export async function send(text: string) { const link = db.getPool(); await link.send(text); await db.linkPool.send(text); }`,
      ),
    ).toEqual([]);
    expect(
      leaks(
        `interface Settings { size: number; send(text: string): Promise<void> }
        declare const poolSettings: { get(): Settings; put(settings: Settings): Promise<void> };
        export async function send(text: string) { const settings = poolSettings.get(); await settings.send(text); }`,
      ),
    ).toEqual([]);
  });

  it('names in which the word only occurs', () => {
    expect(
      leaks(
        `declare const freelancers: { get(): Promise<Link>; put(link: Link): Promise<void> };
        export async function send(text: string) { const link = await freelancers.get(); await link.send(text); }`,
      ),
    ).toEqual([]);
    expect(
      leaks(
        `interface Api { carpools: { links: { get(): Promise<Link>; put(link: Link): Promise<void> } } }
        declare const api: Api;
        export async function send(text: string) { const link = await api.carpools.links.get(); await link.send(text); }`,
      ),
    ).toEqual([]);
  });

  it('token buckets and counts', () => {
    expect(
      leaks(
        `class Bucket { #tokens = 5; take(): boolean { return this.#tokens-- > 0; } give(count: number): void { this.#tokens += count; } }
        const bucket = new Bucket();
        export async function send(text: string) { if (bucket.take()) await new Link().send(text); }`,
      ),
    ).toEqual([]);
    expect(
      leaks(
        `class Seats { #free = 2; async acquire(): Promise<void> { this.#free--; } release(): void { this.#free++; } }
        const seats = new Seats();
        export async function send(text: string) { await seats.acquire(); await new Link().send(text); seats.release(); }`,
      ),
    ).toEqual([]);
    expect(
      leaks(
        `declare const quota: { reserve(): Promise<{ allowed: boolean; left: number }>; release(): void };
        export async function send(text: string) { const { allowed } = await quota.reserve(); if (allowed) await new Link().send(text); }`,
      ),
    ).toEqual([]);
  });

  it('try-locks that return a status', () => {
    expect(
      leaks(
        `declare const locks: { lock(): Promise<{ ok: boolean }>; unlock(): Promise<void>; acquire(): boolean; release(): void };
        export async function send(text: string) { const { ok } = await locks.lock(); if (ok && locks.acquire()) await new Link().send(text); }`,
      ),
    ).toEqual([]);
  });

  it('fluent members, which return their own object', () => {
    expect(
      leaks(
        `class Room { locked = false; lock(): this { this.locked = true; return this; } unlock(): this { this.locked = false; return this; } async save(): Promise<void> {} }
        export async function send(room: Room) { room.lock(); await room.save(); }`,
      ),
    ).toEqual([]);
    expect(
      leaks(
        `declare class Wire { connect(): Promise<Wire>; free(): void; send(text: string): Promise<void> }
        export async function send(text: string) { const wire = await new Wire().connect(); await wire.send(text); }`,
      ),
    ).toEqual([]);
  });

  it('values of type any, primitives, unions without objects', () => {
    expect(
      leaks(
        `declare const linkPool: any;
        export async function send(text: string) { const link = await linkPool.acquire(); await link.send(text); linkPool.release(link); }`,
      ),
    ).toEqual([]);
    expect(
      leaks(
        `declare const links: { acquire(): any; release(link: any): void };
        export async function send(text: string) { const link = links.acquire(); await link.send(text); links.release(link); }`,
      ),
    ).toEqual([]);
    expect(
      leaks(
        `declare const ports: { acquire(): number | undefined; release(port: number): void };
        export async function send(text: string) { const port = ports.acquire(); await new Link().send(text); if (port !== undefined) ports.release(port); }`,
      ),
    ).toEqual([]);
  });

  it('stacks, queues, emitters, collections', () => {
    expect(
      leaks(
        `class History { readonly #past: Link[] = []; pop(): Link | undefined { return this.#past.pop(); } push(link: Link): void { this.#past.push(link); } }
        const history = new History();
        export async function send(text: string) { const link = history.pop(); await link?.send(text); }`,
      ),
    ).toEqual([]);
    expect(
      leaks(
        `declare const jobs: { take(): Promise<Link>; put(job: Link): void };
        export async function send(text: string) { const job = await jobs.take(); await job.send(text); }`,
      ),
    ).toEqual([]);
    expect(
      leaks(
        `const waiting: Link[] = [];
        export function enqueue(link: Link) { waiting.push(link); }
        export async function send(text: string) { const link = waiting.shift(); if (link) await link.send(text); }`,
      ),
    ).toEqual([]);
    expect(
      leaks(
        `const waiting: Link[] = [];
        declare function next(): Promise<Link>;
        export function enqueue(link: Link) { waiting.push(link); }
        export async function send(text: string) { const link = waiting.shift() ?? (await next()); await link.send(text); }`,
      ),
    ).toEqual([]);
    expect(
      leaks(
        `declare const listeners: { add(listener: Link): void; remove(listener: Link): void; get(): Link; free(): void };
        export async function send(text: string) { const listener = listeners.get(); await listener.send(text); }`,
      ),
    ).toEqual([]);
  });

  it('a member that asks which, or what for', () => {
    expect(
      leaks(
        `declare const shop: { checkout(cart: Link): Promise<Link>; return(order: Link): Promise<void>; reserve(seat: number): Promise<Link>; free(seat: Link): Promise<void> };
        export async function send(text: string) { const order = await shop.checkout(new Link()); const seat = await shop.reserve(4); await order.send(text); return seat.to; }`,
      ),
    ).toEqual([]);
  });
});
