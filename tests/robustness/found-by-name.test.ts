import { describe, expect, test } from 'vitest';
import { rules } from '../../src/rules/index.ts';
import { lint } from '../support/lint.ts';
import { programOf } from '../support/program.ts';

/**
 * Rules ask for names before they ask for types. A name is given in many ways (default exports, CommonJS, re-exports, casts, quoted
 * members): under none of them may a hazard get lost.
 */
function reportsIn(files: Readonly<Record<string, string>>): readonly string[] {
  const virtual = programOf(files, { noUnusedLocals: false });
  expect(virtual.diagnostics()).toEqual([]);
  const [file, code] = Object.entries(files).at(-1) ?? ['', ''];
  const run = Object.fromEntries(Object.keys(rules).map((rule) => [rule, []]));
  return lint(virtual, file, code, { rules, run }).map(({ rule, line }) => {
    const text = code.split('\n')[line - 1]?.trim() ?? '';
    return `${rule}: ${text}`;
  });
}

const COMMON_JS = { 'package.json': '{ "name": "service", "private": true }' };

const NAP = `(ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))`;

/** A file that polls. */
function polling(call: string, head: string): string {
  return `${head}
declare const jobs: { stateOf(id: string): Promise<string> };
export async function done(id: string): Promise<void> {
  while ((await jobs.stateOf(id)) !== 'done') await ${call};
}
`;
}

const POLLING_IN_JS = `/** @param {{ stateOf(id: string): Promise<string> }} jobs @param {string} id */
exports.done = async function (jobs, id) {
  while ((await jobs.stateOf(id)) !== 'done') await rest(500);
};
`;

describe('a poll', () => {
  const spellings: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'a sleep that is a default export': {
      'pause.ts': `export default ${NAP};\n`,
      'a.ts': polling('rest(500)', `import rest from './pause.ts';`),
    },
    'a sleep that is exported by its name as the default': {
      'pause.ts': `const pause = ${NAP};\nexport default pause;\n`,
      'a.ts': polling('rest(500)', `import { default as rest } from './pause.ts';`),
    },
    'a default function under another name': {
      'pause.ts': `export default async function pause(ms: number): Promise<void> { await new Promise((done) => setTimeout(done, ms)); }\n`,
      'a.ts': polling('rest(500)', `import rest from './pause.ts';`),
    },
    'a name that is changed twice on the way': {
      'pause.ts': `const pause = ${NAP};\nexport { pause as nap };\n`,
      'index.ts': `export { nap as rest } from './pause.ts';\n`,
      'a.ts': polling('rest(500)', `import { rest } from './index.ts';`),
    },
    'a default that gets a name on the way': {
      'pause.ts': `export default ${NAP};\n`,
      'index.ts': `export { default as rest } from './pause.ts';\n`,
      'a.ts': polling('rest(500)', `import { rest } from './index.ts';`),
    },
    'a sleep behind a cast': {
      'a.ts': polling('rest(500)', `const rest = (${NAP}) as (ms: number) => Promise<void>;`),
    },
    'a sleep in an object under another name': {
      'a.ts': polling('timing.rest(500)', `const pause = ${NAP};\nconst timing = { rest: pause };`),
    },
    'CommonJS, the whole module': {
      ...COMMON_JS,
      'pause.js': `/** @param {number} ms */\nmodule.exports = (ms) => new Promise((resolve) => setTimeout(resolve, ms));\n`,
      'a.js': `const rest = require('./pause.js');\n${POLLING_IN_JS}`,
    },
    'CommonJS, a member under another name': {
      ...COMMON_JS,
      'pause.js': `/** @param {number} ms */\nexports.nap = (ms) => new Promise((resolve) => setTimeout(resolve, ms));\n`,
      'a.js': `const { nap: rest } = require('./pause.js');\n${POLLING_IN_JS}`,
    },
  };

  test.each(Object.entries(spellings))('%s', (_spelling, files) => {
    expect(reportsIn(files)).toEqual([
      expect.stringMatching(/^require-wait-timeout: while .* await (?:timing\.)?rest\(500\);$/),
    ]);
  });
});

const SAVE = `import { writeFile } from 'node:fs/promises';
export async function save(text: string): Promise<void> { await writeFile('a', text); }
`;

const DROPPING = `import { save } from './save.ts';
export function run(): void { drop(save('x')); }
`;

const DROPPING_IN_JS = `const { writeFile } = require('node:fs/promises');
async function save() { await writeFile('a', 'b'); }
exports.run = function () { drop(save()); };
`;

