import * as ts from 'typescript';
import { type Core, isAsync, isFunctionNode, type Leak, type Lease, isBindingElement } from '../analysis/index.ts';
import {
  type Edit,
  ended,
  endWithComments,
  freeName,
  hasDirectiveAbove,
  indentOf,
  indentStepOf,
  isOnOwnLines,
  lineBreakOf,
} from '../report/edits.ts';
import { movedWith } from '../report/moving.ts';
import { finallyInChain } from './chained-release.ts';
import {
  isLastInRegion,
  isThenable,
  isUsing,
  mayFail,
  type Region,
  regionOf,
  type Release,
  releasesOf,
  releaseTextFor,
} from './lease-region.ts';
import type { ReleaseRepair } from './release-repair.ts';
import { usingInstead } from './using-instead.ts';
import { keptVisible } from './kept-visible.ts';

/**
 * How a leak is closed: the release in a `finally` that begins right after the acquisition. Automatic where the function gives the
 * object back already, always in the same way; nothing where that depends on success or ownership moves.
 */
export function repairsOf(lease: Lease, leak: Leak, isCertain: boolean, core: Core): readonly ReleaseRepair[] {
  if (leak.chained !== undefined) return finallyInChain(lease, leak, core);
  if (lease.escapes.some(({ kind }) => kind === 'returned')) return handedOver(lease, core);
  const region = regionOf(lease, core);
  if (region === undefined || !isMovable(region)) return [];
  const inner = tryThatEnds(lease, region);
  if (inner !== undefined) {
    const edits = byFinally(lease, leak, region, inner, core);
    return edits === undefined ? [] : [{ title: 'finally', automatic: isCertain, edits }];
  }
  const releases = region.isShared ? undefined : releasesOf(lease, core);
  if (releases === undefined || releases.some(({ statement }) => hasDirectiveAbove(statement))) return [];
  const edits = releases.length === 0 ? neverReleased(lease, region, core) : wrapped(lease, region, releases, core);
  const automatic = isCertain && releases.length > 0;
  const found: ReleaseRepair[] = edits === undefined ? [] : [{ title: 'finally', automatic, edits }];
  return [...found, ...usingInstead(lease, region, releases, core)];
}

/** `using` declarations and labels stay where they are. */
function isMovable({ acquire, from, list, to }: Region): boolean {
  if (acquire !== undefined && hasDirectiveAbove(acquire)) return false;
  return list.slice(from, to + 1).every((each) => !(ts.isVariableStatement(each) && isUsing(each.declarationList)));
}

interface WithFinally extends ts.TryStatement {
  readonly finallyBlock: ts.Block;
}

/** The statement of the region in whose `finally` the object is given back, if that is the only place. */
function tryThatEnds({ happenings }: Lease, { from, list, to }: Region): WithFinally | undefined {
  const ends = happenings.filter(({ is }) => is === 'release' || is === 'destroy');
  const given = new Set(ends.map(({ node }) => node));
  if (happenings.some(({ is, node }) => (is === 'hand-on' && !given.has(node)) || is === 'part')) return undefined;
  const found = list
    .slice(from, to + 1)
    .find((each) => ts.isTryStatement(each) && ends.every(({ node }) => isIn(node, each.finallyBlock)));
  return ends.length === 0 || found === undefined ? undefined : (found as WithFinally);
}

function byFinally(
  lease: Lease,
  leak: Leak,
  region: Region,
  inner: WithFinally,
  core: Core,
): readonly Edit[] | undefined {
  if (leak.throwing === undefined || !isIn(leak.throwing.node, inner.finallyBlock)) {
    return overGap(lease, region, inner, core);
  }
  const [release, other] = releasesOf(lease, core) ?? [];
  if (release === undefined || other !== undefined || hasDirectiveAbove(release.statement)) return undefined;
  return withinFinally(inner, release, lease);
}

function isIn(node: ts.Node, outer: ts.Node | undefined): boolean {
  return outer !== undefined && outer.pos <= node.pos && node.end <= outer.end;
}

// ---------------------------------------------------------------- the layout of what is written

interface Layout {
  readonly file: ts.SourceFile;
  /** The white space before the statements of the list. */
  readonly indent: string;
  readonly step: string;
  readonly line: string;
}

function layoutOf({ acquire, list }: Region): Layout | undefined {
  const [first] = list;
  if (first === undefined) return undefined;
  const file = first.getSourceFile();
  return { file, indent: indentOf(acquire ?? first), step: indentStepOf(file), line: lineBreakOf(file) };
}

/** Where the text behind a statement of the list begins. */
function endBefore({ acquire, list }: Region, index: number): number {
  const before = index === 0 ? undefined : (list[index - 1] ?? acquire);
  if (before !== undefined) return endWithComments(before);
  const block = list[0]?.parent;
  if (block === undefined) return 0;
  const opened = block.getStart() + 1;
  return ts.getTrailingCommentRanges(block.getSourceFile().text, opened)?.at(-1)?.end ?? opened;
}

