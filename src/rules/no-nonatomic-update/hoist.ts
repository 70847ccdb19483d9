import ts from 'typescript';
import {
  bare,
  type Core,
  enclosingFunctionOf,
  type FlowGraph,
  flowGraph,
  isDominatedBy,
  isFunctionNode,
  isInside,
  type StaleWrite,
  type Step,
} from '../../analysis/index.ts';
import { type Edit, freeName, hasComment, insertBefore, replace, standsInList, textWith } from '../../report/edits.ts';

/** An edit of this rule; the rule adds the title. */
export interface UpdateRepair {
  readonly automatic: boolean;
  readonly edits: readonly Edit[];
}

/**
 * `total += await load()` → `const loaded = await load(); total += loaded;`
 *
 * Right where the waits are in the very expression that reads and writes, are always evaluated, and nothing with an effect is
 * evaluated before them; then only the read moves, to where it belongs.
 */
export function hoistTheWait(found: StaleWrite, core: Core): readonly UpdateRepair[] {
  const update = updateOf(found.write.node);
  if (update === undefined || !isInside(found.read.node, update)) return [];
  const holder = holderOf(update);
  if (holder === undefined) return [];
  const graph = core.ask(flowGraph, enclosingFunctionOf(update));
  const waits = outermost(
    graph.suspensions
      .map(({ node }) => node)
      .filter((node): node is ts.AwaitExpression => ts.isAwaitExpression(node) && isInside(node, update)),
  );
  if (waits.length === 0 || waits.some((wait) => hasComment(wait) || isInside(found.read.node, wait))) return [];
  if (!waits.every((wait) => isAlwaysWaited(graph, wait, found)) || !isHarmlessBefore(graph.steps, waits, holder))
    return [];
  return [writeHoisted(waits, holder, update)];
}

/** The assignment or the mutating call that is the update. */
function updateOf(written: ts.Node): ts.Expression | undefined {
  for (let node = written; ; node = node.parent) {
    if (ts.isCallExpression(node) && node === written) return node;
    if (ts.isBinaryExpression(node)) return node;
    if (!ts.isExpression(node)) return undefined;
  }
}

type Holder = { readonly statement: ts.Statement } | { readonly body: ts.Expression };

/** What the new statement can be put before: the statement, or the expression that is an arrow function's body. */
function holderOf(update: ts.Expression): Holder | undefined {
  let child: ts.Node = update;
  for (let node = update.parent as ts.Node; ; child = node, node = node.parent) {
    if (ts.isArrowFunction(node)) return node.body === child ? { body: node.body as ts.Expression } : undefined;
    if (isFunctionNode(node)) return undefined;
    if (ts.isExpressionStatement(node) || ts.isReturnStatement(node)) return { statement: node };
    if (ts.isVariableStatement(node))
      return node.declarationList.declarations.length === 1 ? { statement: node } : undefined;
    if (ts.isStatement(node)) return undefined;
  }
}

function rootOf(holder: Holder): ts.Node {
  return 'statement' in holder ? holder.statement : holder.body;
}

/** Does no way lead to the write past the wait (`ready ? await load() : 0`)? */
function isAlwaysWaited(graph: FlowGraph, wait: ts.AwaitExpression, { write }: StaleWrite): boolean {
  return isDominatedBy(graph, write.step, (step) => step.kind === 'suspend' && step.node === wait);
}

/** Steps without an effect of their own: reading, spreading, choosing between operands. */
const HARMLESS: ReadonlySet<Step['kind']> = new Set(['branch', 'iterate', 'join', 'make', 'read']);

/** Before each wait nothing is evaluated that has an effect, but for the waits themselves. */
function isHarmlessBefore(steps: readonly Step[], waits: readonly ts.AwaitExpression[], holder: Holder): boolean {
  const root = rootOf(holder);
  const last = waits.at(-1);
  const end = steps.find((step) => step.node === last && step.kind === 'suspend');
  if (end === undefined) return false;
  return steps.every((step) => {
    if (!isInside(step.node, root) || step.id >= end.id) return true;
    const wait = waits.find((candidate) => isInside(step.node, candidate));
    if (wait !== undefined) return step.kind !== 'write';
    return HARMLESS.has(step.kind) || isReadingCall(step);
  });
}

/** `counts.get(key)`: evaluated with the update afterwards, which is the point. */
function isReadingCall(step: Step): boolean {
  return step.kind === 'call' && ts.isCallExpression(step.node) && isReadOf(step.node);
}

function isReadOf(call: ts.CallExpression): boolean {
  return call.arguments.every(
    (argument) =>
      ts.isIdentifier(bare(argument)) ||
      ts.isStringLiteralLike(bare(argument)) ||
      ts.isPropertyAccessExpression(bare(argument)),
  );
}

function writeHoisted(waits: readonly ts.AwaitExpression[], holder: Holder, update: ts.Expression): UpdateRepair {
  const file = update.getSourceFile();
  const taken = new Set<string>();
  const names = new Map<ts.Node, string>();
  const lines: string[] = [];
  for (const wait of waits) {
    const name = freeName(wishedName(wait), file, taken);
    taken.add(name);
    const place = ts.isParenthesizedExpression(wait.parent) && wait.parent.expression === wait ? wait.parent : wait;
    names.set(place, name);
    lines.push(`const ${name} = ${wait.getText()};`);
  }
  if ('body' in holder) return { automatic: true, edits: [blockBody(holder.body, lines, names)] };
  const { statement } = holder;
  const needsBraces = !standsInList(statement);
  const edits = needsBraces
    ? [insertBefore(statement, lines, textWith(statement, names))]
    : [insertBefore(statement, lines, ''), ...[...names].map(([node, name]) => replace(node, name))];
  return { automatic: true, edits };
}

function blockBody(body: ts.Expression, lines: readonly string[], names: ReadonlyMap<ts.Node, string>): Edit {
  const statement = `return ${textWith(body, names)};`;
  return replace(body, `{ ${[...lines, statement].join(' ')} }`);
}

/** A speaking name for what was waited for: the noun of the callee, else `value`. */
function wishedName(wait: ts.AwaitExpression): string {
  const inner = bare(wait.expression);
  const callee = ts.isCallExpression(inner) || ts.isNewExpression(inner) ? bare(inner.expression) : inner;
  const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : ts.isIdentifier(callee) ? callee.text : '';
  const noun = /^(?:get|fetch|load|read|find|query|compute|calculate|make|create|build|next)([A-Z]\w*)$/.exec(
    name,
  )?.[1];
  if (noun !== undefined) return noun.charAt(0).toLowerCase() + noun.slice(1);
  if (name === '' || name.startsWith('#')) return 'value';
  return ts.isCallExpression(inner) ? `${name}Result` : 'value';
}

function outermost<Node extends ts.Node>(nodes: readonly Node[]): readonly Node[] {
  return nodes.filter((node) => !nodes.some((other) => other !== node && isInside(node, other)));
}
