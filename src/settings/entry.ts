import type {
  CatalogueEntry,
  ConventionEntry,
  MemberEntry,
  MemberRole,
  ProgramMark,
  StoreAccess,
  StoreAddition,
  TypeEntry,
  TypeRole,
} from '../catalogue/schema.ts';
import {
  fail,
  integer,
  list,
  names,
  object,
  oneOrMore,
  type Read,
  record,
  recordOf,
  text,
  truth,
  word,
} from './read.ts';

const MEMBER_ROLES = Object.keys({
  handler: true,
  listener: true,
  defers: true,
  'runs-now': true,
  'runs-concurrently': true,
  exclusive: true,
  joins: true,
  locks: true,
  unlocks: true,
  acquires: true,
  releases: true,
  destroys: true,
  resets: true,
  waits: true,
  drains: true,
  'cuts-off': true,
  'registers-shutdown': true,
  serves: true,
  'child-side': true,
  detaches: true,
  answers: true,
  'fire-and-forget': true,
  exits: true,
  safe: true,
  pure: true,
  mutates: true,
  reads: true,
  'store-read': true,
  'store-write': true,
  'store-atomic': true,
  bounds: true,
  'bounds-argument': true,
  races: true,
  chains: true,
  lends: true,
  io: true,
  creates: true,
  'creates-limiter': true,
  queries: true,
  begins: true,
  commits: true,
  'rolls-back': true,
  unclean: true,
  'enters-context': true,
  'starts-timer': true,
  'clears-timer': true,
  unrefs: true,
  aborts: true,
  unlistens: true,
  emits: true,
  'atomic-read': true,
  'atomic-write': true,
  'atomic-update': true,
  'atomic-compare': true,
  'atomic-notify': true,
  'singleton-decorator': true,
  'handler-decorator': true,
  'request-decorator': true,
  'context-decorator': true,
  'response-decorator': true,
  'next-decorator': true,
  'data-decorator': true,
  'gives-request': true,
  'request-default': true,
  'keeps-open': true,
  'tells-end': true,
} satisfies Record<MemberRole, true>) as MemberRole[];

const PROGRAM_MARKS = Object.keys({
  cli: true,
  config: true,
  migration: true,
  test: true,
  'worker-thread': true,
} satisfies Record<ProgramMark, true>) as ProgramMark[];

const TYPE_ROLES = Object.keys({
  'request-scope': true,
  response: true,
  next: true,
  'fetch-request': true,
  stream: true,
  handler: true,
  'handler-mark': true,
  pool: true,
  lease: true,
  lock: true,
  emitter: true,
  store: true,
  drainable: true,
  signal: true,
  'owns-resource': true,
  collection: true,
  'thenable-only': true,
  'shared-memory': true,
  logger: true,
  limiter: true,
  'lazy-thenable': true,
  job: true,
  'shutdown-hook': true,
} satisfies Record<TypeRole, true>) as TypeRole[];

const STAGE = word(['flush', 'intake', 'store', 'work']);

/** When a call has ended. */
export const ENDS = word(['callback', 'promise', 'sync']);

/** How a wait can be bounded. */
export const BOUND = object<NonNullable<MemberEntry['bound']>>({
  by: word(['client-option', 'deadline-option', 'milliseconds', 'none', 'seconds', 'signal-option', 'timeout-option']),
  argument: integer,
  option: text,
  word: text,
  alsoBy: names,
  through: text,
  clientOptions: names,
  byDefault: truth,
  unboundedBy: names,
});

/** How a store adds in one step. */
const ADDITION = object<StoreAddition>({
  name: text,
  call: text,
  column: text,
  operator: text,
  minus: text,
  imports: object<NonNullable<StoreAddition['imports']>>({ name: text, from: text }),
  gives: word(['sum']),
  isWhole: truth,
  differsWith: names,
});

