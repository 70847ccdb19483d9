import * as ts from 'typescript';
import {
  bare,
  type Core,
  type FunctionNode,
  isInside,
  referencesOf,
  type RequestState,
  symbolAt,
} from '../../analysis/index.ts';
import {
  type Edit,
  endWithComments,
  freeName,
  indentOf,
  isOnOwnLines,
  lineBreakOf,
  removeVariable,
  replace,
} from '../../report/edits.ts';

/** The one declaration of what is shared, and every place that names it. */
export interface SharedDeclaration {
  readonly node: ts.PropertyDeclaration | ts.VariableDeclaration;
  /** The statement or class member that declares it and nothing else; `undefined` when it declares other things too. */
  readonly whole: ts.Node | undefined;
  /** The variable's names, or the accesses `this.user`. */
  readonly uses: readonly ts.Expression[];
  /** The type as written, what an optional field adds included. */
  readonly type: string | undefined;
}

/** The declaration of a variable or a field that nothing outside of the file names. */
export function declarationOf({ state }: RequestState, file: ts.SourceFile, core: Core): SharedDeclaration | undefined {
  const { symbol } = state;
  const node = symbol?.valueDeclaration;
  if (symbol === undefined || node === undefined || symbol.declarations?.length !== 1) return undefined;
  if (node.getSourceFile() !== file) return undefined;
  const isField = ts.isPropertyDeclaration(node);
  if (!isField && !(ts.isVariableDeclaration(node) && ts.isIdentifier(node.name))) return undefined;
  if (isField && (ts.getDecorators(node)?.length ?? 0) > 0) return undefined;
  const { found, doubt } = referencesOf(symbol, core);
  if (doubt !== undefined) return undefined;
  const uses: ts.Expression[] = [];
  for (const { expression, isCertain, node: name, use } of found) {
    if (use === 'export' || use === 'import' || use === 'type' || name.getSourceFile() !== file) return undefined;
    if (!isCertain) return undefined;
    // A copy goes by another name.
    if (symbolAt(name, core.checker)?.valueDeclaration !== node) continue;
    const isOwn = isField ? isThisAccess(expression) : ts.isIdentifier(expression);
    if (!isOwn) return undefined;
    uses.push(expression as ts.Expression);
  }
  const whole = isField ? node : statementOf(node);
  if (whole === undefined && !isField && !isOneOfSeveral(node)) return undefined;
  return { node, whole, uses, type: typeOf(node) };
}

function isThisAccess(node: ts.Node): boolean {
  return ts.isPropertyAccessExpression(node) && node.expression.kind === ts.SyntaxKind.ThisKeyword;
}

function statementOf({ parent }: ts.VariableDeclaration): ts.Statement | undefined {
  if (!ts.isVariableDeclarationList(parent) || !ts.isVariableStatement(parent.parent)) return undefined;
  if (parent.parent.modifiers?.some(({ kind }) => kind !== ts.SyntaxKind.DeclareKeyword) === true) return undefined;
  return parent.declarations.length === 1 ? parent.parent : undefined;
}

function isOneOfSeveral({ parent }: ts.VariableDeclaration): boolean {
  return ts.isVariableDeclarationList(parent) && parent.declarations.length > 1;
}

function typeOf(node: ts.PropertyDeclaration | ts.VariableDeclaration): string | undefined {
  const text = node.type?.getText();
  if (text === undefined || !ts.isPropertyDeclaration(node) || node.questionToken === undefined) return text;
  return /\bundefined\b/.test(text) ? text : `${text} | undefined`;
}

