import { ordersOf, pool } from './database.js';

interface Session {
  readonly customer: string;
  readonly since: number;
}

const sessions = new Map<string, Session>();
const spentBy = new Map<string, number>();
const visitsBy = new Map<string, number>();

/** Lost update on an entry: `get` runs before the wait, `set` after it. */
export async function addSpending(customer: string): Promise<void> {
  spentBy.set(customer, (spentBy.get(customer) ?? 0) + (await openAmountOf(customer)));
}

/** Right: the entry is read and written in one go, after the wait. */
export async function addVisit(customer: string): Promise<void> {
  await pool.query('UPDATE customers SET seen = now() WHERE id = $1', [customer]);
  visitsBy.set(customer, (visitsBy.get(customer) ?? 0) + 1);
}

export function open(token: string, customer: string): void {
  sessions.set(token, { customer, since: Date.now() });
}

export function customerOf(token: string): string | undefined {
  return sessions.get(token)?.customer;
}

export function spending(): Record<string, number> {
  return Object.fromEntries(spentBy);
}

export function visits(): Record<string, number> {
  return Object.fromEntries(visitsBy);
}

async function openAmountOf(customer: string): Promise<number> {
  const orders = await ordersOf(customer);
  return orders.reduce((sum, order) => sum + order.cents, 0);
}
