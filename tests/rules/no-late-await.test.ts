import rule from '../../src/rules/no-late-await.ts';
import { ruleTests } from '../support/tester.ts';

ruleTests(rule, ({ reports, stays }) => {
  // ------------------------------------------------------------------ one wait after the other

  reports('promises that are assigned after the declaration, and those of a list that is taken apart', {
    code: `
async function load(id: string): Promise<string> {
  const answer = await fetch('http://data.internal/' + id);
  return answer.text();
}
export async function page(id: string, isOpen: boolean) {
  let orders: Promise<string>;
  if (isOpen) orders = load('open');
  else orders = load('closed');
  const profile = await load(id);
  return profile + (await orders);
}
export async function both(id: string) {
  const [profile, orders] = [load(id), load('open')];
  return [await profile, await orders];
}`,
    errors: [
      {
        messageId: 'wait',
        on: "load('open')",
        line: 8,
        message:
          "`load('open')` is awaited only on line 11, after the wait on line 10; if it rejects meanwhile (`fetch` on line 3), the unhandled rejection ends the process.",
      },
      {
        messageId: 'wait',
        on: "load('closed')",
        line: 9,
        message:
          "`load('closed')` is awaited only on line 11, after the wait on line 10; if it rejects meanwhile (`fetch` on line 3), the unhandled rejection ends the process.",
      },
      {
        messageId: 'wait',
        on: "load('open')",
        line: 14,
        message:
          "`load('open')` is awaited only on line 15, after the wait on line 15; if it rejects meanwhile (`fetch` on line 3), the unhandled rejection ends the process.",
      },
    ],
  });

  stays('silent for assigned promises that are listened to at once, by a closure, or by others', {
    code: `
async function load(id: string): Promise<string> {
  const answer = await fetch('http://data.internal/' + id);
  return answer.text();
}
let shared: Promise<string> | undefined;
export async function inTurn(ids: readonly string[]) {
  let last = Promise.resolve('');
  for (const id of ids) {
    await last;
    last = load(id);
  }
  return last;
}
export async function again(id: string) {
  let order = load(id);
  await order;
  await load('other');
  order = load(id);
  return await order;
}
export async function heard(id: string) {
  let order: Promise<string> | undefined;
  process.once('exit', () => order?.catch(() => ''));
  order = load(id);
  await load('other');
  return await order;
}
export async function held(id: string) {
  shared = load(id);
  await load('other');
  return await shared;
}
export async function joined(id: string) {
  const [profile, orders] = [load(id), load('open')];
  return await Promise.all([profile, orders]);
}`,
  });

  reports('two requests that are started together and awaited one after the other', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  const profile = profileOf(id);
  const orders = ordersOf(id);
  const { name } = await profile;
  const list = await orders;
  return { name, list };
}`,
    errors: [
      {
        messageId: 'wait',
        on: 'ordersOf(id)',
        line: 13,
        message:
          '`ordersOf(id)` is awaited only on line 15, after the wait on line 14; if it rejects meanwhile (`fetch` on line 7), the unhandled rejection ends the process.',
        suggestions: [
          {
            messageId: 'later',
            output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  const profile = profileOf(id);
  const { name } = await profile;
  const orders = ordersOf(id);
  const list = await orders;
  return { name, list };
}`,
          },
        ],
      },
    ],
    output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  const profile = profileOf(id);
  const orders = ordersOf(id);
  const [{ name }, list] = await Promise.all([profile, orders]);
  return { name, list };
}`,
  });

  reports('a request that is started before another one is awaited', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  const orders = ordersOf(id);
  const profile = await profileOf(id);
  const list = await orders;
  return { profile, list };
}`,
    errors: [
      {
        messageId: 'wait',
        on: 'ordersOf(id)',
        line: 12,
        message:
          '`ordersOf(id)` is awaited only on line 14, after the wait on line 13; if it rejects meanwhile (`fetch` on line 7), the unhandled rejection ends the process.',
        suggestions: [
          {
            messageId: 'later',
            output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  const profile = await profileOf(id);
  const orders = ordersOf(id);
  const list = await orders;
  return { profile, list };
}`,
          },
        ],
      },
    ],
    output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  const orders = ordersOf(id);
  const [profile, list] = await Promise.all([profileOf(id), orders]);
  return { profile, list };
}`,
  });

  reports('three in a row', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string, other: string) {
  const mine = profileOf(id);
  const theirs = profileOf(other);
  const orders = ordersOf(id);
  const a = await mine;
  const b = await theirs;
  const c = await orders;
  return { a, b, c };
}`,
    errors: [
      {
        messageId: 'wait',
        on: 'profileOf(other)',
        line: 13,
        message:
          '`profileOf(other)` is awaited only on line 16, after the wait on line 15; if it rejects meanwhile (`fetch` on line 3), the unhandled rejection ends the process.',
        suggestions: [
          {
            messageId: 'later',
            output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string, other: string) {
  const mine = profileOf(id);
  const orders = ordersOf(id);
  const a = await mine;
  const theirs = profileOf(other);
  const b = await theirs;
  const c = await orders;
  return { a, b, c };
}`,
          },
        ],
      },
      {
        messageId: 'wait',
        on: 'ordersOf(id)',
        line: 14,
        message:
          '`ordersOf(id)` is awaited only on line 17, after the wait on line 15; if it rejects meanwhile (`fetch` on line 7), the unhandled rejection ends the process.',
        suggestions: [
          {
            messageId: 'later',
            output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string, other: string) {
  const mine = profileOf(id);
  const theirs = profileOf(other);
  const a = await mine;
  const b = await theirs;
  const orders = ordersOf(id);
  const c = await orders;
  return { a, b, c };
}`,
          },
        ],
      },
    ],
    output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string, other: string) {
  const mine = profileOf(id);
  const theirs = profileOf(other);
  const orders = ordersOf(id);
  const [a, b, c] = await Promise.all([mine, theirs, orders]);
  return { a, b, c };
}`,
  });

  reports('waits whose values nobody needs', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function warm(id: string) {
  const profile = profileOf(id);
  const orders = ordersOf(id);
  await profile;
  await orders;
}`,
    errors: [
      {
        messageId: 'wait',
        on: 'ordersOf(id)',
        line: 13,
        message:
          '`ordersOf(id)` is awaited only on line 15, after the wait on line 14; if it rejects meanwhile (`fetch` on line 7), the unhandled rejection ends the process.',
        suggestions: [
          {
            messageId: 'later',
            output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function warm(id: string) {
  const profile = profileOf(id);
  await profile;
  const orders = ordersOf(id);
  await orders;
}`,
          },
        ],
      },
    ],
    output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function warm(id: string) {
  const profile = profileOf(id);
  const orders = ordersOf(id);
  await Promise.all([profile, orders]);
}`,
  });

  reports('only the second value is needed', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function warm(id: string) {
  const orders = ordersOf(id);
  await profileOf(id);
  const list = await orders;
  return list.length;
}`,
    errors: [
      {
        messageId: 'wait',
        on: 'ordersOf(id)',
        line: 12,
        message:
          '`ordersOf(id)` is awaited only on line 14, after the wait on line 13; if it rejects meanwhile (`fetch` on line 7), the unhandled rejection ends the process.',
        suggestions: [
          {
            messageId: 'later',
            output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function warm(id: string) {
  await profileOf(id);
  const orders = ordersOf(id);
  const list = await orders;
  return list.length;
}`,
          },
        ],
      },
    ],
    output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function warm(id: string) {
  const orders = ordersOf(id);
  const [, list] = await Promise.all([profileOf(id), orders]);
  return list.length;
}`,
  });

  reports('after a join, whose list it joins', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string, other: string) {
  const orders = ordersOf(id);
  const [a, b] = await Promise.all([profileOf(id), profileOf(other)]);
  const list = await orders;
  return { a, b, list };
}`,
    errors: [
      {
        messageId: 'wait',
        on: 'ordersOf(id)',
        line: 12,
        message:
          '`ordersOf(id)` is awaited only on line 14, after the wait on line 13; if it rejects meanwhile (`fetch` on line 7), the unhandled rejection ends the process.',
        suggestions: [
          {
            messageId: 'later',
            output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string, other: string) {
  const [a, b] = await Promise.all([profileOf(id), profileOf(other)]);
  const orders = ordersOf(id);
  const list = await orders;
  return { a, b, list };
}`,
          },
        ],
      },
    ],
    output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string, other: string) {
  const orders = ordersOf(id);
  const [a, b, list] = await Promise.all([profileOf(id), profileOf(other), orders]);
  return { a, b, list };
}`,
  });

  reports('after a join that is kept as a list', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string, other: string) {
  const orders = ordersOf(id);
  const both = await Promise.all([profileOf(id), profileOf(other)]);
  const list = await orders;
  return { both, list };
}`,
    errors: [
      {
        messageId: 'wait',
        on: 'ordersOf(id)',
        line: 12,
        message:
          '`ordersOf(id)` is awaited only on line 14, after the wait on line 13; if it rejects meanwhile (`fetch` on line 7), the unhandled rejection ends the process.',
        suggestions: [
          {
            messageId: 'later',
            output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string, other: string) {
  const both = await Promise.all([profileOf(id), profileOf(other)]);
  const orders = ordersOf(id);
  const list = await orders;
  return { both, list };
}`,
          },
        ],
      },
    ],
    output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string, other: string) {
  const orders = ordersOf(id);
  const [both, list] = await Promise.all([Promise.all([profileOf(id), profileOf(other)]), orders]);
  return { both, list };
}`,
  });

  reports('variables that may be written again', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  const orders = ordersOf(id);
  let profile = await profileOf(id);
  let list = await orders;
  if (list.length === 0) list = ['none'];
  if (profile.name === '') profile = { name: 'guest' };
  return { profile, list };
}`,
    errors: [
      {
        messageId: 'wait',
        on: 'ordersOf(id)',
        line: 12,
        message:
          '`ordersOf(id)` is awaited only on line 14, after the wait on line 13; if it rejects meanwhile (`fetch` on line 7), the unhandled rejection ends the process.',
        suggestions: [
          {
            messageId: 'later',
            output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  let profile = await profileOf(id);
  const orders = ordersOf(id);
  let list = await orders;
  if (list.length === 0) list = ['none'];
  if (profile.name === '') profile = { name: 'guest' };
  return { profile, list };
}`,
          },
        ],
      },
    ],
    output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  const orders = ordersOf(id);
  let [profile, list] = await Promise.all([profileOf(id), orders]);
  if (list.length === 0) list = ['none'];
  if (profile.name === '') profile = { name: 'guest' };
  return { profile, list };
}`,
  });

  reports('in an arrow function of a class, with private members', {
    code: `
