import { entries, type MemberEntry, type MemberRole, sameFor } from './schema.ts';

const reads: MemberEntry = { role: ['pure', 'reads'] as readonly MemberRole[] };
const handler: MemberEntry = { role: 'handler', argument: -1, everyFunction: true, catches: true, rejects: false };
const VERBS = ['all', 'connect', 'delete', 'get', 'head', 'options', 'patch', 'post', 'put'];

/** Web servers beside those with a file of their own. */
export const otherServers = [
  entries('@hapi/hapi', {
    checkedWith: '@hapi/hapi 21.4',
    types: {
      Request: 'request-scope',
      ResponseToolkit: 'response',
      ResponseObject: 'response',
      Method: { role: 'handler', requestParameters: [0, 1] },
      Server: { role: 'drainable', stage: 'intake', keepsAlive: true },
    },
    members: {
      'Server.route': { role: 'handler', argument: 0, catches: true, rejects: false, reason: 'the option `handler`' },
      'Server.ext': { role: 'handler', argument: 1, catches: true, rejects: false },
      'Server.stop': {
        role: 'drains',
        ends: 'promise',
        bound: { by: 'timeout-option', argument: 0, option: 'timeout', byDefault: true },
        reason: '5 s when nothing is said',
      },
      'Server.start': { role: 'serves', ends: 'promise' },
      'Request.active': reads,
      'Request.log': 'safe',
      'Server.log': 'safe',
      'ResponseToolkit.response': { role: 'pure', reason: 'makes the response; returning it answers' },
      'ResponseToolkit.redirect': { role: 'pure', reason: 'makes the response; returning it answers' },
    },
  }),
  entries('restify', {
    checkedWith: '@types/restify 8.5',
    types: {
      Request: 'request-scope',
      Response: 'response',
      Next: { role: ['request-scope', 'next'] },
      RequestHandler: { role: 'handler', requestParameters: [0, 1, 2] },
      Server: { role: 'drainable', stage: 'intake', keepsAlive: true },
    },
    members: {
      ...sameFor('Server', ['del', 'get', 'head', 'opts', 'patch', 'post', 'pre', 'put', 'use'], {
        ...handler,
        reason: 'since version 9 a rejection goes to the error handler; the types do not say which version runs',
      }),
      'Server.listen': { role: 'serves', argument: -1, ends: 'callback' },
      'Server.close': { role: 'drains', argument: 0, ends: 'callback', mayHang: true, rejects: false },
      'Next.()': 'answers',
      ...sameFor('Response', ['end', 'json', 'redirect', 'send', 'sendRaw'], 'answers'),
      ...sameFor(
        'Request',
        ['contentType', 'getContentType', 'getId', 'getQuery', 'header', 'href', 'id', 'is', 'path', 'userAgent'],
        reads,
      ),
    },
  }),
  entries('elysia', {
    checkedWith: 'elysia 1.4 (1.0)',
    types: { Elysia: { role: 'drainable', stage: 'intake' } },
    members: {
      ...sameFor('Elysia', VERBS, { ...handler, argument: 1, requestParameters: [0] }),
      'Elysia.route': { ...handler, argument: 2, requestParameters: [0] },
      ...sameFor(
        'Elysia',
        [
          'derive',
          'mapDerive',
          'onAfterHandle',
          'onAfterResponse',
          'onBeforeHandle',
          'onError',
          'onParse',
          'onRequest',
          'onTransform',
          'resolve',
        ],
        { ...handler, requestParameters: [0] },
      ),
      'Elysia.listen': { role: 'serves', argument: -1, ends: 'callback' },
      'Elysia.stop': {
        role: 'drains',
        ends: 'promise',
        mayHang: true,
        reason: 'with `true` it cuts off the requests in flight',
      },
    },
  }),
  entries('@adonisjs/http-server', {
    alsoKnownAs: ['@adonisjs/core'],
    checkedWith: '@adonisjs/http-server 7.8',
    types: { HttpContext: { role: ['request-scope', 'response'] }, Request: 'request-scope', Response: 'response' },
    members: {
      ...sameFor('Router', ['any', 'delete', 'get', 'patch', 'post', 'put', 'route'], handler),
      'HttpContext.static:get': 'gives-request',
      'HttpContext.static:getOrFail': 'gives-request',
      ...sameFor(
        'Request',
        ['cookie', 'header', 'headers', 'id', 'input', 'ip', 'method', 'param', 'params', 'qs', 'url'],
        reads,
      ),
      ...sameFor('Response', ['json', 'redirect', 'send'], 'answers'),
    },
  }),
  entries('@adonisjs/application', {
    alsoKnownAs: ['@adonisjs/core'],
    checkedWith: '@adonisjs/application 8.4',
    types: { Application: { role: 'drainable', stage: 'intake' } },
    members: {
      'Application.terminate': { role: 'drains', ends: 'promise', mayHang: true },
      'Application.terminating': { role: 'registers-shutdown', argument: 0, catches: true, rejects: false },
    },
  }),
  entries('moleculer', {
    checkedWith: 'moleculer 0.15',
    types: {
      Context: 'request-scope',
      LoggerInstance: 'logger',
      ServiceBroker: { role: 'drainable', stage: 'intake' },
    },
    members: {
      'ServiceBroker.createService': {
        role: 'handler',
        argument: 0,
        catches: true,
        reason: 'the callbacks are its `actions` and `events`',
      },
      'ServiceBroker.start': { role: 'serves', ends: 'promise' },
      'ServiceBroker.stop': { role: 'drains', ends: 'promise', mayHang: true },
      ...sameFor('LoggerInstance', ['debug', 'error', 'fatal', 'info', 'trace', 'warn'], 'safe'),
    },
  }),
  entries('uWebSockets.js', {
    checkedWith: 'uWebSockets.js 20',
    types: {
      HttpRequest: { role: 'request-scope', reason: 'valid until the callback returns: until its first `await`' },
      HttpResponse: { role: 'response', reason: 'valid until `onAborted` or its end' },
      TemplatedApp: { role: 'drainable', stage: 'intake', keepsAlive: true },
    },
    members: {
      ...sameFor('TemplatedApp', ['any', 'connect', 'del', 'get', 'head', 'options', 'patch', 'post', 'put', 'trace'], {
        role: 'handler',
        argument: 1,
        catches: false,
        rejects: false,
        reason: 'a rejection of the returned promise is nobody’s',
      }),
      'TemplatedApp.listen': { role: 'serves', argument: -1, ends: 'callback' },
      us_listen_socket_close: {
        role: 'drains',
        argument: 0,
        ends: 'sync',
        rejects: false,
        reason: 'accepts no more; what is open goes on',
      },
      'TemplatedApp.close': { role: 'cuts-off', ends: 'sync', rejects: false, reason: 'closes every socket' },
      ...sameFor('HttpResponse', ['end', 'endWithoutBody', 'tryEnd'], 'answers'),
      ...sameFor('HttpResponse', ['close', 'writeHeader', 'writeStatus'], { role: 'mutates' }),
      'HttpResponse.cork': { role: 'runs-now', argument: 0 },
      'HttpResponse.onAborted': { role: 'defers', argument: 0, rejects: false },
      'HttpResponse.onData': { role: 'listener', argument: 0, catches: false, rejects: false },
      'HttpResponse.onWritable': { role: 'listener', argument: 0, catches: false, rejects: false },
      ...sameFor('HttpRequest', ['getHeader', 'getMethod', 'getParameter', 'getQuery', 'getUrl'], {
        role: 'reads',
        reason: 'throws once the callback has returned',
      }),
    },
  }),
  entries('@grpc/grpc-js', {
    checkedWith: '@grpc/grpc-js 1.14',
    types: {
      ServerUnaryCall: 'request-scope',
      ServerWritableStream: { role: ['request-scope', 'response'] },
      ServerReadableStream: 'request-scope',
      ServerDuplexStream: { role: ['request-scope', 'response'] },
      sendUnaryData: 'response',
      ...Object.fromEntries(
        ['handleBidiStreamingCall', 'handleClientStreamingCall', 'handleServerStreamingCall', 'handleUnaryCall'].map(
          (name) => [name, { role: 'handler', requestParameters: [0, 1] }] as const,
        ),
      ),
      Server: { role: 'drainable', stage: 'intake', keepsAlive: true },
    },
    members: {
      'Server.addService': {
        role: 'handler',
        argument: 1,
        catches: false,
        rejects: false,
        reason: 'the methods of the implementation; a rejection of one is nobody’s and the call stays open',
      },
      'sendUnaryData.()': 'answers',
      'ServerWritableStream.end': 'answers',
      'ServerDuplexStream.end': 'answers',
      ...sameFor('ServerSurfaceCall', ['getDeadline', 'getHost', 'getPath', 'getPeer'], reads),
      'Server.tryShutdown': {
        role: 'drains',
        argument: 0,
        ends: 'callback',
        mayHang: true,
        reason: 'never completes while a stream is open',
      },
      'Server.forceShutdown': { role: 'cuts-off', ends: 'sync', gracefully: 'tryShutdown', rejects: false },
      'Server.drain': {
        role: 'drains',
        ends: 'sync',
        bound: { by: 'milliseconds', argument: 1 },
        rejects: false,
        reason: 'of one port; calls that are open after the grace time are cut off',
      },
      'Server.start': { role: 'serves', ends: 'sync' },
      'Server.bindAsync': { role: 'serves', argument: -1, ends: 'callback' },
    },
  }),
];
