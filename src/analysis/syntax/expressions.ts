import * as ts from 'typescript';

/** The expression without parentheses, `as`, `satisfies`, `!` and type assertions around it: what is evaluated. */
export function bare(node: ts.Expression): ts.Expression;
export function bare(node: ts.Node): ts.Node;
export function bare(node: ts.Node): ts.Node {
  let inner = node;
  while (isWrapper(inner)) inner = inner.expression;
  return inner;
}

/** The outermost wrapper (parentheses, assertions) whose value is this expression's value. */
export function wrapped(node: ts.Node): ts.Node {
  let outer = node;
  for (;;) {
    const parent = outer.parent as ts.Node | undefined;
    if (parent === undefined || !isWrapper(parent)) return outer;
    outer = parent;
  }
}

function isWrapper(
  node: ts.Node,
): node is
  ts.AsExpression | ts.NonNullExpression | ts.ParenthesizedExpression | ts.SatisfiesExpression | ts.TypeAssertion {
  const { SyntaxKind } = ts;
  switch (node.kind) {
    case SyntaxKind.AsExpression:
    case SyntaxKind.NonNullExpression:
    case SyntaxKind.ParenthesizedExpression:
    case SyntaxKind.SatisfiesExpression:
    case SyntaxKind.TypeAssertionExpression:
      return true;
    default:
      return false;
  }
}

/** The expression without parentheses and `!`: what an assertion says of its type stays. */
export function unasserted(node: ts.Expression): ts.Expression {
  let inner = node;
  while (ts.isParenthesizedExpression(inner) || ts.isNonNullExpression(inner)) inner = inner.expression;
  return inner;
}

/** What a call is called on, or what a member is taken of. */
export function receiverOf(expression: ts.Expression): ts.Expression | undefined {
  const node = bare(expression);
  return ts.isPropertyAccessExpression(node) || ts.isCallExpression(node) ? bare(node.expression) : undefined;
}

/** How many calls come before this one in a chain: two in `db.select().from(users).get()`. */
export function callsBefore({ expression }: ts.CallExpression | ts.NewExpression): number {
  let calls = 0;
  for (let node = receiverOf(expression); node !== undefined; node = receiverOf(node)) {
    if (ts.isCallExpression(node)) calls++;
  }
  return calls;
}

/** The name of the member that is accessed, if the text says it. */
export function accessedNameOf(node: ts.ElementAccessExpression | ts.PropertyAccessExpression): string | undefined {
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  const index = bare(node.argumentExpression);
  return ts.isStringLiteralLike(index) ? index.text : undefined;
}

/** Is the operator one of `=`, `+=`, `??=` and the like? */
export function isAssignmentOperator(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

/** Is it one of `&&=`, `||=`, `??=`, which write only on one branch? */
export function isLogicalAssignmentOperator(kind: ts.SyntaxKind): boolean {
  return (
    kind === ts.SyntaxKind.AmpersandAmpersandEqualsToken ||
    kind === ts.SyntaxKind.BarBarEqualsToken ||
    kind === ts.SyntaxKind.QuestionQuestionEqualsToken
  );
}

/** `undefined`, `null` or `false`, as written: what a place holds that holds nothing. */
export function isUnset(value: ts.Expression): boolean {
  if (value.kind === ts.SyntaxKind.NullKeyword || value.kind === ts.SyntaxKind.FalseKeyword) return true;
  return ts.isIdentifier(value) && value.text === 'undefined';
}

/** The promise to which `.then`, `.catch` and `.finally` are hooked. */
export function startOfChain(promise: ts.Expression): ts.Expression {
  const call = bare(promise);
  const callee = ts.isCallExpression(call) ? bare(call.expression) : undefined;
  const isLink =
    callee !== undefined && ts.isPropertyAccessExpression(callee) && /^(?:then|catch|finally)$/.test(callee.name.text);
  return isLink ? startOfChain(callee.expression) : call;
}
