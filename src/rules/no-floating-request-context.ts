import * as ts from 'typescript';
import {
  type AfterAnswer,
  answersTooLate,
  type BackgroundTask,
  bare,
  type FloatingRequest,
  floatingRequests,
  isOneOff,
  type LateRequestUse,
  requestScopeOf,
  type ScopeOf,
  unawaitedGuard,
} from '../analysis/index.ts';
import { lineText, quoted } from '../report/wording.ts';
import { certainty, defineRule, listOf } from '../rule.ts';
import { copyReads } from './no-floating-request-context/copy.ts';
import { detach, isNamedCallee } from './no-floating-request-context/detach.ts';
import { fallbacks } from './no-floating-request-context/fallback.ts';
import { passFields } from './no-floating-request-context/fields.ts';
import type { RequestRepair } from './no-floating-request-context/repair.ts';
import { repairsOfSignal } from './no-floating-request-context/signal.ts';
import { repairsOfTooLate } from './no-floating-request-context/too-late.ts';
import { wait } from './no-floating-request-context/wait.ts';
import { abortTextOf, effectOf, endOf, harmOf, nameOf } from './no-floating-request-context/wording.ts';

export default defineRule({
  name: 'no-floating-request-context',
  family: 'request-context',
  summary: 'Disallow using a request in work that nobody waits for',
  preset: 'recommended',
  fixes: true,
  messages: {
    late: '`{{name}}` is used on {{line}} by a task that nobody waits for; by then the {{what}}.',
    gone: '`{{name}}` is used on {{line}} by a task that nobody waits for; once {{when}}, `{{use}}` {{effect}}.',
    signal: '`{{name}}` is given to a task that nobody waits for; it aborts {{when}}, and the task with it.',
    sent: '`{{use}}` follows the wait on line {{pause}}, but the response was sent on line {{sent}}: it {{effect}}.',
    detach: 'Hand the task to `{{helper}}`.',
    copy: 'Copy {{names}} before the task starts.',
    inside: 'Read {{names}} before `{{callee}}` waits.',
    await: 'Wait for the task before the response is sent.',
    together: 'Wait for all of them (`Promise.all`).',
    fields: 'Pass only {{names}} to `{{callee}}`.',
    unsignal: 'Leave the signal of the request out.',
    own: 'Bound the task by a time of its own.',
    now: 'Do it at once, without `{{name}}`.',
    stop: 'Stop it when the response is over.',
    guard: 'Do it only while the response is open.',
    early: 'Do it before the response is sent.',
  },
  options: {
    certainty,
    allow: listOf('Functions whose tasks may keep the request, by name (`track`) or with their owner (`audit.track`).'),
    detachHelpers: listOf(
      'Functions that the platform or the project waits for, by name: a task handed to one is silent, and fixes use one in scope.',
    ),
    requestTypes: listOf('Names of types whose values end with one request.'),
  },
  create({ ask, core, checker, options, report, sourceFile, lineOf }) {
    const isListed = (expression: ts.Expression): boolean => {
      const type = checker.getNonNullableType(checker.getTypeAtLocation(expression));
      const parts = type.isUnionOrIntersection() ? [type, ...type.types] : [type];
      return parts.some((part) => {
        const symbols = [part.aliasSymbol, part.symbol as ts.Symbol | undefined];
        return symbols.some((symbol) => symbol !== undefined && options.requestTypes.includes(symbol.name));
      });
    };
    const scopeOf: ScopeOf =
      options.requestTypes.length === 0
        ? requestScopeOf
        : (expression) =>
            requestScopeOf(expression, core) ??
            (isListed(expression) ? { is: 'request', from: 'options', by: 'type' } : undefined);

    /** Is it named in the options, or a guard that must be awaited anyway? */
    function isLeftOut({ call, isCallback, work }: BackgroundTask): boolean {
      const names = [...options.allow, ...options.detachHelpers];
      if (isNamedCallee(call, names) || isNamedCallee(rootCallOf(work), names)) return true;
      return !isCallback && ask(unawaitedGuard, work).is === 'yes';
    }

    function repairsOf(found: FloatingRequest): readonly RequestRepair[] {
      if (found.uses.some(({ isSignal }) => isSignal === true)) return repairsOfSignal(found, core, scopeOf);
      const handed = detach(found, core, options.detachHelpers);
      const repairs = [
        ...handed,
        ...copyReads(found, core, scopeOf),
        ...wait(found, core, scopeOf),
        ...passFields(found, core, scopeOf),
      ];
      if (repairs.length > 0) return repairs;
      const others = fallbacks(found, core, scopeOf);
      return others.length > 0 ? others : wait(found, core, scopeOf, true);
    }

    function tell(found: FloatingRequest): void {
      const use = worstOf(found.uses);
      if (use === undefined) return;
      const at = placeOf(found.task);
      const name = nameOf(use);
      const repairs = repairsOf(found);
      const effect = effectOf(use, core);
      const line = lineText(use.node, sourceFile);
      if (use.isSignal === true) {
        report({ at, messageId: 'signal', data: { name, when: abortTextOf(use, core, scopeOf) }, repairs });
      } else if (effect !== undefined && use.isCertain) {
        report({ at, messageId: 'gone', data: { name, line, ...effect }, repairs });
      } else report({ at, messageId: 'late', data: { name, line, what: endOf(use, core) }, repairs });
    }

    function worstOf(uses: readonly LateRequestUse[]): LateRequestUse | undefined {
      let worst: LateRequestUse | undefined;
      for (const use of uses) if (worst === undefined || harmOf(use, core) > harmOf(worst, core)) worst = use;
      return worst;
    }

    function tellOfLateAnswer(found: AfterAnswer): void {
      const { effect, pause, sent, use } = found;
      report({
        at: use,
        messageId: 'sent',
        data: {
          use: quoted(use.expression),
          pause: lineOf(pause),
          sent: lineOf(sent),
          effect: effect === 'throws' ? 'throws' : 'is ignored',
        },
        repairs: repairsOfTooLate(found, core, scopeOf),
      });
    }

    return {
      Program() {
        if (isOneOff(sourceFile, core)) return;
        for (const found of floatingRequests(sourceFile, core, scopeOf)) {
          if ((found.isCertain || options.certainty === 'likely') && !isLeftOut(found.task)) tell(found);
        }
        for (const found of answersTooLate(sourceFile, core, scopeOf)) tellOfLateAnswer(found);
      },
    };
  },
});

/** The call that a chain of `then` and `catch` begins with. */
function rootCallOf(work: ts.Expression): ts.Expression {
  let node = bare(work);
  for (;;) {
    const callee = ts.isCallExpression(node) ? bare(node.expression) : undefined;
    const inner = callee !== undefined && ts.isPropertyAccessExpression(callee) ? bare(callee.expression) : undefined;
    if (inner === undefined || !ts.isCallExpression(inner)) return node;
    node = inner;
  }
}

/** A short piece of the task to report on: the call, or the head of the function that is its work. */
function placeOf({ work }: BackgroundTask): ts.Node {
  const node = bare(work);
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return headOf(node);
  const callee = ts.isCallExpression(node) ? bare(node.expression) : node;
  if (ts.isArrowFunction(callee) || ts.isFunctionExpression(callee)) return headOf(callee);
  return node;
}

function headOf(fn: ts.ArrowFunction | ts.FunctionExpression): ts.Node {
  const keyword = fn.modifiers?.find(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword);
  return keyword ?? (ts.isArrowFunction(fn) ? fn.equalsGreaterThanToken : fn);
}
