import { SetupError } from '../errors.ts';

/** Reads a value of the user's settings, or throws a sentence that names its place (`path`). */
export type Read<Value> = (value: unknown, path: string) => Value;

/** One field for each key of `Shape`, all optional. */
export type Fields<Shape> = { readonly [Key in keyof Shape]-?: Read<Exclude<Shape[Key], undefined>> };

export const text: Read<string> = (value, path) =>
  typeof value === 'string' && value !== '' ? value : fail(path, 'a text that is not empty', value);

export const integer: Read<number> = (value, path) =>
  Number.isInteger(value) ? (value as number) : fail(path, 'an integer', value);

export const truth: Read<boolean> = (value, path) =>
  typeof value === 'boolean' ? value : fail(path, 'true or false', value);

export const milliseconds: Read<number> = (value, path) =>
  Number.isInteger(value) && (value as number) > 0
    ? (value as number)
    : fail(path, 'a whole number of milliseconds above 0', value);

const texts =
  (what: string): Read<readonly string[]> =>
  (value, path) =>
    Array.isArray(value) ? value.map((entry, at) => text(entry, `${path}[${at}]`)) : fail(path, what, value);

export const globs = texts('an array of globs');

export const names = texts('an array of names');

export const oneOrMoreNames: Read<string | readonly string[]> = (value, path) =>
  Array.isArray(value)
    ? names(value, path)
    : typeof value === 'string'
      ? text(value, path)
      : fail(path, 'a name or an array of names', value);

/** One of a few words. */
export function word<const Word extends string>(words: readonly Word[]): Read<Word> {
  return (value, path) => {
    const found = words.find((allowed) => allowed === value);
    return (
      found ?? fail(path, alternatives(words), value, typeof value === 'string' ? nearestOf(value, words) : undefined)
    );
  };
}

/** An array of things of one kind. */
export function list<Value>(read: Read<Value>): Read<readonly Value[]> {
  return (value, path) =>
    Array.isArray(value) ? value.map((entry, at) => read(entry, `${path}[${at}]`)) : fail(path, 'an array', value);
}

/** An object with any keys and values of one kind. */
export function record<Value>(read: Read<Value>): Read<Readonly<Record<string, Value>>> {
  return (value, path) =>
    Object.fromEntries(
      Object.entries(objectAt(value, path)).map(([name, entry]) => [
        name,
        read(entry, `${path}[${JSON.stringify(name)}]`),
      ]),
    );
}

/** An object with some of these keys and values of one kind. */
export function recordOf<const Key extends string, Value>(
  keys: readonly Key[],
  read: Read<Value>,
): Read<Readonly<Partial<Record<Key, Value>>>> {
  return (value, path) => {
    for (const key of Object.keys(objectAt(value, path))) word(keys)(key, `a key of ${path}`);
    return record(read)(value, path) as Readonly<Partial<Record<Key, Value>>>;
  };
}

/** An object with these fields and no others; each may be left out. */
export function object<Shape extends object>(fields: Fields<Shape>): Read<Shape> {
  return (value, path) => {
    const given = objectAt(value, path);
    const known = Object.keys(fields).sort();
    const result: Record<string, unknown> = {};
    for (const key of Object.keys(given)) {
      if (!known.includes(key)) {
        const near = nearestOf(key, known);
        const hint = near === undefined ? `it may have ${listed(known)}.` : `did you mean \`${near}\`?`;
        throw new SetupError(`\`${path}\` has no field \`${key}\`; ${hint}`);
      }
    }
    // In one order, so that equal settings give equal keys.
    for (const key of known) {
      if (given[key] !== undefined)
        result[key] = (fields[key as keyof Shape] as Read<unknown>)(given[key], `${path}.${key}`);
    }
    return result as Shape;
  };
}

/** One thing, or an array of them. */
export function oneOrMore<Value>(read: Read<Value>): Read<Value | readonly Value[]> {
  return (value, path) => (Array.isArray(value) ? list(read)(value, path) : read(value, path));
}

/** The value, if it is an object and no array. */
export function objectAt(value: unknown, path: string): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : fail(path, 'an object', value);
}

/** The sentence about a wrong value. */
export function fail(path: string, allowed: string, found: unknown, near?: string): never {
  const hint = near === undefined ? '' : ` (did you mean '${near}'?)`;
  throw new SetupError(`\`${path}\` must be ${allowed}, but is ${shown(found)}${hint}.`);
}

function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') return `a ${typeof value}`;
  const json = JSON.stringify(value);
  return json.length > 60 ? `${json.slice(0, 57)}...` : json;
}

/** A sentence does not list fifty roles. */
const MOST_ALTERNATIVES = 8;

function alternatives(words: readonly string[]): string {
  const shown = words.slice(0, MOST_ALTERNATIVES).map((each) => `'${each}'`);
  return words.length > shown.length ? `one of ${shown.join(', ')}, …` : shown.join(' or ');
}

function listed(words: readonly string[]): string {
  return words.map((each) => `\`${each}\``).join(', ');
}

/** The known name that a typing mistake is nearest to, if any is near. */
function nearestOf(given: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((name) => ({ name, distance: editDistance(given.toLowerCase(), name.toLowerCase()) }))
    .sort((left, right) => left.distance - right.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= Math.max(2, Math.floor(given.length / 3)) ? best.name : undefined;
}

/** Levenshtein's distance. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const swap = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, swap));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
