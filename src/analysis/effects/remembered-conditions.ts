import * as ts from 'typescript';
import type { Core } from '../facts.ts';
import type { Edge, FlowGraph, Step } from '../flow/graph.ts';
import { isReassigned, isWriteTarget, symbolOf } from '../places/symbols.ts';
import { accessedNameOf, bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode } from '../syntax/functions.ts';
import { identifiersNamed } from '../text/mentions.ts';

/** What is known on a path: whether what a key stands for is true. */
export type Memory = ReadonlyMap<string, boolean>;

/** What the conditions of a function say about each other. */
export interface RememberedConditions {
  /** Is there anything to remember? */
  readonly isAny: boolean;
  /** What is known behind an edge; `undefined` when what was known says that the edge is not taken. */
  along(edge: Edge, step: Step, before: Memory): Memory | undefined;
}

/**
 * The conditions of a function that ask again, on one path, what was asked or set before: flags (`committed = true`), conditions that do
 * not change (`if (!outer)` twice), constants that stand for them.
 *
 * Doubt falls to "not known": variables that closures write, what calls give. A property stays as it is until it is written here, a
 * member of its holder is called or the holder is handed to somebody. Those that objects have about themselves (`this.stopping`,
 * `signal.aborted`) may change at every wait; what a plain value holds (`options.transactional`) does not.
 *
 * @param taken a call whose result is assumed to say yes: what is read from it is true
 */
export function rememberedConditions(graph: FlowGraph, core: Core, taken?: ts.Node): RememberedConditions {
  return new ConditionReader(graph, core, taken);
}

/** A condition by its key: what the key stands for, or its opposite. */
interface Asked {
  readonly key: string;
  readonly isNegated: boolean;
}

/** Constants that stand for constants: how many are followed. */
const MOST_NAMES = 8;

class ConditionReader implements RememberedConditions {
  readonly isAny: boolean;
  private readonly fn: FunctionNode;
  private readonly core: Core;
  private readonly taken: ts.Node | undefined;
  private readonly names = new Map<ts.Symbol, string | undefined>();
  /** Keys of properties that may be another value after a wait. */
  private readonly fleeting = new Set<string>();
  /** Keys of the project's own `readonly` properties. */
  private readonly lasting = new Set<string>();
  /** What is asked at two places, or asked and written. */
  private readonly matters: ReadonlySet<string>;

  constructor({ fn, steps }: FlowGraph, core: Core, taken: ts.Node | undefined) {
    this.fn = fn;
    this.core = core;
    this.taken = taken;
    const asked = new Map<string, Set<ts.Node>>();
    const written = new Set<string>();
    for (const step of steps) {
      const key = step.kind === 'write' ? this.keyOf(step.node) : undefined;
      if (key !== undefined) written.add(key);
      if (step.kind !== 'branch') continue;
      for (const each of this.keysIn(step.node)) asked.set(each, (asked.get(each) ?? new Set()).add(step.node));
    }
    const isWritten = (key: string): boolean => [...written].some((each) => key.startsWith(each));
    this.matters = new Set([...asked].flatMap(([key, { size }]) => (size > 1 || isWritten(key) ? [key] : [])));
    this.isAny = taken !== undefined || this.matters.size > 0;
  }

  along(edge: Edge, step: Step, before: Memory): Memory | undefined {
    if (step.kind === 'branch') return this.behindBranch(edge, step.node, before);
    if (edge.way === 'throw') return before;
    if (step.kind === 'write') return this.afterWrite(step, before);
    if (step.kind === 'suspend') return this.afterWait(before);
    return step.kind === 'call' ? this.afterCall(step.node, before) : before;
  }

  private behindBranch({ way }: Edge, node: ts.Node, before: Memory): Memory | undefined {
    if (!ts.isExpression(node) || (way !== 'true' && way !== 'false')) return before;
    const holds = way === 'true';
    const { parent } = node;
    if (ts.isCaseClause(parent)) {
      const asked = this.comparison(parent.parent.parent.expression, node, false);
      return asked === undefined ? before : this.behindAsked(asked, holds, before);
    }
    // Where it is asked whether there is a value, it may be `false` as well.
    const known = this.valueOf(node, before);
    if (asksForValue(node))
      return known === true && !holds ? undefined : holds ? before : this.learn(node, false, before);
    return known === !holds ? undefined : this.learn(node, holds, before);
  }

