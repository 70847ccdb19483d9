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

// The threads meet again and again, so that they run at the same time on a busy machine too.
for (let part = 1; part <= 20; part++) {
  Atomics.add(requests, 1, 1);
  while (Atomics.load(requests, 1) < 2 * part);
  for (let request = 0; request < 50_000; request++) requests[0]!++;
}
`,
      },
    });

    expect(proof.before).toBeLessThan(2_000_000);
    expect(proof.reports).toEqual(['worker.ts:11 concurrency/prefer-atomics']);
    expect(proof.fixedSource['worker.ts']).toContain('request++) Atomics.add(requests, 0, 1);');
    expect(proof.after).toBe(2_000_000);
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });
});
