import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import type { Api } from '../../src/analysis/api/api.ts';
import { createApi } from '../../src/analysis/api/create.ts';
import { catalogue } from '../../src/catalogue/index.ts';
import { type CaseCore, coreOf } from '../support/core.ts';
import { temporaryProject } from '../support/temporary-project.ts';

/** Rows of the calls that stand in lines with a mark, `pool.query(…); // row`, by their text. */
function rowsOfLines(file: ts.SourceFile, api: Api): readonly string[] {
  const found: string[] = [];
  (function visit(node: ts.Node): void {
    const isMarked = ts.isExpressionStatement(node) && /^[^\n]*\/\/ row/.test(file.text.slice(node.end));
    if (isMarked && (ts.isCallExpression(node.expression) || ts.isNewExpression(node.expression))) {
      const match = api.memberOf(node.expression);
      found.push(match === undefined ? 'nothing' : `${match.from} ${match.name}${fieldsOf(match)}`);
    }
    ts.forEachChild(node, visit);
  })(file);
  return found;
}

function rowsOf({ core, file }: CaseCore): readonly string[] {
  return rowsOfLines(file, core.api);
}

function fieldsOf({ catches, takes }: { readonly catches?: boolean; readonly takes?: string }): string {
  return `${catches === undefined ? '' : catches ? ', catches' : ', does not catch'}${takes === undefined ? '' : `, takes ${takes}`}`;
}

/** The lazy queries among the marked statements. */
function lazyOf({ core, file }: CaseCore): readonly string[] {
  const found: string[] = [];
  (function visit(node: ts.Node): void {
    if (ts.isExpressionStatement(node)) {
      const match = core.api.isA(core.checker.getTypeAtLocation(node.expression), 'lazy-thenable');
      if (match !== undefined) found.push(`${node.getText().replace(/\s+/g, ' ')} ${match.from} ${match.name}`);
    }
    ts.forEachChild(node, visit);
  })(file);
  return found;
}

describe('a query that is sent when it is awaited', () => {
  it('is told by its type, however the builder was chained', () => {
    const found = lazyOf(
      coreOf(`
        import { drizzle } from 'drizzle-orm/node-postgres';
        import { integer, pgTable } from 'drizzle-orm/pg-core';
        import { eq } from 'drizzle-orm';
        import { Redis } from 'ioredis';
        import createKnex from 'knex';
        import mongoose from 'mongoose';
        import postgres from 'postgres';
        import { createClient } from 'redis';
        import superagent from 'superagent';

        const knex = createKnex({});
        knex('orders').insert({ id: 1 });
        knex.raw('select 1');
        knex.schema.createTable('orders', () => undefined);

        const db = drizzle('postgres://orders');
        const orders = pgTable('orders', { id: integer() });
        db.insert(orders).values({ id: 1 });
        db.insert(orders).values({ id: 1 }).returning();
        db.update(orders).set({ id: 2 }).where(eq(orders.id, 1));
        db.select().from(orders);
        db.delete(orders);

        const sql = postgres();
        sql\`insert into orders values (1)\`;

        const Order = mongoose.model('Order', new mongoose.Schema({ total: Number }));
        Order.find({ total: 1 });
        Order.updateOne({ total: 1 }, { total: 2 });
        Order.aggregate([]);

        superagent.post('/orders').send({ id: 1 });
        new Redis().multi().incr('orders');
        new Redis().pipeline().incr('orders');
        createClient().multi().incr('orders');
      `),
    );
    expect(found).toEqual([
      `knex('orders').insert({ id: 1 }); knex QueryBuilder`,
      `knex.raw('select 1'); knex Raw`,
      `knex.schema.createTable('orders', () => undefined); knex SchemaBuilder`,
      `db.insert(orders).values({ id: 1 }); drizzle-orm QueryPromise`,
      `db.insert(orders).values({ id: 1 }).returning(); drizzle-orm QueryPromise`,
      `db.update(orders).set({ id: 2 }).where(eq(orders.id, 1)); drizzle-orm QueryPromise`,
      `db.select().from(orders); drizzle-orm QueryPromise`,
      `db.delete(orders); drizzle-orm QueryPromise`,
      'sql`insert into orders values (1)`; postgres PendingQuery',
      'Order.find({ total: 1 }); mongoose Query',
      'Order.updateOne({ total: 1 }, { total: 2 }); mongoose Query',
      'Order.aggregate([]); mongoose Aggregate',
      `superagent.post('/orders').send({ id: 1 }); superagent Request`,
      `new Redis().multi().incr('orders'); ioredis ChainableCommander`,
      `new Redis().pipeline().incr('orders'); ioredis ChainableCommander`,
      `createClient().multi().incr('orders'); redis RedisClientMultiCommand`,
    ]);
  });

  it('is not one that is sent at once', () => {
    const found = lazyOf(
      coreOf(`
        import mongoose from 'mongoose';
        import { MongoClient } from 'mongodb';
        import mysql from 'mysql2/promise';
        import pg from 'pg';
        import { DataSource } from 'typeorm';
        import { Redis } from 'ioredis';
        new pg.Pool().query('select 1');
        mysql.createPool('orders').query('select 1');
        new MongoClient('').db().collection<{ id: number }>('orders').insertOne({ id: 1 });
        new DataSource({ type: 'postgres' }).query('select 1');
        new Redis().incr('orders');
        fetch('/orders');
        const Order = mongoose.model('Order', new mongoose.Schema({ total: Number }));
        Order.create({ total: 1 });
        new Order().save();
        Order.find({ total: 1 }).exec();
      `),
    );
    expect(found).toEqual([]);
  });
});

