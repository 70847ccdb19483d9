import * as ts from 'typescript';
import { type Core, defineFact } from '../facts.ts';
import { enclosingFunctionOf, type FunctionNode } from '../syntax/functions.ts';
import { ownFiles } from '../text/files.ts';
import { callSitesOf } from './references.ts';
import { callsWith } from './role-calls.ts';

/** Functions that are looked at on the way from one start of a service up to module code. */
const MOST_CALLERS = 200;

/**
 * The files whose module code starts a service, each with the call that listens, consumes or works: directly, or through functions
 * that lead there.
 *
 * A function that is exported and never called starts nothing. Doubt: a call that only may mean the function counts.
 */
export const serviceStarts = defineFact<ts.Program, ReadonlyMap<ts.SourceFile, ts.Node>>({
  name: 'service-starts',
  scope: 'program',
  compute(program, core) {
    const started = new Map<ts.SourceFile, ts.Node>();
    for (const file of core.ask(ownFiles, program)) {
      for (const { call } of callsWith('serves', file, core)) {
        for (const starter of startersOf(call, core)) if (!started.has(starter)) started.set(starter, call);
      }
    }
    return started;
  },
});

function startersOf(call: ts.Node, core: Core): readonly ts.SourceFile[] {
  const seen = new Set<FunctionNode>([enclosingFunctionOf(call)]);
  for (const fn of seen) {
    if (seen.size > MOST_CALLERS) break;
    if (ts.isSourceFile(fn)) continue;
    if (ts.isClassStaticBlockDeclaration(fn)) {
      seen.add(enclosingFunctionOf(fn));
      continue;
    }
    const { found, passed } = callSitesOf(fn, core);
    for (const { node } of found) seen.add(enclosingFunctionOf(node));
    for (const node of passed) seen.add(enclosingFunctionOf(node));
  }
  return [...seen].filter((fn) => ts.isSourceFile(fn));
}
