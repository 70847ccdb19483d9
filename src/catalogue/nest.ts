import { entries, sameFor } from './schema.ts';

const METHODS = ['All', 'Delete', 'Get', 'Head', 'Options', 'Patch', 'Post', 'Put', 'RequestMapping', 'Search', 'Sse'];
const DATA = [
  'Body',
  'Headers',
  'HostParam',
  'Ip',
  'Param',
  'Query',
  'RawBody',
  'Session',
  'UploadedFile',
  'UploadedFiles',
];

/** Nest closes its servers after `onModuleDestroy` and `beforeApplicationShutdown`, and before this one. */
const laterHook = { type: 'OnApplicationShutdown', method: 'onApplicationShutdown' };

/** Run once for each object, when the application starts. */
const startHooks = ['onModuleInit', 'onApplicationBootstrap'];

/** NestJS. One instance of a provider or controller serves the process unless its options say `scope: Scope.REQUEST`. */
export const nest = [
  entries('@nestjs/common', {
    checkedWith: '@nestjs/common 12.5',
    types: {
      ArgumentsHost: { role: ['request-scope', 'response'] },
      ExecutionContext: { role: ['request-scope', 'response'] },
      HttpArgumentsHost: { role: ['request-scope', 'response'] },
      LoggerService: 'logger',
      NestMiddleware: { role: 'handler', hooks: ['use'], requestParameters: [0, 2], responseParameters: [1] },
      INestApplicationContext: { role: 'drainable', stage: 'intake' },
      INestApplication: { role: 'drainable', stage: 'intake', keepsAlive: true },
      INestMicroservice: { role: 'drainable', stage: 'intake', keepsAlive: true },
      OnModuleDestroy: { role: 'shutdown-hook', hooks: ['onModuleDestroy'], laterHook },
      BeforeApplicationShutdown: { role: 'shutdown-hook', hooks: ['beforeApplicationShutdown'], laterHook },
      OnApplicationShutdown: { role: 'shutdown-hook', hooks: ['onApplicationShutdown'] },
    },
    members: {
      Injectable: { role: 'singleton-decorator', argument: 0, startHooks },
      Controller: { role: 'singleton-decorator', argument: 0, startHooks },
      Catch: { role: 'singleton-decorator', startHooks },
      ...sameFor('', METHODS, { role: 'handler-decorator', catches: true }),
      ...sameFor('', ['Req', 'Request'], 'request-decorator'),
      Next: 'next-decorator',
      ...sameFor('', DATA, 'data-decorator'),
      ...sameFor('', ['Cookies', 'SignedCookies'], { role: 'data-decorator', since: '>=12' }),
      ...sameFor('', ['Res', 'Response'], {
        role: 'response-decorator',
        reason: 'without `passthrough` it takes the response over',
      }),
      ...sameFor('HttpArgumentsHost', ['getRequest', 'getResponse', 'getNext'], 'gives-request'),
      'INestApplicationContext.close': { role: 'drains', ends: 'promise', mayHang: true },
      'INestApplicationContext.init': { role: 'io' },
      'INestApplicationContext.enableShutdownHooks': {
        role: 'registers-shutdown',
        rejects: false,
        reason: 'runs the lifecycle hooks of providers; without it no hook runs on a signal',
      },
      'INestApplication.listen': { role: 'serves', ends: 'promise' },
      'INestApplication.close': { role: 'drains', ends: 'promise', mayHang: true },
      'INestMicroservice.listen': { role: 'serves', ends: 'promise' },
      'INestApplication.startAllMicroservices': { role: 'serves', ends: 'promise' },
      ...sameFor('Logger', ['debug', 'error', 'fatal', 'log', 'verbose', 'warn'], 'safe'),
    },
  }),
  entries('@nestjs/schedule', {
    checkedWith: '@nestjs/schedule 6',
    members: sameFor('', ['Cron', 'Interval', 'Timeout'], { role: 'handler-decorator', catches: true }),
  }),
  entries('@nestjs/event-emitter', {
    checkedWith: '@nestjs/event-emitter 3',
    members: {
      OnEvent: {
        role: 'handler-decorator',
        catches: true,
        reason: 'logged, unless its option `suppressErrors` is off',
      },
    },
  }),
  entries('@nestjs/websockets', {
    checkedWith: '@nestjs/websockets 12',
    members: {
      WebSocketGateway: { role: 'singleton-decorator', startHooks },
      SubscribeMessage: { role: 'handler-decorator', catches: true },
      MessageBody: 'data-decorator',
      ConnectedSocket: 'data-decorator',
    },
  }),
  entries('@nestjs/microservices', {
    checkedWith: '@nestjs/microservices 12',
    members: {
      ...sameFor('', ['EventPattern', 'GrpcMethod', 'GrpcStreamMethod', 'MessagePattern'], {
        role: 'handler-decorator',
        catches: true,
      }),
      Ctx: 'context-decorator',
      Payload: 'data-decorator',
    },
  }),
  entries('@nestjs/graphql', {
    checkedWith: '@nestjs/graphql 13',
    members: {
      Resolver: { role: 'singleton-decorator', startHooks },
      ...sameFor('', ['Mutation', 'Query', 'ResolveField', 'Subscription'], {
        role: 'handler-decorator',
        catches: true,
      }),
      Context: 'context-decorator',
      ...sameFor('', ['Args', 'Info', 'Parent', 'Root'], 'data-decorator'),
      'GqlExecutionContext.getContext': 'gives-request',
    },
  }),
  entries('@nestjs/bullmq', {
    alsoKnownAs: ['@nestjs/bull'],
    checkedWith: '@nestjs/bullmq 11',
    members: {
      Processor: { role: 'singleton-decorator', startHooks },
      OnWorkerEvent: { role: 'handler-decorator' },
      Process: { role: 'handler-decorator', catches: true },
    },
  }),
];
