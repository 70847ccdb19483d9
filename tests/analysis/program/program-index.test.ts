import type ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { createApi } from '../../../src/analysis/api/create.ts';
import { type Core, openCore } from '../../../src/analysis/facts.ts';
import { listenersOf, type ProgramIndex, programIndex } from '../../../src/analysis/program/program-index.ts';
import { catalogue } from '../../../src/catalogue/index.ts';
import { programOf } from '../../support/program.ts';
import { shown } from './asking.ts';

function coreOf(files: Record<string, string>): Core {
  const { program } = programOf(files);
  return openCore(program, createApi(program.getTypeChecker(), program, catalogue));
}

function indexOf(files: Record<string, string>): ProgramIndex {
  const core = coreOf(files);
  return core.ask(programIndex, core.program);
}

/** `server.ts:3 SIGTERM,SIGINT once -> drain.ts:1` */
function listenersIn(files: Record<string, string>): string[] {
  return indexOf(files).listeners.map(({ node, events, handlers, isOnce, isResolved }) => {
    const leads = handlers.map((fn) => shown(fn)).join(' ');
    return `${shown(node)} ${events?.join() ?? 'any'}${isOnce ? ' once' : ''} -> ${leads}${isResolved ? '' : '?'}`;
  });
}

describe('a listener of a signal', () => {
  test('is an inline function', () => {
    expect(listenersIn({ 'server.ts': "process.on('SIGTERM', () => {\n});\nexport {};" })).toEqual([
      'server.ts:1 SIGTERM -> server.ts:1',
    ]);
  });

  test('is a named function, declared below', () => {
    expect(listenersIn({ 'server.ts': "process.once('SIGINT', stop);\nfunction stop() {}\nexport {};" })).toEqual([
      'server.ts:1 SIGINT once -> server.ts:2',
    ]);
  });

  test('is an imported function, under whatever name', () => {
    const files = {
      'server.ts': "import { drain as stop } from './drain.ts';\nprocess.addListener('SIGTERM', stop);",
      'drain.ts': 'export const drain = async () => {};',
    };
    expect(listenersIn(files)).toEqual(['server.ts:2 SIGTERM -> drain.ts:1']);
  });

  test('is a bound method', () => {
    const files = {
      'server.ts':
        "export class Server {\n  listen() {\n    process.on('SIGTERM', this.stop.bind(this));\n  }\n  stop() {}\n}",
    };
    expect(listenersIn(files)).toEqual(['server.ts:3 SIGTERM -> server.ts:5']);
  });

  test('is an arrow kept in a field', () => {
    const files = {
      'server.ts':
        "export class Server {\n  listen() {\n    process.on('SIGTERM', this.stop);\n  }\n  private readonly stop = () => {};\n}",
    };
    expect(listenersIn(files)).toEqual(['server.ts:3 SIGTERM -> server.ts:5']);
  });

  test('is what a factory returns', () => {
    const files = {
      'server.ts':
        "function stopper(code: number) {\n  return async () => { process.exitCode = code; };\n}\nprocess.on('SIGTERM', stopper(0));\nexport {};",
    };
    expect(listenersIn(files)).toEqual(['server.ts:4 SIGTERM -> server.ts:2']);
  });

  test('is registered in a loop over an array', () => {
    const files = {
      'server.ts':
        "for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);\nfunction stop() {}\nexport {};",
    };
    expect(listenersIn(files)).toEqual(['server.ts:1 SIGTERM,SIGINT -> server.ts:2']);
  });

  test('is registered in `forEach`', () => {
    const files = {
      'server.ts':
        "['SIGTERM', 'SIGHUP'].forEach((signal) => process.on(signal, stop));\nfunction stop() {}\nexport {};",
    };
    expect(listenersIn(files)).toEqual(['server.ts:1 SIGTERM,SIGHUP -> server.ts:2']);
  });

  test('is registered for the names of a constant array of another file', () => {
    const files = {
      'signals.ts': "export const SIGNALS: NodeJS.Signals[] = ['SIGTERM', 'SIGQUIT'];",
      'server.ts':
        "import { SIGNALS } from './signals.ts';\nfor (const signal of SIGNALS) process.on(signal, () => {});",
    };
    expect(listenersIn(files)).toEqual(['server.ts:2 SIGTERM,SIGQUIT -> server.ts:2']);
  });

  test('is registered under a constant and under a member of an enum', () => {
    const files = {
      'server.ts':
        "const TERM = 'SIGTERM';\nenum Signal { Stop = 'SIGINT' }\nprocess.on(TERM, () => {});\nprocess.on(Signal.Stop, () => {});\nexport {};",
    };
    expect(listenersIn(files)).toEqual(['server.ts:3 SIGTERM -> server.ts:3', 'server.ts:4 SIGINT -> server.ts:4']);
  });

  test('is registered by a function of the project, in another file', () => {
    const files = {
      'on-signal.ts':
        'export function onSignal(signal: NodeJS.Signals, stop: () => void) {\n  process.on(signal, stop);\n}',
      'server.ts':
        "import { onSignal } from './on-signal.ts';\nonSignal('SIGTERM', () => {});\nonSignal('SIGINT', () => {});",
    };
    expect(listenersIn(files)).toEqual(['server.ts:2 SIGTERM -> server.ts:2', 'server.ts:3 SIGINT -> server.ts:3']);
  });

  test('is registered by a function that loops over its own signals', () => {
    const files = {
      'on-shutdown.ts':
        "export const onShutdown = (stop: () => Promise<void>) => {\n  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);\n};",
      'server.ts': "import { onShutdown } from './on-shutdown.ts';\nonShutdown(async () => {});",
    };
    expect(listenersIn(files)).toEqual(['server.ts:2 SIGTERM,SIGINT once -> server.ts:2']);
  });

  test('is registered by a function that is given the signals', () => {
    const files = {
      'server.ts':
        "function onSignals(signals: string[], stop: () => void) {\n  for (const signal of signals) process.on(signal, stop);\n}\nonSignals(['SIGTERM', 'SIGHUP'], () => {});\nexport {};",
    };
    expect(listenersIn(files)).toEqual(['server.ts:4 SIGTERM,SIGHUP -> server.ts:4']);
  });

  test('is registered by a function that runs over the signals it is given with `forEach`', () => {
    const files = {
      'server.ts':
        "const onSignals = (signals: string[], stop: () => void) => signals.forEach((signal) => process.on(signal, stop));\nonSignals(['SIGTERM', 'SIGHUP'], () => {});\nexport {};",
    };
    expect(listenersIn(files)).toEqual(['server.ts:2 SIGTERM,SIGHUP -> server.ts:2']);
  });

  test('is registered by a function behind another one', () => {
    const files = {
      'server.ts':
        "function on(signal: string, stop: () => void) { process.on(signal, stop); }\nfunction onTerm(stop: () => void) { on('SIGTERM', stop); }\nonTerm(() => {});\nexport {};",
    };
    expect(listenersIn(files)).toEqual(['server.ts:3 SIGTERM -> server.ts:3']);
  });

  test('says what the parameters of the function between stand for', () => {
    const [listener] = indexOf({
      'server.ts':
        "function onTerm(stop: () => void) { process.on('SIGTERM', () => stop()); }\nonTerm(close);\nfunction close() {}\nexport {};",
    }).listeners;
    expect(listener?.handlers.map((fn) => shown(fn))).toEqual(['server.ts:1']);
    expect(listener === undefined ? undefined : shown(listener.node)).toBe('server.ts:1');
  });

  test('may be unknown in its event and in its function', () => {
    const files = {
      'server.ts': 'export function on(signal: string, stop: () => void) {\n  process.on(signal, stop);\n}',
    };
    expect(listenersIn(files)).toEqual(['server.ts:2 any -> ?']);
  });

  test('is one of the process, also of the imported one and of the end', () => {
    const files = {
      'server.ts':
        "import process from 'node:process';\nprocess.on('beforeExit', () => {});\nprocess.on('exit', () => {});\nprocess.on('uncaughtException', () => {});\nprocess.on('unhandledRejection', () => {});",
    };
    expect(listenersIn(files)).toEqual([
      'server.ts:2 beforeExit -> server.ts:2',
      'server.ts:3 exit -> server.ts:3',
      'server.ts:4 uncaughtException -> server.ts:4',
      'server.ts:5 unhandledRejection -> server.ts:5',
    ]);
  });

  test('is none of another emitter or for another event', () => {
    const files = {
      'server.ts':
        "import { EventEmitter } from 'node:events';\nnew EventEmitter().on('SIGTERM', () => {});\nprocess.on('warning', () => {});",
    };
    expect(listenersIn(files)).toEqual([]);
  });

  test('can be asked for by its event', () => {
    const core = coreOf({
      'server.ts': "process.on('SIGTERM', () => {});\nprocess.on('SIGINT', () => {});\nexport {};",
    });
    expect(listenersOf('SIGINT', core).map(({ node }) => shown(node))).toEqual(['server.ts:2']);
  });

  test('is not looked for in declarations and installed packages', () => {
    const files = {
      'node_modules/telemetry/package.json': '{ "name": "telemetry", "version": "1.0.0", "main": "index.js" }',
      'node_modules/telemetry/index.js': "process.on('SIGTERM', () => {});",
      'server.ts': "import 'telemetry';\nprocess.on('SIGINT', () => {});",
    };
    expect(listenersIn(files)).toEqual(['server.ts:2 SIGINT -> server.ts:2']);
  });
});

