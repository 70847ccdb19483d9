import { describe, expect, test } from 'vitest';
import { prove } from './harness.ts';

describe('prefer-atomics', { timeout: 120_000 }, () => {
  test('two threads that count a million requests each lose none any more', async () => {
    const proof = await prove({
      main: 'main.ts',
      deadline: 60_000,
      files: {
        // How the threads meet is up to the machine; so there are several rounds, until one loses something.
        'main.ts': `
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

let counted = 2_000_000;
for (let round = 0; round < 12 && counted === 2_000_000; round++) {
  const buffer = new SharedArrayBuffer(8);
  const workers = [1, 2].map(() => new Worker(new URL('./worker.js', import.meta.url), { workerData: buffer }));
  await Promise.all(workers.map((worker) => once(worker, 'exit')));
  counted = Atomics.load(new Int32Array(buffer), 0);
}
console.log(JSON.stringify(counted));
`,
        'worker.ts': `
import { workerData } from 'node:worker_threads';

const buffer: SharedArrayBuffer = workerData;
const requests = new Int32Array(buffer);

// Both threads start together.
Atomics.add(requests, 1, 1);
while (Atomics.load(requests, 1) < 2);
for (let request = 0; request < 1_000_000; request++) requests[0]!++;
`,
      },
    });

    expect(proof.before).toBeLessThan(2_000_000);
    expect(proof.reports).toEqual(['worker.ts:10 concurrency/prefer-atomics']);
    expect(proof.fixedSource['worker.ts']).toContain('request++) Atomics.add(requests, 0, 1);');
    expect(proof.after).toBe(2_000_000);
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('two threads that number their invoices never give a number twice', async () => {
    const proof = await prove({
      main: 'main.ts',
      deadline: 60_000,
      files: {
        'main.ts': `
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

const MOST = 1_000_000;
let distinct = MOST;
for (let round = 0; round < 6 && distinct === MOST; round++) {
  const buffer = new SharedArrayBuffer(8);
  const given = new SharedArrayBuffer(4 * MOST);
  const workers = [0, 1].map((half) => new Worker(new URL('./worker.js', import.meta.url), { workerData: { buffer, given, half } }));
  await Promise.all(workers.map((worker) => once(worker, 'exit')));
  distinct = new Set(new Int32Array(given)).size;
}
console.log(JSON.stringify(distinct));
`,
        'worker.ts': `
import { workerData } from 'node:worker_threads';

interface Desk {
  buffer: SharedArrayBuffer;
  given: SharedArrayBuffer;
  half: number;
}
const { buffer, given, half } = workerData as Desk;
const numbers = new Int32Array(buffer);
const slots = new Int32Array(given);
const most = slots.length / 2;

function nextInvoice(): number {
  const number = numbers[0]!;
  numbers[0] = number + 1;
  return number;
}

Atomics.add(numbers, 1, 1);
while (Atomics.load(numbers, 1) < 2);
for (let invoice = 0; invoice < most; invoice++) slots[half * most + invoice] = nextInvoice();
`,
      },
    });

    expect(proof.before).toBeLessThan(1_000_000);
    expect(proof.reports).toEqual(['worker.ts:16 concurrency/prefer-atomics']);
    expect(proof.after).toBe(1_000_000);
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });
});
