import { entries, type MemberEntry, type MemberRole } from './schema.ts';

const reads: MemberEntry = { role: ['pure', 'reads'] as readonly MemberRole[] };
const DATA_FILES = '/app/(root|routes/.*)\\.[jt]sx?$';

/** Frameworks that route by files: React Router and Remix, SvelteKit, Astro. */
export const routers = [
  entries('react-router', {
    alsoKnownAs: ['@remix-run/router', '@remix-run/server-runtime', '@remix-run/node', 'react-router-dom'],
    checkedWith: 'react-router 8.5',
    types: {
      DataFunctionArgs: 'request-scope',
      LoaderFunctionArgs: 'request-scope',
      ActionFunctionArgs: 'request-scope',
      LoaderFunction: { role: 'handler', requestParameters: [0] },
      ActionFunction: { role: 'handler', requestParameters: [0] },
      MiddlewareFunction: { role: 'handler', requestParameters: [0] },
    },
    conventions: [{ file: DATA_FILES, exports: ['action', 'loader'], requestParameters: [0] }],
  }),
  entries('@sveltejs/kit', {
    alsoKnownAs: ['$app/server'],
    checkedWith: '@sveltejs/kit 3.2 (2.70)',
    types: {
      RequestEvent: 'request-scope',
      Cookies: { role: 'response', reason: 'setting one after the response throws' },
      Handle: { role: 'handler', requestParameters: [0] },
      RequestHandler: { role: 'handler', requestParameters: [0] },
    },
    members: {
      getRequestEvent: 'gives-request',
      'RequestEvent.getClientAddress': reads,
      'Cookies.get': reads,
      'Cookies.getAll': reads,
    },
  }),
  entries('astro', {
    checkedWith: 'astro 7.3',
    types: {
      APIContext: 'request-scope',
      ActionAPIContext: 'request-scope',
      AstroGlobal: 'request-scope',
      AstroCookies: { role: 'response', reason: 'setting one after the response throws' },
      APIRoute: { role: 'handler', requestParameters: [0] },
      MiddlewareHandler: { role: 'handler', requestParameters: [0] },
    },
    members: {
      defineMiddleware: { role: 'handler', argument: 0, catches: true, rejects: false },
      'AstroCookies.get': reads,
      'AstroCookies.has': reads,
    },
  }),
];
