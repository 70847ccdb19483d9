import * as ts from 'typescript';
import {
  bare,
  type Core,
  enclosingFunctionOf,
  flowGraph,
  type FunctionNode,
  hasModifier,
  isDominatedBy,
  isInside,
  isWriteTarget,
  type RequestState,
  secondEntry,
  type Step,
} from '../../analysis/index.ts';
import { type Edit, ended, indentOf, indentStepOf, lineBreakOf, replace } from '../../report/edits.ts';
import {
  asConstant,
  declarationOf,
  nameIn,
  readAs,
  type SharedDeclaration,
  takenAway,
  type WholeDeclaration,
} from './declaration.ts';
import type { StateRepair } from './repair.ts';

/** What only one function uses is declared there: a variable of the module, of an outer function, a field. */
export function declareHere(found: RequestState, core: Core): readonly StateRepair[] {
  const { state, suspect } = found;
  const { target } = suspect;
  const file = target.getSourceFile();
  const declared = declarationOf(found, file, core);
  if (declared === undefined || state.otherName !== undefined) return [];
  const owner = functionAround([target, ...declared.uses]);
  if (owner === undefined || !isOneRun(owner, found, core)) return [];
  const taken = takenAway(declared);
  if (taken === undefined) return [];
  const name = nameIn(owner, declared);
  const writes = declared.uses.filter(isWriteTarget);
  const renamed = ts.isPropertyDeclaration(declared.node)
    ? declared.uses.filter((use) => use !== target).map((use) => readAs(name, use))
    : [];
  const isOpen = ts.isPropertyDeclaration(declared.node) && !isPrivateField(declared.node);
  const single = writes.length === 1 ? asConstant(declared, taken, target, name) : undefined;
  if (single !== undefined)
    return [{ title: 'declare', automatic: !isOpen, edits: [taken.edit, ...single, ...renamed] }];
  const isWritten = isWrittenFirst(declared.uses, writes, owner, core);
  const start = atStart(declared, taken, owner, name, isWritten);
  if (start === undefined) return [];
  const first = ts.isPropertyDeclaration(declared.node) ? [replace(target, name)] : [];
  return [{ title: 'declare', automatic: isWritten && !isOpen, edits: [taken.edit, start, ...first, ...renamed] }];
}

function isPrivateField(node: ts.PropertyDeclaration): boolean {
  return ts.isPrivateIdentifier(node.name) || hasModifier(node, ts.SyntaxKind.PrivateKeyword);
}

/** The innermost function that all uses are in. */
function functionAround(uses: readonly ts.Node[]): FunctionNode | undefined {
  const [first, ...rest] = uses;
  if (first === undefined) return undefined;
  let owner = enclosingFunctionOf(first);
  while (!ts.isSourceFile(owner) && !rest.every((use) => isInside(use, owner))) owner = enclosingFunctionOf(owner);
  return ts.isSourceFile(owner) ? undefined : owner;
}

/** Is a run of the function the work of one request, or of one callback? */
function isOneRun(owner: FunctionNode, { among, state, suspect }: RequestState, core: Core): boolean {
  if (among === 'callbacks') return isInside(owner, suspect.fn);
  if (state.home !== undefined && !ts.isSourceFile(state.home) && isInside(state.home, owner)) return false;
  return core.ask(secondEntry, owner).is !== 'no';
}

/** The declaration at the start of the function. */
function atStart(
  { node, type }: SharedDeclaration,
  { above, behind }: WholeDeclaration,
  owner: FunctionNode,
  name: string,
  isWritten: boolean,
): Edit | undefined {
  const body = 'body' in owner ? owner.body : undefined;
  if (body === undefined || !ts.isBlock(body)) return undefined;
  const [first] = body.statements;
  const { initializer } = node;
  if (first === undefined || (initializer !== undefined && !isConstant(initializer))) return undefined;
  const mayBeUnset =
    type === undefined ? initializer !== undefined : /\bundefined\b/.test(type) || initializer !== undefined;
  if (!isWritten && !mayBeUnset) return undefined;
  const file = node.getSourceFile();
  const line = lineBreakOf(file);
  const value = initializer === undefined || (isWritten && type !== undefined) ? '' : ` = ${initializer.getText()}`;
  const declared = `${ended(`let ${name}${type === undefined ? '' : `: ${type}`}${value}`, file)}${behind === '' ? '' : ` ${behind}`}`;
  const isOnOwnLine =
    file.text.slice(file.text.lastIndexOf('\n', first.getStart() - 1) + 1, first.getStart()).trim() === '';
  if (!isOnOwnLine)
    return above.length > 0 || behind !== ''
      ? undefined
      : { range: [first.getStart(), first.getStart()], text: `${declared} ` };
  const indent = indentOf(first) || indentStepOf(file);
  const text = [...above, declared].map((each) => `${each}${line}${indent}`).join('');
  return { range: [first.getStart(), first.getStart()], text };
}

function isConstant(value: ts.Expression): boolean {
  const inner = bare(value);
  return (
    ts.isLiteralExpression(inner) ||
    inner.kind === ts.SyntaxKind.NullKeyword ||
    inner.kind === ts.SyntaxKind.TrueKeyword ||
    inner.kind === ts.SyntaxKind.FalseKeyword ||
    (ts.isIdentifier(inner) && inner.text === 'undefined') ||
    (ts.isArrayLiteralExpression(inner) && inner.elements.length === 0) ||
    (ts.isObjectLiteralExpression(inner) && inner.properties.length === 0)
  );
}

/** Is every read, on every way, behind a write of the same run? */
function isWrittenFirst(
  uses: readonly ts.Node[],
  writes: readonly ts.Node[],
  owner: FunctionNode,
  core: Core,
): boolean {
  const graph = core.ask(flowGraph, owner);
  const gates = new Set<Step>(
    writes
      .filter((write) => enclosingFunctionOf(write) === owner)
      .flatMap((write) => graph.stepsOf(write).filter(({ kind }) => kind === 'write')),
  );
  return uses.every((use) => {
    if (writes.includes(use)) return true;
    let at: ts.Node = use;
    for (let fn = enclosingFunctionOf(use); fn !== owner; fn = enclosingFunctionOf(fn)) at = fn;
    return graph.stepsOf(at).every((step) => isDominatedBy(graph, step, (gate) => gates.has(gate)));
  });
}
