import { entries, type MemberEntry, sameFor } from './schema.ts';

const waitUntil: MemberEntry = {
  role: 'detaches',
  argument: 0,
  takes: 'promise',
  catches: true,
  rejects: false,
  reason: 'takes a promise: the work has started',
};
const handler: MemberEntry = { role: 'handler', argument: -1, catches: true, rejects: false };
const AZURE_TRIGGERS = [
  'cosmosDB',
  'deleteRequest',
  'eventGrid',
  'eventHub',
  'generic',
  'get',
  'http',
  'mySql',
  'patch',
  'post',
  'put',
  'serviceBusQueue',
  'serviceBusTopic',
  'sql',
  'storageBlob',
  'storageQueue',
  'timer',
  'webPubSub',
];
const AZURE_LOGS = ['debug', 'error', 'info', 'log', 'trace', 'warn'];

/** Platforms that call a function for every request, and what they wait for. */
export const serverless = [
  entries('aws-lambda', {
    checkedWith: '@types/aws-lambda 8.10',
    types: {
      Context: {
        role: 'request-scope',
        comesAlone: true,
        reason: 'what is not awaited is frozen with the environment',
      },
      Callback: { role: 'response' },
      HttpResponseStream: { role: 'response' },
      Handler: { role: 'handler', requestParameters: [1, 2] },
      StreamifyHandler: { role: 'handler', requestParameters: [1, 2] },
    },
    members: {
      'Callback.()': 'answers',
      'Context.getRemainingTimeInMillis': { role: ['pure', 'reads'] },
      ...sameFor('Context', ['done', 'fail', 'succeed'], 'answers'),
      streamifyResponse: { role: 'handler', argument: 0, catches: true, rejects: false },
    },
  }),
  entries('@cloudflare/workers-types', {
    alsoKnownAs: ['cloudflare:workers'],
    checkedWith: '@cloudflare/workers-types 5',
    types: {
      ExecutionContext: {
        role: ['request-scope', 'handler-mark'],
        place: 2,
        requestParameters: [0],
        reason: '`(request, env, ctx)`; what is not given to `waitUntil` is cancelled with the response',
      },
      Request: 'fetch-request',
      ExportedHandlerFetchHandler: { role: 'handler', requestParameters: [0, 2] },
      WorkerEntrypoint: { role: 'handler', hooks: ['fetch'], requestParameters: [0] },
      DurableObject: { role: 'handler', hooks: ['fetch'], requestParameters: [0] },
      EventContext: 'request-scope',
      PagesFunction: { role: 'handler', requestParameters: [0] },
      ReadableStream: 'stream',
      AbortSignal: 'signal',
    },
    members: {
      waitUntil,
      'ExecutionContext.waitUntil': waitUntil,
      'ExecutionContext.passThroughOnException': 'safe',
      'ExtendableEvent.waitUntil': waitUntil,
      'DurableObjectState.waitUntil': waitUntil,
      'DurableObjectState.blockConcurrencyWhile': { role: 'exclusive', argument: 0 },
      'KVNamespace.get': { role: ['io', 'store-read'], key: 0, store: {} },
      'KVNamespace.getWithMetadata': { role: ['io', 'store-read'], key: 0, store: { under: 'value' } },
      'KVNamespace.put': {
        role: ['io', 'store-write'],
        key: 0,
        value: 1,
        store: { ifAbsent: 'a Durable Object', atOnce: 'a Durable Object' },
      },
      'KVNamespace.delete': { role: ['io', 'store-write'], key: 0, store: { writes: 'removes' } },
      'DurableObjectStorage.transaction': {
        role: 'lends',
        argument: 0,
        reason: 'no other event of the object is delivered meanwhile, nor while a single read or write is under way',
      },
      'DurableObjectStorage.transactionSync': { role: 'runs-now', argument: 0 },
    },
  }),
  entries('@vercel/functions', {
    checkedWith: '@vercel/functions 3.9',
    members: { waitUntil },
    conventions: [
      {
        file: '/api/.*\\.[jt]s$',
        exports: ['DELETE', 'GET', 'PATCH', 'POST', 'PUT', 'default'],
        requestParameters: [0],
      },
    ],
  }),
  entries('@azure/functions', {
    checkedWith: '@azure/functions 4.16',
    types: {
      HttpRequest: 'request-scope',
      InvocationContext: {
        role: ['request-scope', 'logger'],
        reason: 'what it logs after the function has settled is lost',
      },
      HttpHandler: { role: 'handler', requestParameters: [0, 1] },
    },
    members: {
      ...sameFor('', AZURE_TRIGGERS, handler),
      ...sameFor('InvocationContext', AZURE_LOGS, 'safe'),
    },
  }),
  entries('@google-cloud/functions-framework', {
    checkedWith: '@google-cloud/functions-framework 5.0',
    types: {
      Request: 'request-scope',
      HttpFunction: { role: 'handler', requestParameters: [0, 1] },
    },
    members: {
      ...sameFor('', ['cloudEvent', 'http'], { ...handler, reason: 'a rejection is answered with 500' }),
    },
  }),
];
