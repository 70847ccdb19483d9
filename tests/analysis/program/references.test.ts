import type ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { openCore } from '../../../src/analysis/facts.ts';
import { callSitesOf, referencesOf } from '../../../src/analysis/program/references.ts';
import { findFunction, findNode, isDeclarationName, NO_API, shown } from './asking.ts';
import { programOf } from '../../support/program.ts';

/** `file:line use` of every reference to the symbol named by the first `name` of the file. */
function referencesIn(files: Record<string, string>, at: string, name: string, options?: ts.CompilerOptions): string[] {
  const { program, sourceFile } = programOf(files, options);
  const core = openCore(program, NO_API);
  const node = findNode(sourceFile(at), (each) => isDeclarationName(each, name));
  const symbol = core.checker.getSymbolAtLocation(node);
  if (symbol === undefined) throw new Error(`'${name}' has no symbol.`);
  return referencesOf(symbol, core)
    .found.map((each) => `${shown(each.node)} ${each.isCertain ? '' : 'perhaps '}${each.use}`)
    .sort();
}

/** `file:line` of every call, and `open` if there may be more. */
function callsIn(files: Record<string, string>, at: string, name: string, options?: ts.CompilerOptions): string[] {
  const { program, sourceFile } = programOf(files, options);
  const core = openCore(program, NO_API);
  const { found, open, witness } = callSitesOf(findFunction(sourceFile(at), name), core);
  const calls = found.map((each) => `${shown(each.node)}${each.isCertain ? '' : ' perhaps'}`).sort();
  return open ? [...calls, `open at ${witness === undefined ? 'nothing' : shown(witness)}`] : calls;
}