export class Pages {
  readonly #host = 'http://profiles.internal/';
  #load = async (id: string) => (await fetch(this.#host + id)).json() as Promise<{ name: string }>;
  page = async (id: string, other: string) => {
    const theirs = this.#load(other);
    const mine = await this.#load(id);
    const both = [mine, await theirs];
    return both;
  };
}`,
    errors: [
      {
        messageId: 'wait',
        on: 'this.#load(other)',
        line: 6,
        message:
          '`this.#load(other)` is awaited only on line 8, after the wait on line 7; if it rejects meanwhile (`fetch` on line 4), the unhandled rejection ends the process.',
        suggestions: [
          {
            messageId: 'later',
            output: `
export class Pages {
  readonly #host = 'http://profiles.internal/';
  #load = async (id: string) => (await fetch(this.#host + id)).json() as Promise<{ name: string }>;
  page = async (id: string, other: string) => {
    const mine = await this.#load(id);
    const theirs = this.#load(other);
    const both = [mine, await theirs];
    return both;
  };
}`,
          },
        ],
      },
    ],
  });

  reports('a method of a class that the project imports', {
    code: `
import { Profiles } from './profiles.ts';
export class Pages {
  constructor(private readonly profiles: Profiles) {}
  async page(id: string) {
    const profile = this.profiles.one(id);
    const all = await this.profiles.all();
    const mine = await profile;
    return { all, mine };
  }
}`,
    files: {
      'profiles.ts': `import { readFile } from 'node:fs/promises';
export class Profiles {
  async one(id: string) {
    return readFile(id, 'utf8');
  }
  async all() {
    return readFile('all', 'utf8');
  }
}
`,
    },
    errors: [
      {
        messageId: 'wait',
        on: 'this.profiles.one(id)',
        line: 6,
        message:
          '`this.profiles.one(id)` is awaited only on line 8, after the wait on line 7; if it rejects meanwhile (`readFile` on line 4 of profiles.ts), the unhandled rejection ends the process.',
        suggestions: [
          {
            messageId: 'later',
            output: `
import { Profiles } from './profiles.ts';
export class Pages {
  constructor(private readonly profiles: Profiles) {}
  async page(id: string) {
    const all = await this.profiles.all();
    const profile = this.profiles.one(id);
    const mine = await profile;
    return { all, mine };
  }
}`,
          },
        ],
      },
    ],
    output: `
import { Profiles } from './profiles.ts';
export class Pages {
  constructor(private readonly profiles: Profiles) {}
  async page(id: string) {
    const profile = this.profiles.one(id);
    const [all, mine] = await Promise.all([this.profiles.all(), profile]);
    return { all, mine };
  }
}`,
  });

  reports('without semicolons', {
    code: `
async function profileOf(id: string) {
  return (await fetch('http://profiles.internal/' + id)).text()
}
async function ordersOf(id: string) {
  return (await fetch('http://orders.internal/' + id)).text()
}
export async function page(id: string) {
  const orders = ordersOf(id)
  const profile = await profileOf(id)
  const list = await orders
  return { profile, list }
}`,
    errors: [
      {
        messageId: 'wait',
        on: 'ordersOf(id)',
        line: 9,
        message:
          '`ordersOf(id)` is awaited only on line 11, after the wait on line 10; if it rejects meanwhile (`fetch` on line 6), the unhandled rejection ends the process.',
        suggestions: [
          {
            messageId: 'later',
            output: `
async function profileOf(id: string) {
  return (await fetch('http://profiles.internal/' + id)).text()
}
async function ordersOf(id: string) {
  return (await fetch('http://orders.internal/' + id)).text()
}
export async function page(id: string) {
  const profile = await profileOf(id)
  const orders = ordersOf(id)
  const list = await orders
  return { profile, list }
}`,
          },
        ],
      },
    ],
    output: `
async function profileOf(id: string) {
  return (await fetch('http://profiles.internal/' + id)).text()
}
async function ordersOf(id: string) {
  return (await fetch('http://orders.internal/' + id)).text()
}
export async function page(id: string) {
  const orders = ordersOf(id)
  const [profile, list] = await Promise.all([profileOf(id), orders])
  return { profile, list }
}`,
  });

  reports('in JavaScript with JSDoc', {
    code: `
/** @param {string} id */
async function load(id) {
  return (await fetch('http://profiles.internal/' + id)).json();
}
/** @param {string} id @returns {Promise<unknown[]>} */
export async function page(id) {
  const first = load(id);
  const second = load(id + '/orders');
  const a = await first;
  const b = await second;
  return [a, b];
}`,
    filename: 'pages.js',
    errors: [
      {
        messageId: 'wait',
        on: "load(id + '/orders')",
        line: 9,
        message:
          "`load(id + '/orders')` is awaited only on line 11, after the wait on line 10; if it rejects meanwhile (`fetch` on line 4), the unhandled rejection ends the process.",
        suggestions: [
          {
            messageId: 'later',
            output: `
/** @param {string} id */
async function load(id) {
  return (await fetch('http://profiles.internal/' + id)).json();
}
/** @param {string} id @returns {Promise<unknown[]>} */
export async function page(id) {
  const first = load(id);
  const a = await first;
  const second = load(id + '/orders');
  const b = await second;
  return [a, b];
}`,
          },
        ],
      },
    ],
    output: `
/** @param {string} id */
async function load(id) {
  return (await fetch('http://profiles.internal/' + id)).json();
}
/** @param {string} id @returns {Promise<unknown[]>} */
export async function page(id) {
  const first = load(id);
  const second = load(id + '/orders');
  const [a, b] = await Promise.all([first, second]);
  return [a, b];
}`,
  });

  reports('a generic function that starts what it is given an id for', {
    code: `
async function fetched<T>(url: string): Promise<T> {
  const answer = await fetch(url);
  return (await answer.json()) as T;
}
export async function page(id: string) {
  const orders = fetched<string[]>('http://orders.internal/' + id);
  const profile = await fetched<{ name: string }>('http://profiles.internal/' + id);
  const list = await orders;
  return { profile, list };
}`,
    errors: [
      {
        messageId: 'wait',
        on: "fetched<string[]>('http://orders.internal/' + id)",
        line: 7,
        message:
          "`fetched<string[]>('http…orders.internal/' + id)` is awaited only on line 9, after the wait on line 8; if it rejects meanwhile (`fetch` on line 3), the unhandled rejection ends the process.",
        suggestions: [
          {
            messageId: 'later',
            output: `
async function fetched<T>(url: string): Promise<T> {
  const answer = await fetch(url);
  return (await answer.json()) as T;
}
export async function page(id: string) {
  const profile = await fetched<{ name: string }>('http://profiles.internal/' + id);
  const orders = fetched<string[]>('http://orders.internal/' + id);
  const list = await orders;
  return { profile, list };
}`,
          },
        ],
      },
    ],
    output: `
async function fetched<T>(url: string): Promise<T> {
  const answer = await fetch(url);
  return (await answer.json()) as T;
}
export async function page(id: string) {
  const orders = fetched<string[]>('http://orders.internal/' + id);
  const [profile, list] = await Promise.all([fetched<{ name: string }>('http://profiles.internal/' + id), orders]);
  return { profile, list };
}`,
  });

  // ------------------------------------------------------------------ something between

  reports('work that needs the first value stands between', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  const orders = ordersOf(id);
  const profile = await profileOf(id);
  const title = profile.name.toUpperCase();
  const list = await orders;
  return { title, list };
}`,
    errors: [
      {
        messageId: 'wait',
        on: 'ordersOf(id)',
        line: 12,
        message:
          '`ordersOf(id)` is awaited only on line 15, after the wait on line 13; if it rejects meanwhile (`fetch` on line 7), the unhandled rejection ends the process.',
        suggestions: [
          {
            messageId: 'together',
            output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  const orders = ordersOf(id);
  const [profile, list] = await Promise.all([profileOf(id), orders]);
  const title = profile.name.toUpperCase();
  return { title, list };
}`,
          },
          {
            messageId: 'later',
            output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  const profile = await profileOf(id);
  const title = profile.name.toUpperCase();
  const orders = ordersOf(id);
  const list = await orders;
  return { title, list };
}`,
          },
        ],
      },
    ],
  });

  reports('the second wait needs the first value', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  const orders = ordersOf(id);
  const profile = await profileOf(id);
  const friends = await ordersOf(profile.name);
  const list = await orders;
  return { friends, list };
}`,
    errors: [
      {
        messageId: 'wait',
        on: 'ordersOf(id)',
        line: 12,
        message:
          '`ordersOf(id)` is awaited only on line 15, after the wait on line 13; if it rejects meanwhile (`fetch` on line 7), the unhandled rejection ends the process.',
        suggestions: [
          {
            messageId: 'together',
            output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  const orders = ordersOf(id);
  const [profile, list] = await Promise.all([profileOf(id), orders]);
  const friends = await ordersOf(profile.name);
  return { friends, list };
}`,
          },
          {
            messageId: 'later',
            output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  const profile = await profileOf(id);
  const friends = await ordersOf(profile.name);
  const orders = ordersOf(id);
  const list = await orders;
  return { friends, list };
}`,
          },
        ],
      },
    ],
  });

  reports('joined only after another wait', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string, other: string) {
  const orders = ordersOf(id);
  const profile = profileOf(id);
  const theirs = await ordersOf(other);
  const both = await Promise.all([orders, profile]);
  return { both, theirs };
}`,
    errors: [
      {
        messageId: 'wait',
        on: 'ordersOf(id)',
        line: 12,
        message:
          '`ordersOf(id)` is awaited only on line 15, after the wait on line 14; if it rejects meanwhile (`fetch` on line 7), the unhandled rejection ends the process.',
        suggestions: [
          {
            messageId: 'later',
            output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string, other: string) {
  const profile = profileOf(id);
  const theirs = await ordersOf(other);
  const orders = ordersOf(id);
  const both = await Promise.all([orders, profile]);
  return { both, theirs };
}`,
          },
        ],
      },
      {
        messageId: 'wait',
        on: 'profileOf(id)',
        line: 13,
        message:
          '`profileOf(id)` is awaited only on line 15, after the wait on line 14; if it rejects meanwhile (`fetch` on line 3), the unhandled rejection ends the process.',
        suggestions: [
          {
            messageId: 'later',
            output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string, other: string) {
  const orders = ordersOf(id);
  const theirs = await ordersOf(other);
  const profile = profileOf(id);
  const both = await Promise.all([orders, profile]);
  return { both, theirs };
}`,
          },
        ],
      },
    ],
  });

  reports('returned only after another wait', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  const orders = ordersOf(id);
  await profileOf(id);
  return orders;
}`,
    errors: [
      {
        messageId: 'wait',
        on: 'ordersOf(id)',
        line: 12,
        message:
          '`ordersOf(id)` is returned only on line 14, after the wait on line 13; if it rejects meanwhile (`fetch` on line 7), the unhandled rejection ends the process.',
        suggestions: [
          {
            messageId: 'later',
            output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  await profileOf(id);
  const orders = ordersOf(id);
  return orders;
}`,
          },
        ],
      },
    ],
  });

  reports('behind a condition that waits', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string, isNew: boolean) {
  const orders = ordersOf(id);
  if (isNew) await profileOf(id);
  return await orders;
}`,
    errors: [
      {
        messageId: 'wait',
        on: 'ordersOf(id)',
        line: 12,
        message:
          '`ordersOf(id)` is awaited only on line 14, after the wait on line 13; if it rejects meanwhile (`fetch` on line 7), the unhandled rejection ends the process.',
        suggestions: [
          {
            messageId: 'later',
            output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string, isNew: boolean) {
  if (isNew) await profileOf(id);
  const orders = ordersOf(id);
  return await orders;
}`,
          },
        ],
      },
    ],
  });

  reports('a loop of waits', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(ids: readonly string[]) {
  const first = ordersOf('all');
  const names: string[] = [];
  for (const id of ids) names.push((await profileOf(id)).name);
  return { names, first: await first };
}`,
    errors: [
      {
        messageId: 'wait',
        on: "ordersOf('all')",
        line: 12,
        message:
          "`ordersOf('all')` is awaited only on line 15, after the wait on line 14; if it rejects meanwhile (`fetch` on line 7), the unhandled rejection ends the process.",
        suggestions: [
          {
            messageId: 'later',
            output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(ids: readonly string[]) {
  const names: string[] = [];
  for (const id of ids) names.push((await profileOf(id)).name);
  const first = ordersOf('all');
  return { names, first: await first };
}`,
          },
        ],
      },
    ],
  });

  reports('with comments that stay', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  // Both are slow.
  const orders = ordersOf(id);
  const profile = await profileOf(id);
  // The list comes last.
  const list = await orders;
  return { profile, list };
}`,
    errors: [
      {
        messageId: 'wait',
        on: 'ordersOf(id)',
        line: 13,
        message:
          '`ordersOf(id)` is awaited only on line 16, after the wait on line 14; if it rejects meanwhile (`fetch` on line 7), the unhandled rejection ends the process.',
        suggestions: [
          {
            messageId: 'later',
            output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  const profile = await profileOf(id);
  // The list comes last.
  // Both are slow.
  const orders = ordersOf(id);
  const list = await orders;
  return { profile, list };
}`,
          },
        ],
      },
    ],
  });

  reports('with written types', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  const orders: Promise<string[]> = ordersOf(id);
  const profile: { name: string } = await profileOf(id);
  const list: string[] = await orders;
  return { profile, list };
}`,
    errors: [
      {
        messageId: 'wait',
        on: 'ordersOf(id)',
        line: 12,
        message:
          '`ordersOf(id)` is awaited only on line 14, after the wait on line 13; if it rejects meanwhile (`fetch` on line 7), the unhandled rejection ends the process.',
        suggestions: [
          {
            messageId: 'later',
            output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  const profile: { name: string } = await profileOf(id);
  const orders: Promise<string[]> = ordersOf(id);
  const list: string[] = await orders;
  return { profile, list };
}`,
          },
        ],
      },
    ],
  });

  reports('a chain without a handler', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  const count = ordersOf(id).then((orders) => orders.length);
  const profile = await profileOf(id);
  return { profile, count: await count };
}`,
    errors: [
      {
        messageId: 'wait',
        on: 'ordersOf(id).then((orders) => orders.length)',
        line: 12,
        message:
          '`ordersOf(id).then((orders) => orders.length)` is awaited only on line 14, after the wait on line 13; if it rejects meanwhile (`fetch` on line 7), the unhandled rejection ends the process.',
        suggestions: [
          {
            messageId: 'later',
            output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  const profile = await profileOf(id);
  const count = ordersOf(id).then((orders) => orders.length);
  return { profile, count: await count };
}`,
          },
        ],
      },
    ],
  });

  reports('inside a try, whose catch comes too late for it', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  const orders = ordersOf(id);
  try {
    const profile = await profileOf(id);
    return { profile, list: await orders };
  } catch {
    return undefined;
  }
}`,
    errors: [
      {
        messageId: 'wait',
        on: 'ordersOf(id)',
        line: 12,
        message:
          '`ordersOf(id)` is awaited only on line 15, after the wait on line 14; if it rejects meanwhile (`fetch` on line 7), the unhandled rejection ends the process.',
      },
    ],
  });

  reports('a wait in a nested await expression', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  const orders = ordersOf(id);
  const name = (await profileOf(id)).name.trim();
  return { name, list: await orders };
}`,
    errors: [
      {
        messageId: 'wait',
        on: 'ordersOf(id)',
        line: 12,
        message:
          '`ordersOf(id)` is awaited only on line 14, after the wait on line 13; if it rejects meanwhile (`fetch` on line 7), the unhandled rejection ends the process.',
        suggestions: [
          {
            messageId: 'later',
            output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  const name = (await profileOf(id)).name.trim();
  const orders = ordersOf(id);
  return { name, list: await orders };
}`,
          },
        ],
      },
    ],
  });

  reports('a function of a package behind an alias', {
    code: `
import { readFile as read } from 'node:fs/promises';
const load = read;
export async function settings(name: string) {
  const text = load(name, 'utf8');
  const defaults = await load('defaults', 'utf8');
  const own = await text;
  return { defaults, own };
}`,
    errors: [
      {
        messageId: 'wait',
        on: "load(name, 'utf8')",
        line: 5,
        message:
          "`load(name, 'utf8')` is awaited only on line 7, after the wait on line 6; if it rejects meanwhile (`load` on line 5), the unhandled rejection ends the process.",
        suggestions: [
          {
            messageId: 'later',
            output: `
import { readFile as read } from 'node:fs/promises';
const load = read;
export async function settings(name: string) {
  const defaults = await load('defaults', 'utf8');
  const text = load(name, 'utf8');
  const own = await text;
  return { defaults, own };
}`,
          },
        ],
      },
    ],
    output: `
import { readFile as read } from 'node:fs/promises';
const load = read;
export async function settings(name: string) {
  const text = load(name, 'utf8');
  const [defaults, own] = await Promise.all([load('defaults', 'utf8'), text]);
  return { defaults, own };
}`,
  });

  // ------------------------------------------------------------------ lists of promises

  reports('a list of promises that is joined after another wait', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string, others: readonly string[]) {
  const profiles = others.map((other) => profileOf(other));
  const orders = await ordersOf(id);
  const all = await Promise.all(profiles);
  return { orders, all };
}`,
    errors: [
      {
        messageId: 'wait',
        on: 'others.map((other) => profileOf(other))',
        line: 12,
        message:
          '`others.map((other) => profileOf(other))` is awaited only on line 14, after the wait on line 13; if it rejects meanwhile (`fetch` on line 3), the unhandled rejection ends the process.',
        suggestions: [
          {
            messageId: 'later',
            output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string, others: readonly string[]) {
  const orders = await ordersOf(id);
  const profiles = others.map((other) => profileOf(other));
  const all = await Promise.all(profiles);
  return { orders, all };
}`,
          },
        ],
      },
    ],
  });

  reports('promises that a loop starts between its waits', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(ids: readonly string[]) {
  const jobs: Promise<string[]>[] = [];
  for (const id of ids) {
    const { name } = await profileOf(id);
    jobs.push(ordersOf(name));
  }
  return Promise.all(jobs);
}`,
    errors: [
      {
        messageId: 'wait',
        on: 'ordersOf(name)',
        line: 15,
        message:
          '`ordersOf(name)` is returned only on line 17, after the wait on line 14; if it rejects meanwhile (`fetch` on line 7), the unhandled rejection ends the process.',
      },
    ],
  });

  reports('promises that are awaited in turn', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(ids: readonly string[]) {
  const jobs = ids.map((id) => profileOf(id));
  await ordersOf('all');
  const names: string[] = [];
  for (const job of jobs) names.push((await job).name);
  return names;
}`,
    errors: [
      {
        messageId: 'wait',
        on: 'ids.map((id) => profileOf(id))',
        line: 12,
        message:
          '`ids.map((id) => profileOf(id))` is awaited only on line 15, after the wait on line 13; if it rejects meanwhile (`fetch` on line 3), the unhandled rejection ends the process.',
      },
    ],
  });

  reports('promises of a list that are awaited in turn', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function names(ids: readonly string[]) {
  const jobs = ids.map((id) => profileOf(id));
  const names: string[] = [];
  for (const job of jobs) {
    const { name } = await job;
    names.push(name);
  }
  return names;
}`,
    errors: [
      {
        messageId: 'turn',
        on: 'ids.map((id) => profileOf(id))',
        line: 12,
        message:
          'Promises of `ids.map((id) => profileOf(id))` are awaited one by one on line 15; if a later one rejects meanwhile (`fetch` on line 3), the unhandled rejection ends the process.',
        suggestions: [
          {
            messageId: 'all',
            output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function names(ids: readonly string[]) {
  const jobs = ids.map((id) => profileOf(id));
  const names: string[] = [];
  for (const job of await Promise.all(jobs)) {
    const { name } = await job;
    names.push(name);
  }
  return names;
}`,
          },
        ],
      },
    ],
  });

  reports('a comment moves with what it is about', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  const isEmpty = id === '';

  // The list is slow,
  // so it is started first.
  const orders = ordersOf(id); // not cached
  const profile = await profileOf(id);
  const title = profile.name.toUpperCase();
  return { title, isEmpty, list: await orders };
}`,
    errors: [
      {
        messageId: 'wait',
        on: 'ordersOf(id)',
        line: 16,
        message:
          '`ordersOf(id)` is awaited only on line 19, after the wait on line 17; if it rejects meanwhile (`fetch` on line 7), the unhandled rejection ends the process.',
        suggestions: [
          {
            messageId: 'later',
            output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  const isEmpty = id === '';

  const profile = await profileOf(id);
  const title = profile.name.toUpperCase();
  // The list is slow,
  // so it is started first.
  const orders = ordersOf(id); // not cached
  return { title, isEmpty, list: await orders };
}`,
          },
        ],
      },
    ],
  });

  stays('silent about a promise whose handler gives its error back, with `likely`', {
    code: `
declare function load(id: string): Promise<string>;
function back(error: unknown): unknown {
  return error;
}
async function attempt(id: string): Promise<unknown> {
  try {
    return await load(id);
  } catch (failure) {
    return failure;
  }
}
export async function pages(id: string): Promise<unknown[]> {
  const first = load(id).catch((failure: unknown) => failure);
  const second = load(id).then(undefined, (failure) => failure);
  const third = load(id).catch(back);
  const fourth = attempt(id);
  const last = await load('last');
  return [await first, await second, await third, await fourth, last];
}`,
    options: { certainty: 'likely' },
  });

  reports('a promise whose handler gives back what is no error and may be a promise, with `likely`', {
    code: `
declare function load(id: string): Promise<string>;
declare const spare: unknown;
export async function pages(id: string): Promise<unknown[]> {
  const first = load(id).catch(() => spare);
  const second = await load('second').catch(() => '');
  return [await first, second];
}`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'wait',
        on: 'load(id).catch(() => spare)',
        message:
          '`load(id).catch(() => spare)` is awaited only on line 7, after the wait on line 6; if it rejects meanwhile (`spare` on line 5), the unhandled rejection ends the process.',
        suggestions: [
          {
            messageId: 'later',
            output: `
declare function load(id: string): Promise<string>;
declare const spare: unknown;
export async function pages(id: string): Promise<unknown[]> {
  const second = await load('second').catch(() => '');
  const first = load(id).catch(() => spare);
  return [await first, second];
}`,
          },
        ],
      },
    ],
  });

  stays('silent about a promise that a helper puts a handler on and gives back', {
    code: `
declare function load(id: string): Promise<string>;
function handled<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => {});
  return promise;
}
function begin(id: string): Promise<string> {
  const page = load(id);
  page.then(undefined, () => {});
  return page;
}
export async function pages(id: string): Promise<string[]> {
  const first = handled(load(id));
  const second = begin(id);
  const third = await load('third');
  return [await first, await second, third];
}`,
  });

  reports('a promise that an async helper gives, whatever it has put a handler on', {
    code: `
declare function load(id: string): Promise<string>;
async function handled<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => {});
  return promise;
}
export async function pages(id: string): Promise<string[]> {
  const first = handled(load(id));
  const second = await load('second');
  return [await first, second];
}`,
    errors: [
      {
        messageId: 'wait',
        on: 'handled(load(id))',
        message:
          '`handled(load(id))` is awaited only on line 10, after the wait on line 9; if it rejects meanwhile (`load` on line 8), the unhandled rejection ends the process.',
        suggestions: [
          {
            messageId: 'later',
            output: `
declare function load(id: string): Promise<string>;
async function handled<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => {});
  return promise;
}
export async function pages(id: string): Promise<string[]> {
  const second = await load('second');
  const first = handled(load(id));
  return [await first, second];
}`,
          },
        ],
      },
    ],
  });

  stays('a list that is joined', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function names(ids: readonly string[]) {
  const jobs = ids.map((id) => profileOf(id));
  const profiles = await Promise.all(jobs);
  return profiles.map(({ name }) => name);
}`,
  });

  stays('a loop that starts each when it awaits it', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function names(ids: readonly string[]) {
  const jobs = ids.map((id) => () => profileOf(id));
  const names: string[] = [];
  for (const job of jobs) names.push((await job()).name);
  return names;
}`,
  });

  // ------------------------------------------------------------------ left before anybody listens

  reports('a throw between the start and the wait', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string, isGuest: boolean) {
  const orders = ordersOf(id);
  if (isGuest) throw new Error('guests have no orders');
  return { list: await orders };
}`,
    errors: [
      {
        messageId: 'left',
        on: 'ordersOf(id)',
        line: 12,
        message:
          'The `throw` on line 13 leaves before `ordersOf(id)` is awaited on line 14; if it then rejects (`fetch` on line 7), the unhandled rejection ends the process.',
        suggestions: [
          {
            messageId: 'later',
            output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string, isGuest: boolean) {
  if (isGuest) throw new Error('guests have no orders');
  const orders = ordersOf(id);
  return { list: await orders };
}`,
          },
        ],
      },
    ],
  });

  reports('an early return is likely a fault', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string, isGuest: boolean) {
  const orders = ordersOf(id);
  if (isGuest) return undefined;
  return { list: await orders };
}`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'left',
        on: 'ordersOf(id)',
        line: 12,
        message:
          'The `return` on line 13 leaves before `ordersOf(id)` is awaited on line 14; if it then rejects (`fetch` on line 7), the unhandled rejection ends the process.',
        suggestions: [
          {
            messageId: 'later',
            output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string, isGuest: boolean) {
  if (isGuest) return undefined;
  const orders = ordersOf(id);
  return { list: await orders };
}`,
          },
        ],
      },
    ],
  });

  reports('a listener on unhandled rejections hears of it', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

process.on('unhandledRejection', (error) => {
  console.error(error);
});
export async function page(id: string) {
  const orders = ordersOf(id);
  const profile = await profileOf(id);
  const list = await orders;
  return { profile, list };
}`,
    errors: [
      {
        messageId: 'waitLost',
        on: 'ordersOf(id)',
        line: 15,
        message:
          '`ordersOf(id)` is awaited only on line 17, after the wait on line 16; if it rejects meanwhile (`fetch` on line 7), only the listener on line 11 hears of it.',
        suggestions: [
          {
            messageId: 'later',
            output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

process.on('unhandledRejection', (error) => {
  console.error(error);
});
export async function page(id: string) {
  const profile = await profileOf(id);
  const orders = ordersOf(id);
  const list = await orders;
  return { profile, list };
}`,
          },
        ],
      },
    ],
    output: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

