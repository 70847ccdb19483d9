import * as ts from 'typescript';
import { bare, type Core, type LateListener, symbolAt, wrapped, isBindingElement } from '../../analysis/index.ts';
import { type Edit, ended, freeName, hasComment, indentOf, lineBreakOf, replace } from '../../report/edits.ts';
import type { SettleRepair } from './repairs.ts';

/** Attaches a late listener before the pause: together with what is waited for there, or in a constant above it. */
export function earlier(late: LateListener, core: Core): readonly SettleRepair[] {
  const together = joined(late, core);
  if (together !== undefined) return [{ title: 'together', automatic: late.isCertain, edits: together }];
  const above = hoisted(late, core);
  return above === undefined ? [] : [{ title: 'above', automatic: false, edits: above }];
}

/** A statement that awaits one thing, and the name that its value gets. */
interface Awaiting {
  readonly statement: ts.Statement;
  readonly keyword: 'const' | 'let' | 'return' | undefined;
  readonly name: string | undefined;
  readonly names: readonly ts.Identifier[];
  readonly promise: ts.Expression;
  readonly text: string;
}

function awaitingAt(node: ts.AwaitExpression): Awaiting | undefined {
  const outer = wrapped(node);
  const { parent } = outer;
  const promise = bare(node.expression);
  // What is said of the value is said of the promise instead.
  const said = assertedTypes(node, outer);
  if (said === undefined || said.length > 1) return undefined;
  const text = said.length === 0 ? promise.getText() : `${promise.getText()} as Promise<${said.join('')}>`;
  const common = { promise, text };
  if (ts.isExpressionStatement(parent))
    return { ...common, statement: parent, keyword: undefined, name: undefined, names: [] };
  if (ts.isReturnStatement(parent))
    return { ...common, statement: parent, keyword: 'return', name: undefined, names: [] };
  if (!ts.isVariableDeclaration(parent) || parent.type !== undefined) return undefined;
  const list = parent.parent;
  const statement = list.parent;
  if (!ts.isVariableDeclarationList(list) || !ts.isVariableStatement(statement) || list.declarations.length > 1)
    return undefined;
  const keyword =
    (list.flags & ts.NodeFlags.Const) !== 0 ? 'const' : (list.flags & ts.NodeFlags.Let) !== 0 ? 'let' : undefined;
  if (keyword === undefined) return undefined;
  const names: ts.Identifier[] = [];
  const collect = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) names.push(name);
    else for (const element of name.elements) if (isBindingElement(element)) collect(element.name);
  };
  collect(parent.name);
  return { ...common, statement, keyword, name: parent.name.getText(), names };
}

/** The types in `(await x) as T`; `undefined` where something else is said of it. */
function assertedTypes(node: ts.Node, outer: ts.Node): readonly string[] | undefined {
  const said: string[] = [];
  for (let at = node; at !== outer; at = at.parent) {
    const { parent } = at;
    if (ts.isParenthesizedExpression(parent)) continue;
    if (!ts.isAsExpression(parent)) return undefined;
    said.push(parent.type.getText());
  }
  return said;
}

/** `const [text, code] = await Promise.all([read(child.stdout), once(child, 'close')]);` for two awaits, one after the other. */
function joined({ pause, wait }: LateListener, { checker }: Core): readonly Edit[] | undefined {
  const awaited = wrapped(wait).parent;
  if (!ts.isAwaitExpression(pause) || !ts.isAwaitExpression(awaited)) return undefined;
  const [first, second] = [awaitingAt(pause), awaitingAt(awaited)];
  if (first === undefined || second === undefined || first.keyword === 'return' || second.keyword === 'return')
    return undefined;
  const { statement } = first;
  const block = statement.parent;
  if (!ts.isBlock(block) && !ts.isSourceFile(block)) return undefined;
  const at = block.statements.indexOf(statement);
  if (block.statements[at + 1] !== second.statement || hasComment(statement) || hasComment(second.statement))
    return undefined;
  const file = statement.getSourceFile();
  const between = file.text.slice(statement.getEnd(), second.statement.getStart());
  if (between.trim() !== '') return undefined;
  if (first.keyword !== undefined && second.keyword !== undefined && first.keyword !== second.keyword) return undefined;
  const symbols = new Set(first.names.map((name) => checker.getSymbolAtLocation(name)));
  if (mentions(second.promise, symbols, checker)) return undefined;
  const keyword = first.keyword ?? second.keyword;
  const names = second.name === undefined ? (first.name ?? '') : `${first.name ?? ''}, ${second.name}`;
  const left = keyword === undefined ? '' : `${keyword} [${names}] = `;
  const text = `${left}await Promise.all([${first.text}, ${second.text}])`;
  return [{ range: [statement.getStart(), second.statement.getEnd()], text: ended(text, file) }];
}

/** `const closed = new Promise(…);` right after the emitter was made. Only for a promise that cannot reject before it is awaited. */
function hoisted({ event, made, wait }: LateListener, core: Core): readonly Edit[] | undefined {
  if (!ts.isNewExpression(wait) || hasComment(wait)) return undefined;
  const executor = wait.arguments?.[0];
  if (executor === undefined || !ts.isArrowFunction(executor) || executor.parameters.length > 1) return undefined;
  const statement = made.parent.parent;
  if (!ts.isVariableStatement(statement) || statement.declarationList.declarations.length > 1) return undefined;
  const isKnown = namesIn(wait).every((name) => {
    const declaration = symbolAt(name, core.checker)?.valueDeclaration;
    if (declaration === undefined || declaration === made) return true;
    const isLater =
      declaration.getSourceFile() === wait.getSourceFile() &&
      declaration.pos > statement.pos &&
      !(declaration.pos >= wait.pos && declaration.end <= wait.end);
    return !isLater;
  });
  if (!isKnown) return undefined;
  const file = wait.getSourceFile();
  const name = freeName(/^[a-zA-Z]+$/.test(event) ? `${event}Event` : 'event', file);
  const line = `${lineBreakOf(file)}${indentOf(statement)}`;
  return [
    {
      range: [statement.getEnd(), statement.getEnd()],
      text: `${line}${ended(`const ${name} = ${wait.getText()}`, file)}`,
    },
    replace(wait, name),
  ];
}

function namesIn(node: ts.Node): readonly ts.Identifier[] {
  const found: ts.Identifier[] = [];
  const look = (inner: ts.Node): void => {
    if (ts.isIdentifier(inner)) found.push(inner);
    ts.forEachChild(inner, look);
  };
  look(node);
  return found;
}

function mentions(node: ts.Node, symbols: ReadonlySet<ts.Symbol | undefined>, checker: ts.TypeChecker): boolean {
  return namesIn(node).some((name) => symbols.has(symbolAt(name, checker)));
}
