import * as ts from 'typescript';

/** A mistake in the user's setup: one sentence that says what is wrong and what to do. Never a fault of ours. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}

/**
 * Why the installed `typescript` cannot answer our questions, or `undefined` if it can.
 *
 * TypeScript 7 is the native compiler; its main entry exports a version and nothing else. `@typescript-eslint/parser` dies on it
 * with an obscure error before any rule runs, so whoever is about to load the parser asks this first.
 */
export function whyNoCompiler(compiler: Partial<typeof ts> = ts): string | undefined {
  if (typeof compiler.createProgram === 'function') return undefined;
  const version = compiler.version ?? 'that is installed';
  return (
    `eslint-plugin-concurrency needs the compiler API of TypeScript, which \`typescript\` ${version} does not have; ` +
    'run `npm i -D typescript@6`, or keep TypeScript 7 for builds and alias the other one for tools: ' +
    '`npm i -D typescript@npm:@typescript/typescript6`.'
  );
}
