import * as ts from 'typescript';
import { defineFact } from '../facts.ts';
import { bare, isAssignmentOperator, isLogicalAssignmentOperator } from '../syntax/expressions.ts';
import { type FunctionNode, isFunctionNode } from '../syntax/functions.ts';
import { addMentions, calledNameOf, lastNameOf, mentionsIn, type Names, namesBound } from '../syntax/names.ts';
import { namesBehind } from './suspects.ts';

const NONE: Names = new Set();

/**
 * Functions that may test a place and act upon the test, and the names of such places; told from the text alone.
 *
 * A name counts that a condition mentions (itself, or a local that was taken from it) and that is written, or is the receiver of a
 * call, in the same function, in a callback in it, or in a function of the file that it calls. Doubt falls towards suspicion.
 */
export const checkSuspects = defineFact<ts.SourceFile, ReadonlyMap<FunctionNode, CheckSuspect>>({
  name: 'check-suspects',
  scope: 'program',
  compute(file, core) {
    const found = new Map<FunctionNode, CheckSuspect>();
    if (!WAITS.test(file.text)) return found;
    const functions = new Map<FunctionNode, Mentions>();
    mentionsOf(file, new Set(core.api.namesWith('mutates').keys()), functions);
    const written = writtenByName(functions);
    const behind = core.ask(namesBehind, file);
    for (const [fn, mentions] of functions) {
      if (ts.isSourceFile(fn)) continue;
      const names = suspectedIn(mentions, written, behind);
      if (names.size > 0) found.set(fn, { names, waits: mentions.waits > 0 });
    }
    return found;
  },
});

/** A function that tests what it writes, by name. */
export interface CheckSuspect {
  readonly names: Names;
  /** Does it wait, or a callback in it? */
  readonly waits: boolean;
}

const WAITS = /\b(?:async|await|yield|Promise)\b|\.then\s*\(/;

/** What a function tests, writes and calls by name, those in callbacks included for what is written. */
interface Mentions {
  readonly tested: Set<string>;
  readonly written: Set<string>;
  readonly called: Set<string>;
  /** For each local what it may have been taken from. */
  readonly locals: Map<string, Names>;
  /** How many waits there are, those in callbacks included. */
  waits: number;
}

function suspectedIn(
  { called, locals, tested, written }: Mentions,
  writtenByCallee: ReadonlyMap<string, Names>,
  behind: ReadonlyMap<string, Names>,
): Names {
  if (tested.size === 0) return NONE;
  const all = new Set(written);
  for (const name of called) for (const each of writtenByCallee.get(name) ?? NONE) all.add(each);
  const names = new Set(tested);
  for (const name of tested) {
    for (const source of locals.get(name) ?? NONE) names.add(source);
    for (const source of behind.get(name) ?? NONE) names.add(source);
  }
  return new Set([...names].filter((name) => all.has(name)));
}

/** Looks at each node of a function once, and at the functions inside it. */
function mentionsOf(fn: FunctionNode, changes: Names, functions: Map<FunctionNode, Mentions>): Mentions {
  const found: Mentions = { tested: new Set(), written: new Set(), called: new Set(), locals: new Map(), waits: 0 };
  functions.set(fn, found);
  const take = (local: string, sources: Names): void => {
    found.locals.set(local, new Set([...(found.locals.get(local) ?? NONE), ...sources]));
  };
  const write = (name: string | undefined): void => {
    if (name !== undefined) found.written.add(name);
  };
  const visit = (node: ts.Node): void => {
    const { SyntaxKind } = ts;
    switch (node.kind) {
      case SyntaxKind.DoStatement:
      case SyntaxKind.IfStatement:
      case SyntaxKind.SwitchStatement:
      case SyntaxKind.WhileStatement:
        addMentions((node as ts.DoStatement | ts.IfStatement | ts.SwitchStatement).expression, found.tested);
        break;
      case SyntaxKind.ConditionalExpression:
        addMentions((node as ts.ConditionalExpression).condition, found.tested);
        break;
      case SyntaxKind.AwaitExpression:
      case SyntaxKind.YieldExpression:
        found.waits++;
        break;
      case SyntaxKind.ForOfStatement:
        if ((node as ts.ForOfStatement).awaitModifier !== undefined) found.waits++;
        break;
      case SyntaxKind.BinaryExpression: {
        const { left, operatorToken, right } = node as ts.BinaryExpression;
        if (isDecision(operatorToken.kind)) addMentions(left, found.tested);
        if (!isAssignmentOperator(operatorToken.kind)) break;
        const target = bare(left);
        const name = lastNameOf(target);
        write(name);
        if (name !== undefined && ts.isIdentifier(target)) take(name, mentionsIn(right));
        break;
      }
      case SyntaxKind.PostfixUnaryExpression:
      case SyntaxKind.PrefixUnaryExpression: {
        const { operand, operator } = node as ts.PostfixUnaryExpression | ts.PrefixUnaryExpression;
        if (operator === SyntaxKind.PlusPlusToken || operator === SyntaxKind.MinusMinusToken)
          write(lastNameOf(bare(operand)));
        break;
      }
      case SyntaxKind.DeleteExpression:
        write(lastNameOf(bare((node as ts.DeleteExpression).expression)));
        break;
      case SyntaxKind.CallExpression: {
        const callee = bare((node as ts.CallExpression).expression);
        const name = lastNameOf(callee);
        if (name !== undefined) found.called.add(name);
        if (!ts.isPropertyAccessExpression(callee)) break;
        if (name === 'then') found.waits++;
        if (changes.has(callee.name.text)) write(lastNameOf(bare(callee.expression)));
        break;
      }
      case SyntaxKind.VariableDeclaration: {
        const before = found.waits;
        ts.forEachChild(node, visit);
        // What is waited for was read in an earlier segment than the test.
        const { initializer, name } = node as ts.VariableDeclaration;
        if (initializer === undefined || found.waits !== before) return;
        const sources = mentionsIn(initializer);
        for (const each of namesBound(name)) take(each, sources);
        return;
      }
      default:
        if (ts.isToken(node) || ts.isTypeNode(node)) return;
        if (isFunctionNode(node) && node !== fn) {
          const inner = mentionsOf(node, changes, functions);
          for (const name of inner.written) found.written.add(name);
          found.waits += inner.waits;
          return;
        }
    }
    ts.forEachChild(node, visit);
  };
  visit(fn);
  return found;
}

/** Does the operator decide by its left side whether the right one runs? */
function isDecision(kind: ts.SyntaxKind): boolean {
  return (
    kind === ts.SyntaxKind.AmpersandAmpersandToken ||
    kind === ts.SyntaxKind.BarBarToken ||
    kind === ts.SyntaxKind.QuestionQuestionToken ||
    isLogicalAssignmentOperator(kind)
  );
}

/** What the named functions of a file write. */
function writtenByName(functions: ReadonlyMap<FunctionNode, Mentions>): ReadonlyMap<string, Names> {
  const found = new Map<string, Set<string>>();
  for (const [fn, { written }] of functions) {
    const name = ts.isSourceFile(fn) ? undefined : calledNameOf(fn);
    if (name === undefined) continue;
    const known = found.get(name) ?? new Set();
    for (const each of written) known.add(each);
    found.set(name, known);
  }
  return found;
}
