import { describe, expect, test } from 'vitest';
import { prove } from './harness.ts';

describe('no-use-after-release', { timeout: 300_000 }, () => {
  test('a label that is returned under the finally no longer prints on the sheet of the next borrower', async () => {
    const proof = await prove({
      main: 'main.ts',
      deadline: 90_000,
      files: {
        'printer.ts': `
import { gate } from './gate.js';

export class Printer {
  sheet: string[] = [];

  async print(order: string): Promise<string> {
    this.sheet = [order];
    await gate(order);
    this.sheet.push('printed');
    return this.sheet.join(' ');
  }
}

export class PrinterPool {
  readonly #free = [new Printer()];
  readonly #waiting: ((printer: Printer) => void)[] = [];

  acquire(): Promise<Printer> {
    const printer = this.#free.pop();
    if (printer !== undefined) return Promise.resolve(printer);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  release(printer: Printer): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(printer);
    else next(printer);
  }
}
`,
        'labels.ts': `
import { PrinterPool } from './printer.js';

const printers = new PrinterPool();

export async function label(order: string): Promise<string> {
  const printer = await printers.acquire();
  try {
    return printer.print(order);
  } finally {
    printers.release(printer);
  }
}
`,
        'main.ts': `
import { release } from './gate.js';
import { label } from './labels.js';

const labels = Promise.all([label('march'), label('april')]);
await release('march', 'april');
console.log(JSON.stringify(await labels));
`,
      },
    });

    expect(proof.before).toEqual(['april printed', 'april printed printed']);
    expect(proof.reports).toEqual(['labels.ts:9 concurrency/no-use-after-release']);
    expect(proof.after).toEqual(['march printed', 'april printed']);
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('a session of generic-pool that is used after its release no longer writes for the next borrower', async () => {
    const proof = await prove({
      main: 'main.ts',
      deadline: 90_000,
      suggestion: 'Give `session` back in a `finally` after its last use.',
      files: {
        'sessions.ts': `
import { createPool } from 'generic-pool';
import { gate } from './gate.js';

class Session {
  user = '';

  async note(order: string): Promise<string> {
    await gate(order);
    return \`\${this.user}: \${order}\`;
  }
}

const sessions = createPool<Session>(
  { create: () => Promise.resolve(new Session()), destroy: () => Promise.resolve() },
  { max: 1 },
);

export async function note(user: string, order: string): Promise<string> {
  const session = await sessions.acquire();
  session.user = user;
  await sessions.release(session);
  return await session.note(order);
}
`,
        'main.ts': `
import { release } from './gate.js';
import { note } from './sessions.js';

const notes = Promise.all([note('ada', 'march'), note('bob', 'april')]);
await release('march', 'april');
console.log(JSON.stringify(await notes));
`,
      },
    });

    expect(proof.before).toEqual(['bob: march', 'bob: april']);
    expect(proof.reports).toContain('sessions.ts:23 concurrency/no-use-after-release');
    expect(proof.after).toEqual(['ada: march', 'bob: april']);
    expect(proof.typeErrors).toEqual([]);
  });

  test('a second release no longer lends one buffer to two requests', async () => {
    const proof = await prove({
      main: 'main.ts',
      deadline: 90_000,
      files: {
        'scratch.ts': `
export class Scratch {
  text = '';
}

const free: Scratch[] = [];

export function take(): Scratch {
  return free.pop() ?? new Scratch();
}

export function give(scratch: Scratch): void {
  scratch.text = '';
  free.push(scratch);
}
`,
        'render.ts': `
import { gate } from './gate.js';
import { give, take } from './scratch.js';

export async function render(order: string): Promise<string> {
  const scratch = take();
  try {
    scratch.text = order;
    await gate(order);
    return scratch.text;
  } finally {
    give(scratch);
    give(scratch);
  }
}
`,
        'main.ts': `
import { release } from './gate.js';
import { render } from './render.js';

const first = render('january');
await release('january');
await first;
const pages = Promise.all([render('march'), render('april')]);
await release('march', 'april');
console.log(JSON.stringify(await pages));
`,
      },
    });

    expect(proof.before).toEqual(['april', '']);
    expect(proof.reports).toEqual(['render.ts:13 concurrency/no-use-after-release']);
    expect(proof.after).toEqual(['march', 'april']);
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });
});