/** Text between braces: without blank lines at its ends, on lines of its own. */
function inBraces(text: string, { indent, line, step }: Layout): string {
  const body = text.replace(/^(?:[ \t]*\r?\n)+/, '').replace(/\s+$/, '');
  const isOnLines = /^[ \t]*\r?\n/.test(text);
  return isOnLines ? `${line}${body}${line}${indent}` : `${line}${indent}${step}${body.trimStart()}${line}${indent}`;
}

function blank(text: string): string {
  return /^[ \t]*\r?\n[ \t]*\r?\n/.test(text) ? '\n' : '';
}

// ---------------------------------------------------------------- the shapes

/** Releases at the end of each way: the region goes into a `try`, one of them into its `finally`. */
function wrapped(lease: Lease, region: Region, releases: readonly Release[], core: Core): readonly Edit[] | undefined {
  const main = releases.find(({ statement }) => region.list.includes(statement)) ?? releases.at(-1);
  const layout = layoutOf(region);
  if (main === undefined || layout === undefined) return undefined;
  const isAtTop = region.list.includes(main.statement);
  const end = isAtTop
    ? region.list.indexOf(main.statement)
    : Math.max(...releases.map(({ statement }) => region.list.findIndex((each) => isIn(statement, each))));
  // What still needs the object comes before that.
  if (end < region.to) return undefined;
  const from = firstToFail(lease, region, end, core);
  if (from > end) return undefined;
  const seen = keptVisible({ ...region, from, to: end }, lease.fn, isAtTop ? main.statement : undefined, core);
  if (seen === undefined) return undefined;
  const part = { ...region, from, to: seen.to };
  if (!releases.every(({ statement }) => isLastInRegion(statement, part, core))) return undefined;
  const returns = returnsOf(part, lease, core);
  if (returns === undefined) return undefined;
  const removals = releases.map(({ statement }) => removalOf(statement, statement === main.statement));
  const edits = [...removals.map(({ edit }) => edit), ...seen.edits, ...returns];
  const comment = removals.find(({ comments }) => comments !== '')?.comments ?? '';
  return around(part, layout, edits, main, comment, seen.declared, main.statement);
}

function around(
  part: Region,
  layout: Layout,
  edits: readonly Edit[],
  release: Pick<Release, 'text'>,
  comment: string,
  declared: readonly string[],
  released?: ts.Statement,
): readonly Edit[] | undefined {
  const { file, indent, line, step } = layout;
  const last = part.list[part.to];
  const only = part.list[part.from];
  if (last === undefined || only === undefined) return undefined;
  const text = ended(release.text, file);
  const given = `${comment === '' ? '' : `${indent}${step}${comment}${line}`}${indent}${step}${text}`;
  const start = endBefore(part, part.from);
  const end = endWithComments(last);
  const heads = declared.map((each) => `${line}${indent}${ended(each, file)}`).join('');
  const isAlone = part.from === part.to || (part.from + 1 === part.to && last === released && declared.length === 0);
  if (isAlone && ts.isTryStatement(only) && only.finallyBlock === undefined) {
    const tail = only.getEnd();
    return [...edits, { range: [tail, tail], text: ` finally {${line}${given}${line}${indent}}` }];
  }
  const moved = movedWith(file, start, end, edits, step);
  const between = blank(file.text.slice(start));
  const body = inBraces(moved, layout);
  return [
    {
      range: [start, end],
      text: `${between}${heads}${line}${indent}try {${body}} finally {${line}${given}${line}${indent}}`,
    },
  ];
}

