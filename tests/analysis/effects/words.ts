import ts from 'typescript';
import type { Answer } from '../../../src/analysis/answer.ts';
import type { FailureWitness } from '../../../src/analysis/effects/failure.ts';
import { mayReject, mayThrow } from '../../../src/analysis/effects/may-reject.ts';
import { endsProcess } from '../../../src/analysis/effects/ends-process.ts';
import { everSettles } from '../../../src/analysis/effects/ever-settles.ts';
import { type ParameterUse, parameterUses } from '../../../src/analysis/effects/parameter-uses.ts';
import type { Core } from '../../../src/analysis/facts.ts';
import { enclosingFunctionOf, type FunctionNode } from '../../../src/analysis/syntax/functions.ts';
import { readsAndWrites } from '../../../src/analysis/effects/reads-and-writes.ts';
import type { EntryKey, Place } from '../../../src/analysis/places/place.ts';
import { handlingOf } from '../../../src/analysis/effects/handling-of.ts';
import { heldLocksAt, locking } from '../../../src/analysis/effects/locking.ts';
import { flowGraph } from '../../../src/analysis/flow/flow-graph.ts';
import { maySuspend } from '../../../src/analysis/effects/may-suspend.ts';
import type { Vocabulary } from '../annotated.ts';

/** The words of annotations about effects. A word with `?` is the answer `unknown`. */
export const words: Vocabulary = {
  ofFunctions: {
    suspends: (fn, core) => (core.ask(maySuspend, fn).is === 'yes' ? '' : undefined),
    'suspends?': (fn, core) => (core.ask(maySuspend, fn).is === 'unknown' ? '' : undefined),
    throws: (fn, core) => certainText(core.ask(mayThrow, fn)),
    'throws?': (fn, core) => doubtfulText(core.ask(mayThrow, fn)),
    rejects: (fn, core) => certainText(core.ask(mayReject, fn)),
    'rejects?': (fn, core) => doubtfulText(core.ask(mayReject, fn)),
    late: (fn, core) => usersOf(fn, core, ({ late }) => late.is === 'yes'),
    'late?': (fn, core) => usersOf(fn, core, ({ late }) => late.is === 'unknown'),
    'late part': (fn, core) => usersOf(fn, core, ({ latePart }) => latePart.is === 'yes'),
    'late part?': (fn, core) => usersOf(fn, core, ({ latePart }) => latePart.is === 'unknown'),
    keeps: (fn, core) => usersOf(fn, core, ({ kept }) => kept.is === 'yes'),
    'keeps?': (fn, core) => usersOf(fn, core, ({ kept }) => kept.is === 'unknown'),
    alters: (fn, core) => usersOf(fn, core, ({ written }) => written.is === 'yes'),
    'alters?': (fn, core) => usersOf(fn, core, ({ written }) => written.is === 'unknown'),
    gives: (fn, core) => eachUse(fn, core, (use, name) => use.returned.map((as) => `${name} ${as}`)),
    calls: (fn, core) =>
      eachUse(fn, core, (use, name) =>
        use.called.map(({ when, often, isAwaited, isExclusive, on }) =>
          [name, when, often, ...(isAwaited ? ['awaited'] : []), ...(isExclusive ? ['exclusive'] : []), on].join(' '),
        ),
      ),
    does: (fn, core) =>
      eachUse(fn, core, (use, name) =>
        use.deeds.map((deed) => {
          const text = deed.is === 'method' ? `${name}.${deed.name}` : `${deed.name}(${name})`;
          return `${text} ${deed.when === 'later' ? 'later' : deed.on}`;
        }),
      ),
    exits: (fn, core) => {
      const { on, isLater } = core.ask(endsProcess, fn);
      return on === 'never' || isLater === true ? undefined : on;
    },
    'exits later': (fn, core) => {
      const { on, isLater } = core.ask(endsProcess, fn);
      return on === 'never' || isLater !== true ? undefined : on;
    },
    settles: (fn, core) => {
      const { is } = core.ask(everSettles, fn);
      return is === 'yes' ? undefined : is;
    },
    reads: (fn, core) =>
      listed(
        core.ask(readsAndWrites, fn).accesses.filter(({ is }) => is === 'read'),
        (access) => [placeText(access.place), ...(access.segment === 'later' ? ['later'] : [])].join(' '),
      ),
    writes: (fn, core) =>
      listed(
        core.ask(readsAndWrites, fn).accesses.filter(({ is }) => is === 'write'),
        (access) => {
          const from = [
            ...access.from.map(({ name }) => name.getText()),
            ...(access.isFromPlaces ? ['places'] : []),
          ].join(' and ');
          return [
            placeText(access.place),
            ...(from === '' ? [] : ['from', from]),
            ...(access.segment === 'later' ? ['later'] : []),
          ].join(' ');
        },
      ),
    'returns place': (fn, core) =>
      listed(core.ask(readsAndWrites, fn).returns, ({ place, isSame, segment }) =>
        [placeText(place), ...(isSame ? [] : ['derived']), ...(segment === 'later' ? ['later'] : [])].join(' '),
      ),
    locks: (fn, core) => listed(core.ask(locking, fn).takes, lockText),
    unlocks: (fn, core) => listed(core.ask(locking, fn).gives, lockText),
    'hands out releaser': (fn, core) => (core.ask(locking, fn).returnsReleaser ? '' : undefined),
    'runs exclusively': (fn, core) =>
      listed(
        core.ask(locking, fn).exclusive,
        ({ parameter, place }) => `${parameter.name.getText()} by ${lockText({ place })}`,
      ),
  },
  ofStatements: {
    handles: (statement, core) => {
      const call = firstCallOf(statement, 'query');
      return call === undefined ? undefined : handlingOf(call, core).is;
    },
    held: (statement, core) => {
      const fn = enclosingFunctionOf(statement);
      const step = core
        .ask(flowGraph, fn)
        .steps.find(({ node }) => node.pos >= statement.pos && node.end <= statement.end && node !== fn);
      const held = step === undefined ? [] : heldLocksAt(step, fn, core);
      return listed(held, lockText) ?? 'none';
    },
  },
};

