import * as ts from 'typescript';
import {
  type Core,
  type FloatingRequest,
  type FunctionNode,
  isInside,
  type LateRequestUse,
  ownerOf,
  rootOf,
  type ScopeOf,
  symbolOf,
  useOfArgument,
  parameterUses,
  referencesInFileOf,
  calleesOf,
  isBindingElement,
} from '../../analysis/index.ts';
import { type Edit, ended, removeStatement, replace } from '../../report/edits.ts';
import { functionName } from '../../report/wording.ts';
import { caughtEdits } from './caught.ts';
import { isOnlyOne, nameFor, namesTakenAt } from './names.ts';
import { isUnderTypeDirective, nodeOf, type Place, placeBefore, putBefore } from './place.ts';
import { isVisibleOutside, isWrittenIn, patternReadOf, type Read, readOf } from './reads.ts';
import type { RequestRepair } from './repair.ts';

/**
 * Copies what the task reads of the request: before the statement that launches it, and at the start of functions of the file that it
 * calls. Automatic unless somebody may set the fields meanwhile.
 */
export function copyReads(found: FloatingRequest, core: Core, scopeOf: ScopeOf): readonly RequestRepair[] {
  const { task, uses } = found;
  const file = task.work.getSourceFile();
  if (uses.some(({ isSignal, node }) => isSignal === true || node.getSourceFile() !== file)) return [];
  const own = uses.filter(({ given }) => given === undefined);
  const launch = placeBefore(task.work);
  const place = launch === undefined || isIn(own, launch) ? launch : placeOfFunction(found, launch, core);
  if (launch === undefined || place === undefined) return [];
  const copies: Copies[] = [];

  if (own.length > 0) {
    const copied = copiesOf(own, nodeOf(place), nodeOf(place), found.owner, nodeOf(place).getStart(), core, scopeOf);
    if (copied === undefined) return [];
    copies.push(copied);
  }
  const others = new Map<FunctionNode, LateRequestUse[]>();
  for (const use of uses) {
    if (use.given === undefined) continue;
    const fn = ownerOf(use.node, core);
    others.set(fn, [...(others.get(fn) ?? []), use]);
  }
  const inside: Edit[] = [];
  for (const [fn, late] of others) {
    const copied =
      bodyOf(fn) === undefined ? undefined : copiesOf(late, undefined, startOf(fn), fn, fn.pos, core, scopeOf);
    const [first] = bodyOf(fn)?.statements ?? [];
    if (copied === undefined || first === undefined || isUnderTypeDirective(first) || !isParameterOf(late, fn, core))
      return [];
    copies.push(copied);
    inside.push(...atStart(first, copied));
  }
  const [mine] = own.length > 0 ? copies : [];
  const lines = mine === undefined ? [] : linesOf(mine, file, nodeOf(place));
  const caught = caughtEdits(task, core);
  const edits =
    place === launch
      ? [...putBefore(place, lines, [...(mine?.edits ?? []), ...caught]), ...inside]
      : [...putBefore(place, lines, mine?.edits ?? []), ...caught, ...inside];
  const names = copies.flatMap((each) => each.names);
  const automatic = copies.every(({ isStable }) => isStable) || !isHandedOn(found, place, core, scopeOf);
  const [callee] = others.keys();
  if (own.length > 0 || callee === undefined)
    return [{ title: 'copy', automatic, data: { names: listOf(names) }, edits }];
  return [{ title: 'inside', automatic, data: { names: listOf(names), callee: functionName(callee) }, edits }];
}

function isIn(uses: readonly LateRequestUse[], place: Place): boolean {
  return uses.every(({ node }) => isInside(node, nodeOf(place)));
}

/** Where the function that the task calls by its name is declared: in the same block, before anybody names it. */
function placeOfFunction({ task, uses }: FloatingRequest, launch: Place, core: Core): Place | undefined {
  const [fn, other] = task.functions;
  if (fn === undefined || other !== undefined) return undefined;
  const declaration = ts.isFunctionDeclaration(fn) ? fn : ts.isVariableDeclaration(fn.parent) ? fn.parent : undefined;
  const statement = declaration === fn ? fn : declaration?.parent.parent;
  const name = declaration?.name;
  if (statement === undefined || name === undefined || !ts.isIdentifier(name) || !ts.isStatement(statement))
    return undefined;
  const symbol = core.checker.getSymbolAtLocation(name);
  const start = statement.getStart();
  const isFirst =
    symbol !== undefined &&
    statement.parent === nodeOf(launch).parent &&
    start < nodeOf(launch).getStart() &&
    referencesInFileOf(symbol, core).every((reference) => reference.getStart() > start);
  const isWhole = uses.every(({ given, node }) => given === undefined && isInside(node, statement));
  return isFirst && isWhole && ts.isBlock(statement.parent) && !isUnderTypeDirective(statement)
    ? { statement }
    : undefined;
}

/** The declarations that copy what some uses read, and the edits that put the copies in their place. */
interface Copies {
  readonly declarations: readonly string[];
  readonly edits: readonly Edit[];
  readonly names: readonly string[];
  readonly isStable: boolean;
}

