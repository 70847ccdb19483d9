import { amountOf } from './store.js';

let collected = 0;
const spentBy = new Map<string, number>();

export async function collect(order: string): Promise<void> {
  collected += await amountOf(order);
}

/** The copy taken before the wait is written back after it. */
export async function addSpending(customer: string, order: string): Promise<void> {
  const before = spentBy.get(customer) ?? 0;
  spentBy.set(customer, before + (await amountOf(order)));
}

/** Right: nothing can come between the read and the write. */
export async function collectInTurn(order: string): Promise<void> {
  const amount = await amountOf(order);
  collected += amount;
}

export function totals(): Record<string, number> {
  return { collected, ...Object.fromEntries(spentBy) };
}
