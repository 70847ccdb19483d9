import { entries } from './schema.ts';

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
    'Application.use': { role: 'handler', argument: 0, catches: true, rejects: false },
    'Application.listen': { role: 'serves', argument: -1, ends: 'callback' },
    'Application.callback': { role: 'safe' },
    'BaseContext.throw': { role: [], reason: 'always throws' },
    'BaseContext.set': {
      role: 'mutates',
      key: 0,
      value: 1,
      rejects: false,
      reason: 'ignored once the headers are sent',
    },
    'BaseContext.get': { role: ['pure', 'reads'], key: 0 },
    'Next.()': { role: 'io' },
  },
});
