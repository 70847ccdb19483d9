import * as ts from 'typescript';
import type { Doubt } from '../answer.ts';
import type { MemberMatch } from '../api/api.ts';
import { type Core, defineFact } from '../facts.ts';
import { isReassigned, symbolOf, unaliased } from '../places/symbols.ts';
import { bare } from '../syntax/expressions.ts';
import { type FunctionNode, hasModifier, isFunctionNode } from '../syntax/functions.ts';
import { isAnyLike } from '../types/is-any-like.ts';
import { memberSymbolOf } from '../types/written-members.ts';
import { baseClassOf, classSymbolOf, heirsOf, memberNamed } from './class-index.ts';
import { isBindingElement } from '../syntax/bindings.ts';

/** Anything that calls. */
export type Call = ts.CallExpression | ts.NewExpression | ts.TaggedTemplateExpression;

/** The functions that an expression may stand for. */
export interface Callables {
  /** Functions with a body in the Program, in a stable order. */
  readonly functions: readonly FunctionNode[];
  /** Is nothing else possible? */
  readonly isComplete: boolean;
  /** Why something else is possible. */
  readonly because?: Doubt;
  /** Is what else is possible declared without a body, in a `.d.ts`? */
  readonly isExternal?: boolean;
  /** The parameter of a surrounding function that it is: who calls that function decides. */
  readonly parameter?: ts.ParameterDeclaration;
}

/** The functions that a call may run. */
export interface Callees extends Callables {
  /** The catalogue's row; it speaks for what has no body in the Program. */
  readonly member?: MemberMatch;
  /** The call goes through `f.call(…)` or `f.apply(…)`: its arguments are shifted or packed. */
  readonly through?: 'apply' | 'call';
}

/** How far names that stand for other names are followed. */
const MOST_STEPS = 8;

const NOTHING: Callables = { functions: [], isComplete: true };

const EXTERNAL: Callables = { functions: [], isComplete: false, because: 'unknown-callee', isExternal: true };

/**
 * The functions that a call may run, with its catalogue row.
 *
 * Followed: functions, methods with all their overriders in the Program, fields and constants that hold a function, object-literal
 * methods, imports and re-exports, the implementation behind overloads, constructors with the field initialisers of their class,
 * `call`, `apply` and `bind`, functions returned by functions. A method of an interface or an abstract one has the implementations
 * found as candidates and is not complete: other code may bring another. Doubt: everything else is not complete.
 * Ignored on purpose: getters, setters and conversions (`toString`) that run code.
 */
export const calleesOf = defineFact<Call, Callees>({
  name: 'callees',
  scope: 'program',
  compute(call, core) {
    const member = core.api.memberOf(call);
    const found = calledBy(call, core);
    return member === undefined ? found : { ...found, member };
  },
});

function calledBy(call: Call, core: Core): Callees {
  if (ts.isNewExpression(call)) return constructed(call.expression, core);
  const callee = bare(ts.isCallExpression(call) ? call.expression : call.tag);
  if (callee.kind === ts.SyntaxKind.SuperKeyword) {
    const here = enclosingClassOf(callee);
    const base = here === undefined ? undefined : baseClassOf(here, core);
    return base === undefined ? incomplete('unknown-callee') : constructionOf(base, core);
  }
  if (callee.kind === ts.SyntaxKind.ImportKeyword) return incomplete('open-world');
  if (ts.isPropertyAccessExpression(callee) && callee.name.text === 'bind' && isFunctionMember(callee, core))
    return NOTHING;
  const through = passedThrough(callee, core);
  if (through !== undefined) return { ...callablesAt(through.fn, core), through: through.by };
  return callablesAt(callee, core);
}

/** The functions that an expression may stand for: a name, a method, a function expression, a bound function. */
export function callablesAt(expression: ts.Expression, core: Core): Callables {
  return at(expression, core, 0);
}

