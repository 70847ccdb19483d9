import * as ts from 'typescript';
import {
  type Core,
  effectAccesses,
  enclosingFunctionOf,
  type FlowGraph,
  flowGraph,
  isFunctionNode,
  isInside,
  isModuleLevel,
  isReassigned,
  isSamePlace,
  isWriteTarget,
  type StaleWrite,
  type Step,
  symbolOf,
} from '../../analysis/index.ts';
import {
  type Edit,
  ended,
  freeName,
  hasComment,
  hasDirectiveAbove,
  indentOf,
  indentStepOf,
  insertBefore,
  lineBreakOf,
  replace,
  standsInList,
  textWith,
} from '../../report/edits.ts';
import { onlyReads } from './is-harmless.ts';
import { restsOnTest } from './is-narrowed.ts';
import { mayInferOtherwise } from './may-infer-otherwise.ts';
import { alwaysEvaluatedAround } from './operand.ts';
import type { UpdateRepair } from './repair.ts';
import { updateOf } from './update-of.ts';
import { wishedName } from './wait-name.ts';

/**
 * `total += await load()` → `const loaded = await load(); total += loaded;`
 *
 * Right where what is evaluated first is always evaluated, does not look at the place itself, and nothing with an effect is evaluated
 * before it; then only the read moves, to where it belongs. A suggestion where the place was tested before and is read unguarded after.
 */
export function hoistTheWait(found: StaleWrite, core: Core): readonly UpdateRepair[] {
  const update = updateOf(found.write.node);
  if (update === undefined || !isInside(found.read.node, update)) return [];
  const holder = holderOf(update);
  if (holder === undefined || ('statement' in holder && hasDirectiveAbove(holder.statement))) return [];
  const root = 'statement' in holder ? holder.statement : holder.body;
  const operands = operandsToMove(root, update, found, core);
  if (operands === undefined) return [];
  const names = namesFor(operands, update.getSourceFile());
  const automatic = !restsOnTest(root, core);
  return [{ title: 'hoist', automatic, edits: writtenFirst(holder, names) }];
}

/** What must be evaluated first, each with the wait in it that gives it its name. */
export type Operands = ReadonlyMap<ts.Expression, ts.AwaitExpression>;

/** The parts of a statement (or body) that hold the waits inside `within`, if they can be evaluated before all the rest of it. */
export function operandsToMove(root: ts.Node, within: ts.Node, found: StaleWrite, core: Core): Operands | undefined {
  const fn = enclosingFunctionOf(within);
  const graph = core.ask(flowGraph, fn);
  const operands = new Map<ts.Expression, ts.AwaitExpression>();
  for (const { node } of graph.suspensions) {
    if (!isInside(node, within)) continue;
    if (!ts.isAwaitExpression(node)) return undefined;
    const operand = alwaysEvaluatedAround(node, root, core);
    if (operand === undefined || isInside(found.read.node, operand)) return undefined;
    operands.set(operand, node);
  }
  const outer = [...operands].filter(([one]) => ![...operands.keys()].some((two) => two !== one && isInside(one, two)));
  const moved = outer.sort(([one], [two]) => one.getStart() - two.getStart());
  const nodes = moved.map(([operand]) => operand);
  if (nodes.length === 0 || nodes.some((operand) => mayInferOtherwise(operand, core))) return undefined;
  return looksAtPlace(nodes, found, core) || !isHarmlessBefore(graph, nodes, root, core) ? undefined : new Map(moved);
}

type Holder = { readonly statement: ts.Statement } | { readonly body: ts.Expression };

/** What the new statement can be put before: the statement, or the expression that is an arrow function's body. */
function holderOf(update: ts.Expression): Holder | undefined {
  let child: ts.Node = update;
  for (let node = update.parent; ; child = node, node = node.parent) {
    if (ts.isArrowFunction(node)) return node.body === child ? { body: node.body as ts.Expression } : undefined;
    if (isFunctionNode(node)) return undefined;
    if (ts.isExpressionStatement(node) || ts.isReturnStatement(node) || ts.isThrowStatement(node))
      return { statement: node };
    if (ts.isVariableStatement(node))
      return node.declarationList.declarations.length === 1 ? { statement: node } : undefined;
    if (ts.isIfStatement(node) || ts.isSwitchStatement(node))
      return node.getChildren().includes(child) && !ts.isStatement(child) && standsInList(node)
        ? { statement: node }
        : undefined;
    if (ts.isStatement(node)) return undefined;
  }
}

