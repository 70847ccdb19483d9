import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rules } from '../../src/rules/index.ts';
import { lint } from '../support/lint.ts';
import { programOf } from '../support/program.ts';

/** Everything the rules can report. */
const EVERYTHING = Object.fromEntries(
  Object.entries(rules).map(([name, { meta }]) => [name, meta.docs.hasTiers ? [{ certainty: 'likely' }] : []]),
);

/** Lints with all rules. A rule that throws makes it throw, and so does a file that does not parse. */
function lintAll(code: string, filename = 'service.ts'): number {
  const virtual = programOf({ [filename]: code });
  return lint(virtual, filename, code, { rules: rules, run: EVERYTHING }).length;
}

/** The same, for text that need not be a program. */
function lintAnything(code: string): void {
  try {
    lintAll(code);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('ESLint could not lint'))) throw error;
  }
}

describe('no rule throws', () => {
  test('on an empty file', () => {
    expect(lintAll('')).toBe(0);
  });

  test('on a file with nothing but comments', () => {
    expect(lintAll('// orders\n/* invoices */\n')).toBe(0);
  });

  test('on random text', () => {
    const word = fc.constantFrom(
      ...'async await function => ( ) { } [ ] ; , . ?. ... = += ??= && || ? : orders this.total new class static for of while do try catch finally return yield import export default 0 `'.split(
        ' ',
      ),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 40 }), (words) => {
        lintAnything(words.join(' '));
      }),
      { numRuns: 200, seed: 20_26 },
    );
  });

  test('on random programs of statements that wait, write, throw, loop and break', () => {
    const simple = fc.constantFrom(
      'orders += await load();',
      'orders = orders + 1;',
      'const { total = await load() } = { total: orders };',
      'if (orders > 1) return;',
      'if (await load()) throw new Error("late");',
      'void load();',
      'load().then(() => { orders++; });',
      'setInterval(async () => { orders = await load(); }, 1000);',
      'sessions.set("key", (sessions.get("key") ?? 0) + (await load()));',
      'for (const each of sessions.values()) { if (each === orders) continue; orders += each; }',
      'process.on("SIGTERM", async () => { await load(); process.exit(0); });',
      'delete (sessions as { size?: number }).size;',
      '[orders] = [await load()];',
      'orders ||= (await load(), 2);',
    );
    const { statement } = fc.letrec<{ statement: string }>((tie) => ({
      statement: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        simple,
        fc.tuple(tie('statement'), tie('statement')).map(([one, other]) => `try { ${one} } finally { ${other} }`),
        fc.tuple(tie('statement'), tie('statement')).map(([one, other]) => `try { ${one} } catch { ${other} }`),
        tie('statement').map((one) => `outer: for (;;) { ${one} if (orders) break outer; }`),
        tie('statement').map((one) => `while (await load()) { ${one} }`),
        tie('statement').map((one) => `switch (orders) { case 1: ${one} default: ${one} break; }`),
        tie('statement').map((one) => `await (async () => { ${one} })();`),
        tie('statement').map((one) => `do { ${one} } while (orders < 3);`),
      ),
    }));
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 8 }), (statements) => {
        lintAll(
          `let orders = 0;\nconst sessions = new Map<string, number>();\ndeclare function load(): Promise<number>;\n` +
            `export async function handle(): Promise<void> {\n${statements.map((text) => `  { ${text} }`).join('\n')}\n}\n`,
        );
      }),
      { numRuns: 60, seed: 20_26 },
    );
  });

  test('on code with type errors', () => {
    lintAll(`
      import { nothing } from './nowhere.js';
      let orders: Missing = nothing.total;
      class Ledger extends Nowhere { total = this.missing; async add() { this.total += await nothing(); } }
      export async function handle(request: Request2) {
        orders = orders + (await unknownFunction(request.missing, ...orders));
        await request.body.read().then(handle).finally;
        for await (const each of orders) each.total++;
        new nothing().on('end', async () => { orders += await request; });
      }
      process.on('SIGTERM', missing);
    `);
  });

  test('on recursive types and recursive functions', () => {
    lintAll(`
      interface Order { parent: Order; children: Map<string, Order>; load(): Promise<Order>; }
      type Deep<T> = T extends (infer Item)[] ? Deep<Item> : { [Key in keyof T]: Deep<T[Key]> };
      type Json = null | number | string | Json[] | { [key: string]: Json };
      declare const root: Order & Deep<Order>;
      declare let json: Json;
      export async function walk(order: Order): Promise<number> {
        json = { json: await walk(order.parent), more: [json] };
        return (await other(await order.load())) + (await walk(root.parent.parent.parent));
      }
      async function other(order: Order): Promise<number> {
        return (await walk(order)) + (await other(order.parent));
      }
      class Node<T extends Node<T>> { next!: T; async total(): Promise<number> { return (await this.next.total()) + 1; } }
      export const node: Node<never> = new Node();
    `);
  });

  test('on every place where an `await` may stand', () => {
    lintAll(`
      declare function load(key?: string): Promise<{ total: number }>;
      let total = (await load()).total;
      export class Ledger {
        static entries = await load();
        static { total += 1; }
        #sum = 0;
        [(await load()).total]() { return this.#sum; }
        async *rows(limit = 3) { for await (const row of this.rows(limit)) yield await row; }
        async add() { this.#sum += (await load(\`\${await load()}\`)).total; await using _held = { async [Symbol.asyncDispose]() {} }; }
      }
      export const tagged = String.raw\`\${(await load()).total}\`;
      label: for (let i = (await load()).total; i < (await load()).total; i += (await load()).total) { if (i) continue label; else break label; }
      export default await (await import('node:fs/promises')).readFile(import.meta.filename);
    `);
  });

  test('on a JavaScript file', () => {
    lintAll(
      `
      let orders = 0;
      /** @param {import('node:http').IncomingMessage} request */
      module.exports = async function handle(request) { orders += await request.read(); with_ = arguments[0]; };
    `,
      'service.cjs',
    );
  });
});

describe('no rule hangs', () => {
  test('on 50,000 lines', { timeout: 300_000 }, () => {
    const functions = Array.from(
      { length: 6_250 },
      (_, at) => `export async function order${String(at)}(id: string) {
  const before = orders;
  const session = await load(id);
  if (session === undefined) return;
  sessions.set(id, session);
  await load(String(before));
  await order${String((at * 7) % 6_250)}(id);
}`,
    );
    const code = `let orders = 0;\nconst sessions = new Map<string, unknown>();\ndeclare function load(id: string): Promise<unknown>;\n${functions.join('\n')}\nexport function count() {\n  orders++;\n}\n`;
    expect(code.split('\n').length).toBeGreaterThan(50_000);
    lintAll(code);
  });

  test('on a function with 2,000 statements', { timeout: 120_000 }, () => {
    const statements = Array.from({ length: 2_000 }, (_, at) =>
      at % 4 === 0 ? `  if (total > ${String(at)}) total = await load(total);` : `  total += ${String(at)};`,
    );
    lintAll(
      `let total = 0;\ndeclare function load(total: number): Promise<number>;\nexport async function handle() {\n${statements.join('\n')}\n}\n`,
    );
  });

  test('on 100 nested blocks and a chain of 200 calls', { timeout: 120_000 }, () => {
    const nested = `${'if (total) {'.repeat(100)}total += await load();${'}'.repeat(100)}`;
    const chain = `load()${'.then((each) => each + total)'.repeat(200)}`;
    lintAll(
      `let total = 0;\ndeclare function load(): Promise<number>;\nexport async function handle() {\n${nested}\nawait ${chain};\n}\n`,
    );
  });
});
