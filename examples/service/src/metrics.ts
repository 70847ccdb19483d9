import { type Order, audit, pool } from './database.js';

let centsPlaced = 0;
let ordersPlaced = 0;
let ordersCancelled = 0;
let lastOrder = '';

/** Lost update: `centsPlaced` is read before the discount arrives and written after it. */
export async function countRevenue(order: Order): Promise<void> {
  centsPlaced += order.cents - (await discountOf(order));
}

/** Lost update: the copy taken before the wait is written back after it. */
export async function countOrder(order: Order): Promise<void> {
  const before = ordersPlaced;
  await audit('placed', order.id);
  ordersPlaced = before + 1;
}

/** Right: the wait is over before the counter is read. */
export async function countCancellation(order: Order): Promise<void> {
  await audit('cancelled', order.id);
  ordersCancelled += 1;
}

/** Right: what is written does not depend on what was there. */
export async function rememberOrder(order: Order): Promise<void> {
  await audit('remembered', order.id);
  lastOrder = order.id;
}

export function metrics(): Record<string, number | string> {
  return { centsPlaced, ordersPlaced, ordersCancelled, lastOrder };
}

async function discountOf(order: Order): Promise<number> {
  const { rows } = await pool.query<{ cents: number }>('SELECT cents FROM discounts WHERE customer = $1', [
    order.customer,
  ]);
  return rows.reduce((sum, row) => sum + row.cents, 0);
}
