import * as ts from 'typescript';
import {
  bare,
  type BranchGap,
  type Core,
  type ErrorGap,
  type EventsGap,
  type HandMade,
  isInside,
  isSameEmitter,
  type SettleGap,
  wrapped,
} from '../../analysis/index.ts';
import {
  type Edit,
  ended,
  endWithComments,
  freeName,
  hasComment,
  hasDirectiveAbove,
  indentOf,
  indentStepOf,
  lineBreakOf,
  replace,
} from '../../report/edits.ts';
import { imported } from '../../report/imports.ts';
import { isTypeScript, quoteOf } from '../../report/on-error.ts';
import type { Repair } from '../../rule.ts';
import { listed } from './wording.ts';

type Title =
  'above' | 'finished' | 'listen' | 'once' | 'reject' | 'rejectAll' | 'rejectHere' | 'resolveHere' | 'together';
export type SettleRepair = Repair<Title>;

/** What can be done about a promise that some ending leaves unsettled. */
export function repairsOf(gap: SettleGap, core: Core): readonly SettleRepair[] {
  if (hasDirectiveAbove(statementOf(gap.promise.at))) return [];
  if (gap.kind === 'error') return rejectedError(gap, core);
  if (gap.kind === 'branch') return settledBranch(gap, core);
  return [...replaced(gap, core), ...listening(gap, core)];
}

function statementOf(node: ts.Node): ts.Node {
  let at = node;
  while (!ts.isStatement(at) && !ts.isSourceFile(at.parent)) at = at.parent;
  return at;
}

// -------------------------------------------------------------------- errors and branches

/** The name of `reject`, and the edit that gives it to the executor where it has none. */
function rejecter({
  executor,
  reject,
  resolve,
}: HandMade): { readonly name: string; readonly edits: readonly Edit[] } | undefined {
  if (reject !== undefined) return { name: reject.text, edits: [] };
  if (resolve === undefined || (executor?.parameters.length ?? 1) > 1) return undefined;
  if (executor === undefined) {
    const element = resolve.parent;
    const end = element.getEnd();
    const own = freeName('reject', resolve.getSourceFile());
    const text = own === 'reject' ? ', reject' : `, reject: ${own}`;
    return { name: own, edits: [{ range: [end, end], text }] };
  }
  const name = freeName('reject', executor.getSourceFile());
  const end = resolve.getEnd();
  const isBare = ts.isArrowFunction(executor) && executor.getStart() === resolve.getStart();
  if (!isBare) return { name, edits: [{ range: [end, end], text: `, ${name}` }] };
  return {
    name,
    edits: [
      { range: [resolve.getStart(), resolve.getStart()], text: '(' },
      { range: [end, end], text: `, ${name})` },
    ],
  };
}

function rejectedError({ callback, isCertain, parameter, promise }: ErrorGap, core: Core): readonly SettleRepair[] {
  const reject = rejecter(promise);
  if (reject === undefined) return [];
  const file = callback.getSourceFile();
  const error = parameter.name.getText();
  if (isShadowed(reject.name, callback, promise, core)) return [];
  const text = `if (${error}) return ${reject.name}(${error})`;
  const edits = [...reject.edits, ...atStart(callback, ended(text, file))];
  return [{ title: 'reject', data: { error }, automatic: isCertain, edits }];
}

function isShadowed(name: string, at: ts.Node, { reject }: HandMade, { checker }: Core): boolean {
  const own = reject === undefined ? undefined : checker.getSymbolAtLocation(reject);
  const body = ts.isArrowFunction(at) || ts.isFunctionExpression(at) ? at.body : at;
  const there = checker.getSymbolsInScope(body, ts.SymbolFlags.Value).find((each) => each.name === name);
  return reject !== undefined && there !== undefined && there !== own;
}

function settledBranch({ at, promise }: BranchGap, core: Core): readonly SettleRepair[] {
  const file = at.getSourceFile();
  const repairs: SettleRepair[] = [];
  const reject = rejecter(promise);
  const error = errorInScope(at, core);
  const cause = error ?? `new Error(${quoteOf(file)}nothing to wait for${quoteOf(file)})`;
  if (reject !== undefined) {
    repairs.push({
      title: 'rejectHere',
      automatic: false,
      edits: [...reject.edits, ...before(at, ended(`${reject.name}(${cause})`, file))],
    });
  }
  const { resolve } = promise;
  const needsNothing = resolvesWithNothing(promise, core);
  if (needsNothing && error === undefined && resolve !== undefined) {
    repairs.push({
      title: 'resolveHere',
      automatic: false,
      edits: before(at, ended(`${resolve.text}()`, file)),
    });
  }
  return repairs;
}