  private behindAsked(asked: Asked, holds: boolean, before: Memory): Memory | undefined {
    return this.recall(asked, before) === !holds ? undefined : this.with(before, asked.key, holds !== asked.isNegated);
  }

  private afterWrite({ node, write }: Step, before: Memory): Memory {
    const key = this.keyOf(node);
    if (key === undefined) return before;
    const after = new Map([...before].filter(([each]) => !each.includes(key)));
    const value = write?.value;
    if (value === undefined || write === undefined) return after;
    const isOfTaken = this.isOfTaken(value, before);
    if (isOfTaken) after.set(`${key}.`, true);
    if (write.how === 'destructure') return isOfTaken ? after.set(key, true) : after;
    if (write.how !== 'assign' && write.how !== 'declare' && write.how !== 'logical') return after;
    const known = this.valueOf(value, before);
    const literal = this.literalOf(value);
    const told = known === undefined ? after : this.with(after, key, known);
    return literal === undefined ? told : this.with(told, `${key}==${literal}`, true);
  }

  private afterWait(before: Memory): Memory {
    const isFleeting = (key: string): boolean => [...this.fleeting].some((each) => key.includes(each));
    return this.fleeting.size === 0 || before.size === 0 ? before : without(before, isFleeting);
  }

  /** The holder whose member is called, and what is handed over, may change what they hold. */
  private afterCall(node: ts.Node, before: Memory): Memory {
    if (before.size === 0 || !(ts.isCallExpression(node) || ts.isNewExpression(node))) return before;
    const callee = bare(node.expression);
    const touched = ts.isPropertyAccessExpression(callee) ? [callee.expression] : [];
    const holders = [...touched, ...(node.arguments ?? [])].flatMap((each) => this.keyOf(each) ?? []);
    const mayChange = (key: string): boolean =>
      holders.some((holder) => key.includes(`${holder}.`) && key !== `${holder}.`) &&
      ![...this.lasting].some((each) => key.includes(each));
    return holders.length === 0 ? before : without(before, mayChange);
  }

  /** What is known of a value: does it count as true? */
  private valueOf(node: ts.Expression, memory: Memory, depth = 0): boolean | undefined {
    const inner = bare(node);
    const literal = truthOf(inner);
    if (literal !== undefined) return literal;
    if (ts.isPrefixUnaryExpression(inner) && inner.operator === ts.SyntaxKind.ExclamationToken)
      return opposite(this.valueOf(inner.operand, memory, depth));
    if (ts.isBinaryExpression(inner)) {
      const { left, operatorToken, right } = inner;
      const { kind } = operatorToken;
      if (kind === ts.SyntaxKind.QuestionQuestionToken)
        return this.valueOf(left, memory, depth) === true ? true : undefined;
      if (isJunction(kind)) {
        const first = this.valueOf(left, memory, depth);
        const isDecided = first === undefined || first === (kind === ts.SyntaxKind.BarBarToken);
        return isDecided ? first : this.valueOf(right, memory, depth);
      }
    }
    const asked = this.askedBy(inner);
    const known = asked === undefined ? undefined : this.recall(asked, memory);
    if (known !== undefined) return known;
    const ofTaken = this.saysTaken(inner, memory);
    if (ofTaken !== undefined || depth > MOST_NAMES) return ofTaken;
    const meant = this.meantBy(inner);
    return meant === undefined ? undefined : this.valueOf(meant, memory, depth + 1);
  }

  private recall({ key, isNegated }: Asked, memory: Memory): boolean | undefined {
    const known = memory.get(key);
    if (known !== undefined) return known !== isNegated;
    const side = /^(.*==)[^=]+$/.exec(key)?.[1];
    const isOther = side !== undefined && [...memory].some(([each, holds]) => holds && each.startsWith(side));
    return isOther ? isNegated : undefined;
  }

