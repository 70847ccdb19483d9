import * as ts from 'typescript';
import {
  bare,
  type Core,
  enclosingFunctionOf,
  isAssignmentOperator,
  type UnawaitedGuard,
} from '../../analysis/index.ts';
import { type Edit, ended, indentOf, lineBreakOf } from '../../report/edits.ts';
import { isTypeScript } from '../../report/on-error.ts';
import type { GuardRepair } from './repair.ts';
import { whatFollows } from './what-follows.ts';

/**
 * `constructor() { this.load(); this.watch(); }` → `readonly ready: Promise<void>;` and
 * `this.ready = this.load().then(() => { this.watch(); });`
 *
 * A constructor cannot wait; what follows can, and those who use the object can, once they have the promise.
 */
export function keepReady(found: UnawaitedGuard, core: Core): GuardRepair | undefined {
  const fn = enclosingFunctionOf(found.call);
  const follows = ts.isConstructorDeclaration(fn) ? whatFollows(found, core) : undefined;
  if (follows === undefined || !ts.isConstructorDeclaration(fn)) return undefined;
  const { end, statement, then } = follows;
  if (fn.body === undefined || setsFields(fn.body, statement)) return undefined;
  const file = statement.getSourceFile();
  const owner = fn.parent;
  const taken = core.checker.getTypeAtLocation(owner);
  const field = ['ready', 'started', 'whenReady'].find(
    (name) => core.checker.getPropertyOfType(taken, name) === undefined,
  );
  const [first] = owner.members;
  if (field === undefined || first === undefined) return undefined;
  const text = ended(
    [`this.${field} = ${found.promise.getText()}`, then].join(lineBreakOf(file) + indentOf(statement)),
    file,
  );
  const edits: Edit[] = [{ range: [statement.getStart(), end], text }];
  if (isTypeScript(file)) {
    const at = first.getStart(file, true);
    const line = lineBreakOf(file);
    const declared = `${ended(`readonly ${field}: Promise<void>`, file)}${line}${line}${indentOf(first)}`;
    edits.push({ range: [at, at], text: declared });
  }
  return { title: 'ready', automatic: false, data: { field }, edits };
}

/** Does the constructor set fields after the statement? In a callback the compiler would not count that. */
function setsFields(body: ts.Block, statement: ts.Statement): boolean {
  const visit = (node: ts.Node): boolean => {
    if (ts.isBinaryExpression(node) && isAssignmentOperator(node.operatorToken.kind)) {
      const target = bare(node.left);
      if (ts.isPropertyAccessExpression(target) && target.expression.kind === ts.SyntaxKind.ThisKeyword) return true;
    }
    return ts.forEachChild(node, visit) ?? false;
  };
  return body.statements.slice(body.statements.indexOf(statement) + 1).some(visit);
}
