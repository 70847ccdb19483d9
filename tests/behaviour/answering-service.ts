/** `service.ts`: serves what `answer` finds for a path, and asks for one path after the other; nobody waits longer than 1.5 seconds. */
export const SERVICE = `
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer = (path: string) => Promise<unknown>;

export async function serve(answer: Answer, paths: readonly string[]): Promise<unknown[]> {
  const server = createServer((request, response) => {
    answer((request.url ?? '').slice(1)).then(
      (found) => response.end(JSON.stringify(found)),
      (error: unknown) => response.end(JSON.stringify(error instanceof Error ? error.message : 'failed')),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const answers: unknown[] = [];
  for (const path of paths) {
    try {
      const response = await fetch(\`http://127.0.0.1:\${port}/\${path}\`, { signal: AbortSignal.timeout(1500) });
      answers.push(await response.json());
    } catch {
      answers.push('waits for ever');
    }
  }
  server.closeAllConnections();
  server.close();
  return answers;
}
`;
