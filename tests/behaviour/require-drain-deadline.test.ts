import { describe, expect, test } from 'vitest';
import { prove } from './harness.ts';

describe('require-drain-deadline', { timeout: 120_000 }, () => {
  test('a client that never goes does not hold the shutdown until the process is killed', async () => {
    const proof = await prove({
      main: 'main.ts',
      preset: 'strict',
      settings: { deadlines: { drain: 500 } },
      files: {
        'server.ts': `
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const server = createServer((_request, response) => {
  // A feed of prices, for as long as the client looks at it.
  response.write('gold 3 100\\n');
});

process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
});

server.listen(0, '127.0.0.1', () => {
  console.log((server.address() as AddressInfo).port);
});
`,
        'main.ts': `
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { fileURLToPath } from 'node:url';

const service = spawn(process.execPath, [fileURLToPath(new URL('./server.js', import.meta.url))], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const exited = once(service, 'exit', { signal: AbortSignal.timeout(15_000) });
const [port] = (await once(service.stdout.setEncoding('utf8'), 'data')) as [string];
const feed = get({ host: '127.0.0.1', port: Number(port), agent: false });
feed.on('error', () => {});
const [prices] = (await once(feed, 'response')) as [IncomingMessage];
prices.on('error', () => {});
prices.resume();

// The grace period of whoever has started the service.
service.kill('SIGTERM');
const grace = setTimeout(() => service.kill('SIGKILL'), 4_000);
await exited;
clearTimeout(grace);
console.log(JSON.stringify({ exitCode: service.exitCode, killedBy: service.signalCode }));
`,
      },
    });

    expect(proof.before).toEqual({ exitCode: null, killedBy: 'SIGKILL' });
    expect(proof.reports).toEqual(['server.ts:11 concurrency/require-drain-deadline']);
    expect(proof.after).toEqual({ exitCode: 1, killedBy: null });
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });
});
