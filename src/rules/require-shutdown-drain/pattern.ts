import * as ts from 'typescript';
import { bare, type Core, type FunctionNode, isAsync, isInside, loggerInScope, wrapped } from '../../analysis/index.ts';
import { asyncBefore, isPlain, type Plain, promised } from '../../report/async.ts';
import { grouped } from '../../report/bounded-loop.ts';
import {
  type Edit,
  ended,
  endWithComments,
  freeName,
  hasComment,
  indentOf,
  indentStepOf,
  lineBreakOf,
  standsInList,
} from '../../report/edits.ts';
import { movedWith } from '../../report/moving.ts';
import { onError } from '../../report/on-error.ts';

/** What a function that ends the process becomes. */
export interface Pattern {
  readonly fn: FunctionNode;
  /** The call that ends the process, itself or through a function of the project; `undefined` where there is none yet. */
  readonly exit: ts.CallExpression | ts.NewExpression | undefined;
  /** What ends the process, as it is written where that can be called: `process.exit`. */
  readonly leave: string;
  /** Edits inside its statements. */
  readonly edits: readonly Edit[];
  /** Where the `try` is to begin at the latest. */
  readonly failing?: ts.Node;
  /** Statements to be written before the exit, without their ends. */
  readonly added: readonly string[];
  /** Milliseconds until the process exits anyway; `undefined` where something sees to that already. */
  readonly deadline: number | undefined;
  /** May it run twice, so that the second run must not end the first? */
  readonly mayRunTwice: boolean;
  /** The listener around the function, if it is not the listener itself: the second run ends there. */
  readonly listener: FunctionNode | undefined;
}

/**
 * The edits that make a function drain, then exit: what is waited for goes into a `try`, a failure is logged and told by the exit code,
 * and the exit comes in `finally`. `undefined` where the function has another shape.
 */
export function drainedThenExited(pattern: Pattern, core: Core): readonly Edit[] | undefined {
  const { fn } = pattern;
  if (!isPlain(fn) || fn.asteriskToken !== undefined) return undefined;
  const type = isAsync(fn) ? [] : promised(fn);
  if (type === undefined || returnsNever(fn)) return undefined;
  const body = bodyEdits(fn, pattern, core);
  if (body === undefined) return undefined;
  return merged([...body, ...(isAsync(fn) ? [] : [asyncBefore(fn)]), ...type]);
}

/** Insertions at one place as one, in their order. */
function merged(edits: readonly Edit[]): readonly Edit[] {
  const found: Edit[] = [];
  for (const edit of edits) {
    const at = found.findIndex(
      ({ range: [start, end] }) => start === end && start === edit.range[0] && end === edit.range[1],
    );
    const same = found[at];
    if (same === undefined) found.push(edit);
    else found[at] = { range: same.range, text: same.text + edit.text };
  }
  return found;
}

function returnsNever({ type }: Plain): boolean {
  return type?.kind === ts.SyntaxKind.NeverKeyword;
}

function bodyEdits(fn: Plain, pattern: Pattern, core: Core): readonly Edit[] | undefined {
  const { body } = fn;
  if (body === undefined) return undefined;
  if (!ts.isBlock(body)) return inNewBlock(fn, body, pattern, core);
  if (pattern.exit === undefined) return inStatements(body, undefined, pattern, core);
  const statement = statementOf(wrapped(pattern.exit));
  if (statement === undefined) return undefined;
  if (statement.parent === body) return inStatements(body, statement, pattern, core);
  const attempt = attemptAround(statement, body);
  return attempt === undefined ? undefined : inTry(attempt, statement, body, pattern, core);
}

/** The statement that is the exit: `process.exit(0);`, `return process.exit(0);`. */
function statementOf(exit: ts.Node): ts.Statement | undefined {
  const { parent } = ts.isVoidExpression(exit.parent) ? exit.parent : exit;
  return ts.isExpressionStatement(parent) || ts.isReturnStatement(parent) ? parent : undefined;
}