function at(expression: ts.Expression, core: Core, depth: number): Callables {
  if (depth > MOST_STEPS) return incomplete('budget');
  const node = bare(expression);
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return { functions: [node], isComplete: true };
  if (ts.isIdentifier(node)) {
    if (node.text === 'undefined') return NOTHING;
    const symbol = symbolOf(node, core);
    return symbol === undefined ? incomplete('any') : ofSymbol(symbol, core, depth + 1);
  }
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) return ofMember(node, core, depth);
  if (ts.isConditionalExpression(node))
    return both(at(node.whenTrue, core, depth + 1), at(node.whenFalse, core, depth + 1));
  if (ts.isBinaryExpression(node)) return ofBinary(node, core, depth);
  if (ts.isCallExpression(node)) return ofResult(node, core, depth);
  if (node.kind === ts.SyntaxKind.NullKeyword) return NOTHING;
  return incomplete('unknown-callee');
}

function incomplete(because: Doubt, functions: readonly FunctionNode[] = []): Callables {
  return { functions, isComplete: false, because };
}

function both(left: Callables, right: Callables): Callables {
  const functions = [...new Set([...left.functions, ...right.functions])];
  const parameter = left.parameter ?? right.parameter;
  const because = left.because ?? right.because;
  return {
    functions,
    isComplete: left.isComplete && right.isComplete,
    ...(left.isExternal === true || right.isExternal === true ? { isExternal: true } : {}),
    ...(because === undefined ? {} : { because }),
    ...(parameter === undefined ? {} : { parameter }),
  };
}

function ofBinary(node: ts.BinaryExpression, core: Core, depth: number): Callables {
  switch (node.operatorToken.kind) {
    case ts.SyntaxKind.QuestionQuestionToken:
    case ts.SyntaxKind.BarBarToken:
      return both(at(node.left, core, depth + 1), at(node.right, core, depth + 1));
    case ts.SyntaxKind.AmpersandAmpersandToken:
    case ts.SyntaxKind.CommaToken:
    case ts.SyntaxKind.EqualsToken:
      return at(node.right, core, depth + 1);
    default:
      return incomplete('unknown-callee');
  }
}

/** `f.bind(x)`, or a function that a function of the Program returns. */
function ofResult(call: ts.CallExpression, core: Core, depth: number): Callables {
  const callee = bare(call.expression);
  if (ts.isPropertyAccessExpression(callee) && callee.name.text === 'bind' && isFunctionMember(callee, core)) {
    return at(callee.expression, core, depth + 1);
  }
  const makers = at(callee, core, depth + 1);
  if (!makers.isComplete || makers.functions.length === 0) return incomplete(makers.because ?? 'unknown-callee');
  let found = NOTHING;
  for (const maker of makers.functions) {
    for (const returned of returnedBy(maker)) found = both(found, at(returned, core, depth + 2));
  }
  return found.functions.length === 0 ? incomplete(found.because ?? 'unknown-callee') : found;
}

/** The expressions that a function returns, those of functions inside it left out. */
export function returnedBy(fn: FunctionNode): readonly ts.Expression[] {
  if (ts.isSourceFile(fn) || ts.isClassStaticBlockDeclaration(fn)) return [];
  if (ts.isPropertyDeclaration(fn)) return fn.initializer === undefined ? [] : [fn.initializer];
  if (fn.body === undefined) return [];
  if (!ts.isBlock(fn.body)) return [fn.body];
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (isFunctionNode(node) || ts.isClassLike(node)) return;
    if (ts.isReturnStatement(node) && node.expression !== undefined) found.push(node.expression);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(fn.body, visit);
  return found;
}

/** `f.call(…)` and `f.apply(…)` of the language's own functions. */
function passedThrough(callee: ts.Expression, core: Core): { fn: ts.Expression; by: 'apply' | 'call' } | undefined {
  if (!ts.isPropertyAccessExpression(callee)) return undefined;
  const { name } = callee;
  if ((name.text !== 'call' && name.text !== 'apply') || !isFunctionMember(callee, core)) return undefined;
  return { fn: callee.expression, by: name.text };
}

