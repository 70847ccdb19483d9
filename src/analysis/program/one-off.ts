import type ts from 'typescript';
import type { Core } from '../facts.ts';
import { type ProgramKind, programKinds } from './kind.ts';

const ONE_OFF: ReadonlySet<ProgramKind> = new Set(['cli', 'config', 'example', 'migration', 'script', 'test']);

/**
 * Is the file part only of programs that run once for one user and end: tests, scripts, commands, migrations, examples, config
 * files? Nothing of a second request is there to be harmed. Files of which nothing is known are not.
 */
export function isOneOff(file: ts.SourceFile, core: Core): boolean {
  return [...programKinds(file, core)].every((kind) => ONE_OFF.has(kind));
}
