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
  /** Talks to the process that forked this one. */
  | 'child-side'
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
  | 'bounds-argument'
  /** Settles with the first of the promises given (`Promise.race`, `Promise.any`). */
  | 'races'
  /** Callback arguments run when the receiver, a promise, settles; the result is a promise of their outcome. */
  | 'chains'
  /** A callback argument is run with a leased object, which is taken back when it ends. */
  | 'lends'
  /** Plain input or output: it ends by itself unless the peer hangs. Not a wait for another party's deed. */
  | 'io'
  /**
   * Builds a long-lived client, pool, agent or queue: one for the process, not one for each call. With `resource: 'receiver'` what is
   * built ends the receiver when it ends itself.
   */
  | 'creates'
  /** Builds a limiter; see `concurrency`. With a concurrency of 1 its callbacks exclude each other. */
  | 'creates-limiter'
  /** Sends a statement in the store's own language (`argument` is its text). */
  | 'queries'
  /** Opens a transaction on the receiver. */
  | 'begins'
  /** Commits the transaction of the receiver. */
  | 'commits'
  /** Rolls the transaction of the receiver back. */
  | 'rolls-back'
  /** Hands out memory that still holds the bytes of its last user. */
  | 'unclean'
  /** Sets the ambient context of everything that follows in this task (`AsyncLocalStorage.enterWith`). */
  | 'enters-context'
  /** Starts a timer; the result stops it. */
  | 'starts-timer'
  /** Stops the timer given, or the receiver. */
  | 'clears-timer'
  /** Lets the process end although this timer, server or socket is still there. */
  | 'unrefs'
  /** Aborts a signal. */
  | 'aborts'
  /** Takes a callback away again. */
  | 'unlistens'
  /** Calls the listeners of an event before it returns. */
  | 'emits'
  /** Reads a cell of shared memory in one atomic step. */
  | 'atomic-read'
  /** Writes a cell of shared memory in one atomic step. */
  | 'atomic-write'
  /** Changes a cell of shared memory in one atomic step. */
  | 'atomic-update'
  /** Changes a cell of shared memory only if it holds the value expected (the argument after the key). */
  | 'atomic-compare'
  /** Wakes the waiters of a cell of shared memory. */
  | 'atomic-notify'
  /** A class decorator: one instance serves the whole process, unless an option says otherwise. */
  | 'singleton-decorator'
  /** A method decorator: the method runs once for every request, message, job or event. */
  | 'handler-decorator'
  /** A parameter decorator: the parameter is the request. */
  | 'request-decorator'
  /** A parameter decorator: the parameter is a context of the user's own making, which may hold the request. */
  | 'context-decorator'
  /** A parameter decorator: the parameter is the response. */
  | 'response-decorator'
  /** A parameter decorator: the parameter is what hands the request on. */
  | 'next-decorator'
  /** A parameter decorator: the parameter is plain data of the request (its parsed body, an id, a header). */
  | 'data-decorator'
  /** Hands out the request, the response or the context of the request at hand. */
  | 'gives-request'
  /** Gives every request a property with the same value (argument `value`), under the name in argument `key`. */
  | 'request-default'
  /** Keeps the response open after the handler has returned: a stream of events, a response that is taken over. */
  | 'keeps-open'
  /** Says whether the response was sent, or whether its connection is gone. */
  | 'tells-end';

/** Every role a type may play. */
export type TypeRole =
  /** Ends with one request: the request, its context, what hands it on. */
  | 'request-scope'
  /** The response; a context that is request and response in one has both roles. */
  | 'response'
  /** What hands the request on to the next handler. */
  | 'next'
  /** The request of the fetch API: one that a handler gets, or one that is going to be sent. */
  | 'fetch-request'
  /** Bytes that come or go: over when its owner is. */
  | 'stream'
  /** A function type: what is written as a value of it is a handler. Of a class or an interface, `hooks` are. See `requestParameters`. */
  | 'handler'
  /** A parameter type that only handlers have: it proves the function around it; see `requestParameters`. */
  | 'handler-mark'
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
  | 'shared-memory'
  /** Writes log lines; its methods neither throw nor reject. */
  | 'logger'
  /** Runs callbacks, a limited number at a time. */
  | 'limiter'
  /** A promise-like query that is sent when it is awaited or its `then` is called, not before. */
  | 'lazy-thenable'
  /** A unit of work that a queue hands to a worker. */
  | 'job'
  /** An interface whose method, implemented by the user, runs at shutdown (`hooks` names it). */
  | 'shutdown-hook';

