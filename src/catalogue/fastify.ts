import { entries, sameFor } from './schema.ts';

const METHODS = ['all', 'delete', 'get', 'head', 'options', 'patch', 'post', 'put'];
const AT_SHUTDOWN = ['onClose', 'preClose'];
const OF_REQUEST = [
  'onError',
  'onRequest',
  'onRequestAbort',
  'onResponse',
  'onSend',
  'onTimeout',
  'preHandler',
  'preParsing',
  'preSerialization',
  'preValidation',
];

/** Fastify 4 and 5. */
export const fastify = entries('fastify', {
  checkedWith: 'fastify 5.12',
  types: {
    FastifyRequest: 'request-scope',
    FastifyReply: {
      role: ['response', 'thenable-only'],
      reason: 'has a `then`; nobody needs to wait for it',
    },
    FastifyInstance: { role: ['drainable', 'thenable-only'], stage: 'intake', keepsAlive: true },
    FastifyBaseLogger: 'logger',
  },
  members: {
    ...sameFor('FastifyInstance', METHODS, { role: 'handler', argument: -1, catches: true, rejects: false }),
    'FastifyInstance.route': {
      role: 'handler',
      argument: 0,
      catches: true,
      rejects: false,
      reason: 'the callback is the option `handler`',
    },
    'FastifyInstance.addHook': {
      role: ['handler', 'registers-shutdown', 'tells-end'],
      key: 0,
      argument: 1,
      events: { handler: OF_REQUEST, 'registers-shutdown': AT_SHUTDOWN, 'tells-end': ['onResponse'] },
      catches: true,
      rejects: false,
    },
    'FastifyInstance.setErrorHandler': { role: 'handler', argument: 0, catches: true, rejects: false },
    'FastifyInstance.setNotFoundHandler': { role: 'handler', argument: -1, catches: true, rejects: false },
    'FastifyInstance.register': { role: 'defers', argument: 0, rejects: false, catches: true },
    'FastifyInstance.after': { role: 'defers', argument: 0, catches: true },
    'FastifyInstance.ready': { role: 'io' },
    'FastifyInstance.inject': { role: 'io' },
    fastify: {
      role: 'creates',
      rejects: false,
      bound: {
        by: 'timeout-option',
        argument: 0,
        option: 'forceCloseConnections',
        unboundedBy: ["'idle'", '"idle"', 'false'],
      },
      reason: 'with `forceCloseConnections`, `close` cuts off what is still open',
    },
    'FastifyInstance.listen': { role: 'serves', ends: 'promise' },
    'FastifyInstance.close': {
      role: 'drains',
      argument: 0,
      ends: 'promise',
      mayHang: true,
      reason: 'a kept-alive connection with a request in flight holds it for `keepAliveTimeout`, 72 s by default',
    },
    'FastifyInstance.decorate': { role: 'mutates', key: 0, value: 1 },
    ...sameFor('FastifyInstance', ['decorateRequest', 'decorateReply'], {
      role: ['mutates', 'request-default'],
      key: 0,
      value: 1,
      reason: 'the value goes to the prototype; from version 5 on an object is refused at the start',
    }),
    'FastifyReply.send': {
      role: 'answers',
      rejects: false,
      afterResponse: 'ignored',
      reason: 'a second one is logged, it does not throw',
    },
    'FastifyReply.redirect': { role: 'answers', rejects: false },
    'FastifyReply.callNotFound': { role: 'answers', rejects: false },
    'FastifyReply.hijack': {
      role: ['keeps-open', 'safe'],
      reason: 'takes the response over; the handler’s return no longer answers',
    },
    ...sameFor('FastifyReply', ['code', 'header', 'headers', 'status', 'type', 'removeHeader'], {
      role: 'mutates',
      rejects: false,
      afterResponse: 'ignored',
    }),
    'FastifyReply.sent': 'tells-end',
    ...sameFor(
      'FastifyRequest',
      ['headers', 'hostname', 'id', 'ip', 'ips', 'method', 'originalUrl', 'protocol', 'url'],
      {
        role: ['pure', 'reads'],
      },
    ),
    'FastifyRequest.signal': { role: 'reads', afterResponse: 'aborts', reason: 'aborts on normal completion too' },
    ...sameFor('FastifyReply', ['getHeader', 'getHeaders', 'hasHeader'], { role: ['pure', 'reads'] }),
    ...sameFor('FastifyBaseLogger', ['debug', 'error', 'fatal', 'info', 'trace', 'warn'], 'safe'),
  },
});
