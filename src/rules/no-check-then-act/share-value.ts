import * as ts from 'typescript';
import {
  awaitedTypeOf,
  bare,
  type Core,
  enclosingFunctionOf,
  isAssignmentOperator,
  isFunctionNode,
  isPromise,
  type LateAct,
  wrapped,
} from '../../analysis/index.ts';
import {
  type Edit,
  ended,
  endWithComments,
  hasComment,
  hasDirectiveAbove,
  indentOf,
  indentStepOf,
  isOnOwnLines,
  lineBreakOf,
  standsInList,
} from '../../report/edits.ts';
import { type Companion, companionOf } from './companion.ts';
import type { CheckRepair } from './repair.ts';
import { catching } from './rewriting.ts';
import { placeText } from './wording.ts';

/**
 * `if (!client) client = await connect();` → the promise of the call is kept beside the place until the place is filled, and who
 * comes meanwhile waits for the same one.
 */
export function shareValue(found: LateAct, core: Core): readonly CheckRepair[] {
  const { at, fn } = found;
  if (enclosingFunctionOf(at) !== fn) return [];
  const act = actStatementOf(at);
  const made = act === undefined ? undefined : madeFor(act, at);
  if (act === undefined || made === undefined || hasDirectiveAbove(act) || hasDirectiveAbove(made.statement)) return [];
  if (made.isWhole && !(ts.isCallExpression(made.operand) && isPromise(typeAt(made.operand, core), core.checker)))
    return [];
  if (!fits(found, made, core)) return [];
  const companion = companionOf(found, undefined, core);
  if (companion === undefined) return [];
  const edits =
    companion.key === undefined ? besidePlace(made, act, at, companion, core) : besideMap(made, act, companion);
  if (edits === undefined) return [];
  return [
    {
      title: 'share',
      data: { name: placeText(found), pending: companion.text },
      automatic: true,
      edits: [companion.declaration, ...edits],
    },
  ];
}

function typeAt(node: ts.Node, { checker }: Core): ts.Type {
  return checker.getTypeAtLocation(node);
}

/** Is what the call gives what the place holds, and nothing less? */
function fits({ act }: LateAct, { operand }: Made, core: Core): boolean {
  const { value } = act;
  if (value === undefined || !ts.isExpression(value)) return false;
  const promised = typeAt(operand, core);
  const given = awaitedTypeOf(promised, core.checker) ?? promised;
  // What may be missing would have to be told apart from what is not there yet.
  return core.checker.getNonNullableType(given) === given;
}

function actStatementOf(at: ts.Node): ts.ExpressionStatement | undefined {
  let node = wrapped(at);
  if (!ts.isCallExpression(at)) {
    node = wrapped(node.parent);
    if (!ts.isBinaryExpression(bare(node))) return undefined;
  }
  return ts.isExpressionStatement(node.parent) ? node.parent : undefined;
}

/** Where the value is waited for: in the act itself, or in the statement before it. */
interface Made {
  readonly statement: ts.Statement;
  readonly operand: ts.Expression;
  /** Is the operand all that is waited for? Otherwise it waits for parts of itself: `new Worker(await path())`. */
  readonly isWhole: boolean;
}

function madeFor(act: ts.ExpressionStatement, at: ts.Node): Made | undefined {
  const value = ts.isCallExpression(at) ? at.arguments.at(-1) : (wrapped(at).parent as ts.BinaryExpression).right;
  if (value === undefined) return undefined;
  const node = bare(value);
  if (ts.isAwaitExpression(node)) return { statement: act, operand: bare(node.expression), isWhole: true };
  if (waitsWithin(node)) return { statement: act, operand: node, isWhole: false };
  if (!ts.isIdentifier(node) || !ts.isBlock(act.parent)) return undefined;
  const before = act.parent.statements[act.parent.statements.indexOf(act) - 1];
  const source = before === undefined ? undefined : givenTo(node.text, before);
  if (before === undefined || source === undefined || !ts.isAwaitExpression(source)) return undefined;
  return { statement: before, operand: bare(source.expression), isWhole: true };
}

/** Does a call or `new` wait for what it is given, in a way that an async arrow could as well? */
function waitsWithin(node: ts.Expression): boolean {
  if (!ts.isNewExpression(node) && !ts.isCallExpression(node)) return false;
  let waits = false;
  const isMovable = (each: ts.Node): boolean => {
    if (isFunctionNode(each)) return true;
    if (ts.isAwaitExpression(each)) waits = true;
    if (ts.isYieldExpression(each) || (ts.isIdentifier(each) && each.text === 'arguments')) return false;
    return ts.forEachChild(each, (child) => (isMovable(child) ? undefined : true)) !== true;
  };
  return isMovable(node) && waits;
}

/** `const room = await open(id);`, `room = await open(id);` */
function givenTo(name: string, statement: ts.Statement): ts.Expression | undefined {
  if (ts.isVariableStatement(statement)) {
    const [declaration, ...more] = statement.declarationList.declarations;
    const isIt = declaration !== undefined && more.length === 0 && declaration.name.getText() === name;
    return isIt && declaration.initializer !== undefined ? bare(declaration.initializer) : undefined;
  }
  if (!ts.isExpressionStatement(statement) || !ts.isBinaryExpression(statement.expression)) return undefined;
  const { left, operatorToken, right } = statement.expression;
  const isIt = operatorToken.kind === ts.SyntaxKind.EqualsToken && left.getText() === name;
  return isIt ? bare(right) : undefined;
}

