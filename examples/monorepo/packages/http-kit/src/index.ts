import { log } from '@acme/logger';
import { createServer, type Server } from 'node:http';

export type Route = (path: string) => Promise<unknown>;

/** Answers every request with what the route returns, or with 500. */
export function serve(port: number, route: Route): Server {
  const server = createServer(async (request, response) => {
    try {
      response.end(JSON.stringify(await route(request.url ?? '/')));
    } catch (error) {
      log('request failed', { path: request.url, error: String(error) });
      response.writeHead(500).end();
    }
  });
  return server.listen(port);
}
