import { Worker } from 'node:worker_threads';
import { CELLS, FAILURES, REQUESTS } from './cells.js';

const buffer = new SharedArrayBuffer(CELLS * Int32Array.BYTES_PER_ELEMENT);
const cells = new Int32Array(buffer);

/** How long requests took, by power of two; this thread alone has it. */
const durations = new Int32Array(16);

/** Lost update between threads: `++` on shared memory reads and writes in two steps. */
export function countRequest(): void {
  cells[REQUESTS]++;
}

/** Right: one atomic step. */
export function countFailure(): void {
  Atomics.add(cells, FAILURES, 1);
}

/** Right: the memory is not shared. */
export function countDuration(milliseconds: number): void {
  const slot = Math.min(15, Math.floor(Math.log2(milliseconds + 1)));
  durations[slot] += 1;
}

export function traffic(): Record<string, number> {
  return { requests: Atomics.load(cells, REQUESTS), failures: Atomics.load(cells, FAILURES) };
}

export function startReplay(): Worker {
  return new Worker(new URL('./replay.js', import.meta.url), { workerData: buffer });
}
