import { retry } from '@acme/retry';

export async function charge(order: string, cents: number): Promise<void> {
  await retry(3, () => ask('POST', '/charges', { order, cents }));
}

/** Refuses customers who have not paid before. */
export async function assertCreditworthy(customer: string): Promise<void> {
  const { unpaid } = (await ask('GET', `/customers/${customer}`)) as { unpaid: number };
  if (unpaid > 0) throw new Error(`${customer} has not paid ${unpaid} orders.`);
}

async function ask(method: string, path: string, question?: object): Promise<unknown> {
  const signal = AbortSignal.timeout(2_000);
  const body = question === undefined ? null : JSON.stringify(question);
  const answer = await fetch(`https://payments.example${path}`, { method, body, signal });
  if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}.`);
  return answer.json();
}