/** The `try` statement of the body that the exit stands in as the last of a block. */
function attemptAround(statement: ts.Statement, body: ts.Block): ts.TryStatement | undefined {
  const { parent: block } = statement;
  if (!ts.isBlock(block) || block.statements.at(-1) !== statement) return undefined;
  const attempt = block.parent;
  return ts.isTryStatement(attempt) && attempt.parent === body ? attempt : undefined;
}

// ---------------------------------------------------------------- the parts

interface Parts {
  readonly line: string;
  readonly step: string;
  readonly code: string;
  readonly failed: string;
}

function partsOf(
  { exit, fn, leave }: Pattern,
  core: Core,
): Parts & { readonly parameter: string; readonly log: string } {
  const file = fn.getSourceFile();
  const isItself = exit === undefined || exit.expression.getText() === leave;
  const [given] = exit?.arguments ?? [];
  const isPlainCode = isItself && (given === undefined || given.getText() === '0');
  const owner = leave.includes('.') ? leave.slice(0, leave.lastIndexOf('.')) : 'process';
  const { parameter, statement } = onError(file, undefined, loggerInScope(fn, core), 'shutdown');
  return {
    line: lineBreakOf(file),
    step: indentStepOf(file),
    code: ended(isPlainCode || exit === undefined ? `${leave}()` : exit.getText(), file),
    failed: isPlainCode ? ended(`${owner}.exitCode = 1`, file) : '',
    parameter: parameter.startsWith('error') ? 'error' : parameter,
    log: statement,
  };
}

/** `setTimeout(() => process.exit(1), 10_000).unref();` */
function deadlineText({ deadline, fn, leave }: Pattern): string | undefined {
  if (deadline === undefined) return undefined;
  const file = fn.getSourceFile();
  const timer = /\bsetTimeout\b[^;\n]*from/.test(file.text) ? 'globalThis.setTimeout' : 'setTimeout';
  return ended(`${timer}(() => ${leave}(1), ${grouped(deadline)}).unref()`, file, '');
}

const FLAG = 'isShuttingDown';

/** The flag that keeps a second signal from ending the first one's drain, and the test of it. */
function guardOf(
  pattern: Pattern,
): { readonly declared: readonly Edit[]; readonly lines: readonly string[] } | undefined {
  const { fn, listener, mayRunTwice } = pattern;
  const guarded = listener ?? fn;
  if (!mayRunTwice || ts.isMethodDeclaration(guarded)) return undefined;
  const file = fn.getSourceFile();
  const home = homeOf(guarded);
  if (home === undefined) return undefined;
  const first = firstOfShutdown(home);
  const isThere = isFlag(first) && file.text.includes(`if (${FLAG}) return`);
  const name = isThere ? FLAG : freeName(FLAG, file);
  // Above the comment that documents it.
  const start = first.getStart(file, true);
  const text = `${ended(`let ${name} = false`, file)}${lineBreakOf(file)}${indentOf(first)}`;
  const declared: readonly Edit[] = isThere ? [] : [{ range: [start, start], text }];
  const lines = [ended(`if (${name}) return`, file), ended(`${name} = true`, file)];
  if (listener === undefined) return { declared, lines };
  const top = atTop(listener, lines);
  return top === undefined ? undefined : { declared: [...declared, top], lines: [] };
}

/** Statements before all others of a function. */
function atTop(fn: FunctionNode, lines: readonly string[]): Edit | undefined {
  const body = 'body' in fn ? fn.body : undefined;
  const opener = body !== undefined && ts.isBlock(body) ? body.statements[0] : undefined;
  if (opener === undefined) return undefined;
  const file = fn.getSourceFile();
  const start = opener.getStart();
  const isOnLines = file.text.slice(body?.getStart(), start).includes('\n');
  const next = isOnLines ? `${lineBreakOf(file)}${indentOf(opener)}` : ' ';
  return { range: [start, start], text: lines.map((each) => `${each}${next}`).join('') };
}

