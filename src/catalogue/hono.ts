import { entries, type MemberRole, sameFor } from './schema.ts';

const METHODS = ['all', 'delete', 'get', 'options', 'patch', 'post', 'put'];

/** Hono, and its server for Node. */
export const hono = [
  entries('hono', {
    alsoKnownAs: ['hono/cookie', 'hono/factory', 'hono/streaming'],
    checkedWith: 'hono 4.13',
    types: {
      Context: { role: ['request-scope', 'response'] },
      HonoRequest: 'request-scope',
      ExecutionContext: { role: ['request-scope', 'handler-mark'], place: 2, requestParameters: [0] },
      Handler: { role: 'handler', requestParameters: [0] },
      MiddlewareHandler: { role: 'handler', requestParameters: [0] },
    },
    members: {
      ...sameFor('Hono', [...METHODS, 'on', 'use'], {
        role: 'handler',
        argument: -1,
        everyFunction: true,
        requestParameters: [0],
        responseParameters: [0],
        catches: true,
        rejects: false,
      }),
      'Hono.onError': { role: 'handler', argument: 0, catches: true, rejects: false },
      'Hono.notFound': { role: 'handler', argument: 0, catches: true, rejects: false },
      ...sameFor('HonoRequest', ['header', 'param', 'queries', 'query'], { role: ['pure', 'reads'], key: 0 }),
      ...sameFor('HonoRequest', ['arrayBuffer', 'blob', 'formData', 'json', 'parseBody', 'text'], {
        role: 'io',
        afterResponse: 'rejects',
        reason: 'rejects when it is first called after the response',
      }),
      'Context.get': { role: ['pure', 'reads'], key: 0 },
      'Context.set': { role: 'mutates', key: 0, value: 1, rejects: false },
      ...sameFor('Context', ['header', 'status'], { role: 'mutates', rejects: false, afterResponse: 'ignored' }),
      ...sameFor('Context', ['body', 'html', 'json', 'newResponse', 'redirect', 'text'], {
        role: 'pure',
        reason: 'makes the response; returning it answers',
      }),
      'ExecutionContext.waitUntil': {
        role: 'detaches',
        argument: 0,
        takes: 'promise',
        catches: true,
        rejects: false,
        onlyWith: '@cloudflare/workers-types',
        reason: 'the getter `executionCtx` throws on Node',
      },
      ...sameFor('', ['stream', 'streamSSE', 'streamText'], {
        role: ['handler', 'keeps-open'] as readonly MemberRole[],
        argument: 1,
        catches: true,
        rejects: false,
        reason: 'the response is open until the callback has settled',
      }),
      ...sameFor('', ['createMiddleware'], { role: 'handler', argument: 0, catches: true, rejects: false }),
      'GetCookie.()': { role: ['pure', 'reads'] as readonly MemberRole[] },
      ...sameFor('', ['deleteCookie', 'setCookie'], { role: 'mutates', rejects: false, afterResponse: 'ignored' }),
    },
  }),
  entries('@hono/node-server', {
    checkedWith: '@hono/node-server 2.1',
    members: {
      serve: { role: 'serves', argument: 0 },
      createAdaptorServer: { role: ['creates', 'handler'], argument: 0, catches: true },
    },
  }),
];
