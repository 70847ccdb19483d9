import { expect, test, vi } from 'vitest';
import { rules } from '../../src/rules/index.ts';
import { lint } from '../support/lint.ts';
import { programOf } from '../support/program.ts';

const HEAD = `export declare function load(id: number): Promise<number>;
let total = 0;
export function add(amount: number): void { total += amount; }
`;

/** Code with so many updates of shared state that get lost, each of them reported. */
const SHAPES: Readonly<Record<string, (updates: number) => string>> = {
  'the cases of a switch': (updates) => `${HEAD}
export async function run(kind: number): Promise<void> {
  const before = total;
  switch (kind) {
${each(updates, (at) => `    case ${at}: await load(${at}); total = before + ${at}; break;`)}
  }
}`,
  'one if after the other': (updates) => `${HEAD}
export async function run(kind: number): Promise<void> {
  const before = total;
${each(updates, (at) => `  if (kind === ${at}) { await load(${at}); total = before + ${at}; return; }`)}
}`,
  loops: (updates) => `${HEAD}
export async function run(step: number): Promise<void> {
${each(updates, (at) => `  for (let from = total; from < ${at}; from++) { await load(from); total = from + step; }`)}
}`,
  'the callbacks of a chain': (updates) => `${HEAD}
export function run(): Promise<number> {
  const before = total;
  return load(1)
${each(updates, (at) => `    .then((amount) => { total = before + amount + ${at}; return load(${at}); })`)};
}`,
  'the methods of a class': (updates) => `
export declare function load(id: number): Promise<number>;
export class Store {
  private readonly amounts = new Map<string, number>();
${each(updates, (at) => `  async add${at}(id: string): Promise<void> { const before = this.amounts.get(id) ?? 0; await load(before); this.amounts.set(id, before + ${at}); }`)}
}
export const store = new Store();`,
};

function each(count: number, lineAt: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => lineAt(at)).join('\n');
}

/** How many of them are reported, and how many symbols the compiler is asked for. */
function updatesIn(code: string): { readonly found: number; readonly asked: number } {
  const virtual = programOf({ 'service.ts': code });
  const asked = vi.spyOn(virtual.program.getTypeChecker(), 'getSymbolAtLocation');
  const reports = lint(virtual, 'service.ts', code, { rules, run: { 'no-nonatomic-update': [] } });
  return { found: reports.length, asked: asked.mock.calls.length };
}

// Where every write was compared with every other, these took minutes at some hundred updates, or all of the heap.
test.each(Object.keys(SHAPES))('300 lost updates are found in %s', (shape) => {
  expect(updatesIn(SHAPES[shape]?.(300) ?? '').found).toBe(300);
});

test.each(Object.keys(SHAPES))('twice the updates take about twice the questions to the checker in %s', (shape) => {
  const [few, many] = [40, 80].map((updates) => updatesIn(SHAPES[shape]?.(updates) ?? '').asked);
  expect(few).toBeGreaterThan(40);
  expect(many).toBeLessThan(2.3 * (few ?? 0));
});