function resolvesWithNothing({ at, resolve }: HandMade, { checker }: Core): boolean {
  if (resolve === undefined) return false;
  const [signature] = checker.getTypeAtLocation(resolve).getCallSignatures();
  const [value] = signature?.parameters ?? [];
  if (value === undefined) return true;
  const type = checker.getTypeOfSymbolAtLocation(value, at);
  return (
    (type.flags & ts.TypeFlags.Void) !== 0 ||
    (type.isUnion() && type.types.some(({ flags }) => (flags & ts.TypeFlags.Void) !== 0))
  );
}

/** `error` in `if (error) return;`. */
function errorInScope(at: ts.Node, { checker }: Core): string | undefined {
  for (let node = at; !ts.isSourceFile(node) && !ts.isFunctionLike(node); node = node.parent) {
    const { parent } = node;
    if (!ts.isIfStatement(parent) || parent.thenStatement !== node) continue;
    const condition = bare(parent.expression);
    if (!ts.isIdentifier(condition)) continue;
    const type = checker.getNonNullableType(checker.getTypeAtLocation(condition));
    if (checker.getPropertyOfType(type, 'stack') !== undefined) return condition.text;
  }
  return undefined;
}

/** A statement before a `return`, in braces where it stands alone. */
function before(at: ts.ReturnStatement, text: string): readonly Edit[] {
  const file = at.getSourceFile();
  const line = lineBreakOf(file);
  const isInList = ts.isBlock(at.parent) || ts.isCaseOrDefaultClause(at.parent);
  if (isInList) return [{ range: [at.getStart(), at.getStart()], text: `${text}${line}${indentOf(at)}` }];
  const outer = indentOf(at.parent);
  const inner = outer + indentStepOf(file);
  return [replace(at, `{${line}${inner}${text}${line}${inner}${at.getText()}${line}${outer}}`)];
}

/** A statement at the start of a function; an expression that is its body becomes a statement. */
function atStart(fn: ts.ArrowFunction | ts.FunctionExpression, text: string): readonly Edit[] {
  const file = fn.getSourceFile();
  const line = lineBreakOf(file);
  const step = indentStepOf(file);
  if (!ts.isBlock(fn.body)) {
    const outer = indentOf(fn);
    const inner = outer + step;
    const node = wrapped(fn.body);
    return [
      {
        range: [node.getStart(), node.getStart()],
        text: `{${line}${inner}${text}${line}${inner}`,
      },
      { range: [node.getEnd(), node.getEnd()], text: `${ended('', file)}${line}${outer}}` },
    ];
  }
  const [first] = fn.body.statements;
  const open = fn.body.getStart() + 1;
  if (first === undefined) return [{ range: [open, open], text: ` ${text} ` }];
  const isOnOwnLine = /^[ \t]*(?:\/\/[^\n]*|\/\*[^\n]*\*\/[ \t]*)?\r?\n/.test(file.text.slice(open));
  if (isOnOwnLine) {
    const at = first.getStart();
    const comments = ts.getLeadingCommentRanges(file.text, first.getFullStart()) ?? [];
    const start = comments.find(({ pos }) => file.text.slice(open, pos).includes('\n'))?.pos ?? at;
    return [{ range: [start, start], text: `${text}${line}${indentOf(first)}` }];
  }
  return [{ range: [open, open], text: ` ${text}${/[;}]$/.test(text) ? '' : ';'}` }];
}

// -------------------------------------------------------------------- events