/** The gap: what stands between the acquisition and the `try` goes into it, or into a `try` around it where errors are caught. */
function overGap(lease: Lease, region: Region, inner: WithFinally, core: Core): readonly Edit[] | undefined {
  const layout = layoutOf(region);
  const at = region.list.indexOf(inner);
  if (layout === undefined || at < region.to) return undefined;
  const from = firstToFail(lease, region, at, core);
  if (from >= at) return undefined;
  const gap = { ...region, from, to: at - 1 };
  const seen = keptVisible(gap, lease.fn, undefined, core, inner);
  if (seen === undefined) return undefined;
  const { file, indent, line, step } = layout;
  const start = endBefore(region, from);
  const heads = seen.declared.map((each) => `${line}${indent}${ended(each, file)}`).join('');
  const head = `${blank(file.text.slice(start))}${heads}${line}${indent}try {`;
  if (inner.catchClause === undefined && !clashes(gap, inner.tryBlock)) {
    const text = movedWith(file, start, inner.getStart(), seen.edits, step);
    const body = text.replace(/^(?:[ \t]*\r?\n)+/, '').replace(/[ \t]+$/, '');
    const content = inner.tryBlock.getStart() + 1;
    const isEmpty = inner.tryBlock.statements.length === 0;
    return [{ range: [start, content], text: `${head}${line}${isEmpty ? body.trimEnd() : body.replace(/\s+$/, '')}` }];
  }
  const end = (inner.catchClause ?? inner.tryBlock).getEnd();
  const opening = inner.finallyBlock.getStart();
  if (/\/[/*]/.test(file.text.slice(end, opening))) return undefined;
  // A `try` that neither catches nor ends anything is a block.
  const edits: readonly Edit[] =
    inner.catchClause === undefined
      ? [...seen.edits, { range: [inner.getStart(), inner.tryBlock.getStart()], text: '' }]
      : seen.edits;
  const body = movedWith(file, start, end, edits, step).replace(/^(?:[ \t]*\r?\n)+/, '');
  return [{ range: [start, opening], text: `${head}${line}${body}${line}${indent}} finally ` }];
}

/** Do both declare a name? */
function clashes({ from, list, to }: Region, block: ts.Block): boolean {
  const names = new Set(list.slice(from, to + 1).flatMap((each) => namesDeclared(each)));
  return block.statements.some((each) => namesDeclared(each).some((name) => names.has(name)));
}

function namesDeclared(statement: ts.Statement): readonly string[] {
  const found: string[] = [];
  const look = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) found.push(name.text);
    else for (const element of name.elements) if (isBindingElement(element)) look(element.name);
  };
  if (ts.isVariableStatement(statement)) for (const { name } of statement.declarationList.declarations) look(name);
  else if ((ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && statement.name !== undefined)
    found.push(statement.name.text);
  return found;
}

/** What comes before the release inside the `finally` gets a `try` of its own. */
function withinFinally(
  { finallyBlock }: WithFinally,
  { statement }: Release,
  lease: Lease,
): readonly Edit[] | undefined {
  const at = finallyBlock.statements.indexOf(statement);
  const [first] = finallyBlock.statements;
  if (at <= 0 || first === undefined || lease.graph.truncated) return undefined;
  const file = statement.getSourceFile();
  const layout = { file, indent: indentOf(first), step: indentStepOf(file), line: lineBreakOf(file) };
  const before = finallyBlock.statements[at - 1];
  if (before === undefined || !isOnOwnLines(first) || !isOnOwnLines(statement)) return undefined;
  const { indent, line, step } = layout;
  const start = finallyBlock.getStart() + 1;
  const end = endWithComments(before);
  const body = inBraces(movedWith(file, start, end, [], step), layout);
  const given = movedWith(file, end, endWithComments(statement), [], step).replace(/^(?:[ \t]*\r?\n)+/, '');
  return [
    {
      range: [start, endWithComments(statement)],
      text: `${line}${indent}try {${body}} finally {${line}${given}${line}${indent}}`,
    },
  ];
}

/** Never given back: everything up to the last use of it, and of what was made with it, goes into a `try`. */
function neverReleased(lease: Lease, region: Region, core: Core): readonly Edit[] | undefined {
  const layout = layoutOf(region);
  const text = releaseTextFor(lease, core);
  // What runs under a lock need not name it: it lasts to the end of the block.
  const isLock = lease.acquisition.kind === 'lock' && lease.acquisition.holds === 'receiver';
  let to = isLock ? region.list.length - 1 : region.to;
  if (layout === undefined || text === undefined || to < region.from) return undefined;
  for (let at = to; at < region.list.length; at++) {
    const names = new Set(region.list.slice(region.from, to + 1).flatMap((each) => namesDeclared(each)));
    const statement = region.list[at];
    if (statement !== undefined && at > to && mentions(statement, names)) to = at;
  }
  const part = { ...region, to };
  const returns = returnsOf(part, lease, core);
  if (returns === undefined || !isMovable(part)) return undefined;
  return around(part, layout, returns, { text }, '', []);
}

function mentions(node: ts.Node, names: ReadonlySet<string>): boolean {
  if (ts.isIdentifier(node)) return names.has(node.text);
  return ts.forEachChild(node, (child) => mentions(child, names) || undefined) ?? false;
}

/** The object is handed to the caller: until then an exception gives it back. */
function handedOver(lease: Lease, core: Core): readonly ReleaseRepair[] {
  const region = regionOf(lease, core);
  const text = releaseTextFor(lease, core);
  const layout = region === undefined ? undefined : layoutOf(region);
  if (region === undefined || region.isShared || text === undefined || layout === undefined) return [];
  if (!isMovable(region)) return [];
  const last = region.list[region.to];
  if (last === undefined || !ts.isReturnStatement(last) || region.to <= region.from) return [];
  if (lease.happenings.some(({ is }) => is === 'release' || is === 'destroy')) return [];
  const part = { ...region, to: region.to - 1 };
  const seen = keptVisible(part, lease.fn, undefined, core);
  const before = part.list[part.to];
  if (seen?.to !== part.to || before === undefined) return [];
  const { file, indent, line, step } = layout;
  const start = endBefore(part, part.from);
  const end = endWithComments(before);
  const heads = seen.declared.map((each) => `${line}${indent}${ended(each, file)}`).join('');
  const body = inBraces(movedWith(file, start, end, seen.edits, step), layout);
  const error = freeName('error', file);
  const rethrow = `${line}${indent}${step}${ended(text, file)}${line}${indent}${step}${ended(`throw ${error}`, file)}`;
  const head = `${blank(file.text.slice(start))}${heads}${line}${indent}try {`;
  return [
    {
      title: 'rethrow',
      automatic: false,
      edits: [{ range: [start, end], text: `${head}${body}} catch (${error}) {${rethrow}${line}${indent}}` }],
    },
  ];
}

// ---------------------------------------------------------------- parts

/** The first statement of a region that may fail: those before it may stay outside. */
function firstToFail(lease: Lease, { from, list }: Region, to: number, core: Core): number {
  const found = list.slice(from, to + 1).findIndex((each) => mayFail(each, lease, core) || mayLeave(each));
  return found < 0 ? to + 1 : from + found;
}

function mayLeave(node: ts.Node): boolean {
  if (ts.isFunctionLike(node)) return false;
  if (ts.isReturnStatement(node) || ts.isThrowStatement(node) || ts.isBreakOrContinueStatement(node)) return true;
  return ts.forEachChild(node, (child) => mayLeave(child) || undefined) ?? false;
}

/** Takes a release away with its line; the comments above the main one are handed back, they go with it. */
function removalOf(statement: ts.Statement, isMain: boolean): { readonly edit: Edit; readonly comments: string } {
  const { text } = statement.getSourceFile();
  const start = statement.getStart();
  const end = statement.getEnd();
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const isAlone = text.slice(lineStart, start).trim() === '' && isOnOwnLines(statement);
  const trailing = text.slice(end, endWithComments(statement)).trim();
  if (!isAlone) return { edit: { range: [start, end], text: '' }, comments: '' };
  if (!isMain) {
    const until = trailing === '' ? end : start;
    const from = trailing === '' ? lineStart - 1 : start;
    return trailing === ''
      ? { edit: { range: [text.charAt(from - 1) === '\r' ? from - 1 : from, until], text: '' }, comments: '' }
      : { edit: { range: [start, end + (/^[ \t]*/.exec(text.slice(end))?.[0].length ?? 0)], text: '' }, comments: '' };
  }
  const above = (ts.getLeadingCommentRanges(text, statement.getFullStart()) ?? []).filter(({ pos }) =>
    /\n[ \t]*$/.test(text.slice(0, pos)),
  );
  const from = above[0] === undefined ? lineStart : text.lastIndexOf('\n', above[0].pos - 1) + 1;
  const comments = [...above.map(({ pos, end: until }) => text.slice(pos, until)), trailing].filter(
    (each) => each !== '',
  );
  const cut = text.charAt(from - 2) === '\r' ? from - 2 : from - 1;
  return {
    edit: { range: [cut, endWithComments(statement)], text: '' },
    comments: comments.join(`${lineBreakOf(statement.getSourceFile())}${indentOf(statement)}`),
  };
}

/**
 * `return client.query(…)` under a release must wait for it. `undefined` where it cannot: the function is not async.
 */
function returnsOf({ from, list, to }: Region, lease: Lease, core: Core): readonly Edit[] | undefined {
  const { fn } = lease;
  const own = new Set([
    ...(lease.name === undefined ? [] : [lease.name.text]),
    ...list.slice(from, to + 1).flatMap((each) => namesDeclared(each)),
  ]);
  const edits: Edit[] = [];
  const lost: ts.Node[] = [];
  const look = (node: ts.Node): void => {
    if (isFunctionNode(node)) return;
    const value = ts.isReturnStatement(node) ? node.expression : undefined;
    if (value !== undefined && !ts.isAwaitExpression(value) && mentions(value, own) && isThenable(value, core)) {
      if (!isAsync(fn)) lost.push(value);
      const isSimple = ts.isCallExpression(value) || ts.isIdentifier(value) || ts.isPropertyAccessExpression(value);
      edits.push({ range: [value.getStart(), value.getStart()], text: isSimple ? 'await ' : 'await (' });
      if (!isSimple) edits.push({ range: [value.getEnd(), value.getEnd()], text: ')' });
    }
    ts.forEachChild(node, look);
  };
  for (const statement of list.slice(from, to + 1)) look(statement);
  return lost.length === 0 ? edits : undefined;
}