/** What a program is taken for that imports a module, or one of its names. */
export type ProgramMark = 'cli' | 'config' | 'migration' | 'test' | 'worker-thread';

/** One member or function. Fields beyond `role` are read only with the roles they belong to. */
export interface MemberEntry {
  readonly role: MemberRole | readonly MemberRole[];
  /** Which argument matters: the callback, the key, the resource. Counts from the end when negative. Default: 0. */
  readonly argument?: number;
  /** For callback roles: every function among the arguments, also in arrays of them, is such a callback, not only `argument`. */
  readonly everyFunction?: boolean;
  /** For `store-*` and collection roles: where key and value stand among the arguments. For emitters: the event's name. */
  readonly key?: number;
  readonly value?: number;
  /** For `store-*`: which thing of the store the call is about, and what it does with it. Without it the call is none of a pair. */
  readonly store?: StoreAccess;
  /** Names of events (argument `key`) for which a role holds; a role that is not mentioned holds for all of them. */
  readonly events?: Readonly<Partial<Record<MemberRole, readonly string[]>>>;
  /** For `acquires`, `releases`, `locks`: is it the receiver, the result or an argument that is taken or given back? */
  readonly resource?: 'argument' | 'receiver' | 'result' | 'result-call' | 'result-element';
  /** For `acquires`: it ends by itself when it is used up; who never gives it back may mean that. */
  readonly endsAlone?: boolean;
  /** For `acquires`: the property of the result that is the promise of the resource. */
  readonly through?: string;
  /** For `drains`, `releases`: does the call end when it returns, when its promise settles, or when its callback is called? */
  readonly ends?: 'callback' | 'promise' | 'sync';
  /** For `waits`: how the wait can be bounded. `argument` is the place of the options or the number. */
  readonly bound?: {
    /** `client-option`: `option` stands where the client was built (see its `new` row), not at the wait. */
    /** `deadline-option`: the option, or the argument itself, is the moment at which the wait ends: a `Date` or milliseconds since 1970. */
    readonly by:
      'client-option' | 'deadline-option' | 'milliseconds' | 'none' | 'seconds' | 'signal-option' | 'timeout-option';
    readonly argument?: number;
    readonly option?: string;
    /** The number follows this word among the arguments (`BLOCK`); without the word nothing is waited for. */
    readonly word?: string;
    /** Options of the client that bound the wait too, where the call says nothing. */
    readonly clientOptions?: readonly string[];
    /** The wait is bounded when nothing is said; only an explicit value can unbound it. */
    readonly byDefault?: boolean;
    /** Values that mean no bound at all, as written: `0`, `Infinity`, `false`. */
    readonly unboundedBy?: readonly string[];
    /** Other options at the same place that end the wait, or let the call return at once: `close`, `ifAvailable`. */
    readonly alsoBy?: readonly string[];
    /** A method of the receiver that takes the milliseconds and gives the receiver back with that limit: `socket.timeout(ms)`. */
    readonly through?: string;
  };
  /**
   * For `waits`: what is waited for, where that is no deed of another party. An abort, what a user types, being ready at the start,
   * the bytes of a stream; `source`: the next value of the argument, which another party has to send only if that is an emitter.
   */
  readonly waitsFor?: 'abort' | 'input' | 'ready' | 'source' | 'stream';
  /** For `locks`, `exclusive`: the holder may be another thread or process, which no `finally` of this one reaches. */
  readonly isShared?: boolean;
  /** The callback is a listener of this event of what the call gives (`http.get(url, onResponse)`), or of the receiver. */
  readonly listensFor?: string;
  /** For `chains`: which argument gets the rejection. */
  readonly handlesRejection?: number;
  /** For `creates-limiter`, `handler`: where the greatest number of callbacks at a time is said, and what it is when nothing is. */
  readonly concurrency?: { readonly argument: number; readonly option?: string; readonly fallback: number };
  /** For `releases`, `destroys`: a second one does nothing. Default: it fails, or lends the object to two borrowers. */
  readonly again?: 'harmless';
  /** For `releases`: what it takes back of what the borrower did, all or an open transaction. Default: nothing. */
  readonly undoes?: 'all' | 'transaction';
  /** A failure of it ends the receiver too: there is nothing left to give back. */
  readonly failureEnds?: boolean;
  /** For `creates`: connections stay open only where this option is true; otherwise there is nothing to share. */
  readonly keepsWith?: string;
  /** For `drains`: may it wait for ever (a stuck connection), so that a deadline belongs beside it? */
  readonly mayHang?: boolean;
  /** For `drains`: what was ended opens again at its next use. */
  readonly reopens?: boolean;
  /** For `drains` of what has no type of its own (functions of a module): as the `stage` of a type. */
  readonly stage?: TypeEntry['stage'];
  /** For `cuts-off`: the member of the receiver that ends the same thing gracefully. */
  readonly gracefully?: string;
  /** For `handler`, `listener`, `defers`, `detaches`: does it take care of a rejection of an async callback, or of what it is given? */
  readonly catches?: boolean;
  /**
   * For `handler`, `handler-decorator`, `lends`: which parameters of the callback are the request, or hang on it, although their
   * types do not say so (anonymous contexts, `any`, the global `Request`). A parameter whose type has the role `request-scope`, or
   * would have it if the callback did not say otherwise, needs no mention.
   */
  readonly requestParameters?: readonly number[];
  /** As `requestParameters`, for the response; a context that is or holds both stands in both. */
  readonly responseParameters?: readonly number[];
  /** For `singleton-decorator`: the methods that the framework itself calls, once for each object, when the program starts. */
  readonly startHooks?: readonly string[];
  /**
   * Parameters of the callback whose types say request although they do not end with it: the response that a client gets, the
   * request that opened a connection which lives on. With `lastingEvents`, only for these events.
   */
  readonly lastingParameters?: readonly number[];
  readonly lastingEvents?: readonly string[];
  /** What a use of a member of the request or response comes to once the response was sent. Not said: what it was before. */
  readonly afterResponse?: 'aborts' | 'gives-nothing' | 'ignored' | 'null' | 'rejects' | 'throws' | 'undefined';
  /** For `detaches`: works only in programs that load the types of this package; elsewhere it throws. */
  readonly onlyWith?: string;
  /** For `detaches`: what it takes. Default: a promise. */
  readonly takes?: 'callback' | 'either' | 'promise';
  /** For `io`: with the machine's own files, so that it ends by itself and a write that is cut off leaves half of it behind. */
  readonly isLocal?: boolean;
  /** May the call throw or reject, its callbacks apart? Default: yes, for anything that is not `safe` or `pure`. */
  readonly rejects?: boolean;
  /** With `rejects`: it fails only on values that correct programs do not hold (a cycle, an invalid date), so it proves nothing. */
  readonly rarely?: boolean;
  /** Only when the installed package's version satisfies this range of majors or minors, for example `4`, `>=5`, `<3.20`. */
  readonly since?: string;
  readonly reason?: string;
}

