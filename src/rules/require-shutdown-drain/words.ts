import type ts from 'typescript';
import { type Core, type ShutdownGap, stageOf } from '../../analysis/index.ts';
import { functionName, lineText } from '../../report/wording.ts';
import { calledText, lossOf, lossText, underWay } from './wording.ts';

/** What a report says: the message and what stands in it. */
interface Words {
  readonly messageId:
    | 'crashes'
    | 'cut'
    | 'exit'
    | 'hook'
    | 'loop'
    | 'other'
    | 'pending'
    | 'serving'
    | 'stays'
    | 'store'
    | 'swallowed'
    | 'work';
  readonly data: Readonly<Record<string, string>>;
}

/** The words for a gap, as it is told in a file. */
export function wordsOf(gap: ShutdownGap, file: ts.SourceFile, core: Core): Words {
  switch (gap.kind) {
    case 'pending':
      return {
        messageId: 'pending',
        data: { drains: underWay(gap.pending, file), loss: lossOf(gap.pending, core) },
      };
    case 'work':
      return { messageId: 'work', data: { work: calledText(gap.work), line: lineText(gap.work, file) } };
    case 'loop':
      return {
        messageId: 'loop',
        data: { loop: `\`${functionName(gap.flagged.fn)}\``, line: lineText(gap.flagged.flag, file) },
      };
    case 'serving':
      return {
        messageId: 'serving',
        data: {
          signal: gap.path.events[0] ?? 'a signal',
          started: calledText(gap.started.node),
          line: lineText(gap.started.node, file),
          loss: lossText(gap.stage),
        },
      };
    case 'other':
      return {
        messageId: 'other',
        data: { signal: gap.signal, drain: calledText(gap.drain.call), line: lineText(gap.exit.exit, file) },
      };
    case 'exit':
      return { messageId: 'exit', data: { begun: calledText(gap.begun) } };
    case 'success': {
      const failing = calledText(gap.failing);
      return gap.taker === undefined
        ? { messageId: 'crashes', data: { failing } }
        : { messageId: 'stays', data: { failing, line: lineText(gap.taker, file) } };
    }
    case 'swallowed': {
      const line = lineText(gap.open, file);
      const open = gap.name === undefined ? line : `\`${gap.name}\` of ${line}`;
      return { messageId: 'swallowed', data: { signal: gap.signal, open } };
    }
    case 'cut':
      return { messageId: 'cut', data: { cut: calledText(gap.at), loss: lossText(gap.stage) } };
    case 'store':
      return {
        messageId: 'store',
        data: {
          store: calledText(gap.at),
          intake: calledText(gap.intake.call),
          line: lineText(gap.intake.call, file),
        },
      };
    case 'hook':
      return {
        messageId: 'hook',
        data: { drain: calledText(gap.drain.call), loss: lossText(stageOf(gap.drain, core)) },
      };
  }
}
