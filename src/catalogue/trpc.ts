import { entries, type MemberEntry, sameFor } from './schema.ts';

/** The one argument of a resolver or middleware is `{ ctx, input, signal, … }`. */
const resolver: MemberEntry = {
  role: 'handler',
  argument: 0,
  catches: true,
  rejects: false,
  requestParameters: [0],
};

/** tRPC 10 and 11. Its context is the user's own type, flattened: only its place shows what it is. */
export const trpc = entries('@trpc/server', {
  checkedWith: '@trpc/server 11.25 (10.45 has the same builders)',
  members: sameFor('ProcedureBuilder', ['mutation', 'query', 'subscription', 'use'], resolver),
});
