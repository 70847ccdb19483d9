import * as ts from 'typescript';
import {
  bare,
  type Core,
  isInside,
  isMemberName,
  isModuleLevel,
  isConst,
  type PerCallClient,
  wrapped,
} from '../../analysis/index.ts';
import {
  type Edit,
  ended,
  freeName,
  hasComment,
  lineBreakOf,
  removeStatement,
  removeVariable,
  replace,
} from '../../report/edits.ts';

/** A repair of this rule. */
export interface PoolRepair {
  readonly title: 'hoist' | 'lazy';
  readonly automatic: boolean;
  readonly data?: Readonly<Record<string, string>>;
  readonly edits: readonly Edit[];
}

/** The name of the variable that holds it, if it goes to one at once. */
export function nameOfClient({ call }: PerCallClient): string | undefined {
  const { parent } = wrapped(call);
  const declaration = declarationOf(ts.isAwaitExpression(parent) ? parent : call);
  return declaration !== undefined && ts.isIdentifier(declaration.name) ? declaration.name.text : undefined;
}

function declarationOf(call: ts.Expression): ts.VariableDeclaration | undefined {
  const { parent } = wrapped(call);
  return ts.isVariableDeclaration(parent) ? parent : undefined;
}

/** The class or function that builds it, as a variable would be called. */
function wishedName({ call }: PerCallClient): string {
  const callee = bare(call.expression);
  const text = ts.isPropertyAccessExpression(callee) ? callee.name.text : callee.getText();
  const bareName = text.replace(/^create(?=[A-Z])/, '');
  return bareName.charAt(0).toLowerCase() + bareName.slice(1);
}

/**
 * Moves it to module level. Written by `--fix` when everything that its arguments name stands there before it; opening it again at
 * each call, an assertion about its options or a comment in it leave it to the author.
 */
export function hoist(found: PerCallClient, isCertain: boolean, core: Core): PoolRepair | undefined {
  const { call } = found;
  const home = topStatementOf(call);
  if (home === undefined || opensIt(found) || !isBuiltAtOnce(call, core) || !areConstant(call, home, core))
    return undefined;
  const file = call.getSourceFile();
  const declaration = declarationOf(call);
  const line = lineBreakOf(file);
  const start = home.getStart();
  if (declaration !== undefined) {
    const removal = removable(declaration);
    if (removal === undefined || !ts.isIdentifier(declaration.name)) return undefined;
    const { text: name } = declaration.name;
    if (isTakenAtTop(name, home, core)) return undefined;
    const type = declaration.type === undefined ? '' : `: ${declaration.type.getText()}`;
    const text = `${ended(`const ${name}${type} = ${call.getText()}`, file, home.getText())}${line}${line}`;
    return {
      title: 'hoist',
      automatic: isCertain,
      edits: [{ range: [start, start], text }, removal],
    };
  }
  const name = freeName(wishedName(found), file);
  const text = `${ended(`const ${name} = ${call.getText()}`, file, home.getText())}${line}${line}`;
  return {
    title: 'hoist',
    automatic: isCertain,
    edits: [{ range: [start, start], text }, replace(wholeOf(call), name)],
  };
}

/** `(new Pool())` in parentheses goes as a whole. */
function wholeOf(call: ts.Node): ts.Node {
  return ts.isParenthesizedExpression(call.parent) ? call.parent : call;
}

/** A getter at module level that builds it, and opens it, at the first call. */
export function shareLazily(found: PerCallClient, core: Core): PoolRepair | undefined {
  const { call } = found;
  const home = topStatementOf(call);
  const file = call.getSourceFile();
  const isScript = /\.[cm]?jsx?$/.test(file.fileName);
  if (home === undefined || isScript || !isBuiltAtOnce(call, core) || !isOfModule(call, core)) return undefined;
  const wish = nameOfClient(found) ?? wishedName(found);
  const capital = wish.charAt(0).toUpperCase() + wish.slice(1);
  const getter = freeName(`get${capital}`, file);
  const shared = freeName(`shared${capital}`, file);
  const opening = opensIt(found) ? openingOf(found) : undefined;
  if (opensIt(found) && opening === undefined) return undefined;
  const opener = freeName(`open${capital}`, file);
  const type = opening === undefined ? typeTextOf(call) : `ReturnType<typeof ${opener}>`;
  if (type === undefined) return undefined;
  const build =
    opening === undefined
      ? [`  ${ended(`return (${shared} ??= ${call.getText()})`, file)}`]
      : [
          `  ${shared} ??= ${opener}().catch((error: unknown) => {`,
          `    ${ended(`${shared} = undefined`, file)}`,
          `    ${ended('throw error', file)}`,
          `  ${ended('})', file)}`,
          `  ${ended(`return ${shared}`, file)}`,
        ];
  const text = [
    ...(opening === undefined ? [] : openerText(opener, opening, found)),
    ended(`let ${shared}: ${type} | undefined`, file, 'f'),
    `function ${getter}(): ${type} {`,
    ...build,
    '}',
    '',
    '',
  ].join(lineBreakOf(file));
  const start = home.getStart();
  const uses =
    opening === undefined
      ? [replace(call, `${getter}()`)]
      : [replace(call, `await ${getter}()`), removeStatement(opening)];
  return { title: 'lazy', automatic: false, data: { getter }, edits: [{ range: [start, start], text }, ...uses] };
}

function typeTextOf(call: ts.CallExpression | ts.NewExpression): string | undefined {
  if (call.typeArguments !== undefined) return undefined;
  const callee = bare(call.expression).getText();
  return ts.isNewExpression(call) ? callee : `ReturnType<typeof ${callee}>`;
}

