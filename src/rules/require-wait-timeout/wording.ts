import * as ts from 'typescript';
import {
  enclosingFunctionOf,
  type UnboundedKind,
  type UnboundedRequest,
  type UnboundedWait,
} from '../../analysis/index.ts';
import { functionName, lineText, quoted } from '../../report/wording.ts';

interface Message {
  readonly messageId: UnboundedKind;
  readonly data: Readonly<Record<string, string>>;
}

/** What a wait is told as. */
export function messageOf(wait: UnboundedWait, file: ts.SourceFile): Message {
  const { at, emitter, event, kind, member, poll, user } = wait;
  const fn = waiterText(at);
  const callee = ts.isCallExpression(at) || ts.isNewExpression(at) ? quoted(at.expression) : '';
  switch (kind) {
    case 'event':
    case 'promise': {
      const what = emitter === undefined ? '' : quoted(emitter);
      const data = { emitter: what, event: event === undefined ? 'it' : `\`${event}\``, fn };
      return { messageId: kind, data: kind === 'event' ? { call: callee, ...data } : data };
    }
    case 'pool': {
      const call = user !== undefined && ts.isCallExpression(user) ? quoted(user.expression) : '';
      const line = user === undefined ? '' : lineText(user, file);
      return { messageId: kind, data: { pool: callee, option: member?.bound?.option ?? '', call, line } };
    }
    case 'poll':
      return { messageId: kind, data: { call: poll?.query === undefined ? '' : quoted(poll.query.expression), fn } };
    case 'state': {
      const [condition] = poll?.exits ?? [];
      return { messageId: kind, data: { condition: condition === undefined ? '' : quoted(condition), fn } };
    }
    case 'blocking':
      return { messageId: kind, data: { call: callee } };
    case 'lock':
    case 'queue':
    case 'reply':
      return { messageId: kind, data: { call: callee, fn } };
  }
}

/** What a request without a limit is told as. */
export function requestMessage({ at, endsItself, member }: UnboundedRequest): {
  readonly messageId: 'io' | 'slow';
  readonly data: Readonly<Record<string, string>>;
} {
  const data = { call: quoted(at.expression), fn: waiterText(at) };
  return endsItself
    ? { messageId: 'slow', data: { ...data, reason: member.reason ?? 'late' } }
    : { messageId: 'io', data };
}

/** Who waits, in a message. */
function waiterText(at: ts.Node): string {
  const fn = enclosingFunctionOf(at);
  if (ts.isSourceFile(fn)) return 'the module';
  const name = functionName(fn);
  return name === 'callback' ? 'this callback' : `\`${name}\``;
}

/** A limit in a sentence: `30 s`, `500 ms`. */
export function limitText(milliseconds: number): string {
  return milliseconds % 1000 === 0 ? `${String(milliseconds / 1000)} s` : `${String(milliseconds)} ms`;
}
