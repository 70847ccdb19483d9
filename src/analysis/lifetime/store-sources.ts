import * as ts from 'typescript';
import { callablesAt, calleesOf, parametersOf, returnedBy } from '../effects/callees-of.ts';
import { hasRole } from '../effects/roles.ts';
import { referencesOf } from '../escape/references.ts';
import type { Core } from '../facts.ts';
import { symbolOf } from '../places/symbols.ts';
import { bare, isAssignmentOperator, wrapped } from '../syntax/expressions.ts';
import { type FunctionNode, isFunctionNode } from '../syntax/functions.ts';
import { isInside } from '../syntax/inside.ts';
import { givesThenable } from '../types/is-thenable.ts';
import { calledName, receiverOf, type StoreCall, storeCallAt } from './store-calls.ts';
import type { Frame } from './store-text.ts';
import { isBindingElement } from '../syntax/bindings.ts';

/**
 * What lies between what was read and the value: nothing (`copy`), arithmetic alone (`sum`), anything else that makes another value
 * of it (`change`).
 */
export type How = 'change' | 'copy' | 'sum';

/** A read that a value comes from. */
export interface Source {
  readonly read: StoreCall;
  /** The properties that were taken of what the read gave. */
  readonly path: readonly string[];
  readonly how: How;
}

/** Expressions that one question may look at. */
const MOST_PLACES = 600;

/** Calls into calls that are read as if they stood there. */
export const DEEPEST_CALL = 4;

/** Functions of the language that give the number or text that was given. */
const CONVERSIONS = new Set(['BigInt', 'Number', 'String', 'parseFloat', 'parseInt']);
/** Methods that give the same value, or one that a second run makes of it again. */
const SAME_VALUE = new Set([
  'normalize',
  'toLowerCase',
  'toString',
  'toUpperCase',
  'trim',
  'trimEnd',
  'trimStart',
  'valueOf',
]);
const MUTATORS = new Set([
  'add',
  'assign',
  'delete',
  'pop',
  'push',
  'reverse',
  'set',
  'shift',
  'sort',
  'splice',
  'unshift',
]);

/** The reads of outside stores that the value of an expression comes from, through locals, conversions and functions of the project. */
export function sourcesOf(expression: ts.Expression, frame: Frame | undefined, core: Core): readonly Source[] {
  return new Walk(core).of(expression, frame, 0);
}

class Walk {
  private readonly core: Core;
  private readonly open = new Set<ts.Node>();
  private budget = MOST_PLACES;

  constructor(core: Core) {
    this.core = core;
  }

  of(expression: ts.Expression, frame: Frame | undefined, depth: number): readonly Source[] {
    const node = bare(expression);
    if (--this.budget < 0 || this.open.has(node)) return [];
    this.open.add(node);
    try {
      return this.at(node, frame, depth);
    } finally {
      this.open.delete(node);
    }
  }

  private all(expressions: readonly (ts.Expression | undefined)[], frame: Frame | undefined, depth: number): Source[] {
    return expressions.flatMap((each) => (each === undefined ? [] : this.of(each, frame, depth)));
  }

  private at(node: ts.Expression, frame: Frame | undefined, depth: number): readonly Source[] {
    if (ts.isAwaitExpression(node)) return this.of(node.expression, frame, depth);
    if (ts.isIdentifier(node)) return this.ofName(node, frame, depth);
    if (ts.isPropertyAccessExpression(node)) return stepped(this.of(node.expression, frame, depth), node.name.text);
    if (ts.isElementAccessExpression(node)) {
      const key = bare(node.argumentExpression);
      const name = ts.isStringLiteralLike(key) || ts.isNumericLiteral(key) ? key.text : '*';
      return stepped(this.of(node.expression, frame, depth), name);
    }
    if (ts.isCallExpression(node)) return this.ofCall(node, frame, depth);
    if (ts.isBinaryExpression(node)) return this.ofBinary(node, frame, depth);
    if (ts.isConditionalExpression(node)) return this.all([node.whenTrue, node.whenFalse], frame, depth);
    if (ts.isPrefixUnaryExpression(node)) {
      const isSign =
        node.operator === ts.SyntaxKind.PlusToken ||
        node.operator === ts.SyntaxKind.MinusToken ||
        node.operator === ts.SyntaxKind.PlusPlusToken ||
        node.operator === ts.SyntaxKind.MinusMinusToken;
      const how = node.operator === ts.SyntaxKind.PlusToken ? 'copy' : isSign ? 'sum' : 'change';
      return changed(this.of(node.operand, frame, depth), how);
    }
    if (ts.isTemplateExpression(node)) {
      const parts = node.templateSpans.map((span) => span.expression);
      const isAlone = parts.length === 1 && node.head.text === '' && node.templateSpans[0]?.literal.text === '';
      return changed(this.all(parts, frame, depth), isAlone ? 'copy' : 'change');
    }
    if (ts.isObjectLiteralExpression(node)) return changed(this.ofObject(node, frame, depth), 'change');
    if (ts.isArrayLiteralExpression(node)) {
      const items = node.elements.map((item) => (ts.isSpreadElement(item) ? item.expression : item));
      return changed(this.all(items, frame, depth), 'change');
    }
    if (ts.isNewExpression(node)) return changed(this.all(node.arguments ?? [], frame, depth), 'change');
    return [];
  }

