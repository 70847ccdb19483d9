import path from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { requestParametersOf, requestScopeOf } from '../../../src/analysis/lifetime/request-scope.ts';
import { REPOSITORY } from '../../support/program.ts';
import { compareAnnotated, fixtureFiles, type Vocabulary } from '../annotated.ts';

const FOLDER = path.join(REPOSITORY, 'tests/analysis/fixtures/request-scope');

/** `probe(req); // => scope: request by type from express` and `(req, res) => { // => parameters: req | res`; a pattern without its commas. */
const words: Vocabulary = {
  ofFunctions: {
    parameters: (fn, core) => {
      const found = requestParametersOf(fn, core);
      return found.length === 0 ? undefined : found.map(({ name }) => name.getText().replaceAll(',', ''));
    },
  },
  ofStatements: {
    scope: (statement, core) => {
      const [value] =
        ts.isExpressionStatement(statement) && ts.isCallExpression(statement.expression)
          ? statement.expression.arguments
          : [];
      const scope = value === undefined ? undefined : requestScopeOf(value, core);
      return scope === undefined ? undefined : `${scope.is} by ${scope.by} from ${scope.from}`;
    },
  },
};

test.each([
  ['Express', ['express.ts', 'orders.ts']],
  ['node:http and node:http2', ['node.ts']],
  ['requests of the fetch API', ['web.ts']],
  ['Nest', ['nest.ts']],
  ['Fastify, Koa and h3', ['fastify.ts', 'koa.ts', 'h3.ts']],
  ['hapi, restify and Elysia', ['servers.ts']],
  ['functions of platforms, remote calls and jobs', ['platforms.ts']],
  ['GraphQL and sockets', ['graphql.ts']],
  ['checked JavaScript', ['checked.js']],
])('%s', (_title, names) => {
  const { expected, found, functions } = compareAnnotated(fixtureFiles(FOLDER, ...names), words);
  expect(functions).toBeGreaterThan(0);
  expect(found).toEqual(expected);
});
