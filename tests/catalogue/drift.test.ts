import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import type { Api } from '../../src/analysis/api/api.ts';
import { createApi } from '../../src/analysis/api/create.ts';
import { catalogue } from '../../src/catalogue/index.ts';
import { entries } from '../../src/catalogue/schema.ts';
import { programOf } from '../support/program.ts';
import { type Evidence, evidenceFor, labelOf, LIBRARIES, packageLabelOf, type RowOfEntry, rowsIn } from './evidence.ts';
import { UNPROVED } from './unproved.ts';

const rows = rowsIn(catalogue);
const evidenceOf = evidenceFor(catalogue);
const known = new Map(rows.map((row) => [row, evidenceOf(row)]));

function declared(row: RowOfEntry): Extract<Evidence, { is: 'declared' }> | undefined {
  const evidence = known.get(row);
  return evidence?.is === 'declared' ? evidence : undefined;
}

function whyUnproved(row: RowOfEntry): string | undefined {
  return UNPROVED[labelOf(row)] ?? UNPROVED[packageLabelOf(row)];
}

describe('the rows and the installed type packages', () => {
  it('name only types and members that are declared there', () => {
    const wrong = rows.flatMap((row) => {
      const evidence = known.get(row);
      return evidence?.is === 'missing' && whyUnproved(row) === undefined ? [`${labelOf(row)} ${evidence.what}`] : [];
    });
    expect(wrong).toEqual([]);
  });

  it('leave no row unproved without a reason', () => {
    const unproved = rows.filter((row) => {
      const is = known.get(row)?.is;
      return (is === 'absent' || is === 'other-version') && whyUnproved(row) === undefined;
    });
    expect(unproved.map(labelOf)).toEqual([]);
  });

  it('keep no reason for a row that is proved, or gone', () => {
    const needed = new Set(
      rows.filter((row) => declared(row) === undefined).flatMap((row) => [labelOf(row), packageLabelOf(row)]),
    );
    expect(Object.keys(UNPROVED).filter((label) => !needed.has(label))).toEqual([]);
  });
});

describe('the matcher', () => {
  const proved = rows.filter((row) => declared(row) !== undefined);
  const files = Object.fromEntries(
    proved.flatMap((row, place) =>
      (declared(row)?.spellings ?? []).map(({ text, extension }, spelling) => [
        `${String(place)}-${String(spelling)}.${extension}`,
        text,
      ]),
    ),
  );
  const { program, checker, sourceFile } = programOf(files, LIBRARIES);
  const api = createApi(checker, program, catalogue);

  it('finds every member in every spelling', () => {
    const lost = proved.flatMap((row, place) =>
      row.kind === 'type'
        ? []
        : filesOf(place).flatMap((file) => {
            const found = memberIn(file, api);
            return found === undefined || !meansTheSame(row, found)
              ? [`${labelOf(row)}: ${found?.from ?? ''} ${found?.name ?? 'nothing'} in\n${file.text}`]
              : [];
          }),
    );
    expect(lost).toEqual([]);
  });

  it('finds every type, annotated and inferred', () => {
    const lost = proved.flatMap((row, place) =>
      row.kind === 'member'
        ? []
        : filesOf(place).flatMap((file) => {
            const matches = typesIn(file, checker, api);
            return matches.some((name) => name === row.key)
              ? []
              : [`${labelOf(row)}: ${matches.join(', ')} in\n${file.text}`];
          }),
    );
    expect(lost).toEqual([]);
  });

  function filesOf(place: number): ts.SourceFile[] {
    return Object.keys(files)
      .filter((name) => name.startsWith(`${String(place)}-`))
      .map(sourceFile);
  }
});

describe('the evidence itself', () => {
  it('says that a member is missing when the package does not declare it', () => {
    const [row] = rowsIn([entries('pg', { members: { 'Pool.borrow': 'acquires' } })]);
    expect(evidenceFor([row!.entry])(row!)).toEqual({ is: 'missing', what: 'is not declared' });
  });

  it('says that a type is missing when only another package declares one of that name', () => {
    const [row] = rowsIn([entries('pg', { types: { MutexInterface: 'lock' } })]);
    expect(evidenceFor([row!.entry, entries('async-mutex', {})])(row!)).toEqual({
      is: 'missing',
      what: 'is not declared',
    });
  });

  it('says that a package is absent', () => {
    const [row] = rowsIn([entries('pg-not-installed', { types: { Pool: 'pool' } })]);
    expect(evidenceFor([row!.entry])(row!)).toEqual({ is: 'absent' });
  });
});

/** The row of the last call or construction of the file. */
function memberIn(file: ts.SourceFile, api: Api): { name: string; from: string; role: unknown } | undefined {
  let found: { name: string; from: string; role: unknown } | undefined;
  (function visit(node: ts.Node): void {
    if ((ts.isCallExpression(node) && !ts.isExternalModuleReference(node.parent)) || ts.isNewExpression(node))
      found = api.memberOf(node);
    ts.forEachChild(node, visit);
  })(file);
  return found;
}

function typesIn(file: ts.SourceFile, checker: ts.TypeChecker, api: Api): string[] {
  const statement = file.statements.findLast(ts.isExpressionStatement);
  return statement === undefined
    ? []
    : api.typesOf(checker.getTypeAtLocation(statement.expression)).map((match) => match.name);
}

/** The row itself, or one of another module that says the same of the same function (`setTimeout` is a global and in `timers`). */
function meansTheSame(row: RowOfEntry, found: { name: string; from: string; role: unknown }): boolean {
  if (found.from === row.entry.from && found.name === row.key) return true;
  const own = row.entry.members?.[row.key];
  const role = typeof own === 'object' && 'role' in own ? own.role : own;
  return JSON.stringify(role) === JSON.stringify(found.role);
}
