import type { CatalogueEntry, MemberEntry, TypeEntry, TypeRole } from './catalogue/schema.ts';
import { BOUND, ENDS, ENTRY } from './settings/entry.ts';
import {
  fail,
  type Fields,
  globs,
  integer,
  list,
  milliseconds,
  names,
  object,
  objectAt,
  oneOrMoreNames,
  type Read,
  text,
  word,
} from './settings/read.ts';

/**
 * A type or a value in typescript-eslint's specifier format.
 *
 * `package`: declared by that package or `node:` module. `lib`: declared by the language's library. `file`: declared in the
 * project's own code, in the file `path` (from the project's root) or in any.
 */
export type Specifier =
  | { readonly from: 'file'; readonly name: string | readonly string[]; readonly path?: string }
  | { readonly from: 'lib'; readonly name: string | readonly string[] }
  | { readonly from: 'package'; readonly name: string | readonly string[]; readonly package: string };

/** A pool: the type, and the methods that hand out and take back. */
export type PoolSpecifier = Specifier & {
  /** Methods that hand an object out. Default: `acquire`. */
  readonly acquire?: readonly string[];
  /** Methods of the pool that take it back as their first argument. Default: `release`. */
  readonly release?: readonly string[];
  /** The type that is handed out, if its own methods give it back. */
  readonly lease?: string;
  /** Methods of the lease that give it back. Default, when `lease` is given: `release`. */
  readonly leaseRelease?: readonly string[];
};

/** A lock: the type, and its methods. */
export type LockSpecifier = Specifier & {
  /** Methods that take the lock. Default: `acquire`. */
  readonly acquire?: readonly string[];
  /** Methods that give it back. Default: `release`. */
  readonly release?: readonly string[];
  /** Methods that hold it while their callback runs. */
  readonly exclusive?: readonly string[];
};

/** A wait (`receive`, `Channel.receive`) and how it can be bounded. Without `bound` it cannot. */
export type WaitSpecifier = Specifier & { readonly bound?: NonNullable<MemberEntry['bound']> };

/** A drain (`flush`, `Consumer.stop`) and when it has ended. Default: when its promise settles. */
export type DrainSpecifier = Specifier & { readonly ends?: NonNullable<MemberEntry['ends']> };

/** A helper that hands background work to the platform, and which of its arguments the work is. Default: the first. */
export type DetachSpecifier = Specifier & { readonly argument?: number };

/** Default deadlines in milliseconds, for options of rules that are not given. */
export interface Deadlines {
  readonly drain?: number;
  readonly wait?: number;
}

/** What a user may write under `settings.concurrency`. Every field is optional. */
export interface GivenSettings {
  readonly deadlines?: Deadlines;
  readonly detachHelpers?: readonly DetachSpecifier[];
  readonly drains?: readonly DrainSpecifier[];
  /** Full catalogue rows, for what the groups cannot say. */
  readonly entries?: readonly CatalogueEntry[];
  /** Globs from the project's root that overrule what a file is taken for, as `services`, `scripts` and `tests` do. */
  readonly entryPoints?: readonly string[];
  readonly fixes?: 'apply' | 'suggest';
  readonly locks?: readonly LockSpecifier[];
  readonly pools?: readonly PoolSpecifier[];
  readonly requestTypes?: readonly Specifier[];
  readonly safeCalls?: readonly Specifier[];
  readonly scripts?: readonly string[];
  readonly services?: readonly string[];
  readonly tests?: readonly string[];
  readonly waits?: readonly WaitSpecifier[];
}

/** The shared settings, validated. */
export interface Settings {
  /** Equal for equal settings. */
  readonly key: string;
  readonly fixes: 'apply' | 'suggest';
  readonly deadlines: Deadlines;
  /** Globs, from the project's root, that overrule what a file is taken for. */
  readonly entryPoints: readonly string[];
  readonly scripts: readonly string[];
  readonly services: readonly string[];
  readonly tests: readonly string[];
  /** The user's rows, in the shape of the catalogue. Where both have a row, the user's counts. */
  readonly rows: readonly CatalogueEntry[];
}

