import * as ts from 'typescript';
import { type Answer, NO, unknown, yes } from '../answer.ts';
import type { MemberMatch } from '../api/api.ts';
import { referencesOf, symbolAt } from '../escape/references.ts';
import { type Core, defineFact } from '../facts.ts';
import { bare } from '../syntax/expressions.ts';

/**
 * What ends a wait when the other party never does.
 *
 * - `race`: something else may settle first
 * - `signal`, `timeout`: given at the call
 * - `default`: the API's own limit, when nothing is said
 * - `client`: a limit of the client or pool it is asked of
 * - `wrapper`: what the waited-for thing was wrapped in, or the function that waits
 * - `timer`, `abort`: inside a hand-made promise
 * - `end`: the emitter's own end or failure is among the events waited for
 * - `caused`: the same function has just caused what it waits for
 */
export type BoundKind =
  'abort' | 'caused' | 'client' | 'default' | 'end' | 'race' | 'signal' | 'timeout' | 'timer' | 'wrapper';

export interface Bound {
  readonly by: BoundKind;
  /** What shows it: the option, the race, the client's construction. */
  readonly witness: ts.Node;
}

type Row = NonNullable<MemberMatch['bound']>;

/** Is the wait of a call bounded by what the call is given, or by the client it is asked of? */
export function boundByCall(
  call: ts.CallExpression | ts.NewExpression,
  member: MemberMatch,
  core: Core,
): Answer<Bound> {
  const { bound } = member;
  const wrapped = boundByWrapper(call, core);
  if (wrapped !== undefined) return yes({ by: 'wrapper', witness: wrapped });
  const limited = bound?.through === undefined ? undefined : limitedReceiverOf(call, bound.through, core);
  if (limited !== undefined) return yes({ by: 'timeout', witness: limited });
  if (bound === undefined || (bound.by === 'none' && bound.clientOptions === undefined)) return NO;
  if (bound.by === 'client-option') return boundByClient(call, bound, core);
  const said = bound.word === undefined ? boundByArgument(call, bound, core) : boundAfterWord(call, bound, bound.word);
  if (said.is !== 'no') return said;
  // Options that few clients are built with: a client that we cannot see counts as one without.
  const byClient = (bound.clientOptions ?? []).map((option) => boundByClient(call, { ...bound, option }, core));
  return byClient.find(({ is }) => is === 'yes') ?? NO;
}

/** `socket.timeout(500)` in `socket.timeout(500).emitWithAck('paid')`, or the call that a constant receiver was made with. */
function limitedReceiverOf(
  call: ts.CallExpression | ts.NewExpression,
  method: string,
  core: Core,
): ts.Node | undefined {
  const callee = bare(call.expression);
  let receiver = ts.isPropertyAccessExpression(callee) ? bare(callee.expression) : undefined;
  if (receiver !== undefined && ts.isIdentifier(receiver)) receiver = creationsOf(receiver, core)?.[0];
  while (receiver !== undefined && ts.isCallExpression(receiver)) {
    const inner = bare(receiver.expression);
    if (!ts.isPropertyAccessExpression(inner)) return undefined;
    if (inner.name.text === method) return receiver;
    receiver = bare(inner.expression);
  }
  return undefined;
}

/** Is the option among those with which a client or pool is built? Where nothing is said, nothing bounds it. */
export function boundAtCreation(creation: ts.CallExpression | ts.NewExpression, bound: Row, core: Core): Answer<Bound> {
  const at = bound.argument ?? 0;
  const given = core.api.argumentOf(creation, at);
  if (given === undefined) return (creation.arguments?.length ?? 0) > at ? unknown('escapes') : NO;
  return boundInOptions(given, bound, creation, core);
}

/** The number that follows a word among the arguments: `xread('BLOCK', 5000, …)`. */
function boundAfterWord(call: ts.CallExpression | ts.NewExpression, bound: Row, word: string): Answer<Bound> {
  const given = call.arguments ?? [];
  const at = given.findIndex((each) => ts.isStringLiteralLike(each) && each.text.toUpperCase() === word);
  const value = at < 0 ? undefined : given[at + 1];
  if (value !== undefined) return boundByValue(value, bound, 'timeout');
  return given.some((each) => ts.isSpreadElement(each)) ? unknown('escapes') : defaultOf(call, bound);
}

