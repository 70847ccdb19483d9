import { type CatalogueEntry, entries, type MemberEntry, sameFor, type TypeEntry } from '../schema.ts';

const SERVER_EVENTS = [
  'request',
  'checkContinue',
  'checkExpectation',
  'upgrade',
  'connect',
  'connection',
  'clientError',
  'dropRequest',
];

const serverTypes: TypeEntry = {
  role: ['drainable', 'emitter'],
  events: { success: ['listening'], failure: ['error'], end: ['close'], prompt: ['listening'] },
  stage: 'intake',
  keepsAlive: true,
};
const createServer: MemberEntry = { role: ['handler', 'creates'], argument: -1, catches: false };
const onServer: MemberEntry = {
  role: ['handler', 'listener'],
  key: 0,
  argument: 1,
  events: { handler: SERVER_EVENTS },
  lastingParameters: [0],
  lastingEvents: ['connect', 'upgrade'],
  catches: false,
  rejects: false,
};

const server: Readonly<Record<string, MemberEntry>> = {
  createServer,
  'new Server': createServer,
  ...sameFor('Server', ['on', 'addListener', 'prependListener'], onServer),
  'Server.once': { ...onServer, role: ['defers'] },
  'Server.listen': { role: 'serves', ends: 'callback', rejects: false, reason: 'failures come as the event `error`' },
  'Server.close': {
    role: 'drains',
    argument: 0,
    ends: 'callback',
    mayHang: true,
    rejects: false,
    reason: 'returns the server, not a promise; waits for requests in flight and for kept-alive connections',
  },
  'Server.closeAllConnections': { role: 'cuts-off', ends: 'sync', gracefully: 'close', rejects: false },
  'Server.closeIdleConnections': { role: 'safe', reason: 'closes only what is idle now' },
  'Server.unref': { role: ['unrefs', 'safe'] },
};

const request: MemberEntry = {
  role: 'io',
  lastingParameters: [0],
  listensFor: 'response',
  bound: { by: 'signal-option', argument: 1, option: 'signal' },
  reason: 'the option `timeout` only emits an event',
};

/** `node:http`. */
export const http = entries('http', {
  checkedWith: '@types/node 20',
  types: {
    IncomingMessage: {
      role: ['request-scope', 'emitter'],
      isAlsoReceived: true,
      events: {
        success: ['end', 'data', 'readable'],
        failure: ['error', 'aborted'],
        end: ['close'],
        cutOff: ['data', 'readable'],
      },
    },
    ServerResponse: {
      role: ['response', 'emitter'],
      events: {
        success: ['finish', 'drain'],
        failure: ['error'],
        end: ['close'],
        cutOff: ['finish', 'drain'],
      },
      reason: 'a client that goes away ends it without an error',
    },
    ClientRequest: {
      role: ['emitter', 'owns-resource'],
      events: {
        success: ['response', 'connect', 'continue', 'information', 'upgrade', 'socket', 'finish', 'drain'],
        failure: ['error', 'timeout'],
        end: ['close'],
        cutOff: ['continue', 'drain', 'information'],
        prompt: ['socket'],
      },
    },
    Server: serverTypes,
    Agent: { role: ['pool', 'drainable'] },
  },
  members: {
    ...server,
    request,
    get: request,
    'new Agent': { role: 'creates', keepsWith: 'keepAlive' },
    'Agent.destroy': { role: 'cuts-off', ends: 'sync', rejects: false },
    'ClientRequest.destroy': { role: 'destroys', resource: 'receiver', ends: 'sync', rejects: false },
    ...sameFor('ClientRequest', ['on', 'addListener', 'prependListener'], {
      role: 'listener',
      key: 0,
      argument: 1,
      lastingParameters: [0],
      rejects: false,
    }),
    ...sameFor('ClientRequest', ['once', 'prependOnceListener'], {
      role: 'defers',
      key: 0,
      argument: 1,
      lastingParameters: [0],
      rejects: false,
    }),
    'ClientRequest.setTimeout': { role: 'safe', argument: 1, reason: 'emits an event; ends nothing by itself' },
    'ServerResponse.end': { role: 'answers', afterResponse: 'ignored' },
    'ServerResponse.writeHead': {
      role: 'mutates',
      afterResponse: 'throws',
      reason: 'throws once the headers are sent',
    },
    ...sameFor('ServerResponse', ['appendHeader', 'removeHeader', 'setHeaders'], {
      role: 'mutates',
      afterResponse: 'throws',
    }),
    'ServerResponse.setHeader': {
      role: 'mutates',
      key: 0,
      value: 1,
      afterResponse: 'throws',
      reason: 'throws once the headers are sent',
    },
    'ServerResponse.write': {
      role: ['mutates', 'io'],
      rejects: false,
      afterResponse: 'ignored',
      reason: 'what is written after the end is dropped without an error',
    },
    'ServerResponse.flushHeaders': { role: 'keeps-open', rejects: false },
    'ServerResponse.getHeader': { role: ['reads', 'pure'], key: 0 },
    'ServerResponse.socket': { role: 'reads', afterResponse: 'null' },
    ...sameFor(
      'ServerResponse',
      ['closed', 'destroyed', 'finished', 'headersSent', 'writable', 'writableEnded', 'writableFinished'],
      'tells-end',
    ),
    ...sameFor('IncomingMessage', ['aborted', 'closed', 'complete', 'destroyed', 'readableEnded'], 'tells-end'),
    ...sameFor('IncomingMessage', ['headers', 'httpVersion', 'method', 'rawHeaders'], { role: ['pure', 'reads'] }),
    ...sameFor('IncomingMessage', ['pipe', 'read'], {
      role: 'io',
      rejects: false,
      afterResponse: 'gives-nothing',
      reason: 'an unread body is thrown away with the response, without an error',
    }),
    'IncomingMessage.destroy': { role: 'destroys', resource: 'receiver', ends: 'sync', rejects: false },
  },
});

