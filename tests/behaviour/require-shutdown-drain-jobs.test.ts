import { describe, expect, test } from 'vitest';
import { prove } from './harness.ts';

/** The job: a picture takes until its original has been read. */
const THUMBNAILS = `
import { existsSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Runs in a thread of the pool: a picture that takes until the disk has it. */
export default async function thumbnailOf(folder: string): Promise<void> {
  writeFileSync(\`\${folder}/begun\`, '');
  while (!existsSync(\`\${folder}/read\`)) await delay(5);
  writeFileSync(\`\${folder}/thumbnail\`, 'done');
}
`;

/** Asks for a picture, and tells the service to stop, twice, while the job is in progress. */
const CLIENT = `
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const service = spawn(process.execPath, [fileURLToPath(new URL('./server.js', import.meta.url))], {
  stdio: ['ignore', 'pipe', 'inherit'],
  timeout: 12_000,
  killSignal: 'SIGKILL',
});
const exited = once(service, 'exit');
const [port] = (await once(service.stdout.setEncoding('utf8'), 'data')) as [string];

const folder = mkdtempSync(\`\${tmpdir()}/thumbnails-\`);
const { status } = await fetch(\`http://127.0.0.1:\${port.trim()}/\${encodeURIComponent(folder)}\`);
while (!existsSync(\`\${folder}/begun\`)) await delay(5);
service.kill('SIGTERM');
while (await isListening(Number(port))) await delay(5);
service.kill('SIGTERM');
await Promise.race([exited, delay(750)]);
writeFileSync(\`\${folder}/read\`, '');
await exited;
console.log(JSON.stringify({ status, isDone: existsSync(\`\${folder}/thumbnail\`), exitCode: service.exitCode }));
rmSync(folder, { recursive: true });

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
`;

describe('require-shutdown-drain for jobs in progress', { timeout: 120_000 }, () => {
  test('a job in progress is finished before the process exits', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'server.ts': `
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Piscina } from 'piscina';

const pool = new Piscina<string, void>({ filename: new URL('./thumbnails.js', import.meta.url).href, maxThreads: 1 });

const server = createServer((request, response) => {
  pool.run(decodeURIComponent((request.url ?? '').slice(1))).catch((error: unknown) => console.error(error));
  response.writeHead(202).end();
});

process.on('SIGTERM', async () => {
  await new Promise((resolve) => server.close(resolve));
  pool.close();
  process.exit(0);
});

server.listen(0, '127.0.0.1', () => {
  console.log((server.address() as AddressInfo).port);
});
`,
        'thumbnails.ts': THUMBNAILS,
        'main.ts': CLIENT,
      },
    });

    expect(proof.before).toEqual({ status: 202, isDone: false, exitCode: 0 });
    expect(proof.reports).toEqual(['server.ts:16 concurrency/require-shutdown-drain']);
    expect(proof.after).toEqual({ status: 202, isDone: true, exitCode: 0 });
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('a callback of the server waits for the job in progress', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'server.ts': `
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Piscina } from 'piscina';

const pool = new Piscina<string, void>({ filename: new URL('./thumbnails.js', import.meta.url).href, maxThreads: 1 });

const server = createServer((request, response) => {
  pool.run(decodeURIComponent((request.url ?? '').slice(1))).catch((error: unknown) => console.error(error));
  response.writeHead(202).end();
});

process.on('SIGTERM', () => {
  server.close(() => {
    void pool.close();
    process.exit(0);
  });
});

server.listen(0, '127.0.0.1', () => {
  console.log((server.address() as AddressInfo).port);
});
`,
        'thumbnails.ts': THUMBNAILS,
        'main.ts': CLIENT,
      },
    });

    expect(proof.before).toEqual({ status: 202, isDone: false, exitCode: 0 });
    expect(proof.reports).toEqual(['server.ts:16 concurrency/require-shutdown-drain']);
    expect(proof.after).toEqual({ status: 202, isDone: true, exitCode: 0 });
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('a job in progress is not cut off by another listener of the signal', async () => {
    const proof = await prove({
      main: 'main.ts',
      suggestion: 'Wait for it in the listener that exits.',
      files: {
        'thumbnails.ts': THUMBNAILS,
        'server.ts': `
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Piscina } from 'piscina';

const pool = new Piscina<string, void>({ filename: new URL('./thumbnails.js', import.meta.url).href, maxThreads: 1 });

process.on('SIGTERM', async () => {
  await pool.close();
});

const server = createServer((request, response) => {
  pool.run(decodeURIComponent((request.url ?? '').slice(1))).catch((error: unknown) => console.error(error));
  response.writeHead(202).end();
});

process.on('SIGTERM', async () => {
  await new Promise((resolve) => server.close(resolve));
  process.exit(0);
});

server.listen(0, '127.0.0.1', () => {
  console.log((server.address() as AddressInfo).port);
});
`,
        'main.ts': CLIENT,
      },
    });

    expect(proof.before).toEqual({ status: 202, isDone: false, exitCode: 0 });
    expect(proof.reports).toEqual(['server.ts:9 concurrency/require-shutdown-drain']);
    expect(proof.after).toEqual({ status: 202, isDone: true, exitCode: 0 });
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('jobs of a queue in the process are finished where the process only exited', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'thumbnails.ts': THUMBNAILS,
        'server.ts': `
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import PQueue from 'p-queue';
import thumbnailOf from './thumbnails.js';

const jobs = new PQueue({ concurrency: 1 });

const server = createServer((request, response) => {
  const folder = decodeURIComponent((request.url ?? '').slice(1));
  jobs.add(() => thumbnailOf(folder)).catch((error: unknown) => console.error(error));
  response.writeHead(202).end();
});

process.on('SIGTERM', () => process.exit(0));

server.listen(0, '127.0.0.1', () => {
  console.log((server.address() as AddressInfo).port);
});
`,
        'main.ts': CLIENT,
      },
    });

    expect(proof.before).toEqual({ status: 202, isDone: false, exitCode: 0 });
    expect(proof.reports).toEqual(['server.ts:15 concurrency/require-shutdown-drain']);
    expect(proof.after).toEqual({ status: 202, isDone: true, exitCode: 0 });
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });
});