function firstCallOf(statement: ts.Node, name: string): ts.CallExpression | undefined {
  if (ts.isCallExpression(statement) && statement.expression.getText() === name) return statement;
  return ts.forEachChild(statement, (child) => firstCallOf(child, name));
}

function lockText({ place }: { readonly place?: Place | undefined }): string {
  return place === undefined ? '?' : placeText(place);
}

function listed<Item>(items: readonly Item[], print: (item: Item) => string): readonly string[] | undefined {
  return items.length === 0 ? undefined : [...new Set(items.map(print))];
}

/** A place as it is written: `this.total`, `totals[id]`, `orders[*]`. */
export function placeText({ root, path }: Place): string {
  const start = root.is === 'binding' ? root.symbol.name : root.is === 'global' ? `globalThis.${root.name}` : 'this';
  return path.reduce((text, part) => {
    if (part.is === 'property') return `${text}.${part.name}`;
    return part.is === 'contents' ? `${text}[*]` : `${text}[${keyText(part.key)}]`;
  }, start);
}

function keyText(key: EntryKey): string {
  switch (key.is) {
    case 'literal':
      return `'${key.text}'`;
    case 'place':
      return placeText(key.place);
    case 'template':
      return key.parts.map((part) => (typeof part === 'string' ? part : `\${${keyText(part)}}`)).join('');
    case 'unknown':
      return '?';
  }
}

function usersOf(fn: FunctionNode, core: Core, holds: (use: ParameterUse) => boolean): readonly string[] | undefined {
  return eachUse(fn, core, (use, name) => (holds(use) ? [name] : []));
}

function eachUse(
  fn: FunctionNode,
  core: Core,
  print: (use: ParameterUse, name: string) => readonly string[],
): readonly string[] | undefined {
  const printed = core.ask(parameterUses, fn).flatMap((use) => {
    const name = use.parameter?.name;
    return print(use, name === undefined ? 'this' : ts.isIdentifier(name) ? name.text : '{}');
  });
  return printed.length === 0 ? undefined : [...new Set(printed)];
}

function certainText(answer: Answer<FailureWitness, FailureWitness>): string | undefined {
  return answer.is === 'yes' ? shortText(answer.witness.node) : undefined;
}

function doubtfulText(answer: Answer<FailureWitness, FailureWitness>): string | undefined {
  if (answer.is !== 'unknown') return undefined;
  return answer.witness === undefined ? answer.because : shortText(answer.witness.node);
}

/** The name of what is called or named; `throw` for a throw; else the text. */
export function shortText(node: ts.Node): string {
  if (ts.isThrowStatement(node)) return 'throw';
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) return shortText(node.expression);
  if (ts.isTaggedTemplateExpression(node)) return shortText(node.tag);
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  if (ts.isParameter(node) || ts.isVariableDeclaration(node)) return node.name.getText();
  if (ts.isParenthesizedExpression(node)) return `${node.getText()}()`;
  return node.getText();
}