/** What was validated before, by the object the user wrote: ESLint hands the same one to every file. */
const validated = new WeakMap<object, Settings>();

const DEFAULTS: Settings = {
  key: '',
  fixes: 'apply',
  deadlines: {},
  entryPoints: [],
  services: [],
  scripts: [],
  tests: [],
  rows: [],
};

/**
 * The settings under `concurrency` of ESLint's shared settings.
 *
 * Throws one sentence that names the wrong field, what was found there and what is allowed.
 */
export function settingsOf(shared: Readonly<Record<string, unknown>> | undefined): Settings {
  const given = shared?.['concurrency'];
  if (given === undefined) return DEFAULTS;
  const path = 'settings.concurrency';
  if (typeof given !== 'object' || given === null) fail(path, 'an object', given);
  let settings = validated.get(given);
  if (settings === undefined) {
    settings = read(given as Record<string, unknown>, path);
    validated.set(given, settings);
  }
  return settings;
}

/** A specifier, with the fields that its group adds. */
function specifier<More extends object>(more: Fields<More>): Read<More & Specifier> {
  const file = object({ from: word(['file']), name: oneOrMoreNames, path: text, ...more });
  const lib = object({ from: word(['lib']), name: oneOrMoreNames, ...more });
  const inPackage = object({ from: word(['package']), name: oneOrMoreNames, package: text, ...more });
  return (value, path) => {
    if (typeof value === 'string') {
      fail(path, `an object with its origin, such as { from: 'package', package: 'express', name: '${value}' }`, value);
    }
    const { from, name, package: packageName } = objectAt(value, path);
    const origin = word(['file', 'lib', 'package'])(from, `${path}.from`);
    if (name === undefined) fail(`${path}.name`, 'a name or an array of names', name);
    if (origin === 'package' && packageName === undefined)
      fail(`${path}.package`, 'the name of a package', packageName);
    const read: Read<unknown> = origin === 'file' ? file : origin === 'lib' ? lib : inPackage;
    return read(value, path) as More & Specifier;
  };
}

const SETTINGS = object<GivenSettings>({
  fixes: word(['apply', 'suggest']),
  deadlines: object<Deadlines>({ drain: milliseconds, wait: milliseconds }),
  entryPoints: globs,
  services: globs,
  scripts: globs,
  tests: globs,
  requestTypes: list(specifier<object>({})),
  pools: list(specifier({ acquire: names, release: names, lease: text, leaseRelease: names })),
  locks: list(specifier({ acquire: names, release: names, exclusive: names })),
  waits: list(specifier({ bound: BOUND })),
  drains: list(specifier({ ends: ENDS })),
  detachHelpers: list(specifier({ argument: integer })),
  safeCalls: list(specifier<object>({})),
  entries: list(ENTRY),
});

function read(given: Record<string, unknown>, path: string): Settings {
  const settings = SETTINGS(given, path);
  return {
    key: JSON.stringify(settings),
    fixes: settings.fixes ?? 'apply',
    deadlines: settings.deadlines ?? {},
    entryPoints: settings.entryPoints ?? [],
    services: settings.services ?? [],
    scripts: settings.scripts ?? [],
    tests: settings.tests ?? [],
    rows: rowsOf(settings),
  };
}

