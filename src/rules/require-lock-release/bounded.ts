import type ts from 'typescript';
import type { MemberMatch } from '../../analysis/index.ts';
import { withOption } from '../../report/options.ts';
import type { LockRepair } from './repair.ts';

/** What is waited for under a lock gets a limit of its own. */
export function bounded(at: ts.CallExpression | ts.NewExpression, { bound }: MemberMatch): readonly LockRepair[] {
  const option = bound?.option;
  if (bound?.argument === undefined || option === undefined) return [];
  const value = bound.by === 'signal-option' ? 'AbortSignal.timeout(30_000)' : '30_000';
  const edits = withOption(at, bound.argument, option, value);
  return edits === undefined ? [] : [{ title: 'bounded', automatic: false, edits }];
}
