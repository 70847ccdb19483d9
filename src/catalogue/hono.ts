import { entries, sameFor } from './schema.ts';

const METHODS = ['all', 'delete', 'get', 'options', 'patch', 'post', 'put'];

/** Hono, and its server for Node. */
export const hono = [
  entries('hono', {
    checkedWith: 'hono 4.13',
    types: { Context: { role: ['request-scope', 'response'] }, HonoRequest: 'request-scope' },
    members: {
      ...sameFor('Hono', [...METHODS, 'on', 'use'], {
        role: 'handler',
        argument: -1,
        everyFunction: true,
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
        rejects: false,
        reason: 'the getter `executionCtx` throws on Node',
      },
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
