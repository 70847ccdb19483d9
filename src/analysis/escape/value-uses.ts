import * as ts from 'typescript';
import type { Core } from '../facts.ts';
import { isAssignmentOperator, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode } from '../syntax/functions.ts';
import { isLocal, referencesOf, symbolAt } from './references.ts';
import { isBindingElement } from '../syntax/bindings.ts';

/**
 * What happens to a value at one place.
 *
 * - `argument`: passed to a call (`by`); `argument` is its place, `undefined` for a spread
 * - `awaited`, `returned`, `yielded`, `thrown`, `dropped` (a statement of its own, `void`, left of a comma), `exported`
 * - `called`: it is the function called (`by`); `method`: the receiver of the call `by`; `read`, `written`: one of its properties
 *   is; `iterated`: `for … of`, spread, array pattern; `tested`: a condition, comparison, `typeof`, `!`
 * - `stored`: assigned to what other code reaches: a field, an entry, a module variable (`target`)
 * - `disposed`: bound by `using`
 * - `rebound`: the variable that holds it gets another value
 * - `other`: anything the walk does not know
 */
export type UseKind =
  | 'argument'
  | 'awaited'
  | 'called'
  | 'disposed'
  | 'dropped'
  | 'exported'
  | 'iterated'
  | 'method'
  | 'other'
  | 'read'
  | 'rebound'
  | 'returned'
  | 'stored'
  | 'tested'
  | 'thrown'
  | 'written'
  | 'yielded';

/** One use of a value. */
export interface ValueUse {
  readonly kind: UseKind;
  /** The expression that stands for the value (or for what holds it) at this place. */
  readonly node: ts.Node;
  /** What uses it: the call, the statement, the assignment. */
  readonly by: ts.Node;
  readonly argument?: number;
  /** For `stored`: the field, entry or variable. */
  readonly target?: ts.Node;
  /** The function in which it happens; a closure when it is not the one that has the value. */
  readonly within: FunctionNode;
  /** The object or array literal that holds the value here, if it is not used itself. */
  readonly heldIn?: ts.Expression;
  /** Does the use follow an `await` of the value? */
  readonly isAfterAwait: boolean;
  /** May the value be another one here: a conditional, `??`, a variable assigned more than once? */
  readonly isMaybe: boolean;
}

export interface FollowOptions {
  /** Go on with the value of `await x`. Default: no. */
  readonly awaits?: boolean;
  /** Go on with the value of this call, on whose receiver or argument the value stands (`f.bind(this)`, `p.catch(g)`). */
  through?(use: ValueUse): ts.Expression | undefined;
}

/** Expressions and names that one walk may look at. */
const MOST_PLACES = 2_000;

interface Place {
  readonly node: ts.Node;
  readonly heldIn?: ts.Expression;
  /** The property of the holder under which the value stands. */
  readonly key?: string;
  readonly isAfterAwait: boolean;
  readonly isMaybe: boolean;
}

/**
 * Every use of the value of an expression, through aliases: wrappers, conditionals, `??`, comma, assignments, local variables,
 * object and array literals. Order: that of the text, as far as one place leads to another.
 *
 * @returns the uses; `undefined` when the budget was used up
 */
export function usesOf(start: ts.Expression, core: Core, options: FollowOptions = {}): readonly ValueUse[] | undefined {
  return follow([{ node: start, isAfterAwait: false, isMaybe: false }], core, options);
}

/** Every use of the value that a variable, parameter, function or member holds. */
export function usesOfSymbol(
  symbol: ts.Symbol,
  core: Core,
  options: FollowOptions = {},
): readonly ValueUse[] | undefined {
  const places = referencesOf(symbol, core).map((node): Place => ({ node, isAfterAwait: false, isMaybe: false }));
  return follow(places, core, options);
}

