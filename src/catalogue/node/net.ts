import { entries, type MemberEntry, sameFor, type TypeEntry } from '../schema.ts';

const serverType: TypeEntry = {
  role: ['drainable', 'emitter'],
  events: { success: ['listening'], failure: ['error'], end: ['close'], prompt: ['listening'] },
  stage: 'intake',
  keepsAlive: true,
};
const socketType: TypeEntry = {
  role: ['emitter', 'owns-resource', 'stream'],
  events: {
    success: ['connect', 'ready', 'secureConnect', 'lookup', 'data', 'readable', 'end', 'drain', 'finish'],
    failure: ['error', 'timeout'],
    end: ['close'],
    cutOff: ['data', 'drain', 'readable'],
    prompt: ['connect', 'ready', 'secureConnect', 'lookup'],
  },
};
const createServer: MemberEntry = { role: ['handler', 'creates'], argument: -1, catches: false };
const connect: MemberEntry = {
  role: ['io', 'creates'],
  listensFor: 'connect',
  bound: { by: 'signal-option', argument: 0, option: 'signal' },
  reason: 'the option `timeout` only emits an event',
};
const onServer: MemberEntry = {
  role: ['handler', 'listener'],
  key: 0,
  argument: 1,
  events: { handler: ['connection', 'secureConnection'] },
  catches: false,
  rejects: false,
};

/** `node:net`. */
export const net = entries('net', {
  checkedWith: '@types/node 20',
  types: { Server: serverType, Socket: socketType },
  members: {
    createServer,
    'new Server': createServer,
    ...sameFor('Server', ['on', 'addListener', 'prependListener'], onServer),
    'Server.listen': { role: 'serves', ends: 'callback', rejects: false, reason: 'failures come as the event `error`' },
    'Server.close': {
      role: 'drains',
      argument: 0,
      ends: 'callback',
      mayHang: true,
      rejects: false,
      reason: 'returns the server, not a promise; waits for every socket',
    },
    'Server.unref': { role: ['unrefs', 'safe'] },
    connect,
    createConnection: connect,
    'Socket.connect': { role: 'io', listensFor: 'connect' },
    'Socket.end': { role: 'drains', argument: -1, ends: 'callback', rejects: false },
    'Socket.destroy': {
      role: ['destroys', 'cuts-off'],
      resource: 'receiver',
      ends: 'sync',
      gracefully: 'end',
      rejects: false,
    },
    'Socket.destroySoon': { role: ['destroys', 'drains'], resource: 'receiver', ends: 'sync', rejects: false },
    'Socket.resetAndDestroy': {
      role: ['destroys', 'cuts-off'],
      resource: 'receiver',
      ends: 'sync',
      gracefully: 'end',
      rejects: false,
    },
    'Socket.setTimeout': { role: 'safe', argument: 1, reason: 'emits an event; ends nothing by itself' },
    ...sameFor('Socket', ['setKeepAlive', 'setNoDelay', 'pause', 'resume'], 'safe'),
    'Socket.remoteAddress': {
      role: 'reads',
      afterResponse: 'undefined',
      reason: 'gone once the socket is closed',
    },
    'Socket.unref': { role: ['unrefs', 'safe'] },
  },
});

/** `node:tls`: the server and the socket are those of `node:net`. */
export const tls = entries('tls', {
  checkedWith: '@types/node 20',
  types: { Server: serverType, TLSSocket: socketType },
  members: { createServer, connect, ...sameFor('Server', ['on', 'addListener'], onServer) },
});
