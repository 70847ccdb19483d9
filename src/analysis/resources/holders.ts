import * as ts from 'typescript';
import { type Core, defineFact } from '../facts.ts';
import { programKinds } from '../program/kind.ts';
import { bare } from '../syntax/expressions.ts';
import type { FunctionNode } from '../syntax/functions.ts';
import { fileNodes } from '../text/nodes.ts';
import { holdersOf, mayAcquire } from './acquisitions.ts';
import { type Lease, leasesIn } from './lease.ts';

/** The functions of a file that may hold something. */
export interface Holders {
  /** Those that may hold what a call hands out. */
  readonly leases: readonly FunctionNode[];
  /** The same, and callbacks that may run under a lock. */
  readonly locks: readonly FunctionNode[];
}

/**
 * The functions of a file that may hold a lease or a lock, going by the names that are called: only they are worth a graph.
 *
 * A file of tests alone has none; what it keeps ends with the test.
 */
export const holdersIn = defineFact<ts.SourceFile, Holders>({
  name: 'holders',
  scope: 'program',
  compute(file, core) {
    const leases = new Set<FunctionNode>();
    const callbacks = new Set<FunctionNode>();
    const mayExclude = exclusionIn(file, core);
    for (const call of core.ask(fileNodes, file).calls) {
      if (mayAcquire(call, core)) for (const fn of holdersOf(call)) leases.add(fn);
      const given: readonly ts.Expression[] = call.arguments ?? [];
      const closures = given.filter((each) => ts.isArrowFunction(each) || ts.isFunctionExpression(each));
      if (closures.length > 0 && mayExclude(call)) for (const closure of closures) callbacks.add(closure);
    }
    const isEmpty = leases.size === 0 && callbacks.size === 0;
    if (isEmpty || [...programKinds(file, core)].every((kind) => kind === 'test')) return { leases: [], locks: [] };
    return { leases: [...leases], locks: [...new Set([...leases, ...callbacks])] };
  },
});

/** Everything that the functions of a file acquire. */
export function leasesOf(file: ts.SourceFile, core: Core): readonly Lease[] {
  return core.ask(holdersIn, file).leases.flatMap((fn) => core.ask(leasesIn, fn));
}

/** Names of functions of a project that run a callback alone. */
const RUNS_ALONE =
  /alone|atomic|chain|critical|enqueue|exclusiv|guard|limit|lock|mutex|queue|run|serial|synchron|turn/i;

/** May a call run its callback under a lock, going by the name that is called alone? */
function exclusionIn(
  file: ts.SourceFile,
  { api, checker }: Core,
): (call: ts.CallExpression | ts.NewExpression) => boolean {
  const exclusive = api.namesWith('exclusive');
  const limited = api.namesWith('runs-concurrently');
  const makesLimiters = [...api.namesWith('creates-limiter').keys()].some((name) => file.text.includes(name));
  return (call) => {
    if (!ts.isCallExpression(call)) return false;
    const callee = bare(call.expression);
    const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : ts.isIdentifier(callee) ? callee.text : '';
    if (exclusive.has(name) || limited.has(name) || RUNS_ALONE.test(name)) return true;
    // `const pay = pLimit(1)`: a limiter is called by whatever name it was given.
    const mayBeLimiter = makesLimiters && ts.isIdentifier(callee);
    return mayBeLimiter && api.isA(checker.getTypeAtLocation(callee), 'limiter') !== undefined;
  };
}
