import ts from 'typescript';
import { type AfterRelease, type Core, enclosingFunctionOf, isAsync, wrapped } from '../../analysis/index.ts';
import {
  type Edit,
  hasComment,
  indentOf,
  indentStepOf,
  insertBefore,
  isOnOwnLines,
  lineBreakOf,
  replace,
} from '../../report/edits.ts';
import type { LateRepair } from './repair.ts';

/** `rows.pipe(response);` → `await pipeline(rows, response);` */
export function waitForPipe({ is, at }: AfterRelease, core: Core): LateRepair | undefined {
  if (is !== 'stream' || !ts.isCallExpression(at) || at.arguments.length !== 1) return undefined;
  const callee = at.expression;
  const [target] = at.arguments;
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'pipe' || target === undefined) return undefined;
  if (!ts.isExpressionStatement(wrapped(at).parent) || !isAsync(enclosingFunctionOf(at)) || hasComment(at))
    return undefined;
  const imported = pipelineImport(at.getSourceFile(), core);
  if (imported === undefined) return undefined;
  return {
    title: 'pipeline',
    automatic: false,
    edits: [replace(at, `await pipeline(${callee.expression.getText()}, ${target.getText()})`), ...imported],
  };
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
  if (is !== 'stream' || value === undefined || !ts.isCallExpression(release.node) || !ts.isIdentifier(at))
    return undefined;
  if (checker.getTypeAtLocation(value).getProperty('once') === undefined) return undefined;
  const result = ts.findAncestor(at, ts.isReturnStatement);
  const freeing = ts.findAncestor(release.node, ts.isExpressionStatement);
  if (result?.expression !== at || freeing === undefined || !isOnOwnLines(freeing)) return undefined;
  const releasing = release.node;
  const awaits = ts.isAwaitExpression(wrapped(releasing).parent);
  const listener = `${at.text}.once('close', () => { ${awaits ? 'void ' : ''}${releasing.getText()}; });`;
  if (hasComment(freeing) || lease.name === undefined) return undefined;
  if (freeing.parent === result.parent)
    return { title: 'onClose', automatic: false, edits: [replace(freeing, listener)] };
  const block = freeing.parent;
  const guarded = block.parent;
  if (!ts.isTryStatement(guarded) || guarded.finallyBlock !== block || guarded.catchClause !== undefined)
    return undefined;
  if (guarded.finallyBlock.statements.length !== 1 || result.parent !== guarded.tryBlock) return undefined;
  const keyword = guarded.getChildren().find((child) => child.kind === ts.SyntaxKind.FinallyKeyword);
  if (keyword === undefined) return undefined;
  const step = indentStepOf(freeing.getSourceFile());
  const rethrow = `${lineBreakOf(freeing.getSourceFile())}${indentOf(guarded)}${step}throw error;`;
  return {
    title: 'onClose',
    automatic: false,
    edits: [
      insertBefore(result, [listener], result.getText()),
      { range: [keyword.getStart(), keyword.getEnd()], text: 'catch (error)' },
      { range: [freeing.getEnd(), freeing.getEnd()], text: rethrow },
    ],
  };
}
