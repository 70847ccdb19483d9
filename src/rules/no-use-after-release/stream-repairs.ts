import * as ts from 'typescript';
import { type AfterRelease, type Core, enclosingFunctionOf, isAsync, isInside, wrapped } from '../../analysis/index.ts';
import {
  type Edit,
  ended,
  freeName,
  hasComment,
  indentOf,
  indentStepOf,
  insertBefore,
  isOnOwnLines,
  lineBreakOf,
  replace,
} from '../../report/edits.ts';
import { quoteOf } from '../../report/on-error.ts';
import type { LateRepair } from './repair.ts';

/**
 * `rows.pipe(response);` → `await pipeline(rows, response);`: where a `finally` gives the object back, or the next statement, which
 * goes into one.
 */
export function waitForPipe({ is, at, release }: AfterRelease, core: Core): LateRepair | undefined {
  if (is !== 'stream' || !ts.isCallExpression(at) || at.arguments.length !== 1) return undefined;
  const callee = at.expression;
  const [target] = at.arguments;
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'pipe' || target === undefined) return undefined;
  if (!ts.isExpressionStatement(wrapped(at).parent) || !isAsync(enclosingFunctionOf(at)) || hasComment(at))
    return undefined;
  const imported = pipelineImport(at.getSourceFile(), core);
  if (imported === undefined) return undefined;
  const text = `await pipeline(${callee.expression.getText()}, ${target.getText()})`;
  if (isInFinallyAround(release.node, at))
    return { title: 'pipeline', automatic: false, edits: [replace(at, text), ...imported] };
  const statement = ts.findAncestor(at, ts.isExpressionStatement);
  const freeing = ts.findAncestor(release.node, ts.isExpressionStatement);
  if (statement === undefined || freeing?.parent !== statement.parent) return undefined;
  if (!isOnOwnLines(statement) || !isOnOwnLines(freeing) || hasComment(freeing)) return undefined;
  const list: readonly ts.Statement[] = ts.isBlock(statement.parent) ? statement.parent.statements : [];
  if (list.indexOf(freeing) !== list.indexOf(statement) + 1) return undefined;
  const file = at.getSourceFile();
  const outer = indentOf(statement);
  const inner = outer + indentStepOf(file);
  const lines = [
    'try {',
    `${inner}${ended(text, file)}`,
    `${outer}} finally {`,
    inner + freeing.getText(),
    `${outer}}`,
  ];
  const range = [statement.getStart(), freeing.getEnd()] as const;
  return {
    title: 'pipeline',
    automatic: false,
    edits: [{ range, text: lines.join(lineBreakOf(file)) }, ...imported],
  };
}

/** Does the `finally` of a `try` around the one node hold the other? */
function isInFinallyAround(inside: ts.Node, node: ts.Node): boolean {
  for (let at = node; !ts.isFunctionLike(at) && !ts.isSourceFile(at); at = at.parent) {
    const { parent } = at;
    if (!ts.isTryStatement(parent) || parent.tryBlock !== at || parent.finallyBlock === undefined) continue;
    if (isInside(inside, parent.finallyBlock)) return true;
  }
  return false;
}

/** The import that is missing; `undefined` where the name means something else. */
function pipelineImport(file: ts.SourceFile, { checker }: Core): readonly Edit[] | undefined {
  const imports = file.statements.filter((each) => ts.isImportDeclaration(each));
  const known = imports.some(
    ({ moduleSpecifier, importClause }) =>
      /^(?:node:)?stream\/promises$/.test((moduleSpecifier as ts.StringLiteral).text) &&
      importClause?.namedBindings !== undefined &&
      ts.isNamedImports(importClause.namedBindings) &&
      importClause.namedBindings.elements.some(
        ({ name, propertyName }) => name.text === 'pipeline' && propertyName === undefined,
      ),
  );
  if (known) return [];
  const [first] = imports;
  const scope = checker.getSymbolsInScope(file, ts.SymbolFlags.Value | ts.SymbolFlags.Alias);
  if (first === undefined || scope.some(({ name }) => name === 'pipeline')) return undefined;
  const quote = first.moduleSpecifier.getText().charAt(0);
  const start = first.getStart();
  const end = first.getText().endsWith(';') ? ';' : '';
  return [
    {
      range: [start, start],
      text: `import { pipeline } from ${quote}node:stream/promises${quote}${end}${lineBreakOf(file)}`,
    },
  ];
}

/** Gives the connection back when the stream that leaves the function is over: by an event, in place of the release. */
export function releaseOnClose(
  { is, at, value, release, lease }: AfterRelease,
  { checker }: Core,
): LateRepair | undefined {
  if (is !== 'stream' || value === undefined || !ts.isCallExpression(release.node) || !ts.isExpression(at))
    return undefined;
  if (checker.getTypeAtLocation(value).getProperty('once') === undefined) return undefined;
  const result = ts.findAncestor(at, ts.isReturnStatement);
  const freeing = ts.findAncestor(release.node, ts.isExpressionStatement);
  if (result?.expression !== at || freeing === undefined || !isOnOwnLines(freeing)) return undefined;
  const releasing = release.node;
  const awaits = ts.isAwaitExpression(wrapped(releasing).parent);
  const file = at.getSourceFile();
  const name = ts.isIdentifier(at) ? at.text : freeName('stream', file);
  const quote = quoteOf(file);
  const listener = `${name}.once(${quote}close${quote}, () => { ${awaits ? 'void ' : ''}${releasing.getText()}; })`;
  if (hasComment(freeing) || lease.name === undefined) return undefined;
  if (freeing.parent === result.parent && ts.isIdentifier(at))
    return { title: 'onClose', automatic: false, edits: [replace(freeing, ended(listener, file))] };
  const block = freeing.parent;
  const guarded = block.parent;
  if (!ts.isTryStatement(guarded) || guarded.finallyBlock !== block || guarded.catchClause !== undefined)
    return undefined;
  if (guarded.finallyBlock.statements.length !== 1 || result.parent !== guarded.tryBlock) return undefined;
  const keyword = guarded.getChildren().find((child) => child.kind === ts.SyntaxKind.FinallyKeyword);
  if (keyword === undefined) return undefined;
  const step = indentStepOf(file);
  const rethrow = `${lineBreakOf(file)}${indentOf(guarded)}${step}${ended('throw error', file)}`;
  const opened = ts.isIdentifier(at) ? [] : [ended(`const ${name} = ${at.getText()}`, file)];
  return {
    title: 'onClose',
    automatic: false,
    edits: [
      ...(ts.isIdentifier(at) ? [] : [replace(at, name)]),
      insertBefore(result, [...opened, ended(listener, file)], result.getText()),
      { range: [keyword.getStart(), keyword.getEnd()], text: 'catch (error)' },
      { range: [freeing.getEnd(), freeing.getEnd()], text: rethrow },
    ],
  };
}
