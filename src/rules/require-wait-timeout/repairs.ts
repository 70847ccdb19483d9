import * as ts from 'typescript';
import {
  bare,
  type Core,
  enclosingFunctionOf,
  type UnboundedRequest,
  type UnboundedWait,
  unforwardedSignals,
} from '../../analysis/index.ts';
import { boundedLoop, grouped } from '../../report/bounded-loop.ts';
import type { Edit } from '../../report/edits.ts';
import { withArgument, withOption } from '../../report/options.ts';
import { limitedSource, wrappedLock } from './around.ts';
import { withHelper } from './helper.ts';
import { isInspected } from './inspected.ts';
import { asOnce } from './once.ts';
import { reliesOnAnswer } from './relied.ts';
import { hasTimeoutSignal, joinSignal, passSignal } from './signal.ts';
import { limitText } from './wording.ts';

/** A repair of a wait. */
export interface WaitRepair {
  readonly title: 'client' | 'deadline' | 'helper' | 'once' | 'pooled' | 'signal' | 'timeout' | 'wrap';
  readonly data: Readonly<Record<string, string>>;
  readonly automatic: boolean;
  readonly edits: readonly Edit[];
}

/**
 * How a wait can be bounded, the best way first. What rejects otherwise than before where a `catch` looks at the error is offered, not
 * written; so is what then answers `null` where the code relies on an answer.
 */
export function repairsOf(wait: UnboundedWait, milliseconds: number, core: Core): readonly WaitRepair[] {
  const limit = limitText(milliseconds);
  // A read that gives up answers `null`; what else is bounded here rejects.
  const isTaken = wait.kind === 'queue' ? reliesOnAnswer(wait.at, core) : isInspected(wait.at);
  const automatic = wait.isCertain && !isTaken;
  const one = (
    title: WaitRepair['title'],
    edits: readonly Edit[] | undefined,
    isAutomatic = automatic,
    data: Readonly<Record<string, string>> = {},
  ): readonly WaitRepair[] =>
    edits === undefined || edits.length === 0
      ? []
      : [{ title, data: { limit, ...data }, automatic: isAutomatic, edits }];

  switch (wait.kind) {
    case 'pool': {
      const { at, member } = wait;
      const name = member?.bound?.option;
      if (name === undefined || !isCall(at)) return [];
      return one('pooled', withOption(at, member?.bound?.argument ?? 0, name, grouped(milliseconds)), true);
    }
    case 'poll':
    case 'state': {
      const loop = wait.at as ts.IterationStatement;
      return one('deadline', boundedLoop(loop, milliseconds, pollError(wait)), automatic && wait.kind === 'poll');
    }
    case 'promise':
      return [
        ...one('once', asOnce(wait, milliseconds, core), automatic),
        ...(isCall(wait.at) ? one('helper', withHelper(wait.at, milliseconds), false) : []),
      ];
    case 'blocking':
      return one('timeout', boundedBlock(wait, milliseconds));
    case 'event':
    case 'lock':
    case 'queue':
    case 'reply': {
      const { at } = wait;
      if (!isCall(at)) return [];
      const passed = ts.isCallExpression(at) ? signalsFor(at, milliseconds, core) : [];
      const isOnly = passed.length === 1;
      return [
        ...passed.flatMap(({ name, edits, isPlain }) =>
          one('signal', edits, automatic && isOnly && isPlain, { signal: name }),
        ),
        ...one('timeout', passed.length === 0 ? ownBound(wait, milliseconds, core) : passed[0]?.joined),
        ...wrapping(wait, milliseconds, core, one),
      ];
    }
  }
}

/** How a request can be bounded: the caller's signal, the limit of the call, the limit of its client. */
export function requestRepairs(
  { at, creation, member }: UnboundedRequest,
  milliseconds: number,
  core: Core,
): readonly WaitRepair[] {
  const limit = limitText(milliseconds);
  const option = member.bound?.option;
  const made = creation === undefined ? undefined : core.api.memberOf(creation);
  if (creation !== undefined && option !== undefined) {
    const edits = withOption(creation, made?.bound?.argument ?? 0, option, grouped(milliseconds));
    return edits === undefined ? [] : [{ title: 'client', data: { limit }, automatic: false, edits }];
  }
  const [passed] = ts.isCallExpression(at) ? signalsFor(at, milliseconds, core) : [];
  if (passed !== undefined) {
    return [
      { title: 'signal', data: { limit, signal: passed.name }, automatic: !isInspected(at), edits: passed.edits },
    ];
  }
  const edits = ownBound({ at, member }, milliseconds, core);
  return edits === undefined ? [] : [{ title: 'timeout', data: { limit }, automatic: !isInspected(at), edits }];
}

function isCall(node: ts.Node): node is ts.CallExpression | ts.NewExpression {
  return ts.isCallExpression(node) || ts.isNewExpression(node);
}

interface PassedSignal {
  readonly name: string;
  readonly isPlain: boolean;
  readonly edits: readonly Edit[];
  /** The signal and the limit, whichever comes first. */
  readonly joined: readonly Edit[] | undefined;
}