process.on('unhandledRejection', (error) => {
  console.error(error);
});
export async function page(id: string) {
  const orders = ordersOf(id);
  const [profile, list] = await Promise.all([profileOf(id), orders]);
  return { profile, list };
}`,
  });

  reports('a wait for an event that may fail is likely a fault', {
    code: `
import { once } from 'node:events';
import type { Server } from 'node:net';
declare function drain(server: Server): Promise<void>;
export async function stop(server: Server) {
  const closed = once(server, 'close');
  await drain(server);
  await closed;
}`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'wait',
        on: "once(server, 'close')",
        line: 6,
        message:
          "`once(server, 'close')` is awaited only on line 8, after the wait on line 7; if it rejects meanwhile (`once` on line 6), the unhandled rejection ends the process.",
        suggestions: [
          {
            messageId: 'later',
            output: `
import { once } from 'node:events';
import type { Server } from 'node:net';
declare function drain(server: Server): Promise<void>;
export async function stop(server: Server) {
  await drain(server);
  const closed = once(server, 'close');
  await closed;
}`,
          },
        ],
      },
    ],
    output: `
import { once } from 'node:events';
import type { Server } from 'node:net';
declare function drain(server: Server): Promise<void>;
export async function stop(server: Server) {
  const closed = once(server, 'close');
  await Promise.all([drain(server), closed]);
}`,
  });

  reports('promises that go on when one of them has failed are likely a fault', {
    code: `
