import * as ts from 'typescript';
import { type Core, defineFact } from '../facts.ts';
import { type Call, calleesOf, givenFor, returnedBy } from '../effects/callees-of.ts';
import { isReassigned, symbolOf } from '../places/symbols.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, isFunctionNode } from '../syntax/functions.ts';
import { elementKindOf } from '../types/element-kind-of.ts';
import { type Sharedness, sharednessOf } from '../types/sharedness-of.ts';
import { ownFiles } from '../text/files.ts';
import { mayMention } from '../syntax/may-mention.ts';
import { callSitesOf, referencesOf } from './references.ts';
import { isBindingElement } from '../syntax/bindings.ts';

/** Names that stand for other names, followed from one to the next. */
const MOST_STEPS = 8;

/** Does any file of the project name shared memory? If none does, nothing else needs to be asked. */
export const usesSharedMemory = defineFact<ts.Program, boolean>({
  name: 'uses-shared-memory',
  scope: 'program',
  compute: (program, core) =>
    core.ask(ownFiles, program).some((file) => mayMention(file, 'SharedArrayBuffer') || mayMention(file, 'Atomics')),
});

/**
 * The declaration that keeps a view: the variable, field or parameter behind aliases, destructuring and plain getters.
 *
 * Two expressions with the same holder are taken for the same view; for a field that is so within the instances of its class.
 */
export function viewHolderOf(expression: ts.Expression, core: Core): ts.Declaration | undefined {
  return holderAt(expression, core, 0);
}

function holderAt(expression: ts.Expression, core: Core, depth: number): ts.Declaration | undefined {
  if (depth > MOST_STEPS) return undefined;
  const node = bare(expression);
  if (ts.isIdentifier(node)) {
    const symbol = symbolOf(node, core);
    const declaration = symbol?.valueDeclaration;
    if (symbol === undefined || declaration === undefined) return undefined;
    if (isBindingElement(declaration)) return boundProperty(declaration, core) ?? declaration;
    if (!ts.isVariableDeclaration(declaration) || declaration.initializer === undefined) return declaration;
    const source = bare(declaration.initializer);
    const isAlias = ts.isIdentifier(source) || ts.isPropertyAccessExpression(source) || ts.isCallExpression(source);
    if (!isAlias || core.ask(isReassigned, symbol)) return declaration;
    return holderAt(source, core, depth + 1) ?? declaration;
  }
  if (ts.isPropertyAccessExpression(node)) {
    const symbol = symbolOf(node.name, core);
    const getter = symbol?.declarations?.find((declaration) => ts.isGetAccessorDeclaration(declaration));
    if (getter !== undefined) return resultHolderOf(returnedBy(getter), core, depth);
    return symbol?.valueDeclaration;
  }
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
    return symbolOf(node.argumentExpression, core)?.valueDeclaration;
  }
  if (ts.isCallExpression(node)) {
    const { functions, isComplete } = core.ask(calleesOf, node);
    const [only] = functions;
    return isComplete && only !== undefined && functions.length === 1
      ? resultHolderOf(returnedBy(only), core, depth)
      : undefined;
  }
  return undefined;
}

/** What a function that only hands out a stored view hands out. */
function resultHolderOf(returned: readonly ts.Expression[], core: Core, depth: number): ts.Declaration | undefined {
  const [only] = returned;
  if (only === undefined || returned.length !== 1) return undefined;
  const holder = holderAt(only, core, depth + 1);
  // A local of the callee is made anew by every call.
  return holder === undefined || (ts.isVariableDeclaration(holder) && !ts.isSourceFile(enclosingFunctionOf(holder)))
    ? undefined
    : holder;
}

/** The property that `const { cells } = this` takes out. */
function boundProperty(element: ts.BindingElement, core: Core): ts.Declaration | undefined {
  const name = element.propertyName ?? element.name;
  if (!ts.isObjectBindingPattern(element.parent) || !ts.isIdentifier(name)) return undefined;
  return core.checker.getPropertyOfType(core.checker.getTypeAtLocation(element.parent), name.text)?.valueDeclaration;
}

/**
 * May other threads see the memory behind a view or buffer? Asks the type; where the annotation is bare, what the variable, field or
 * parameter is given.
 *
 * A variable or field is shared if everything it is given is; a parameter if one caller certainly gives shared memory, because then
 * the function works on it. `undefined` for what is neither view nor buffer.
 */
export function viewSharedness(expression: ts.Expression, core: Core): Sharedness | undefined {
  const known = sharednessOf(core.checker.getTypeAtLocation(expression), core.checker);
  return known === 'maybe' ? givenSharedness(bare(expression), core) : known;
}

