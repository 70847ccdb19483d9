import { parentPort, workerData } from 'node:worker_threads';
import { FAILURES, REQUESTS } from './cells.js';

const cells = new Int32Array(workerData as SharedArrayBuffer);

parentPort?.on('message', (failed: boolean) => {
  cells[REQUESTS] += 1;
  if (failed) Atomics.add(cells, FAILURES, 1);
});
