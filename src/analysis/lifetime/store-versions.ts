import * as ts from 'typescript';
import type { Core } from '../facts.ts';
import { isConst, symbolOf } from '../places/symbols.ts';
import { bare } from '../syntax/expressions.ts';
import { codeFiles } from '../text/files.ts';
import { calledName, chainOf, receiverOf, type StoreCall } from './store-calls.ts';
import { hasOption } from './store-guards.ts';

/** How far names are followed. */
const MOST_STEPS = 4;

/**
 * Does the store refuse the write when the row has changed since the read, by an option of the schema?
 *
 * Doubt: a schema that cannot be followed has the option if the program speaks of it anywhere.
 */
export function isVersioned(read: StoreCall, write: StoreCall, core: Core): boolean {
  const option = write.row.store.versionedBy;
  if (option === undefined) return false;
  const texts = core.ask(codeFiles, core.program).flatMap(({ text }) => (text.includes(option) ? [text] : []));
  if (texts.length === 0) return false;
  const [first] = chainOf(read.call);
  const model = first === undefined ? undefined : receiverOf(first);
  const schema = model === undefined ? undefined : schemaOf(model, core, MOST_STEPS);
  if (schema === undefined) return true;
  const given = schema.arguments?.[1];
  const options = given === undefined ? undefined : made(given, core, MOST_STEPS);
  if (options !== undefined && (!isWholeLiteral(options) || hasOption(options, [option]))) return true;
  // `schema.set('option', true)`, here or in a plugin.
  return texts.some((text) => new RegExp(`(['"\`])${option}\\1`).test(text));
}

/** `new Schema(…)` of `model('Order', schema)`. */
function schemaOf(model: ts.Expression, core: Core, steps: number): ts.NewExpression | undefined {
  const node = made(model, core, steps);
  // `models.Order ?? model('Order', schema)`
  if (ts.isBinaryExpression(node)) return schemaOf(node.right, core, steps - 1);
  const given = ts.isCallExpression(node) && calledName(node) === 'model' ? node.arguments[1] : undefined;
  const schema = given === undefined ? undefined : made(given, core, steps);
  return schema !== undefined && ts.isNewExpression(schema) ? schema : undefined;
}

/** The value of a constant. */
function made(expression: ts.Expression, core: Core, steps: number): ts.Expression {
  const node = bare(expression);
  const declaration = steps > 0 && ts.isIdentifier(node) ? symbolOf(node, core)?.valueDeclaration : undefined;
  const value =
    declaration !== undefined && ts.isVariableDeclaration(declaration) && isConst(declaration)
      ? declaration.initializer
      : undefined;
  return value === undefined ? node : made(value, core, steps - 1);
}

function isWholeLiteral(node: ts.Expression): boolean {
  return ts.isObjectLiteralExpression(node) && !node.properties.some(ts.isSpreadAssignment);
}
