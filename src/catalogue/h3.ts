import { entries, type MemberEntry, type MemberRole, sameFor } from './schema.ts';

const handler: MemberEntry = { role: 'handler', argument: -1, everyFunction: true, catches: true, rejects: false };

const READS = [
  'getCookie',
  'getHeader',
  'getHeaders',
  'getMethod',
  'getQuery',
  'getRequestHeader',
  'getRequestHeaders',
  'getRequestHost',
  'getRequestIP',
  'getRequestProtocol',
  'getRequestURL',
  'getRouterParam',
  'getRouterParams',
  'isMethod',
  'parseCookies',
];

/** h3 1 and 2, and what serves it. */
export const h3 = [
  entries('h3', {
    checkedWith: 'h3 2.0 (1.15 where marked)',
    types: {
      H3Event: { role: ['request-scope', 'response'] },
      HTTPEvent: 'request-scope',
      EventHandler: { role: 'handler', requestParameters: [0] },
      Middleware: { role: 'handler', requestParameters: [0] },
    },
    members: {
      'H3Event.waitUntil': {
        role: 'detaches',
        argument: 0,
        takes: 'promise',
        catches: true,
        rejects: false,
        since: '>=2',
        reason: 'the server’s `close` waits for it',
      },
      'RouteRegistrar.()': { ...handler, since: '>=2', reason: '`app.get` and its like' },
      ...sameFor('H3', ['on', 'use'], { ...handler, since: '>=2' }),
      ...sameFor('App', ['use'], { ...handler, since: '<2' }),
      ...sameFor(
        'Router',
        ['add', 'connect', 'delete', 'get', 'head', 'options', 'patch', 'post', 'put', 'trace', 'use'],
        {
          ...handler,
          since: '<2',
        },
      ),
      ...sameFor('', ['defineHandler', 'defineLazyEventHandler'], { ...handler, since: '>=2' }),
      ...sameFor('', ['defineEventHandler', 'eventHandler'], handler),
      ...sameFor('', READS, { role: ['pure', 'reads'] as readonly MemberRole[] }),
      serve: { role: 'serves', since: '>=2' },
      ...sameFor('', ['readBody', 'readRawBody'], { role: 'io', reason: 'the body is gone once the response is out' }),
    },
  }),
  entries('srvx', {
    checkedWith: 'srvx 1.0',
    types: { ServerRequest: 'request-scope', Server: { role: 'drainable', stage: 'intake', keepsAlive: true } },
    members: {
      serve: 'serves',
      'Server.serve': 'serves',
      'Server.close': {
        role: 'drains',
        ends: 'promise',
        mayHang: true,
        reason: 'waits for requests and for what `waitUntil` was given; with `true` it cuts off the connections',
      },
      'ServerRequest.waitUntil': { role: 'detaches', argument: 0, takes: 'promise', catches: true, rejects: false },
    },
  }),
];
