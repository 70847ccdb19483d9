import { entries, sameFor } from '../schema.ts';

/** `node:dns/promises`: neither timeout nor signal for `lookup`. */
export const dnsPromises = entries('dns/promises', {
  checkedWith: '@types/node 20',
  members: {
    ...sameFor(
      '',
      [
        'lookup',
        'lookupService',
        'resolve',
        'resolve4',
        'resolve6',
        'resolveMx',
        'resolveSrv',
        'resolveTxt',
        'reverse',
      ],
      {
        role: 'io',
        bound: { by: 'none' },
      },
    ),
  },
});
