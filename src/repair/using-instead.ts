import * as ts from 'typescript';
import { bare, type Core, type Lease } from '../analysis/index.ts';
import { type Edit, hasComment, hasDirectiveAbove, removeStatement } from '../report/edits.ts';
import { isLastInRegion, type Region, type Release, waits } from './lease-region.ts';
import type { ReleaseRepair } from './release-repair.ts';

/**
 * `await using` in place of the releases: for types whose disposer is known to give the object back, and only that, where language and
 * library have it.
 */
export function usingInstead(
  lease: Lease,
  region: Region,
  releases: readonly Release[],
  core: Core,
): readonly ReleaseRepair[] {
  const { acquire, list } = region;
  const { name } = lease;
  if (acquire === undefined || name === undefined || !ts.isVariableStatement(acquire)) return [];
  const { declarationList } = acquire;
  if ((declarationList.flags & ts.NodeFlags.Const) === 0 || hasDirectiveAbove(acquire)) return [];
  const row = core.api.isA(core.checker.getTypeAtLocation(name), 'lease');
  const using = row?.disposes === undefined ? undefined : disposedWith(name, core);
  if (using === undefined) return [];
  // The object lives to the end of its block: nothing there may wait without it.
  if (list.slice(region.to + 1).some((each) => waits(each))) return [];
  if (
    !releases.every(
      ({ statement }) => isRemovable(statement) && isLastInRegion(statement, { ...region, to: list.length - 1 }, core),
    )
  ) {
    return [];
  }
  const start = declarationList.getStart();
  const first = declarationList.declarations[0];
  if (first === undefined || (using === 'await using' && !isAwaited(first))) return [];
  const edits: Edit[] = [
    { range: [start, first.getStart()], text: `${using} ` },
    ...releases.map(({ statement }) => removeStatement(statement)),
  ];
  return [{ title: 'using', automatic: false, data: { using }, edits }];
}

/** It goes alone: no comment hangs on it, no block is left empty. */
function isRemovable(statement: ts.Statement): boolean {
  const { parent } = statement;
  const text = statement.getFullText();
  return (
    ts.isBlock(parent) &&
    parent.statements.length > 1 &&
    !text.includes('//') &&
    !text.includes('/*') &&
    !hasComment(statement)
  );
}

/** Where the acquisition is awaited, the function may await the disposal too. */
function isAwaited({ initializer }: ts.VariableDeclaration): boolean {
  return initializer !== undefined && ts.isAwaitExpression(bare(initializer));
}

/** The declaration that its disposer needs, where the program runs with one. */
function disposedWith(name: ts.Identifier, core: Core): 'await using' | 'using' | undefined {
  const { checker, program } = core;
  const { target = ts.ScriptTarget.ES2015 } = program.getCompilerOptions();
  const isWritten = /\.[cm]?ts$/.test(name.getSourceFile().fileName) || target === ts.ScriptTarget.ESNext;
  if (!isWritten || target < ts.ScriptTarget.ES2022) return undefined;
  const names = checker.getPropertiesOfType(checker.getTypeAtLocation(name)).map((property) => property.name);
  if (names.some((each) => /^__@asyncDispose(?:@|$)/.test(each))) return 'await using';
  return names.some((each) => /^__@dispose(?:@|$)/.test(each)) ? 'using' : undefined;
}