function boundByArgument(call: ts.CallExpression | ts.NewExpression, bound: Row, core: Core): Answer<Bound> {
  const spread = call.arguments?.find((given) => ts.isSpreadElement(given));
  const given = bound.argument === undefined ? undefined : core.api.argumentOf(call, bound.argument);
  if (given === undefined) {
    if (spread !== undefined) return unknown('escapes');
    return bound.byDefault === true ? yes({ by: 'default', witness: call }) : NO;
  }
  const isValue = bound.by === 'milliseconds' || bound.by === 'seconds' || bound.by === 'deadline-option';
  if (isValue && bound.option === undefined) return boundByValue(given, bound, 'timeout');
  // A callback in the options' place: the options were left out.
  if (core.checker.getTypeAtLocation(given).getCallSignatures().length > 0) return defaultOf(call, bound);
  return boundInOptions(given, bound, call, core);
}

function defaultOf(at: ts.Node, bound: Row): Answer<Bound> {
  return bound.byDefault === true ? yes({ by: 'default', witness: at }) : NO;
}

function boundByValue(value: ts.Expression, { unboundedBy = [] }: Row, by: BoundKind): Answer<Bound> {
  const node = bare(value);
  const text = node.getText();
  const isNothing = (ts.isIdentifier(node) && node.text === 'undefined') || node.kind === ts.SyntaxKind.NullKeyword;
  if (isNothing || unboundedBy.includes(text) || text === 'Infinity') return NO;
  return yes({ by, witness: value });
}

/** Is the option among these options? Constants are followed to what they were made with. */
function boundInOptions(given: ts.Expression, bound: Row, at: ts.Node, core: Core): Answer<Bound> {
  const by: BoundKind = bound.by === 'signal-option' ? 'signal' : 'timeout';
  if (by === 'signal' && core.api.isA(core.checker.getTypeAtLocation(given), 'signal') !== undefined) {
    return yes({ by, witness: given });
  }
  const options = literalOf(given, core);
  if (options === undefined) return unknown('escapes');
  const value = optionIn(options, (bound.option ?? '').split('.'), core);
  if (value === 'hidden') return unknown('escapes');
  const other = (bound.alsoBy ?? []).map((name) => optionIn(options, [name], core)).find((each) => each !== undefined);
  if (other === 'hidden') return unknown('escapes');
  if (other !== undefined && other.kind !== ts.SyntaxKind.FalseKeyword) return yes({ by: 'timeout', witness: other });
  return value === undefined ? defaultOf(at, bound) : boundByValue(value, bound, by);
}

/** The object literal that an expression is or that a constant was made with. */
function literalOf(expression: ts.Expression, core: Core): ts.ObjectLiteralExpression | undefined {
  const node = bare(expression);
  if (ts.isObjectLiteralExpression(node)) return node;
  const declaration = ts.isIdentifier(node) ? symbolAt(node, core.checker)?.valueDeclaration : undefined;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration) || declaration.initializer === undefined) {
    return undefined;
  }
  const isConst = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
  const value = bare(declaration.initializer);
  return isConst && ts.isObjectLiteralExpression(value) ? value : undefined;
}

/** The value of an option, `undefined` if it is not there, `hidden` if a spread or a variable may hold it. */
function optionIn(
  literal: ts.ObjectLiteralExpression,
  [name, ...rest]: readonly string[],
  core: Core,
): ts.Expression | 'hidden' | undefined {
  let isHidden = false;
  for (const property of [...literal.properties].reverse()) {
    if (ts.isSpreadAssignment(property)) {
      isHidden = true;
      continue;
    }
    const key = property.name;
    const text = ts.isIdentifier(key) || ts.isStringLiteralLike(key) ? key.text : undefined;
    if (text === undefined) isHidden = true;
    if (text !== name) continue;
    if (isHidden) return 'hidden';
    if (ts.isShorthandPropertyAssignment(property)) return property.name;
    if (!ts.isPropertyAssignment(property)) return 'hidden';
    if (rest.length === 0) return property.initializer;
    const inner = literalOf(property.initializer, core);
    return inner === undefined ? 'hidden' : optionIn(inner, rest, core);
  }
  return isHidden ? 'hidden' : undefined;
}

