import * as ts from 'typescript';
import { bare, type Core, elementKindOf, isThenable, partsOf } from '../../analysis/index.ts';

/** What a reset is written for. */
export interface ResetWish {
  /** The expression that stands for the object: a name, `this`. */
  readonly object: string;
  readonly type: ts.Type;
  /** Parts that must be brought back; `''` stands for the object itself. */
  readonly fields: ReadonlySet<string>;
  /** Expressions that make a new object of this type. */
  readonly fresh: readonly ts.Expression[];
  /** Fields whose value is kept by somebody: they get a new one. */
  readonly kept: ReadonlySet<string>;
  /** Fields that the pool itself sets. */
  readonly managed: ReadonlySet<string>;
  /** May private members be named: is it written inside the class? */
  readonly isInside: boolean;
}

const OWN = ['reset', 'clear'];

/** Statements that bring an object back to its initial state, by its type; `undefined` where that is not known of every part that matters. */
export function resetText(wish: ResetWish, core: Core): readonly string[] | undefined {
  const own = wish.isInside ? undefined : wholeText(wish.object, wish.type, core);
  return own === undefined ? recordText(wish, core) : [own];
}

/** The one statement for a type that has a way of its own: `reset()`, `length = 0`, `clear()`, `fill(0)`. */
export function wholeText(object: string, type: ts.Type, core: Core): string | undefined {
  const { checker } = core;
  const kind = elementKindOf(type, checker);
  if (kind !== undefined) return `${object}.fill(${kind === 'bigint' ? '0n' : '0'});`;
  if (checker.isArrayType(type)) return isReadonlyArray(type) ? undefined : `${object}.length = 0;`;
  const method = OWN.find((name) => isCalledBare(type, name, core));
  return method === undefined ? undefined : `${object}.${method}();`;
}

function isReadonlyArray(type: ts.Type): boolean {
  return (type.symbol as ts.Symbol | undefined)?.name === 'ReadonlyArray';
}

function isCalledBare(type: ts.Type, name: string, { checker }: Core): boolean {
  const member = checker.getPropertyOfType(type, name);
  if (member === undefined || isHidden(member)) return false;
  return checker
    .getTypeOfSymbol(member)
    .getCallSignatures()
    .some(
      (signature) =>
        signature.parameters.every((parameter) => isOptionalParameter(parameter)) &&
        !isThenable(checker.getReturnTypeOfSignature(signature), checker),
    );
}

function isOptionalParameter({ valueDeclaration }: ts.Symbol): boolean {
  return (
    valueDeclaration !== undefined &&
    ts.isParameter(valueDeclaration) &&
    (valueDeclaration.questionToken !== undefined ||
      valueDeclaration.initializer !== undefined ||
      valueDeclaration.dotDotDotToken !== undefined)
  );
}

function isHidden({ valueDeclaration }: ts.Symbol): boolean {
  if (valueDeclaration === undefined) return false;
  const flags = ts.getCombinedModifierFlags(valueDeclaration);
  const name = ts.getNameOfDeclaration(valueDeclaration);
  return (
    (flags & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) !== 0 ||
    (name !== undefined && ts.isPrivateIdentifier(name))
  );
}

/** Field by field. */
function recordText(wish: ResetWish, core: Core): readonly string[] | undefined {
  const { fields, isInside, object, type } = wish;
  const lines: string[] = [];
  const done = new Set<string>();
  const isWhole = fields.has('');
  if (core.checker.getIndexInfosOfType(type).length > 0) return undefined;
  for (const property of propertiesOf(type, core)) {
    const declaration = property.valueDeclaration;
    if (declaration === undefined || isMethodLike(declaration)) continue;
    const name = declaredName(property);
    if (wish.managed.has(name)) continue;
    if (isHidden(property) && !isInside) {
      if (isWhole || fields.has(name)) return undefined;
      continue;
    }
    const text = fieldText(property, `${object}.${name}`, wish, core);
    if (text === undefined) {
      const isFixed = (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Readonly) !== 0;
      if (fields.has(name) || (isWhole && !isFixed)) return undefined;
      continue;
    }
    lines.push(text);
    done.add(name);
  }
  const isMissing = [...fields].some((field) => field !== '' && !done.has(field));
  return lines.length === 0 || isMissing ? undefined : lines;
}

