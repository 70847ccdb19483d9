import pg from 'pg';

export const pool = new pg.Pool({ max: 10, connectionTimeoutMillis: 5_000, query_timeout: 10_000 });

/**
 * @param {string} order
 * @returns {Promise<number>}
 */
export async function amountOf(order) {
  const { rows } = await pool.query('SELECT cents FROM orders WHERE id = $1', [order]);
  return rows[0]?.cents ?? 0;
}

/**
 * @param {string} event
 * @param {string} subject
 */
export async function audit(event, subject) {
  await pool.query('INSERT INTO audit (event, subject) VALUES ($1, $2)', [event, subject]);
}

/**
 * The connection goes back with its transaction open where a statement fails.
 *
 * @param {string} order
 */
export async function pay(order) {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}
