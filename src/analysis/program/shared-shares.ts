import * as ts from 'typescript';
import type { Core } from '../facts.ts';
import { isConst, isModuleLevel, isReassigned, symbolOf } from '../places/symbols.ts';
import { bare } from '../syntax/expressions.ts';
import { hasModifier } from '../syntax/functions.ts';
import type { Cell } from './shared-cells.ts';
import { constructionOf } from './shared-views.ts';

/** Names that stand for other names, followed from one to the next. */
const MOST_STEPS = 6;

/**
 * May the cell be this thread's own share of the memory, so that no other thread touches it?
 *
 * So it is when the view begins at a computed offset, when the index runs over a part of the view, or when it is a constant of the
 * running thread (its number, its slot) and not of the program. An index that a caller gives is none of these.
 */
export function mayBeOwnShare(cell: Cell, core: Core): boolean {
  const offset = constructionOf(cell.view, core)?.arguments?.[1];
  if (offset !== undefined && !isSameEverywhere(offset, core)) return true;
  return isOfThisThread(cell.index, cell, core, 0);
}

/** Is it made of literals, constants with a literal value, and constants of the language's library? */
function isSameEverywhere(root: ts.Expression, core: Core): boolean {
  const { checker, program } = core;
  const visit = (node: ts.Node): boolean => {
    if (ts.isExpression(node) && checker.getTypeAtLocation(node).isNumberLiteral()) return true;
    if (ts.isPropertyAccessExpression(node) || ts.isIdentifier(node)) {
      const file = symbolOf(ts.isIdentifier(node) ? node : node.name, core)?.valueDeclaration?.getSourceFile();
      return file !== undefined && program.isSourceFileDefaultLibrary(file);
    }
    if (ts.isCallExpression(node)) return false;
    return ts.forEachChild(node, (child) => (visit(child) ? undefined : 'differs')) === undefined;
  };
  return visit(root);
}

function isOfThisThread(index: ts.Node, cell: Cell, core: Core, depth: number): boolean {
  if (depth > MOST_STEPS) return true;
  const visit = (node: ts.Node): boolean => {
    if (ts.isPropertyAccessExpression(node)) return isOwnField(node, core) || visit(node.expression);
    if (ts.isIdentifier(node)) return isOwnName(node, cell, core, depth);
    // What is called or looked into is no number of a thread; what it is given may be.
    if (ts.isElementAccessExpression(node)) return visit(node.argumentExpression);
    if (ts.isCallExpression(node)) return node.arguments.some(visit);
    return ts.forEachChild(node, visit) ?? false;
  };
  return visit(index);
}

/** `this.slot`, given when the object was made and never again. */
function isOwnField({ name }: ts.PropertyAccessExpression, core: Core): boolean {
  const declaration = symbolOf(name, core)?.valueDeclaration;
  if (declaration === undefined || core.checker.getTypeAtLocation(name).isNumberLiteral()) return false;
  const isField = ts.isPropertyDeclaration(declaration) || ts.isParameter(declaration);
  return isField && hasModifier(declaration, ts.SyntaxKind.ReadonlyKeyword);
}

function isOwnName(node: ts.Identifier, cell: Cell, core: Core, depth: number): boolean {
  const symbol = symbolOf(node, core);
  const declaration = symbol?.valueDeclaration;
  if (symbol === undefined || declaration === undefined || core.checker.getTypeAtLocation(node).isNumberLiteral())
    return false;
  if (ts.isEnumDeclaration(declaration) || ts.isParameter(declaration)) return false;
  const { parent } = declaration;
  if (ts.isVariableDeclaration(declaration) && ts.isVariableDeclarationList(parent) && isLoopHead(parent.parent)) {
    return !isWholeRange(parent.parent, declaration, cell, core);
  }
  if (isConst(declaration) && isModuleLevel(declaration)) return true;
  if (!ts.isVariableDeclaration(declaration) || declaration.initializer === undefined) return false;
  // A variable that is counted up by hand is a loop too.
  if (core.ask(isReassigned, symbol)) return !ts.isNumericLiteral(bare(declaration.initializer));
  return isOfThisThread(declaration.initializer, cell, core, depth + 1);
}

function isLoopHead(node: ts.Node): node is ts.ForInStatement | ts.ForOfStatement | ts.ForStatement {
  return ts.isForStatement(node) || ts.isForOfStatement(node) || ts.isForInStatement(node);
}

/** `for (let slot = 0; slot < cells.length; slot++)`: every thread that runs it touches every cell. */
function isWholeRange(
  loop: ts.ForInStatement | ts.ForOfStatement | ts.ForStatement,
  counter: ts.VariableDeclaration,
  { view }: Cell,
  core: Core,
): boolean {
  if (!ts.isForStatement(loop) || loop.condition === undefined || counter.initializer === undefined) return false;
  const isFromStart = core.checker.getTypeAtLocation(bare(counter.initializer)).isNumberLiteral();
  const condition = bare(loop.condition);
  if (!isFromStart || !ts.isBinaryExpression(condition)) return false;
  const end = bare(condition.right);
  return (
    isSameEverywhere(end, core) || (ts.isPropertyAccessExpression(end) && end.expression.getText() === view.getText())
  );
}