/** A promise that does nothing but wait for one event: the function of Node.js that does the same and more. */
function replaced(gap: EventsGap, core: Core): readonly SettleRepair[] {
  const { hearsFailure, hop, promise } = gap;
  const { at, executor, settlers } = promise;
  const file = at.getSourceFile();
  if (executor === undefined || hearsFailure || hop.event === undefined || hasComment(at)) return [];
  const [only, ...others] = settlers;
  if (only === undefined || others.length > 0 || only.hops.length !== 1 || !isPlainListener(only, promise, core))
    return [];
  const body = ts.isBlock(executor.body) ? executor.body.statements : [executor.body];
  const [statement] = body;
  const expression = statement !== undefined && ts.isExpressionStatement(statement) ? statement.expression : statement;
  if (body.length !== 1 || expression === undefined || bare(expression as ts.Expression) !== hop.call) return [];
  const callee = bare(hop.call.expression);
  if (!ts.isPropertyAccessExpression(callee) || bare(callee.expression) !== bare(hop.emitter)) return [];
  // What it gives is another thing than what the promise gave: nobody may want it.
  const awaited = wrapped(at).parent;
  if (!ts.isAwaitExpression(awaited) || !ts.isExpressionStatement(wrapped(awaited).parent)) return [];
  const type = core.checker.getTypeAtLocation(hop.emitter);
  const table = core.api.isA(type, 'emitter')?.events;
  const has = (name: string): boolean => core.checker.getPropertyOfType(type, name) !== undefined;
  if (has('addEventListener')) return [];
  const emitter = callee.expression.getText();
  const quote = quoteOf(file);
  const isWriting = hop.event === 'finish' && has('write');
  const isReading = hop.event === 'end' && has('read');
  if (isWriting || isReading) {
    const side = has('read') && has('write') ? `, { ${isWriting ? 'readable' : 'writable'}: false }` : '';
    const name = imported('finished', 'node:stream/promises', file);
    if (name === undefined) return [];
    return [
      {
        title: 'finished',
        automatic: gap.isCertain,
        edits: [...name.edits, replace(at, `${name.name}(${emitter}${side})`)],
      },
    ];
  }
  const isCovered = table?.failure?.includes('error') === true && table.cutOff?.includes(hop.event) !== true;
  const name = isCovered ? imported('once', 'node:events', file) : undefined;
  if (name === undefined) return [];
  const text = `${name.name}(${emitter}, ${quote}${hop.event}${quote})`;
  return [{ title: 'once', automatic: gap.isCertain, edits: [...name.edits, replace(at, text)] }];
}

/** Is the listener `resolve` itself, or does it do nothing but call it without a value? */
function isPlainListener({ use }: HandMade['settlers'][number], { executor }: HandMade, core: Core): boolean {
  if (use.kind === 'argument') return true;
  const call = use.by;
  if (!ts.isCallExpression(call) || call.arguments.length > 0) return false;
  const closure = use.within;
  if (!ts.isArrowFunction(closure) && !ts.isFunctionExpression(closure)) return false;
  if (closure === executor || core.api.memberOf(call) !== undefined) return false;
  const { body } = closure;
  if (!ts.isBlock(body)) return bare(body) === call;
  const [statement, ...more] = body.statements;
  return (
    more.length === 0 &&
    statement !== undefined &&
    ts.isExpressionStatement(statement) &&
    bare(statement.expression) === call
  );
}

