import { entries, sameFor } from '../schema.ts';

/** `node:crypto`: what computes at once. */
export const crypto = entries('crypto', {
  checkedWith: '@types/node 20',
  members: {
    createHash: {
      role: 'pure',
      rejects: true,
      rarely: true,
      reason: 'throws on an algorithm that OpenSSL does not know',
    },
    randomUUID: 'safe',
    ...sameFor('Hash', ['digest', 'update'], {
      role: 'safe',
      reason: 'throws only after the digest was taken, or on what the types do not let in',
    }),
  },
});
