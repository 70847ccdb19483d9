import { amountOf } from './store.js';

let collected = 0;
/** @type {Map<string, number>} */
const spentBy = new Map();

/** @param {string} order */
export async function collect(order) {
  collected += await amountOf(order);
}

/**
 * The copy taken before the wait is written back after it.
 *
 * @param {string} customer
 * @param {string} order
 */
export async function addSpending(customer, order) {
  const before = spentBy.get(customer) ?? 0;
  spentBy.set(customer, before + (await amountOf(order)));
}

/** @returns {Record<string, number>} */
export function totals() {
  return { collected, ...Object.fromEntries(spentBy) };
}
