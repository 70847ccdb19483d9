import { builtinModules } from 'node:module';
import type {
  Catalogue,
  CatalogueEntry,
  MemberEntry,
  MemberRole,
  ProgramMark,
  TypeEntry,
  TypeRole,
} from '../../catalogue/schema.ts';
import type { ConventionMatch, EventsOfRole, MemberMatch, TypeMatch } from './api.ts';
import type { Tag } from './origin.ts';

/** A row with the tags of which the symbol must have one. */
export interface Row<Match> {
  readonly match: Match;
  readonly wants: readonly Tag[];
  /** Installed majors for which the row stands. */
  readonly since: string | undefined;
}

export type MemberRow = Row<MemberMatch>;
export type TypeRow = Row<TypeMatch>;

/** The catalogue, keyed by what can be read from the code before the checker is asked. */
export interface Rows {
  /** Rows by the full key: `Pool.connect`, `Promise.static:all`, `new Pool`, `once`, `LimitFunction.()`. */
  readonly members: ReadonlyMap<string, readonly MemberRow[]>;
  /** The same rows by each of their roles. */
  readonly byRole: ReadonlyMap<MemberRole, readonly MemberMatch[]>;
  /** Roles of rows `Type.()` and `Type.*`, which a call by any name may play. */
  readonly nameless: ReadonlySet<MemberRole>;
  readonly types: ReadonlyMap<string, readonly TypeRow[]>;
  /** Last names of methods, statics and functions. */
  readonly called: ReadonlySet<string>;
  /** Is there a row `Type.()` or `Type.*`? Then names alone rule nothing out. */
  readonly hasCallables: boolean;
  readonly hasWildcards: boolean;
  /** Last names of rows `Type.by:member`. */
  readonly byResult: ReadonlySet<string>;
  /** Files whose exports are handlers. */
  readonly conventions: readonly { readonly match: ConventionMatch; readonly file: RegExp }[];
  /** Types of global variables, for when they cannot be resolved. */
  readonly globals: ReadonlyMap<string, readonly string[]>;
  /** The name of the members that give a type, for types that nothing else gives. */
  readonly reachedBy: ReadonlyMap<string, string>;
}

/**
 * Makes the index of the rows that can match in a program: rows of packages that are not there are left out.
 *
 * Where two rows have the same key and provenance the later one in the catalogue wins, so settings overrule what we bring.
 */
export function rowsOf(catalogue: Catalogue, isPresent: (name: string) => boolean, root: string): Rows {
  const members = new Map<string, MemberRow[]>();
  const types = new Map<string, TypeRow[]>();
  const called = new Set<string>();
  const byResult = new Set<string>();
  const globals = new Map<string, string[]>();
  const reachedBy = new Map<string, string>();
  const conventions: { match: ConventionMatch; file: RegExp }[] = [];
  let hasCallables = false;
  let hasWildcards = false;

  for (const entry of catalogue.toReversed()) {
    if (![entry.from, ...(entry.alsoKnownAs ?? [])].some((name) => !isPackage(name) || isPresent(name))) continue;
    const wants = tagsWantedBy(entry, root);
    for (const [name, given] of Object.entries(entry.members ?? {})) {
      const row = memberEntryOf(given);
      add(members, name, { match: { ...row, name, from: entry.from }, wants, since: row.since ?? entry.since });
      const last = lastNameOf(name);
      if (last === '()') hasCallables = true;
      else if (last === '*') hasWildcards = true;
      else if (name.includes('.by:')) byResult.add(last);
      else if (!name.startsWith('new ')) called.add(last);
    }
    for (const [name, given] of Object.entries(entry.types ?? {})) {
      add(types, name, { match: { ...typeEntryOf(given), name, from: entry.from }, wants, since: entry.since });
    }
    for (const [variable, type] of Object.entries(entry.globals ?? {})) add(globals, variable, type);
    for (const [type, name] of Object.entries(entry.reachedBy ?? {})) reachedBy.set(type, name);
    for (const each of entry.conventions ?? [])
      conventions.push({ match: { ...each, from: entry.from }, file: new RegExp(each.file) });
  }
  const byRole = new Map<MemberRole, MemberMatch[]>();
  const nameless = new Set<MemberRole>();
  for (const { match } of [...members.values()].flat()) {
    for (const role of typeof match.role === 'string' ? [match.role] : match.role) {
      add(byRole, role, match);
      if (match.name.endsWith('.()') || match.name.endsWith('.*')) nameless.add(role);
    }
  }
  return {
    members,
    byRole,
    nameless,
    types,
    called,
    byResult,
    hasCallables,
    hasWildcards,
    conventions,
    globals,
    reachedBy,
  };
}

function add<Key, Item>(map: Map<Key, Item[]>, key: Key, item: Item): void {
  const items = map.get(key);
  if (items === undefined) map.set(key, [item]);
  else items.push(item);
}

