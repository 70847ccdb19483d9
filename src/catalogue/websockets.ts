import { entries, type MemberEntry, sameFor } from './schema.ts';

const onServer: MemberEntry = {
  role: ['handler', 'listener'],
  key: 0,
  argument: 1,
  events: { handler: ['connection', 'connect', 'headers'] },
  lastingParameters: [1],
  catches: false,
  rejects: false,
};

/** ws. */
export const ws = entries('ws', {
  checkedWith: '@types/ws 8.18',
  types: {
    WebSocket: {
      role: ['emitter', 'owns-resource'],
      events: {
        success: ['message', 'open', 'ping', 'pong', 'upgrade'],
        failure: ['error', 'unexpected-response'],
        end: ['close'],
        cutOff: ['message', 'ping', 'pong'],
        prompt: ['open', 'upgrade'],
      },
    },
    Server: {
      role: ['drainable', 'emitter'],
      events: {
        success: ['connection', 'listening'],
        failure: ['error'],
        end: ['close'],
        cutOff: ['connection'],
        prompt: ['listening'],
      },
      stage: 'intake',
    },
  },
  members: {
    'new Server': { role: ['creates', 'serves'] },
    ...sameFor('Server', ['on', 'addListener'], onServer),
    'Server.close': {
      role: 'drains',
      argument: 0,
      ends: 'callback',
      mayHang: true,
      rejects: false,
      reason: 'does not close its clients: never completes while one is connected',
    },
    'WebSocket.on': {
      role: ['handler', 'listener'],
      key: 0,
      argument: 1,
      events: { handler: ['message', 'ping', 'pong'] },
      catches: false,
      rejects: false,
    },
    'WebSocket.send': { role: 'io', argument: 0, ends: 'callback' },
    'WebSocket.close': { role: ['drains', 'destroys'], resource: 'receiver', ends: 'sync', rejects: false },
    'WebSocket.terminate': {
      role: ['cuts-off', 'destroys'],
      resource: 'receiver',
      ends: 'sync',
      gracefully: 'close',
      rejects: false,
    },
  },
});

/** socket.io. */
export const socketIo = entries('socket.io', {
  checkedWith: 'socket.io 4.8',
  types: {
    Server: { role: ['drainable', 'emitter'], events: { success: ['connection'] }, stage: 'intake' },
    Namespace: 'emitter',
    Socket: {
      role: ['emitter', 'owns-resource'],
      events: { failure: ['error'], end: ['disconnect', 'disconnecting'] },
    },
  },
  members: {
    'new Server': { role: ['creates', 'serves'] },
    'Server.on': onServer,
    'Namespace.on': onServer,
    'Socket.on': { role: ['handler', 'listener'], key: 0, argument: 1, catches: false, rejects: false },
    ...sameFor('Server', ['listen', 'attach'], 'serves'),
    'Server.close': { role: 'drains', ends: 'promise', reason: 'disconnects the clients and closes the HTTP server' },
    'Server.use': { role: 'handler', argument: 0, catches: false, rejects: false },
    'Namespace.use': { role: 'handler', argument: 0, catches: false, rejects: false },
    'Socket.use': { role: 'handler', argument: 0, catches: false, rejects: false },
    'Socket.emit': { role: 'io', rejects: false, reason: 'dropped when the client is gone' },
    'Socket.emitWithAck': {
      role: 'waits',
      bound: { by: 'none', through: 'timeout' },
      reason: 'bounded by `socket.timeout(ms)` before it',
    },
    'Socket.disconnect': { role: ['drains', 'destroys'], resource: 'receiver', ends: 'sync', rejects: false },
    ...sameFor('Socket', ['join', 'leave'], { role: 'io' }),
  },
});
