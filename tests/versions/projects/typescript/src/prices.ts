import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

const cells = new Int32Array(new SharedArrayBuffer(8));

/** A worker that dies answers nobody. */
export async function priceOf(order: string): Promise<unknown> {
  const worker = new Worker('./dist/worker.js', { workerData: cells.buffer });
  worker.postMessage(order);
  const [price] = (await once(worker, 'message')) as unknown[];
  cells[0]++;
  return price;
}
