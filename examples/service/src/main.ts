import { createServer } from 'node:http';
import { createApp } from './app.js';
import { pool } from './database.js';
import { startReplay } from './traffic.js';

const server = createServer(createApp());
const replay = startReplay();

server.listen(Number(process.env['PORT'] ?? 3000));

/** Requests in flight are cut off: `close` gives back no promise, so this waits for nothing. */
async function stop(): Promise<void> {
  await server.close();
  await replay.terminate();
  await pool.end();
  process.exit();
}

process.once('SIGTERM', () => void stop());
