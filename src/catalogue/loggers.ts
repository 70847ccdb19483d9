import { entries, sameFor } from './schema.ts';

/** Loggers beside pino; requests carry one of their own (`req.log`, `request.log`). */
export const otherLoggers = [
  entries('bunyan', {
    checkedWith: '@types/bunyan 1.8',
    types: { Logger: 'logger' },
    members: sameFor('Logger', ['child', 'debug', 'error', 'fatal', 'info', 'trace', 'warn'], 'safe'),
  }),
  entries('winston', {
    checkedWith: 'winston 3.19',
    types: { Logger: 'logger' },
    members: {
      ...sameFor('Logger', ['child', 'debug', 'error', 'http', 'info', 'log', 'silly', 'verbose', 'warn'], 'safe'),
      createLogger: 'creates',
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
];
