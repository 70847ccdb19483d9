import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import type { Api } from '../../../src/analysis/api/api.ts';
import { createApi } from '../../../src/analysis/api/create.ts';
import { catalogue } from '../../../src/catalogue/index.ts';
import { programOf } from '../../support/program.ts';

interface Opened {
  readonly api: Api;
  readonly checker: ts.TypeChecker;
  /** The expression written like this, with the given kind. */
  find<Node extends ts.Node>(text: string, isWanted: (node: ts.Node) => node is Node): Node;
}

function open(code: string): Opened {
  const { program, checker, sourceFile } = programOf({ 'orders.ts': code });
  return {
    api: createApi(checker, program, catalogue),
    checker,
    find(text, isWanted) {
      let found: ts.Node | undefined;
      (function visit(node: ts.Node): void {
        if (isWanted(node) && node.getText() === text) found ??= node;
        ts.forEachChild(node, visit);
      })(sourceFile('orders.ts'));
      if (found === undefined || !isWanted(found)) throw new Error(`Not in the source: ${text}`);
      return found;
    },
  };
}

describe('argumentOf', () => {
  const { api, find } = open(`
    declare const rest: [() => void];
    declare const orders: NodeJS.EventEmitter;
    function paid() {}
    orders.on('paid', paid);
    orders.on.call(orders, 'late', paid);
    orders.on.apply(orders, ['gone', paid]);
    orders.on('spread', ...rest);
    orders.on(...(rest as unknown as [string, () => void]), paid);
  `);
  const argument = (call: string, at: number | undefined) =>
    api.argumentOf(find(call, ts.isCallExpression), at)?.getText();

  it('counts from the start, from the end, and is the first when nothing is said', () => {
    expect(argument("orders.on('paid', paid)", 1)).toBe('paid');
    expect(argument("orders.on('paid', paid)", -1)).toBe('paid');
    expect(argument("orders.on('paid', paid)", undefined)).toBe("'paid'");
    expect(argument("orders.on('paid', paid)", 2)).toBeUndefined();
    expect(argument("orders.on('paid', paid)", -3)).toBeUndefined();
  });

  it('passes over the receiver of `call` and does not look into the list of `apply`', () => {
    expect(argument("orders.on.call(orders, 'late', paid)", 1)).toBe('paid');
    expect(argument("orders.on.call(orders, 'late', paid)", 0)).toBe("'late'");
    expect(argument("orders.on.apply(orders, ['gone', paid])", 1)).toBeUndefined();
  });

  it('is unknown from a spread on, and from the end if there is one', () => {
    expect(argument("orders.on('spread', ...rest)", 0)).toBe("'spread'");
    expect(argument("orders.on('spread', ...rest)", 1)).toBeUndefined();
    expect(argument("orders.on('spread', ...rest)", -1)).toBeUndefined();
    expect(argument('orders.on(...(rest as unknown as [string, () => void]), paid)', 1)).toBeUndefined();
  });
});

describe('memberAt', () => {
  const { api, find } = open(`
    import { Pool } from 'pg';
    const pool = new Pool();
    const hooks = { stop: pool.end, leave: process.exit };
    [1].forEach(console.log);
    export const borrow = pool.connect.bind(pool);
    export { hooks };
  `);

  it('names a method that is passed on and not called', () => {
    expect(api.memberAt(find('pool.end', ts.isPropertyAccessExpression))?.name).toBe('Pool.end');
    expect(api.memberAt(find('process.exit', ts.isPropertyAccessExpression))?.name).toBe('Process.exit');
    expect(api.memberAt(find('console.log', ts.isPropertyAccessExpression))?.name).toBe('Console.log');
    expect(api.memberAt(find('pool.connect.bind(pool)', ts.isCallExpression))?.name).toBe('Pool.connect');
  });
});

describe('plays and isA', () => {
  const { api, checker, find } = open(`
    import { Pool } from 'pg';
    const pool = new Pool();
    export const client = await pool.connect();
  `);

  it('answer with the row when one of its roles is asked for', () => {
    const connect = find('pool.connect()', ts.isCallExpression);
    expect(api.plays(connect, 'acquires')?.resource).toBe('result');
    expect(api.plays(connect, 'waits')?.bound).toEqual({ by: 'client-option', option: 'connectionTimeoutMillis' });
    expect(api.plays(connect, 'releases')).toBeUndefined();
    const pool = checker.getTypeAtLocation(find('pool', ts.isIdentifier));
    expect(api.isA(pool, 'pool')?.from).toBe('pg');
    expect(api.isA(pool, 'lease')).toBeUndefined();
    expect(api.isA(checker.getTypeAtLocation(find('client', ts.isIdentifier)), 'lease')?.name).toBe('PoolClient');
  });
});

describe('versions', () => {
  it('choose between the rows of two majors', () => {
    const { api, find } = open(`
      import express from 'express';
      const app = express();
      app.get('/orders', async () => {});
    `);
    const get = api.memberOf(find("app.get('/orders', async () => {})", ts.isCallExpression));
    expect(get?.role).toBe('handler');
    expect(get?.catches).toBe(true);
  });
});

describe('decorators', () => {
  it('are functions like others', () => {
    const { api, find } = open(`
      import { Controller, Get, Injectable as Service, Req, Res } from '@nestjs/common';
      @Service() export class Orders { list() { return []; } }
      @Controller('orders') export class OrdersController { @Get() list(@Req() request: unknown, @Res() response: unknown) { return [request, response]; } }
    `);
    expect(api.memberOf(find('Service()', ts.isCallExpression))?.role).toBe('singleton-decorator');
    expect(api.memberOf(find("Controller('orders')", ts.isCallExpression))?.role).toBe('singleton-decorator');
    expect(api.memberOf(find('Get()', ts.isCallExpression))?.role).toBe('handler-decorator');
    expect(api.memberOf(find('Req()', ts.isCallExpression))?.role).toBe('request-decorator');
    expect(api.memberOf(find('Res()', ts.isCallExpression))?.role).toBe('response-decorator');
  });
});