describe('a registrar', () => {
  test('is a hook of a framework that runs at its end', () => {
    const { listeners, registrars } = indexOf({
      'server.ts':
        "import fastify from 'fastify';\nconst app = fastify();\napp.addHook('onClose', async () => {});\napp.addHook('onRequest', async () => {});",
    });
    expect(listeners).toEqual([]);
    expect(registrars.map(({ node, events }) => `${shown(node)} ${events?.join()}`)).toEqual(['server.ts:3 onClose']);
  });
});

describe('an exit', () => {
  test('is a call of `process.exit`, by any of its names', () => {
    const { exits } = indexOf({
      'server.ts':
        "import { exit } from 'node:process';\nconst { exit: quit } = process;\nconst leave = process.exit;\nexport const ways = [() => exit(0),\n() => quit(0),\n() => leave(0),\n() => process.exit(1)];",
    });
    expect(exits.map(({ node }) => shown(node))).toEqual(['server.ts:4', 'server.ts:5', 'server.ts:6', 'server.ts:7']);
  });

  test('is a call of a function that always ends the process, and of one that calls that', () => {
    const { exits } = indexOf({
      'die.ts': 'export function die(why: string) {\n  console.error(why);\n  process.exit(1);\n}',
      'server.ts':
        "import { die } from './die.ts';\nexport function fatal(error: Error) {\n  die(error.message);\n}\nprocess.on('uncaughtException', (error) => fatal(error));",
    });
    expect(exits.map(({ node, by }) => `${shown(node)}${by === undefined ? '' : ' by'}`)).toEqual([
      'die.ts:3',
      'server.ts:3 by',
      'server.ts:5 by',
    ]);
  });

  test('is not a call of a function that ends the process on some paths only', () => {
    const { exits } = indexOf({
      'server.ts':
        'function leave(failed: boolean) {\n  if (failed) process.exit(1);\n}\nexport function stop(failed: boolean) {\n  leave(failed);\n}',
    });
    expect(exits.map(({ node }) => shown(node))).toEqual(['server.ts:2']);
  });
});