describe('a promise handed to a helper that drops it', () => {
  const spellings: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'a default function without a name': {
      'save.ts': SAVE,
      'forget.ts': `export default function (work: Promise<void>): void { void work; }\n`,
      'a.ts': `import drop from './forget.ts';\n${DROPPING}`,
    },
    'a default arrow function': {
      'save.ts': SAVE,
      'forget.ts': `export default (work: Promise<void>): void => { void work; };\n`,
      'a.ts': `import drop from './forget.ts';\n${DROPPING}`,
    },
    'a helper behind a cast': {
      'save.ts': SAVE,
      'a.ts': `const drop = ((work: Promise<void>): void => { void work; }) as (work: Promise<void>) => void;\n${DROPPING}`,
    },
    'CommonJS, a function': {
      ...COMMON_JS,
      'forget.js': `/** @param {Promise<void>} work */\nmodule.exports = function (work) { void work; };\n`,
      'a.js': `const drop = require('./forget.js');\n${DROPPING_IN_JS}`,
    },
    'CommonJS, an arrow function': {
      ...COMMON_JS,
      'forget.js': `/** @param {Promise<void>} work */\nmodule.exports = (work) => { void work; };\n`,
      'a.js': `const drop = require('./forget.js');\n${DROPPING_IN_JS}`,
    },
    'CommonJS in TypeScript': {
      ...COMMON_JS,
      'save.cts': SAVE,
      'forget.cts': `export = function (work: Promise<void>): void { void work; };\n`,
      'a.cts': `import drop = require('./forget.cts');\n${DROPPING.replace('save.ts', 'save.cts')}`,
    },
    'a module imported where it is needed': {
      'save.ts': SAVE,
      'forget.ts': `export default (work: Promise<void>): void => { void work; };\n`,
      'a.ts': `import { save } from './save.ts';
export async function run(): Promise<void> {
  const { default: drop } = await import('./forget.ts');
  drop(save('x'));
}
`,
    },
  };

  test.each(Object.entries(spellings))('%s', (_spelling, files) => {
    expect(reportsIn(files)).toEqual([expect.stringMatching(/^require-background-catch: .*drop\(save\('?x?'?\)\);/)]);
  });
});

test('a variable that begins as a list may become something whose push gives a promise', () => {
  const code = `import { writeFile } from 'node:fs/promises';
class Sink { async push(text: string): Promise<void> { await writeFile('a', text); } }
export function run(isOn: boolean): void {
  let out: string[] | Sink = [];
  if (isOn) out = new Sink();
  out.push('x');
}
`;
  expect(reportsIn({ 'a.ts': code })).toEqual(["require-background-catch: out.push('x');"]);
});

test('a receive may be declared with a quoted name', () => {
  const code = `class Inbox {
  private readonly waiting: ((text: string) => void)[] = [];
  'take'(): Promise<string> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
    });
  }
  put(text: string): void { this.waiting.shift()?.(text); }
}
const inbox = new Inbox();
export async function run(): Promise<string> { return await inbox.take(); }
export function give(text: string): void { inbox.put(text); }
`;
  expect(reportsIn({ 'a.ts': code })).toEqual([
    'require-wait-timeout: export async function run(): Promise<string> { return await inbox.take(); }',
  ]);
});

describe('a promise that is dropped', () => {
  const spellings: Readonly<Record<string, readonly [head: string, dropped: string]>> = {
    'a function that gives what the platform gives': [
      'function notify(id: string) { return fetch(`https://x/${id}`); }',
      'void notify(id);',
    ],
    'an arrow that gives what a package gives': ['const bump = (id: string) => redis.incr(id);', 'bump(id);'],
    'a field that gives what a package gives': [
      'class Cache { touch = (id: string) => redis.incr(id); }\nconst cache = new Cache();',
      'cache.touch(id);',
    ],
    'a function that gives a variable': [
      'function later(id: string) { const answer = redis.incr(id); return answer; }',
      'later(id);',
    ],
    'a choice': ['const pick = (id: string) => (id === "" ? undefined : redis.incr(id));', 'pick(id);'],
    'a callback by its name': ['const bump = (id: string) => redis.incr(id);', '[id].forEach(bump);'],
    'a chain, where something else has a `then`': [
      'async function save(id: string): Promise<void> { await redis.incr(id); }\nexport class Steps { then(): this { return this; } }',
      'void save(id).then(() => { console.log(id); });',
    ],
    'all of a list, where something else has an `all`': [
      'async function save(id: string): Promise<void> { await redis.incr(id); }\nexport class Table { all(): string[] { return []; } }',
      'void Promise.all([id].map((each) => save(each)));',
    ],
    'a method of a package, where something else has one of that name': [
      'export class Sum { getBuffer(): number { return 0; } }',
      'redis.getBuffer(id);',
    ],
  };
  test.each(Object.keys(spellings))('is reported: %s', (name) => {
    const [head, dropped] = spellings[name] ?? ['', ''];
    const code = `import { Redis } from 'ioredis';
const redis = new Redis();
${head}
export function run(id: string): void {
  ${dropped}
}
`;
    expect(reportsIn({ 'a.ts': code })).toEqual([`require-background-catch: ${dropped}`]);
  });

  test('but not what gives no promise', () => {
    const code = `const lines: string[] = [];
function add(line: string) { return lines.push(line); }
class Sums { readonly all = new Map<string, number>(); bump(id: string) { return this.all.set(id, 1); } }
const sums = new Sums();
export function run(id: string): void {
  add(id);
  sums.bump(id);
  [id].forEach(add);
}
`;
    expect(reportsIn({ 'a.ts': code })).toEqual([]);
  });
});
