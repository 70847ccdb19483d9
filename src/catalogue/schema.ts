/**
 * The shape of what we know about other people's APIs. Data only: no types of the compiler, no code.
 *
 * Rows are matched by provenance: the package (or `node:` module, or the language's own library) that declares a symbol, never
 * by a bare name. Settings add rows of the same shape.
 */

/** Every role an API member may play. Rules and the core know roles, never names. */
export type MemberRole =
  /** A callback argument runs once for every request, message, job or event, possibly many at a time. */
  | 'handler'
  /** A callback argument is kept and called later, any number of times, interleaved with other work (listeners, intervals). */
  | 'listener'
  /** A callback argument is called later, once. */
  | 'defers'
  /** A callback argument is called before the call returns (`Array.prototype.map`). */
  | 'runs-now'
  /** A callback argument is run by a limiter, several at a time. */
  | 'runs-concurrently'
  /** A callback argument is run while a lock is held; released at its end. */
  | 'exclusive'
  /** Waits for all promises given (`Promise.all`, `allSettled`). */
  | 'joins'
  /** Takes a lock; see `lock`. */
  | 'locks'
  /** Gives a lock back. */
  | 'unlocks'
  /** Hands out a pooled or leased object. */
  | 'acquires'
  /** Takes a leased object back (receiver or argument, see `resource`). */
  | 'releases'
  /** Ends a leased object for good; counts as release. */
  | 'destroys'
  /** Brings an object back to its initial state. */
  | 'resets'
  /** Waits for an event, message, lock or reply that another party must cause. */
  | 'waits'
  /** Ends a long-lived thing gracefully. */
  | 'drains'
  /** Ends a long-lived thing at once, cutting off what is in flight. */
  | 'cuts-off'
  /** Registers code that runs at shutdown. */
  | 'registers-shutdown'
  /** Starts listening, consuming or working: makes the program a service. */
  | 'serves'
  /** Hands background work to the platform, which waits for it. */
  | 'detaches'
  /** Ends the response or forwards to what will. */
  | 'answers'
  /** Starts background work whose own failures are logged by the callee. */
  | 'fire-and-forget'
  /** Ends the process. */
  | 'exits'
  /** Never rejects or throws. */
  | 'safe'
  /** Has no effect and its result depends only on receiver and arguments. */
  | 'pure'
  /** Writes its receiver (`Map.prototype.set`, `Array.prototype.push`). */
  | 'mutates'
  /** Reads its receiver's contents (`Map.prototype.get`). */
  | 'reads'
  /** Reads a value by key from an outside store. */
  | 'store-read'
  /** Writes a value by key to an outside store. */
  | 'store-write'
  /** Changes a value by key in an outside store in one atomic step. */
  | 'store-atomic'
  /** Aborts or cancels by a signal or a timer. */
  | 'bounds'
  /** Throws away after a time what it wraps: the wait it is given is bounded. */
  | 'bounds-argument';

/** Every role a type may play. */
export type TypeRole =
  | 'request-scope'
  | 'response'
  | 'pool'
  | 'lease'
  | 'lock'
  | 'emitter'
  | 'store'
  | 'drainable'
  | 'signal'
  | 'owns-resource'
  | 'collection'
  | 'thenable-only'
  | 'shared-memory';

/** One member or function. Fields beyond `role` are read only with the roles they belong to. */
export interface MemberEntry {
  readonly role: MemberRole | readonly MemberRole[];
  /** Which argument matters: the callback, the key, the resource. Counts from the end when negative. Default: 0. */
  readonly argument?: number;
  /** For `store-*` and collection roles: where key and value stand among the arguments. */
  readonly key?: number;
  readonly value?: number;
  /** For `acquires`, `releases`, `locks`: is it the receiver, the result or an argument that is taken or given back? */
  readonly resource?: 'argument' | 'receiver' | 'result' | 'result-call' | 'result-element';
  /** For `drains`, `releases`: does the call end when it returns, when its promise settles, or when its callback is called? */
  readonly ends?: 'callback' | 'promise' | 'sync';
  /** For `waits`: how the wait can be bounded. `argument` is the place of the options or the number. */
  readonly bound?: {
    readonly by: 'milliseconds' | 'none' | 'seconds' | 'signal-option' | 'timeout-option';
    readonly argument?: number;
    readonly option?: string;
  };
  /** For `drains`: may it wait for ever (a stuck connection), so that a deadline belongs beside it? */
  readonly mayHang?: boolean;
  /** For `handler`, `listener`: does the caller take care of a rejection of an async callback? */
  readonly catches?: boolean;
  /** May the call throw or reject? Default: yes, for anything that is not `safe` or `pure`. */
  readonly rejects?: boolean;
  /** Only when the installed package's version satisfies this range of majors, for example `4` or `>=5`. */
  readonly since?: string;
  readonly reason?: string;
}

/** One type. */
export interface TypeEntry {
  readonly role: TypeRole | readonly TypeRole[];
  /** For `emitter`: event names that mean success, failure and end. */
  readonly events?: { readonly success?: readonly string[]; readonly failure?: readonly string[]; readonly end?: readonly string[] };
  readonly reason?: string;
}

/**
 * What we know of one package or module.
 *
 * `members` are keyed `Type.member`, `Type.static:member` for statics, `new Type` for constructors, or a bare function name as
 * exported. `Type.*` stands for every member of the type.
 */
export interface CatalogueEntry {
  /** The package name (`pg`), the module without `node:` (`events`), `lib` for the language's library, `global` for globals. */
  readonly from: string;
  /** Other packages that declare the same API (`express-serve-static-core`). */
  readonly alsoKnownAs?: readonly string[];
  /** Versions of the type packages that the rows were checked against. */
  readonly checkedWith?: string;
  readonly types?: Readonly<Record<string, TypeEntry | TypeRole>>;
  readonly members?: Readonly<Record<string, MemberEntry | MemberRole>>;
}

/** The whole catalogue: our rows and the user's. */
export type Catalogue = readonly CatalogueEntry[];

/** Declares the rows of one package. A function only so that each row is checked where it is written. */
export function entries(from: string, rows: Omit<CatalogueEntry, 'from'>): CatalogueEntry {
  return { from, ...rows };
}
