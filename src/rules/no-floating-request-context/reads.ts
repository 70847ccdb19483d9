import * as ts from 'typescript';
import {
  bare,
  type Core,
  isAnyLike,
  isInside,
  isWriteTarget,
  type LateRequestUse,
  rootOf,
  type ScopeOf,
  symbolOf,
} from '../../analysis/index.ts';
import { hasComment } from '../../report/edits.ts';
import { camelCase, joined } from './names.ts';

/** A use that only reads plain data: what can be copied beforehand. */
export interface Read {
  /** What the copy stands for in the text. */
  readonly node: ts.Expression;
  /** How it is written where it is copied. */
  readonly text: string;
  /** Names for the copy, the best first. */
  readonly wishes: readonly string[];
  /** Does the request give the same whenever it is asked, whoever else has it: a header, the method, not a field that anybody sets? */
  readonly isStable: boolean;
  /** `params` of `req.params.id` */
  readonly first: string;
}

/** `const { ip, params } = req;` inside the task. */
export interface PatternRead {
  readonly statement: ts.VariableStatement;
  readonly text: string;
  readonly names: readonly string[];
  readonly first: readonly string[];
}

/**
 * The plain data that a use reads: the longest part of the chain that can be evaluated beforehand without failing, through pure getters.
 *
 * `undefined` where the use writes, hands the value itself on, or reads what the response becomes only later.
 */
export function readOf({ node, scope }: LateRequestUse, core: Core, scopeOf: ScopeOf): Read | undefined {
  if (scope.is === 'next' || scope.is === 'signal') return undefined;
  const start = castAround(node);
  if (scope.is === 'response') return objectOf(start, core, scopeOf);
  if (isNullable(start, core) && !isOptional(start)) return undefined;
  let best: ts.Expression | undefined;
  let isStable = false;
  let first: string | undefined;
  let wishes: readonly string[] = [];
  let bestWishes = wishes;
  for (let at: ts.Expression = start; ;) {
    const next = nextOf(at, core);
    if (next === undefined) break;
    const { access, call, name } = next;
    const whole = call ?? access;
    if (isWriteTarget(whole)) return undefined;
    const member = core.api.memberAt(access);
    if (member?.afterResponse === 'ignored') return undefined;
    first ??= name;
    isStable ||= member !== undefined && hasRoleOf(member.role, 'pure');
    wishes = wishesOf(access, call, name, wishes);
    if (isPlain(whole, core, scopeOf)) {
      best = whole;
      bestWishes = wishes;
    }
    if (isClosed(whole, at, core, scopeOf)) break;
    at = scopeOf(whole, core) === undefined ? whole : castAround(whole);
  }
  if (best === undefined || first === undefined || hasComment(best)) return undefined;
  return { node: best, text: onOneLine(best), wishes: bestWishes, isStable, first };
}

/** The text of a chain without the breaks in it. */
function onOneLine(node: ts.Expression): string {
  return node.getText().replace(/\s*\r?\n\s*/g, '');
}

