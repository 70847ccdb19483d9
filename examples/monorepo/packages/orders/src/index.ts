import { audit } from '@acme/audit';
import { query } from '@acme/db';
import { reserve } from '@acme/stock';

export interface Order {
  readonly id: string;
  readonly cents: number;
}

export async function placeOrder(sku: string, cents: number): Promise<Order> {
  await reserve(sku, 1);
  const [order] = await query<Order>('INSERT INTO orders (sku, cents) VALUES ($1, $2) RETURNING id, cents', [
    sku,
    cents,
  ]);
  if (order === undefined) throw new Error('The order was not stored.');
  await audit('placed', order.id);
  return order;
}
