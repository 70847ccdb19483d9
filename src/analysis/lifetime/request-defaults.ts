import * as ts from 'typescript';
import type { Core } from '../facts.ts';
import { mentions } from '../text/mentions.ts';
import { isOneOff } from '../program/one-off.ts';
import { symbolOf } from '../places/symbols.ts';
import { bare, wrapped } from '../syntax/expressions.ts';

/** An object that every request is given as a property: one for all of them. */
export interface RequestDefault {
  readonly call: ts.CallExpression;
  readonly value: ts.Expression;
  /** The name of the property, if it is written out. */
  readonly name: string | undefined;
}

/** Calls of a file that give all requests the same object, array or instance. Functions and plain values may be shared. */
export function requestDefaultsIn(file: ts.SourceFile, core: Core): readonly RequestDefault[] {
  const found: RequestDefault[] = [];
  for (const name of core.api.namesWith('request-default').keys()) {
    if (!file.text.includes(name)) continue;
    for (const node of core.ask(mentions, file).get(name) ?? []) {
      const call = wrapped(node.parent).parent;
      if (!ts.isCallExpression(call) || !ts.isPropertyAccessExpression(node.parent)) continue;
      const member = core.api.plays(call, 'request-default');
      const value = member === undefined ? undefined : core.api.argumentOf(call, member.value);
      const key = member === undefined ? undefined : core.api.argumentOf(call, member.key);
      if (value === undefined || !isObject(value, core)) continue;
      const written = key === undefined ? undefined : bare(key);
      const text = written !== undefined && ts.isStringLiteralLike(written) ? written.text : undefined;
      found.push({ call, value, name: text });
    }
  }
  return found.length === 0 || isOneOff(file, core) ? [] : found;
}

/** Is an object made there, or at the declaration of the constant that is named? An accessor makes one for each request. */
function isObject(value: ts.Expression, core: Core): boolean {
  const inner = bare(value);
  if (ts.isArrayLiteralExpression(inner) || ts.isNewExpression(inner)) return true;
  if (ts.isObjectLiteralExpression(inner)) return !inner.properties.some(isAccessor);
  if (!ts.isIdentifier(inner)) return false;
  const declaration = symbolOf(inner, core)?.valueDeclaration;
  const made = declaration !== undefined && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
  return made !== undefined && !ts.isIdentifier(bare(made)) && isObject(made, core);
}

/** `{ getter() { … } }` */
function isAccessor({ name }: ts.ObjectLiteralElementLike): boolean {
  return name !== undefined && ts.isIdentifier(name) && (name.text === 'getter' || name.text === 'setter');
}
