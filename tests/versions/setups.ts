/** What one small project has installed, and how it is configured. */
export interface Setup {
  readonly name: string;
  /** What only this one shows. */
  readonly why: string;
  readonly eslint: string;
  readonly typescript: string;
  /**
   * `ours`: the plugin's own dependency, the newest one or a version that is pinned. `own`: the parser in use is that of the user's own
   * `typescript-eslint`, beside ours.
   */
  readonly parser: { readonly of: 'ours' | 'own'; readonly version?: string };
  /** Without it: the Node.js that runs this. */
  readonly node?: string;
  readonly config: 'commonjs' | 'esm';
  readonly types: 'project' | 'projectService';
  readonly sources: 'javascript' | 'typescript';
  /** Where the plugin is: in the project, or hoisted to the root of npm workspaces, and where ESLint is run then. */
  readonly layout: 'from-member' | 'from-root' | 'plain';
  /** More packages to install. */
  readonly packages?: Readonly<Record<string, string>>;
  /** The experimental backend of typescript-eslint over TypeScript 7. What differs there is shown and fails nothing. */
  readonly isNative?: boolean;
}

/** The development version of TypeScript 7.1 that the experimental backend is tried with. */
export const NATIVE_TYPESCRIPT = 'npm:typescript@7.1.0-dev.20261021.1';

const NEWEST = {
  eslint: '^10.0.0',
  typescript: '~6.0.0',
  parser: { of: 'ours' },
  config: 'esm',
  types: 'projectService',
  sources: 'typescript',
  layout: 'plain',
} as const satisfies Partial<Setup>;

/** The first of each kind of sources is what the others are compared with. Every pair of majors is among them. */
export const SETUPS: readonly Setup[] = [
  { ...NEWEST, name: 'newest', why: 'what a fresh install brings', node: '^24.0.0' },
  {
    name: 'oldest',
    why: 'the lower bound of everything',
    eslint: '9.0.0',
    typescript: '5.7.2',
    parser: { of: 'ours', version: '8.58.0' },
    node: '20.19.0',
    config: 'commonjs',
    types: 'project',
    sources: 'typescript',
    layout: 'plain',
  },
  {
    ...NEWEST,
    name: 'own-parser-8.0',
    why: "the parser of the user's own, first typescript-eslint 8",
    eslint: '^9.0.0',
    typescript: '~5.9.0',
    parser: { of: 'own', version: '8.0.0' },
    node: '22.13.0',
    types: 'project',
  },
  {
    ...NEWEST,
    name: 'own-parser-newest',
    why: 'typescript-eslint and this plugin share one parser',
    eslint: '10.0.0',
    typescript: '~5.9.0',
    parser: { of: 'own', version: '^8.58.0' },
    node: '24.0.0',
    config: 'commonjs',
  },
  {
    ...NEWEST,
    name: 'old-compiler',
    why: 'newest ESLint, oldest TypeScript',
    typescript: '5.7.2',
    parser: { of: 'own', version: '8.58.0' },
    node: '22.13.0',
    config: 'commonjs',
  },
  {
    ...NEWEST,
    name: 'old-eslint',
    why: 'oldest ESLint, newest TypeScript',
    eslint: '9.0.0',
    node: '20.19.0',
    types: 'project',
  },
  {
    ...NEWEST,
    name: 'alias',
    why: 'TypeScript 7 for builds, version 6 for tools under the name `typescript`',
    eslint: '^9.0.0',
    typescript: 'npm:@typescript/typescript6@^6.0.0',
    packages: { typescript7: 'npm:typescript@^7.0.0' },
    node: '^22.13.0',
  },
  { ...NEWEST, name: 'node-26', why: 'newest Node.js', node: '^26.0.0' },
  {
    ...NEWEST,
    name: 'workspaces-root',
    why: 'npm workspaces, ESLint run at the root',
    typescript: '~5.9.0',
    node: '^20.19.0',
    layout: 'from-root',
  },
  {
    ...NEWEST,
    name: 'workspaces-member',
    why: 'npm workspaces, ESLint run in a member',
    eslint: '^9.0.0',
    typescript: '~5.7.2',
    node: '^24.0.0',
    config: 'commonjs',
    types: 'project',
    layout: 'from-member',
  },
  { ...NEWEST, name: 'javascript', why: '`checkJs` and JSDoc types', node: '^22.13.0', sources: 'javascript' },
  {
    ...NEWEST,
    name: 'javascript-oldest',
    why: '`checkJs` on the lower bound',
    eslint: '9.0.0',
    typescript: '5.7.2',
    parser: { of: 'ours', version: '8.58.0' },
    node: '20.19.0',
    config: 'commonjs',
    types: 'project',
    sources: 'javascript',
  },
  {
    ...NEWEST,
    name: 'native',
    why: 'TypeScript 7.1, experimental backend',
    packages: { '@typescript/native': NATIVE_TYPESCRIPT },
    node: '^24.0.0',
    isNative: true,
  },
  {
    ...NEWEST,
    name: 'native-javascript',
    why: 'the same with `checkJs`',
    packages: { '@typescript/native': NATIVE_TYPESCRIPT },
    node: '^24.0.0',
    sources: 'javascript',
    isNative: true,
  },
];

/** A setup by its name. */
export function setupNamed(name: string): Setup {
  const setup = SETUPS.find((candidate) => candidate.name === name);
  if (setup === undefined)
    throw new Error(`There is no setup '${name}'; there are ${SETUPS.map((each) => each.name).join(', ')}.`);
  return setup;
}