/** Is it a member that the language gives every function? */
function isFunctionMember(node: ts.PropertyAccessExpression, core: Core): boolean {
  const parent = memberSymbolOf(node, core.checker)?.declarations?.[0]?.parent;
  return (
    parent !== undefined &&
    ts.isInterfaceDeclaration(parent) &&
    (parent.name.text === 'CallableFunction' ||
      parent.name.text === 'Function' ||
      parent.name.text === 'NewableFunction')
  );
}

function ofMember(
  node: ts.ElementAccessExpression | ts.PropertyAccessExpression,
  core: Core,
  depth: number,
): Callables {
  const symbol = memberSymbolOf(node, core.checker);
  if (symbol === undefined) {
    return incomplete(isAnyLike(core.checker.getTypeAtLocation(node.expression)) ? 'any' : 'unknown-callee');
  }
  const target = unaliased(symbol, core);
  if (node.expression.kind === ts.SyntaxKind.SuperKeyword) return ofSymbol(target, core, depth + 1, false);
  return ofSymbol(target, core, depth + 1);
}

function ofSymbol(symbol: ts.Symbol, core: Core, depth: number, isOverridable = true): Callables {
  if (depth > MOST_STEPS) return incomplete('budget');
  const declarations = symbol.declarations ?? [];
  if (declarations.length === 0) return incomplete('unknown-callee');
  const hasBody = declarations.some(
    (declaration) => isFunctionNode(declaration) && !declaration.getSourceFile().isDeclarationFile,
  );
  let found = NOTHING;
  for (const declaration of declarations) {
    if (hasBody && isSignature(declaration)) continue;
    found = both(found, ofDeclaration(declaration, symbol, core, depth, isOverridable));
  }
  return found;
}

/** Is it an overload that a declaration with a body implements? */
function isSignature(node: ts.Declaration): boolean {
  return (
    (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) && node.body === undefined && !isAbstract(node)
  );
}

function isAbstract(node: ts.Declaration): boolean {
  return hasModifier(node, ts.SyntaxKind.AbstractKeyword);
}

function ofDeclaration(
  declaration: ts.Declaration,
  symbol: ts.Symbol,
  core: Core,
  depth: number,
  isOverridable: boolean,
): Callables {
  if (declaration.getSourceFile().isDeclarationFile) return EXTERNAL;
  if (ts.isFunctionDeclaration(declaration)) {
    return declaration.body === undefined ? EXTERNAL : { functions: [declaration], isComplete: true };
  }
  if (ts.isMethodDeclaration(declaration)) return ofMethod(declaration, core, depth, isOverridable);
  if (ts.isPropertyDeclaration(declaration)) return ofField(declaration, core, depth, isOverridable);
  if (ts.isVariableDeclaration(declaration)) {
    if (declaration.initializer === undefined) return incomplete('escapes');
    const held = at(declaration.initializer, core, depth + 1);
    return core.ask(isReassigned, symbol) ? both(held, incomplete('escapes')) : held;
  }
  if (ts.isParameter(declaration)) {
    const isPlain = ts.isIdentifier(declaration.name) && !core.ask(isReassigned, symbol);
    const fallback = declaration.initializer === undefined ? NOTHING : at(declaration.initializer, core, depth + 1);
    return { ...both(incomplete('open-world'), fallback), ...(isPlain ? { parameter: declaration } : {}) };
  }
  if (isBindingElement(declaration)) return ofBinding(declaration, core, depth);
  if (ts.isPropertyAssignment(declaration)) return at(declaration.initializer, core, depth + 1);
  if (ts.isExportAssignment(declaration)) return at(declaration.expression, core, depth + 1);
  if (ts.isShorthandPropertyAssignment(declaration)) {
    const value = core.checker.getShorthandAssignmentValueSymbol(declaration);
    return value === undefined ? incomplete('any') : ofSymbol(unaliased(value, core), core, depth + 1);
  }
  if (ts.isMethodSignature(declaration) || ts.isPropertySignature(declaration)) {
    return both(incomplete('open-world'), implementationsOf(declaration, core, depth));
  }
  if (ts.isClassLike(declaration)) return constructionOf(declaration, core);
  if (ts.isBinaryExpression(declaration)) return at(declaration.right, core, depth + 1);
  const { parent } = declaration;
  if (ts.isPropertyAccessExpression(declaration) && ts.isBinaryExpression(parent) && parent.left === declaration) {
    return at(parent.right, core, depth + 1);
  }
  return incomplete('unknown-callee');
}