/**
 * What a `store-read` or `store-write` does with one thing of an outside store: the value under a key, a file, a row, a document.
 * `key` and `value` of the member say where these stand among the arguments.
 */
export interface StoreAccess {
  /**
   * How the call says which thing it is about.
   *
   * - `key` (default): the argument `key`: a text, a number, a list, a path. `redis.get(key)`
   * - `filter`: the argument `key` is an object that picks rows, or an id; see `filter`. `users.findOneBy({ id })`
   * - `row`: the argument `key` is the row that was read. `users.save(user)`
   * - `receiver`: the call is made on the row that was read. `user.save()`
   * - `chain`: the other calls of the chain say it; see `chain`. `knex('users').where({ id }).first()`
   */
  readonly by?: 'chain' | 'filter' | 'key' | 'receiver' | 'row';
  /** The second part of the key: the argument that is the field of a hash. Left out in the call: the whole hash. */
  readonly field?: number;
  /** The options of the argument `key` under one of which the filter stands (`where`). Not said: the argument is the filter. */
  readonly filter?: readonly string[];
  /** The argument that names the table (`manager.findOne(Order, …)`). Not said: the receiver is the table. */
  readonly table?: number;
  /** For `chain`: calls of the chain whose arguments name the table, and those that pick rows. The root of the chain always counts. */
  readonly chain?: { readonly table?: readonly string[]; readonly filter?: readonly string[] };
  /**
   * For reads: what the call gives once it is awaited. Default: `value`.
   *
   * - `value`: the whole thing, in the form in which it was written. `redis.get`, `readFile`
   * - `fields`: an object with all fields of a hash. `redis.hgetall`
   * - `row`: a row or document, or nothing; `rows`: a list of them
   * - `existence`, `count`: whether there is one, how many there are
   */
  readonly gives?: 'count' | 'existence' | 'fields' | 'row' | 'rows' | 'value';
  /** For reads: the property of the result that holds it (`value` of an entry of Deno KV). */
  readonly under?: string;
  /**
   * For writes: what the call does. Default: `replaces`.
   *
   * - `replaces`: the argument `value` takes the place of the whole thing. `redis.set`, `writeFile`, `replaceOne`
   * - `columns`: the argument `value` is an object of columns; the others stay. `update({ where, data })`
   * - `changes`: what was assigned to the row since it was read. `user.save()`
   * - `creates`: a new row or document of the argument `value`
   * - `removes`: the thing is gone afterwards
   */
  readonly writes?: 'changes' | 'columns' | 'creates' | 'removes' | 'replaces';
  /** For `columns`, `creates`: the options of the argument `value` under one of which the columns stand (`data`; `$set`). */
  readonly columns?: readonly string[];
  /**
   * What makes the call conditional, lock what it reads or part of a transaction, so that it is no half of a fault: words among
   * the arguments (`NX`), options anywhere in the objects given (`lock`, `transaction`), calls of the same chain (`forUpdate`).
   * An option may be followed by the start of the value that it needs: `flag: wx`.
   */
  readonly unless?: {
    readonly words?: readonly string[];
    readonly options?: readonly string[];
    readonly chain?: readonly string[];
  };
  /** For reads: no two things fit the key or filter, because the store refuses them (`findUnique`): who creates a second one fails. */
  readonly isUnique?: boolean;
  /** For writes: the option of the model or its schema with which the store refuses a row that others have changed since. */
  readonly versionedBy?: string;
  /** For writes: how the store adds to a number in one step. */
  readonly adds?: StoreAddition;
  /** For writes: what creates only what is not there, as a message names it: ``SET … NX``. */
  readonly ifAbsent?: string;
  /** For writes: the code that makes the call do that: an argument at the end (`'NX'`), or a property of the options there. */
  readonly absentArgument?: string;
  readonly absentOption?: string;
  /** For writes: what makes any other change in one step, as a message names it: `a Lua script`. */
  readonly atOnce?: string;
}

