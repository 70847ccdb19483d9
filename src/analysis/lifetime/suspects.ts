import * as ts from 'typescript';
import { defineFact } from '../facts.ts';
import { bare, isAssignmentOperator } from '../syntax/expressions.ts';
import { type FunctionNode, isFunctionNode } from '../syntax/functions.ts';
import { fileNodes } from '../text/nodes.ts';
import { calledNameOf, lastNameOf, mentionsIn, type Names, namesBound } from '../syntax/names.ts';

const NONE: Names = new Set();

/** The names that matter in a suspected function. */
export interface Suspicion {
  /** Of what is written, and of its aliases. */
  readonly written: Names;
  /** Of everything that the written values may come from. */
  readonly all: Names;
  /** Of functions that may stand for a place: small ones of the file, and pairs such as `getTotal` and `setTotal`. */
  readonly helpers: Names;
}

interface OpenSuspicion {
  readonly written: Set<string>;
  readonly all: Set<string>;
  readonly helpers: Set<string>;
}

/**
 * Functions that may hold a stale write, and the names that matter there, told from the text alone: a write whose value may come, through locals, from something of
 * the written name that was mentioned before a wait. No types are asked, so that files without a suspect cost next to nothing.
 *
 * Doubt falls towards suspicion; what it clears has no stale write, save for places that are read under one name and written under
 * another one that no local, getter or small function of the file connects.
 */
export const suspects = defineFact<ts.SourceFile, ReadonlyMap<FunctionNode, Suspicion>>({
  name: 'suspects',
  scope: 'text',
  compute(file, core) {
    const found = new Map<FunctionNode, OpenSuspicion>();
    if (mayWait(file.text)) new Search(core.ask(namesBehind, file), found).visitFunction(file, new Map(), 0);
    return found;
  },
});

