import { log } from '@acme/logger';
import { Pool } from 'pg';

const pool = new Pool({ max: 10, connectionTimeoutMillis: 5_000, query_timeout: 10_000 });
pool.on('error', (error) => log('connection lost', { error: error.message }));

export async function query<Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
  const { rows } = await pool.query<Row>(sql, [...values]);
  return rows;
}

export async function close(): Promise<void> {
  await pool.end();
}
