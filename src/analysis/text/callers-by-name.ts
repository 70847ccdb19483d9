import * as ts from 'typescript';
import { type Core, defineFact } from '../facts.ts';
import { wrapped } from '../syntax/expressions.ts';
import { hasModifier } from '../syntax/functions.ts';
import { mentionsIn, namesBound } from '../syntax/names.ts';
import { codeFiles } from './files.ts';
import { fileNodes } from './nodes.ts';
import { lastNameOf, nameOfFunction, namesStandingFor } from './promise-names.ts';
import { isBindingElement } from '../syntax/bindings.ts';

type AnyCall = ts.CallExpression | ts.NewExpression;

/** Names that do not say which function is called, only how. */
export const PASSING: ReadonlySet<string> = new Set(['apply', 'bind', 'call']);

/**
 * The calls of the Program whose callee ends in a name, told from text alone. A callee that is no name (`(first ?? second)()`) counts for
 * every name in it.
 */
export function callsByNameOf(name: string, core: Core): readonly AnyCall[] {
  return core.ask(callsByName, core.program).get(name) ?? [];
}

/** A name and all that may stand for it: aliases, renamed imports, wrapped functions. */
export function namesBehind(name: string, core: Core): ReadonlySet<string> {
  return withStanding([name], new Set(), core);
}

/**
 * The given names and those of functions in which a call by one of them stands, in which a call of those stands, and so on as many steps
 * as are given; with all that may stand for one. Told from text alone, so every function of a name counts as every other.
 */
export function namesLeadingTo(names: Iterable<string>, steps: number, core: Core): ReadonlySet<string> {
  const found = withStanding(names, new Set(), core);
  let open = [...found];
  const seen = new Set<ts.Node>();
  for (let step = 0; step < steps && open.length > 0; step++) {
    const callers = open.flatMap((name) => callsByNameOf(name, core).flatMap((call) => namesAround(call, seen)));
    open = [...withStanding(callers, found, core)];
    for (const name of open) found.add(name);
  }
  return found;
}

/** Names and all that may stand for them, those left out that are known. */
function withStanding(names: Iterable<string>, known: ReadonlySet<string>, core: Core): Set<string> {
  const found = new Set<string>();
  for (const name of names) if (!known.has(name)) found.add(name);
  for (const name of found) for (const other of namesStandingFor(name, core)) if (!known.has(other)) found.add(other);
  return found;
}

/** The names of what a node stands in, each function, variable and field once. */
function namesAround(node: ts.Node, seen: Set<ts.Node>): readonly string[] {
  const found: string[] = [];
  for (let at = node.parent; !ts.isSourceFile(at); at = at.parent) {
    if (!ts.isFunctionLike(at) && !isNamedValue(at)) continue;
    if (seen.has(at)) break;
    seen.add(at);
    found.push(...ownNamesOf(at));
  }
  return found;
}

/** The names by which a function may be called: its own, and those of what its value is put into. */
export function namesOf(fn: ts.SignatureDeclaration): readonly string[] {
  const found = [...ownNamesOf(fn)];
  for (let at = fn.parent; !ts.isSourceFile(at) && !ts.isFunctionLike(at); at = at.parent) {
    if (isNamedValue(at)) found.push(...ownNamesOf(at));
  }
  return found;
}

const callsByName = defineFact<ts.Program, ReadonlyMap<string, readonly AnyCall[]>>({
  name: 'calls-by-name',
  scope: 'program',
  compute(program, core) {
    const found = new Map<string, AnyCall[]>();
    for (const file of core.ask(codeFiles, program)) {
      for (const call of core.ask(fileNodes, file).calls) {
        for (const name of namesCalledBy(call)) {
          const known = found.get(name);
          if (known === undefined) found.set(name, [call]);
          else known.push(call);
        }
      }
    }
    return found;
  },
});

/** `take` of `this.take()` and `take.call(this)`; every name in a callee that is no name itself. */
function namesCalledBy(call: AnyCall): readonly string[] {
  const name = lastNameOf(call.expression);
  if (name === undefined) return [...mentionsIn(call.expression)];
  if (!PASSING.has(name) || !ts.isPropertyAccessExpression(call.expression)) return [name];
  const inner = lastNameOf(call.expression.expression);
  return inner === undefined ? [name, ...mentionsIn(call.expression.expression)] : [name, inner];
}

type NamedValue = ts.BindingElement | ts.PropertyAssignment | ts.PropertyDeclaration | ts.VariableDeclaration;

function isNamedValue(node: ts.Node): node is NamedValue {
  return (
    ts.isVariableDeclaration(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isPropertyAssignment(node) ||
    isBindingElement(node)
  );
}

/** The names that a function, variable, field or property is declared with; `default` for a default export. */
export function ownNamesOf(node: NamedValue | ts.SignatureDeclaration): readonly string[] {
  if (!ts.isFunctionLike(node)) {
    const { name } = node;
    if (ts.isPrivateIdentifier(name) || ts.isStringLiteralLike(name)) return [name.text];
    return ts.isBindingName(name) ? namesBound(name) : [];
  }
  const name = nameOfFunction(node);
  const isDefault = hasModifier(node, ts.SyntaxKind.DefaultKeyword) || ts.isExportAssignment(wrapped(node).parent);
  return [...(name === undefined ? [] : [name]), ...(isDefault ? ['default'] : [])];
}
