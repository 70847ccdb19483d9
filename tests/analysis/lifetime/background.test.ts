import path from 'node:path';
import type ts from 'typescript';
import { describe, expect, test } from 'vitest';
import type { Core } from '../../../src/analysis/facts.ts';
import { type BackgroundTask, backgroundTasks } from '../../../src/analysis/lifetime/background.ts';
import {
  capturesRejections,
  registersShutdown,
  rejectionListener,
  taskFailure,
} from '../../../src/analysis/lifetime/task-failure.ts';
import { isInside } from '../../../src/analysis/syntax/inside.ts';
import { REPOSITORY } from '../../support/program.ts';
import { compareAnnotated, fixtureFiles, openProgram, type Vocabulary } from '../annotated.ts';

const FOLDER = path.join(REPOSITORY, 'tests/analysis/fixtures/background');

function tasksIn(statement: ts.Statement, core: Core): readonly BackgroundTask[] {
  return core.ask(backgroundTasks, statement.getSourceFile()).filter(({ work }) => isInside(work, statement));
}

function failureText(task: BackgroundTask, core: Core): string {
  const failure = taskFailure(task, core);
  if (failure.is === 'no') return 'never';
  if (failure.is === 'unknown') return 'perhaps';
  return failure.witness.isSoft === true ? 'softly' : 'surely';
}

function listed(texts: readonly string[]): readonly string[] | undefined {
  return texts.length === 0 ? undefined : texts;
}

const words: Vocabulary = {
  ofFunctions: {},
  ofStatements: {
    launches: (statement, core) => listed(tasksIn(statement, core).map(({ by }) => by)),
    fails: (statement, core) => listed(tasksIn(statement, core).map((task) => failureText(task, core))),
  },
};

describe('work that nobody waits for', () => {
  test.each([
    ['is found in every form', 'launches.ts'],
    ['is found where a helper of the project drops it', 'helpers.ts'],
    ['fails as what it runs does, handlers in its own chain counted', 'failures.ts'],
  ])('%s', (_title, name) => {
    const { expected, found } = compareAnnotated(fixtureFiles(FOLDER, name), words, { allowUnreachableCode: true });
    expect(found).toEqual(expected);
    expect(found.length).toBeGreaterThan(10);
  });

  test('comes in the order of the text, with what launches it', () => {
    const { core, program } = openProgram({
      'orders.ts': `
        declare function ship(order: string): Promise<void>;
        export function pay(order: string): void {
          setTimeout(async () => {
            void ship(order);
          }, 10);
          ship(order);
        }`,
    });
    const found = core.ask(backgroundTasks, program.sourceFile('orders.ts'));
    expect(found.map(({ by, isCallback }) => [by, isCallback])).toEqual([
      ['timer', true],
      ['void', false],
      ['statement', false],
    ]);
    expect(found.map(({ launch }) => launch.getText().replace(/\s+/g, ' '))).toEqual([
      'setTimeout(async () => { void ship(order); }, 10)',
      'void ship(order);',
      'ship(order);',
    ]);
  });
});

describe('a rejection that somebody takes care of', () => {
  test('goes to the emitters that capture rejections', () => {
    const { core, program } = openProgram({
      'orders.ts': `
        import { EventEmitter } from 'node:events';
        class Bus extends EventEmitter {
          constructor() {
            super({ captureRejections: true });
          }
        }
        const own = new Bus();
        const made = new EventEmitter({ captureRejections: true });
        const plain = new EventEmitter();
        own.on('paid', async () => { throw new Error('own'); });
        made.on('paid', async () => { throw new Error('made'); });
        plain.on('paid', async () => { throw new Error('plain'); });`,
    });
    const tasks = core.ask(backgroundTasks, program.sourceFile('orders.ts'));
    expect(tasks.map(({ call }) => call !== undefined && capturesRejections(call, core))).toEqual([true, true, false]);
  });

  test('is heard of by a listener of the process', () => {
    const listening = openProgram({
      'main.ts': `process.on('unhandledRejection', (reason) => console.error(reason));`,
      'orders.ts': 'export {};',
    });
    expect(listening.core.ask(rejectionListener, listening.program.program)?.getText()).toContain('unhandledRejection');
    const deaf = openProgram({ 'main.ts': `console.log('unhandledRejection');` });
    expect(deaf.core.ask(rejectionListener, deaf.program.program)).toBeUndefined();
  });

  test('ends a process that is ending anyway', () => {
    const { core, program } = openProgram({
      'main.ts': `
        declare function close(): Promise<void>;
        process.on('SIGTERM', async () => close());
        process.once('SIGINT', async () => close());
        process.on('warning', async () => close());
        process.on('message', async () => close());
        process.on('message', async () => {
          await close();
          process.exit(0);
        });`,
    });
    const tasks = core.ask(backgroundTasks, program.sourceFile('main.ts'));
    expect(tasks.map(({ call, functions }) => call !== undefined && registersShutdown(call, functions, core))).toEqual([
      true,
      true,
      false,
      false,
      true,
    ]);
  });
});
