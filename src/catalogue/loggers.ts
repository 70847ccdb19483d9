import { entries, sameFor, type TypeEntry } from './schema.ts';

/** What pino writes to. */
const stream: TypeEntry = {
  role: ['drainable', 'emitter'],
  events: { success: ['drain', 'finish', 'ready'], failure: ['error'], end: ['close'], cutOff: ['drain'] },
  stage: 'flush',
};

/** Loggers beside pino; requests carry one of their own (`req.log`, `request.log`). */
export const otherLoggers = [
  entries('bunyan', {
    checkedWith: '@types/bunyan 1.8',
    types: { Logger: 'logger' },
    members: sameFor('Logger', ['child', 'debug', 'error', 'fatal', 'info', 'trace', 'warn'], 'safe'),
  }),
  entries('winston', {
    checkedWith: 'winston 3.19',
    types: { Logger: { role: ['logger', 'drainable'], stage: 'flush' } },
    members: {
      ...sameFor('Logger', ['child', 'debug', 'error', 'http', 'info', 'log', 'silly', 'verbose', 'warn'], 'safe'),
      createLogger: 'creates',
      'Logger.end': {
        role: 'drains',
        argument: -1,
        ends: 'callback',
        mayHang: true,
        rejects: false,
        reason: 'the event `finish` comes when the transports have taken everything',
      },
      'Logger.close': { role: 'cuts-off', ends: 'sync', gracefully: 'end', rejects: false },
    },
  }),
  entries('nestjs-pino', {
    checkedWith: 'nestjs-pino 4.4',
    types: { PinoLogger: 'logger' },
    members: sameFor('PinoLogger', ['assign', 'debug', 'error', 'fatal', 'info', 'trace', 'warn'], 'safe'),
  }),
  entries('@apollo/utils.logger', {
    checkedWith: '@apollo/utils.logger 3.0',
    types: { Logger: 'logger' },
    members: sameFor('Logger', ['debug', 'error', 'info', 'warn'], 'safe'),
  }),
  entries('sonic-boom', {
    checkedWith: 'sonic-boom 4.2',
    types: { SonicBoom: stream },
    members: {
      'SonicBoom.flush': { role: 'drains', argument: 0, ends: 'callback', rejects: false },
      'SonicBoom.flushSync': { role: 'drains', ends: 'sync' },
      'SonicBoom.end': { role: 'drains', ends: 'callback', rejects: false, reason: 'the event `close` ends it' },
      'SonicBoom.destroy': { role: 'cuts-off', ends: 'sync', gracefully: 'end', rejects: false },
    },
  }),
  entries('thread-stream', {
    checkedWith: 'thread-stream 4.0',
    types: { ThreadStream: stream },
    members: {
      'ThreadStream.flush': { role: 'drains', argument: 0, ends: 'callback', rejects: false },
      'ThreadStream.flushSync': { role: 'drains', ends: 'sync' },
      'ThreadStream.end': { role: 'drains', ends: 'callback', rejects: false, reason: 'the event `close` ends it' },
    },
  }),
];