/**
 * The first statement beside a function's that may end the process: all of them share one flag. Fixes that declare it there overlap, so
 * that the second one, a pass later, finds it.
 */
function firstOfShutdown(home: ts.Statement): ts.Statement {
  const { statements } = home.parent as ts.BlockLike;
  return statements.find((each) => each === home || isFlag(each) || isOfShutdown(each)) ?? home;
}

/** Not `main().catch(() => process.exit(1))`. */
function isOfShutdown(statement: ts.Statement): boolean {
  const text = statement.getText();
  return /\bexit\(/.test(text) && (!ts.isExpressionStatement(statement) || /\bSIG[A-Z]/.test(text));
}

function isFlag(statement: ts.Statement): boolean {
  return ts.isVariableStatement(statement) && /^let isShuttingDown = false;?$/.test(statement.getText());
}

/** The statement before which a variable may be declared that outlives the function. */
function homeOf(fn: ts.Node): ts.Statement | undefined {
  let found: ts.Statement | undefined;
  for (let at: ts.Node = fn; !ts.isSourceFile(at); at = at.parent) {
    if (ts.isClassLike(at)) return undefined;
    if (ts.isStatement(at) && standsInList(at) && !ts.isCaseOrDefaultClause(at.parent)) {
      found = at;
      // Out of loops: one flag for all signals.
      if (ts.isSourceFile(at.parent) || (ts.isBlock(at.parent) && ts.isFunctionLike(at.parent.parent))) break;
    }
  }
  return found;
}

function attempt(parts: ReturnType<typeof partsOf>, indent: string, inside: string): string {
  const { code, failed, line, log, parameter, step } = parts;
  const inner = indent + step;
  return [
    `try {`,
    inside,
    `${indent}} catch (${parameter}) {`,
    `${inner}${log}`,
    ...(failed === '' ? [] : [`${inner}${failed}`]),
    `${indent}} finally {`,
    `${inner}${code}`,
    `${indent}}`,
  ].join(line);
}

// ---------------------------------------------------------------- the shapes

/** `() => process.exit(0)` */
function inNewBlock(fn: Plain, body: ts.Expression, pattern: Pattern, core: Core): readonly Edit[] | undefined {
  const isExit = bare(body) === pattern.exit;
  if ((pattern.exit !== undefined && !isExit) || hasComment(body)) return undefined;
  const file = fn.getSourceFile();
  const own = isExit ? [] : [movedWith(file, body.getStart(), body.getEnd(), pattern.edits, '')];
  const texts = [...own, ...pattern.added];
  if (texts.length === 0) return undefined;
  const parts = partsOf(pattern, core);
  const { line, step } = parts;
  const outer = indentOf(fn);
  const inner = outer + step;
  const guard = guardOf(pattern);
  const deadline = deadlineText(pattern);
  const inside = texts.map((text) => `${inner}${step}${ended(text, file)}`).join(line);
  const lines = [...(guard?.lines ?? []), ...(deadline === undefined ? [] : [deadline]), attempt(parts, inner, inside)];
  const text = `{${line}${lines.map((each) => `${inner}${each}`).join(line)}${line}${outer}}`;
  const start = ts.isParenthesizedExpression(fn.body as ts.Node) ? (fn.body as ts.Node).getStart() : body.getStart();
  const end = (fn.body as ts.Node).getEnd();
  return [{ range: [start, end], text }, ...(guard?.declared ?? [])];
}

/** The exit is the last statement of the body. */
function inStatements(
  body: ts.Block,
  statement: ts.Statement | undefined,
  pattern: Pattern,
  core: Core,
): readonly Edit[] | undefined {
  const { statements } = body;
  const [opener] = statements;
  const closer = statements.at(-1);
  if (opener === undefined || closer === undefined || (statement !== undefined && closer !== statement))
    return undefined;
  const file = body.getSourceFile();
  const places = [
    ...pattern.edits.map(({ range }) => range[0]),
    ...(pattern.failing === undefined ? [] : [pattern.failing.getStart()]),
  ];
  const first = statements.findIndex((each) => places.some((place) => each.pos <= place && place < each.end));
  const isEmpty = first < 0;
  const from = isEmpty ? statements.length - (statement === undefined ? 0 : 1) : first;
  const moved = statement === undefined ? statements.slice(from) : statements.slice(from, -1);
  if (statement !== undefined && usesOf(statement, moved)) return undefined;
  const parts = partsOf(pattern, core);
  const { line, step } = parts;
  const isOnLines = file.text.slice(body.getStart(), opener.getStart()).includes('\n');
  const indent = isOnLines ? indentOf(closer) : indentOf(body) + step;
  const inner = indent + step;
  const last = moved.at(-1);
  const start = moved[0]?.getStart() ?? statement?.getStart() ?? endWithComments(closer);
  const inside: string[] = [];
  if (isOnLines) {
    const end =
      last === undefined
        ? start
        : statement === undefined
          ? endWithComments(last)
          : endOfComments(file, last, statement);
    if (moved.length > 0)
      inside.push(
        inner +
          movedWith(
            file,
            start,
            end,
            pattern.edits.map((edit) => steppedIn(edit, step)),
            step,
          ),
      );
  } else {
    for (const each of moved)
      inside.push(inner + movedWith(file, each.getStart(), endWithComments(each), editsIn(each, pattern), ''));
  }
  inside.push(...pattern.added.map((text) => `${inner}${ended(text, file)}`));
  if (inside.length === 0) return undefined;
  const guard = guardOf(pattern);
  const deadline = deadlineText(pattern);
  const before = deadline === undefined ? '' : `${deadline}${line}${indent}`;
  const written = `${before}${attempt(parts, indent, inside.join(line))}`;
  const declared = guard?.declared ?? [];
  if (!isOnLines) {
    const head = statements
      .slice(0, from)
      .map((each) => `${indent}${file.text.slice(each.getStart(), endWithComments(each))}`);
    const all = [...(guard?.lines ?? []).map((each) => indent + each), ...head, indent + written];
    if (hasComment(body)) return undefined;
    return [
      { range: [body.getStart(), body.getEnd()], text: `{${line}${all.join(line)}${line}${indentOf(body)}}` },
      ...declared,
    ];
  }
  const top = guard === undefined ? '' : guard.lines.map((each) => `${each}${line}${indent}`).join('');
  const opening = opener.getStart();
  const end = statement?.getEnd() ?? endWithComments(closer);
  const lead = moved.length === 0 && statement === undefined ? `${line}${indent}` : '';
  if (opening === start) return [{ range: [start, end], text: `${top}${written}` }, ...declared];
  return [
    ...(top === '' ? [] : [{ range: [opening, opening] as const, text: top }]),
    { range: [start, end], text: `${lead}${written}` },
    ...declared,
  ];
}

function editsIn({ end, pos }: ts.Statement, { edits }: Pattern): readonly Edit[] {
  return edits.filter(({ range: [start] }) => pos <= start && start < end);
}

/** What an edit writes moves in with the rest. */
function steppedIn({ range, text }: Edit, step: string): Edit {
  return { range, text: text.replaceAll('\n', `\n${step}`) };
}

/** Where the comments end that stand between two statements. */
function endOfComments(file: ts.SourceFile, last: ts.Statement, next: ts.Statement): number {
  const between = file.text.slice(last.getEnd(), next.getStart());
  return last.getEnd() + between.trimEnd().length;
}

/** Does a statement use a name that others declare? */
function usesOf(statement: ts.Statement, declaring: readonly ts.Statement[]): boolean {
  const names = new Set(
    declaring.flatMap((each) =>
      ts.isVariableStatement(each) ? each.declarationList.declarations.map(({ name }) => name.getText()) : [],
    ),
  );
  const look = (node: ts.Node): boolean =>
    (ts.isIdentifier(node) && names.has(node.text)) || (ts.forEachChild(node, look) ?? false);
  return names.size > 0 && look(statement);
}

/** The exit stands in a `try`: at its end, or in its `finally`. */
function inTry(
  whole: ts.TryStatement,
  statement: ts.Statement,
  body: ts.Block,
  pattern: Pattern,
  core: Core,
): readonly Edit[] | undefined {
  const { catchClause, finallyBlock, tryBlock } = whole;
  const file = body.getSourceFile();
  const { line, step, code, failed } = partsOf(pattern, core);
  const indent = indentOf(whole);
  const inner = indent + step;
  const guard = guardOf(pattern);
  const deadline = deadlineText(pattern);
  const head = [...(guard?.lines ?? []), ...(deadline === undefined ? [] : [deadline])];
  const opening = whole.getStart();
  const first = body.statements[0];
  const isFirst = first === whole;
  const edits: Edit[] = [
    ...pattern.edits,
    ...(guard?.declared ?? []),
    ...(isFirst || guard === undefined || first === undefined
      ? head.length === 0
        ? []
        : [{ range: [opening, opening] as const, text: head.map((each) => `${each}${line}${indent}`).join('') }]
      : [
          {
            range: [first.getStart(), first.getStart()] as const,
            text: guard.lines.map((each) => `${each}${line}${indent}`).join(''),
          },
          ...(deadline === undefined
            ? []
            : [{ range: [opening, opening] as const, text: `${deadline}${line}${indent}` }]),
        ]),
  ];
  const before = statement.getStart();
  const added = pattern.added.map((text) => `${ended(text, file)}${line}${inner}`).join('');
  if (statement.parent === finallyBlock) {
    if (added === '') return edits;
    const end = tryBlock.getEnd() - 1;
    return [
      ...edits,
      {
        range: [end, end],
        text: `${step}${pattern.added.map((text) => ended(text, file)).join(line + inner)}${line}${indent}`,
      },
    ];
  }
  const isEnding = catchClause !== undefined && endsItself(catchClause, pattern);
  if (isEnding || statement.parent !== tryBlock) {
    return added === '' ? edits : [...edits, { range: [before, before], text: added }];
  }
  // The exit moves to `finally`; a failure is told by the exit code.
  if (catchClause === undefined || finallyBlock !== undefined || hasComment(statement)) return undefined;
  const catchEnd = catchClause.block.getEnd();
  const isSet = /\bexitCode\b/.test(catchClause.block.getText()) || failed === '';
  const finished = ` finally {${line}${inner}${code}${line}${indent}}`;
  const last = catchClause.block.statements.at(-1);
  const isOneLine = !catchClause.block.getText().includes('\n');
  const told: readonly Edit[] =
    isSet || last === undefined
      ? []
      : [
          {
            range: [endWithComments(last), endWithComments(last)],
            text: isOneLine ? ` ${failed}` : `${line}${inner}${failed}`,
          },
        ];
  if (last === undefined && !isSet) return undefined;
  return [...edits, exitTaken(statement, added), ...told, { range: [catchEnd, catchEnd], text: finished }];
}

/** The exit's statement taken away with its line; what is added stands in its place. */
function exitTaken(statement: ts.Statement, added: string): Edit {
  const { text } = statement.getSourceFile();
  const start = statement.getStart();
  if (added !== '') return { range: [start, statement.getEnd()], text: added.trimEnd() };
  const lineStart = text.lastIndexOf('\n', start - 1);
  const isOwnLine = text.slice(lineStart + 1, start).trim() === '';
  const from = isOwnLine ? (text.charAt(lineStart - 1) === '\r' ? lineStart - 1 : lineStart) : start;
  return { range: [from, statement.getEnd()], text: '' };
}

function endsItself(clause: ts.CatchClause, { exit, leave }: Pattern): boolean {
  const ends = new Set([leave, exit?.expression.getText()]);
  const look = (node: ts.Node): boolean =>
    (ts.isCallExpression(node) && ends.has(node.expression.getText())) || (ts.forEachChild(node, look) ?? false);
  return look(clause) && (exit === undefined || !isInside(exit, clause));
}
