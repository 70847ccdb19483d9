import * as ts from 'typescript';
import { bare } from '../syntax/expressions.ts';

/**
 * What a statement of SQL leaves behind in its session, or takes away.
 *
 * - `transaction`: an open transaction
 * - `settings`, `listening`, `prepared`, `locks`, `tables`, `database`: session state of that kind
 */
export type SessionPart = 'database' | 'listening' | 'locks' | 'prepared' | 'settings' | 'tables' | 'transaction';

export interface SessionChange {
  readonly leaves?: SessionPart;
  /** `all`: everything but an open transaction. */
  readonly takesAway?: SessionPart | 'all';
}

const CHANGES: readonly (readonly [RegExp, SessionChange])[] = [
  [/^(?:begin|start\s+transaction)\b/, { leaves: 'transaction' }],
  [/^rollback\s+(?:(?:work|transaction)\s+)?to\b/, {}],
  [/^(?:commit|rollback|end|abort)\b/, { takesAway: 'transaction' }],
  [/^discard\s+all\b/, { takesAway: 'all' }],
  [/^discard\s+temp(?:orary)?\b/, { takesAway: 'tables' }],
  [/^set\s+(?:local|transaction|constraints)\b/, {}],
  [/^set\b[^,]*(?:=|\bto\b)\s*default\s*$/, { takesAway: 'settings' }],
  [/^set\b/, { leaves: 'settings' }],
  [/^reset\b/, { takesAway: 'settings' }],
  [/^listen\b/, { leaves: 'listening' }],
  [/^unlisten\b/, { takesAway: 'listening' }],
  [/^prepare\s+transaction\b/, { takesAway: 'transaction' }],
  [/^prepare\b/, { leaves: 'prepared' }],
  [/^deallocate\b/, { takesAway: 'prepared' }],
  [/^use\b/, { leaves: 'database' }],
  [/^create\s+(?:(?:global|local)\s+)?temp(?:orary)?\b(?![\s\S]*\bon\s+commit\s+drop\b)/, { leaves: 'tables' }],
  [/^drop\s+(?:temporary\s+)?table\b/, { takesAway: 'tables' }],
  [/^select\b[\s\S]*\bset_config\s*\([\s\S]*,\s*false\s*\)/, { leaves: 'settings' }],
  [/^select\b[\s\S]*\bpg_(?:try_)?advisory_lock(?:_shared)?\s*\(/, { leaves: 'locks' }],
  [/^select\b[\s\S]*\bpg_advisory_unlock(?:_shared|_all)?\s*\(/, { takesAway: 'locks' }],
  [/^select\b[\s\S]*\bget_lock\s*\(/, { leaves: 'locks' }],
  [/^select\b[\s\S]*\brelease_(?:all_)?locks?\s*\(/, { takesAway: 'locks' }],
];

/** `$$ … $$`, `$body$ … $body$`: the body of a function. */
const DOLLAR_QUOTED = /\$([a-z_]\w*)?\$[\s\S]*?\$\1\$/gi;

/** What the statements of a text do to the session, in their order. */
export function sessionChangesOf(text: string): readonly SessionChange[] {
  return text
    .replace(DOLLAR_QUOTED, '')
    .split(';')
    .flatMap((statement) => {
      const plain = statement.replace(/^(?:\s+|--[^\n]*\n|\/\*[\s\S]*?\*\/)+/, '').toLowerCase();
      const change = CHANGES.find(([pattern]) => pattern.test(plain))?.[1];
      return change === undefined || Object.keys(change).length === 0 ? [] : [change];
    });
}

/** What a statement may read, where it is written out: both sides of `ok ? 'COMMIT' : 'ROLLBACK'`, all values of `'COMMIT' | 'ROLLBACK'`. */
export function statementTextsOf(
  given: ts.Expression | undefined,
  checker: ts.TypeChecker,
): readonly string[] | undefined {
  const node = given === undefined ? undefined : bare(given);
  if (node !== undefined && ts.isConditionalExpression(node)) {
    const [left, right] = [statementTextsOf(node.whenTrue, checker), statementTextsOf(node.whenFalse, checker)];
    return left === undefined || right === undefined ? undefined : [...left, ...right];
  }
  const text = statementTextOf(given, checker);
  if (text !== undefined || node === undefined) return text === undefined ? undefined : [text];
  if (!ts.isIdentifier(node) && !ts.isPropertyAccessExpression(node) && !ts.isElementAccessExpression(node))
    return undefined;
  const type = checker.getTypeAtLocation(node);
  const texts = type.isUnion() ? type.types.map((part) => (part.isStringLiteral() ? part.value : undefined)) : [];
  const known = texts.filter((each) => each !== undefined);
  return known.length > 0 && known.length === texts.length ? known : undefined;
}

/**
 * The text of a statement that is written out: a string, a template, the `text` of an options object; a constant, where the checker can
 * be asked for its value.
 */
export function statementTextOf(given: ts.Expression | undefined, checker?: ts.TypeChecker): string | undefined {
  if (given === undefined) return undefined;
  const node = bare(given);
  if (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)) {
    const type = checker?.getTypeAtLocation(node);
    return type?.isStringLiteral() === true ? type.value : undefined;
  }
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) {
    return node.head.text + node.templateSpans.map(({ literal }) => `?${literal.text}`).join('');
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const head = statementTextOf(node.left, checker);
    return head === undefined ? undefined : head + (statementTextOf(node.right, checker) ?? '?');
  }
  if (ts.isTaggedTemplateExpression(node)) return statementTextOf(node.template);
  if (ts.isObjectLiteralExpression(node)) {
    for (const property of node.properties) {
      const isText =
        property.name !== undefined && ts.isIdentifier(property.name) && ['sql', 'text'].includes(property.name.text);
      if (isText && ts.isPropertyAssignment(property)) return statementTextOf(property.initializer, checker);
    }
  }
  return undefined;
}
