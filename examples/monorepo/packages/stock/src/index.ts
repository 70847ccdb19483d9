import { query } from '@acme/db';
import { Mutex } from '@acme/locks';

const mutex = new Mutex();
let reserved = 0;

/** Right, because `Mutex` lets in one at a time. */
export async function reserve(sku: string, pieces: number): Promise<number> {
  return mutex.runExclusive(async () => {
    const before = reserved;
    await query('UPDATE stock SET pieces = pieces - $2 WHERE sku = $1', [sku, pieces]);
    reserved = before + pieces;
    return reserved;
  });
}