/** The limit of the client or pool on which the call is made, where that was built. */
function boundByClient(call: ts.CallExpression | ts.NewExpression, bound: Row, core: Core): Answer<Bound> {
  const callee = bare(call.expression);
  if (!ts.isPropertyAccessExpression(callee) || bound.option === undefined) return unknown('escapes');
  const made = creationsOf(callee.expression, core);
  if (made === undefined || made.length === 0) return unknown('open-world');
  let answer: Answer<Bound> = NO;
  for (const creation of made) {
    const row = core.api.plays(creation, 'creates') ?? core.api.memberOf(creation);
    if (row === undefined) return unknown('unknown-callee');
    const given = core.api.argumentOf(creation, row.bound?.argument ?? 0);
    if (given === undefined) {
      if ((creation.arguments?.length ?? 0) > 0) return unknown('escapes');
      continue;
    }
    const options = literalOf(given, core);
    if (options === undefined) return unknown('escapes');
    const value = optionIn(options, bound.option.split('.'), core);
    if (value === 'hidden') return unknown('escapes');
    if (value === undefined) continue;
    const found = boundByValue(value, bound, 'client');
    if (found.is === 'yes') answer = found;
    else return found;
  }
  return answer;
}

/** The calls that build what an expression stands for; `undefined` when it cannot be followed. */
export function creationsOf(
  expression: ts.Expression,
  core: Core,
): readonly (ts.CallExpression | ts.NewExpression)[] | undefined {
  const node = bare(expression);
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) return [node];
  const name = ts.isPropertyAccessExpression(node) ? node.name : node;
  if (!ts.isIdentifier(name) && !ts.isPrivateIdentifier(name)) return undefined;
  const symbol = symbolAt(name, core.checker);
  return symbol === undefined ? undefined : core.ask(creationsUnder, symbol);
}

type Creations = readonly (ts.CallExpression | ts.NewExpression)[] | undefined;

const creationsUnder = defineFact<ts.Symbol, Creations>({
  name: 'creations',
  scope: 'program',
  compute: valuesMadeFor,
});

function valuesMadeFor(symbol: ts.Symbol, core: Core): Creations {
  const declaration = symbol.valueDeclaration;
  if (declaration === undefined || declaration.getSourceFile().isDeclarationFile) return undefined;
  if (!ts.isVariableDeclaration(declaration) && !ts.isPropertyDeclaration(declaration)) return undefined;
  const values: ts.Expression[] = declaration.initializer === undefined ? [] : [declaration.initializer];
  for (const reference of referencesOf(symbol, core)) {
    const target =
      ts.isPropertyAccessExpression(reference.parent) && reference.parent.name === reference
        ? reference.parent
        : reference;
    const { parent } = target;
    const isAssigned =
      ts.isBinaryExpression(parent) &&
      parent.left === target &&
      (parent.operatorToken.kind === ts.SyntaxKind.EqualsToken ||
        parent.operatorToken.kind === ts.SyntaxKind.QuestionQuestionEqualsToken);
    if (isAssigned) values.push(parent.right);
  }
  const made: (ts.CallExpression | ts.NewExpression)[] = [];
  for (const value of values) {
    const inner = bare(value);
    if (ts.isCallExpression(inner) || ts.isNewExpression(inner)) made.push(inner);
    else if (inner.kind !== ts.SyntaxKind.NullKeyword && !(ts.isIdentifier(inner) && inner.text === 'undefined'))
      return undefined;
  }
  return made;
}

/** The wrapper that bounds whatever is waited for on its result: `withTimeout(new Mutex(), 1000).acquire()`. */
function boundByWrapper(call: ts.CallExpression | ts.NewExpression, core: Core): ts.Node | undefined {
  const callee = bare(call.expression);
  if (!ts.isPropertyAccessExpression(callee)) return undefined;
  return creationsOf(callee.expression, core)?.find((made) => core.api.plays(made, 'bounds-argument') !== undefined);
}
