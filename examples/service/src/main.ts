import { createServer } from 'node:http';
import { createApp } from './app.js';
import { pool } from './database.js';
import { startReplay } from './traffic.js';

const server = createServer(createApp());
const replay = startReplay();

server.listen(Number(process.env['PORT'] ?? 3000));

async function stop(): Promise<void> {
  const deadline = setTimeout(() => process.exit(1), 10_000);
  deadline.unref();
  try {
    await new Promise<void>((resolve, reject) => {
      server.close((error) => {
        if (error === undefined) resolve();
        else reject(error);
      });
    });
    await replay.terminate();
    await pool.end();
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
}

process.once('SIGTERM', () => void stop());