/** The promise, forgotten when it is rejected. */
function forgetting({ isWhole, operand }: Made, undo: string, indent: string): string {
  const text = operand.getText();
  return `${isWhole ? text : `(async () => ${text})()`}${catching(undo, indent, operand.getSourceFile())}`;
}

/** Waits for the promise where its value was waited for. */
function waitingFor({ isWhole, operand }: Made, pending: string): Edit {
  return { range: [operand.getStart(), operand.getEnd()], text: isWhole ? pending : `await ${pending}` };
}

function besidePlace(
  made: Made,
  act: ts.ExpressionStatement,
  at: ts.Node,
  { text }: Companion,
  core: Core,
): readonly Edit[] | undefined {
  const { operand, statement } = made;
  const file = act.getSourceFile();
  const line = lineBreakOf(file);
  const assignment = bare(act.expression);
  const isLogical =
    ts.isBinaryExpression(assignment) &&
    isAssignmentOperator(assignment.operatorToken.kind) &&
    assignment.operatorToken.kind !== ts.SyntaxKind.EqualsToken;
  const clear = ended(`${text} = undefined`, file);
  const fill = (indent: string): string =>
    ended(`${text} ??= ${forgetting(made, `${text} = undefined`, indent)}`, file);
  if (isLogical) {
    if (statement !== act || !isOnOwnLines(act) || !standsInList(act)) return undefined;
    const indent = indentOf(act);
    const inner = indent + indentStepOf(file);
    const body = [
      `if (${isUnset(at as ts.Expression, assignment.operatorToken.kind, core)}) {`,
      `${inner}${fill(inner)}`,
      `${inner}${ended(`${at.getText()} = await ${text}`, file)}`,
      `${inner}${clear}`,
      `${indent}}`,
    ].join(line);
    return hasComment(act) ? undefined : [{ range: [act.getStart(), act.getEnd()], text: body }];
  }
  if (!standsInList(act)) {
    if (statement !== act || hasComment(act)) return undefined;
    const outer = indentOf(act.parent);
    const inner = outer + indentStepOf(file);
    const body = [
      '{',
      `${inner}${fill(inner)}`,
      `${inner}${ended(`${at.getText()} = await ${text}`, file)}`,
      `${inner}${clear}`,
      `${outer}}`,
    ].join(line);
    return [{ range: [act.getStart(), act.getEnd()], text: body }];
  }
  if (!isOnOwnLines(statement) || !isOnOwnLines(act) || hasComment(operand)) return undefined;
  const indent = indentOf(act);
  const end = endWithComments(act);
  return [
    { range: [statement.getStart(), statement.getStart()], text: `${fill(indent)}${line}${indent}` },
    waitingFor(made, text),
    { range: [end, end], text: `${line}${indent}${clear}` },
  ];
}

function isUnset(target: ts.Expression, operator: ts.SyntaxKind, { checker }: Core): string {
  const text = target.getText();
  if (operator === ts.SyntaxKind.BarBarEqualsToken) return `!${text}`;
  const symbol = checker.getSymbolAtLocation(ts.isPropertyAccessExpression(target) ? target.name : target);
  const declaration = symbol?.valueDeclaration;
  const type =
    symbol === undefined || declaration === undefined
      ? undefined
      : checker.getTypeOfSymbolAtLocation(symbol, declaration);
  const parts = type?.isUnion() === true ? type.types : [];
  const mayBeNull = parts.some(({ flags }) => (flags & ts.TypeFlags.Null) !== 0);
  const mayBeUndefined = parts.some(({ flags }) => (flags & ts.TypeFlags.Undefined) !== 0);
  if (mayBeNull && mayBeUndefined) return `${text} == null`;
  return mayBeNull ? `${text} === null` : `${text} === undefined`;
}

function besideMap(made: Made, act: ts.ExpressionStatement, companion: Companion): readonly Edit[] | undefined {
  const { operand, statement } = made;
  const { key, local: wished, text } = companion;
  const file = act.getSourceFile();
  const line = lineBreakOf(file);
  const isListed = standsInList(act);
  if (key === undefined || !isOnOwnLines(statement) || hasComment(operand)) return undefined;
  if (isListed ? !isOnOwnLines(act) : statement !== act || hasComment(act)) return undefined;
  const outer = indentOf(isListed ? statement : statement.parent);
  const indent = isListed ? outer : outer + indentStepOf(file);
  const inner = indent + indentStepOf(file);
  const local = wished === text ? 'pending' : wished;
  if (local === 'pending' && /\bpending\b/.test(enclosingFunctionOf(act).getText())) return undefined;
  const lines = [
    ended(`let ${local} = ${text}.get(${key})`, file),
    `${indent}if (${local} === undefined) {`,
    `${inner}${ended(`${local} = ${forgetting(made, `${text}.delete(${key})`, inner)}`, file)}`,
    `${inner}${ended(`${text}.set(${key}, ${local})`, file)}`,
    `${indent}}`,
  ];
  const end = isListed ? endWithComments(act) : act.getEnd();
  const drop = `${line}${indent}${ended(`${text}.delete(${key})`, file)}`;
  return [
    {
      range: [statement.getStart(), statement.getStart()],
      text: `${isListed ? '' : `{${line}${indent}`}${lines.join(line)}${line}${indent}`,
    },
    waitingFor(made, local),
    { range: [end, end], text: isListed ? drop : `${drop}${line}${outer}}` },
  ];
}