describe('references to a function', () => {
  test('are found through a renamed import, which is not searched for elsewhere', () => {
    const found = referencesIn(
      {
        'drain.ts': 'export function drain(): void {}',
        'server.ts': "import { drain as stop } from './drain.ts';\nstop();\nsetTimeout(stop, 10);",
        'queue.ts': 'function stop(): void {}\nstop();',
      },
      'drain.ts',
      'drain',
    );
    expect(found).toEqual(['server.ts:1 import', 'server.ts:1 import', 'server.ts:2 call', 'server.ts:3 read']);
  });

  test('are found through a re-export under another name', () => {
    const found = referencesIn(
      {
        'drain.ts': 'export function drain(): void {}',
        'index.ts': "export { drain as shutdown } from './drain.ts';",
        'server.ts': "import { shutdown } from './index.ts';\nshutdown();",
      },
      'drain.ts',
      'drain',
    );
    expect(found).toEqual(['index.ts:1 export', 'index.ts:1 export', 'server.ts:1 import', 'server.ts:2 call']);
  });

  test('are found through `export *`', () => {
    const found = referencesIn(
      {
        'drain.ts': 'export function drain(): void {}',
        'index.ts': "export * from './drain.ts';",
        'server.ts': "import { drain } from './index.ts';\ndrain();",
      },
      'drain.ts',
      'drain',
    );
    expect(found).toEqual(['server.ts:1 import', 'server.ts:2 call']);
  });

  test('are found as members of a namespace import', () => {
    const found = referencesIn(
      {
        'drain.ts': 'export function drain(): void {}',
        'server.ts':
          "import * as lifecycle from './drain.ts';\nlifecycle.drain();\nconst { drain } = lifecycle;\ndrain();",
      },
      'drain.ts',
      'drain',
    );
    expect(found).toEqual(['server.ts:2 call', 'server.ts:3 read', 'server.ts:4 call']);
  });

  test('are found through `export * as`', () => {
    const found = referencesIn(
      {
        'drain.ts': 'export function drain(): void {}',
        'index.ts': "export * as lifecycle from './drain.ts';",
        'server.ts': "import { lifecycle } from './index.ts';\nlifecycle.drain();",
      },
      'drain.ts',
      'drain',
    );
    expect(found).toEqual(['server.ts:2 call']);
  });

  test('are found through a default export, whatever the importer calls it', () => {
    const found = referencesIn(
      {
        'main.ts': 'export default function start(): void {}',
        'server.ts': "import boot from './main.ts';\nboot();",
        'again.ts': "import { default as launch } from './main.ts';\nlaunch();",
        'other.ts': "import boot from './queue.ts';\nboot();",
        'queue.ts': 'export default function consume(): void {}',
      },
      'main.ts',
      'start',
    );
    expect(found).toEqual([
      'again.ts:1 import',
      'again.ts:1 import',
      'again.ts:2 call',
      'server.ts:1 import',
      'server.ts:2 call',
    ]);
  });

  test('are found when a name is exported as default below', () => {
    const found = referencesIn(
      {
        'main.ts': 'function start(): void {}\nexport default start;',
        'server.ts': "import boot from './main.ts';\nboot();",
      },
      'main.ts',
      'start',
    );
    expect(found).toEqual(['main.ts:2 export', 'server.ts:1 import', 'server.ts:2 call']);
  });

  test('are found through a dynamic import that is taken apart', () => {
    const found = referencesIn(
      {
        'drain.ts': 'export function drain(): void {}',
        'server.ts': "const { drain: stop } = await import('./drain.ts');\nstop();",
      },
      'drain.ts',
      'drain',
    );
    expect(found).toEqual(['server.ts:1 import', 'server.ts:2 call']);
  });

  test('are found as a shorthand property and where that property is called', () => {
    const found = referencesIn(
      { 'drain.ts': 'function drain(): void {}\nconst lifecycle = { drain };\nlifecycle.drain();' },
      'drain.ts',
      'drain',
    );
    expect(found).toEqual(['drain.ts:2 read', 'drain.ts:3 call']);
  });

  test('are found through `require` that is taken apart in JavaScript', () => {
    const found = referencesIn(
      {
        'package.json': '{ "name": "service" }',
        'drain.js': 'function drain() {}\nmodule.exports = { drain };',
        'server.js': "const { drain } = require('./drain.js');\ndrain();",
      },
      'drain.js',
      'drain',
    );
    expect(found).toEqual(['drain.js:2 export', 'server.js:1 import', 'server.js:2 call']);
  });

  test('are found through `exports.name` and `module.exports =` in JavaScript', () => {
    const found = referencesIn(
      {
        'package.json': '{ "name": "service" }',
        'drain.js': 'function drain() {}\nexports.drain = drain;',
        'server.js': "const lifecycle = require('./drain.js');\nlifecycle.drain();",
      },
      'drain.js',
      'drain',
    );
    expect(found).toEqual(['drain.js:2 export', 'drain.js:2 export', 'server.js:2 call']);
  });

  test('tell a type from a value, a test from a read and a write from both', () => {
    const found = referencesIn(
      {
        'drain.ts':
          'let drain: (() => void) | undefined;\ntype Drain = typeof drain;\nif (drain) drain();\ndrain = undefined;\nexport const kept: Drain = drain;',
      },
      'drain.ts',
      'drain',
    );
    expect(found).toEqual([
      'drain.ts:2 type',
      'drain.ts:3 call',
      'drain.ts:3 test',
      'drain.ts:4 write',
      'drain.ts:5 read',
    ]);
  });

  test('leave out other symbols of the same name', () => {
    const found = referencesIn(
      {
        'drain.ts': 'export function drain(): void {}\nfunction inner(drain: number) { return drain; }\ninner(1);',
        'queue.ts': 'const queue = { drain() {} };\nqueue.drain();',
      },
      'drain.ts',
      'drain',
    );
    expect(found).toEqual([]);
  });

  test('survive imports that run in a circle', () => {
    const found = referencesIn(
      {
        'orders.ts': "import { settle } from './invoices.ts';\nexport function place(): void { settle(); }",
        'invoices.ts': "import { place } from './orders.ts';\nexport function settle(): void { place(); }",
      },
      'orders.ts',
      'place',
    );
    expect(found).toEqual(['invoices.ts:1 import', 'invoices.ts:2 call']);
  });

  test('end with the doubt `budget` when a name occurs too often', () => {
    const { program, sourceFile } = programOf({
      'drain.ts': `export function drain(): void {}\n${'drain();\n'.repeat(4100)}`,
    });
    const core = openCore(program, NO_API);
    const symbol = core.checker.getSymbolAtLocation(
      findNode(sourceFile('drain.ts'), (each) => isDeclarationName(each, 'drain')),
    );
    expect(symbol === undefined ? undefined : referencesOf(symbol, core).doubt).toBe('budget');
  });
});

