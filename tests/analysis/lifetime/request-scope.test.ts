import { readdirSync } from 'node:fs';
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
  ['requests of the fetch API', ['web.ts']],
  ['Nest', ['nest.ts']],
  ['Fastify, Koa and h3', ['fastify.ts', 'koa.ts', 'h3.ts']],
  ['hapi, restify and Elysia', ['servers.ts']],
  ['functions of platforms, remote calls and jobs', ['platforms.ts']],
  ['GraphQL and sockets', ['graphql.ts']],
  ['types written as those of a client or a context', ['written.ts']],
  ['a worker with generated types', ['worker.ts', 'worker-configuration.d.ts']],
  ['checked JavaScript', ['checked.js']],
  ['CommonJS without types of its own', ['routes.cjs', 'handlers.cjs']],
])('%s', (_title, names) => {
  const { expected, found, functions } = compareAnnotated(fixtureFiles(FOLDER, ...names), words);
  expect(functions).toBeGreaterThan(0);
  expect(found).toEqual(expected);
});

/** Declarations in the manner of packages that are too large to install for this; the paths below `packages` are theirs. */
function packageFiles(): Readonly<Record<string, string>> {
  const folder = path.join(FOLDER, 'packages');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(json|ts)$/.test(name));
  return Object.fromEntries(
    Object.entries(fixtureFiles(folder, ...names)).map(([name, text]) => [`node_modules/${name}`, text]),
  );
}

test.each([
  ['node:http and node:http2', ['node.ts']],
  ['files that Next and React Router call', ['app/orders/route.ts', 'pages/api/orders.ts', 'app/routes/orders.ts']],
  ['SvelteKit, Astro, GraphQL servers', ['kits.ts']],
  ['Adonis, Bull, Moleculer, uWebSockets, decorators of Nest', ['others.ts']],
])('%s', (_title, names) => {
  const { expected, found, functions } = compareAnnotated(
    { ...fixtureFiles(FOLDER, ...names), ...packageFiles() },
    words,
  );
  expect(functions).toBeGreaterThan(0);
  expect(found).toEqual(expected);
});
