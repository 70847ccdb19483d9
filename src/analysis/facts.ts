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
  costs(): ReadonlyMap<string, { computed: number; milliseconds: number }>;
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

/** Stands for the value `undefined` among those that are known. */
const UNDEFINED = Symbol('undefined');

function kept(value: unknown): unknown {
  return value === undefined ? UNDEFINED : value;
}

interface Values {
  get(key: FactKey): unknown;
  set(key: FactKey, value: unknown): unknown;
}

/** What is known of one fact, and what of it is being computed. */
interface Ledger {
  readonly name: string;
  readonly values: Values;
  readonly running: Map<FactKey, Running>;
  readonly tentative: Map<FactKey, Tentative>;
  /** What came out of the last round, for keys of cycles that are still being computed. */
  readonly lastRound: Map<FactKey, { readonly value: unknown }>;
  readonly cost: { computed: number; milliseconds: number };
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
  const ledgers = new Map<object, Ledger>();
  const running: Running[] = [];
  const tentative: Tentative[] = [];
  /** The ledgers with something in `lastRound`. */
  const unsettled = new Set<Ledger>();
  const NOTHING_ASSUMED = Number.POSITIVE_INFINITY;
  let restsOn = NOTHING_ASSUMED;

  const core: Core = {
    program,
    checker: program.getTypeChecker(),
    api,
    globs,
    costs: () => costsOf(ledgers),
    ask(fact, key) {
      type Value = ReturnType<typeof fact.compute>;
      const ledger = ledgerOf(fact);
      const known = ledger.values.get(key);
      if (known !== undefined) return (known === UNDEFINED ? undefined : known) as Value;

      const again = ledger.running.size === 0 ? undefined : ledger.running.get(key);
      if (again !== undefined) {
        if (fact.start === undefined) throw new Error(`The fact '${fact.name}' needs itself and has no start value.`);
        again.wasAssumed = true;
        restsOn = Math.min(restsOn, again.place);
        return again.assumed as Value;
      }
      const held = ledger.tentative.size === 0 ? undefined : ledger.tentative.get(key);
      if (held !== undefined) {
        restsOn = Math.min(restsOn, held.restsOn);
        return held.value as Value;
      }
      return compute(fact, key, ledger);
    },
  };

  function ledgerOf(fact: Pick<Fact<never, unknown>, 'name' | 'scope'>): Ledger {
    let ledger = ledgers.get(fact);
    if (ledger === undefined) {
      const values = fact.scope === 'text' ? textValuesOf(fact) : new Map<FactKey, unknown>();
      const cost = { computed: 0, milliseconds: 0 };
      ledger = { name: fact.name, values, running: new Map(), tentative: new Map(), lastRound: new Map(), cost };
      ledgers.set(fact, ledger);
    }
    return ledger;
  }

  function compute<Key extends FactKey, Value>(fact: Fact<Key, Value>, key: Key, ledger: Ledger): Value {
    const place = running.length;
    const mark = tentative.length;
    const before = ledger.lastRound.size === 0 ? undefined : ledger.lastRound.get(key);
    const assumed = before === undefined ? fact.start?.(key) : before.value;
    const entry: Running = { fact, key, place, assumed, wasAssumed: false };
    running.push(entry);
    ledger.running.set(key, entry);
    const outer = restsOn;
    restsOn = NOTHING_ASSUMED;
    const started = now();
    let value: Value;
    try {
      value = fact.compute(key, core);
      for (let round = 1; restsOn >= place && (entry.wasAssumed || tentative.length > mark); round++) {
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
      ledger.running.delete(key);
    }
    ledger.cost.computed++;
    ledger.cost.milliseconds += now() - started;

    const own = restsOn;
    if (own >= place) {
      for (let index = mark; index < tentative.length; index++) {
        const held = tentative[index];
        if (held === undefined) break;
        const { lastRound, values } = ledgerOf(held.fact);
        values.set(held.key, kept(held.value));
        lastRound.delete(held.key);
      }
      forget(mark);
      ledger.values.set(key, kept(value));
      if (ledger.lastRound.size > 0) ledger.lastRound.delete(key);
      restsOn = outer;
    } else {
      const isOpen = entry.wasAssumed && !(fact.same ?? Object.is)(value, entry.assumed as Value);
      const held: Tentative = { fact, key, value, restsOn: own, isOpen };
      // What rested on this one's place rests on what this one rests on: the place will be another one's.
      for (const each of tentative.slice(mark)) each.restsOn = Math.min(each.restsOn, own);
      tentative.push(held);
      ledger.tentative.set(key, held);
      ledger.lastRound.set(key, { value });
      unsettled.add(ledger);
      restsOn = Math.min(outer, own);
    }
    if (running.length === 0 && unsettled.size > 0) {
      for (const { lastRound } of unsettled) lastRound.clear();
      unsettled.clear();
    }
    return value;
  }

  /** Throws away what was held since a mark. */
  function forget(mark: number): void {
    if (tentative.length === mark) return;
    for (const { fact, key } of tentative.splice(mark)) ledgerOf(fact).tentative.delete(key);
  }

  function widen(held: Tentative): void {
    if (held.isOpen && held.fact.widen !== undefined) held.value = held.fact.widen(held.key as never, held.value);
  }

  return core;
}

function textValuesOf(fact: object): Values {
  let values = textValues.get(fact);
  if (values === undefined) textValues.set(fact, (values = new WeakMap<FactKey, unknown>()));
  return values;
}

/** By name: two facts may bear the same one. */
function costsOf(ledgers: ReadonlyMap<object, Ledger>): ReturnType<Core['costs']> {
  const costs = new Map<string, { computed: number; milliseconds: number }>();
  for (const { cost, name } of ledgers.values()) {
    const sum = costs.get(name) ?? { computed: 0, milliseconds: 0 };
    costs.set(name, { computed: sum.computed + cost.computed, milliseconds: sum.milliseconds + cost.milliseconds });
  }
  return costs;
}