export async function both(one: string, other: string) {
  const controller = new AbortController();
  const [a, b] = await Promise.all([
    fetch(one, { signal: controller.signal }),
    fetch(other, { signal: controller.signal }),
  ]);
  return [a.status, b.status];
}`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'siblings',
        on: 'Promise.all',
        line: 4,
        message:
          'When one of these promises fails, the others go on, although they take the signal of `controller`: nobody aborts it then.',
      },
    ],
  });

  // ------------------------------------------------------------------ silent: somebody listens in time

  stays('promises that are aborted when one of them has failed', {
    code: `
export async function both(one: string, other: string) {
  const controller = new AbortController();
  try {
    return await Promise.all([
      fetch(one, { signal: controller.signal }),
      fetch(other, { signal: controller.signal }),
    ]);
  } finally {
    controller.abort();
  }
}`,
    options: { certainty: 'likely' },
  });

  stays('a signal that the caller may abort', {
    code: `
export async function both(one: string, other: string, controller: AbortController) {
  return await Promise.all([
    fetch(one, { signal: controller.signal }),
    fetch(other, { signal: controller.signal }),
  ]);
}`,
    options: { certainty: 'likely' },
  });

  stays('an early return, when only certain faults are asked for', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string, isGuest: boolean) {
  const orders = ordersOf(id);
  if (isGuest) return undefined;
  return { list: await orders };
}`,
  });

  stays('a join', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  const orders = ordersOf(id);
  const profile = profileOf(id);
  const [list, { name }] = await Promise.all([orders, profile]);
  return { list, name };
}`,
  });

  stays('a join that starts the last one itself', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  const orders = ordersOf(id);
  const [list, { name }] = await Promise.all([orders, profileOf(id)]);
  return { list, name };
}`,
  });

  stays('a join that was made before the other wait', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string, other: string) {
  const orders = ordersOf(id);
  const both = Promise.all([orders, profileOf(id)]);
  both.catch(() => undefined);
  const theirs = await ordersOf(other);
  return { both: await both, theirs };
}`,
  });

  stays('allSettled before the other wait', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string, other: string) {
  const orders = Promise.allSettled([ordersOf(id)]);
  const theirs = await ordersOf(other);
  const [mine] = await orders;
  return { mine, theirs };
}`,
  });

  stays('its own handler', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  const orders = ordersOf(id).catch((): string[] => []);
  const profile = await profileOf(id);
  return { profile, list: await orders };
}`,
  });

  stays('a handler that is attached at once, so that the await is what reports', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  const orders = ordersOf(id);
  orders.catch(() => undefined);
  const profile = await profileOf(id);
  return { profile, list: await orders };
}`,
  });

  stays('a handler as the second argument of then', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  const orders = ordersOf(id).then((list) => list, () => []);
  const profile = await profileOf(id);
  return { profile, list: await orders };
}`,
  });

  stays('work that catches its own errors', {
    code: `
