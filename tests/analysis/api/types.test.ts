import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { createApi } from '../../../src/analysis/api/create.ts';
import { catalogue } from '../../../src/catalogue/index.ts';
import { programOf } from '../../support/program.ts';

/** The names of the rows of every parameter and variable, by its name. */
function typesIn(code: string): Readonly<Record<string, readonly string[]>> {
  const { program, checker, sourceFile } = programOf({ 'orders.ts': code });
  const api = createApi(checker, program, catalogue);
  const found: Record<string, readonly string[]> = {};
  (function visit(node: ts.Node): void {
    if ((ts.isParameter(node) || ts.isVariableDeclaration(node)) && ts.isIdentifier(node.name)) {
      found[node.name.text] = api
        .typesOf(checker.getTypeAtLocation(node.name))
        .map(({ from, name }) => `${from} ${name}`);
    }
    ts.forEachChild(node, visit);
  })(sourceFile('orders.ts'));
  return found;
}

describe('a type', () => {
  it('is a request, annotated, inferred or wrapped', () => {
    const found = typesIn(`
      import express, { type Request as Incoming } from 'express';
      interface Authed extends express.Request { user: string }
      const app = express();
      app.get('/orders', (inferred, reply) => reply.json(inferred.url));
      export function list<T extends express.Request>(
        named: Incoming, own: Authed, both: Incoming & { user: string }, without: Omit<Incoming, 'body'>, maybe: Incoming | undefined,
        generic: T, body: Incoming['body'], url: Incoming['url'],
      ) { return [named, own, both, without, maybe, generic, body, url]; }
    `);
    expect(found['inferred']).toContain('express Request');
    expect(found['reply']).toContain('express Response');
    expect(found['named']).toContain('express Request');
    expect(found['own']).toContain('express Request');
    expect(found['both']).toContain('express Request');
    expect(found['without']).toContain('express Request');
    expect(found['maybe']).toContain('express Request');
    expect(found['generic']).toContain('express Request');
    expect(found['body']).toEqual([]);
    expect(found['url']).toEqual([]);
  });

  it('has its own row before those of its bases', () => {
    const found = typesIn(`
      import type { IncomingMessage, Server } from 'node:http';
      import type { PoolConnection, Pool } from 'mysql2/promise';
      export function open(request: IncomingMessage, server: Server, connection: PoolConnection, pool: Pool) {
        return [request, server, connection, pool];
      }
    `);
    expect(found['request']?.slice(0, 2)).toEqual(['http IncomingMessage', 'stream Readable']);
    expect(found['server']?.slice(0, 2)).toEqual(['http Server', 'net Server']);
    expect(found['connection']?.slice(0, 2)).toEqual(['mysql2 PoolConnection', 'mysql2 Connection']);
    expect(found['pool']?.slice(0, 2)).toEqual(['mysql2 Pool', 'mysql2 Connection']);
  });

  it('is found behind aliases of intersections and default exports', () => {
    const found = typesIn(`
      import Koa, { type Context, type ParameterizedContext } from 'koa';
      import { createClient } from 'redis';
      import Queue from 'p-queue';
      const koa = new Koa();
      koa.use((inferred) => { inferred.status = 200; });
      const client = createClient();
      const queue = new Queue();
      export function list(context: Context, typed: ParameterizedContext) { return [context, typed, client, queue]; }
    `);
    expect(found['inferred']).toContain('koa ExtendableContext');
    expect(found['context']).toContain('koa ExtendableContext');
    expect(found['typed']).toContain('koa ParameterizedContext');
    expect(found['client']).toContain('redis RedisClientType');
    expect(found['queue']).toContain('p-queue PQueue');
  });

  it('is a global also where the types of Node.js mean the interface that they make it from', () => {
    const found = typesIn(`
      const controller = new AbortController();
      const own = controller.signal;
      export function load(signal: AbortSignal) { return [own, signal]; }
    `);
    expect(found['own']).toContain('global AbortSignal');
    expect(found['signal']).toContain('global AbortSignal');
  });

  it('is nothing for any, for the class itself, for a look-alike and for a name of the project', () => {
    const found = typesIn(`
      import { Pool } from 'pg';
      interface Request { url: string }
      class Mutex { acquire() { return 1; } }
      const constructor = Pool;
      export function list(anything: any, mystery: unknown, request: Request, lock: Mutex, shaped: { connect: Pool['connect'] }) {
        return [anything, mystery, request, lock, shaped, constructor];
      }
    `);
    expect(found).toEqual({ constructor: [], anything: [], mystery: [], request: [], lock: [], shaped: [] });
  });
});