describe('references to a member', () => {
  test('are found through `this`, a variable, an element access and destructuring', () => {
    const found = referencesIn(
      {
        'orders.ts': `export class Orders {
  stop(): void {}
  close(): void { this.stop(); }
}
const orders = new Orders();
orders.stop();
orders['stop']();
const { stop } = orders;
stop();
orders?.stop.call(orders);`,
      },
      'orders.ts',
      'stop',
    );
    expect(found).toEqual([
      'orders.ts:10 call',
      'orders.ts:3 call',
      'orders.ts:6 call',
      'orders.ts:7 call',
      'orders.ts:8 read',
      'orders.ts:9 call',
    ]);
  });

  test('are uncertain through an interface that the class fits, and absent where it does not', () => {
    const found = referencesIn(
      {
        'orders.ts':
          "import type { Service } from './service.ts';\nexport class Orders implements Service { stop(): void {} }",
        'service.ts':
          'export interface Service { stop(): void }\nexport interface Timer { stop(): number; start(): void }',
        'run.ts':
          "import type { Service, Timer } from './service.ts';\nexport function run(service: Service, timer: Timer) {\n  service.stop();\n  timer.stop();\n}",
      },
      'orders.ts',
      'stop',
    );
    expect(found).toEqual(['run.ts:3 perhaps call']);
  });

  test('are uncertain through a type that says the same without a name, and through `any`', () => {
    const found = referencesIn(
      {
        'orders.ts': 'export class Orders { stop(): void {} }',
        'run.ts': 'export function run(service: { stop(): void }, other: any) {\n  service.stop();\n  other.stop();\n}',
      },
      'orders.ts',
      'stop',
    );
    expect(found).toEqual(['run.ts:2 perhaps call', 'run.ts:3 perhaps call']);
  });

  test('are uncertain through the abstract base class', () => {
    const found = referencesIn(
      {
        'job.ts': 'export abstract class Job {\n  abstract work(): void;\n  run() { this.work(); }\n}',
        'orders.ts':
          "import { Job } from './job.ts';\nexport class Orders extends Job {\n  override work(): void {}\n}",
        'run.ts': "import { Orders } from './orders.ts';\nnew Orders().work();",
      },
      'orders.ts',
      'work',
    );
    expect(found).toEqual(['job.ts:3 perhaps call', 'run.ts:2 call']);
  });

  test('of a private name are those of its own class', () => {
    const found = referencesIn(
      {
        'orders.ts':
          'export class Orders {\n  #flush(): void {}\n  close(): void { this.#flush(); }\n}\nexport class Invoices {\n  #flush(): void {}\n  close(): void { this.#flush(); }\n}',
      },
      'orders.ts',
      '#flush',
    );
    expect(found).toEqual(['orders.ts:3 call']);
  });

  test('are found through a generic instance', () => {
    const found = referencesIn(
      {
        'cache.ts': 'export class Cache<T> {\n  read(): T | undefined { return undefined; }\n}',
        'run.ts': "import { Cache } from './cache.ts';\nconst sessions = new Cache<string>();\nsessions.read();",
      },
      'cache.ts',
      'read',
    );
    expect(found).toEqual(['run.ts:3 call']);
  });
});

