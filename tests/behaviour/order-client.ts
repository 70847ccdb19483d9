/** `orders.ts` of a shop: an order needs an answer of the warehouse. */
export const ORDERS = `
/** What the warehouse says about an order, whenever it says it. */
export async function orderOf(id: string): Promise<string> {
  const response = await fetch(\`\${process.env['WAREHOUSE'] ?? ''}/stock/\${id}\`);
  return \`order \${id}: \${await response.text()}\`;
}
`;

/**
 * `main.ts` beside `server.ts`, a shop that prints its port: asks for an order and tells the shop to stop, twice, while the warehouse has
 * not answered yet. The warehouse answers when nobody takes new orders any more, and the client says what came of its own.
 */
export const ORDER_CLIENT = `
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, get, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const warehouse = createServer().listen(0, '127.0.0.1');
await once(warehouse, 'listening');
const service = spawn(process.execPath, [fileURLToPath(new URL('./server.js', import.meta.url))], {
  env: { ...process.env, WAREHOUSE: \`http://127.0.0.1:\${(warehouse.address() as AddressInfo).port}\` },
  stdio: ['ignore', 'pipe', 'inherit'],
  timeout: 12_000,
  killSignal: 'SIGKILL',
});
const exited = once(service, 'exit');
const [port] = (await once(service.stdout.setEncoding('utf8'), 'data')) as [string];

const asked = once(warehouse, 'request');
const answer = answerOf(Number(port));
const [, stock] = (await asked) as [unknown, ServerResponse];
service.kill('SIGTERM');
while (await isListening(Number(port))) await delay(5);
service.kill('SIGTERM');
await delay(200);
stock.end('3 rings');
await exited;
console.log(JSON.stringify({ answer: await answer, exitCode: service.exitCode }));
warehouse.closeAllConnections();
warehouse.close();

function answerOf(port: number): Promise<unknown> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/7', agent: false }, async (response) => {
      resolve((await response.setEncoding('utf8').toArray()).join(''));
    });
    request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
  });
}

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