/**
 * How a store adds to a number in one step. The texts are code with holes: `{receiver}`, `{key}`, `{field}`, `{by}` are what the user
 * wrote there, `{filter}` is the key as an object of conditions; `{column}` is the bare name of the column, `{row}` the variable of the
 * row, `{table}` the expression of the table.
 */
export interface StoreAddition {
  /** As a message names it: `incrby`. */
  readonly name: string;
  /** Takes the place of the whole write: `{receiver}.incrby({key}, {by})`. */
  readonly call?: string;
  /** Takes the place of the column's value: `{ increment: {by} }`. */
  readonly column?: string;
  /** The column moves from `$set`, or from the update itself, to this operator: `$inc`. */
  readonly operator?: string;
  /** Subtracts: as `call` or `column`. Not said: the negative number is added. */
  readonly minus?: string;
  /** What `column` names has to be imported: `sql` from `drizzle-orm`. */
  readonly imports?: { readonly name: string; readonly from: string };
  /** What the addition gives: the new number, or nothing of use. Default: nothing. */
  readonly gives?: 'sum';
  /** Only for whole numbers. */
  readonly isWhole?: boolean;
  /**
   * Words of a file that show that the write does more than add, which the addition would not do: `expire`, where a write ends the
   * time to live of its key and an addition keeps it.
   */
  readonly differsWith?: readonly string[];
}