function ofMethod(node: ts.MethodDeclaration, core: Core, depth: number, isOverridable: boolean): Callables {
  const own: Callables = node.body === undefined ? incomplete('open-world') : { functions: [node], isComplete: true };
  return isOverridable ? both(own, overridersOf(node, core, depth)) : own;
}

function ofField(node: ts.PropertyDeclaration, core: Core, depth: number, isOverridable: boolean): Callables {
  const { initializer } = node;
  if (initializer === undefined) return both(incomplete('open-world'), overridersOf(node, core, depth));
  const held = at(initializer, core, depth + 1);
  const mayChange = !hasModifier(node, ts.SyntaxKind.ReadonlyKeyword) && !isFunctionNode(bare(initializer));
  const own = mayChange ? both(held, incomplete('escapes')) : held;
  return isOverridable ? both(own, overridersOf(node, core, depth)) : own;
}

/** What subclasses in the Program put in the place of a member. */
function overridersOf(node: ts.MethodDeclaration | ts.PropertyDeclaration, core: Core, depth: number): Callables {
  if (!ts.isClassLike(node.parent) || ts.isPrivateIdentifier(node.name) || isPrivate(node)) return NOTHING;
  const symbol = classSymbolOf(node.parent, core);
  return symbol === undefined ? NOTHING : membersOfHeirs(symbol, node, core, depth);
}

function isPrivate(node: ts.ClassElement): boolean {
  return hasModifier(node, ts.SyntaxKind.PrivateKeyword);
}

function implementationsOf(node: ts.MethodSignature | ts.PropertySignature, core: Core, depth: number): Callables {
  if (!ts.isInterfaceDeclaration(node.parent)) return NOTHING;
  const symbol = core.checker.getSymbolAtLocation(node.parent.name);
  return symbol === undefined ? NOTHING : membersOfHeirs(symbol, node, core, depth);
}

function membersOfHeirs(
  symbol: ts.Symbol,
  node: ts.MethodDeclaration | ts.MethodSignature | ts.PropertyDeclaration | ts.PropertySignature,
  core: Core,
  depth: number,
): Callables {
  const name = ts.isComputedPropertyName(node.name) ? node.name.expression.getText() : node.name.text;
  const isStatic = hasModifier(node, ts.SyntaxKind.StaticKeyword);
  let found = NOTHING;
  for (const heir of heirsOf(symbol, core)) {
    const member = memberNamed(heir, name, isStatic);
    if (member === undefined || member === node) continue;
    if (ts.isMethodDeclaration(member)) {
      if (member.body !== undefined) found = both(found, { functions: [member], isComplete: true });
    } else if (ts.isPropertyDeclaration(member) && member.initializer !== undefined) {
      found = both(found, at(member.initializer, core, depth + 1));
    } else {
      found = both(found, incomplete('unknown-callee'));
    }
  }
  return found;
}

/** `const { charge } = billing`: the member that the name is taken from. */
function ofBinding(node: ts.BindingElement, core: Core, depth: number): Callables {
  const name = node.propertyName ?? node.name;
  if (!ts.isObjectBindingPattern(node.parent) || node.dotDotDotToken !== undefined) return incomplete('escapes');
  if (!ts.isIdentifier(name) && !ts.isStringLiteral(name)) return incomplete('escapes');
  const holder = core.checker.getTypeAtLocation(node.parent);
  if (isAnyLike(holder)) return incomplete('any');
  const symbol = core.checker.getPropertyOfType(holder, name.text);
  if (symbol === undefined) return incomplete('unknown-callee');
  const found = ofSymbol(unaliased(symbol, core), core, depth + 1);
  return node.initializer === undefined ? found : both(found, at(node.initializer, core, depth + 1));
}

