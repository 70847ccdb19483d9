import type ts from 'typescript';
import type { Core } from '../facts.ts';

/** What kind of program a file belongs to. */
export type ProgramKind = "service" | "test";

export function programKinds(_file: ts.SourceFile, _core: Core): ReadonlySet<ProgramKind> {
  return new Set();
}
