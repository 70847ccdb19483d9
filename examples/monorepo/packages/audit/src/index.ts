import { query } from '@acme/db';

export async function audit(event: string, subject: string): Promise<void> {
  await query('INSERT INTO audit (event, subject) VALUES ($1, $2)', [event, subject]);
}