describe('who sees the rejection of a handler', () => {
  it('is said of every way to register one', () => {
    const found = rowsOf(
      coreOf(`
        import { createServer } from 'node:http';
        import hapi from '@hapi/hapi';
        import * as grpc from '@grpc/grpc-js';
        import type * as amqp from 'amqplib';
        import { Worker } from 'bullmq';
        import { Elysia } from 'elysia';
        import express from 'express';
        import fastify from 'fastify';
        import { H3 } from 'h3';
        import { Hono } from 'hono';
        import { Kafka } from 'kafkajs';
        import Koa from 'koa';
        import { schedule } from 'node-cron';
        import type * as restify from 'restify';
        import { Server } from 'socket.io';
        import { WebSocketServer } from 'ws';

        declare const work: () => Promise<any>;
        declare const rest: restify.Server;
        declare const channel: amqp.Channel;
        declare const orders: grpc.ServiceDefinition;
        createServer(work); // row
        express().get('/orders', work); // row
        express.Router().route('/orders').post(work); // row
        fastify().get('/orders', work); // row
        new Koa().use(work); // row
        new Hono().get('/orders', work); // row
        new H3().get('/orders', work); // row
        new Elysia().get('/orders', work); // row
        hapi.server().route({ method: 'GET', path: '/orders', handler: work }); // row
        rest.get('/orders', work); // row
        new grpc.Server().addService(orders, { place: work }); // row
        new Server().on('connection', work); // row
        new WebSocketServer().on('connection', work); // row
        new Worker('orders', work); // row
        new Worker('orders').on('completed', work); // row
        new Kafka({ brokers: [] }).consumer({ groupId: 'orders' }).run({ eachMessage: work }); // row
        channel.consume('orders', work); // row
        schedule('* * * * *', work); // row
      `),
    );
    expect(found).toEqual([
      'http createServer, does not catch',
      'express Application.get, catches',
      'express IRoute.post, catches',
      'fastify FastifyInstance.get, catches',
      'koa Application.use, catches',
      'hono Hono.get, catches',
      'h3 RouteRegistrar.(), catches',
      'elysia Elysia.get, catches',
      '@hapi/hapi Server.route, catches',
      'restify Server.get, catches',
      '@grpc/grpc-js Server.addService, does not catch',
      'socket.io Server.on, does not catch',
      'ws Server.on, does not catch',
      'bullmq new Worker, catches',
      'events EventEmitter.on',
      'kafkajs Consumer.run, catches',
      'amqplib Channel.consume, does not catch',
      'node-cron schedule, catches',
    ]);
  });

  it('depends on the version that is installed', () => {
    expect(rowWithExpress('4.21.2')).toBe('express Application.get, does not catch');
    expect(rowWithExpress('5.1.0')).toBe('express Application.get, catches');
  });
});

/** The row of a route in a project on disk with declarations of Express of a version. */
function rowWithExpress(version: string): string | undefined {
  const project = temporaryProject('orders', { without: ['express', '@types'] });
  try {
    project.write({
      'node_modules/express/package.json': JSON.stringify({ name: 'express', version, types: 'index.d.ts' }),
      'node_modules/express/index.d.ts': `
        declare namespace express {
          interface Application { get(path: string, ...handlers: unknown[]): this; }
        }
        declare function express(): express.Application;
        export = express;`,
      'orders.ts': `import express from 'express';\nexpress().get('/orders', async () => undefined); // row`,
    });
    const name = path.join(project.folder, 'orders.ts');
    const program = ts.createProgram([name], { module: ts.ModuleKind.NodeNext, types: [] });
    const file = program.getSourceFile(name);
    const api = createApi(program.getTypeChecker(), program, catalogue);
    return file === undefined ? undefined : rowsOfLines(file, api)[0];
  } finally {
    project.remove();
  }
}

describe('a call that hands work to the platform', () => {
  it('says what it takes', () => {
    const found = rowsOf(
      coreOf({
        'service.ts': `
          import type { DurableObjectState, ExecutionContext } from '@cloudflare/workers-types';
          import { waitUntil } from '@vercel/functions';
          import type { H3Event } from 'h3';
          import type { Context } from 'hono';
          import { after, unstable_after } from 'next/server';

          declare const work: Promise<void>;
          declare const execution: ExecutionContext;
          declare const state: DurableObjectState;
          declare const event: H3Event;
          declare const context: Context;
          after(work); // row
          unstable_after(() => work); // row
          execution.waitUntil(work); // row
          state.waitUntil(work); // row
          event.waitUntil(work); // row
          context.executionCtx.waitUntil(work); // row
          waitUntil(work); // row`,
        'node_modules/next/package.json': '{ "name": "next", "exports": { "./server": "./server.d.ts" } }',
        'node_modules/next/server.d.ts': `
          declare function after<T>(task: Promise<T> | (() => T | Promise<T>)): void;
          declare function unstable_after<T>(task: Promise<T> | (() => T | Promise<T>)): void;
          export { after, unstable_after };`,
        'node_modules/@vercel/functions/package.json': '{ "name": "@vercel/functions", "types": "index.d.ts" }',
        'node_modules/@vercel/functions/index.d.ts':
          'export declare const waitUntil: (promise: Promise<unknown>) => void | undefined;',
      }),
    );
    expect(found).toEqual([
      'next after, catches, takes either',
      'next unstable_after, catches, takes either',
      '@cloudflare/workers-types ExecutionContext.waitUntil, catches, takes promise',
      '@cloudflare/workers-types DurableObjectState.waitUntil, catches, takes promise',
      'h3 H3Event.waitUntil, catches, takes promise',
      'hono ExecutionContext.waitUntil, catches, takes promise',
      '@vercel/functions waitUntil, catches, takes promise',
    ]);
  });
});