function propertiesOf(type: ts.Type, { checker }: Core): readonly ts.Symbol[] {
  return checker.getPropertiesOfType(type);
}

function declaredName({ name, valueDeclaration }: ts.Symbol): string {
  const declared = valueDeclaration === undefined ? undefined : ts.getNameOfDeclaration(valueDeclaration);
  return declared !== undefined && (ts.isIdentifier(declared) || ts.isPrivateIdentifier(declared))
    ? declared.text
    : name;
}

function isMethodLike(declaration: ts.Declaration): boolean {
  return (
    ts.isMethodDeclaration(declaration) ||
    ts.isMethodSignature(declaration) ||
    ts.isAccessor(declaration) ||
    ts.isFunctionLike(declaration)
  );
}

function fieldText(property: ts.Symbol, access: string, wish: ResetWish, core: Core): string | undefined {
  const { checker } = core;
  const type = checker.getTypeOfSymbol(property);
  const declaration = property.valueDeclaration as ts.Declaration;
  const isFixed = (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Readonly) !== 0;
  const isKept = wish.kept.has(property.name);
  const whole = isKept ? undefined : wholeText(access, type, core);
  if (whole !== undefined) return whole;
  if (isFixed) return undefined;
  const initial = initialText(declaration, property.name, wish);
  const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0;
  const isExact = core.program.getCompilerOptions().exactOptionalPropertyTypes === true;
  if (initial !== undefined && (initial !== 'undefined' || !isExact)) return `${access} = ${initial};`;
  if (isKept && checker.isArrayType(type)) return `${access} = [];`;
  if (isOptional && isExact) return `delete ${access};`;
  if (isOptional || mayBe(type, ts.TypeFlags.Undefined)) return `${access} = undefined;`;
  return mayBe(type, ts.TypeFlags.Null) ? `${access} = null;` : undefined;
}

function mayBe(type: ts.Type, flag: ts.TypeFlags): boolean {
  const parts = type.isUnion() ? type.types : [type];
  return parts.some(({ flags }) => (flags & flag) !== 0);
}

/** The value that a new object has there, if it is written out: by the field's own declaration, or where a new object is made. */
function initialText(declaration: ts.Declaration, name: string, { fresh }: ResetWish): string | undefined {
  if (ts.isPropertyDeclaration(declaration) && declaration.initializer !== undefined)
    return constantText(declaration.initializer);
  const texts = new Set(
    fresh.flatMap((each) => {
      if (!ts.isObjectLiteralExpression(each)) return [];
      const given = each.properties.find((one) => one.name?.getText() === name);
      return given !== undefined && ts.isPropertyAssignment(given)
        ? [constantText(given.initializer) ?? '']
        : ['undefined'];
    }),
  );
  const [text] = texts;
  return texts.size === 1 && text !== '' ? text : undefined;
}

function constantText(value: ts.Expression): string | undefined {
  const node = bare(value);
  const isConstant =
    ts.isNumericLiteral(node) ||
    ts.isStringLiteral(node) ||
    ts.isNoSubstitutionTemplateLiteral(node) ||
    (ts.isPrefixUnaryExpression(node) && ts.isNumericLiteral(node.operand)) ||
    (ts.isIdentifier(node) && node.text === 'undefined') ||
    [ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword, ts.SyntaxKind.NullKeyword].includes(node.kind) ||
    (ts.isArrayLiteralExpression(node) && node.elements.length === 0) ||
    (ts.isObjectLiteralExpression(node) && node.properties.length === 0) ||
    (ts.isNewExpression(node) && (node.arguments ?? []).length === 0 && node.typeArguments === undefined);
  return isConstant ? node.getText() : undefined;
}

/** The declaration of the class whose instances a type describes, if it is written in this file and has a place for a method. */
export function classIn(type: ts.Type, file: ts.SourceFile, core: Core): ts.ClassLikeDeclaration | undefined {
  const [only, ...others] = partsOf(type, core.checker);
  const declaration = only?.getSymbol()?.valueDeclaration;
  if (others.length > 0 || declaration === undefined || !ts.isClassLike(declaration)) return undefined;
  return declaration.getSourceFile() === file ? declaration : undefined;
}
