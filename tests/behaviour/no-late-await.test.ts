import { describe, expect, test } from 'vitest';
import { prove } from './harness.ts';

/** Starts `server.js` in a process of its own; the orders that it asks for refuse, the profiles take their time. */
const ASK_TWICE = `
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createServer as createHttpServer } from 'node:http';
import { fileURLToPath } from 'node:url';

const gone = createServer().listen(0, '127.0.0.1');
await once(gone, 'listening');
const orders = \`http://127.0.0.1:\${(gone.address() as AddressInfo).port}\`;
gone.close();
await once(gone, 'close');

const slow = createHttpServer((_request, response) => {
  setTimeout(() => response.end('ada'), 300);
}).listen(0, '127.0.0.1');
await once(slow, 'listening');
const profiles = \`http://127.0.0.1:\${(slow.address() as AddressInfo).port}\`;

const file = fileURLToPath(new URL('./server.js', import.meta.url));
const env = { ...process.env, ORDERS: orders, PROFILES: profiles };
const child = spawn(process.execPath, [file], { env, stdio: 'pipe' });
const exited = once(child, 'exit');
const [port] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];

async function page(): Promise<number | string> {
  try {
    const response = await fetch(\`http://127.0.0.1:\${port.trim()}/\`);
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 'no answer';
  }
}

const first = await page();
const second = await page();
if (second === 'no answer') await exited;
else child.kill();
slow.close();
console.log(JSON.stringify({ first, second, exitCode: child.exitCode }));
`;

describe('no-late-await', { timeout: 120_000 }, () => {
  test('a page whose orders refuse answers with an error and ends no server any more', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'page.ts': `
async function load(url: string): Promise<string> {
  const answer = await fetch(url);
  return answer.text();
}

export async function page(): Promise<string> {
  const profile = load(process.env['PROFILES'] ?? '');
  const list = load(process.env['ORDERS'] ?? '');
  const name = await profile;
  const orders = await list;
  return \`\${name}: \${orders}\`;
}
`,
        'server.ts': `
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { page } from './page.js';

const server = createServer((_request, response) => {
  page().then(
    (text) => response.end(text),
    () => response.writeHead(502).end(),
  );
});

server.listen(0, '127.0.0.1', () => {
  console.log((server.address() as AddressInfo).port);
});
`,
        'main.ts': ASK_TWICE,
      },
    });

    expect(proof.before).toEqual({ first: 'no answer', second: 'no answer', exitCode: 1 });
    expect(proof.reports).toEqual(['page.ts:9 concurrency/no-late-await']);
    expect(proof.after).toEqual({ first: 502, second: 502, exitCode: null });
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });
});