function follow(start: readonly Place[], core: Core, options: FollowOptions): readonly ValueUse[] | undefined {
  const uses: ValueUse[] = [];
  const seenSymbols = new Set<ts.Symbol>();
  const seenNodes = new Set<ts.Node>();
  const open: Place[] = [...start].reverse();
  let budget = MOST_PLACES;

  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    if (--budget < 0) return undefined;
    if (seenNodes.has(place.node)) continue;
    seenNodes.add(place.node);
    visit(place);
  }
  return uses;

  function visit(place: Place): void {
    const node = nameOrAccess(place.node);
    const outer = wrapped(node);
    const parent = outer.parent as ts.Node | undefined;
    if (parent === undefined) return;

    if (ts.isAwaitExpression(parent)) {
      add('awaited', place, outer, parent);
      if (options.awaits === true) go({ ...place, isAfterAwait: true }, parent);
    } else if (ts.isConditionalExpression(parent)) {
      if (parent.condition === outer) add('tested', place, outer, parent);
      else go({ ...place, isMaybe: true }, parent);
    } else if (ts.isBinaryExpression(parent)) {
      binary(place, outer as ts.Expression, parent);
    } else if (ts.isVariableDeclaration(parent) && parent.initializer === outer) {
      const isUsing = ts.isVariableDeclarationList(parent.parent) && (parent.parent.flags & ts.NodeFlags.Using) !== 0;
      if (isUsing) add('disposed', place, outer, parent);
      bindTo(parent.name, place, outer, parent);
    } else if ((isBindingElement(parent) || ts.isParameter(parent)) && parent.initializer === outer) {
      bindTo(parent.name, { ...place, isMaybe: true }, outer, parent);
    } else if (ts.isPropertyAssignment(parent) || ts.isShorthandPropertyAssignment(parent)) {
      property(place, outer, parent);
    } else if (ts.isSpreadAssignment(parent)) {
      add('read', place, outer, parent);
    } else if (ts.isArrayLiteralExpression(parent)) {
      if (isPattern(parent)) add('rebound', place, outer, parent);
      else go({ ...place, heldIn: parent }, parent);
    } else if (ts.isSpreadElement(parent)) {
      const call = parent.parent;
      if (ts.isCallExpression(call) || ts.isNewExpression(call)) add('argument', place, outer, call);
      else if (place.heldIn !== undefined && ts.isArrayLiteralExpression(call)) go({ ...place, heldIn: call }, call);
      else add('iterated', place, outer, parent);
    } else if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) {
      if (parent.expression === outer) add('called', place, outer, parent);
      else add('argument', place, outer, parent, { argument: parent.arguments?.indexOf(outer as ts.Expression) ?? 0 });
    } else if (ts.isTaggedTemplateExpression(parent)) {
      add('called', place, outer, parent);
    } else if (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) {
      access(place, outer, parent);
    } else if (ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === outer)) {
      add('returned', place, outer, parent);
    } else if (ts.isYieldExpression(parent)) {
      add('yielded', place, outer, parent);
    } else if (ts.isThrowStatement(parent)) {
      add('thrown', place, outer, parent);
    } else if (ts.isExpressionStatement(parent) || ts.isVoidExpression(parent)) {
      add('dropped', place, outer, parent);
    } else if (ts.isExportAssignment(parent) || ts.isExportSpecifier(parent)) {
      add('exported', place, outer, parent);
    } else if (ts.isPropertyDeclaration(parent) && parent.initializer === outer) {
      add('stored', place, outer, parent, { target: parent.name });
    } else if (ts.isForOfStatement(parent) && parent.expression === outer) {
      add('iterated', place, outer, parent);
    } else if (isTest(parent, outer)) {
      add('tested', place, outer, parent);
    } else if (ts.isTemplateSpan(parent)) {
      add('read', place, outer, parent);
    } else if (ts.isImportSpecifier(parent) || ts.isImportClause(parent)) {
      return;
    } else {
      add('other', place, outer, parent);
    }
  }

  function binary(place: Place, outer: ts.Expression, parent: ts.BinaryExpression): void {
    const operator = parent.operatorToken.kind;
    const isLeft = parent.left === outer;
    if (isAssignmentOperator(operator)) {
      if (isLeft) {
        add('rebound', place, outer, parent);
        return;
      }
      assign(place, outer, parent.left, parent);
      if (!ts.isExpressionStatement(wrapped(parent).parent)) go(place, parent);
    } else if (operator === ts.SyntaxKind.CommaToken) {
      if (isLeft) add('dropped', place, outer, parent);
      else go(place, parent);
    } else if (operator === ts.SyntaxKind.QuestionQuestionToken || operator === ts.SyntaxKind.BarBarToken) {
      go({ ...place, isMaybe: true }, parent);
    } else if (operator === ts.SyntaxKind.AmpersandAmpersandToken) {
      if (isLeft) add('tested', place, outer, parent);
      else go({ ...place, isMaybe: true }, parent);
    } else {
      add('tested', place, outer, parent);
    }
  }

  function assign(place: Place, outer: ts.Node, left: ts.Expression, by: ts.Node): void {
    const target = ts.isParenthesizedExpression(left) ? left.expression : left;
    if (ts.isIdentifier(target)) {
      const symbol = symbolAt(target, core.checker);
      if (symbol !== undefined && isLocal(symbol)) alias(symbol, { ...place, isMaybe: true });
      else add('stored', place, outer, by, { target });
    } else if (ts.isObjectLiteralExpression(target) || ts.isArrayLiteralExpression(target)) {
      add(ts.isArrayLiteralExpression(target) ? 'iterated' : 'read', place, outer, by);
    } else {
      add('stored', place, outer, by, { target });
    }
  }

  function bindTo(name: ts.BindingName, place: Place, outer: ts.Node, by: ts.Node): void {
    if (!ts.isIdentifier(name)) {
      if (place.heldIn === undefined) {
        add(ts.isArrayBindingPattern(name) ? 'iterated' : 'read', place, outer, by);
        return;
      }
      for (const element of name.elements) {
        if (!isBindingElement(element)) continue;
        const taken = element.propertyName ?? element.name;
        if (place.key !== undefined && ts.isIdentifier(taken) && taken.text !== place.key) continue;
        bindTo(element.name, held(place, undefined), outer, by);
      }
      return;
    }
    const symbol = core.checker.getSymbolAtLocation(name);
    if (symbol === undefined) return;
    if (isLocal(symbol)) {
      alias(symbol, place);
    } else {
      add('stored', place, outer, by, { target: name });
      alias(symbol, place);
    }
  }

  function alias(symbol: ts.Symbol, place: Place): void {
    if (seenSymbols.has(symbol)) return;
    seenSymbols.add(symbol);
    for (const reference of [...referencesOf(symbol, core)].reverse()) {
      open.push({ ...place, node: reference });
    }
  }

  function property(
    place: Place,
    outer: ts.Node,
    parent: ts.PropertyAssignment | ts.ShorthandPropertyAssignment,
  ): void {
    const literal = parent.parent;
    if (isPattern(literal)) {
      add('rebound', place, outer, parent);
      return;
    }
    const { name } = parent;
    const key = ts.isIdentifier(name) || ts.isStringLiteralLike(name) ? name.text : undefined;
    go({ ...place, heldIn: literal, ...(key === undefined ? {} : { key }) }, literal);
  }

  function access(
    place: Place,
    outer: ts.Node,
    parent: ts.ElementAccessExpression | ts.PropertyAccessExpression,
  ): void {
    if (ts.isElementAccessExpression(parent) && parent.argumentExpression === outer) {
      add('read', place, outer, parent);
      return;
    }
    const key = ts.isPropertyAccessExpression(parent) ? parent.name.text : undefined;
    const top = wrapped(parent);
    const user = top.parent;
    if (place.heldIn !== undefined && (place.key === undefined ? key === undefined : place.key === key)) {
      const isTarget =
        ts.isBinaryExpression(user) && user.left === top && isAssignmentOperator(user.operatorToken.kind);
      if (isTarget) add('rebound', place, outer, user);
      else go(held(place, undefined), parent);
      return;
    }
    if (ts.isCallExpression(user) && user.expression === top) {
      add('method', place, outer, user);
    } else if (ts.isBinaryExpression(user) && user.left === top && isAssignmentOperator(user.operatorToken.kind)) {
      add('written', place, outer, user);
    } else if (
      ts.isDeleteExpression(user) ||
      ((ts.isPrefixUnaryExpression(user) || ts.isPostfixUnaryExpression(user)) && isUpdate(user))
    ) {
      add('written', place, outer, user);
    } else {
      add('read', place, outer, parent);
    }
  }

  function held(place: Place, holder: ts.Expression | undefined): Place {
    const { node, isAfterAwait, isMaybe } = place;
    return { node, isAfterAwait, isMaybe, ...(holder === undefined ? {} : { heldIn: holder }) };
  }

  function go(place: Place, node: ts.Node): void {
    open.push({ ...place, node });
  }

  function add(
    kind: UseKind,
    place: Place,
    node: ts.Node,
    by: ts.Node,
    more: { argument?: number; target?: ts.Node } = {},
  ): void {
    const { heldIn, isAfterAwait, isMaybe } = place;
    const use: ValueUse = {
      kind,
      node,
      by,
      within: enclosingFunctionOf(node),
      isAfterAwait,
      isMaybe,
      ...(heldIn === undefined ? {} : { heldIn }),
      ...more,
    };
    const further = options.through?.(use);
    if (further === undefined) uses.push(use);
    else go(place, further);
  }
}

