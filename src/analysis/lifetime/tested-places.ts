import * as ts from 'typescript';
import { calleesOf, returnedBy } from '../effects/callees-of.ts';
import { isLeaf } from '../effects/is-leaf.ts';
import { readsAndWrites, translated } from '../effects/reads-and-writes.ts';
import type { Core } from '../facts.ts';
import type { Place } from '../places/place.ts';
import { within } from '../places/place.ts';
import { entryOf, keyOf, placeOf } from '../places/place-of.ts';
import { isReassigned, symbolOf } from '../places/symbols.ts';
import { bare, isUnset } from '../syntax/expressions.ts';
import { enclosingFunctionOf, isAsync } from '../syntax/functions.ts';

/**
 * What is known of a place where a test came out one way.
 *
 * - `empty`, `filled`: there is nothing (falsy, absent, no such entry), or something
 * - `equal`, `unequal`: it is, or is not, the value that was written in the test
 * - `below`, `above`: it is, or is not, under the other side of the comparison
 */
export type Outcome = 'above' | 'below' | 'empty' | 'equal' | 'filled' | 'unequal';

/** A place that a condition looks at. */
export interface TestedPlace {
  readonly place: Place;
  /** Where its value was taken: in the condition, or where a local got it. */
  readonly read: ts.Node;
  /** What a true condition says about it; a false one says the opposite. */
  readonly whenTrue: Outcome;
  /** For `equal` and `unequal`: the value, as written. */
  readonly value?: string;
  /** Is something of what lies there looked at (`this.client.isOpen`), not the place alone? */
  readonly isPart: boolean;
}

const OPPOSITE: Readonly<Record<Outcome, Outcome>> = {
  above: 'below',
  below: 'above',
  empty: 'filled',
  equal: 'unequal',
  filled: 'empty',
  unequal: 'equal',
};

/** What the place is known to be on one way of the test. */
export function outcomeOn(way: 'false' | 'true', { whenTrue }: TestedPlace): Outcome {
  return way === 'true' ? whenTrue : OPPOSITE[whenTrue];
}

/**
 * The places that one condition without `!`, `&&` and `||` decides by, and what its outcome says about them.
 *
 * Seen through locals that took the value before, through parts of the value, and through small functions that give it back.
 * Doubt: what is compared in another way than with a constant, a limit or nothing is not listed.
 */
export function testedPlaces(condition: ts.Expression, core: Core): readonly TestedPlace[] {
  return testedIn(condition, core, 0);
}

/** Locals followed from one to another. */
const MOST_LOCALS = 4;

function testedIn(condition: ts.Expression, core: Core, depth: number): readonly TestedPlace[] {
  const node = bare(condition);
  if (ts.isBinaryExpression(node)) return testedByOperator(node, core);
  const local = depth < MOST_LOCALS ? localConditionOf(node, core) : undefined;
  if (local !== undefined) return testedIn(local, core, depth + 1).map((tested) => ({ ...tested, read: local }));
  const asked = depth < MOST_LOCALS ? answerOf(node, core) : undefined;
  if (asked !== undefined) return testedIn(asked, core, depth + 1).map((tested) => ({ ...tested, read: node }));
  const negated = ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken;
  if (negated) {
    return testedIn(node.operand, core, depth).map((tested) => ({ ...tested, whenTrue: OPPOSITE[tested.whenTrue] }));
  }
  return lookedAt(node, core).map((seen) => ({ ...seen, whenTrue: isCount(seen.place) ? 'above' : 'filled' }));
}

/** What a small function without parameters answers: `isOpen() { return this.socket !== undefined; }`, asked of the same object. */
function answerOf(node: ts.Expression, core: Core): ts.Expression | undefined {
  if (!ts.isCallExpression(node) || node.arguments.length > 0) return undefined;
  const callee = bare(node.expression);
  const isOwn = ts.isIdentifier(callee) || (ts.isPropertyAccessExpression(callee) && isThis(callee.expression));
  if (!isOwn) return undefined;
  const { functions, isComplete } = core.ask(calleesOf, node);
  const [fn] = functions;
  if (!isComplete || functions.length !== 1 || fn === undefined || isAsync(fn) || !isLeaf(fn, core)) return undefined;
  const answers = returnedBy(fn);
  return answers.length === 1 ? answers[0] : undefined;
}

