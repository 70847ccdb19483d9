import * as ts from 'typescript';
import {
  type Core,
  type FloatingRequest,
  isInside,
  type LateRequestUse,
  referencesInFileOf,
  rootOf,
  type ScopeOf,
  symbolOf,
  isBindingElement,
} from '../../analysis/index.ts';
import { type Edit, hasComment, removeElement, removeVariable, replace } from '../../report/edits.ts';
import { copyReads } from './copy.ts';
import type { RequestRepair } from './repair.ts';
import { wait } from './wait.ts';

/** A time that a task gets instead of the signal of its request, in milliseconds. */
const TIMEOUT = '30_000';

/** A task that gets the signal of its request: leave it out, bound the task by a time of its own, or wait for it. */
export function repairsOfSignal(found: FloatingRequest, core: Core, scopeOf: ScopeOf): readonly RequestRepair[] {
  const signals = found.uses.filter(({ isSignal }) => isSignal === true);
  const others = found.uses.filter(({ isSignal }) => isSignal !== true);
  const file = found.task.work.getSourceFile();
  const waited = wait(found, core, scopeOf);
  if (signals.some(({ node }) => node.getSourceFile() !== file)) return waited;
  const [copied] = others.length === 0 ? [] : copyReads({ ...found, uses: others }, core, scopeOf);
  if (others.length > 0 && copied === undefined) return waited;
  const unused = unusedEdits(signals, core);
  if (unused === undefined) return waited;
  const more = [...(copied?.edits ?? []), ...unused];
  const without = withoutSignals(signals);
  return [
    ...(without === undefined ? [] : [{ title: 'unsignal' as const, automatic: false, edits: [...without, ...more] }]),
    { title: 'own', automatic: false, edits: [...signals.map(bounded), ...more] },
    ...waited,
  ];
}

/**
 * What nothing names any more once the signals are gone: the last parameter goes, another one gets an underscore, a variable goes.
 * `undefined` where it cannot.
 */
function unusedEdits(signals: readonly LateRequestUse[], core: Core): readonly Edit[] | undefined {
  const edits: Edit[] = [];
  for (const symbol of new Set(signals.map(({ node }) => symbolOf(rootOf(node), core)))) {
    const declaration = symbol?.valueDeclaration;
    if (symbol === undefined || declaration === undefined) continue;
    const left = referencesInFileOf(symbol, core).filter(
      (name) => !signals.some(({ node }) => isInside(name, node) || isInside(name, node.parent)),
    );
    if (left.length > 0) continue;
    const edit = unnamed(declaration);
    if (edit === undefined) return undefined;
    edits.push(edit);
  }
  return edits;
}

function unnamed(declaration: ts.Declaration): Edit | undefined {
  if (ts.isParameter(declaration)) {
    const { parameters } = declaration.parent;
    const { name } = declaration;
    if (!ts.isIdentifier(name)) return undefined;
    const isBracketed = parameters.length > 1 || /^(?:async\s*)?\(/.test(declaration.parent.getText());
    if (parameters.at(-1) === declaration && isBracketed) return removeElement(declaration, parameters);
    return replace(name, `_${name.text}`);
  }
  if (ts.isVariableDeclaration(declaration)) return removeVariable(declaration);
  if (!isBindingElement(declaration) || !ts.isObjectBindingPattern(declaration.parent)) return undefined;
  const pattern = declaration.parent;
  if (pattern.elements.length > 1) return removeElement(declaration, pattern.elements);
  return ts.isVariableDeclaration(pattern.parent) ? removeVariable(pattern.parent) : undefined;
}

function withoutSignals(signals: readonly LateRequestUse[]): readonly Edit[] | undefined {
  const edits: Edit[] = [];
  for (const { node } of signals) {
    const { parent } = node;
    const isProperty = ts.isPropertyAssignment(parent) || ts.isShorthandPropertyAssignment(parent);
    if (!isProperty || hasComment(parent.parent)) return undefined;
    const literal = parent.parent;
    const holder = literal.parent;
    const isLast = ts.isCallExpression(holder) && holder.arguments.at(-1) === literal && holder.arguments.length > 1;
    edits.push(
      literal.properties.length === 1 && isLast
        ? removeElement(literal, holder.arguments)
        : literal.properties.length === 1
          ? replace(literal, '{}')
          : removeElement(parent, literal.properties),
    );
  }
  return edits;
}

function bounded({ node }: LateRequestUse): Edit {
  const { parent } = node;
  const text = `AbortSignal.timeout(${TIMEOUT})`;
  return replace(node, ts.isShorthandPropertyAssignment(parent) ? `${parent.name.text}: ${text}` : text);
}
