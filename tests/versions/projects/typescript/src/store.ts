import pg from 'pg';

export const pool = new pg.Pool({ max: 10, connectionTimeoutMillis: 5_000, query_timeout: 10_000 });

export async function amountOf(order: string): Promise<number> {
  const { rows } = await pool.query<{ cents: number }>('SELECT cents FROM orders WHERE id = $1', [order]);
  return rows[0]?.cents ?? 0;
}

export async function audit(event: string, subject: string): Promise<void> {
  await pool.query('INSERT INTO audit (event, subject) VALUES ($1, $2)', [event, subject]);
}

/** The connection goes back with its transaction open where a statement fails. */
export async function pay(order: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}

/** The connection does not go back where the statement fails. */
export async function forget(order: string): Promise<void> {
  const client = await pool.connect();
  await client.query('DELETE FROM orders WHERE id = $1', [order]);
  client.release();
}