function isThis(node: ts.Expression): boolean {
  return bare(node).kind === ts.SyntaxKind.ThisKeyword;
}

/** `const isBusy = this.jobs >= this.limit;`: a condition that a local holds. */
function localConditionOf(node: ts.Expression, core: Core): ts.Expression | undefined {
  const source = ts.isIdentifier(node) ? sourceOf(node, core) : undefined;
  const isCondition =
    source !== undefined &&
    (ts.isBinaryExpression(source) || (ts.isPrefixUnaryExpression(source) && !ts.isNumericLiteral(source.operand)));
  return isCondition && (!ts.isBinaryExpression(source) || isComparison(source.operatorToken.kind))
    ? source
    : undefined;
}

/** What a true comparison says about its left side. */
function relationOf(kind: ts.SyntaxKind): Outcome | undefined {
  switch (kind) {
    case ts.SyntaxKind.LessThanToken:
    case ts.SyntaxKind.LessThanEqualsToken:
      return 'below';
    case ts.SyntaxKind.GreaterThanToken:
    case ts.SyntaxKind.GreaterThanEqualsToken:
      return 'above';
    default:
      return undefined;
  }
}

function isComparison(kind: ts.SyntaxKind): boolean {
  return relationOf(kind) !== undefined || isEquality(kind) || isInequality(kind) || kind === ts.SyntaxKind.InKeyword;
}

function isEquality(kind: ts.SyntaxKind): boolean {
  return kind === ts.SyntaxKind.EqualsEqualsEqualsToken || kind === ts.SyntaxKind.EqualsEqualsToken;
}

function isInequality(kind: ts.SyntaxKind): boolean {
  return kind === ts.SyntaxKind.ExclamationEqualsEqualsToken || kind === ts.SyntaxKind.ExclamationEqualsToken;
}

function testedByOperator(node: ts.BinaryExpression, core: Core): readonly TestedPlace[] {
  const { kind } = node.operatorToken;
  const left = bare(node.left);
  const right = bare(node.right);
  if (kind === ts.SyntaxKind.InKeyword) {
    const holder = placeOf(right, core);
    if (holder === undefined) return [];
    const place = within(holder, { is: 'entry', key: keyOf(left, core) });
    return [{ place, read: node, whenTrue: 'filled', isPart: false }];
  }
  const relation = relationOf(kind);
  if (relation !== undefined) {
    return [
      ...lookedAt(left, core).map((seen) => ({ ...seen, whenTrue: relation })),
      ...lookedAt(right, core).map((seen) => ({ ...seen, whenTrue: OPPOSITE[relation] })),
    ];
  }
  if (!isEquality(kind) && !isInequality(kind)) return [];
  const [subject, value] = isConstant(right, core) ? [left, right] : [right, left];
  if (!isConstant(value, core)) return [];
  const inner = ts.isTypeOfExpression(subject) ? bare(subject.expression) : subject;
  const meansNothing = isNothing(value) || (ts.isTypeOfExpression(subject) && value.getText() === "'undefined'");
  const equal = isEquality(kind);
  return lookedAt(inner, core).map((seen): TestedPlace => {
    if (isCount(seen.place)) return { ...seen, whenTrue: equal ? 'below' : 'above' };
    if (meansNothing) return { ...seen, whenTrue: equal ? 'empty' : 'filled' };
    if (value.kind === ts.SyntaxKind.TrueKeyword) return { ...seen, whenTrue: equal ? 'filled' : 'empty' };
    return { ...seen, whenTrue: equal ? 'equal' : 'unequal', value: value.getText() };
  });
}

/** `undefined`, `null`, `false`, `0`, `''`, `-1` (nothing was found). */
function isNothing(value: ts.Expression): boolean {
  if (isUnset(value)) return true;
  if (ts.isStringLiteralLike(value) || ts.isNumericLiteral(value)) return value.text === '' || value.text === '0';
  return ts.isPrefixUnaryExpression(value) && value.getText() === '-1';
}

