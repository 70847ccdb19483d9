import * as ts from 'typescript';
import {
  closureTime,
  type Core,
  enclosingFunctionOf,
  flowGraph,
  isInside,
  isReassigned,
  pathOf,
  type StaleWrite,
  type Step,
  symbolOf,
  isBindingElement,
} from '../../analysis/index.ts';
import {
  type Edit,
  hasComment,
  hasDirectiveAbove,
  removeElement,
  removeVariable,
  replace,
} from '../../report/edits.ts';
import { isHarmless } from './is-harmless.ts';
import { restsOnTest } from './is-narrowed.ts';
import { isOverwritten } from './is-overwritten.ts';
import { meansTheSameAt, usesOf } from './reading.ts';
import type { UpdateRepair } from './repair.ts';

/**
 * `const before = total; await audit(); total = before + 1` → `await audit(); total = total + 1`
 *
 * Automatic where the local is a plain copy and is used only between the wait and the write; otherwise, where the old value is needed
 * elsewhere too, the uses in between alone are changed, as a suggestion.
 */
export function readAgain(found: StaleWrite, core: Core): readonly UpdateRepair[] {
  const copy = copyOf(found.read.node);
  if (copy === undefined) return [];
  const { name, source } = copy;
  const symbol = symbolOf(name, core);
  if (symbol === undefined || core.ask(isReassigned, symbol)) return [];
  if (hasComment(source) || !isHarmless(source, core) || isOverwritten(found, core)) return [];
  const uses = usesOf(name, core);
  const late = uses.filter((use) => isBetweenWaitAndWrite(use, found, core));
  if (late.length === 0 || !late.every((use) => isSameType(use, copy, core) && meansTheSameAt(source, use, core)))
    return [];
  const isElsewhere = late.some((use) => enclosingFunctionOf(use) !== enclosingFunctionOf(name));
  const isTested = restsOnTest(source, core);
  // A test in the function around it says nothing about the place when the callback runs.
  if (isTested && isElsewhere) return [];
  const edits = late.map((use) => rereadAt(use, copy));
  if (late.length < uses.length) return [{ title: 'reread', automatic: false, edits }];
  const removal = removalOf(copy);
  return removal === undefined ? [] : [{ title: 'reread', automatic: !isTested, edits: [removal, ...edits] }];
}

/** A local that holds what was read. */
interface Copy {
  readonly name: ts.Identifier;
  /** What it is a copy of, and the links of a pattern that lead from there to it (`.hits`). */
  readonly source: ts.Expression;
  readonly links: string;
  /** What goes when nobody needs the copy any more. */
  readonly removable: ts.BindingElement | ts.VariableDeclaration;
}

function removalOf({ removable }: Copy): Edit | undefined {
  if (ts.isVariableDeclaration(removable)) {
    const { parent } = removable.parent;
    return ts.isVariableStatement(parent) && hasDirectiveAbove(parent) ? undefined : removeVariable(removable);
  }
  const { elements } = removable.parent;
  if (elements.length > 1) return hasComment(removable.parent) ? undefined : removeElement(removable, elements);
  const holder = removable.parent.parent;
  return ts.isVariableDeclaration(holder) ? removeVariable(holder) : undefined;
}

/** `const before = total`, perhaps with a fallback (`counts.get(id) ?? 0`), or `const { hits } = stats`. */
function copyOf(read: ts.Node): Copy | undefined {
  if (isBindingElement(read)) return copyOfElement(read);
  const declaration = declarationAround(read);
  if (declaration?.initializer === undefined || !ts.isIdentifier(declaration.name)) return undefined;
  return { name: declaration.name, source: declaration.initializer, links: '', removable: declaration };
}

function copyOfElement(element: ts.BindingElement): Copy | undefined {
  if (!ts.isIdentifier(element.name)) return undefined;
  let links = '';
  let inner: ts.BindingElement = element;
  for (;;) {
    const link = linkOf(inner);
    if (link === undefined) return undefined;
    links = link + links;
    const holder = inner.parent.parent;
    if (ts.isVariableDeclaration(holder)) {
      if (holder.initializer === undefined || hasDirective(holder)) return undefined;
      return { name: element.name, source: holder.initializer, links, removable: element };
    }
    if (!isBindingElement(holder)) return undefined;
    inner = holder;
  }
}

function hasDirective({ parent }: ts.VariableDeclaration): boolean {
  return ts.isVariableStatement(parent.parent) && hasDirectiveAbove(parent.parent);
}