/** `res.locals`: an object stays the same; status and headers do not. */
function objectOf(start: ts.Expression, core: Core, scopeOf: ScopeOf): Read | undefined {
  const next = nextOf(start, core);
  if (next === undefined || next.call !== undefined || isWriteTarget(next.access)) return undefined;
  const { access, name } = next;
  const type = core.checker.getTypeAtLocation(access);
  const isObject = (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0;
  if (!isObject || !isPlain(access, core, scopeOf) || core.api.memberAt(access)?.afterResponse !== undefined)
    return undefined;
  return {
    node: access,
    text: access.getText(),
    wishes: wishesOf(access, undefined, name, []),
    isStable: false,
    first: name,
  };
}

/** `const { ip, params } = req;` as the whole use. */
export function patternReadOf({ node, scope }: LateRequestUse, core: Core, scopeOf: ScopeOf): PatternRead | undefined {
  if (scope.is === 'response' || scope.is === 'next') return undefined;
  const { parent } = node;
  if (!ts.isVariableDeclaration(parent) || parent.initializer !== node || !ts.isObjectBindingPattern(parent.name))
    return undefined;
  const list = parent.parent;
  if (!ts.isVariableDeclarationList(list) || list.declarations.length !== 1 || !ts.isVariableStatement(list.parent))
    return undefined;
  if (isNullable(node, core) || hasComment(list.parent) || (list.flags & ts.NodeFlags.Const) === 0) return undefined;
  const names: string[] = [];
  const first: string[] = [];
  for (const element of parent.name.elements) {
    if (!ts.isIdentifier(element.name) || element.dotDotDotToken !== undefined) return undefined;
    if (scopeOf(element.name, core) !== undefined) return undefined;
    names.push(element.name.text);
    first.push((element.propertyName ?? element.name).getText());
  }
  return { statement: list.parent, text: list.parent.getText(), names, first };
}

interface Next {
  readonly access: ts.ElementAccessExpression | ts.PropertyAccessExpression;
  /** The call of a pure getter. */
  readonly call?: ts.CallExpression;
  readonly name: string;
}

/** The next link of a chain: a property, or a pure getter with arguments that are there beforehand. */
function nextOf(at: ts.Expression, core: Core): Next | undefined {
  const access = at.parent;
  if (!ts.isPropertyAccessExpression(access) && !ts.isElementAccessExpression(access)) return undefined;
  if (access.expression !== at) return undefined;
  const name = nameOfAccess(access);
  if (name === undefined) return undefined;
  const outer = access.parent;
  if (!ts.isCallExpression(outer) || outer.expression !== access) return { access, name };
  const member = core.api.memberOf(outer);
  const isPure = member !== undefined && hasRoleOf(member.role, 'pure');
  return isPure && outer.arguments.every((argument) => isConstant(argument))
    ? { access, call: outer, name }
    : undefined;
}

function nameOfAccess(access: ts.ElementAccessExpression | ts.PropertyAccessExpression): string | undefined {
  if (ts.isPropertyAccessExpression(access)) return access.name.text;
  const index = bare(access.argumentExpression);
  return ts.isStringLiteralLike(index) || ts.isNumericLiteral(index) ? index.text : undefined;
}

function isConstant(argument: ts.Expression): boolean {
  const node = bare(argument);
  return ts.isStringLiteralLike(node) || ts.isNumericLiteral(node);
}

/** What a link is called: by its property, by the text that a getter gets. */
function wishesOf(
  access: ts.Expression,
  call: ts.CallExpression | undefined,
  name: string,
  before: readonly string[],
): readonly string[] {
  const [argument] = call?.arguments ?? [];
  const text = argument === undefined ? undefined : bare(argument);
  const asked = text !== undefined && ts.isStringLiteralLike(text) ? text.text : name;
  const own = camelCase(asked) ?? 'value';
  const [outer] = before;
  const full = /^x-/i.test(asked) ? camelCase(asked.replace(/^x-/i, 'x_')) : undefined;
  const root = rootOf(access);
  return [
    ...(GENERIC.has(own) && outer !== undefined ? [] : [own]),
    ...(full === undefined ? [] : [full]),
    ...(outer === undefined ? [] : [joined(outer, own)]),
    ...(ts.isIdentifier(root) ? [joined(root.text, own)] : []),
  ];
}

/** Names that say nothing without what they are of. */
const GENERIC: ReadonlySet<string> = new Set(['data', 'length', 'size', 'type', 'value']);

/** `(req as AuthenticatedRequest)`, parentheses included. */
function castAround(node: ts.Expression): ts.Expression {
  let at = node;
  for (;;) {
    const { parent } = at;
    const isCast =
      ts.isAsExpression(parent) || ts.isTypeAssertionExpression(parent) || ts.isSatisfiesExpression(parent);
    if (!isCast && !ts.isParenthesizedExpression(parent)) return at;
    at = parent;
  }
}

/** Is it a value that may stand alone: no request or stream any more, and no function taken off its object? */
function isPlain(node: ts.Expression, core: Core, scopeOf: ScopeOf): boolean {
  return scopeOf(node, core) === undefined && !isMethodOf(node, core);
}

function isMethodOf(node: ts.Expression, core: Core): boolean {
  if (ts.isCallExpression(node)) return false;
  const type = core.checker.getTypeAtLocation(node);
  return !isAnyLike(type) && core.checker.getNonNullableType(type).getCallSignatures().length > 0;
}

/** May going on fail where this is nothing, or where nobody knows what it is? */
function isClosed(whole: ts.Expression, before: ts.Expression, core: Core, scopeOf: ScopeOf): boolean {
  const { parent } = whole;
  if (isOptional(whole)) return false;
  if (ts.isNonNullExpression(parent)) return true;
  const type = declaredTypeOf(whole, before, core);
  if (isNullableType(type, core)) return true;
  return isAnyLike(type) && scopeOf(whole, core) === undefined;
}

/** `a` in `a?.b` */
function isOptional(node: ts.Expression): boolean {
  const { parent } = node;
  const isAccess = ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent);
  return isAccess && parent.expression === node && parent.questionDotToken !== undefined;
}