  private ofObject(node: ts.ObjectLiteralExpression, frame: Frame | undefined, depth: number): Source[] {
    return node.properties.flatMap((property) => {
      if (ts.isSpreadAssignment(property)) return [...this.of(property.expression, frame, depth)];
      if (ts.isShorthandPropertyAssignment(property)) return [...this.of(property.name, frame, depth)];
      return ts.isPropertyAssignment(property) ? [...this.of(property.initializer, frame, depth)] : [];
    });
  }

  private ofBinary(node: ts.BinaryExpression, frame: Frame | undefined, depth: number): readonly Source[] {
    switch (node.operatorToken.kind) {
      case ts.SyntaxKind.QuestionQuestionToken:
      case ts.SyntaxKind.BarBarToken: {
        const first = this.of(node.left, frame, depth);
        const instead = this.of(node.right, frame, depth);
        // `input.scopes ?? access.scopes` keeps what was there where nothing else is wanted.
        return [...first, ...(first.length > 0 ? instead : instead.filter(({ path }) => path.length === 0))];
      }
      case ts.SyntaxKind.AmpersandAmpersandToken:
      case ts.SyntaxKind.CommaToken:
      case ts.SyntaxKind.EqualsToken:
        return this.of(node.right, frame, depth);
      case ts.SyntaxKind.PlusToken:
      case ts.SyntaxKind.MinusToken:
      case ts.SyntaxKind.AsteriskToken:
      case ts.SyntaxKind.SlashToken: {
        const how = isNumber(node, this.core) ? 'sum' : 'change';
        return changed(this.all([node.left, node.right], frame, depth), how);
      }
      default:
        return changed(this.all([node.left, node.right], frame, depth), 'change');
    }
  }

  private ofCall(node: ts.CallExpression, frame: Frame | undefined, depth: number): readonly Source[] {
    const { core } = this;
    const read = storeCallAt(node, 'store-read', frame, core);
    if (read !== undefined) return [{ read, path: [], how: 'copy' }];
    const name = calledName(node) ?? '';
    const receiver = receiverOf(node);
    if (ts.isIdentifier(bare(node.expression)) && CONVERSIONS.has(name))
      return this.all([node.arguments[0]], frame, depth);
    if (receiver !== undefined) {
      if (name === 'then' || name === 'catch' || name === 'finally')
        return this.ofContinuation(node, receiver, name, frame, depth);
      if (ts.isIdentifier(receiver) && receiver.text === 'JSON') return this.all([node.arguments[0]], frame, depth);
      if (ts.isIdentifier(receiver) && receiver.text === 'Number') return this.all([node.arguments[0]], frame, depth);
      if (ts.isIdentifier(receiver) && receiver.text === 'Math')
        return changed(this.all([...node.arguments], frame, depth), 'sum');
      if (SAME_VALUE.has(name)) return this.of(receiver, frame, depth);
      if (name === 'at' && node.arguments.length === 1) return stepped(this.of(receiver, frame, depth), '0');
    }
    // What is waited for is asked no type: that of a query is computed from all that the query is given.
    const isLater = ts.isAwaitExpression(wrapped(node).parent) || givesThenable(node, core.checker);
    // What comes after a query in its chain (`.lean()`, `.exec()`) gives what the query gives.
    if (isLater && receiver !== undefined && isChained(receiver, core)) return this.of(receiver, frame, depth);
    const callees = core.ask(calleesOf, node);
    const [fn] = callees.functions;
    if (fn !== undefined && callees.functions.length === 1 && depth < DEEPEST_CALL) {
      const inner = frameOf(node, fn, frame, core);
      const returned = returnedBy(fn).flatMap((each) => [...this.of(each, inner, depth + 1)]);
      if (returned.length > 0 || isLater) return returned;
    }
    if (isLater) return [];
    const given = node.arguments.map((each) => (ts.isSpreadElement(each) ? each.expression : each));
    return changed(
      this.all([receiver, ...given.filter((each) => !isFunctionNode(bare(each)))], frame, depth),
      'change',
    );
  }

