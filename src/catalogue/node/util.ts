import { entries, sameFor } from '../schema.ts';

/** `node:util`. */
export const util = entries('util', {
  checkedWith: '@types/node 20',
  members: {
    ...sameFor('', ['format', 'inspect', 'isDeepStrictEqual', 'stripVTControlCharacters', 'toUSVString'], 'pure'),
    'new TextEncoder': 'pure',
    'new TextDecoder': {
      role: 'pure',
      rejects: true,
      rarely: true,
      reason: 'throws on an encoding that it does not know',
    },
    promisify: { role: 'pure', argument: 0 },
    callbackify: { role: 'pure', argument: 0 },
    deprecate: { role: 'pure', argument: 0 },
    aborted: {
      role: 'waits',
      waitsFor: 'abort',
      argument: 0,
      bound: { by: 'none' },
      rejects: false,
      reason: 'settles when the signal aborts or the resource is collected',
    },
  },
});
