import ts from 'typescript';
import type { Answer } from '../../../src/analysis/answer.ts';
import type { FailureWitness } from '../../../src/analysis/effects/failure.ts';
import { mayReject, mayThrow } from '../../../src/analysis/effects/may-reject.ts';
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
  },
};

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
