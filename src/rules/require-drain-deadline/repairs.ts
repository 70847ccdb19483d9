import * as ts from 'typescript';
import {
  callSitesOf,
  type Core,
  enclosingFunctionOf,
  type FunctionNode,
  isFunctionNode,
  isInside,
  programIndex,
  type ShutdownPath,
  type UnboundedDrain,
  isBindingElement,
} from '../../analysis/index.ts';
import { grouped } from '../../report/bounded-loop.ts';
import { type Edit, ended, indentOf, indentStepOf, lineBreakOf } from '../../report/edits.ts';
import { movedWith } from '../../report/moving.ts';
import { withArgument, withOption } from '../../report/options.ts';

/** A repair of this rule. */
export interface DeadlineRepair {
  readonly title: 'deadline' | 'limit';
  readonly data: Readonly<Record<string, string>>;
  readonly automatic: boolean;
  readonly edits: readonly Edit[];
}

/**
 * An end for a shutdown: the limit that the API itself takes, where the drain is all there is to wait for; else a timer that exits
 * and keeps nothing alive, in the listener, or in the routine that only listeners call.
 */
export function repairsOf(unbounded: UnboundedDrain, deadline: number, core: Core): readonly DeadlineRepair[] {
  const own = ownLimit(unbounded, deadline);
  if (own !== undefined) {
    const data = { deadline: grouped(own.milliseconds) };
    return [{ title: 'limit', data, automatic: true, edits: own.edits }];
  }
  const [first] = unbounded.paths;
  if (first === undefined) return [];
  const timer = timerIn(first.file, deadline);
  const data = { deadline: grouped(deadline) };
  const shared = routineOf(unbounded, core);
  if (shared !== undefined) {
    const edits = atStart(shared, timer);
    return edits === undefined ? [] : [{ title: 'deadline', data, automatic: true, edits }];
  }
  const edits = new Map<ts.Node, readonly Edit[] | undefined>();
  let isAutomatic = true;
  for (const path of unbounded.paths) {
    if (isInside(path.handler, path.node)) edits.set(path.handler, atStart(path.handler, timer));
    else {
      edits.set(path.node, around(path, timer, core));
      isAutomatic &&= !isTakenAway(path, core);
    }
  }
  if ([...edits.values()].includes(undefined)) return [];
  return [
    { title: 'deadline', data, automatic: isAutomatic, edits: [...edits.values()].flatMap((each) => each ?? []) },
  ];
}

// ---------------------------------------------------------------- limits of the API

/** `sql.end({ timeout: 10 })`, if nothing else on the way may go on for ever. */
function ownLimit(
  { paths, start }: UnboundedDrain,
  deadline: number,
): { readonly edits: readonly Edit[]; readonly milliseconds: number } | undefined {
  const { call, member } = start.drain;
  const { bound } = member;
  if (bound?.argument === undefined || call.getSourceFile() !== paths[0]?.file) return undefined;
  const isOnly = paths.every(({ drains }) =>
    drains.starts.every(({ drain }) => drain === start.drain || drain.ends === 'sync' || drain.member.mayHang !== true),
  );
  if (!isOnly) return undefined;
  const seconds = Math.ceil(deadline / 1000);
  const number = bound.by === 'seconds' ? String(seconds) : grouped(deadline);
  const isNumber = bound.by === 'seconds' || bound.by === 'milliseconds';
  if (!isNumber && bound.by !== 'timeout-option') return undefined;
  const edits =
    bound.option === undefined
      ? withArgument(call, bound.argument, number)
      : withOption(call, bound.argument, bound.option, number);
  return edits === undefined ? undefined : { edits, milliseconds: bound.by === 'seconds' ? seconds * 1000 : deadline };
}

// ---------------------------------------------------------------- the timer

/** `setTimeout(() => process.exit(1), 10_000).unref()`, past names of the file that hide the two. */
function timerIn(file: ts.SourceFile, deadline: number): string {
  const start = isHidden('setTimeout', file) ? 'globalThis.setTimeout' : 'setTimeout';
  const exit = isHidden('process', file) ? 'globalThis.process.exit' : 'process.exit';
  return `${start}(() => ${exit}(1), ${grouped(deadline)}).unref()`;
}

/** Does the file give the name to something that is not the global of Node.js? */
function isHidden(name: string, file: ts.SourceFile): boolean {
  const visit = (node: ts.Node): boolean => {
    const isName =
      (ts.isVariableDeclaration(node) ||
        ts.isParameter(node) ||
        ts.isFunctionDeclaration(node) ||
        isBindingElement(node) ||
        ts.isImportSpecifier(node) ||
        ts.isNamespaceImport(node) ||
        ts.isImportClause(node)) &&
      node.name !== undefined &&
      ts.isIdentifier(node.name) &&
      node.name.text === name;
    return (isName && !isOfProcess(node)) || (ts.forEachChild(node, (child) => visit(child) || undefined) ?? false);
  };
  return visit(file);
}

