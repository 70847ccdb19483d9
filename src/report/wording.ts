import * as ts from 'typescript';
import { bare } from '../analysis/syntax/expressions.ts';

/** Longest piece of source that a message quotes. */
const MOST_LETTERS = 48;

/** A piece of the user's source for a message: one line, shortened in the middle. */
export function quoted(node: ts.Node): string {
  const text = node
    .getText()
    .replace(/\s*\n\s*(?=\??\.)/g, '')
    .replace(/\s+/g, ' ');
  if (text.length <= MOST_LETTERS) return text;
  const half = Math.floor((MOST_LETTERS - 1) / 2);
  return `${text.slice(0, half)}…${text.slice(-half)}`;
}

/** A call in a message, without what it is given: `server.close()`. */
export function calledText(call: ts.Node): string {
  return ts.isCallExpression(call) ? `${quoted(call.expression)}()` : quoted(call);
}

/** The name of a function in a message: its own, its variable's, its property's, or `the callback`. */
export function functionName(fn: ts.Node): string {
  if ('name' in fn && fn.name !== undefined && isNamed(fn.name as ts.Node)) return (fn.name as ts.Node).getText();
  if (ts.isConstructorDeclaration(fn)) return 'constructor';
  const parent = fn.parent as ts.Node | undefined;
  if (
    parent !== undefined &&
    (ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent) || ts.isPropertyAssignment(parent))
  ) {
    return parent.name.getText();
  }
  if (parent !== undefined && ts.isBinaryExpression(parent)) return quoted(parent.left);
  return 'callback';
}

function isNamed(node: ts.Node): boolean {
  return ts.isIdentifier(node) || ts.isPrivateIdentifier(node) || ts.isStringLiteralLike(node);
}

/** `line 12`, or `line 12 of server.ts` when it is in another file than `from`. */
export function lineText(node: ts.Node, from: ts.SourceFile): string {
  const file = node.getSourceFile();
  const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
  return file === from ? `line ${String(line)}` : `line ${String(line)} of ${nameOf(file, from)}`;
}

/** The file's name; where many files have that name, its path below the folder that holds both. */
function nameOf({ fileName }: ts.SourceFile, from: ts.SourceFile): string {
  const path = fileName.split('/');
  const other = from.fileName.split('/');
  const name = path.at(-1) ?? fileName;
  if (name !== other.at(-1) && !/^index\.\w+$/.test(name)) return name;
  const shared = path.findIndex((part, place) => part !== other[place]);
  return path.slice(shared).join('/');
}

/** What fails, by the node at which it does: `` `ship` on line 12 of orders.ts ``. */
export function causeText(node: ts.Node, from: ts.SourceFile): string {
  const line = lineText(node, from);
  return ts.isThrowStatement(node) ? `the \`throw\` on ${line}` : `\`${quoted(calledIn(node))}\` on ${line}`;
}

function calledIn(node: ts.Node): ts.Node {
  if (ts.isAwaitExpression(node)) return calledIn(bare(node.expression));
  return ts.isCallExpression(node) ? node.expression : node;
}
