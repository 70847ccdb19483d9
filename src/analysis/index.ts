export * from './answer.ts';
export * from './facts.ts';
export type { Api, MemberMatch, TypeMatch } from './api/api.ts';
export * from './flow/graph.ts';
export * from './syntax/expressions.ts';
export * from './syntax/functions.ts';
export { flowGraph } from './flow/flow-graph.ts';
export * from './flow/solve.ts';
export { isNamedBy, type ProgramGlobs } from './program/globs.ts';