/** The missing listeners, and their removal where the emitter lives on. */
function listening(gap: EventsGap, core: Core): readonly SettleRepair[] {
  const { hop, missing, promise } = gap;
  const { executor, region } = promise;
  const file = region.getSourceFile();
  const reject = rejecter(promise);
  if (reject === undefined || hop.event === undefined) return [];
  const quote = quoteOf(file);
  const said = `new Error(${quote}${plain(hop.emitter)} ended before ${hop.event}${quote})`;
  const data = { missing: listed(missing, 'and') };
  const emitter = bare(hop.emitter);
  if (ts.isCallExpression(emitter) || ts.isNewExpression(emitter)) {
    // Made on the spot: nothing but the chain has it.
    const names = emitter === hop.call ? missing.filter((name) => name === 'error') : missing;
    const end = chainEnd(hop.call).getEnd();
    const links = names.map((name) => {
      const listener = name === 'error' ? reject.name : `() => ${reject.name}(${said})`;
      return `.once(${quote}${name}${quote}, ${listener})`;
    });
    if (links.length === 0) return [];
    const edits = [...reject.edits, { range: [end, end] as const, text: links.join('') }];
    return [{ title: 'listen', data: { missing: listed(names, 'and') }, automatic: false, edits }];
  }
  const type = core.checker.getNonNullableType(core.checker.getTypeAtLocation(hop.emitter));
  const has = (name: string): boolean => core.checker.getPropertyOfType(type, name) !== undefined;
  const isNode = has('once') && has('off');
  if (!isNode && !has('addEventListener')) return [];
  const callee = bare(hop.call.expression);
  const isOptional = ts.isPropertyAccessExpression(callee) && callee.questionDotToken !== undefined;
  const name = `${emitter.getText()}${isOptional ? '?' : ''}`;
  const listen = (event: string, listener: string): string =>
    isNode
      ? `${name}.once(${quote}${event}${quote}, ${listener})`
      : `${name}.addEventListener(${quote}${event}${quote}, ${listener}, { once: true })`;
  const isOwn = executor !== undefined && isMadeInside(emitter, executor, core);
  if (isOwn) {
    const statement = statementOf(hop.call);
    if (!isInside(statement, region)) return [];
    const isMaker = ts.isVariableStatement(statement) && ts.isBlock(statement.parent);
    if (!ts.isExpressionStatement(statement) && !isMaker) return [];
    // A request tells its failure by `error` alone; what comes after its answer is told by the answer.
    const events = isMaker ? missing.filter((event) => event === 'error') : missing;
    if (events.length === 0) return [];
    const lines = events.map((event) =>
      ended(listen(event, event === 'error' && isNode ? reject.name : `() => ${reject.name}(${said})`), file),
    );
    const place = isMaker ? linesAfter(statement, lines) : linesBefore(statement, lines);
    if (place.length === 0) return [];
    const told = { missing: listed(events, 'and') };
    return [{ title: 'listen', data: told, automatic: false, edits: [...reject.edits, ...place] }];
  }
  const stops = stopsIn(gap, core);
  if (stops === undefined) return [];
  const stop = freeName('stop', file);
  const fail = freeName('fail', file);
  const typed = isTypeScript(file);
  const step = indentStepOf(file);
  const unlisten = (event: string): string =>
    isNode
      ? `${name}.off(${quote}${event}${quote}, ${fail})`
      : `${name}.removeEventListener(${quote}${event}${quote}, ${fail})`;
  const lines = [
    ...(typed ? [] : ['/** @param {unknown} [cause] */']),
    `const ${fail} = (cause${typed ? '?: unknown' : ''})${typed ? ': void' : ''} => {`,
    `${step}${ended(`${stop}()`, file)}`,
    `${step}${ended(`${reject.name}(cause instanceof Error ? cause : ${said})`, file)}`,
    ended('}', file),
    `const ${stop} = ()${typed ? ': void' : ''} => {`,
    ...missing.map((event) => `${step}${ended(unlisten(event), file)}`),
    ended('}', file),
    ...missing.map((event) => ended(listen(event, fail), file)),
  ];
  const first = executor === undefined ? linesBefore(startOf(gap), lines) : bodyWith(executor, lines);
  if (first.length === 0) return [];
  const edits = [...reject.edits, ...first, ...stops.map((each) => each(stop)).flat()];
  return [{ title: 'listen', data, automatic: false, edits }];
}

/** The last call of a chain: `on('end', …)` of `read(path).on('data', …).on('end', …)`. */
function chainEnd(call: ts.Node): ts.Node {
  const access = wrapped(call).parent;
  const next = ts.isPropertyAccessExpression(access) ? wrapped(access).parent : undefined;
  return next !== undefined && ts.isCallExpression(next) ? chainEnd(next) : call;
}

