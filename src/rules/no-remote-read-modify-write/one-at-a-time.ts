import * as ts from 'typescript';
import {
  calleesOf,
  type Core,
  enclosingFunctionOf,
  type FunctionNode,
  isAsync,
  isInside,
  isWriteTarget,
  referencesInFileOf,
  type RemoteUpdate,
  symbolOf,
  isBindingElement,
} from '../../analysis/index.ts';
import {
  type Edit,
  ended,
  endWithComments,
  freeName,
  hasDirectiveAbove,
  indentOf,
  indentStepOf,
  isOnOwnLines,
  lineBreakOf,
} from '../../report/edits.ts';
import { movedWith } from '../../report/moving.ts';
import { isTypeScript } from '../../report/on-error.ts';
import type { StoreRepair } from './repair.ts';

/**
 * `const last = Number(await readFile(FILE, 'utf8')); await writeFile(FILE, String(last + 1));`
 * → `const run = tail.then(async () => { … }); tail = Promise.allSettled([run]); await run;`
 *
 * For files, which offer nothing to add with: the runs of this process go one behind the other, from the read to the write, or to the
 * end of the function where what was read is used further on. Only a suggestion: another process is not kept out.
 */
export function oneAtATime({ is, read, readAt, write, writeAt }: RemoteUpdate, core: Core): readonly StoreRepair[] {
  const fn = enclosingFunctionOf(readAt);
  const isOfMachine = [read, write].every(({ row }) => row.isLocal === true || row.ends === 'sync');
  if (is !== 'lost' || !isOfMachine || enclosingFunctionOf(writeAt) !== fn) return [];
  if (ts.isSourceFile(fn) || !ts.isFunctionLike(fn) || !isAsync(fn)) return [];
  const turn = hasAllSettled(fn, core) ? turnOf(readAt, writeAt, fn, core) : undefined;
  const queue = turn === undefined ? undefined : queueFor(fn.getSourceFile(), core);
  if (turn === undefined || queue === undefined || mayWaitForItself(turn, fn, queue.name, core)) return [];
  return [{ title: 'queue', automatic: false, edits: [...queue.declaration, inTurn(turn, fn, queue.name)] }];
}

function hasAllSettled(at: ts.Node, { checker }: Core): boolean {
  const symbol = checker.resolveName('Promise', at, ts.SymbolFlags.Value, false);
  return symbol !== undefined && checker.getTypeOfSymbolAtLocation(symbol, at).getProperty('allSettled') !== undefined;
}

/** The statements that run alone. */
interface Turn {
  readonly statements: readonly ts.Statement[];
  /** Do they end the function, with a value or without? */
  readonly gives: 'nothing' | 'value' | undefined;
}

function turnOf(readAt: ts.Node, writeAt: ts.Node, fn: FunctionNode, core: Core): Turn | undefined {
  const block = ts.findAncestor(writeAt, (node): node is ts.Block => ts.isBlock(node) && isInside(readAt, node));
  if (block === undefined || !isInside(block, fn)) return undefined;
  const { statements } = block;
  const from = statements.findIndex((each) => isInside(readAt, each));
  const to = statements.findIndex((each) => isInside(writeAt, each));
  const whole = statements.slice(from);
  const short = whole.slice(0, to - from + 1);
  const returns = returnsIn(short);
  const isShort = returns.length === 0 && !declaredIn(short).some((name) => isUsedOutside(name, short, core));
  const chosen = isShort ? short : whole;
  if (!isShort && block.parent !== fn) return undefined;
  const [first] = chosen;
  const last = chosen.at(-1);
  if (first === undefined || last === undefined || hasDirectiveAbove(first)) return undefined;
  if (!isOnOwnLines(first) || !isOnOwnLines(last) || chosen.some((each) => isBound(each, chosen, core)))
    return undefined;
  if (declaredIn(chosen).some((name) => isUsedOutside(name, chosen, core))) return undefined;
  const hasValue = returnsIn(chosen).some(({ expression }) => expression !== undefined);
  return { statements: chosen, gives: isShort ? undefined : hasValue ? 'value' : 'nothing' };
}