/** The specifiers of all groups as catalogue rows. What the groups say of one package is one row; full rows come last and count most. */
function rowsOf(given: GivenSettings): readonly CatalogueEntry[] {
  const rows = new RowsByOrigin();
  for (const entry of given.requestTypes ?? []) rows.types(entry, 'request-scope');
  for (const entry of given.pools ?? []) {
    rows.types(entry, 'pool');
    rows.methods(entry, entry.acquire ?? ['acquire'], { role: 'acquires', resource: 'result' });
    rows.methods(entry, entry.release ?? ['release'], { role: 'releases', resource: 'argument', argument: 0 });
    if (entry.lease !== undefined) {
      const lease = { ...entry, name: entry.lease };
      rows.types(lease, 'lease');
      rows.methods(lease, entry.leaseRelease ?? ['release'], { role: 'releases', resource: 'receiver' });
    }
  }
  for (const entry of given.locks ?? []) {
    rows.types(entry, 'lock');
    rows.methods(entry, entry.acquire ?? ['acquire'], { role: 'locks', resource: 'receiver' });
    rows.methods(entry, entry.release ?? ['release'], { role: 'unlocks', resource: 'receiver' });
    rows.methods(entry, entry.exclusive ?? [], { role: 'exclusive', argument: 0 });
  }
  for (const entry of given.waits ?? []) rows.members(entry, { role: 'waits', bound: entry.bound ?? { by: 'none' } });
  for (const entry of given.drains ?? []) {
    rows.members(entry, { role: 'drains', ends: entry.ends ?? 'promise' });
    rows.types({ ...entry, name: ownersOf(entry) }, 'drainable');
  }
  for (const entry of given.detachHelpers ?? [])
    rows.members(entry, { role: 'detaches', argument: entry.argument ?? 0 });
  for (const entry of given.safeCalls ?? []) rows.members(entry, { role: 'safe', rejects: false });
  return [...rows.all(), ...(given.entries ?? [])];
}

/** Catalogue rows that grow: one for each origin, its roles joined. */
class RowsByOrigin {
  readonly #rows = new Map<string, { members: Record<string, MemberEntry>; types: Record<string, TypeEntry> }>();

  all(): readonly CatalogueEntry[] {
    return [...this.#rows].map(([from, row]) => ({ from, ...row }));
  }

  types(entry: Specifier, role: TypeRole): void {
    const { types } = this.#rowOf(entry);
    for (const name of namesOf(entry)) types[name] = { role: [...rolesOf(types[name]), role] };
  }

  members(entry: Specifier, more: MemberEntry): void {
    const { members } = this.#rowOf(entry);
    for (const name of namesOf(entry)) {
      members[name] = { ...members[name], ...more, role: [...rolesOf(members[name]), ...rolesOf(more)] };
    }
  }

  methods(entry: Specifier, methods: readonly string[], more: MemberEntry): void {
    const name = namesOf(entry).flatMap((owner) => methods.map((method) => `${owner}.${method}`));
    this.members({ ...entry, name }, more);
  }

  #rowOf(entry: Specifier): { members: Record<string, MemberEntry>; types: Record<string, TypeEntry> } {
    const from = originOf(entry);
    let row = this.#rows.get(from);
    if (row === undefined) {
      row = { members: {}, types: {} };
      this.#rows.set(from, row);
    }
    return row;
  }
}

/** Where the catalogue looks: a package, `lib`, a file from the project's root (`./src/db.ts`), or `file` for all of the project's own code. */
function originOf(entry: Specifier): string {
  switch (entry.from) {
    case 'package':
      return entry.package.replace(/^node:/, '');
    case 'lib':
      return 'lib';
    case 'file':
      return entry.path === undefined ? 'file' : `./${entry.path.replace(/^\.\//, '')}`;
  }
}

function namesOf(entry: Specifier): readonly string[] {
  return typeof entry.name === 'string' ? [entry.name] : entry.name;
}

/** The types of members named `Type.member`. */
function ownersOf(entry: Specifier): readonly string[] {
  return namesOf(entry).flatMap((name) => (name.includes('.') ? [name.slice(0, name.indexOf('.'))] : []));
}

function rolesOf<Role extends string>(entry: { readonly role: Role | readonly Role[] } | undefined): readonly Role[] {
  if (entry === undefined) return [];
  return typeof entry.role === 'string' ? [entry.role] : entry.role;
}