async function ordersOf(id: string): Promise<string[]> {
  try {
    const answer = await fetch('http://orders.internal/' + id);
    return (await answer.json()) as string[];
  } catch {
    return [];
  }
}
export async function page(id: string) {
  const orders = ordersOf(id);
  const theirs = await ordersOf('all');
  return { theirs, list: await orders };
}`,
  });

  stays('awaited at once', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  const orders = ordersOf(id);
  const list = await orders;
  const profile = await profileOf(id);
  return { profile, list };
}`,
  });

  stays('returned at once', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  await profileOf(id);
  const orders = ordersOf(id);
  return orders;
}`,
  });

  stays('given to somebody who may listen', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

declare const tasks: { add(task: Promise<unknown>): void };
export async function page(id: string) {
  const orders = ordersOf(id);
  tasks.add(orders);
  const profile = await profileOf(id);
  return { profile, list: await orders };
}`,
  });

  stays('kept in a field for others', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export class Pages {
  last?: Promise<string[]>;
  async page(id: string) {
    const orders = ordersOf(id);
    this.last = orders;
    const profile = await profileOf(id);
    return { profile, list: await orders };
  }
}`,
  });

  stays('a closure that takes it', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string, later: (work: () => Promise<unknown>) => void) {
  const orders = ordersOf(id);
  later(async () => orders);
  const profile = await profileOf(id);
  return { profile, list: await orders };
}`,
  });

  stays('a race', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

import { setTimeout as sleep } from 'node:timers/promises';
export async function page(id: string) {
  const orders = ordersOf(id);
  const first = await Promise.race([orders, sleep(1000)]);
  return first ?? (await orders);
}`,
  });

  // ------------------------------------------------------------------ silent: nothing can come meanwhile, or nothing fails

  stays('what is awaited between is no promise', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  const orders = ordersOf(id);
  const name = await id.trim();
  return { name, list: await orders };
}`,
  });

  stays('what is awaited between never waits itself', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

async function nameOf(id: string) {
  return id.trim();
}
export async function page(id: string) {
  const orders = ordersOf(id);
  const name = await nameOf(id);
  return { name, list: await orders };
}`,
  });

  stays('a timer', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

import { setTimeout as sleep } from 'node:timers/promises';
export async function page(id: string) {
  const pause = sleep(100);
  const list = await ordersOf(id);
  await pause;
  return list;
}`,
  });

  stays('a hand-made promise that never rejects', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  const pause = new Promise<void>((resolve) => setTimeout(resolve, 100));
  const list = await ordersOf(id);
  await pause;
  return list;
}`,
  });

  stays('a wait for an event, started early so as not to miss it', {
    code: `