/** `total += await priceAt(total)`: waiting first would still hand out the old value. */
function looksAtPlace(operands: readonly ts.Expression[], { fn, place }: StaleWrite, core: Core): boolean {
  for (const [step, list] of core.ask(effectAccesses, fn)) {
    if (!operands.some((operand) => isInside(step.node, operand))) continue;
    if (list.some((access) => access.is === 'read' && isSamePlace(access.place, place))) return true;
  }
  return false;
}

/** Steps without an effect of their own: reading, spreading, choosing between operands. */
const HARMLESS: ReadonlySet<Step['kind']> = new Set(['branch', 'iterate', 'join', 'make', 'read']);

/** Nothing that is evaluated before the last of the operands, but for the operands themselves, has an effect or could read otherwise. */
function isHarmlessBefore(
  { steps }: FlowGraph,
  operands: readonly ts.Expression[],
  root: ts.Node,
  core: Core,
): boolean {
  const last = operands.at(-1);
  if (last === undefined) return false;
  const end = Math.max(...steps.filter(({ node }) => isInside(node, last)).map(({ id }) => id));
  return steps.every(({ id, kind, node }) => {
    if (!isInside(node, root) || id >= end) return true;
    if (operands.some((operand) => isInside(node, operand))) return kind !== 'write';
    if (kind === 'call' && (ts.isCallExpression(node) || ts.isNewExpression(node))) return onlyReads(node, core);
    return HARMLESS.has(kind) && (kind !== 'read' || !isWrittenByClosures(node, core));
  });
}

/** A local that a callback changes may have changed once the wait is over. */
function isWrittenByClosures(node: ts.Node, core: Core): boolean {
  if (!ts.isIdentifier(node)) return false;
  const symbol = symbolOf(node, core);
  const declaration = symbol?.valueDeclaration;
  if (symbol === undefined || declaration === undefined || isModuleLevel(declaration)) return false;
  const home = enclosingFunctionOf(declaration);
  if (enclosingFunctionOf(node) !== home || !core.ask(isReassigned, symbol)) return false;
  const visit = (inner: ts.Node): boolean =>
    (ts.isIdentifier(inner) &&
      inner.text === node.text &&
      enclosingFunctionOf(inner) !== home &&
      isWriteTarget(inner) &&
      symbolOf(inner, core) === symbol) ||
    (ts.forEachChild(inner, visit) ?? false);
  return ts.forEachChild(home, visit) ?? false;
}

/** A name for each operand, free in the file. */
export function namesFor(operands: Operands, file: ts.SourceFile): ReadonlyMap<ts.Expression, string> {
  const taken = new Set<string>();
  const names = new Map<ts.Expression, string>();
  for (const [operand, wait] of operands) {
    const name = freeName(wishedName(wait), file, taken);
    taken.add(name);
    names.set(operand, name);
  }
  return names;
}

/** The declarations of the names, each as a line. */
export function declarationsOf(names: ReadonlyMap<ts.Expression, string>, following: string): readonly string[] {
  const entries = [...names];
  return entries.map(([operand, name], index) =>
    ended(
      `const ${name} = ${operand.getText()}`,
      operand.getSourceFile(),
      index === entries.length - 1 ? following : 'const',
    ),
  );
}

/** The names in place of the operands, parentheses that are no longer needed left out. */
export function inPlaceOf(names: ReadonlyMap<ts.Expression, string>): ReadonlyMap<ts.Node, string> {
  return new Map([...names].map(([operand, name]) => [withoutParentheses(operand), name]));
}

function withoutParentheses(operand: ts.Expression): ts.Node {
  const { parent } = operand;
  if (!ts.isParenthesizedExpression(parent)) return operand;
  const isJoined = /[\w$]/.test(parent.getSourceFile().text.charAt(parent.getStart() - 1));
  return isJoined || (hasComment(parent) && !hasComment(operand)) ? operand : parent;
}

function writtenFirst(holder: Holder, names: ReadonlyMap<ts.Expression, string>): readonly Edit[] {
  const places = inPlaceOf(names);
  if ('body' in holder) return [blockBody(holder.body, names)];
  const { statement } = holder;
  const lines = declarationsOf(names, statement.getText());
  if (!standsInList(statement)) return [insertBefore(statement, lines, textWith(statement, places))];
  return [insertBefore(statement, lines, ''), ...[...places].map(([node, name]) => replace(node, name))];
}

function blockBody(body: ts.Expression, names: ReadonlyMap<ts.Expression, string>): Edit {
  const file = body.getSourceFile();
  const line = lineBreakOf(file);
  const outer = indentOf(body);
  const inner = outer + indentStepOf(file);
  const written = ended(`return ${textWith(body, inPlaceOf(names))}`, file);
  const lines = [...declarationsOf(names, 'return'), written].map((text) => `${inner}${text}`).join(line);
  return replace(body, `{${line}${lines}${line}${outer}}`);
}