/** The signals of the caller that the call can be given. */
function signalsFor(call: ts.CallExpression, milliseconds: number, core: Core): readonly PassedSignal[] {
  const found = core.ask(unforwardedSignals, call.getSourceFile()).find((each) => each.call === call);
  const slot = found?.slot;
  if (found === undefined || slot === undefined) return [];
  return found.signals.flatMap((signal) => {
    const edits = passSignal(call, slot, signal, core);
    if (edits === undefined) return [];
    const joined = joinSignal(call, slot, signal, milliseconds, core);
    return [{ name: signal.text, isPlain: !found.isPolled && slot.gap === 0, edits, joined }];
  });
}

/** The limit that the API itself takes at the call. */
function ownBound(
  { at, member }: Pick<UnboundedWait, 'at' | 'member'>,
  milliseconds: number,
  core: Core,
): readonly Edit[] | undefined {
  const bound = member?.bound;
  if (bound === undefined || !isCall(at)) return undefined;
  const { argument = 0, option } = bound;
  const number = grouped(milliseconds);
  switch (bound.by) {
    case 'signal-option': {
      if (!hasTimeoutSignal(at, core)) return undefined;
      return withOption(at, argument, option ?? 'signal', `AbortSignal.timeout(${number})`);
    }
    case 'timeout-option':
      return option === undefined ? undefined : withOption(at, argument, option, number);
    case 'deadline-option': {
      const moment = `Date.now() + ${number}`;
      return option === undefined ? withArgument(at, argument, moment) : withOption(at, argument, option, moment);
    }
    case 'milliseconds':
      return bound.word === undefined ? withArgument(at, argument, number) : afterWord(at, bound.word, number);
    case 'seconds':
      return withArgument(at, argument, grouped(Math.ceil(milliseconds / 1000)));
    case 'client-option':
      return undefined;
    case 'none':
      return bound.through === undefined ? undefined : throughReceiver(at, bound.through, number);
  }
}

/** `xread('BLOCK', 0, …)`: the number after the word. */
function afterWord(
  call: ts.CallExpression | ts.NewExpression,
  word: string,
  number: string,
): readonly Edit[] | undefined {
  const given = call.arguments ?? [];
  const at = given.findIndex((each) => ts.isStringLiteralLike(each) && each.text.toUpperCase() === word);
  return at < 0 || given[at + 1] === undefined ? undefined : withArgument(call, at + 1, number);
}

/** `socket.emitWithAck(…)` as `socket.timeout(30_000).emitWithAck(…)`. */
function throughReceiver(
  call: ts.CallExpression | ts.NewExpression,
  method: string,
  number: string,
): readonly Edit[] | undefined {
  const callee = bare(call.expression);
  if (!ts.isPropertyAccessExpression(callee) || callee.questionDotToken !== undefined) return undefined;
  const end = callee.expression.getEnd();
  return [{ range: [end, end], text: `.${method}(${number})` }];
}

function wrapping(
  wait: UnboundedWait,
  milliseconds: number,
  core: Core,
  one: (
    title: WaitRepair['title'],
    edits: readonly Edit[] | undefined,
    isAutomatic?: boolean,
    data?: Readonly<Record<string, string>>,
  ) => readonly WaitRepair[],
): readonly WaitRepair[] {
  const { at, member } = wait;
  if (!isCall(at)) return [];
  if (member === undefined) return one('helper', withHelper(at, milliseconds), false);
  if (member.bound?.by !== 'none' || member.bound.through !== undefined) return [];
  if (member.waitsFor === 'source') return one('timeout', limitedSource(at, member, milliseconds));
  const locked = wrappedLock(at, member, milliseconds, core);
  if (locked !== undefined) return one('wrap', locked.edits, false, { wrapper: locked.wrapper });
  return wait.kind === 'lock' ? [] : one('helper', withHelper(at, milliseconds), false);
}

/** `Atomics.wait` with its timeout; where nobody looks at the result, an error says that nobody came. */
function boundedBlock({ at, member }: UnboundedWait, milliseconds: number): readonly Edit[] | undefined {
  if (!isCall(at)) return undefined;
  const argument = withArgument(at, member?.bound?.argument ?? 3, grouped(milliseconds));
  const [first] = argument ?? [];
  if (argument === undefined || first === undefined) return undefined;
  const loop = loopOf(at);
  if (loop !== undefined) return boundedLoop(loop, milliseconds, 'Nobody notified this thread in time.', argument);
  if (!ts.isExpressionStatement(at.parent)) return argument;
  const [start, end] = [at.getStart(), at.getEnd()];
  return [
    { range: [start, start], text: 'if (' },
    ...argument,
    { range: [end, end], text: " === 'timed-out') throw new Error('Nobody notified this thread in time.')" },
  ];
}

function loopOf(node: ts.Node): ts.IterationStatement | undefined {
  const home = enclosingFunctionOf(node);
  for (let at = node.parent; at !== home && !ts.isSourceFile(at); at = at.parent) {
    if (ts.isIterationStatement(at, false)) return at;
  }
  return undefined;
}

/** What the error of a poll says: what was waited for. */
function pollError({ poll }: UnboundedWait): string {
  const asked = poll?.query?.expression ?? poll?.exits[0];
  const text = asked?.getText() ?? '';
  return /^[\w$.#! ><=()]{1,60}$/.test(text) ? `Waited too long for ${text}.` : 'Waited too long.';
}
