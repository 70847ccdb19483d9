import express from 'express';
import { createServer } from 'node:http';
import { priceOf } from './prices.js';
import { audit, pay, pool } from './store.js';
import { addSpending, collect, totals } from './totals.js';

const app = express();

app.post('/orders/:id/payment', async (request, response) => {
  const order = String(request.params['id']);
  assertOpen(order);
  await pay(order);
  await collect(order);
  await addSpending(String(request.query['customer']), order);
  response.json({ price: await priceOf(order), totals: totals() });
  setImmediate(async () => {
    await audit('paid', `${order} from ${request.ip ?? 'nowhere'}`);
  });
});

const server = createServer(app);
server.listen(3000);

async function stop() {
  await server.close();
  await pool.end();
  process.exit();
}

process.once('SIGTERM', () => void stop());

/**
 * @param {string} order
 * @returns {Promise<void>}
 */
async function assertOpen(order) {
  const answer = await fetch(`http://orders.internal/${order}`, { signal: AbortSignal.timeout(1_000) });
  if (!answer.ok) throw new Error(`Order ${order} is closed.`);
}
