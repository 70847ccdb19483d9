import { entries, type MemberEntry } from './schema.ts';

const METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

const after: MemberEntry = {
  role: 'detaches',
  argument: 0,
  takes: 'either',
  catches: true,
  rejects: false,
  reason: 'takes a promise, or a callback that runs after the response; the framework logs what fails',
};

/** Next: pages, route handlers, middleware. */
export const next = [
  entries('next', {
    checkedWith: 'next 16.4 (14.2)',
    types: {
      NextRequest: 'request-scope',
      NextApiRequest: 'request-scope',
      NextApiResponse: 'response',
      NextApiHandler: { role: 'handler', requestParameters: [0], responseParameters: [1] },
      NextPageContext: { role: ['request-scope', 'response'] },
      GetServerSidePropsContext: { role: ['request-scope', 'response'] },
      NextFetchEvent: { role: ['request-scope', 'handler-mark'], place: 1, requestParameters: [0] },
      NextMiddleware: { role: 'handler', requestParameters: [0, 1] },
      NextProxy: { role: 'handler', requestParameters: [0, 1] },
    },
    members: {
      after,
      unstable_after: after,
      'NextFetchEvent.waitUntil': {
        role: 'detaches',
        argument: 0,
        takes: 'promise',
        catches: true,
        rejects: false,
        reason: 'takes a promise: the work has started',
      },
      'NextApiResponse.json': 'answers',
      'NextApiResponse.send': 'answers',
      'NextApiResponse.redirect': 'answers',
    },
    conventions: [
      { file: '/app/(.*/)?route\\.[jt]sx?$', exports: METHODS, requestParameters: [0] },
      { file: '/pages/api/.*\\.[jt]sx?$', exports: ['default'], requestParameters: [0], responseParameters: [1] },
      { file: '/(middleware|proxy)\\.[jt]s$', exports: ['default', 'middleware', 'proxy'], requestParameters: [0] },
    ],
  }),
];