  /** `load(id).then((order) => …)`: what the callback returns. */
  private ofContinuation(
    node: ts.CallExpression,
    receiver: ts.Expression,
    name: string,
    frame: Frame | undefined,
    depth: number,
  ): readonly Source[] {
    const [callback] = node.arguments;
    const inner = callback === undefined ? undefined : bare(callback);
    if (name !== 'then') return this.of(receiver, frame, depth);
    if (inner === undefined) return [];
    const [fn] = callablesAt(inner, this.core).functions;
    if (fn === undefined) {
      if (ts.isPropertyAccessExpression(inner) || ts.isIdentifier(inner)) return this.of(receiver, frame, depth);
      return [];
    }
    const [parameter] = parametersOf(fn);
    const symbol =
      parameter === undefined || !ts.isIdentifier(parameter.name) ? undefined : symbolOf(parameter.name, this.core);
    const given = new Map(symbol === undefined ? [] : [[symbol, receiver]]);
    const isInline = fn === inner;
    const callFrame: Frame = { call: node, outer: frame, given, self: isInline ? frame?.self : undefined };
    return returnedBy(fn).flatMap((each) => [...this.of(each, callFrame, depth + 1)]);
  }

  private ofName(node: ts.Identifier, frame: Frame | undefined, depth: number): readonly Source[] {
    const symbol = symbolOf(node, this.core);
    const declaration = symbol?.valueDeclaration;
    if (symbol === undefined || declaration === undefined) return [];
    for (let each = frame; each !== undefined; each = each.outer) {
      const given = each.given.get(symbol);
      if (given !== undefined) return this.of(given, each.outer, depth);
    }
    if (ts.isParameter(declaration)) return this.ofParameter(declaration, frame, depth);
    if (!ts.isVariableDeclaration(declaration) && !isBindingElement(declaration)) return [];
    const scope = functionOf(declaration);
    // A variable of the module has had its value for longer than one run.
    if (scope === undefined) return [];
    let found = [...this.ofDeclaration(declaration, frame, depth)];
    for (const write of writesOf(symbol, node, this.core)) {
      if (write.is === 'value') found.push(...this.all([write.value], frame, depth));
      else if (write.is === 'step') found = changed([...found, ...this.all([write.value], frame, depth)], write.how);
      else found = changed([...found, ...this.all(write.values, frame, depth)], 'change');
    }
    return found;
  }

  private ofDeclaration(
    declaration: ts.BindingElement | ts.VariableDeclaration,
    frame: Frame | undefined,
    depth: number,
  ): readonly Source[] {
    if (ts.isVariableDeclaration(declaration)) {
      const { initializer, parent } = declaration;
      if (initializer !== undefined) return this.of(initializer, frame, depth);
      if (ts.isForOfStatement(parent.parent)) return stepped(this.of(parent.parent.expression, frame, depth), '*');
      return [];
    }
    const pattern = declaration.parent;
    const holder = pattern.parent;
    const fallback = this.all([declaration.initializer], frame, depth);
    if (ts.isArrayBindingPattern(pattern)) {
      const index = pattern.elements.indexOf(declaration);
      const joined = ts.isVariableDeclaration(holder) ? joinedAt(holder.initializer, index, this.core) : undefined;
      if (joined !== undefined) return [...this.of(joined, frame, depth), ...fallback];
      return [...stepped(this.ofHolder(holder, frame, depth), String(index)), ...fallback];
    }
    const name = declaration.propertyName ?? declaration.name;
    const whole = this.ofHolder(holder, frame, depth);
    if (declaration.dotDotDotToken !== undefined) return [...whole, ...fallback];
    return [...stepped(whole, ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : '*'), ...fallback];
  }

