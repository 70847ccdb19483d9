import { entries, sameFor } from './schema.ts';

/** Koa. `Context` and `ParameterizedContext` both have `ExtendableContext` among their parts. */
export const koa = entries('koa', {
  checkedWith: '@types/koa 3.0',
  types: {
    ExtendableContext: { role: ['request-scope', 'response'] },
    ParameterizedContext: { role: ['request-scope', 'response'] },
    Request: 'request-scope',
    Response: 'response',
    Next: { role: ['request-scope', 'next'] },
  },
  members: {
    'Application.use': {
      role: 'handler',
      argument: 0,
      catches: true,
      rejects: false,
      requestParameters: [0, 1],
      responseParameters: [0],
    },
    'Application.listen': { role: 'serves', argument: -1, ends: 'callback' },
    'Application.callback': { role: 'safe' },
    'BaseContext.throw': { role: [], reason: 'always throws' },
    'BaseContext.set': {
      role: 'mutates',
      key: 0,
      value: 1,
      rejects: false,
      afterResponse: 'ignored',
      reason: 'ignored once the headers are sent',
    },
    ...sameFor('ExtendableContext', ['body', 'length', 'message', 'status', 'type'], {
      role: 'mutates',
      afterResponse: 'ignored',
      reason: 'ignored once the headers are sent',
    }),
    ...sameFor('ExtendableContext', ['headerSent', 'writable'], 'tells-end'),
    ...sameFor(
      'ExtendableContext',
      ['headers', 'host', 'hostname', 'ip', 'ips', 'method', 'origin', 'originalUrl', 'protocol', 'secure'],
      { role: ['pure', 'reads'] },
    ),
    'ExtendableContext.respond': { role: 'keeps-open', reason: '`false` hands the response over to the handler' },
    'BaseContext.get': { role: ['pure', 'reads'], key: 0 },
    'Next.()': { role: 'io' },
  },
});
