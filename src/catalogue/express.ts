import { entries, type MemberEntry, type MemberRole, sameFor } from './schema.ts';

const VERBS = ['all', 'delete', 'get', 'head', 'options', 'patch', 'post', 'put', 'use'];
const OTHER_VERBS = [
  'checkout',
  'copy',
  'lock',
  'merge',
  'move',
  'notify',
  'purge',
  'report',
  'search',
  'subscribe',
  'unsubscribe',
  'unlock',
];

const handler: MemberEntry = { role: 'handler', argument: -1, everyFunction: true, rejects: false };
const answers: MemberEntry = { role: 'answers', afterResponse: 'throws' };

/** Routes of all versions, apart from who sees a rejection. */
function routes(catches: boolean, reason: string): Readonly<Record<string, MemberEntry>> {
  const row = { ...handler, catches, reason };
  return {
    ...sameFor('IRouter', [...VERBS, ...OTHER_VERBS, 'param'], row),
    ...sameFor('Application', ['all', 'delete', 'get', 'head', 'options', 'patch', 'post', 'put', 'use', 'param'], row),
    ...sameFor(
      'IRoute',
      VERBS.filter((verb) => verb !== 'use'),
      row,
    ),
  };
}

const core = 'express-serve-static-core';

/** Express; its types lie in `express` where they are written and in `express-serve-static-core` where they are inferred. */
export const express = [
  entries('express', {
    alsoKnownAs: [core],
    checkedWith: '@types/express 5.0, @types/express-serve-static-core 5.1',
    types: {
      Request: 'request-scope',
      Response: 'response',
      NextFunction: { role: ['request-scope', 'next'] },
    },
    members: {
      'Application.listen': { role: 'serves', argument: -1, ends: 'callback' },
      ...sameFor(
        'Response',
        ['download', 'json', 'jsonp', 'redirect', 'render', 'send', 'sendFile', 'sendStatus'],
        answers,
      ),
      'Response.end': { ...answers, afterResponse: 'ignored', reason: 'that of `node:http`, which sends no header' },
      ...sameFor(
        'Response',
        [
          'append',
          'attachment',
          'clearCookie',
          'contentType',
          'cookie',
          'header',
          'links',
          'location',
          'set',
          'status',
          'type',
          'vary',
        ],
        {
          role: 'mutates',
          afterResponse: 'throws',
          reason: 'throws once the headers are sent',
        },
      ),
      'NextFunction.()': 'answers',
      ...sameFor('Request', ['ip', 'ips'], {
        role: 'reads',
        afterResponse: 'undefined',
        reason: 'read off the socket, which is gone once the client is',
      }),
      ...sameFor('Request', ['hostname', 'host', 'originalUrl', 'path', 'protocol', 'secure', 'xhr'], {
        role: ['pure', 'reads'] as readonly MemberRole[],
      }),
      ...sameFor(
        'Request',
        ['accepts', 'acceptsCharsets', 'acceptsEncodings', 'acceptsLanguages', 'get', 'header', 'is', 'range'],
        {
          role: ['pure', 'reads'] as readonly MemberRole[],
        },
      ),
      'Response.get': { role: ['pure', 'reads'] },
    },
  }),
  entries('express', {
    alsoKnownAs: [core],
    since: '<5',
    members: routes(false, 'a rejection of the returned promise is nobody’s'),
  }),
  // The later one wins where the version is not known: nobody is told of a crash that may not be.
  entries('express', {
    alsoKnownAs: [core],
    since: '>=5',
    members: routes(true, 'a rejection of the returned promise goes to the error handler'),
  }),
];
