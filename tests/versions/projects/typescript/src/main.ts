import { createServer } from 'node:http';
import { createApp } from './app.js';
import { pool } from './store.js';

const server = createServer(createApp());
server.listen(Number(process.env['PORT'] ?? 3000));

async function stop(): Promise<void> {
  await server.close();
  await pool.end();
  process.exit();
}

process.once('SIGTERM', () => void stop());
