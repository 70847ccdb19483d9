import { entries, sameFor } from '../schema.ts';

const LOOKUPS = [
  'lookup',
  'lookupService',
  'resolve',
  'resolve4',
  'resolve6',
  'resolveMx',
  'resolveSrv',
  'resolveTxt',
  'reverse',
];

/** `node:dns`: the same with callbacks. */
export const dns = entries('dns', {
  checkedWith: '@types/node 20',
  members: sameFor('', LOOKUPS, { role: 'io', argument: -1, ends: 'callback', bound: { by: 'none' } }),
});

/** `node:dns/promises`: neither timeout nor signal for `lookup`. */
export const dnsPromises = entries('dns/promises', {
  checkedWith: '@types/node 20',
  members: {
    ...sameFor('', LOOKUPS, { role: 'io', bound: { by: 'none' } }),
  },
});