/** `node:https`: the server adds TLS to that of `node:http`. */
export const https = entries('https', {
  checkedWith: '@types/node 20',
  types: { Server: serverTypes, Agent: { role: ['pool', 'drainable'] } },
  members: { ...server, request, get: request, 'new Agent': { role: 'creates', keepsWith: 'keepAlive' } },
});

/** `node:http2`. */
export const http2: CatalogueEntry = entries('http2', {
  checkedWith: '@types/node 20',
  types: {
    Http2ServerRequest: 'request-scope',
    Http2ServerResponse: 'response',
    ServerHttp2Stream: { role: ['request-scope', 'response'] },
    Http2Stream: {
      role: ['emitter', 'stream'],
      events: {
        success: ['end', 'data', 'readable', 'finish', 'drain', 'ready', 'response', 'headers', 'push', 'trailers'],
        failure: ['error', 'aborted', 'frameError', 'timeout'],
        end: ['close'],
        cutOff: ['end', 'data', 'readable', 'finish', 'drain', 'response', 'headers', 'push', 'trailers'],
      },
      reason: 'the peer may cancel it without an error',
    },
    Http2Server: serverTypes,
    Http2SecureServer: serverTypes,
    Http2Session: {
      role: ['emitter', 'drainable'],
      events: {
        success: ['connect', 'goaway', 'localSettings', 'ping', 'remoteSettings', 'stream'],
        failure: ['error', 'frameError', 'timeout'],
        end: ['close'],
        cutOff: ['goaway', 'localSettings', 'ping', 'remoteSettings', 'stream'],
      },
    },
  },
  members: {
    createServer,
    createSecureServer: createServer,
    ...sameFor('Http2Server', ['on', 'addListener'], {
      ...onServer,
      events: { handler: [...SERVER_EVENTS, 'session', 'stream'] },
    }),
    ...sameFor('Http2SecureServer', ['on', 'addListener'], {
      ...onServer,
      events: { handler: [...SERVER_EVENTS, 'session', 'stream'] },
    }),
    ...sameFor('Http2Server', ['close'], {
      role: 'drains',
      argument: 0,
      ends: 'callback',
      mayHang: true,
      rejects: false,
    }),
    ...sameFor('Http2SecureServer', ['close'], {
      role: 'drains',
      argument: 0,
      ends: 'callback',
      mayHang: true,
      rejects: false,
    }),
    ...sameFor('Http2Server', ['listen'], { role: 'serves', ends: 'callback', rejects: false }),
    ...sameFor('Http2SecureServer', ['listen'], { role: 'serves', ends: 'callback', rejects: false }),
    'Http2Session.close': { role: 'drains', argument: 0, ends: 'callback', mayHang: true },
    'Http2Session.destroy': { role: 'cuts-off', ends: 'sync', gracefully: 'close' },
    'Http2ServerResponse.end': { role: 'answers' },
    'ServerHttp2Stream.respond': { role: 'answers' },
    connect: { role: ['io', 'creates'] },
  },
});