function returnsIn(statements: readonly ts.Node[]): readonly ts.ReturnStatement[] {
  const found: ts.ReturnStatement[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isReturnStatement(node)) found.push(node);
    else if (!ts.isFunctionLike(node) && !ts.isClassLike(node)) ts.forEachChild(node, visit);
  };
  statements.forEach(visit);
  return found;
}

/** The names that statements of a block give to the rest of it. */
function declaredIn(statements: readonly ts.Statement[]): readonly ts.Identifier[] {
  const found: ts.Identifier[] = [];
  const add = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) found.push(name);
    else for (const element of name.elements) if (isBindingElement(element)) add(element.name);
  };
  for (const statement of statements) {
    if (ts.isVariableStatement(statement)) for (const { name } of statement.declarationList.declarations) add(name);
    const isNamed = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement);
    if (isNamed && statement.name !== undefined) found.push(statement.name);
  }
  return found;
}

function isUsedOutside(name: ts.Identifier, statements: readonly ts.Node[], core: Core): boolean {
  const symbol = symbolOf(name, core);
  return (
    symbol === undefined ||
    referencesInFileOf(symbol, core).some((reference) => !statements.some((each) => isInside(reference, each)))
  );
}

/** Is there something that means another thing inside a callback: a jump out of it, `arguments`, a local of the function that is set? */
function isBound(node: ts.Node, turn: readonly ts.Statement[], core: Core): boolean {
  const visit = (inner: ts.Node): boolean => {
    if (ts.isYieldExpression(inner) || (ts.isIdentifier(inner) && inner.text === 'arguments')) return true;
    if (ts.isBreakOrContinueStatement(inner) && !staysInside(inner, turn)) return true;
    if (ts.isIdentifier(inner) && isSetFromOutside(inner, turn, core)) return true;
    return (
      (ts.isExpression(inner) && !ts.isIdentifier(inner) && isNarrowedBefore(inner, turn, core)) ||
      (ts.forEachChild(inner, visit) ?? false)
    );
  };
  return visit(node);
}

function staysInside(jump: ts.BreakOrContinueStatement, turn: readonly ts.Statement[]): boolean {
  if (jump.label !== undefined) return false;
  const target = ts.findAncestor(
    jump,
    (node) => ts.isIterationStatement(node, false) || (ts.isBreakStatement(jump) && ts.isSwitchStatement(node)),
  );
  return target !== undefined && turn.some((each) => isInside(target, each));
}

/** Is it a variable that was declared before the turn and is set in it? What the compiler knows of it would be lost. */
function isSetFromOutside(name: ts.Identifier, turn: readonly ts.Statement[], core: Core): boolean {
  const declaration = isWriteTarget(name) ? symbolOf(name, core)?.valueDeclaration : undefined;
  return declaration !== undefined && !turn.some((each) => isInside(declaration, each));
}

/** Is it a property of which a test before the turn found out more than its declaration says? A callback forgets that. */
function isNarrowedBefore(node: ts.Expression, turn: readonly ts.Statement[], core: Core): boolean {
  if (!ts.isPropertyAccessExpression(node) && !ts.isElementAccessExpression(node)) return false;
  const { checker } = core;
  const symbol = checker.getSymbolAtLocation(node);
  let root: ts.Expression = node;
  while (ts.isPropertyAccessExpression(root) || ts.isElementAccessExpression(root)) root = root.expression;
  const declaration = ts.isIdentifier(root) ? symbolOf(root, core)?.valueDeclaration : undefined;
  if (declaration !== undefined && turn.some((each) => isInside(declaration, each))) return false;
  return symbol !== undefined && checker.getTypeOfSymbol(symbol) !== checker.getTypeAtLocation(node);
}

