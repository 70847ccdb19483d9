import * as ts from 'typescript';
import { defineFact } from '../facts.ts';
import { fileNodes } from '../text/nodes.ts';
import { bare, isAssignmentOperator } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode, isFunctionNode } from '../syntax/functions.ts';
import { isInside } from '../syntax/inside.ts';
import { isBindingElement } from '../syntax/bindings.ts';

/** A piece of code that may put data of one run where others find it, told from the text alone. */
export interface StateSuspect {
  /**
   * - `assign`: a variable or property gets a value
   * - `merge`: `Object.assign(target, …)`
   * - `entry`: `state.set('user', value)`
   */
  readonly by: 'assign' | 'entry' | 'merge';
  /** What is written: the target, or the call. */
  readonly target: ts.Expression;
  /** What the new value comes from. */
  readonly values: readonly ts.Expression[];
  readonly fn: FunctionNode;
}

/**
 * Plain writes, inside functions, of something that the function does not declare itself: `current = …`, `this.user = …`,
 * `state.user = …`, `Object.assign(defaults, …)`. Files without one cost a walk and nothing else.
 *
 * Left out: constants (a latch), values computed from the old one (counters, lists), places that the function looks at first (memos,
 * caches), properties of what came as an argument, and what a constructor writes to its own object.
 */
export const stateSuspects = defineFact<ts.SourceFile, readonly StateSuspect[]>({
  name: 'state-suspects',
  scope: 'text',
  compute(file, core) {
    const found: StateSuspect[] = [];
    const add = (
      by: StateSuspect['by'],
      target: ts.Expression,
      values: readonly ts.Expression[],
      at: ts.Node,
    ): void => {
      const inner = bare(target);
      if (values.every(isConstant)) return;
      const root = rootOf(by === 'entry' ? receiverOf(inner) : inner);
      if (root === undefined) return;
      const fn = enclosingFunctionOf(at);
      if (ts.isSourceFile(fn) || !mayOutlive(root, inner, by, fn)) return;
      const looked = by === 'entry' ? receiverOf(inner) : inner;
      if (values.some((value) => names(value, looked)) || isLookedAtBefore(looked, at, fn)) return;
      found.push({ by, target: inner, values, fn });
    };
    const { binaries, calls } = core.ask(fileNodes, file);
    for (const node of binaries) {
      if (node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) continue;
      for (const target of targetsOf(node.left)) add('assign', target, [node.right], node);
    }
    for (const call of calls) {
      if (!ts.isCallExpression(call)) continue;
      const [first, ...rest] = call.arguments;
      if (first !== undefined && rest.length > 0 && isObjectAssign(call)) add('merge', first, rest, call);
      else if (first !== undefined && rest.length === 1 && isConstantEntry(call, first)) add('entry', call, rest, call);
    }
    return found;
  },
});

/** The names and accesses that an assignment writes: one, or all those of a pattern. */
function targetsOf(left: ts.Expression): readonly ts.Expression[] {
  const inner = bare(left);
  if (ts.isObjectLiteralExpression(inner)) {
    return inner.properties.flatMap((property) => {
      if (ts.isShorthandPropertyAssignment(property)) return [property.name];
      if (ts.isPropertyAssignment(property)) return targetsOf(property.initializer);
      return ts.isSpreadAssignment(property) ? targetsOf(property.expression) : [];
    });
  }
  if (ts.isArrayLiteralExpression(inner)) return inner.elements.flatMap((element) => targetsOf(element));
  if (ts.isSpreadElement(inner)) return targetsOf(inner.expression);
  if (ts.isBinaryExpression(inner)) return targetsOf(inner.left);
  return ts.isIdentifier(inner) || isAccess(inner) ? [inner] : [];
}

function isAccess(node: ts.Node): node is ts.ElementAccessExpression | ts.PropertyAccessExpression {
  return ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
}

function isObjectAssign({ expression }: ts.CallExpression): boolean {
  return (
    ts.isPropertyAccessExpression(expression) &&
    expression.name.text === 'assign' &&
    ts.isIdentifier(expression.expression) &&
    expression.expression.text === 'Object'
  );
}

/** `state.set('user', …)`: an entry under a name that is the same for all. */
function isConstantEntry({ expression }: ts.CallExpression, key: ts.Expression): boolean {
  return (
    ts.isPropertyAccessExpression(expression) && expression.name.text === 'set' && ts.isStringLiteralLike(bare(key))
  );
}

function receiverOf(node: ts.Node): ts.Node {
  return ts.isCallExpression(node) && isAccess(node.expression) ? bare(node.expression.expression) : node;
}

/** The name, or `this`, at which a path begins. */
function rootOf(node: ts.Node): ts.Node | undefined {
  let root = bare(node);
  while (isAccess(root)) {
    // A key that is not constant is the key of a store.
    if (ts.isElementAccessExpression(root) && !ts.isStringLiteralLike(bare(root.argumentExpression))) return undefined;
    root = bare(root.expression);
  }
  return ts.isIdentifier(root) || root.kind === ts.SyntaxKind.ThisKeyword ? root : undefined;
}

/** May what is written be there after the run of the function? */
function mayOutlive(root: ts.Node, target: ts.Node, by: StateSuspect['by'], fn: FunctionNode): boolean {
  const isWhole = root === target && by === 'assign';
  if (root.kind === ts.SyntaxKind.ThisKeyword) return !isWhole && ownerOfThis(root) === 'method';
  const { text } = root as ts.Identifier;
  const declaration = declarationFor(text, fn);
  if (declaration === undefined) return true;
  const isOwn = enclosingFunctionOf(declaration) === fn || isInside(declaration, fn);
  if (isWhole) return !isOwn && !ts.isParameter(parameterAround(declaration) ?? declaration);
  return isOwn || ts.isParameter(declaration) ? isOtherName(declaration) : ts.isVariableDeclaration(declaration);
}