/** `await client.connect();`, right after the declaration and without a local among its arguments. */
function openingOf({ call }: PerCallClient): ts.ExpressionStatement | undefined {
  const declaration = declarationOf(call);
  const statement = declaration?.parent.parent;
  if (
    declaration === undefined ||
    statement === undefined ||
    !ts.isVariableStatement(statement) ||
    !ts.isBlock(statement.parent)
  )
    return undefined;
  if (declaration.type !== undefined || declaration.initializer !== call || removable(declaration) === undefined)
    return undefined;
  const { statements } = statement.parent;
  const next = statements[statements.indexOf(statement) + 1];
  if (next === undefined || !ts.isExpressionStatement(next) || !ts.isAwaitExpression(next.expression)) return undefined;
  const opened = bare(next.expression.expression);
  if (!ts.isCallExpression(opened) || opened.arguments.length > 0 || hasComment(next)) return undefined;
  const callee = bare(opened.expression);
  const isIt = ts.isPropertyAccessExpression(callee) && callee.expression.getText() === declaration.name.getText();
  return isIt && OPENS.test(callee.name.text) ? next : undefined;
}

function openerText(opener: string, opening: ts.ExpressionStatement, { call }: PerCallClient): readonly string[] {
  const file = call.getSourceFile();
  const name = declarationOf(call)?.name.getText() ?? 'client';
  return [
    `async function ${opener}() {`,
    `  ${ended(`const ${name} = ${call.getText()}`, file)}`,
    `  ${opening.getText()}`,
    `  ${ended(`return ${name}`, file)}`,
    '}',
    '',
  ];
}

function topStatementOf(node: ts.Node): ts.Statement | undefined {
  for (let at = node; !ts.isSourceFile(at); at = at.parent) {
    if (ts.isSourceFile(at.parent)) return at as ts.Statement;
    if (ts.isModuleBlock(at.parent)) return undefined;
  }
  return undefined;
}

/** Is it no promise, and free of comments and of `await` in its arguments? */
function isBuiltAtOnce(call: ts.CallExpression | ts.NewExpression, { checker }: Core): boolean {
  if (hasComment(call) || checker.getTypeAtLocation(call).getProperty('then') !== undefined) return false;
  const waits = (node: ts.Node): boolean =>
    ts.isAwaitExpression(node) || ts.isYieldExpression(node) || (ts.forEachChild(node, waits) ?? false);
  return !waits(call) && !/\n[\s\S]*`/.test(call.getText());
}

function removable(declaration: ts.VariableDeclaration): Edit | undefined {
  const list = declaration.parent;
  if (!ts.isVariableDeclarationList(list) || (list.flags & ts.NodeFlags.Const) === 0 || list.declarations.length !== 1)
    return undefined;
  return removeVariable(declaration);
}

/** Would the name hide or be hidden by another one of the module? */
function isTakenAtTop(name: string, home: ts.Statement, { checker }: Core): boolean {
  return checker
    .getSymbolsInScope(home.getSourceFile(), ts.SymbolFlags.Value | ts.SymbolFlags.Alias)
    .some((symbol) => symbol.name === name);
}

const OPENS = /^(?:connect|initialize|open)$/;

/** `client.connect()`, `source.initialize()`: what is opened at each call cannot be shared by moving it alone. */
function opensIt({ uses, kind }: PerCallClient): boolean {
  return uses.some(({ by, kind: how }) => {
    if (how !== 'method' || !ts.isCallExpression(by)) return false;
    const callee = bare(by.expression);
    const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : '';
    return OPENS.test(name) && (kind === 'client' || name !== 'connect');
  });
}

/** Does every name in the call stand for a constant of the module, before this statement? */
function areConstant(call: ts.CallExpression | ts.NewExpression, home: ts.Statement, core: Core): boolean {
  return (
    everyName(
      call,
      core,
      (declaration) => isImport(declaration) || (isConst(declaration) && declaration.end <= home.pos),
    ) && !/\bprocess\b/.test(call.getText())
  );
}

function isOfModule(call: ts.CallExpression | ts.NewExpression, core: Core): boolean {
  return everyName(call, core, () => true);
}

function isImport(declaration: ts.Declaration): boolean {
  return ts.isImportSpecifier(declaration) || ts.isImportClause(declaration) || ts.isNamespaceImport(declaration);
}

function everyName(call: ts.Node, core: Core, fits: (declaration: ts.Declaration) => boolean): boolean {
  const look = (node: ts.Node): boolean => {
    if (node.kind === ts.SyntaxKind.ThisKeyword || ts.isFunctionLike(node)) return false;
    if (ts.isIdentifier(node) && !isMemberName(node)) {
      const symbol = ts.isShorthandPropertyAssignment(node.parent)
        ? core.checker.getShorthandAssignmentValueSymbol(node.parent)
        : core.checker.getSymbolAtLocation(node);
      const [declaration] = symbol?.declarations ?? [];
      if (declaration === undefined) return node.text === 'undefined';
      const { fileName, isDeclarationFile } = declaration.getSourceFile();
      if (isDeclarationFile && fileName !== call.getSourceFile().fileName) return true;
      if (isInside(declaration, call)) return true;
      if (!isImport(declaration) && !isModuleLevel(declaration)) return false;
      if (!fits(declaration)) return false;
    }
    return ts.forEachChild(node, (child) => (look(child) ? undefined : true)) !== true;
  };
  return look(call);
}
