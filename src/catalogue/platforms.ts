import { entries, type MemberEntry } from './schema.ts';

const waitUntil: MemberEntry = {
  role: 'detaches',
  argument: 0,
  rejects: false,
  reason: 'takes a promise: the work has started',
};

/** Platforms and frameworks that wait for background work handed to them, and their request types. */
export const platforms = [
  entries('next', {
    checkedWith: 'next 16.4',
    types: {
      NextRequest: 'request-scope',
      NextApiRequest: 'request-scope',
      NextApiResponse: 'response',
    },
    members: {
      after: {
        role: 'detaches',
        argument: 0,
        rejects: false,
        reason: 'takes a promise or a callback that runs after the response',
      },
      'NextFetchEvent.waitUntil': waitUntil,
    },
  }),
  entries('@vercel/functions', { checkedWith: '@vercel/functions 3.9', members: { waitUntil } }),
  entries('@cloudflare/workers-types', {
    checkedWith: '@cloudflare/workers-types 5',
    members: {
      'ExecutionContext.waitUntil': waitUntil,
      'DurableObjectState.waitUntil': waitUntil,
      'DurableObjectState.blockConcurrencyWhile': { role: 'exclusive', argument: 0 },
      'KVNamespace.get': { role: ['io', 'store-read'], key: 0 },
      'KVNamespace.put': { role: ['io', 'store-write'], key: 0, value: 1 },
      'KVNamespace.delete': { role: ['io', 'store-write'], key: 0 },
    },
  }),
  entries('h3', {
    checkedWith: 'h3 2.0',
    types: { H3Event: { role: ['request-scope', 'response'] } },
    members: { 'H3Event.waitUntil': { ...waitUntil, since: '>=2' } },
  }),
  entries('graphql-yoga', { checkedWith: 'graphql-yoga 5.24', types: { YogaInitialContext: 'request-scope' } }),
  entries('@grpc/grpc-js', {
    checkedWith: '@grpc/grpc-js 1.14',
    types: {
      ServerUnaryCall: 'request-scope',
      ServerWritableStream: { role: ['request-scope', 'response'] },
      ServerReadableStream: 'request-scope',
      ServerDuplexStream: { role: ['request-scope', 'response'] },
      Server: 'drainable',
    },
    members: {
      'Server.tryShutdown': {
        role: 'drains',
        argument: 0,
        ends: 'callback',
        mayHang: true,
        reason: 'never completes while a stream is open',
      },
      'Server.forceShutdown': { role: 'cuts-off', ends: 'sync', rejects: false },
      'Server.bindAsync': { role: 'serves', argument: -1, ends: 'callback' },
    },
  }),
  entries('@hapi/hapi', {
    checkedWith: '@hapi/hapi 21.4',
    types: { Request: 'request-scope', ResponseToolkit: { role: ['request-scope', 'response'] } },
    members: {
      'Server.stop': { role: 'drains', ends: 'promise', reason: 'bounded by its option `timeout`, 5 s by default' },
      'Server.start': { role: 'serves', ends: 'promise' },
    },
  }),
  entries('aws-lambda', { checkedWith: '@types/aws-lambda 8.10', types: { Context: 'request-scope' } }),
];
