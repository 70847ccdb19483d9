import { entries, type MemberEntry, sameFor } from './schema.ts';

const channel: MemberEntry = { role: ['acquires', 'io'], resource: 'result' };

/** Message brokers. */
export const brokers = [
  entries('kafkajs', {
    checkedWith: 'kafkajs 2.2',
    types: {
      Consumer: { role: 'drainable', stage: 'work', keepsAlive: true },
      Producer: 'drainable',
      Admin: 'drainable',
    },
    members: {
      'Consumer.run': {
        role: ['handler', 'serves'],
        argument: 0,
        catches: true,
        ends: 'promise',
        reason: 'the callbacks are `eachMessage` and `eachBatch`',
      },
      'Consumer.on': { role: 'listener', key: 0, argument: 1, catches: true, rejects: false },
      'Consumer.disconnect': {
        role: 'drains',
        ends: 'promise',
        mayHang: true,
        reason: 'waits for the running handler without limit',
      },
      'Consumer.stop': { role: 'drains', ends: 'promise', mayHang: true },
      'Producer.disconnect': { role: 'drains', ends: 'promise' },
      'Producer.send': { role: 'io' },
      'Admin.disconnect': { role: 'drains', ends: 'promise' },
    },
  }),
  entries('pg-boss', {
    checkedWith: 'pg-boss 10.3',
    types: {
      PgBoss: { role: ['drainable', 'emitter'], events: { failure: ['error'] }, stage: 'work', keepsAlive: true },
    },
    members: {
      'PgBoss.work': {
        role: ['handler', 'serves'],
        argument: -1,
        catches: true,
        ends: 'promise',
        reason: 'a rejection of the handler fails the job',
      },
      'PgBoss.send': { role: 'io' },
      'PgBoss.stop': {
        role: 'drains',
        ends: 'promise',
        bound: { by: 'timeout-option', argument: 0, option: 'timeout', byDefault: true },
        reason: '30 s when nothing is said; with `graceful: false` running jobs are failed at once',
      },
    },
  }),
  entries('amqplib', {
    alsoKnownAs: ['amqplib/callback_api'],
    checkedWith: 'amqplib 2.3',
    types: {
      Channel: {
        role: ['lease', 'drainable', 'emitter'],
        events: { success: ['drain', 'return'], failure: ['error'], end: ['close'], cutOff: ['drain', 'return'] },
        stage: 'work',
      },
      ChannelModel: {
        role: ['drainable', 'emitter'],
        events: { success: ['unblocked'], failure: ['error'], end: ['close'], cutOff: ['unblocked'] },
        keepsAlive: true,
      },
      RecoveringChannelModel: { role: 'drainable', keepsAlive: true },
      Connection: {
        role: 'drainable',
        keepsAlive: true,
        reason: 'of the callback API; of the types before 0.10.7 also with promises',
      },
    },
    members: {
      connect: { role: ['creates', 'io'] },
      ...sameFor('ChannelModel', ['createChannel', 'createConfirmChannel'], channel),
      ...sameFor('RecoveringChannelModel', ['createChannel', 'createConfirmChannel'], channel),
      ...sameFor('Connection', ['createChannel', 'createConfirmChannel'], channel),
      'ChannelModel.close': { role: 'drains', ends: 'promise', mayHang: true },
      'RecoveringChannelModel.close': { role: 'drains', ends: 'promise', mayHang: true },
      'Connection.close': { role: 'drains', argument: 0, ends: 'callback', mayHang: true },
      'Channel.close': {
        role: ['releases', 'drains'],
        resource: 'receiver',
        ends: 'promise',
        mayHang: true,
        reason: 'a second one, and every use after it, throws; messages that were not acknowledged are delivered again',
      },
      ...sameFor(
        'Channel',
        [
          'assertExchange',
          'assertQueue',
          'bindExchange',
          'bindQueue',
          'cancel',
          'checkExchange',
          'checkQueue',
          'deleteQueue',
          'get',
          'prefetch',
          'purgeQueue',
          'unbindQueue',
        ],
        { role: 'io', failureEnds: true, reason: 'what the server refuses closes the channel' },
      ),
      'Channel.consume': { role: ['handler', 'serves'], argument: 1, catches: false, ends: 'promise' },
      'ConfirmChannel.waitForConfirms': {
        role: ['drains', 'waits'],
        ends: 'promise',
        mayHang: true,
        bound: { by: 'none' },
      },
    },
  }),
  entries('nats', {
    alsoKnownAs: ['@nats-io/nats-core'],
    checkedWith: 'nats 2.29, @nats-io/nats-core 3.4',
    types: {
      NatsConnection: { role: 'drainable', stage: 'work', keepsAlive: true },
      Subscription: { role: 'drainable', stage: 'work' },
    },
    members: {
      'NatsConnection.request': {
        role: 'waits',
        bound: { by: 'timeout-option', argument: 2, option: 'timeout', byDefault: true },
        reason: '1 s when no options are given',
      },
      'NatsConnection.subscribe': { role: 'serves', reason: 'messages come to its callback or its iterator' },
      'Subscription.drain': { role: 'drains', ends: 'promise', mayHang: true },
      'NatsConnection.drain': { role: 'drains', ends: 'promise', mayHang: true },
      'NatsConnection.close': { role: 'cuts-off', ends: 'promise', gracefully: 'drain' },
    },
  }),
  entries('@nats-io/jetstream', {
    alsoKnownAs: ['nats'],
    checkedWith: '@nats-io/jetstream 3.4, nats 2.29',
    types: { ConsumerMessages: { role: 'drainable', stage: 'work' } },
    members: {
      'Consumer.consume': { role: 'serves', ends: 'promise' },
      'ConsumerMessages.close': { role: 'drains', ends: 'promise' },
    },
  }),
  entries('amqp-connection-manager', {
    checkedWith: 'amqp-connection-manager 5.0',
    types: {
      AmqpConnectionManager: { role: 'drainable', keepsAlive: true },
      IAmqpConnectionManager: { role: 'drainable', keepsAlive: true },
      ChannelWrapper: { role: 'drainable', stage: 'work' },
    },
    members: {
      connect: { role: 'creates', rejects: false, reason: 'connects, and connects again, in the background' },
      ...sameFor('', ['AmqpConnectionManager.createChannel', 'IAmqpConnectionManager.createChannel'], {
        role: 'creates',
        rejects: false,
      }),
      ...sameFor('', ['AmqpConnectionManager.close', 'IAmqpConnectionManager.close'], {
        role: 'drains',
        ends: 'promise',
        mayHang: true,
      }),
      'ChannelWrapper.close': { role: 'drains', ends: 'promise', mayHang: true },
      'ChannelWrapper.consume': { role: ['handler', 'serves'], argument: 1, catches: false, ends: 'promise' },
    },
  }),
  entries('sqs-consumer', {
    checkedWith: 'sqs-consumer 14.2',
    types: { Consumer: { role: 'drainable', stage: 'work' } },
    members: {
      'Consumer.static:create': {
        role: ['handler', 'creates'],
        argument: 0,
        catches: true,
        rejects: false,
        reason:
          'the callbacks are `handleMessage` and `handleMessageBatch`; a rejection leaves the message in the queue',
      },
      'Consumer.start': { role: 'serves', ends: 'sync', rejects: false },
      'Consumer.stop': {
        role: 'drains',
        ends: 'sync',
        rejects: false,
        reason: 'only asks for it: waits for running handlers no longer than `pollingCompleteWaitTimeMs`, 0 by default',
      },
    },
  }),
  entries('@google-cloud/pubsub', {
    checkedWith: '@google-cloud/pubsub 5.3',
    types: { PubSub: 'drainable', Subscription: { role: 'drainable', stage: 'work' } },
    members: {
      'new PubSub': { role: 'creates', rejects: false },
      'PubSub.close': { role: 'drains', ends: 'promise' },
      'Subscription.on': {
        role: ['handler', 'listener', 'serves'],
        key: 0,
        argument: 1,
        events: { handler: ['message'], serves: ['message'] },
        catches: false,
        rejects: false,
      },
      'Subscription.close': {
        role: 'drains',
        ends: 'promise',
        reason: 'waits for messages in work; `closeOptions.timeout` bounds that, else the longest lease of a message',
      },
      'Topic.flush': { role: 'io' },
    },
  }),
];