import { once } from 'node:events';
import type { Server } from 'node:net';
declare function drain(server: Server): Promise<void>;
export async function stop(server: Server) {
  const closed = once(server, 'close');
  await drain(server);
  await closed;
}`,
  });

  stays('a query that is sent when it is awaited', {
    code: `
import { Schema, model } from 'mongoose';
const Order = model('Order', new Schema({ owner: String }));
declare function profileOf(id: string): Promise<string>;
export async function page(id: string) {
  const orders = Order.find({ owner: id });
  const profile = await profileOf(id);
  return { profile, list: await orders };
}`,
  });

  stays('a function that is started after the wait', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string) {
  const orders = () => ordersOf(id);
  const profile = await profileOf(id);
  return { profile, list: await orders() };
}`,
  });

  stays('in a test', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

import { expect, test } from 'vitest';
test('a page', async () => {
  const orders = ordersOf('7');
  const profile = await profileOf('7');
  expect([profile, await orders]).toEqual([]);
});`,
    filename: 'pages.test.ts',
  });

  stays('the two ways are apart', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(id: string, isNew: boolean) {
  if (isNew) {
    await profileOf(id);
    return [];
  }
  const orders = ordersOf(id);
  return await orders;
}`,
  });

  stays('each turn of the loop awaits its own', {
    code: `
async function profileOf(id: string) {
  const answer = await fetch('http://profiles.internal/' + id);
  return (await answer.json()) as { name: string };
}
async function ordersOf(id: string) {
  const answer = await fetch('http://orders.internal/' + id);
  return (await answer.json()) as string[];
}

export async function page(ids: readonly string[]) {
  const lists: string[][] = [];
  for (const id of ids) {
    const orders = ordersOf(id);
    lists.push(await orders);
  }
  return lists;
}`,
  });

  stays('names that look like promises', {
    code: `
export async function page(load: () => Promise<string>) {
  const promise = { list: ['a'] };
  const name = await load();
  return { name, promise };
}`,
  });

  reports('a promise that is returned after `for await`', {
    code: `
import { createReadStream } from 'node:fs';
async function load(id: string): Promise<string> {
  if (id === '') throw new Error('no id');
  return id;
}
export async function report(id: string): Promise<string> {
  const order = load(id);
  for await (const chunk of createReadStream(id)) process.stdout.write(String(chunk));
  return order;
}
`,
    errors: [
      {
        messageId: 'wait',
        on: 'load(id)',
        line: 8,
        message:
          '`load(id)` is returned only on line 10, after the wait on line 9; if it rejects meanwhile (the `throw` on line 4), the unhandled rejection ends the process.',
        suggestions: [
          {
            messageId: 'later',
            output: `
import { createReadStream } from 'node:fs';
async function load(id: string): Promise<string> {
  if (id === '') throw new Error('no id');
  return id;
}
export async function report(id: string): Promise<string> {
  for await (const chunk of createReadStream(id)) process.stdout.write(String(chunk));
  const order = load(id);
  return order;
}
`,
          },
        ],
      },
    ],
  });
});
