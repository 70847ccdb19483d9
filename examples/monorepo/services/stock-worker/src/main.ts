import { log } from '@acme/logger';
import { reserve } from '@acme/stock';
import { createInterface } from 'node:readline';

createInterface({ input: process.stdin }).on('line', (sku) => {
  reserve(sku, 1).then(
    (reserved) => log('reserved', { sku, reserved }),
    (error: unknown) => log('not reserved', { sku, error: String(error) }),
  );
});
