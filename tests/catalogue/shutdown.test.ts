import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/catalogue/index.ts';
import type { CatalogueEntry, MemberEntry, TypeEntry } from '../../src/catalogue/schema.ts';

interface Row<Entry> {
  readonly from: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly entry: Partial<Entry>;
}

function rowsOf<Entry extends MemberEntry | TypeEntry>(
  read: (entry: CatalogueEntry) => Readonly<Record<string, Entry | Entry['role']>> | undefined,
): readonly Row<Entry>[] {
  return catalogue.flatMap((package_) =>
    Object.entries(read(package_) ?? {}).map(([name, given]) => {
      const entry = typeof given === 'object' && 'role' in given ? given : undefined;
      const role: string | readonly string[] = entry?.role ?? (given as Entry['role']);
      return { from: package_.from, name, roles: typeof role === 'string' ? [role] : role, entry: entry ?? {} };
    }),
  );
}

const members = rowsOf<MemberEntry>(({ members: rows }) => rows);
const types = rowsOf<TypeEntry>(({ types: rows }) => rows);

describe('the rows about what ends at shutdown', () => {
  it('name as the graceful form only what drains in the same package', () => {
    const wrong = members.filter(
      ({ from, entry: { gracefully } }) =>
        gracefully !== undefined &&
        !members.some(
          (other) => other.from === from && other.name.endsWith(`.${gracefully}`) && other.roles.includes('drains'),
        ),
    );
    expect(wrong.map(({ from, name }) => `${from} ${name}`)).toEqual([]);
  });

  it('call nothing graceful that cuts off', () => {
    const both = members.filter(({ roles }) => roles.includes('drains') && roles.includes('cuts-off'));
    expect(both.map(({ from, name }) => `${from} ${name}`)).toEqual([]);
  });

  it('give a stage only to what is drained', () => {
    const wrong = types.filter(
      ({ roles, entry }) =>
        (entry.stage !== undefined || entry.keepsAlive !== undefined) && !roles.includes('drainable'),
    );
    expect(wrong.map(({ from, name }) => `${from} ${name}`)).toEqual([]);
  });

  it('say of every type that is drained how it ends, but for those whose base says so', () => {
    const silent = types.filter(
      ({ from, name, roles }) =>
        roles.includes('drainable') &&
        !members.some(
          (other) =>
            other.from === from &&
            other.name.startsWith(`${name}.`) &&
            (other.roles.includes('drains') || other.roles.includes('cuts-off')),
        ),
    );
    expect(silent.map(({ from, name }) => `${from} ${name}`)).toEqual([
      'https Agent',
      'tls Server',
      '@nestjs/common INestMicroservice',
      'pino Logger',
      '@opentelemetry/sdk-trace NodeTracerProvider',
    ]);
  });

  it('say of nothing that limits itself that it may hang', () => {
    const wrong = members.filter(({ entry }) => entry.mayHang === true && entry.bound?.byDefault === true);
    expect(wrong.map(({ from, name }) => `${from} ${name}`)).toEqual([]);
  });
});