/** The type without what tests around it say. */
function declaredTypeOf(node: ts.Expression, of: ts.Expression, core: Core): ts.Type {
  const { checker } = core;
  if (ts.isPropertyAccessExpression(node)) {
    const symbol = checker.getPropertyOfType(checker.getNonNullableType(checker.getTypeAtLocation(of)), node.name.text);
    if (symbol !== undefined) return checker.getTypeOfSymbol(symbol);
  }
  return checker.getTypeAtLocation(node);
}

function isNullable(node: ts.Expression, core: Core): boolean {
  const symbol = ts.isIdentifier(node) ? symbolOf(node, core) : undefined;
  const type = symbol === undefined ? core.checker.getTypeAtLocation(node) : core.checker.getTypeOfSymbol(symbol);
  return isNullableType(type, core);
}

function isNullableType(type: ts.Type, core: Core): boolean {
  return !isAnyLike(type) && core.checker.getNonNullableType(type) !== type;
}

function hasRoleOf(roles: string | readonly string[], role: string): boolean {
  return typeof roles === 'string' ? roles === role : roles.includes(role);
}

/** Does anybody write one of the properties in a part of the code: `req.user = …`, `delete req.body`? */
export function isWrittenIn(root: ts.Node, firsts: ReadonlySet<string>, value: ts.Expression, from: number): boolean {
  const text = value.getText();
  const visit = (node: ts.Node): boolean => {
    const isAccess = ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
    if (isAccess && node.end > from && isWriteTarget(node)) {
      const name = nameAfter(node, text);
      if (name !== undefined && (name === '' || firsts.has(name))) return true;
    }
    return ts.forEachChild(node, (child) => visit(child) || undefined) ?? false;
  };
  return visit(root);
}

/** The property of the value that an access goes through; an empty text if it cannot be told. */
function nameAfter(node: ts.Expression, text: string): string | undefined {
  for (let at: ts.Expression = node; ts.isPropertyAccessExpression(at) || ts.isElementAccessExpression(at);) {
    const inner = bare(at.expression);
    if (inner.getText() === text) return nameOfAccess(at) ?? '';
    at = inner;
  }
  return undefined;
}

/** Can what a use begins with be written at a place: was it declared outside of what moves? */
export function isVisibleOutside(node: ts.Expression, whole: ts.Node, core: Core): boolean {
  const root = rootOf(node);
  if (root.kind === ts.SyntaxKind.ThisKeyword) return true;
  const declaration = ts.isIdentifier(root) ? symbolOf(root, core)?.valueDeclaration : undefined;
  return declaration !== undefined && !isInside(declaration, whole);
}