/** The name of the variable or field; another one where the function has that name already. */
export function nameIn(owner: FunctionNode, { node, uses }: SharedDeclaration): string {
  const own = node.name.getText().replace(/^#/, '');
  if (ts.isVariableDeclaration(node)) return own;
  const visit = (child: ts.Node): boolean => {
    if (ts.isTypeNode(child)) return false;
    if (ts.isIdentifier(child) && child.text === own && !uses.includes(child.parent as ts.Expression)) {
      const { parent } = child;
      const isMember =
        (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) && parent.name === child;
      if (!isMember) return true;
    }
    return ts.forEachChild(child, visit) ?? false;
  };
  return visit(owner) ? freeName(own, owner.getSourceFile()) : own;
}

/** The comments that stand right above the declaration or behind it, as they are, and where all of it lies. */
export interface WholeDeclaration {
  readonly above: readonly string[];
  readonly behind: string;
  readonly edit: Edit;
}

/** Takes the declaration away with its comments; `undefined` where something else would go too. */
export function takenAway({ node, whole }: SharedDeclaration): WholeDeclaration | undefined {
  if (whole === undefined) {
    const edit = ts.isVariableDeclaration(node) ? removeVariable(node) : undefined;
    return edit === undefined ? undefined : { above: [], behind: '', edit };
  }
  if (!isOnOwnLines(whole)) return undefined;
  const { text } = whole.getSourceFile();
  const above = commentsRightAbove(whole);
  const [firstComment] = above;
  const start = text.lastIndexOf('\n', (firstComment?.pos ?? whole.getStart()) - 1) + 1;
  const end = endWithComments(whole);
  const lineEnd = text.indexOf('\n', end);
  return {
    above: above.map(({ pos, end: close }) => text.slice(pos, close)),
    behind: text.slice(whole.getEnd(), end).trim(),
    edit: { range: [start, lineEnd < 0 ? text.length : lineEnd + 1], text: '' },
  };
}

/** Comments above a statement with no empty line in between. */
function commentsRightAbove(node: ts.Node): readonly ts.CommentRange[] {
  const { text } = node.getSourceFile();
  const found: ts.CommentRange[] = [];
  let next = node.getStart();
  for (const range of (ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []).toReversed()) {
    const isOwnLine = text.slice(text.lastIndexOf('\n', range.pos - 1) + 1, range.pos).trim() === '';
    if (!isOwnLine || !/^[ \t]*\r?\n?[ \t]*$/.test(text.slice(range.end, next))) break;
    found.unshift(range);
    next = range.pos;
  }
  return found;
}

/** `current = value;` becomes `const current = value;`, if all that uses it follows in the same block. */
export function asConstant(
  { type, uses }: SharedDeclaration,
  { above, behind }: WholeDeclaration,
  target: ts.Expression,
  name: string,
): readonly Edit[] | undefined {
  const assignment = target.parent;
  const statement = assignment.parent as ts.Node | undefined;
  if (!ts.isBinaryExpression(assignment) || bare(assignment.left) !== target || target !== assignment.left)
    return undefined;
  if (statement === undefined || !ts.isExpressionStatement(statement) || !ts.isBlock(statement.parent))
    return undefined;
  const block = statement.parent;
  if (!uses.every((use) => use === target || (isInside(use, block) && use.pos >= statement.end))) return undefined;
  const file = target.getSourceFile();
  const line = lineBreakOf(file);
  const indent = indentOf(statement);
  const hasOwn = endWithComments(statement) > statement.getEnd();
  const lines = [...above, ...(behind !== '' && hasOwn ? [behind] : [])];
  const annotation = type === undefined ? '' : `: ${type}`;
  const edits: Edit[] = [
    replace(target, `${lines.map((text) => `${text}${line}${indent}`).join('')}const ${name}${annotation}`),
  ];
  if (behind !== '' && !hasOwn) edits.push({ range: [statement.getEnd(), statement.getEnd()], text: ` ${behind}` });
  return edits;
}

/** The type that the compiler gives to a variable with this value. */
export function typeOfLiteral(value: ts.Expression | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (ts.isStringLiteralLike(value)) return 'string';
  return ts.isNumericLiteral(value) ? 'number' : undefined;
}

/** A read by another name; `{ user: this.user }` becomes `{ user }`. */
export function readAs(name: string, use: ts.Node): Edit {
  const { parent } = use;
  const isNamesake =
    ts.isPropertyAssignment(parent) &&
    parent.initializer === use &&
    ts.isIdentifier(parent.name) &&
    parent.name.text === name;
  return replace(isNamesake ? parent : use, name);
}