  private ofHolder(
    holder: ts.BindingElement | ts.ParameterDeclaration | ts.VariableDeclaration,
    frame: Frame | undefined,
    depth: number,
  ): readonly Source[] {
    return ts.isParameter(holder) ? this.ofParameter(holder, frame, depth) : this.ofDeclaration(holder, frame, depth);
  }

  /** The parameter of a callback that gets what a promise or a list holds. */
  private ofParameter(parameter: ts.ParameterDeclaration, frame: Frame | undefined, depth: number): readonly Source[] {
    const fn = parameter.parent;
    if (!ts.isArrowFunction(fn) && !ts.isFunctionExpression(fn)) return [];
    if (fn.parameters[0] !== parameter) return [];
    const call = wrapped(fn).parent;
    if (!ts.isCallExpression(call) || bare(call.arguments[0] ?? call) !== fn) return [];
    const receiver = receiverOf(call);
    if (receiver === undefined) return [];
    const name = calledName(call);
    if (name === 'then') return this.of(receiver, frame, depth);
    const isItem = ['every', 'filter', 'find', 'flatMap', 'forEach', 'map', 'some'].includes(name ?? '');
    return isItem ? stepped(this.of(receiver, frame, depth), '*') : [];
  }
}

/** The names of a parameter, each with what is given for it: `put({ key, value })`. */
function bound(name: ts.BindingName, value: ts.Expression): readonly (readonly [ts.Identifier, ts.Expression])[] {
  if (ts.isIdentifier(name)) return [[name, value]];
  const object = bare(value);
  if (!ts.isObjectBindingPattern(name) || !ts.isObjectLiteralExpression(object)) return [];
  return name.elements.flatMap((element) => {
    const key = element.propertyName ?? element.name;
    const part = ts.isIdentifier(key) ? propertyOf(object, key.text) : undefined;
    return part === undefined ? [] : bound(element.name, part);
  });
}

/** The property of an object literal. */
export function propertyOf(object: ts.Expression, name: string): ts.Expression | undefined {
  if (!ts.isObjectLiteralExpression(object)) return undefined;
  for (const property of object.properties) {
    if (property.name === undefined || nameOf(property.name) !== name) continue;
    if (ts.isPropertyAssignment(property)) return property.initializer;
    if (ts.isShorthandPropertyAssignment(property)) return property.name;
  }
  return undefined;
}

export function nameOf(name: ts.PropertyName): string | undefined {
  return ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name) ? name.text : undefined;
}

/** The frame of a function that is called here. */
export function frameOf(call: ts.CallExpression, fn: FunctionNode, outer: Frame | undefined, core: Core): Frame {
  const given = new Map<ts.Symbol, ts.Expression>();
  parametersOf(fn).forEach((parameter, index) => {
    const value = core.api.argumentOf(call, index) ?? parameter.initializer;
    if (value === undefined || parameter.dotDotDotToken !== undefined) return;
    for (const [name, part] of bound(parameter.name, value)) {
      const symbol = symbolOf(name, core);
      if (symbol !== undefined) given.set(symbol, part);
    }
  });
  const receiver = receiverOf(call);
  const isMethod = ts.isMethodDeclaration(fn) || ts.isPropertyDeclaration(fn.parent) || ts.isArrowFunction(fn);
  return { call, outer, given, self: isMethod ? receiver : undefined };
}

function stepped(sources: readonly Source[], name: string): readonly Source[] {
  return sources.map((source) => ({ ...source, path: [...source.path, name] }));
}

function changed(sources: readonly Source[], how: How): Source[] {
  if (how === 'copy') return [...sources];
  return sources.map((source) => ({ ...source, how: source.how === 'change' ? 'change' : how }));
}

function isNumber(node: ts.Expression, core: Core): boolean {
  const flags = ts.TypeFlags.NumberLike | ts.TypeFlags.BigIntLike;
  return (core.checker.getTypeAtLocation(node).flags & flags) !== 0;
}

/** Is it a query that has not been sent, or a call of a chain that leads to one? */
function isChained(receiver: ts.Expression, core: Core): boolean {
  return (
    ts.isCallExpression(receiver) &&
    core.api.isA(core.checker.getTypeAtLocation(receiver), 'lazy-thenable') !== undefined
  );
}

