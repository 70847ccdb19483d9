import * as ts from 'typescript';
import {
  bare,
  calleesOf,
  type Core,
  type FunctionNode,
  givenFor,
  hasRole,
  isAsync,
  locking,
  referencesInFileOf,
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
  if (section === undefined || name === undefined || !isPlainList(fn)) return [];
  if (!ts.isIdentifier(called) && !ts.isPrivateIdentifier(called)) return [];
  if (isOnlyUse(called, name, fn, core))
    return [{ title: 'direct', automatic: false, edits: section.alone(indentOf(fn)) }];
  const part = `${name.text}Unlocked`;
  if (fn.getSourceFile().text.includes(part)) return [];
  const file = fn.getSourceFile();
  const line = lineBreakOf(file);
  const owner = ts.isMethodDeclaration(fn) ? 'this.' : '';
  const given = fn.parameters.map((parameter) => parameter.name.getText()).join(', ');
  const header = file.text
    .slice(fn.getStart(), section.body.getStart())
    .replace(/^export\s+(?:default\s+)?/, '')
    .replace(name.text, part)
    .trimEnd();
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

/** Does nobody else call it? Then it needs no lock of its own. */
function isOnlyUse(called: ts.MemberName, name: ts.MemberName, fn: Named, core: Core): boolean {
  const symbol = core.checker.getSymbolAtLocation(name);
  const isHidden =
    ts.isPrivateIdentifier(name) || (fn.modifiers ?? []).some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword);
  const isExported = ts.isMethodDeclaration(fn)
    ? !isHidden
    : (fn.modifiers ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  if (symbol === undefined || isExported) return false;
  return referencesInFileOf(symbol, core).every((each) => each === called || each === name);
}

type Named = ts.FunctionDeclaration | ts.MethodDeclaration;

function nameIn(fn: FunctionNode): ts.Identifier | ts.PrivateIdentifier | undefined {
  if (!ts.isMethodDeclaration(fn) && !ts.isFunctionDeclaration(fn)) return undefined;
  const { name } = fn;
  return name !== undefined && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name)) ? name : undefined;
}

/** May it stand before a function that is written a second time? */
function isPlainModifier({ kind }: ts.ModifierLike): boolean {
  return (
    kind === ts.SyntaxKind.AsyncKeyword ||
    kind === ts.SyntaxKind.ExportKeyword ||
    kind === ts.SyntaxKind.PrivateKeyword ||
    kind === ts.SyntaxKind.ProtectedKeyword ||
    kind === ts.SyntaxKind.PublicKeyword
  );
}

/** Async, no decorators, no overloads, plain parameters: its head can be written a second time. */
function isPlainList(fn: FunctionNode): fn is Named {
  if (!ts.isMethodDeclaration(fn) && !ts.isFunctionDeclaration(fn)) return false;
  if (!isAsync(fn) || !(fn.modifiers ?? []).every((each) => isPlainModifier(each))) return false;
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
  /** The edits that leave the body without the lock. */
  alone(indent: string): readonly Edit[];
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
    const given = call !== undefined && ts.isCallExpression(call) ? workOf(call, core) : undefined;
    const work = given === undefined ? undefined : bare(given);
    if (work === undefined || !ts.isArrowFunction(work) || work.parameters.length > 0) return undefined;
    const returns = ts.isReturnStatement(first);
    const { body: done } = work;
    const text = (indent: string): string => {
      const line = lineBreakOf(file);
      if (!ts.isBlock(done))
        return `${line}${indent}${ended(`${returns ? 'return ' : 'await '}${done.getText()}`, file)}`;
      return back(file, done, indent);
    };
    const replaced = (invocation: string): readonly Edit[] => [
      replace(work, `() => ${invocation.replace(/^await /, '')}`),
    ];
    const alone = (indent: string): readonly Edit[] => [
      replace(body, `{${text(indent + indentStepOf(file))}${lineBreakOf(file)}${indent}}`),
    ];
    return { body, text, replaced, alone };
  }
  const isGuarded = ts.isTryStatement(second) && second.catchClause === undefined && second.finallyBlock !== undefined;
  if (!isGuarded) return undefined;
  const { tryBlock } = second;
  const hasValue = tryBlock.statements.some((each) => ts.isReturnStatement(each) && each.expression !== undefined);
  return {
    body,
    text: (indent) => back(file, tryBlock, indent),
    alone: (indent) => [
      replace(body, `{${back(file, tryBlock, indent + indentStepOf(file))}${lineBreakOf(file)}${indent}}`),
    ],
    replaced: (invocation) => {
      const [from] = tryBlock.statements;
      const to = tryBlock.statements.at(-1);
      if (from === undefined || to === undefined) return [];
      return [
        { range: [from.getStart(), to.getEnd()], text: ended(`${hasValue ? 'return ' : ''}${invocation}`, file) },
      ];
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
