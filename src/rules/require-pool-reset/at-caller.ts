import * as ts from 'typescript';
import {
  bare,
  type Core,
  type DirtyReturn,
  elementKindOf,
  type Lease,
  ownsResource,
  symbolAt,
} from '../../analysis/index.ts';
import { ended, insertBefore } from '../../report/edits.ts';
import type { ResetRepair } from './repair.ts';
import { resetText } from './reset-text.ts';

const NONE: ReadonlySet<string> = new Set();

/** Resets the object before it goes back to a pool whose code is not the project's. */
export function resetBeforeRelease(
  { release, writes }: DirtyReturn,
  { name }: Lease,
  core: Core,
): readonly ResetRepair[] {
  if (name === undefined) return [];
  const statement = ts.isAwaitExpression(release.node.parent) ? release.node.parent.parent : release.node.parent;
  if (!ts.isExpressionStatement(statement)) return [];
  const type = core.checker.getNonNullableType(core.checker.getTypeAtLocation(name));
  const fields = new Set(writes.map(({ field }) => field ?? ''));
  const lines = resetText(
    { object: name.text, type, fields, fresh: [], kept: NONE, managed: NONE, isInside: false },
    core,
  );
  if (lines === undefined) return [];
  const file = statement.getSourceFile();
  const written = lines.map((each) => ended(each, file));
  return [
    {
      title: 'reset',
      data: { name: name.text },
      automatic: true,
      edits: [insertBefore(statement, written, statement.getText())],
    },
  ];
}

/** Is it data, declared by the project or the language, in a pool that was built without a hook that may reset it? */
export function isPlainObject({ acquisition, name }: Lease, core: Core): boolean {
  if (name === undefined) return false;
  const { checker } = core;
  const type = checker.getNonNullableType(checker.getTypeAtLocation(name));
  const declaration = (type.symbol as ts.Symbol | undefined)?.declarations?.[0];
  const isOwn = declaration !== undefined && !declaration.getSourceFile().isDeclarationFile;
  const isOfLanguage =
    checker.isArrayType(type) ||
    elementKindOf(type, checker) !== undefined ||
    core.api.isA(type, 'collection') !== undefined;
  if ((!isOwn && !isOfLanguage) || ownsResource(type, checker) !== undefined) return false;
  const built = builtAs(acquisition, core);
  return built === undefined || !/reset|validate|onRelease|onReturn/.test(built);
}

/** Was the pool told to reset what comes back: `createPool({ resetOnRelease: true })`? */
export function isResetByOptions({ acquisition }: Lease, core: Core): boolean {
  const built = builtAs(acquisition, core);
  return built !== undefined && /\breset(?:OnRelease|AfterUse)\s*:\s*true\b/.test(built);
}

/** The text that declares the pool. */
function builtAs({ pool }: Lease['acquisition'], core: Core): string | undefined {
  const object = pool === undefined ? undefined : bare(pool);
  const at = object !== undefined && ts.isPropertyAccessExpression(object) ? object.name : object;
  return at === undefined ? undefined : symbolAt(at, core.checker)?.valueDeclaration?.getText();
}
