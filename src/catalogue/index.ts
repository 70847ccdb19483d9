import { express } from './express.ts';
import { globals, lib } from './lib.ts';
import { events } from './node/events.ts';
import { http, http2, https } from './node/http.ts';
import { process } from './node/process.ts';
import { timers, timersPromises } from './node/timers.ts';
import { pg } from './pg.ts';
import type { Catalogue } from './schema.ts';

/** Everything we know about other people's APIs. */
export const catalogue: Catalogue = [
  lib,
  globals,
  events,
  timers,
  timersPromises,
  process,
  http,
  https,
  http2,
  pg,
  ...express,
];