/** A literal, nothing, or the member of an enum. */
function isConstant(value: ts.Expression, core: Core): boolean {
  const isLiteral =
    isNothing(value) ||
    ts.isStringLiteralLike(value) ||
    ts.isNumericLiteral(value) ||
    value.kind === ts.SyntaxKind.TrueKeyword;
  if (isLiteral) return true;
  const isPath = ts.isPropertyAccessExpression(value);
  return isPath && ((symbolOf(value.name, core)?.flags ?? 0) & ts.SymbolFlags.EnumMember) !== 0;
}

function isCount({ path }: Place): boolean {
  return path.at(-1)?.is === 'contents';
}

type Seen = Pick<TestedPlace, 'isPart' | 'place' | 'read'>;

/** The places whose value an expression gives, or a part of which it gives. */
function lookedAt(expression: ts.Expression, core: Core, depth = 0): readonly Seen[] {
  const node = bare(expression);
  if (depth > MOST_LOCALS) return [];
  if (ts.isIdentifier(node)) {
    const source = sourceOf(node, core);
    if (source !== undefined) return lookedAt(source, core, depth + 1).map((seen) => ({ ...seen, read: source }));
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken)
    return lookedAt(node.left, core, depth + 1);
  if (ts.isCallExpression(node)) return lookedAtByCall(node, core, depth);
  const found: Seen[] = [];
  const place = placeOf(node, core);
  if (place !== undefined) found.push({ place, read: node, isPart: false });
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) {
    const isSize = place?.path.at(-1)?.is === 'contents';
    if (!isSize) found.push(...lookedAt(node.expression, core, depth + 1).map((seen) => ({ ...seen, isPart: true })));
  }
  return found;
}

function lookedAtByCall(call: ts.CallExpression, core: Core, depth: number): readonly Seen[] {
  const member = core.api.plays(call, 'reads');
  if (member !== undefined) {
    const key = member.key === undefined ? undefined : core.api.argumentOf(call, member.key);
    const place = entryOf(call, key, core);
    return place === undefined ? [] : [{ place, read: call, isPart: false }];
  }
  const { functions, isComplete, through } = core.ask(calleesOf, call);
  const [callee] = functions;
  if (isComplete && functions.length === 1 && callee !== undefined && !isAsync(callee) && isLeaf(callee, core)) {
    return core
      .ask(readsAndWrites, callee)
      .returns.filter(({ isSame }) => isSame)
      .map(({ place }) => translated(place, call, { fn: callee, through, isCallback: false }, core))
      .filter((place) => place !== undefined)
      .map((place) => ({ place, read: call, isPart: false }));
  }
  const target = bare(call.expression);
  const isOfValue = ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target);
  return isOfValue ? lookedAt(target.expression, core, depth + 1).map((seen) => ({ ...seen, isPart: true })) : [];
}

/** What a local of the same function took, where it takes nothing else later; not across a wait. */
function sourceOf(name: ts.Identifier, core: Core): ts.Expression | undefined {
  const symbol = symbolOf(name, core);
  const declaration = symbol?.valueDeclaration;
  if (symbol === undefined || declaration === undefined) return undefined;
  if (!ts.isVariableDeclaration(declaration) || !ts.isIdentifier(declaration.name)) return undefined;
  if (ts.isSourceFile(enclosingFunctionOf(declaration))) return undefined;
  const source = declaration.initializer === undefined ? undefined : bare(declaration.initializer);
  if (source === undefined || ts.isAwaitExpression(source)) return undefined;
  const isFilledLater = core.ask(isReassigned, symbol);
  return isFilledLater && !isFirstTest(name, declaration) ? undefined : source;
}

/** `let hit = cache.get(id); if (!hit) { hit = … }`: the test comes before anything else is assigned. */
function isFirstTest(name: ts.Identifier, declaration: ts.VariableDeclaration): boolean {
  const home = enclosingFunctionOf(declaration);
  if (enclosingFunctionOf(name) !== home) return false;
  const visit = (node: ts.Node): boolean => {
    if (node.pos >= name.pos) return false;
    const isWrite =
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      ts.isIdentifier(bare(node.left)) &&
      bare(node.left).getText() === name.text &&
      node.end <= name.pos;
    return isWrite || (ts.forEachChild(node, visit) ?? false);
  };
  return !(ts.forEachChild(home, visit) ?? false);
}