/** For the name of `this.x` or `a.b`, the access; for anything else the node itself. */
function nameOrAccess(node: ts.Node): ts.Node {
  const parent = node.parent as ts.Node | undefined;
  return parent !== undefined && ts.isPropertyAccessExpression(parent) && parent.name === node ? parent : node;
}

/** Is the literal the left side of a destructuring assignment? */
function isPattern(literal: ts.ArrayLiteralExpression | ts.ObjectLiteralExpression): boolean {
  let node: ts.Node = wrapped(literal);
  let parent = node.parent as ts.Node | undefined;
  while (
    parent !== undefined &&
    (ts.isPropertyAssignment(parent) || ts.isArrayLiteralExpression(parent) || ts.isObjectLiteralExpression(parent))
  ) {
    node = wrapped(parent);
    parent = node.parent;
  }
  if (parent === undefined) return false;
  if (ts.isForOfStatement(parent)) return parent.initializer === node;
  return (
    ts.isBinaryExpression(parent) && parent.left === node && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
  );
}

function isUpdate(node: ts.PostfixUnaryExpression | ts.PrefixUnaryExpression): boolean {
  return node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken;
}

function isTest(parent: ts.Node, node: ts.Node): boolean {
  if (ts.isPrefixUnaryExpression(parent) || ts.isTypeOfExpression(parent) || ts.isPostfixUnaryExpression(parent))
    return true;
  if (ts.isForStatement(parent)) return parent.condition === node;
  return (
    ts.isIfStatement(parent) ||
    ts.isWhileStatement(parent) ||
    ts.isDoStatement(parent) ||
    ts.isSwitchStatement(parent) ||
    ts.isCaseClause(parent)
  );
}
