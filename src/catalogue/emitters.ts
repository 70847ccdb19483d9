import { entries, type MemberEntry, sameFor } from './schema.ts';

const onSocket: MemberEntry = { role: 'listener', key: 0, argument: 1, rejects: false };

/** Emitters beside those with a file of their own: what they emit on success, on failure and at their end. */
export const emitters = [
  entries('events', {
    checkedWith: '@types/node 20',
    members: {
      ...sameFor('NodeEventTarget', ['on', 'addListener'], onSocket),
      'NodeEventTarget.once': { role: 'defers', key: 0, argument: 1, rejects: false },
      ...sameFor('NodeEventTarget', ['off', 'removeListener'], { role: ['unlistens', 'safe'], key: 0, argument: 1 }),
    },
  }),
  entries('stream/consumers', {
    checkedWith: '@types/node 20',
    members: sameFor('', ['arrayBuffer', 'blob', 'buffer', 'json', 'text'], {
      role: 'io',
      reason: 'reads a stream to its end',
    }),
  }),
  entries('dgram', {
    checkedWith: '@types/node 20',
    types: {
      Socket: {
        role: ['emitter', 'owns-resource', 'drainable'],
        events: {
          success: ['connect', 'listening', 'message'],
          failure: ['error'],
          end: ['close'],
          cutOff: ['message'],
          prompt: ['connect', 'listening'],
        },
        stage: 'intake',
        keepsAlive: true,
      },
    },
    members: {
      createSocket: { role: 'creates', rejects: false },
      'Socket.bind': { role: 'serves', ends: 'callback', rejects: false, reason: 'failures come as the event `error`' },
      'Socket.close': { role: 'drains', argument: 0, ends: 'callback' },
      'Socket.unref': { role: ['unrefs', 'safe'] },
    },
  }),
  entries('global', {
    checkedWith: 'TypeScript 6.0',
    types: {
      WebSocket: {
        role: ['emitter', 'owns-resource'],
        events: {
          success: ['open', 'message'],
          failure: ['error'],
          end: ['close'],
          cutOff: ['message'],
          prompt: ['open'],
        },
      },
      EventSource: {
        role: ['emitter', 'owns-resource'],
        events: { success: ['open', 'message'], failure: ['error'], recovers: true },
      },
      Worker: {
        role: ['emitter', 'owns-resource'],
        events: { success: ['message'], failure: ['error', 'messageerror'] },
      },
    },
    members: {
      'WebSocket.close': { role: ['drains', 'destroys'], resource: 'receiver', ends: 'sync', rejects: false },
      'EventSource.close': { role: ['drains', 'destroys'], resource: 'receiver', ends: 'sync', rejects: false },
    },
  }),
  entries('ssh2', {
    checkedWith: '@types/ssh2 1.15',
    types: {
      Client: {
        role: ['emitter', 'owns-resource', 'drainable'],
        events: {
          success: ['ready', 'handshake', 'greeting', 'banner', 'connect'],
          failure: ['error', 'timeout'],
          end: ['close', 'end'],
          prompt: ['ready', 'handshake', 'connect'],
        },
      },
      Channel: {
        role: ['emitter', 'owns-resource', 'stream'],
        events: {
          success: ['data', 'drain', 'end', 'exit', 'finish', 'readable'],
          failure: ['error'],
          end: ['close'],
          cutOff: ['data', 'drain', 'exit', 'readable'],
        },
      },
      SFTPWrapper: {
        role: ['emitter', 'owns-resource'],
        events: { success: ['ready'], failure: ['error'], end: ['close', 'end'] },
      },
    },
    members: {
      ...sameFor('Client', ['on', 'addListener'], onSocket),
      'Client.once': { role: 'defers', key: 0, argument: 1, rejects: false },
      'Client.connect': { role: 'io', rejects: false, reason: 'failures come as the event `error`' },
      ...sameFor('Client', ['exec', 'shell', 'sftp', 'forwardOut'], { role: 'io', argument: -1, ends: 'callback' }),
      'Client.end': { role: 'drains', ends: 'sync', rejects: false },
      'Client.destroy': {
        role: ['cuts-off', 'destroys'],
        resource: 'receiver',
        ends: 'sync',
        gracefully: 'end',
        rejects: false,
      },
    },
  }),
  entries('mqtt', {
    checkedWith: 'mqtt 5',
    types: {
      MqttClient: {
        role: ['emitter', 'drainable'],
        events: {
          success: ['connect', 'message', 'packetreceive', 'packetsend'],
          failure: ['error'],
          end: ['end'],
          recovers: true,
        },
        keepsAlive: true,
      },
    },
    members: {
      'MqttClient.end': { role: 'drains', argument: -1, ends: 'callback' },
      'MqttClient.endAsync': { role: 'drains', ends: 'promise' },
    },
  }),
  entries('socket.io-client', {
    checkedWith: 'socket.io-client 4.8',
    types: {
      Socket: {
        role: ['emitter', 'owns-resource'],
        events: {
          success: ['connect'],
          failure: ['connect_error'],
          end: ['disconnect'],
          recovers: true,
        },
      },
    },
    members: {
      'Socket.emitWithAck': {
        role: 'waits',
        bound: { by: 'none', clientOptions: ['ackTimeout'] },
        reason: 'bounded by `socket.timeout(ms)` before it',
      },
      'Socket.disconnect': { role: ['drains', 'destroys'], resource: 'receiver', ends: 'sync', rejects: false },
      'Socket.close': { role: ['drains', 'destroys'], resource: 'receiver', ends: 'sync', rejects: false },
    },
  }),
];
