import type ts from 'typescript';
import type { Api } from './api/api.ts';
import { NO_GLOBS, type ProgramGlobs } from './program/globs.ts';

/** What a fact may be asked about: something the compiler keeps for the life of a Program. */
export type FactKey = ts.Node | ts.Program | ts.Symbol | ts.Type;

/**
 * One question with a name: a pure function of its key and of what the core can see.
 *
 * A fact of scope `text` depends on nothing but the text below its key, so its value may outlive the Program (an editor keeps the
 * nodes of unchanged files). Everything that asks types, other files or settings has scope `program`.
 */
export interface Fact<Key extends FactKey, Value> {
  readonly name: string;
  readonly scope: 'program' | 'text';
  compute(key: Key, core: Core): Value;
  /**
   * Makes the fact safe to ask recursively: the value assumed for a key while it is being computed. The answer is the least
   * fixed point above it, so `compute` must be monotone.
   */
  start?(key: Key): Value;
  /** For recursive facts: do two values say the same? Default: `Object.is`. */
  same?(left: Value, right: Value): boolean;
  /** For recursive facts: the value when the iteration budget is used up. Default: the last one computed. */
  widen?(key: Key, last: Value): Value;
}

/** Everything the core can see of one Program, with a cache for the facts asked about it. */
export interface Core {
  readonly program: ts.Program;
  readonly checker: ts.TypeChecker;
  readonly api: Api;
  /** What the user says about the kinds of programs in it. */
  readonly globs: ProgramGlobs;
  /** The value of a fact, computed at most once for each key (but for recursion). */
  ask<Key extends FactKey, Value>(fact: Fact<Key, Value>, key: Key): Value;
  /** How often each fact was computed and how long that took (milliseconds, own time and that of what it asked). */
  readonly costs: ReadonlyMap<string, { computed: number; milliseconds: number }>;
}

/** Rounds of a recursive fact before `widen`. Real call graphs settle in three or four. */
const MOST_ROUNDS = 32;

interface Running {
  readonly fact: object;
  readonly key: FactKey;
  readonly place: number;
  assumed: unknown;
  wasAssumed: boolean;
}

/** A value that rests on an assumed one; thrown away when the round it belongs to is run again. */
interface Tentative {
  readonly fact: Fact<never, unknown>;
  readonly key: FactKey;
  value: unknown;
  /** The outermost running computation whose assumed value was used. */
  restsOn: number;
  /** Was its own assumed value used, and is what came out another one? */
  readonly isOpen: boolean;
}

interface Values {
  get(key: FactKey): unknown;
  has(key: FactKey): boolean;
  set(key: FactKey, value: unknown): unknown;
}

/** Values of `text` facts; keyed by the node itself, so they go with it. */
const textValues = new WeakMap<object, Values>();

/** Declares a fact. */
export function defineFact<Key extends FactKey, Value>(fact: Fact<Key, Value>): Fact<Key, Value> {
  return fact;
}

/**
 * Opens the core on a Program.
 *
 * Recursion: while a fact runs, asking it again for the same key gives `start(key)`; if anybody took that value, the outermost
 * computation of the cycle runs again with what came out assumed, for itself and for all keys of the cycle, until none of them
 * changes. Only the outermost one repeats, so a round costs no more than the cycle is long. What was computed from an assumed value
 * is kept only for the round and becomes final with the computation it rests on, so no half-grown answer survives.
 * A recursive question to a fact without `start` is an error in the core and throws.
 */
