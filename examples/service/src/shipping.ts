import { Router, type Request } from 'express';
import { audit, type Order, orderOf, pool } from './database.js';

export const shipping = Router();

/** Nobody waits for the check: an order that is on its way is shipped again. */
shipping.post('/:id/shipment', async (request, response) => {
  const order = await orderOf(request.params.id);
  if (order === undefined) {
    response.sendStatus(404);
    return;
  }
  assertNotShipped(order);
  await pool.query('UPDATE orders SET shipped = now() WHERE id = $1', [order.id]);
  response.status(202).json(order);
  // Meant to go on after the answer; but a failure of it ends the process.
  void audit('shipped', order.id);
});

/** The visit is written down after the answer, when the socket may be closed and `request.ip` is gone. */
shipping.get('/:id/label', async (request, response) => {
  const order = await orderOf(request.params.id);
  response.json({ order: order?.id, label: order === undefined ? undefined : labelOf(order) });
  setImmediate(async () => {
    await audit('label printed', `${request.params.id} from ${request.ip ?? 'nowhere'}`);
  });
});

/** Right: what the request says is read before the work starts, and the work takes care of its own failure. */
shipping.post('/:id/return', async (request, response) => {
  await remember('returned', request);
  response.sendStatus(204);
});

async function assertNotShipped(order: Order): Promise<void> {
  const { rows } = await pool.query<{ shipped: Date | null }>('SELECT shipped FROM orders WHERE id = $1', [order.id]);
  if (rows[0]?.shipped != null) throw new Error(`Order ${order.id} is on its way.`);
}

async function remember(event: string, request: Request): Promise<void> {
  const id = String(request.params['id']);
  const from = request.ip;
  try {
    await audit(event, `${id} from ${from ?? 'nowhere'}`);
  } catch (error) {
    console.error(error);
  }
}

function labelOf({ customer, id }: Order): string {
  return `${id} → ${customer}`;
}