describe('call sites', () => {
  test('of a function are found through a constant and an object that only rename it', () => {
    const files = {
      'server.ts': 'function stop() {}\nconst halt = stop;\nhalt();\nconst lifecycle = { stop };\nlifecycle.stop();',
    };
    expect(callsIn(files, 'server.ts', 'stop')).toEqual(['server.ts:3', 'server.ts:5']);
  });

  test('of a function that is only called are closed', () => {
    expect(callsIn({ 'server.ts': 'function stop() {}\nstop();\nstop();' }, 'server.ts', 'stop')).toEqual([
      'server.ts:2',
      'server.ts:3',
    ]);
  });

  test('of a function that is passed on are open', () => {
    const files = { 'server.ts': "function stop() {}\nstop();\nprocess.on('SIGTERM', stop);" };
    expect(callsIn(files, 'server.ts', 'stop')).toEqual(['server.ts:2', 'open at server.ts:3']);
  });

  test('of an exported function that nobody imports are open', () => {
    expect(callsIn({ 'server.ts': 'export function stop() {}' }, 'server.ts', 'stop')).toEqual(['open at server.ts:1']);
  });

  test('of an exported function that another file imports are closed', () => {
    const files = {
      'drain.ts': 'export const drain = async () => {};',
      'server.ts': "import { drain } from './drain.ts';\nawait drain();",
    };
    expect(callsIn(files, 'drain.ts', 'drain')).toEqual(['server.ts:2']);
  });

  test('of a function that is called on the spot are that call', () => {
    expect(callsIn({ 'server.ts': 'await (async function main() {})();' }, 'server.ts', 'main')).toEqual([
      'server.ts:1',
    ]);
  });

  test('of a method are open when its class is handed to a framework', () => {
    const files = {
      'orders.ts': 'class Orders {\n  list(): void {}\n}\nexport const providers = [Orders];\nnew Orders().list();',
    };
    expect(callsIn(files, 'orders.ts', 'list')).toEqual(['orders.ts:5', 'open at orders.ts:4']);
  });

  test('of a private method stay closed all the same', () => {
    const files = {
      'orders.ts':
        'class Orders {\n  list(): void { this.query(); }\n  private query(): void {}\n}\nexport const providers = [Orders];',
    };
    expect(callsIn(files, 'orders.ts', 'query')).toEqual(['orders.ts:2']);
  });

  test('of a private method that is bound and passed on are open', () => {
    const files = {
      'orders.ts':
        "export class Orders {\n  constructor() { process.on('SIGTERM', this.#stop.bind(this)); }\n  #stop(): void {}\n}",
    };
    expect(callsIn(files, 'orders.ts', '#stop')).toEqual(['open at orders.ts:2']);
  });

  test('of a constructor are the places that make the class or one that extends it', () => {
    const files = {
      'orders.ts':
        'class Store { constructor() {} }\nclass Orders extends Store {}\nclass Invoices extends Store {\n  constructor() { super(); }\n}\nnew Store();\nnew Orders();\nnew Invoices();',
    };
    expect(callsIn(files, 'orders.ts', 'constructor')).toEqual(['orders.ts:4', 'orders.ts:6', 'orders.ts:7']);
  });

  test('of a getter are its reads', () => {
    const files = {
      'orders.ts':
        'class Orders { get size(): number { return 0; } }\nconst orders = new Orders();\nconsole.log(orders.size);',
    };
    expect(callsIn(files, 'orders.ts', 'size')).toEqual(['orders.ts:3']);
  });

  test('of a method of a constant object are closed while only members are used', () => {
    const files = { 'orders.ts': 'const orders = { list() {} };\norders.list();' };
    expect(callsIn(files, 'orders.ts', 'list')).toEqual(['orders.ts:2']);
  });

  test('of a method of an object that is passed on are open', () => {
    const files = { 'orders.ts': 'const orders = { list() {} };\norders.list();\nconsole.log(orders);' };
    expect(callsIn(files, 'orders.ts', 'list')).toEqual(['orders.ts:2', 'open at orders.ts:3']);
  });

  test('of an arrow kept in a field are its calls through the field', () => {
    const files = {
      'orders.ts':
        'class Orders {\n  private flush = () => {};\n  close(): void { this.flush(); }\n}\nnew Orders().close();',
    };
    expect(callsIn(files, 'orders.ts', 'flush')).toEqual(['orders.ts:3']);
  });
});