function plain(given: ts.Node): string {
  const node = ts.isCallExpression(given) || ts.isNewExpression(given) ? given.expression : given;
  return node
    .getText()
    .replace(/\s+/g, ' ')
    .replace(/[`'"\\]/g, '')
    .slice(0, 40);
}

/** The statement of the function that has the resolvers in which the first of its listeners is put on. */
function startOf({ promise }: EventsGap): ts.Node {
  const calls = promise.settlers.flatMap(({ hops }) => hops[0]?.call ?? []).sort((left, right) => left.pos - right.pos);
  return statementOf(calls[0] ?? promise.at);
}

/** Is the emitter a variable of the executor or of a callback in it? It ends with the promise. */
function isMadeInside(emitter: ts.Expression, executor: ts.Node, { checker }: Core): boolean {
  const declaration = ts.isIdentifier(emitter) ? checker.getSymbolAtLocation(emitter)?.valueDeclaration : undefined;
  return declaration !== undefined && isInside(declaration, executor);
}

/** Where the listeners that resolve must take the others away: an edit for each. `undefined` where one cannot be written. */
function stopsIn(gap: EventsGap, core: Core): readonly ((stop: string) => readonly Edit[])[] | undefined {
  const { hop, promise } = gap;
  const file = promise.at.getSourceFile();
  const found: ((stop: string) => readonly Edit[])[] = [];
  const seen = new Set<ts.Node>();
  for (const { hops, settles, use } of promise.settlers) {
    if (settles !== 'resolve' && !hops.some((each) => isSameEmitter(each.emitter, hop.emitter, core))) continue;
    if (use.kind === 'argument') {
      const given = use.node;
      if (seen.has(given)) continue;
      seen.add(given);
      const [signature] = core.checker.getContextualType(given as ts.Expression)?.getCallSignatures() ?? [];
      const hasValue = settles === 'reject' || (signature?.parameters.length ?? 1) > 0;
      const value = settles === 'reject' ? 'error' : 'value';
      found.push((stop) => [
        replace(
          given,
          hasValue
            ? `(${value}) => { ${stop}(); ${given.getText()}(${value}); }`
            : `() => { ${stop}(); ${given.getText()}(); }`,
        ),
      ]);
      continue;
    }
    if (!ts.isCallExpression(use.by) || seen.has(use.by)) continue;
    const call = use.by;
    seen.add(call);
    const outer = wrapped(call);
    const { parent } = outer;
    const isStatement = ts.isExpressionStatement(parent) || ts.isReturnStatement(parent);
    if (isStatement && (ts.isBlock(parent.parent) || ts.isCaseOrDefaultClause(parent.parent))) {
      const line = isFirstOnLine(parent) ? `${lineBreakOf(file)}${indentOf(parent)}` : ' ';
      found.push((stop) => [{ range: [parent.getStart(), parent.getStart()], text: `${stop}();${line}` }]);
    } else if (ts.isArrowFunction(parent) && parent.body === outer) {
      found.push((stop) => [
        { range: [outer.getStart(), outer.getStart()], text: `{ ${stop}(); ` },
        { range: [outer.getEnd(), outer.getEnd()], text: '; }' },
      ]);
    } else if (isStatement) {
      found.push((stop) => [
        { range: [parent.getStart(), parent.getStart()], text: `{ ${stop}(); ` },
        { range: [parent.getEnd(), parent.getEnd()], text: ' }' },
      ]);
    } else return undefined;
  }
  return found;
}

function isFirstOnLine(node: ts.Node): boolean {
  const { text } = node.getSourceFile();
  const start = node.getStart();
  return text.slice(text.lastIndexOf('\n', start - 1) + 1, start).trim() === '';
}

/** Lines before the statements of an executor; an expression that is its body becomes a statement after them. */
function bodyWith(executor: ts.ArrowFunction | ts.FunctionExpression, lines: readonly string[]): readonly Edit[] {
  const file = executor.getSourceFile();
  const line = lineBreakOf(file);
  const step = indentStepOf(file);
  const outer = indentOf(executor);
  const { body } = executor;
  if (!ts.isBlock(body)) {
    const node = wrapped(body);
    const inner = outer + step;
    const text = lines.map((each) => `${inner}${each}${line}`).join('');
    return [
      { range: [node.getStart(), node.getStart()], text: `{${line}${text}${inner}` },
      { range: [node.getEnd(), node.getEnd()], text: `${ended('', file)}${line}${outer}}` },
    ];
  }
  const [first] = body.statements;
  if (first === undefined) return [];
  if (isFirstOnLine(first)) return linesBefore(first, lines);
  const inner = outer + step;
  const open = body.getStart() + 1;
  const text = lines.map((each) => `${line}${inner}${each}`).join('');
  return [
    { range: [open, first.getStart()], text: `${text}${line}${inner}` },
    { range: [body.statements.at(-1)?.getEnd() ?? first.getEnd(), body.getEnd() - 1], text: `${line}${outer}` },
  ];
}

function linesAfter(statement: ts.Statement, lines: readonly string[]): readonly Edit[] {
  const separator = `${lineBreakOf(statement.getSourceFile())}${indentOf(statement)}`;
  const end = endWithComments(statement);
  return [{ range: [end, end], text: lines.map((each) => `${separator}${each}`).join('') }];
}

function linesBefore(statement: ts.Node, lines: readonly string[]): readonly Edit[] {
  const file = statement.getSourceFile();
  const start = statement.getStart();
  const separator = isFirstOnLine(statement) ? `${lineBreakOf(file)}${indentOf(statement)}` : ' ';
  if (!ts.isBlock(statement.parent) && !ts.isCaseOrDefaultClause(statement.parent)) return [];
  return [{ range: [start, start], text: lines.map((each) => `${each}${separator}`).join('') }];
}