function copiesOf(
  uses: readonly LateRequestUse[],
  whole: ts.Node | undefined,
  place: ts.Node,
  around: FunctionNode,
  from: number,
  core: Core,
  scopeOf: ScopeOf,
): Copies | undefined {
  const taken = new Set(namesTakenAt(place, core));
  const declarations: string[] = [];
  const edits: Edit[] = [];
  const names: string[] = [];
  const known = new Map<string, string>();
  const firsts = new Set<string>();
  let isStable = true;
  for (const use of uses) {
    if (whole !== undefined && !(isInside(use.node, whole) && isVisibleOutside(use.node, whole, core)))
      return undefined;
    const pattern = patternReadOf(use, core, scopeOf);
    if (pattern?.names.every((name) => isOnlyOne(name, pattern.statement, place, core)) === true) {
      declarations.push(pattern.text);
      edits.push(removeStatement(pattern.statement));
      names.push(...pattern.names);
      for (const first of pattern.first) firsts.add(first);
      isStable = false;
      continue;
    }
    const read = readOf(use, core, scopeOf);
    if (read === undefined) return undefined;
    firsts.add(read.first);
    isStable &&= read.isStable;
    const key = read.text.replace(/\s+/g, '');
    const moved = known.has(key) ? undefined : declarationOf(read, place, core);
    if (moved !== undefined) {
      const name = (moved.declarationList.declarations[0] as ts.VariableDeclaration).name.getText();
      known.set(key, name);
      names.push(name);
      declarations.push(moved.getText());
      edits.push(removeStatement(moved));
      continue;
    }
    const name = known.get(key) ?? nameFor(read.wishes, taken);
    if (!known.has(key)) {
      known.set(key, name);
      taken.add(name);
      names.push(name);
      declarations.push(`const ${name} = ${read.text}`);
    }
    edits.push(inPlaceOf(read.node, name));
  }
  const [value] = uses;
  if (value === undefined || isWrittenIn(around, firsts, value.node, from)) return undefined;
  return { declarations, edits, names, isStable };
}

/** `const ip = req.ip;` inside the task: the declaration itself can move out. */
function declarationOf({ node }: Read, place: ts.Node, core: Core): ts.VariableStatement | undefined {
  const { parent } = node;
  if (!ts.isVariableDeclaration(parent) || parent.initializer !== node || !ts.isIdentifier(parent.name))
    return undefined;
  const list = parent.parent;
  if (!ts.isVariableDeclarationList(list) || list.declarations.length !== 1 || !ts.isVariableStatement(list.parent))
    return undefined;
  const isConst = (list.flags & ts.NodeFlags.Const) !== 0;
  return isConst && isOnlyOne(parent.name.text, list.parent, place, core) && ts.isBlock(list.parent.parent)
    ? list.parent
    : undefined;
}

/** The copy in place of what was read; `{ ip: req.ip }` becomes `{ ip }`. */
export function inPlaceOf(node: ts.Expression, name: string): Edit {
  const { parent } = node;
  const isSame =
    ts.isPropertyAssignment(parent) &&
    parent.initializer === node &&
    ts.isIdentifier(parent.name) &&
    parent.name.text === name;
  return replace(isSame ? parent : node, name);
}

function linesOf({ declarations }: Copies, file: ts.SourceFile, following: ts.Node): readonly string[] {
  return declarations.map((text, at) =>
    ended(text, file, at === declarations.length - 1 ? following.getText() : 'const'),
  );
}

function startOf(fn: FunctionNode): ts.Node {
  return bodyOf(fn)?.statements[0] ?? fn;
}

function bodyOf(fn: FunctionNode): ts.Block | undefined {
  const body = 'body' in fn ? fn.body : undefined;
  return body !== undefined && ts.isBlock(body) ? body : undefined;
}

function isParameterOf(uses: readonly LateRequestUse[], fn: FunctionNode, core: Core): boolean {
  return uses.every(({ node }) => {
    const root = rootOf(node);
    if (root.kind === ts.SyntaxKind.ThisKeyword) return true;
    const declaration = ts.isIdentifier(root) ? symbolOf(root, core)?.valueDeclaration : undefined;
    if (declaration === undefined) return false;
    const outer = isBindingElement(declaration) ? ts.walkUpBindingElementsAndPatterns(declaration) : declaration;
    return ts.isParameter(outer) && outer.parent === fn;
  });
}

/** At the start of a function; where a declaration that moves is the first statement already, nothing moves. */
function atStart(first: ts.Statement, copies: Copies): readonly Edit[] {
  const file = first.getSourceFile();
  return [...putBefore({ statement: first }, linesOf(copies, file, first), []), ...copies.edits];
}

/** May somebody else set fields of the request after the launch: is it handed on (`next()`), or given to what may write to it? */
function isHandedOn({ owner, uses }: FloatingRequest, place: Place, core: Core, scopeOf: ScopeOf): boolean {
  const [use] = uses;
  const value = use?.given?.argument ?? use?.node;
  const root = value === undefined ? undefined : rootOf(value);
  const symbol = root === undefined || !ts.isIdentifier(root) ? undefined : symbolOf(root, core);
  const after = nodeOf(place).getEnd();
  const visit = (node: ts.Node): boolean => {
    if (node.end <= after) return false;
    if (ts.isCallExpression(node) && node.getStart() >= after) {
      const callee = node.expression;
      if (ts.isIdentifier(callee) && scopeOf(callee, core)?.is === 'next') return true;
      const isGiven = node.arguments.some(
        (argument, at) => ts.isIdentifier(argument) && symbolOf(argument, core) === symbol && mayWrite(node, at, core),
      );
      if (isGiven) return true;
    }
    return ts.forEachChild(node, (child) => visit(child) || undefined) ?? false;
  };
  return visit(owner);
}

function mayWrite(call: ts.CallExpression, at: number, core: Core): boolean {
  const { functions, isComplete } = core.ask(calleesOf, call);
  if (!isComplete) return true;
  return functions.some((fn) => useOfArgument(fn, at, core.ask(parameterUses, fn))?.written.is !== 'no');
}

function listOf(names: readonly string[]): string {
  return [...new Set(names)].map((name) => `\`${name}\``).join(', ');
}