function givenSharedness(node: ts.Expression, core: Core): Sharedness {
  if (ts.isNewExpression(node)) {
    const buffer = node.arguments?.[0];
    return (buffer === undefined ? undefined : viewSharedness(buffer, core)) ?? 'maybe';
  }
  if (ts.isConditionalExpression(node)) return allOf([node.whenTrue, node.whenFalse], core);
  if (ts.isCallExpression(node)) {
    const callee = bare(node.expression);
    // `cells.subarray(1)` and the like: the memory of the receiver.
    const receiver = ts.isPropertyAccessExpression(callee) ? viewSharedness(callee.expression, core) : undefined;
    if (receiver !== undefined) return receiver;
    const { functions, isComplete } = core.ask(calleesOf, node);
    return isComplete
      ? allOf(
          functions.flatMap((fn) => returnedBy(fn)),
          core,
        )
      : 'maybe';
  }
  if (ts.isPropertyAccessExpression(node)) {
    const whole = viewSharedness(node.expression, core);
    if (whole !== undefined) return whole;
  }
  const holder = viewHolderOf(node, core);
  return holder === undefined ? 'maybe' : core.ask(holderSharedness, holder);
}

function allOf(values: readonly ts.Expression[], core: Core): Sharedness {
  const found = new Set(values.map((value) => viewSharedness(value, core) ?? 'maybe'));
  const [only] = found;
  return only === undefined || found.size > 1 ? 'maybe' : only;
}

const holderSharedness = defineFact<ts.Node, Sharedness>({
  name: 'shared-memory-of-holder',
  scope: 'program',
  start: () => 'maybe',
  compute(declaration, core) {
    const values = valuesOf(declaration, core);
    if (values === undefined) return 'maybe';
    if (!ts.isParameter(declaration)) return allOf(values, core);
    return values.some((value) => viewSharedness(value, core) === 'shared') ? 'shared' : 'maybe';
  },
});

/** Everything a variable, field or parameter is given; `undefined` if some of it is out of sight. */
function valuesOf(declaration: ts.Node, core: Core): readonly ts.Expression[] | undefined {
  if (ts.isParameter(declaration)) return argumentsFor(declaration, core);
  if (ts.isPropertyAssignment(declaration)) return [declaration.initializer];
  if (!ts.isVariableDeclaration(declaration) && !ts.isPropertyDeclaration(declaration)) return undefined;
  const values: ts.Expression[] = declaration.initializer === undefined ? [] : [declaration.initializer];
  const symbol = core.checker.getSymbolAtLocation(declaration.name);
  if (symbol === undefined) return undefined;
  const { found, doubt } = referencesOf(symbol, core);
  if (doubt !== undefined) return undefined;
  for (const { use, expression } of found) {
    if (use !== 'write') continue;
    const assignment = wrapped(expression).parent;
    if (!ts.isBinaryExpression(assignment) || assignment.operatorToken.kind !== ts.SyntaxKind.EqualsToken)
      return undefined;
    values.push(assignment.right);
  }
  return values;
}

function argumentsFor(parameter: ts.ParameterDeclaration, core: Core): readonly ts.Expression[] {
  const fn = parameter.parent;
  if (!isFunctionNode(fn)) return [];
  return callSitesOf(fn, core).found.flatMap(({ node }) =>
    isCall(node) ? (givenFor(node, parameter, undefined) ?? []) : [],
  );
}

function isCall(node: ts.Node): node is Call {
  return ts.isCallExpression(node) || ts.isNewExpression(node) || ts.isTaggedTemplateExpression(node);
}

/** Where shared memory is made, and the variables and fields that hold it or a view of it on the way. */
export interface SharedOrigin {
  readonly made: ts.NewExpression;
  readonly carriers: ReadonlySet<ts.Declaration>;
}

/** Where the memory behind a view is made, if it is one place that the declarations lead to. */
export function originOf(view: ts.Expression, core: Core): SharedOrigin | undefined {
  const carriers = new Set<ts.Declaration>();
  let node: ts.Expression = bare(view);
  for (let step = 0; step < MOST_STEPS; step++) {
    if (ts.isNewExpression(node)) {
      const { checker } = core;
      if (elementKindOf(checker.getTypeAtLocation(node), checker) === undefined) return { made: node, carriers };
      const buffer = node.arguments?.[0];
      if (buffer === undefined) return undefined;
      node = bare(buffer);
      continue;
    }
    const holder = viewHolderOf(node, core);
    if (holder === undefined || carriers.has(holder) || ts.isParameter(holder)) return undefined;
    carriers.add(holder);
    const values = valuesOf(holder, core);
    const [only] = values ?? [];
    if (only === undefined || values?.length !== 1) return undefined;
    node = bare(only);
  }
  return undefined;
}

/** The `new` that makes the view, if it is one place that the declarations lead to. */
export function constructionOf(view: ts.Expression, core: Core): ts.NewExpression | undefined {
  let node: ts.Expression = bare(view);
  for (let step = 0; step < MOST_STEPS; step++) {
    if (ts.isNewExpression(node)) return node;
    const holder = viewHolderOf(node, core);
    const values = holder === undefined || ts.isParameter(holder) ? undefined : valuesOf(holder, core);
    const [only] = values ?? [];
    if (only === undefined || values?.length !== 1) return undefined;
    node = bare(only);
  }
  return undefined;
}