function constructed(expression: ts.Expression, core: Core): Callables {
  const node = bare(expression);
  if (ts.isClassExpression(node)) return constructionOf(node, core);
  const symbol = symbolOf(ts.isPropertyAccessExpression(node) ? node.name : node, core);
  const declaration = symbol?.valueDeclaration;
  if (declaration === undefined) return incomplete('any');
  if (ts.isClassLike(declaration) && !declaration.getSourceFile().isDeclarationFile)
    return constructionOf(declaration, core);
  if (ts.isVariableDeclaration(declaration) && declaration.initializer !== undefined) {
    const held = bare(declaration.initializer);
    if (ts.isClassExpression(held)) return constructionOf(held, core);
  }
  return declaration.getSourceFile().isDeclarationFile ? EXTERNAL : incomplete('unknown-callee');
}

/** What runs when an instance is made: field initialisers, then the constructor, or that of the base. */
function constructionOf(node: ts.ClassLikeDeclaration, core: Core): Callables {
  const functions: FunctionNode[] = node.members.filter(
    (member): member is ts.PropertyDeclaration & FunctionNode =>
      ts.isPropertyDeclaration(member) && isFunctionNode(member) && !hasModifier(member, ts.SyntaxKind.StaticKeyword),
  );
  const own = node.members.find((member) => ts.isConstructorDeclaration(member) && member.body !== undefined);
  if (own !== undefined) return { functions: [...functions, own as ts.ConstructorDeclaration], isComplete: true };
  const extendsClause = node.heritageClauses?.some((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword) ?? false;
  if (!extendsClause) return { functions, isComplete: true };
  const base = baseClassOf(node, core);
  const ofBase = base === undefined || base.getSourceFile().isDeclarationFile ? EXTERNAL : constructionOf(base, core);
  return both({ functions, isComplete: true }, ofBase);
}

function enclosingClassOf(node: ts.Node): ts.ClassLikeDeclaration | undefined {
  let found = node;
  while (!ts.isClassLike(found) && !ts.isSourceFile(found)) found = found.parent;
  return ts.isClassLike(found) ? found : undefined;
}

/** The parameters that take the argument at a place, or the arguments for a parameter. `this` parameters are not counted. */
export function parametersOf(fn: FunctionNode): readonly ts.ParameterDeclaration[] {
  if (!ts.isFunctionLike(fn)) return [];
  return fn.parameters.filter(({ name }) => !(ts.isIdentifier(name) && name.text === 'this'));
}

/**
 * What a call gives for a parameter of its callee: the expressions; an empty list when nothing is given; `undefined` when a spread or
 * `apply` hides it.
 */
export function givenFor(
  call: Call,
  parameter: ts.ParameterDeclaration,
  through: Callees['through'],
): readonly ts.Expression[] | undefined {
  const fn = parameter.parent as FunctionNode;
  const index = parametersOf(fn).indexOf(parameter);
  if (index < 0 || through === 'apply') return undefined;
  if (ts.isTaggedTemplateExpression(call)) {
    const spans = ts.isTemplateExpression(call.template)
      ? call.template.templateSpans.map((span) => span.expression)
      : [];
    if (index === 0) return [];
    return parameter.dotDotDotToken === undefined ? spans.slice(index - 1, index) : spans.slice(index - 1);
  }
  const list = call.arguments ?? [];
  const passed = through === 'call' ? list.slice(1) : list;
  const wanted = parameter.dotDotDotToken === undefined ? passed.slice(index, index + 1) : passed.slice(index);
  if (
    passed.slice(0, index + 1).some((given) => ts.isSpreadElement(given)) ||
    wanted.some((given) => ts.isSpreadElement(given))
  ) {
    return undefined;
  }
  return wanted;
}