export function openCore(
  program: ts.Program,
  api: Api,
  now: () => number = () => performance.now(),
  globs: ProgramGlobs = NO_GLOBS,
): Core {
  /** Goes with the core, and that with its Program: plain maps, which the collector need not look into key by key. */
  const programValues = new Map<object, Values>();
  const running: Running[] = [];
  const runningNow = new Pairs<Running>();
  const tentative: Tentative[] = [];
  const tentativeNow = new Pairs<Tentative>();
  /** What came out of the last round, for keys of cycles that are still being computed. */
  const lastRound = new Pairs<{ readonly value: unknown }>();
  const costs = new Map<string, { computed: number; milliseconds: number }>();
  const NOTHING_ASSUMED = Number.POSITIVE_INFINITY;
  let restsOn = NOTHING_ASSUMED;

  const core: Core = {
    program,
    checker: program.getTypeChecker(),
    api,
    globs,
    costs,
    ask(fact, key) {
      type Value = ReturnType<typeof fact.compute>;
      const values = valuesOf(fact);
      const known = values.get(key);
      if (known !== undefined || values.has(key)) return known as Value;

      const again = runningNow.get(fact, key);
      if (again !== undefined) {
        if (fact.start === undefined) throw new Error(`The fact '${fact.name}' needs itself and has no start value.`);
        again.wasAssumed = true;
        restsOn = Math.min(restsOn, again.place);
        return again.assumed as Value;
      }
      const held = tentativeNow.get(fact, key);
      if (held !== undefined) {
        restsOn = Math.min(restsOn, held.restsOn);
        return held.value as Value;
      }
      return compute(fact, key);
    },
  };

  function valuesOf(fact: Pick<Fact<never, unknown>, 'scope'>): Values {
    const isText = fact.scope === 'text';
    const stores = isText ? textValues : programValues;
    let values = stores.get(fact);
    if (values === undefined) {
      values = isText ? new WeakMap<FactKey, unknown>() : new Map<FactKey, unknown>();
      stores.set(fact, values);
    }
    return values;
  }

  function compute<Key extends FactKey, Value>(fact: Fact<Key, Value>, key: Key): Value {
    const place = running.length;
    const mark = tentative.length;
    const before = lastRound.get(fact, key);
    const assumed = before === undefined ? fact.start?.(key) : before.value;
    const entry: Running = { fact, key, place, assumed, wasAssumed: false };
    running.push(entry);
    runningNow.set(fact, key, entry);
    const outer = restsOn;
    restsOn = NOTHING_ASSUMED;
    const started = now();
    let value: Value;
    try {
      value = fact.compute(key, core);
      for (let round = 1; restsOn >= place; round++) {
        const isSettled = !entry.wasAssumed || (fact.same ?? Object.is)(value, entry.assumed as Value);
        if (isSettled && tentative.slice(mark).every(({ isOpen }) => !isOpen)) break;
        if (round >= MOST_ROUNDS) {
          value = fact.widen === undefined ? value : fact.widen(key, value);
          for (const held of tentative.slice(mark)) widen(held);
          break;
        }
        entry.assumed = value;
        entry.wasAssumed = false;
        forget(mark);
        restsOn = NOTHING_ASSUMED;
        value = fact.compute(key, core);
      }
    } catch (error) {
      forget(mark);
      throw error;
    } finally {
      running.pop();
      runningNow.delete(fact, key);
    }
    const cost = costs.get(fact.name) ?? { computed: 0, milliseconds: 0 };
    cost.computed++;
    cost.milliseconds += now() - started;
    costs.set(fact.name, cost);

    const own = restsOn;
    if (own >= place) {
      for (let index = mark; index < tentative.length; index++) {
        const held = tentative[index];
        if (held === undefined) break;
        valuesOf(held.fact).set(held.key, held.value);
        lastRound.delete(held.fact, held.key);
      }
      forget(mark);
      valuesOf(fact).set(key, value);
      lastRound.delete(fact, key);
      restsOn = outer;
    } else {
      const isOpen = entry.wasAssumed && !(fact.same ?? Object.is)(value, entry.assumed as Value);
      const held: Tentative = { fact, key, value, restsOn: own, isOpen };
      // What rested on this one's place rests on what this one rests on: the place will be another one's.
      for (const each of tentative.slice(mark)) each.restsOn = Math.min(each.restsOn, own);
      tentative.push(held);
      tentativeNow.set(fact, key, held);
      lastRound.set(fact, key, { value });
      restsOn = Math.min(outer, own);
    }
    if (running.length === 0) lastRound.clear();
    return value;
  }

  /** Throws away what was held since a mark. */
  function forget(mark: number): void {
    if (tentative.length === mark) return;
    for (const { fact, key } of tentative.splice(mark)) tentativeNow.delete(fact, key);
  }

  function widen(held: Tentative): void {
    if (held.isOpen && held.fact.widen !== undefined) held.value = held.fact.widen(held.key as never, held.value);
  }

  return core;
}

/** A map from a fact and a key. There are few facts, and what is put in for one is soon taken out again. */
class Pairs<Value> {
  private readonly byFact = new Map<object, Map<FactKey, Value>>();

  get(fact: object, key: FactKey): Value | undefined {
    return this.byFact.get(fact)?.get(key);
  }

  set(fact: object, key: FactKey, value: Value): void {
    const known = this.byFact.get(fact);
    if (known === undefined) this.byFact.set(fact, new Map([[key, value]]));
    else known.set(key, value);
  }

  delete(fact: object, key: FactKey): void {
    this.byFact.get(fact)?.delete(key);
  }

  clear(): void {
    this.byFact.clear();
  }
}