  private learn(node: ts.Expression, holds: boolean, memory: Memory, depth = 0): Memory {
    const inner = bare(node);
    if (ts.isPrefixUnaryExpression(inner) && inner.operator === ts.SyntaxKind.ExclamationToken)
      return this.learn(inner.operand, !holds, memory, depth);
    if (ts.isBinaryExpression(inner) && isJunction(inner.operatorToken.kind)) {
      const isAnd = inner.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken;
      if (isAnd !== holds) return memory;
      return this.learn(inner.right, holds, this.learn(inner.left, holds, memory, depth), depth);
    }
    const asked = this.askedBy(inner);
    const learnt = asked === undefined ? memory : this.with(memory, asked.key, holds !== asked.isNegated);
    const meant = depth > MOST_NAMES ? undefined : this.meantBy(inner);
    return meant === undefined ? learnt : this.learn(meant, holds, learnt, depth + 1);
  }

  private with(memory: Memory, key: string, holds: boolean): Memory {
    return this.matters.has(key) && memory.get(key) !== holds ? new Map(memory).set(key, holds) : memory;
  }

  /** The keys that a condition asks for. */
  private keysIn(node: ts.Node, depth = 0): readonly string[] {
    if (!ts.isExpression(node)) return [];
    const inner = bare(node);
    if (ts.isCaseClause(node.parent)) {
      const asked = this.comparison(node.parent.parent.parent.expression, node, false);
      return asked === undefined ? [] : [asked.key];
    }
    if (ts.isPrefixUnaryExpression(inner)) return this.keysIn(inner.operand, depth);
    if (ts.isBinaryExpression(inner) && isJunction(inner.operatorToken.kind))
      return [...this.keysIn(inner.left, depth), ...this.keysIn(inner.right, depth)];
    const asked = this.askedBy(inner);
    const meant = depth > MOST_NAMES ? undefined : this.meantBy(inner);
    return [...(asked === undefined ? [] : [asked.key]), ...(meant === undefined ? [] : this.keysIn(meant, depth + 1))];
  }

  private askedBy(inner: ts.Expression): Asked | undefined {
    if (ts.isBinaryExpression(inner)) {
      const { left, operatorToken, right } = inner;
      const isNegated = isUnequal(operatorToken.kind);
      if (isNegated || isEqual(operatorToken.kind))
        return this.comparison(left, right, isNegated) ?? this.comparison(right, left, isNegated);
      const [one, other] = [this.keyOf(left), this.keyOf(right) ?? this.literalOf(right)];
      const operator = operatorToken.getText();
      return one === undefined || other === undefined ? undefined : { key: `${one} ${operator} ${other}`, isNegated };
    }
    const key = this.keyOf(inner);
    return key === undefined ? undefined : { key, isNegated: false };
  }

  /** `mode === 'write'`; a comparison with nothing, `true` or `false` asks for the side itself. */
  private comparison(side: ts.Expression, other: ts.Expression, isNegated: boolean): Asked | undefined {
    const key = this.keyOf(side);
    if (key === undefined) return undefined;
    const inner = bare(other);
    if (isNothing(inner) || inner.kind === ts.SyntaxKind.FalseKeyword) {
      const isOnly = isOnlyFalse(this.core.checker.getTypeAtLocation(side), isNothing(inner));
      return isOnly
        ? { key, isNegated: !isNegated }
        : { key: `${key}==${isNothing(inner) ? 'null' : 'false'}`, isNegated };
    }
    if (inner.kind === ts.SyntaxKind.TrueKeyword) return { key, isNegated };
    const literal = this.literalOf(inner);
    return literal === undefined ? undefined : { key: `${key}==${literal}`, isNegated };
  }

  /** The text of a literal, or of a constant of a literal type. */
  private literalOf(node: ts.Expression): string | undefined {
    const inner = bare(node);
    if (ts.isStringLiteralLike(inner) || ts.isNumericLiteral(inner)) return JSON.stringify(inner.text);
    if (!ts.isIdentifier(inner) && !ts.isPropertyAccessExpression(inner)) return undefined;
    const type = this.core.checker.getTypeAtLocation(inner);
    return type.isStringLiteral() || type.isNumberLiteral() ? JSON.stringify(String(type.value)) : undefined;
  }