/** A file that never waits and hands nothing over to be run later has no second segment. */
function mayWait(text: string): boolean {
  return /\b(?:await|yield)\b|\.(?:then|catch|finally|on|once|addListener|addEventListener)\s*\(|\b(?:set(?:Timeout|Interval|Immediate)|nextTick|queueMicrotask)\b/.test(
    text,
  );
}

/** What a local may come from, and whether a wait lies behind. */
interface Local {
  readonly names: Names;
  /** How many waits had been passed when it got its value. */
  readonly waits: number;
}

class Search {
  private readonly found: Map<FunctionNode, OpenSuspicion>;
  /** Fields behind getters and small functions, by the name that is read or called. */
  private readonly behind: ReadonlyMap<string, Names>;
  /** What was looked at once: an expression is asked about for each name that its statement may write. */
  private readonly mentioned = new Map<ts.Node, Names>();

  constructor(behind: ReadonlyMap<string, Names>, found: Map<FunctionNode, OpenSuspicion>) {
    this.behind = behind;
    this.found = found;
  }

  private mentionsIn(node: ts.Node): Names {
    let known = this.mentioned.get(node);
    if (known === undefined) this.mentioned.set(node, (known = mentionsIn(node)));
    return known;
  }

  /** @param waits how many waits lie between the start of the file and the function; it may run in a later segment than its maker */
  visitFunction(fn: FunctionNode, outer: ReadonlyMap<string, Local>, waits: number): void {
    const locals = new Map(outer);
    const body =
      ts.isSourceFile(fn) || ts.isClassStaticBlockDeclaration(fn) || ts.isPropertyDeclaration(fn) ? fn : fn.body;
    if (body === undefined) return;
    const state: State = { waits, fn, locals, outer, isOuterSuspect: false, written: new Set(), all: new Set() };
    const closures: FunctionNode[] = [];
    this.walk(body, state, closures);
    // A loop may bring a value round to a write that stands before it.
    if (hasLoop(body) && state.waits > waits) this.walk(body, state, []);
    if (state.written.size > 0) this.suspect(fn, state);
    for (const closure of closures) this.visitFunction(closure, locals, state.waits + 1);
  }

  /** What was read by the functions around it is followed from there. */
  private suspect(fn: FunctionNode, { all, isOuterSuspect, written }: State): void {
    let around: FunctionNode | undefined = fn;
    do {
      const known: OpenSuspicion = this.found.get(around) ?? { written: new Set(), all: new Set(), helpers: new Set() };
      for (const name of written) known.written.add(name);
      for (const name of all) {
        known.all.add(name);
        if (this.behind.has(name) || isOneOfPair(name, written)) known.helpers.add(name);
      }
      this.found.set(around, known);
      around = isOuterSuspect ? outerOf(around) : undefined;
    } while (around !== undefined && !ts.isSourceFile(around));
  }

  private walk(root: ts.Node, state: State, closures: FunctionNode[]): void {
    const { SyntaxKind } = ts;
    const visit = (node: ts.Node): void => {
      switch (node.kind) {
        case SyntaxKind.AwaitExpression:
        case SyntaxKind.BinaryExpression:
        case SyntaxKind.CallExpression:
        case SyntaxKind.VariableDeclaration:
        case SyntaxKind.YieldExpression:
          ts.forEachChild(node, visit);
          this.after(node, state);
          return;
        case SyntaxKind.ForOfStatement:
          if ((node as ts.ForOfStatement).awaitModifier !== undefined) state.waits++;
          break;
        default:
          if (ts.isToken(node) || ts.isTypeNode(node)) return;
          if (isFunctionNode(node) && node !== state.fn) {
            closures.push(node);
            return;
          }
      }
      ts.forEachChild(node, visit);
    };
    ts.forEachChild(root, visit);
    if (root !== state.fn) this.after(root, state);
  }

  private after(node: ts.Node, state: State): void {
    if (ts.isAwaitExpression(node) || ts.isYieldExpression(node)) {
      state.waits++;
    } else if (ts.isVariableDeclaration(node)) {
      if (node.initializer !== undefined) this.declare(node.name, node.initializer, state);
      if (isAwaitUsing(node)) state.waits++;
    } else if (ts.isBinaryExpression(node) && isAssignmentOperator(node.operatorToken.kind)) {
      this.assigned(node.left, node.right, node.operatorToken.kind !== ts.SyntaxKind.EqualsToken, state);
    } else if (ts.isCallExpression(node)) {
      this.called(node, state);
    }
  }

  private declare(name: ts.BindingName, value: ts.Expression, state: State): void {
    const names = this.sourcesOf(value, state);
    const waits = this.waitsBefore(value, state);
    for (const local of namesBound(name))
      this.hold(local, new Set([...names, ...(ts.isIdentifier(name) ? [] : [local])]), waits, state);
  }

  /** How many waits had been passed when the oldest part of a value was read: a local brings what it got earlier. */
  private waitsBefore(value: ts.Node, { locals, waits }: State): number {
    let oldest = waits - waitsIn(value);
    for (const mention of this.mentionsIn(value)) oldest = Math.min(oldest, locals.get(mention)?.waits ?? oldest);
    return oldest;
  }

  private hold(local: string, names: Names, waits: number, { locals }: State): void {
    const known = locals.get(local);
    locals.set(local, {
      names: known === undefined ? names : new Set([...known.names, ...names]),
      waits: Math.min(known?.waits ?? waits, waits),
    });
  }

  private assigned(target: ts.Expression, value: ts.Expression, keepsOld: boolean, state: State): void {
    const inner = bare(target);
    const waits = waitsIn(value);
    if (ts.isObjectLiteralExpression(inner) || ts.isArrayLiteralExpression(inner)) {
      for (const name of this.mentionsIn(inner)) this.written(name, value, waits, keepsOld, state);
      return;
    }
    const name = lastNameOf(inner);
    if (name !== undefined) this.written(name, value, waits, keepsOld, state);
    if (ts.isElementAccessExpression(inner)) this.writtenAtIndex(inner, waits, state);
    if (ts.isIdentifier(inner))
      this.hold(inner.text, this.sourcesOf(value, state), this.waitsBefore(value, state), state);
  }

  private written(name: string, value: ts.Node, waitsInside: number, keepsOld: boolean, state: State): void {
    const isAcross = waitsInside > 0 && (keepsOld || this.sourcesOf(value, state).has(name));
    // Asked in any case: it also finds out that the functions around must be looked at.
    const isFromBefore = this.comesFromBefore(value, name, state);
    if (isAcross || isFromBefore) this.accuse(name, value, state);
  }

  private accuse(name: string, value: ts.Node, state: State): void {
    for (const alias of [name, ...(state.locals.get(name)?.names ?? NONE)]) {
      state.written.add(alias);
      state.all.add(alias);
    }
    for (const source of this.sourcesOf(value, state)) state.all.add(source);
  }

  /** `rows[rows.length] = await next()` computes the index first. */
  private writtenAtIndex(target: ts.ElementAccessExpression, waits: number, state: State): void {
    const holder = lastNameOf(bare(target.expression));
    if (holder === undefined || waits === 0) return;
    if (this.sourcesOf(target.argumentExpression, state).has(holder)) this.accuse(holder, target, state);
  }

  /** A call may write its receiver (`counts.set(id, n + 1)`) or what a small function of the file writes (`setTotal(n + 1)`). */
  private called(call: ts.CallExpression, state: State): void {
    const callee = bare(call.expression);
    const { size } = state.all;
    if (call.arguments.length === 0) return;
    const waits = call.arguments.reduce((sum, argument) => sum + waitsIn(argument), 0);
    // What is written is stale only across a wait: one that was passed, or one inside.
    if (waits === 0 && state.waits === 0) return;
    const written = new Set(behindCall(callee, this.behind));
    const stem = stemOf(callee, SETTER);
    if (stem !== undefined) written.add(stem);
    if (ts.isPropertyAccessExpression(callee)) {
      const receiver = lastNameOf(bare(callee.expression));
      if (receiver !== undefined) {
        written.add(receiver);
        for (const alias of state.locals.get(receiver)?.names ?? NONE) written.add(alias);
      }
    }
    if (written.size === 0) return;
    for (const argument of call.arguments) {
      for (const name of written) this.written(name, argument, waits, false, state);
      if (state.all.size === size) continue;
      for (const name of this.mentionsIn(callee)) {
        state.all.add(name);
        state.written.add(name);
      }
    }
  }

  /** Does the expression hold a local that got its value before a wait, from something of that name? */
  private comesFromBefore(value: ts.Node, name: string, state: State): boolean {
    for (const mention of this.mentionsIn(value)) {
      const local = state.locals.get(mention);
      if (local?.names.has(name) !== true || local.waits >= state.waits) continue;
      if (state.outer.get(mention) === local) state.isOuterSuspect = true;
      return true;
    }
    return false;
  }

  private sourcesOf(value: ts.Node, { locals }: State): Names {
    const all = new Set<string>();
    for (const mention of this.mentionsIn(value)) {
      all.add(mention);
      for (const name of locals.get(mention)?.names ?? NONE) all.add(name);
      for (const name of this.behind.get(mention) ?? NONE) all.add(name);
      const stem = GETTER.exec(mention)?.[1];
      if (stem !== undefined) all.add(stemName(stem));
    }
    return all;
  }
}

interface State {
  waits: number;
  isOuterSuspect: boolean;
  readonly written: Set<string>;
  readonly all: Set<string>;
  readonly fn: FunctionNode;
  readonly outer: ReadonlyMap<string, Local>;
  readonly locals: Map<string, Local>;
}

function outerOf(fn: FunctionNode): FunctionNode | undefined {
  for (let node = fn.parent as ts.Node | undefined; node !== undefined; node = node.parent as ts.Node | undefined) {
    if (isFunctionNode(node)) return node;
  }
  return undefined;
}

function hasLoop(root: ts.Node): boolean {
  const visit = (node: ts.Node): boolean =>
    !ts.isToken(node) &&
    !isFunctionNode(node) &&
    (ts.isIterationStatement(node, false) || (ts.forEachChild(node, visit) ?? false));
  return ts.forEachChild(root, visit) ?? false;
}

function waitsIn(root: ts.Node): number {
  let waits = 0;
  const visit = (node: ts.Node): void => {
    if (ts.isToken(node) || isFunctionNode(node)) return;
    if (ts.isAwaitExpression(node) || ts.isYieldExpression(node)) waits++;
    ts.forEachChild(node, visit);
  };
  visit(root);
  return waits;
}

function isAwaitUsing({ parent }: ts.VariableDeclaration): boolean {
  return (parent.flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing;
}

/** Longest body, in statements, of a function that is taken for a getter or a setter. */
const SMALL_BODY = 3;

/** What getters and other small functions of a file stand for: the names in their bodies. */
export const namesBehind = defineFact<ts.SourceFile, ReadonlyMap<string, Names>>({
  name: 'names-behind',
  scope: 'text',
  compute(file, core) {
    const found = new Map<string, Names>();
    for (const fn of core.ask(fileNodes, file).functions) {
      const { body } = fn;
      const name = calledNameOf(fn);
      if (body === undefined || name === undefined) continue;
      const isSmall = !ts.isBlock(body) || body.statements.length <= SMALL_BODY;
      if (isSmall) found.set(name, new Set([...(found.get(name) ?? NONE), ...mentionsIn(body)]));
    }
    return found;
  },
});

/** Functions of other files that come in pairs (`getTotal`, `setTotal`) are suspected by their common stem. */
const GETTER = /^(?:get|read|load|current|peek|fetch)([A-Z]\w*)$/;
const SETTER = /^(?:set|update|put|save|write|store|replace)([A-Z]\w*)$/;

function isOneOfPair(name: string, written: Names): boolean {
  const stem = (GETTER.exec(name) ?? SETTER.exec(name))?.[1];
  return stem !== undefined && written.has(stemName(stem));
}

function stemName(stem: string): string {
  return `…${stem}`;
}

function stemOf(callee: ts.Node, pattern: RegExp): string | undefined {
  const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : ts.isIdentifier(callee) ? callee.text : '';
  const stem = pattern.exec(name)?.[1];
  return stem === undefined ? undefined : stemName(stem);
}

function behindCall(callee: ts.Node, behind: ReadonlyMap<string, Names>): Names {
  const name = ts.isPropertyAccessExpression(callee)
    ? callee.name.text
    : ts.isIdentifier(callee)
      ? callee.text
      : undefined;
  return (name === undefined ? undefined : behind.get(name)) ?? NONE;
}