describe('what keeps a program alive', () => {
  test('is a server that listens', () => {
    const { servers } = indexOf({
      'server.ts': "import express from 'express';\nconst app = express();\napp.listen(3000);",
    });
    expect(servers.map(({ node }) => shown(node))).toEqual(['server.ts:3']);
  });

  test('is a pool or server in a module variable, a field, a parameter property or a variable of the start', () => {
    const { handles } = indexOf({
      'db.ts': "import { Pool } from 'pg';\nexport const pool = new Pool();\nexport const limit = Number('3');",
      'api.ts':
        "import type { Server } from 'node:http';\nimport type { Pool } from 'pg';\nexport class Api {\n  #server: Server | undefined;\n  constructor(private readonly pool: Pool) {}\n  stop() { this.#server?.close(); return this.pool.end(); }\n}",
      'main.ts':
        "import { createServer } from 'node:http';\nasync function main() {\n  const server = createServer();\n  const port = 3000;\n  server.listen(port);\n}\nvoid main();",
    });
    expect(handles.map(({ node, name, kept, match }) => `${shown(node)} ${name.text} ${kept} ${match.name}`)).toEqual([
      'db.ts:2 pool module Pool',
      'api.ts:4 #server field Server',
      'api.ts:5 pool field Pool',
      'main.ts:3 server start Server',
    ]);
  });

  test('is a repeating timer of the start that nobody lets go', () => {
    const { timers } = indexOf({
      'sweep.ts':
        'const sweep = setInterval(() => {}, 1000);\nsetInterval(() => {}, 1000).unref();\nconst flush = setInterval(() => {}, 1000);\nflush.unref();\nexport function poll() { return setInterval(() => {}, 10); }\nexport { sweep };',
    });
    expect(timers.map(({ node }) => shown(node))).toEqual(['sweep.ts:1']);
  });
});

describe('the cost', () => {
  test('of a file that mentions no candidate is no type', () => {
    const { program } = programOf({
      'orders.ts': 'export const total = (amounts: number[]) => amounts.reduce((sum, each) => sum + each, 0);',
    });
    const api = createApi(program.getTypeChecker(), program, catalogue);
    let asked = 0;
    const counting = { ...api, memberOf: (call: ts.CallExpression) => (asked++, api.memberOf(call)) };
    const core = openCore(program, counting);
    core.ask(programIndex, program);
    expect(asked).toBe(0);
  });

  test('is paid once', () => {
    const core = coreOf({ 'server.ts': "process.on('SIGTERM', () => {});\nexport {};" });
    core.ask(programIndex, core.program);
    core.ask(programIndex, core.program);
    expect(core.costs().get('program-index')?.computed).toBe(1);
    expect(core.costs().get('file-index')?.computed).toBe(1);
  });
});