function memberEntryOf(given: MemberEntry | MemberRole): MemberEntry {
  return typeof given === 'string' ? { role: given } : given;
}

function typeEntryOf(given: TypeEntry | TypeRole): TypeEntry {
  return typeof given === 'string' ? { role: given } : given;
}

/** `connect` of `Pool.connect`, `all` of `Promise.static:all`, `update` of `PrismaPromise.by:update`, `once` of `once`. */
function lastNameOf(key: string): string {
  const rest = key.slice(key.indexOf('.') + 1);
  return rest.replace(/^(?:static|by):/, '');
}

/** What programs are taken for that import a module, by the module and the name; the first entry that says so counts. */
export function marksOf(catalogue: Catalogue): ReadonlyMap<string, Readonly<Record<string, ProgramMark>>> {
  const marks = new Map<string, Readonly<Record<string, ProgramMark>>>();
  for (const entry of catalogue) {
    if (entry.marks === undefined) continue;
    for (const module of [entry.from, ...(entry.alsoKnownAs ?? [])]) {
      const name = module.replace(/^node:/, '');
      marks.set(name, { ...entry.marks, ...marks.get(name) });
    }
  }
  return marks;
}

/** The last names of the rows with a role, each with the events it is limited to unless one of its rows is not. */
export function namesOfRole(
  { byRole }: Rows,
  role: MemberRole,
  where: (row: MemberMatch) => boolean = () => true,
): ReadonlyMap<string, EventsOfRole | undefined> {
  const names = new Map<string, EventsOfRole | undefined>();
  for (const match of byRole.get(role) ?? []) {
    if (!where(match)) continue;
    const name = calledNameOf(match);
    if (name === undefined) continue;
    const before = names.get(name);
    const events = match.events?.[role];
    const isOpen = events === undefined || (names.has(name) && before === undefined);
    names.set(
      name,
      isOpen ? undefined : { key: match.key ?? 0, events: new Set([...(before?.events ?? []), ...events]) },
    );
  }
  return names;
}

/** The names of rows that are as asked. */
export function namesOfRows({ members }: Rows, where: (row: MemberMatch) => boolean): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { match } of [...members.values()].flat()) {
    const name = where(match) ? calledNameOf(match) : undefined;
    if (name !== undefined) names.add(name);
  }
  return names;
}

/** The name under which a member is called or built; none where any will do. */
function calledNameOf({ name }: MemberMatch): string | undefined {
  if (name.startsWith('new ')) return name.slice('new '.length);
  const last = lastNameOf(name);
  return last === '()' || last === '*' ? undefined : last;
}

/**
 * The texts of which a file must hold one to reach a member with the role by this name, where all rows of it are members of types
 * of globals or of one member: `process` and `Process` for `process.send`. `undefined` where values of such types come from anywhere.
 */
export function globalsOf(
  { byRole, globals, reachedBy }: Rows,
  role: MemberRole,
  name: string,
): ReadonlySet<string> | undefined {
  const found = new Set<string>();
  for (const match of byRole.get(role) ?? []) {
    if (lastNameOf(match.name) !== name) continue;
    const [owner = ''] = match.name.split('.');
    const variables = [...globals].filter(([, types]) => types.includes(owner));
    const member = reachedBy.get(owner);
    if (variables.length === 0 && member === undefined) return undefined;
    for (const text of [owner, member, ...variables.map(([variable]) => variable)])
      if (text !== undefined) found.add(text);
  }
  return found.size === 0 ? undefined : found;
}

const BUILTIN = new Set(builtinModules.map((name) => name.replace(/^node:/, '')));

/** Is this the name of a package, and not of a built-in module, the library, the globals or a file? */
function isPackage(from: string): boolean {
  return !from.startsWith('node:') && !BUILTIN.has(from) && !isFile(from) && from !== 'lib' && from !== 'global';
}

function isFile(from: string): boolean {
  return from === 'file' || from.startsWith('./') || from.startsWith('../') || from.startsWith('/');
}

function tagsWantedBy(entry: CatalogueEntry, root: string): Tag[] {
  return [entry.from, ...(entry.alsoKnownAs ?? [])].flatMap((from) => {
    if (from === 'lib' || from === 'global' || from === 'file') return [from];
    if (isFile(from)) return pathsMeantBy(from, root).map((path) => `path:${path}`);
    if (isPackage(from)) return [`package:${from}`, `module:${from}`];
    return [`module:${from.replace(/^node:/, '')}`];
  });
}

/** The files that `./src/locks` may mean. */
function pathsMeantBy(from: string, root: string): string[] {
  const path = from.startsWith('/') ? from : new URL(from, `file://${root.replace(/\/?$/, '/')}`).pathname;
  return /\.[cm]?[jt]sx?$/.test(path)
    ? [path]
    : ['.ts', '.mts', '.cts', '.tsx', '.js', '/index.ts'].map((end) => path + end);
}