  /** A name for what a variable or a path of properties holds. */
  private keyOf(node: ts.Node): string | undefined {
    const inner = bare(node);
    if (inner.kind === ts.SyntaxKind.ThisKeyword) return 'this';
    if (ts.isIdentifier(inner)) return this.nameOf(inner);
    if (ts.isPropertyAccessExpression(inner) || ts.isElementAccessExpression(inner)) {
      const name = accessedNameOf(inner) ?? indexOf(inner);
      const holder = name === undefined ? undefined : this.keyOf(inner.expression);
      if (holder === undefined) return undefined;
      const key = `${holder}.${name}`;
      const lasts = lastingOf(inner, this.core);
      if (lasts === 'for-good') this.lasting.add(key);
      if (lasts === 'until-a-wait') this.fleeting.add(key);
      return key;
    }
    return undefined;
  }

  private nameOf(node: ts.Identifier): string | undefined {
    const symbol = symbolOf(node, this.core);
    if (symbol === undefined) return undefined;
    if (!this.names.has(symbol))
      this.names.set(symbol, this.isFollowed(symbol) ? `<${node.text}${this.names.size}>` : undefined);
    return this.names.get(symbol);
  }

  /** Is every write of a variable one of this function? */
  private isFollowed(symbol: ts.Symbol): boolean {
    const { valueDeclaration: declaration } = symbol;
    if (declaration === undefined) return false;
    if (!this.core.ask(isReassigned, symbol)) return true;
    if (enclosingFunctionOf(declaration) !== this.fn) return false;
    const file = declaration.getSourceFile();
    return identifiersNamed(file, symbol.name, this.fn.pos, this.fn.end, this.core).every(
      (each) => enclosingFunctionOf(each) === this.fn || !isWriteTarget(each) || symbolOf(each, this.core) !== symbol,
    );
  }

  /** What a constant stands for: `!outer` for `const own = !outer`, as long as nothing in it is ever written again. */
  private meantBy(node: ts.Expression): ts.Expression | undefined {
    const symbol = ts.isIdentifier(node) ? symbolOf(node, this.core) : undefined;
    const declaration = symbol?.valueDeclaration;
    if (symbol === undefined || declaration === undefined || !ts.isVariableDeclaration(declaration)) return undefined;
    const { initializer } = declaration;
    if (initializer === undefined || this.core.ask(isReassigned, symbol)) return undefined;
    return this.isFixed(initializer) ? initializer : undefined;
  }

  private isFixed(node: ts.Node): boolean {
    if (ts.isCallExpression(node) || ts.isAwaitExpression(node) || ts.isFunctionLike(node)) return false;
    if (ts.isIdentifier(node) && !isPropertyName(node)) {
      const symbol = symbolOf(node, this.core);
      if (symbol?.valueDeclaration !== undefined && this.core.ask(isReassigned, symbol)) return false;
    }
    return ts.forEachChild(node, (child) => (this.isFixed(child) ? undefined : true)) !== true;
  }

  /** What the result of the call that is assumed to have said yes says here. */
  private saysTaken(node: ts.Expression, memory: Memory): boolean | undefined {
    if (this.taken === undefined) return undefined;
    if (!ts.isBinaryExpression(node)) return this.isOfTaken(node, memory) || undefined;
    const { left, operatorToken, right } = node;
    if (!this.isOfTaken(left, memory)) return undefined;
    const isYes = truthOf(bare(right));
    if (isUnequal(operatorToken.kind)) return opposite(isYes);
    if (isEqual(operatorToken.kind)) return isYes;
    return operatorToken.kind === ts.SyntaxKind.GreaterThanToken && isYes === false ? true : undefined;
  }

  private isOfTaken(node: ts.Expression, memory: Memory): boolean {
    if (this.taken === undefined) return false;
    const inner = bare(node);
    if (inner === this.taken) return true;
    if (ts.isAwaitExpression(inner)) return this.isOfTaken(inner.expression, memory);
    if (ts.isIdentifier(inner)) return memory.has(`${this.nameOf(inner)}.`);
    if (ts.isPropertyAccessExpression(inner) || ts.isElementAccessExpression(inner))
      return this.isOfTaken(inner.expression, memory);
    if (!ts.isCallExpression(inner)) return false;
    const callee = bare(inner.expression);
    return (
      (ts.isPropertyAccessExpression(callee) && this.isOfTaken(callee.expression, memory)) ||
      inner.arguments.some((each) => this.isOfTaken(each, memory))
    );
  }
}

