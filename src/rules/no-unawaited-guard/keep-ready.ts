import ts from 'typescript';
import { type Core, enclosingFunctionOf, type UnawaitedGuard, wrapped } from '../../analysis/index.ts';
import { ended, indentOf, lineBreakOf } from '../../report/edits.ts';
import { isTypeScript } from '../../report/on-error.ts';
import type { GuardRepair } from './repairs.ts';

/**
 * `constructor() { this.load(); }` → `readonly ready: Promise<void>;` and `this.ready = this.load();`
 *
 * A constructor cannot wait; those who use the object can, once they have the promise.
 */
export function keepReady({ call, promise }: UnawaitedGuard, core: Core): GuardRepair | undefined {
  const fn = enclosingFunctionOf(call);
  const outer = wrapped(promise);
  if (!ts.isConstructorDeclaration(fn) || !ts.isExpressionStatement(outer.parent)) return undefined;
  if (outer.parent.parent !== fn.body) return undefined;
  const file = call.getSourceFile();
  const owner = fn.parent;
  const taken = new Set(owner.members.flatMap(({ name }) => (name === undefined ? [] : [name.getText()])));
  const field = ['ready', 'started', 'whenReady'].find((name) => !taken.has(name) && !inherits(owner, name, core));
  if (field === undefined) return undefined;
  const start = outer.getStart();
  const assign = { range: [start, start] as const, text: `this.${field} = ` };
  if (!isTypeScript(file)) return { title: 'ready', automatic: false, data: { field }, edits: [assign] };
  const type = core.checker.typeToString(core.checker.getTypeAtLocation(promise));
  const [first] = owner.members;
  if (first === undefined || !/^Promise<[\w<>[\] |]+>$/.test(type)) return undefined;
  const at = first.getStart(file, true);
  const text = `${ended(`readonly ${field}: ${type}`, file)}${lineBreakOf(file)}${lineBreakOf(file)}${indentOf(first)}`;
  return { title: 'ready', automatic: false, data: { field }, edits: [{ range: [at, at], text }, assign] };
}

function inherits(owner: ts.ClassLikeDeclaration, name: string, { checker }: Core): boolean {
  return checker.getPropertyOfType(checker.getTypeAtLocation(owner), name) !== undefined;
}
