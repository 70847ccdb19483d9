import express, { type Express } from 'express';
import { priceOf } from './prices.js';
import { audit, forget, pay } from './store.js';
import { addSpending, collect, collectInTurn, totals } from './totals.js';

export function createApp(): Express {
  const app = express();

  app.post('/orders/:id/payment', async (request, response) => {
    const order = String(request.params['id']);
    assertOpen(order);
    await pay(order);
    await collect(order);
    await addSpending(String(request.query['customer']), order);
    response.json({ price: await priceOf(order) });
    // The visit is written down after the answer, when the socket may be closed and `request.ip` is gone.
    setImmediate(async () => {
      await audit('paid', `${order} from ${request.ip ?? 'nowhere'}`);
    });
  });

  app.delete('/orders/:id', async (request, response) => {
    await forget(String(request.params['id']));
    await collectInTurn(String(request.params['id']));
    response.sendStatus(204);
    void audit('forgotten', String(request.params['id']));
  });

  app.get('/totals', (_request, response) => {
    response.json(totals());
  });

  return app;
}

async function assertOpen(order: string): Promise<void> {
  const answer = await fetch(`http://orders.internal/${order}`, { signal: AbortSignal.timeout(1_000) });
  if (!answer.ok) throw new Error(`Order ${order} is closed.`);
}
