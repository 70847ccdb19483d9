import { entries, type MemberEntry, sameFor } from './schema.ts';

/** Without a limit of their own: a server that answers nothing keeps the caller for ever. */
const axiosBound = { by: 'timeout-option', option: 'timeout', unboundedBy: ['0'], clientOptions: ['timeout'] } as const;
const gotRequest: MemberEntry = {
  role: 'io',
  bound: { by: 'timeout-option', argument: 1, option: 'timeout', clientOptions: ['timeout'] },
  reason: 'the limits are those of the attempt; retries multiply them',
};
const kyRequest: MemberEntry = {
  role: 'io',
  bound: { by: 'timeout-option', argument: 1, option: 'timeout', byDefault: true, unboundedBy: ['false'] },
  reason: '10 s for each attempt',
};
const VERBS = ['delete', 'get', 'head', 'patch', 'post', 'put'];
const undiciRequest: MemberEntry = {
  role: 'io',
  bound: { by: 'signal-option', argument: 0, option: 'signal', byDefault: true },
  reason: '300 s without headers, 300 s without body data',
};

const DISPATCHERS = [
  'Agent',
  'BalancedPool',
  'Client',
  'EnvHttpProxyAgent',
  'Pool',
  'ProxyAgent',
  'RoundRobinPool',
].map((name) => `new ${name}`);

/** HTTP clients beside `fetch` and `node:http`. */
export const httpClients = [
  entries('axios', {
    checkedWith: 'axios 1.21',
    members: {
      ...sameFor('Axios', ['delete', 'get', 'head', 'options'], { role: 'io', bound: { ...axiosBound, argument: 1 } }),
      ...sameFor('Axios', ['patch', 'patchForm', 'post', 'postForm', 'put', 'putForm'], {
        role: 'io',
        bound: { ...axiosBound, argument: 2 },
      }),
      'Axios.request': { role: 'io', bound: { ...axiosBound, argument: 0 } },
      'AxiosInstance.()': { role: 'io', bound: { ...axiosBound, argument: -1 } },
      'AxiosInstance.create': {
        role: 'creates',
        bound: { by: 'timeout-option', argument: 0, option: 'timeout', unboundedBy: ['0'] },
      },
      'AxiosStatic.create': {
        role: 'creates',
        bound: { by: 'timeout-option', argument: 0, option: 'timeout', unboundedBy: ['0'] },
      },
    },
  }),
  entries('got', {
    checkedWith: 'got 16 (14)',
    members: {
      'Got.()': gotRequest,
      ...sameFor('Got', VERBS, gotRequest),
      'Got.extend': { role: 'creates', bound: { by: 'timeout-option', argument: 0, option: 'timeout' } },
    },
  }),
  entries('ky', {
    checkedWith: 'ky 2.0',
    members: {
      'KyInstance.()': kyRequest,
      ...sameFor('KyInstance', VERBS, kyRequest),
      ...sameFor('KyInstance', ['create', 'extend'], {
        role: 'creates',
        bound: { by: 'timeout-option', argument: 0, option: 'timeout', byDefault: true, unboundedBy: ['false'] },
      }),
    },
  }),
  entries('node-fetch', {
    checkedWith: 'node-fetch 3.3',
    members: {
      fetch: {
        role: 'io',
        bound: { by: 'signal-option', argument: 1, option: 'signal' },
        reason: 'no limit of its own; the option `timeout` is gone since version 3',
      },
    },
  }),
  entries('undici', {
    alsoKnownAs: ['undici-types'],
    checkedWith: 'undici 8.12',
    types: {
      Dispatcher: {
        role: ['pool', 'drainable'],
        reason: 'lends no connection; one whose response body is not read stays busy',
      },
    },
    members: {
      request: { role: 'io', bound: { by: 'signal-option', argument: 1, option: 'signal', byDefault: true } },
      fetch: { role: 'io', bound: { by: 'signal-option', argument: 1, option: 'signal', byDefault: true } },
      ...sameFor('Dispatcher', ['connect', 'request', 'upgrade'], undiciRequest),
      ...sameFor('', DISPATCHERS, { role: 'creates', rejects: false }),
      'Dispatcher.close': { role: 'drains', ends: 'promise', mayHang: true },
      'Dispatcher.destroy': { role: 'cuts-off', ends: 'promise', gracefully: 'close' },
    },
  }),
  entries('@smithy/core', {
    alsoKnownAs: ['@smithy/smithy-client', '@smithy/types'],
    checkedWith: '@aws-sdk/client-s3 3',
    types: { Client: 'drainable' },
    members: {
      'Client.destroy': { role: 'cuts-off', ends: 'sync', rejects: false, reason: 'closes the sockets' },
      'Client.send': {
        role: 'io',
        bound: { by: 'signal-option', argument: 1, option: 'abortSignal' },
        reason: 'no limit over all attempts',
      },
    },
  }),
  entries('@grpc/grpc-js', {
    checkedWith: '@grpc/grpc-js 1.14',
    types: { Client: 'drainable' },
    members: {
      'Client.close': { role: 'drains', ends: 'sync', rejects: false, reason: 'calls that are open go on' },
      'Client.makeUnaryRequest': {
        role: 'waits',
        argument: -1,
        ends: 'callback',
        bound: { by: 'deadline-option', argument: -2, option: 'deadline' },
        reason: 'generated clients call it; there is no deadline unless the call brings one',
      },
      'Client.waitForReady': {
        role: 'waits',
        argument: 1,
        ends: 'callback',
        bound: { by: 'deadline-option', argument: 0, unboundedBy: ['Infinity'] },
      },
    },
  }),
];