/** Which thing of a store a call is about, and what it does with it. */
const STORE = object<StoreAccess>({
  by: word(['chain', 'filter', 'key', 'receiver', 'row']),
  field: integer,
  filter: names,
  table: integer,
  chain: object<NonNullable<StoreAccess['chain']>>({ table: names, filter: names }),
  gives: word(['count', 'existence', 'fields', 'row', 'rows', 'value']),
  under: text,
  writes: word(['changes', 'columns', 'creates', 'removes', 'replaces']),
  columns: names,
  unless: object<NonNullable<StoreAccess['unless']>>({ words: names, options: names, chain: names }),
  isUnique: truth,
  versionedBy: text,
  adds: ADDITION,
  ifAbsent: text,
  absentArgument: text,
  absentOption: text,
  atOnce: text,
});

/** A row's value: a role alone, or an object that has one. */
function roleOr<Role extends string, Entry extends { role: Role | readonly Role[] }>(
  role: Read<Role>,
  entry: Read<Entry>,
): Read<Entry | Role> {
  return (value, path) => {
    if (typeof value === 'string') return role(value, path);
    const read = entry(value, path);
    return (read as Partial<Entry>).role === undefined ? fail(`${path}.role`, 'a role', undefined) : read;
  };
}

const MEMBER = roleOr<MemberRole, MemberEntry>(
  word(MEMBER_ROLES),
  object<MemberEntry>({
    role: oneOrMore(word(MEMBER_ROLES)),
    argument: integer,
    everyFunction: truth,
    key: integer,
    value: integer,
    store: STORE,
    resource: word(['argument', 'receiver', 'result', 'result-call', 'result-element']),
    ends: ENDS,
    bound: BOUND,
    waitsFor: word(['abort', 'input', 'ready', 'source', 'stream']),
    isShared: truth,
    events: recordOf(MEMBER_ROLES, names),
    listensFor: text,
    handlesRejection: integer,
    concurrency: object<NonNullable<MemberEntry['concurrency']>>({
      argument: integer,
      option: text,
      fallback: integer,
    }),
    again: word(['harmless']),
    undoes: word(['all', 'transaction']),
    through: text,
    endsAlone: truth,
    failureEnds: truth,
    keepsWith: text,
    mayHang: truth,
    reopens: truth,
    gracefully: text,
    stage: STAGE,
    catches: truth,
    requestParameters: list(integer),
    responseParameters: list(integer),
    startHooks: names,
    lastingParameters: list(integer),
    lastingEvents: names,
    afterResponse: word(['aborts', 'gives-nothing', 'ignored', 'null', 'rejects', 'throws', 'undefined']),
    isLocal: truth,
    onlyWith: text,
    takes: word(['callback', 'either', 'promise']),
    rejects: truth,
    rarely: truth,
    since: text,
    reason: text,
  }),
);

const TYPE = roleOr<TypeRole, TypeEntry>(
  word(TYPE_ROLES),
  object<TypeEntry>({
    role: oneOrMore(word(TYPE_ROLES)),
    events: object<NonNullable<TypeEntry['events']>>({
      success: names,
      failure: names,
      end: names,
      cutOff: names,
      prompt: names,
      recovers: truth,
    }),
    requestParameters: list(integer),
    responseParameters: list(integer),
    place: integer,
    isAlsoReceived: truth,
    comesAlone: truth,
    disposes: word(['releases']),
    hooks: names,
    stage: STAGE,
    keepsAlive: truth,
    laterHook: object<NonNullable<TypeEntry['laterHook']>>({ type: text, method: text }),
    reason: text,
  }),
);

/** The text of a regular expression. */
const pattern: Read<string> = (value, path) => {
  const written = text(value, path);
  try {
    new RegExp(written);
  } catch {
    fail(path, 'a regular expression', value);
  }
  return written;
};

/** A full catalogue row. */
export const ENTRY: Read<CatalogueEntry> = (value, path) => {
  const entry = object<CatalogueEntry>({
    from: text,
    alsoKnownAs: names,
    header: text,
    checkedWith: text,
    since: text,
    globals: record(text),
    reachedBy: record(text),
    conventions: list(
      object<ConventionEntry>({
        file: pattern,
        exports: names,
        requestParameters: list(integer),
        responseParameters: list(integer),
      }),
    ),
    marks: record(word(PROGRAM_MARKS)),
    types: record(TYPE),
    members: record(MEMBER),
  })(value, path);
  return (entry as Partial<CatalogueEntry>).from === undefined
    ? fail(`${path}.from`, 'the name of a package', undefined)
    : entry;
};
