import { describe, expect, test } from 'vitest';
import { prove } from './harness.ts';

describe('require-timer-cleanup', { timeout: 120_000 }, () => {
  test('a server that has closed ends at once, not when the timer of a race that is over has fired', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'load.ts': `
import { setImmediate as turn } from 'node:timers/promises';

async function load(id: string): Promise<string> {
  await turn();
  return \`order \${id}\`;
}

export async function loadInTime(id: string): Promise<string> {
  return await Promise.race([
    load(id),
    new Promise<never>((_resolve, reject) => {
      setTimeout(() => reject(new Error('Not loaded within 8 seconds')), 8_000);
    }),
  ]);
}
`,
        'server.ts': `
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadInTime } from './load.js';

const server = createServer((_request, response) => {
  loadInTime('7').then(
    (order) => response.end(order),
    () => response.writeHead(504).end(),
  );
});

process.on('SIGTERM', () => {
  server.close();
});

server.listen(0, '127.0.0.1', () => {
  console.log((server.address() as AddressInfo).port);
});
`,
        'main.ts': `
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(new URL('./server.js', import.meta.url));
const child = spawn(process.execPath, [file], { stdio: 'pipe' });
const exited = once(child, 'exit');
const [port] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
const response = await fetch(\`http://127.0.0.1:\${port.trim()}/\`);
const order = await response.text();

const start = performance.now();
child.kill('SIGTERM');
await exited;
const isHeldUp = performance.now() - start > 4_000;
console.log(JSON.stringify({ order, isHeldUp, exitCode: child.exitCode }));
`,
      },
    });

    expect(proof.before).toEqual({ order: 'order 7', isHeldUp: true, exitCode: 0 });
    expect(proof.reports).toEqual(['load.ts:13 concurrency/require-timer-cleanup']);
    expect(proof.after).toEqual({ order: 'order 7', isHeldUp: false, exitCode: 0 });
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });
});
