import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { type LoggerInScope, loggerInScope } from '../../../src/analysis/lifetime/logger-in-scope.ts';
import { openProgram } from '../annotated.ts';

/** The logger at each `ship(…)` of a file, as it would be called. */
function loggersIn(code: string, files: Readonly<Record<string, string>> = {}): readonly string[] {
  const { core, program } = openProgram({ ...files, 'orders.ts': code });
  const isOfRequest = (type: ts.Type): boolean => core.api.isA(type, 'request-scope') !== undefined;
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === 'ship')
      found.push(callText(loggerInScope(node, core, isOfRequest)));
    ts.forEachChild(node, visit);
  };
  visit(program.sourceFile('orders.ts'));
  return found;
}

function callText(logger: LoggerInScope | undefined): string {
  if (logger === undefined) return 'none';
  const { style, text } = logger;
  switch (style.is) {
    case 'error':
      return `${text}.error(error)`;
    case 'object':
      return `${text}.error({ ${style.key} }${style.hasText ? ', text' : ''})`;
    case 'text-first':
      return `${text}.error(text, error)`;
    case 'text':
      return `${text}.error(text)`;
  }
}

const SHIP = 'declare function ship(order: string): Promise<void>;';

describe('the logger in scope', () => {
  test('is an import of the file, whatever logs', () => {
    const files = {
      'pino.ts': `import { pino } from 'pino'; export const logger = pino();`,
      'own.ts': 'export const log = { error(error: unknown): void { console.error(error); } };',
    };
    expect(loggersIn(`import { logger } from './pino.ts'; ${SHIP} ship(logger.level);`, files)).toEqual([
      'logger.error(error)',
    ]);
    expect(loggersIn(`import { log as orderLog } from './own.ts'; ${SHIP} ship(String(orderLog));`, files)).toEqual([
      'orderLog.error(error)',
    ]);
  });

  test('is no type, no function and nothing that is not there yet', () => {
    expect(loggersIn(`import type { Logger as logger } from 'pino'; ${SHIP} ship(String({} as logger));`)).toEqual([
      'none',
    ]);
    expect(loggersIn(`${SHIP} declare const log: (text: string) => void; log('a'); ship('a');`)).toEqual(['none']);
    expect(
      loggersIn(
        `import { pino } from 'pino'; ${SHIP} export function pay(): void { ship('a'); const log = pino(); log.info('a'); }`,
      ),
    ).toEqual(['none']);
  });

  test('is the innermost of several', () => {
    expect(
      loggersIn(`
        import { pino, type Logger } from 'pino';
        ${SHIP}
        const logger = pino();
        export function pay(orderLog: Logger): void {
          ship('inner');
        }
        export function refund(): void {
          ship('outer');
        }
        logger.info('ready');`),
    ).toEqual(['orderLog.error(error)', 'logger.error(error)']);
  });

  test('is a field of the instance in methods and arrow functions, elsewhere what its class offers', () => {
    expect(
      loggersIn(`
        import { Logger } from '@nestjs/common';
        ${SHIP}
        export class Orders {
          readonly #log = new Logger('orders');
          pay(): void {
            setTimeout(() => ship('arrow'), 10);
            setTimeout(function () { ship('function'); }, 10);
            this.#log.log('paid');
          }
          static refund(): void {
            ship('static');
          }
        }
        export class Parcels {
          constructor(private readonly parcelLogger: Logger) {}
          send = () => ship(String(this.parcelLogger));
        }`),
    ).toEqual([
      'this.#log.error(error)',
      'Logger.error(error)',
      'Logger.error(error)',
      'this.parcelLogger.error(error)',
    ]);
  });

  test('is that of the server, never that of a request', () => {
    expect(
      loggersIn(`
        import type { FastifyInstance, FastifyRequest } from 'fastify';
        ${SHIP}
        export function routes(server: FastifyInstance): void {
          server.get('/orders', async (request) => {
            await ship(request.url);
          });
        }
        export async function pay(request: FastifyRequest): Promise<void> {
          await ship(request.url);
        }`),
    ).toEqual(['server.log.error(error)', 'none']);
  });

  test('is called as the file calls it elsewhere', () => {
    const uses = (use: string): readonly string[] =>
      loggersIn(`
        ${SHIP}
        declare const log: { error(...given: unknown[]): void };
        export async function pay(order: string): Promise<void> {
          try {
            await ship(order);
          } catch (caught) {
            ${use}
          }
        }`);
    expect(uses('log.error(caught);')).toEqual(['log.error(error)']);
    expect(uses("log.error('not paid', caught);")).toEqual(['log.error(text, error)']);
    expect(uses("log.error({ err: caught }, 'not paid');")).toEqual(['log.error({ err }, text)']);
    expect(uses('log.error({ error: caught });')).toEqual(['log.error({ error })']);
    expect(uses("log.error('not paid', order, caught);")).toEqual(['log.error(error)']);
  });

  test('is called as its type allows', () => {
    const typed = (signature: string): readonly string[] =>
      loggersIn(`${SHIP} export function pay(log: { error${signature}: void }): void { ship(String(log)); }`);
    expect(typed('(error: unknown)')).toEqual(['log.error(error)']);
    expect(typed('<Given>(given: Given)')).toEqual(['log.error(error)']);
    expect(typed('(...given: any[])')).toEqual(['log.error(error)']);
    expect(typed('(text: string, error: unknown)')).toEqual(['log.error(text, error)']);
    expect(typed('(text: string, ...given: unknown[])')).toEqual(['log.error(text, error)']);
    expect(typed('(text: string, code?: number)')).toEqual(['log.error(text)']);
    expect(typed('(code: number)')).toEqual(['none']);
    expect(typed('(error: unknown, text: string, code: number)')).toEqual(['none']);
  });
});