/** `import process from 'node:process'`, `const process = require('process')`: the same object. */
function isOfProcess(node: ts.Node): boolean {
  for (let at = node; !ts.isSourceFile(at); at = at.parent) {
    if (ts.isImportDeclaration(at)) return /^["'](?:node:)?process["']$/.test(at.moduleSpecifier.getText());
    if (ts.isVariableDeclaration(at))
      return /^require\(["'](?:node:)?process["']\)$/.test(at.initializer?.getText() ?? '');
  }
  return false;
}

// ---------------------------------------------------------------- places

/** The outermost function of the file that all these listeners run, and nobody else. */
function routineOf({ paths, start }: UnboundedDrain, core: Core): FunctionNode | undefined {
  const [first, ...others] = paths;
  if (first === undefined) return undefined;
  const ways = [first, ...others].map((path) => functionsTo(path, start.drain));
  const [one = []] = ways;
  return one.find(
    (fn) =>
      fn.getSourceFile() === first.file &&
      ways.every((way) => way.includes(fn)) &&
      hasBlock(fn) &&
      ((others.length === 0 && isInside(fn, first.node)) || isForListeners(fn, core)),
  );
}

/** The functions through which a listener comes to a drain, from outside in. */
function functionsTo(path: ShutdownPath, drain: UnboundedDrain['start']['drain']): readonly FunctionNode[] {
  const start = path.drains.starts.find((each) => each.drain === drain);
  if (start === undefined) return [];
  return [path.handler, ...start.through.slice(1).map((node) => enclosingFunctionOf(node)), start.fn];
}

function hasBlock(fn: FunctionNode): boolean {
  return 'body' in fn && fn.body !== undefined && ts.isBlock(fn.body);
}

/** Do only listeners of the process run it? */
function isForListeners(fn: FunctionNode, core: Core): boolean {
  const { found, open, passed } = callSitesOf(fn, core);
  if (open && !isOpenByListeners(passed, core)) return false;
  const { listeners } = core.ask(programIndex, core.program);
  const isByListener = (node: ts.Node): boolean =>
    listeners.some(
      ({ handlers, node: call }) =>
        isInside(node, call) || handlers.some((handler) => !ts.isSourceFile(handler) && isInside(node, handler)),
    );
  return (found.length > 0 || passed.length > 0) && [...found.map(({ node }) => node), ...passed].every(isByListener);
}

/** It is out of sight only because it was given to the process. */
function isOpenByListeners(passed: readonly ts.Node[], core: Core): boolean {
  const { listeners } = core.ask(programIndex, core.program);
  return passed.length > 0 && passed.every((node) => listeners.some(({ node: call }) => isInside(node, call)));
}

/** The text as the first statement of a function; an arrow without a block gets one. */
function atStart(fn: FunctionNode, text: string): readonly Edit[] | undefined {
  if (!('body' in fn) || fn.body === undefined || ts.isPropertyDeclaration(fn)) return undefined;
  const file = fn.getSourceFile();
  const { body } = fn;
  return ts.isBlock(body) ? [inBlock(body, text, file)] : [inArrow(fn as ts.ArrowFunction, body, text, file)];
}

function inBlock(block: ts.Block, text: string, file: ts.SourceFile): Edit {
  const directives = block.statements.filter(
    (statement) => ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression),
  );
  const first = block.statements.find((statement) => !directives.includes(statement));
  const start = directives.at(-1)?.getEnd() ?? block.getStart() + 1;
  const until = file.text.indexOf('\n', start);
  const onLine = until < 0 ? file.text.slice(start) : file.text.slice(start, until).replace(/\r$/, '');
  const isOnLines = first === undefined || (until >= 0 && first.getStart() > until);
  if (!isOnLines) return { range: [start, start], text: ` ${text};` };
  const end = start + onLine.trimEnd().length;
  const indent = first === undefined ? indentOf(block) + indentStepOf(file) : indentOf(first);
  return { range: [end, end], text: `${lineBreakOf(file)}${indent}${ended(text, file, first?.getText() ?? '')}` };
}

/** `() => void stop()` as `() => { …; void stop(); }` */
function inArrow(fn: ts.ArrowFunction, body: ts.Expression, text: string, file: ts.SourceFile): Edit {
  const outer = indentOf(fn);
  const step = indentStepOf(file);
  const line = lineBreakOf(file);
  const inner = line + outer + step;
  const isResult = !ts.isVoidExpression(body) && !ts.isAwaitExpression(body);
  const work = movedWith(file, body.getStart(), body.getEnd(), [], step);
  const last = ended(isResult ? `return ${work}` : work, file);
  return {
    range: [body.getStart(), body.getEnd()],
    text: `{${inner}${ended(text, file, last)}${inner}${last}${line}${outer}}`,
  };
}

/** `process.on('SIGTERM', stop)` as `process.on('SIGTERM', () => { …; return stop(); })` */
function around({ handler, node }: ShutdownPath, text: string, core: Core): readonly Edit[] | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const given = node.arguments.find(
    (each) => !isFunctionNode(each) && core.checker.getTypeAtLocation(each).getCallSignatures().length > 0,
  );
  if (given === undefined || !ts.isFunctionLike(handler)) return undefined;
  const file = node.getSourceFile();
  const name = handler.parameters.length === 0 ? '' : '...given';
  const outer = indentOf(node);
  const inner = lineBreakOf(file) + outer + indentStepOf(file);
  const last = ended(`return ${given.getText()}(${name})`, file);
  const body = `{${inner}${ended(text, file, last)}${inner}${last}${lineBreakOf(file)}${outer}}`;
  return [{ range: [given.getStart(), given.getEnd()], text: `(${name}) => ${body}` }];
}

/** Is the listener taken away by its name elsewhere? */
function isTakenAway({ handler, node }: ShutdownPath, core: Core): boolean {
  const { listeners } = core.ask(programIndex, core.program);
  return callSitesOf(handler, core).passed.some(
    (each) => !isInside(each, node) && !listeners.some(({ node: call }) => isInside(each, call)),
  );
}
