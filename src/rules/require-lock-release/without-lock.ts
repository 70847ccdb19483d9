import ts from 'typescript';
import {
  bare,
  calleesOf,
  type Core,
  type FunctionNode,
  givenFor,
  hasRole,
  isAsync,
  locking,
  type SelfDeadlock,
} from '../../analysis/index.ts';
import { type Edit, ended, indentOf, indentStepOf, lineBreakOf, replace } from '../../report/edits.ts';
import { movedWith } from '../../report/moving.ts';
import type { LockRepair } from './repair.ts';

/**
 * The part that runs under the lock, called without taking it again: the callback itself where it is written on the spot, else a method
 * or function of its own, which the one that takes the lock calls as well. The author decides whether both belong under one lock.
 */
export function withoutLock({ taking }: SelfDeadlock, core: Core): readonly LockRepair[] {
  const { at, node } = taking;
  if (!ts.isCallExpression(at)) return [];
  const work = workOf(at, core);
  if (work !== undefined) return directly(at, work);
  return at === node ? [] : asOwnPart(at, core);
}

/** The callback that a call runs under the lock. */
function workOf(call: ts.CallExpression, core: Core): ts.Expression | undefined {
  const { functions, member, through } = core.ask(calleesOf, call);
  if (member !== undefined) {
    const runs = hasRole(member, 'exclusive') || hasRole(member, 'runs-concurrently');
    return runs ? core.api.argumentOf(call, member.argument) : undefined;
  }
  const [fn, other] = functions;
  const exclusive = fn === undefined || other !== undefined ? undefined : core.ask(locking, fn).exclusive[0];
  return exclusive === undefined ? undefined : givenFor(call, exclusive.parameter, through)?.[0];
}

/** `await mutex.runExclusive(() => save(order))` → `await save(order)` */
function directly(call: ts.CallExpression, given: ts.Expression): readonly LockRepair[] {
  const work = bare(given);
  if (!ts.isArrowFunction(work) || work.parameters.length > 0) return [];
  const text = ts.isBlock(work.body) ? `(${work.getText()})()` : work.body.getText();
  const isSimple = ts.isCallExpression(work.body) || ts.isIdentifier(work.body) || ts.isBlock(work.body);
  return [{ title: 'direct', automatic: false, edits: [replace(call, isSimple ? text : `(${text})`)] }];
}

/** The body under the lock becomes a method or function beside the one that takes it. */
function asOwnPart(call: ts.CallExpression, core: Core): readonly LockRepair[] {
  const { functions } = core.ask(calleesOf, call);
  const [fn, other] = functions;
  if (fn === undefined || other !== undefined || fn.getSourceFile() !== call.getSourceFile()) return [];
  const section = sectionOf(fn, core);
  const name = nameIn(fn);
  const callee = bare(call.expression);
  const called = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  if (section === undefined || name === undefined || !ts.isIdentifier(called) || !isPlainList(fn)) return [];
  const part = `${name.text}Unlocked`;
  if (fn.getSourceFile().text.includes(part)) return [];
  const file = fn.getSourceFile();
  const line = lineBreakOf(file);
  const owner = ts.isMethodDeclaration(fn) ? 'this.' : '';
  const given = fn.parameters.map((parameter) => parameter.name.getText()).join(', ');
  const header = file.text.slice(fn.getStart(), section.body.getStart()).replace(name.text, part).trimEnd();
  const indent = indentOf(fn);
  const step = indentStepOf(file);
  const inner = section.text(indent + step);
  const invocation = `await ${owner}${part}(${given})`;
  const edits: Edit[] = [
    replace(called, part),
    ...section.replaced(invocation),
    { range: [fn.getEnd(), fn.getEnd()], text: `${line}${line}${indent}${header} {${inner}${line}${indent}}` },
  ];
  return [{ title: 'unlocked', automatic: false, data: { name: name.text }, edits }];
}

type Named = ts.FunctionDeclaration | ts.MethodDeclaration;

