import { asyncMutex } from './async-mutex.ts';
import { brokers } from './brokers.ts';
import { browsers } from './browsers.ts';
import { bull, bullmq } from './bullmq.ts';
import { keyv, lruCache } from './caches.ts';
import { channels } from './channels.ts';
import { emitters } from './emitters.ts';
import { express } from './express.ts';
import { fastify } from './fastify.ts';
import { genericPool } from './generic-pool.ts';
import { graphql } from './graphql.ts';
import { h3 } from './h3.ts';
import { hono } from './hono.ts';
import { httpClients } from './http-clients.ts';
import { ioredis } from './ioredis.ts';
import { koa } from './koa.ts';
import { globals, lib } from './lib.ts';
import { bottleneck, fastq, pLimit, pMap, pQueue } from './limiters.ts';
import { asyncLock, asyncSema, awaitLock, properLockfile, redlock } from './locks.ts';
import { otherLoggers } from './loggers.ts';
import { mongodb } from './mongodb.ts';
import { mysql2 } from './mysql2.ts';
import { nest } from './nest.ts';
import { neverRejecting } from './never-rejecting.ts';
import { next } from './next.ts';
import { asyncHooks } from './node/async-hooks.ts';
import { buffer } from './node/buffer.ts';
import { childProcess } from './node/child-process.ts';
import { cluster } from './node/cluster.ts';
import { crypto } from './node/crypto.ts';
import { dns, dnsPromises } from './node/dns.ts';
import { events } from './node/events.ts';
import { fs, fsPromises } from './node/fs.ts';
import { http, http2, https } from './node/http.ts';
import { net, tls } from './node/net.ts';
import { process } from './node/process.ts';
import { readline, readlinePromises } from './node/readline.ts';
import { stream, streamPromises, streamWeb } from './node/stream.ts';
import { timers, timersPromises } from './node/timers.ts';
import { util } from './node/util.ts';
import { workerThreads } from './node/worker-threads.ts';
import { objectPools } from './object-pools.ts';
import { pg } from './pg.ts';
import { pino } from './pino.ts';
import { piscina } from './piscina.ts';
import { programs } from './programs.ts';
import { redis } from './redis.ts';
import { routers } from './routers.ts';
import { schedulers } from './schedulers.ts';
import type { Catalogue } from './schema.ts';
import { serverless } from './serverless.ts';
import { otherServers } from './servers.ts';
import { closeWithGrace, otherRegistrars, terminus } from './shutdown.ts';
import { sqlPools } from './sql-pools.ts';
import { denoKv } from './deno.ts';
import { drizzle } from './drizzle.ts';
import { knex } from './knex.ts';
import { mongoose } from './mongoose.ts';
import { prisma } from './prisma.ts';
import { sequelize } from './sequelize.ts';
import { otherStores } from './stores.ts';
import { telemetry } from './telemetry.ts';
import { temporal } from './temporal.ts';
import { trpc } from './trpc.ts';
import { typeorm } from './typeorm.ts';
import { upstashRedis } from './upstash.ts';
import { waits } from './waits.ts';
import { socketIo, ws } from './websockets.ts';

const language: Catalogue = [lib, globals];

const node: Catalogue = [
  asyncHooks,
  buffer,
  childProcess,
  cluster,
  crypto,
  dns,
  dnsPromises,
  events,
  fs,
  fsPromises,
  http,
  http2,
  https,
  net,
  process,
  readline,
  readlinePromises,
  stream,
  streamPromises,
  streamWeb,
  timers,
  timersPromises,
  tls,
  util,
  workerThreads,
];

const packages: Catalogue = [
  asyncLock,
  asyncMutex,
  asyncSema,
  awaitLock,
  bottleneck,
  bull,
  bullmq,
  closeWithGrace,
  ...express,
  fastify,
  fastq,
  genericPool,
  ...graphql,
  ...h3,
  ...hono,
  ioredis,
  keyv,
  koa,
  lruCache,
  denoKv,
  drizzle,
  knex,
  mongoose,
  prisma,
  sequelize,
  mongodb,
  ...mysql2,
  ...nest,
  ...next,
  pLimit,
  pMap,
  pQueue,
  pg,
  pino,
  piscina,
  properLockfile,
  redlock,
  ...redis,
  socketIo,
  terminus,
  trpc,
  typeorm,
  upstashRedis,
  ws,
  ...otherLoggers,
  ...otherServers,
  ...routers,
  ...schedulers,
  ...serverless,
  ...brokers,
  ...browsers,
  ...objectPools,
  ...sqlPools,
  ...otherStores,
  ...neverRejecting,
  ...waits,
  ...channels,
  ...emitters,
  ...httpClients,
  ...otherRegistrars,
  ...telemetry,
  ...temporal,
  ...programs,
];

/** Everything we know about other people's APIs. */
export const catalogue: Catalogue = [...language, ...node, ...packages];
