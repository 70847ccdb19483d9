import { ordersOf } from './database.js';

export interface Report {
  readonly customers: number;
  readonly cents: number;
}

/** Lost updates: all callbacks start with the same `cents`, and the last one to end wins. */
export async function reportAll(customers: readonly string[]): Promise<Report> {
  let cents = 0;
  await Promise.all(
    customers.map(async (customer) => {
      cents += await turnoverOf(customer);
    }),
  );
  return { customers: customers.length, cents };
}

/** Right: one customer after the other, and nobody else sees `cents`. */
export async function reportInTurn(customers: readonly string[]): Promise<Report> {
  let cents = 0;
  for (const customer of customers) cents += await turnoverOf(customer);
  return { customers: customers.length, cents };
}

async function turnoverOf(customer: string): Promise<number> {
  const orders = await ordersOf(customer);
  return orders.reduce((sum, order) => sum + order.cents, 0);
}