function ownerOfThis(node: ts.Node): 'constructor' | 'function' | 'method' {
  for (let around = node.parent as ts.Node | undefined; around !== undefined; around = around.parent) {
    if (ts.isConstructorDeclaration(around)) return 'constructor';
    if (ts.isClassLike(around)) return 'method';
    if (ts.isMethodDeclaration(around) && ts.isObjectLiteralExpression(around.parent)) return 'method';
    if ((ts.isFunctionExpression(around) || ts.isFunctionDeclaration(around)) && !ts.isClassLike(around.parent))
      return 'function';
  }
  return 'function';
}

function parameterAround(declared: ts.Node): ts.Node | undefined {
  return isBindingElement(declared) ? ts.walkUpBindingElementsAndPatterns(declared) : declared;
}

/** `const options = defaults`, `(options = defaults)`: another name for an object that somebody else has. */
function isOtherName(declared: ts.Node): boolean {
  if (!ts.isVariableDeclaration(declared) && !ts.isParameter(declared)) return false;
  if (declared.initializer === undefined || !ts.isIdentifier(declared.name)) return false;
  const value = bare(declared.initializer);
  return ts.isIdentifier(value) || isAccess(value);
}

/** Where a function or those around it declare a name; `undefined` when none of them does. */
function declarationFor(name: string, fn: FunctionNode): ts.Node | undefined {
  for (let around: ts.Node = fn; !ts.isSourceFile(around); around = around.parent) {
    const found = isFunctionNode(around) ? declaredIn(around).get(name) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

const declarations = new WeakMap<FunctionNode, ReadonlyMap<string, ts.Node>>();

/** What a function declares itself, the first declaration of each name; those of functions in it are not in sight. */
function declaredIn(fn: FunctionNode): ReadonlyMap<string, ts.Node> {
  const known = declarations.get(fn);
  if (known !== undefined) return known;
  const found = new Map<string, ts.Node>();
  const visit = (node: ts.Node): void => {
    const isDeclaration = ts.isVariableDeclaration(node) || ts.isParameter(node) || isBindingElement(node);
    if (isDeclaration && ts.isIdentifier(node.name) && !found.has(node.name.text)) found.set(node.name.text, node);
    if (!ts.isToken(node) && !isFunctionNode(node)) ts.forEachChild(node, visit);
  };
  ts.forEachChild(fn, visit);
  declarations.set(fn, found);
  return found;
}

/** Is the value the same for every run, or nothing of the run's data? */
function isConstant(value: ts.Expression): boolean {
  const inner = bare(value);
  if (ts.isLiteralExpression(inner) || isFunctionNode(inner) || ts.isClassExpression(inner)) return true;
  switch (inner.kind) {
    case ts.SyntaxKind.TrueKeyword:
    case ts.SyntaxKind.FalseKeyword:
    case ts.SyntaxKind.NullKeyword:
      return true;
    default:
  }
  if (ts.isIdentifier(inner)) return inner.text === 'undefined' || inner.text === 'NaN' || inner.text === 'Infinity';
  if (ts.isPrefixUnaryExpression(inner)) return isConstant(inner.operand);
  if (ts.isVoidExpression(inner)) return true;
  if (ts.isArrayLiteralExpression(inner)) return inner.elements.every(isConstant);
  if (ts.isNewExpression(inner)) return (inner.arguments ?? []).every(isConstant);
  if (ts.isCallExpression(inner)) {
    const callee = bare(inner.expression);
    return inner.arguments.length === 0 && isAccess(callee) && bare(callee.expression).getText() === 'Date';
  }
  if (!ts.isObjectLiteralExpression(inner)) return false;
  return inner.properties.every(
    (property) =>
      ts.isMethodDeclaration(property) || (ts.isPropertyAssignment(property) && isConstant(property.initializer)),
  );
}

/** Does an expression read what is written (`rows = [...rows, row]`)? */
function names(value: ts.Node, target: ts.Node): boolean {
  const wanted = target.getText();
  const visit = (node: ts.Node): boolean => {
    if (node.kind === target.kind && node.getText() === wanted && !isNameOfMember(node)) return true;
    return ts.forEachChild(node, visit) ?? false;
  };
  return visit(value);
}

function isNameOfMember(node: ts.Node): boolean {
  const { parent } = node;
  return (
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    (ts.isPropertyAssignment(parent) && parent.name === node) ||
    ts.isTypeNode(parent)
  );
}

/** Does a condition that leads to the write, or stands before it, look at the place: is it a memo, a claim, a cache? */
function isLookedAtBefore(target: ts.Node, at: ts.Node, fn: FunctionNode): boolean {
  let child: ts.Node = at;
  for (let around = at.parent; child !== fn; child = around, around = around.parent) {
    if (ts.isIfStatement(around) && child !== around.expression && names(around.expression, target)) return true;
    if (ts.isConditionalExpression(around) && child !== around.condition && names(around.condition, target))
      return true;
    if (
      ts.isBinaryExpression(around) &&
      !isAssignmentOperator(around.operatorToken.kind) &&
      child === around.right &&
      names(around.left, target)
    ) {
      return true;
    }
    if (ts.isWhileStatement(around) && names(around.expression, target)) return true;
    const list = ts.isBlock(around) || ts.isCaseOrDefaultClause(around) ? around.statements : [];
    for (const earlier of list) {
      if (earlier === child) break;
      if (ts.isIfStatement(earlier) && names(earlier.expression, target)) return true;
    }
  }
  return false;
}