/** The chain of promises of the module: the one that is there, or a new one after the imports. */
function queueFor(
  file: ts.SourceFile,
  core: Core,
): { readonly name: string; readonly declaration: readonly Edit[] } | undefined {
  const own = file.statements.flatMap((each) => chainDeclaredBy(each, core) ?? [])[0];
  if (own !== undefined) return { name: own, declaration: [] };
  const last = file.statements.findLast((each) => ts.isImportDeclaration(each) || isRequire(each));
  if (last === undefined || !isOnOwnLines(last)) return undefined;
  const line = lineBreakOf(file);
  const name = freeName('tail', file);
  const text = isTypeScript(file)
    ? `let ${name}: Promise<unknown> = Promise.resolve()`
    : `/** @type {Promise<unknown>} */${line}let ${name} = Promise.resolve()`;
  const end = endWithComments(last);
  return { name, declaration: [{ range: [end, end], text: line + line + ended(text, file) }] };
}

/** `let tail: Promise<unknown> = Promise.resolve();` of which some function makes a longer one. */
function chainDeclaredBy(statement: ts.Statement, core: Core): string | undefined {
  const [variable] = ts.isVariableStatement(statement) ? statement.declarationList.declarations : [];
  if (variable === undefined || !ts.isIdentifier(variable.name)) return undefined;
  if (variable.initializer?.getText() !== 'Promise.resolve()') return undefined;
  const symbol = symbolOf(variable.name, core);
  const type = core.checker.typeToString(core.checker.getTypeAtLocation(variable.name));
  const isChain = symbol !== undefined && referencesInFileOf(symbol, core).some(isWriteTarget);
  return isChain && type === 'Promise<unknown>' ? variable.name.text : undefined;
}

function isRequire(statement: ts.Statement): boolean {
  if (!ts.isVariableStatement(statement)) return false;
  return statement.declarationList.declarations.every(
    ({ initializer }) => initializer?.getText().startsWith('require(') === true,
  );
}

/** The most functions that are looked through for a turn inside the turn. */
const MOST_CALLED = 100;

/** May the turn call what takes a turn itself? It would wait for its own end. */
function mayWaitForItself({ statements }: Turn, fn: FunctionNode, queue: string, core: Core): boolean {
  const seen = new Set<ts.Node>();
  const takesTurn = (node: ts.Node): boolean => {
    const called = ts.isCallExpression(node) ? core.ask(calleesOf, node).functions : [];
    for (const each of called) {
      if (each === fn || seen.size >= MOST_CALLED) return true;
      if (seen.has(each)) continue;
      seen.add(each);
      if (namesQueue(each, fn, queue) || takesTurn(each)) return true;
    }
    return ts.forEachChild(node, takesTurn) ?? false;
  };
  return statements.some(takesTurn);
}

function namesQueue(called: FunctionNode, fn: FunctionNode, queue: string): boolean {
  return called.getSourceFile() === fn.getSourceFile() && new RegExp(`\\b${queue}\\b`).test(called.getText());
}

function inTurn({ gives, statements }: Turn, fn: ts.SignatureDeclaration, queue: string): Edit {
  const [first, last] = [statements[0] as ts.Statement, statements.at(-1) as ts.Statement];
  const file = fn.getSourceFile();
  const line = lineBreakOf(file);
  const indent = indentOf(first);
  const step = indentStepOf(file);
  const [start, end] = [first.getStart(), endWithComments(last)];
  const run = freeName('run', file);
  const type = gives !== undefined && fn.type !== undefined ? `: ${fn.type.getText()}` : '';
  const lines = [
    `const ${run} = ${queue}.then(async ()${type} => {`,
    `${step}${movedWith(file, start, end, [], step)}`,
    ended('})', file),
    ended(`${queue} = Promise.allSettled([${run}])`, file),
    ended(gives === 'value' ? `return ${run}` : `await ${run}`, file),
  ];
  return { range: [start, end], text: lines.join(`${line}${indent}`) };
}