function nameIn(fn: FunctionNode): ts.Identifier | undefined {
  if (!ts.isMethodDeclaration(fn) && !ts.isFunctionDeclaration(fn)) return undefined;
  return fn.name !== undefined && ts.isIdentifier(fn.name) ? fn.name : undefined;
}

/** Async, no decorators, no overloads, plain parameters: its head can be written a second time. */
function isPlainList(fn: FunctionNode): fn is Named {
  if (!ts.isMethodDeclaration(fn) && !ts.isFunctionDeclaration(fn)) return false;
  if (!isAsync(fn) || (fn.modifiers ?? []).some((each) => each.kind !== ts.SyntaxKind.AsyncKeyword)) return false;
  return fn.parameters.every(
    ({ dotDotDotToken, name }) => dotDotDotToken === undefined && ts.isIdentifier(name) && name.text !== 'this',
  );
}

interface Section {
  readonly body: ts.Block;
  /** What runs under the lock, as the body of a function of its own. */
  text(indent: string): string;
  /** The edits that put a call in its place. */
  replaced(invocation: string): readonly Edit[];
}

/** `{ return this.mutex.runExclusive(async () => { … }); }` and `{ const release = …; try { … } finally { release(); } }` */
function sectionOf(fn: FunctionNode, core: Core): Section | undefined {
  const body = 'body' in fn ? (fn.body as ts.Node | undefined) : undefined;
  if (body === undefined || !ts.isBlock(body)) return undefined;
  const [first, second, third] = body.statements;
  if (first === undefined || third !== undefined) return undefined;
  const file = fn.getSourceFile();
  if (second === undefined) {
    const value = ts.isReturnStatement(first) || ts.isExpressionStatement(first) ? first.expression : undefined;
    const inner = value === undefined ? undefined : bare(value);
    const call = inner !== undefined && ts.isAwaitExpression(inner) ? bare(inner.expression) : inner;
    const member = call !== undefined && ts.isCallExpression(call) ? core.api.memberOf(call) : undefined;
    if (call === undefined || !ts.isCallExpression(call) || member === undefined) return undefined;
    const given = core.api.argumentOf(call, member.argument);
    const work = given === undefined ? undefined : bare(given);
    if (!hasRole(member, 'exclusive') || work === undefined) return undefined;
    if (!ts.isArrowFunction(work) || work.parameters.length > 0) return undefined;
    const returns = ts.isReturnStatement(first);
    const { body: done } = work;
    const text = (indent: string): string => {
      const line = lineBreakOf(file);
      if (!ts.isBlock(done)) return `${line}${indent}${ended(`${returns ? 'return ' : 'await '}${done.getText()}`, file)}`;
      return back(file, done, indent);
    };
    const replaced = (invocation: string): readonly Edit[] => [
      replace(work, `() => ${invocation.replace(/^await /, '')}`),
    ];
    return { body, text, replaced };
  }
  const isGuarded = ts.isTryStatement(second) && second.catchClause === undefined && second.finallyBlock !== undefined;
  if (!isGuarded) return undefined;
  const { tryBlock } = second;
  const hasValue = tryBlock.statements.some((each) => ts.isReturnStatement(each) && each.expression !== undefined);
  return {
    body,
    text: (indent) => back(file, tryBlock, indent),
    replaced: (invocation) => {
      const [from] = tryBlock.statements;
      const to = tryBlock.statements.at(-1);
      if (from === undefined || to === undefined) return [];
      return [{ range: [from.getStart(), to.getEnd()], text: ended(`${hasValue ? 'return ' : ''}${invocation}`, file) }];
    },
  };
}

/** The text between the braces of a block, moved out to the indentation given. */
function back(file: ts.SourceFile, block: ts.Block, indent: string): string {
  const [first] = block.statements;
  const text = movedWith(file, block.getStart() + 1, block.getEnd() - 1, [], '');
  const old = first === undefined ? indent : indentOf(first);
  const line = lineBreakOf(file);
  if (!text.includes('\n')) return `${line}${indent}${text.trim()}`;
  return text
    .trimEnd()
    .split(/\r?\n/)
    .map((each) => (each.startsWith(old) ? indent + each.slice(old.length) : each))
    .join(line);
}