/** The n-th of the promises that are joined: `const [order, user] = await Promise.all([…])`. */
function joinedAt(initializer: ts.Expression | undefined, index: number, core: Core): ts.Expression | undefined {
  const waited = initializer === undefined ? undefined : bare(initializer);
  const call = waited !== undefined && ts.isAwaitExpression(waited) ? bare(waited.expression) : undefined;
  if (call === undefined || !ts.isCallExpression(call)) return undefined;
  const [given] = call.arguments;
  const list = given === undefined ? undefined : bare(given);
  if (list === undefined || !ts.isArrayLiteralExpression(list)) return undefined;
  const row = core.api.memberOf(call);
  return row !== undefined && hasRole(row, 'joins') ? list.elements[index] : undefined;
}

/** The function in which a variable is declared, if one is. */
function functionOf(declaration: ts.Node): FunctionNode | undefined {
  for (
    let node = declaration.parent as ts.Node | undefined;
    node !== undefined;
    node = node.parent as ts.Node | undefined
  )
    if (isFunctionNode(node)) return ts.isSourceFile(node) ? undefined : node;
  return undefined;
}

/** What gives a variable, or a part of what it holds, another value. */
export type VariableWrite =
  | {
      readonly is: 'part';
      readonly path: readonly string[];
      readonly values: readonly ts.Expression[];
      readonly node: ts.Expression;
      readonly operator: ts.SyntaxKind | undefined;
    }
  | { readonly is: 'step'; readonly how: How; readonly value: ts.Expression | undefined }
  | { readonly is: 'value'; readonly value: ts.Expression };

/** The writes of a variable and of what it holds, up to a use of it in the text. */
export function writesOf(symbol: ts.Symbol, use: ts.Node, core: Core): readonly VariableWrite[] {
  const found: VariableWrite[] = [];
  for (const reference of referencesOf(symbol, core)) {
    if (reference.pos >= use.pos) continue;
    const write = writeAt(reference, core);
    if (write !== undefined && !isInside(use, targetOf(reference).parent)) found.push(write);
  }
  return found;
}

/** The access that starts at a name: `order.items[0]` of `order`. */
function targetOf(reference: ts.Identifier, path: string[] = []): ts.Node {
  let target: ts.Node = wrapped(reference);
  for (;;) {
    const { parent } = target;
    if (ts.isPropertyAccessExpression(parent) && parent.expression === target) path.push(parent.name.text);
    else if (ts.isElementAccessExpression(parent) && parent.expression === target) {
      const key = bare(parent.argumentExpression);
      path.push(ts.isStringLiteralLike(key) || ts.isNumericLiteral(key) ? key.text : '*');
    } else return target;
    target = wrapped(parent);
  }
}

function writeAt(reference: ts.Identifier, core: Core): VariableWrite | undefined {
  const path: string[] = [];
  const target = targetOf(reference, path);
  const { parent } = target;
  if (ts.isBinaryExpression(parent) && parent.left === target && isAssignmentOperator(parent.operatorToken.kind)) {
    const operator = parent.operatorToken.kind;
    if (path.length > 0) return { is: 'part', path, values: [parent.right], node: parent, operator };
    if (operator === ts.SyntaxKind.EqualsToken) return { is: 'value', value: parent.right };
    return { is: 'step', how: isNumber(parent, core) ? 'sum' : 'change', value: parent.right };
  }
  if (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent)) {
    const { operator } = parent;
    if (operator !== ts.SyntaxKind.PlusPlusToken && operator !== ts.SyntaxKind.MinusMinusToken) return undefined;
    return path.length > 0
      ? { is: 'part', path, values: [], node: parent, operator }
      : { is: 'step', how: 'sum', value: undefined };
  }
  if (ts.isDeleteExpression(parent)) return { is: 'part', path, values: [], node: parent, operator: undefined };
  if (ts.isCallExpression(parent) && parent.expression === target && MUTATORS.has(path.at(-1) ?? ''))
    return { is: 'part', path: path.slice(0, -1), values: [...parent.arguments], node: parent, operator: undefined };
  if (
    ts.isCallExpression(parent) &&
    parent.arguments[0] === target &&
    calledName(parent) === 'assign' &&
    path.length === 0
  )
    return { is: 'part', path: ['*'], values: parent.arguments.slice(1), node: parent, operator: undefined };
  return undefined;
}