/** One step of a pattern as an access; none for defaults and rests, and where others must stay in their order. */
function linkOf(element: ts.BindingElement): string | undefined {
  if (element.initializer !== undefined || element.dotDotDotToken !== undefined) return undefined;
  if (!ts.isObjectBindingPattern(element.parent)) return undefined;
  if (element.parent.elements.some(({ dotDotDotToken }) => dotDotDotToken !== undefined)) return undefined;
  const property = element.propertyName ?? element.name;
  return ts.isIdentifier(property) ? `.${property.text}` : undefined;
}

/** The declaration whose initialiser is the read, perhaps with a fallback (`counts.get(id) ?? 0`). */
function declarationAround(read: ts.Node): ts.VariableDeclaration | undefined {
  for (let node = read; ; node = node.parent) {
    if (ts.isVariableDeclaration(node)) return node;
    const goesOn =
      node === read ||
      ts.isParenthesizedExpression(node) ||
      ts.isAsExpression(node) ||
      ts.isNonNullExpression(node) ||
      (ts.isBinaryExpression(node) && isFallback(node));
    if (!goesOn) return undefined;
  }
}

function isFallback(node: ts.BinaryExpression): boolean {
  const operator = node.operatorToken.kind;
  if (operator !== ts.SyntaxKind.QuestionQuestionToken && operator !== ts.SyntaxKind.BarBarToken) return false;
  const { right } = node;
  return (
    ts.isNumericLiteral(right) ||
    ts.isStringLiteralLike(right) ||
    ts.isBigIntLiteral(right) ||
    (ts.isArrayLiteralExpression(right) && right.elements.length === 0) ||
    (ts.isObjectLiteralExpression(right) && right.properties.length === 0)
  );
}

/** Is the old value looked at here after the last wait, on the way to the write? */
function isBetweenWaitAndWrite(use: ts.Identifier, { fn, read, write }: StaleWrite, core: Core): boolean {
  const home = enclosingFunctionOf(use);
  if (home !== fn) {
    // In a callback that runs at once, within the written value itself.
    const isPart = write.value !== undefined && isInside(use, write.value);
    return isPart && enclosingFunctionOf(home) === fn && core.ask(closureTime, home).when === 'now';
  }
  const graph = core.ask(flowGraph, fn);
  const step = graph.stepsOf(use).find(({ kind }) => kind === 'read');
  if (step === undefined || !leads(step, write.step)) return false;
  const waits = graph.suspensions;
  return !waits.some((wait) => leads(step, wait, read.step) && leads(wait, write.step, read.step));
}

function leads(from: Step, goal: Step, avoided?: Step): boolean {
  return pathOf({ from, to: (step) => step === goal, avoiding: (step) => step === avoided }) !== undefined;
}

/** A copy that was narrowed meanwhile has another type than the place read again. */
function isSameType(use: ts.Identifier, { name }: Copy, { checker }: Core): boolean {
  return checker.getTypeAtLocation(use) === checker.getTypeAtLocation(name);
}

function rereadAt(use: ts.Identifier, { links, source }: Copy): Edit {
  const { parent } = use;
  const text = readingText(source, use, links);
  return ts.isShorthandPropertyAssignment(parent) ? replace(parent, `${use.text}: ${text}`) : replace(use, text);
}

/** The source as an operand of what stands around the use. */
function readingText(source: ts.Expression, use: ts.Identifier, links: string): string {
  const text = source.getText();
  const isChain = (source.flags & ts.NodeFlags.OptionalChain) !== 0;
  const isPlain =
    source.kind === ts.SyntaxKind.ThisKeyword ||
    ts.isIdentifier(source) ||
    ts.isPropertyAccessExpression(source) ||
    ts.isElementAccessExpression(source) ||
    ts.isCallExpression(source) ||
    ts.isNonNullExpression(source) ||
    ts.isParenthesizedExpression(source);
  const isAlone = links === '' && standsAlone(use);
  return `${isAlone || (isPlain && !isChain) ? text : `(${text})`}${links}`;
}

/** Is the use an argument, an element or the whole right side, where nothing binds tighter? */
function standsAlone({ parent }: ts.Identifier): boolean {
  return (
    ts.isPropertyAssignment(parent) ||
    ts.isShorthandPropertyAssignment(parent) ||
    ts.isParenthesizedExpression(parent) ||
    ts.isTemplateSpan(parent) ||
    ts.isVariableDeclaration(parent)
  );
}
