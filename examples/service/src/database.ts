import { Pool } from 'pg';

export interface Order {
  readonly id: string;
  readonly customer: string;
  readonly cents: number;
}

export const pool = new Pool({
  connectionString: process.env['DATABASE_URL'] ?? 'postgres://localhost/orders',
  max: 10,
  connectionTimeoutMillis: 5_000,
  query_timeout: 10_000,
});

export async function orderOf(id: string): Promise<Order | undefined> {
  const { rows } = await pool.query<Order>('SELECT id, customer, cents FROM orders WHERE id = $1', [id]);
  return rows[0];
}

export async function ordersOf(customer: string): Promise<Order[]> {
  const { rows } = await pool.query<Order>('SELECT id, customer, cents FROM orders WHERE customer = $1', [customer]);
  return rows;
}

export async function placeOrder(customer: string, cents: number): Promise<Order> {
  const { rows } = await pool.query<Order>(
    'INSERT INTO orders (customer, cents) VALUES ($1, $2) RETURNING id, customer, cents',
    [customer, cents],
  );
  const [order] = rows;
  if (order === undefined) throw new Error('The order was not stored.');
  return order;
}

export async function audit(event: string, subject: string): Promise<void> {
  await pool.query('INSERT INTO audit (event, subject) VALUES ($1, $2)', [event, subject]);
}
