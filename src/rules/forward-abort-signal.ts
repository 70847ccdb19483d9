import {
  isOneOff,
  type NamedSignal,
  type UnforwardedSignal,
  unboundedWaits,
  unforwardedSignals,
} from '../analysis/index.ts';
import type { Edit } from '../report/edits.ts';
import { lineText, quoted } from '../report/wording.ts';
import { defineRule } from '../rule.ts';
import { join } from './forward-abort-signal/join.ts';
import { passOn } from './forward-abort-signal/pass-on.ts';

export default defineRule({
  name: 'forward-abort-signal',
  family: 'request-context',
  summary: 'Require calls that take an `AbortSignal` to get the one their function was given',
  preset: 'strict',
  fixes: true,
  messages: {
    missing:
      '`{{call}}` is not given `{{signal}}` of {{line}}; when that is aborted, the call goes on and nobody wants its result.',
    cutOff:
      '`{{call}}` listens to `{{own}}` alone; when `{{signal}}` of {{line}} is aborted, the call goes on and nobody wants its result.',
    pass: 'Pass `{{signal}}` on.',
    join: 'Stop when `{{signal}}` is aborted, too.',
  },
  options: {},
  create({ ask, core, report, sourceFile }) {
    function editsFor({ call, slot, own }: UnforwardedSignal, signal: NamedSignal): readonly Edit[] {
      const edits =
        own !== undefined
          ? join(call, own, signal, core)
          : slot !== undefined
            ? passOn(call, slot, signal, core)
            : undefined;
      return edits ?? [];
    }

    return {
      Program() {
        const found = ask(unforwardedSignals, sourceFile);
        if (found.length === 0 || isOneOff(sourceFile, core)) return;
        // A wait that nothing ends is told by the rule for waits, which passes the signal on, too.
        const told = new Set<unknown>(ask(unboundedWaits, sourceFile).map(({ at }) => at));
        for (const each of found) {
          if (told.has(each.call)) continue;
          const { call, own, signals, slot, isPolled } = each;
          const [signal] = signals;
          if (signal === undefined) continue;
          const data = {
            call: quoted(call.expression),
            signal: signal.text,
            line: lineText(signal.declaration, sourceFile),
          };
          const isOnlyWay = signals.length === 1 && !isPolled && (slot?.gap ?? 0) === 0;
          report({
            at: call,
            ...(own === undefined
              ? { messageId: 'missing' as const, data }
              : { messageId: 'cutOff' as const, data: { ...data, own: quoted(own) } }),
            repairs: signals.map((one) => ({
              title: own === undefined ? ('pass' as const) : ('join' as const),
              data: { signal: one.text },
              automatic: isOnlyWay,
              edits: editsFor(each, one),
            })),
          });
        }
      },
    };
  },
});
