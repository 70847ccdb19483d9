import express, { type Express } from 'express';
import { billing } from './billing.js';
import { orderOf, placeOrder } from './database.js';
import { countCancellation, countOrder, countRevenue, metrics, rememberOrder } from './metrics.js';
import { reportAll, reportInTurn } from './report.js';
import { addSpending, addVisit, customerOf, open, spending, visits } from './sessions.js';
import { shipping } from './shipping.js';
import { countDuration, countFailure, countRequest, traffic } from './traffic.js';

export function createApp(): Express {
  const app = express();
  app.use(express.json());
  app.use((_request, response, next) => {
    const started = Date.now();
    countRequest();
    response.once('finish', () => {
      countDuration(Date.now() - started);
      if (response.statusCode >= 500) countFailure();
    });
    next();
  });

  app.post('/sessions', async (request, response) => {
    const { token, customer } = request.body as { token: string; customer: string };
    open(token, customer);
    await addVisit(customer);
    response.status(201).json({ customer });
  });

  app.post('/orders', async (request, response) => {
    const customer = customerOf(request.get('authorization') ?? '');
    if (customer === undefined) {
      response.sendStatus(401);
      return;
    }
    const { cents } = request.body as { cents: number };
    const order = await placeOrder(customer, cents);
    await countOrder(order);
    await countRevenue(order);
    await rememberOrder(order);
    await addSpending(customer);
    response.status(201).json(order);
  });

  app.post('/orders/:id/payment', async (request, response) => {
    const order = await orderOf(request.params.id);
    if (order === undefined) {
      response.sendStatus(404);
      return;
    }
    await billing.charge(order);
    response.json(await billing.receiptOf(order));
  });

  app.delete('/orders/:id', async (request, response) => {
    const order = await orderOf(request.params.id);
    if (order !== undefined) {
      await countCancellation(order);
      await billing.giveUp(order);
    }
    response.sendStatus(204);
  });

  app.use('/orders', shipping);

  app.post('/reports', async (request, response) => {
    const { customers, inTurn } = request.body as { customers: string[]; inTurn?: boolean };
    response.json(inTurn === true ? await reportInTurn(customers) : await reportAll(customers));
  });

  app.get('/metrics', (_request, response) => {
    response.json({
      ...metrics(),
      ...billing.totals(),
      ...traffic(),
      spending: spending(),
      visits: visits(),
    });
  });

  return app;
}