/** One type. */
export interface TypeEntry {
  readonly role: TypeRole | readonly TypeRole[];
  /** For `emitter`: event names that mean success, failure and end. */
  readonly events?: {
    readonly success?: readonly string[];
    readonly failure?: readonly string[];
    readonly end?: readonly string[];
    /** Success events that the end may cut off without a failure event: who waits for one hears of the end only from `end`. */
    readonly cutOff?: readonly string[];
    /** Success events that this side brings about by itself, at once or within the system's own limits: they come, or a failure does. */
    readonly prompt?: readonly string[];
    /** It tries again by itself after a failure (reconnects), so the success may still come. */
    readonly recovers?: boolean;
  };
  /** For `handler`, `handler-mark`: which parameters of the function are the request, and which the response; a context is both. */
  readonly requestParameters?: readonly number[];
  readonly responseParameters?: readonly number[];
  /** For `handler-mark`: where among the parameters it must stand to prove that. */
  readonly place?: number;
  /** For `request-scope`: clients get values of the type too (a response, a job), so what a call gives back is none. */
  readonly isAlsoReceived?: boolean;
  /** For `request-scope`: a process is given one after the other, unless the registration says more (`concurrency` of its row). */
  readonly comesAlone?: boolean;
  /** For `lease`: its disposer (`using`, `await using`) does what its release does, and no more. */
  readonly disposes?: 'releases';
  /**
   * For `drainable`: its place in the order in which a program ends. `intake` takes new work in (servers), `work` does it (consumers,
   * workers), `store` is what those use (pools, clients, producers), `flush` reports on all of them (logs, telemetry). Default: `store`.
   */
  readonly stage?: 'flush' | 'intake' | 'store' | 'work';
  /** For `drainable`: as long as it is not ended, and nothing else unrefs it, the process does not end by itself. */
  readonly keepsAlive?: boolean;
  /** For `shutdown-hook`, and for `handler` classes: the methods. */
  readonly hooks?: readonly string[];
  /** For `shutdown-hook`: it runs while servers still answer what they have taken in; the hook that runs after that. */
  readonly laterHook?: { readonly type: string; readonly method: string };
  readonly reason?: string;
}

/**
 * What we know of one package or module.
 *
 * `members` are keyed `Type.member`, `Type.static:member` for statics, `new Type` for constructors, or a bare function name as
 * exported. `Type.()` is a call of a value of the type itself. `Type.*` stands for every member of the type without a row of its own.
 * `Type.by:member` is a method of that name, whoever declares it, whose result is a `Type`: for what a generator writes into the
 * user's own files.
 */
export interface CatalogueEntry {
  /**
   * The package name (`pg`), the module without `node:` (`events`), `lib` for the language's library, `global` for globals; in
   * settings also `file` for the project's own files, or one of them (`./src/locks.ts`).
   */
  readonly from: string;
  /** Other packages that declare the same API (`express-serve-static-core`). */
  readonly alsoKnownAs?: readonly string[];
  /** What stands at the head of files that the package generates into a project, and that declare its API there. */
  readonly header?: string;
  /** Versions of the type packages that the rows were checked against. */
  readonly checkedWith?: string;
  /** Only for installed versions in this range; an entry's rows may be split over several such entries. */
  readonly since?: string;
  /**
   * Global variables and the type whose members they carry (`process` is a `Process`). Used only where the compiler cannot resolve
   * the global, because the project does not load the types that declare it.
   */
  readonly globals?: Readonly<Record<string, string>>;
  /** Types whose values come from members of one name only (`LockManager` of `navigator.locks`): code without the name has none. */
  readonly reachedBy?: Readonly<Record<string, string>>;
  /** Files whose exports are handlers because of their name and place. */
  readonly conventions?: readonly ConventionEntry[];
  /** What a program is taken for that imports this name; `*` stands for anything of the module. */
  readonly marks?: Readonly<Record<string, ProgramMark>>;
  readonly types?: Readonly<Record<string, TypeEntry | TypeRole>>;
  readonly members?: Readonly<Record<string, MemberEntry | MemberRole>>;
}

/** Exports that a framework calls for every request because of the name and the place of their file. */
export interface ConventionEntry {
  /** A regular expression that the path of the file matches. */
  readonly file: string;
  /** The names under which they are exported. */
  readonly exports: readonly string[];
  readonly requestParameters: readonly number[];
  readonly responseParameters?: readonly number[];
}

/** The whole catalogue: our rows and the user's. */
export type Catalogue = readonly CatalogueEntry[];

/** Declares the rows of one package. A function only so that each row is checked where it is written. */
export function entries(from: string, rows: Omit<CatalogueEntry, 'from'>): CatalogueEntry {
  return { from, ...rows };
}

/** The same row for several members of one type: `sameFor('Map', ['get', 'has'], …)` gives `Map.get` and `Map.has`. */
export function sameFor<Row extends MemberEntry | MemberRole>(
  owner: string,
  members: readonly string[],
  row: Row,
): Readonly<Record<string, Row>> {
  return Object.fromEntries(members.map((member) => [owner === '' ? member : `${owner}.${member}`, row]));
}