/** `left ?? right`, `left ??= right`, `left?.name`: is there a value at all? */
function asksForValue(node: ts.Expression): boolean {
  const outer = wrapped(node);
  const { parent } = outer;
  if (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent) || ts.isCallExpression(parent))
    return parent.expression === outer;
  if (!ts.isBinaryExpression(parent) || parent.left !== outer) return false;
  const { kind } = parent.operatorToken;
  return kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.QuestionQuestionEqualsToken;
}

function isJunction(operator: ts.SyntaxKind): boolean {
  return operator === ts.SyntaxKind.AmpersandAmpersandToken || operator === ts.SyntaxKind.BarBarToken;
}

function isEqual(operator: ts.SyntaxKind): boolean {
  return operator === ts.SyntaxKind.EqualsEqualsEqualsToken || operator === ts.SyntaxKind.EqualsEqualsToken;
}

function isUnequal(operator: ts.SyntaxKind): boolean {
  return operator === ts.SyntaxKind.ExclamationEqualsEqualsToken || operator === ts.SyntaxKind.ExclamationEqualsToken;
}

function isNothing(node: ts.Expression): boolean {
  return (
    node.kind === ts.SyntaxKind.NullKeyword ||
    ts.isVoidExpression(node) ||
    (ts.isIdentifier(node) && node.text === 'undefined')
  );
}

/** Of all that the type may be, does only `false`, or only nothing, count as false? */
function isOnlyFalse(type: ts.Type, isNothingAsked: boolean): boolean {
  const { TypeFlags } = ts;
  const nothing = TypeFlags.Undefined | TypeFlags.Null | TypeFlags.Void;
  const truthy = TypeFlags.Object | TypeFlags.NonPrimitive | TypeFlags.ESSymbolLike;
  return (type.isUnion() ? type.types : [type]).every(({ flags }) =>
    isNothingAsked ? (flags & (nothing | truthy)) !== 0 : (flags & (TypeFlags.BooleanLike | truthy)) !== 0,
  );
}

/** Does a value that is written out count as true? */
function truthOf(node: ts.Expression): boolean | undefined {
  if (isNothing(node) || node.kind === ts.SyntaxKind.FalseKeyword) return false;
  if (node.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (ts.isStringLiteralLike(node)) return node.text !== '';
  if (ts.isNumericLiteral(node)) return Number(node.text) !== 0;
  const isObject = ts.isNewExpression(node) || ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node);
  return isObject || ts.isFunctionLike(node) ? true : undefined;
}

function opposite(holds: boolean | undefined): boolean | undefined {
  return holds === undefined ? undefined : !holds;
}

function indexOf(node: ts.ElementAccessExpression | ts.PropertyAccessExpression): string | undefined {
  if (!ts.isElementAccessExpression(node)) return undefined;
  const index = bare(node.argumentExpression);
  return ts.isNumericLiteral(index) ? index.text : undefined;
}

function isPropertyName(node: ts.Identifier): boolean {
  return ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
}

/** How long what a property holds stays: those of plain values until somebody writes them, those that objects have about themselves not. */
function lastingOf(
  node: ts.ElementAccessExpression | ts.PropertyAccessExpression,
  { checker }: Core,
): 'for-good' | 'until-a-wait' | 'until-written' {
  const name = ts.isPropertyAccessExpression(node) ? node.name : node.argumentExpression;
  const declaration = checker.getSymbolAtLocation(name)?.valueDeclaration;
  if (declaration === undefined) return 'until-written';
  if (declaration.getSourceFile().isDeclarationFile) return 'until-a-wait';
  if ((ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Readonly) !== 0) return 'for-good';
  const isMember = ts.isClassLike(declaration.parent) || ts.isParameter(declaration);
  return isMember ? 'until-a-wait' : 'until-written';
}

function without(memory: Memory, isGone: (key: string) => boolean): Memory {
  return new Map([...memory].filter(([key]) => !isGone(key)));
}
