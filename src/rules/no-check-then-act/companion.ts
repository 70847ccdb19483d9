import * as ts from 'typescript';
import { bare, type Core, hasModifier, type LateAct, type Place } from '../../analysis/index.ts';
import {
  type Edit,
  ended,
  endWithComments,
  freeName,
  indentOf,
  isOnOwnLines,
  lineBreakOf,
} from '../../report/edits.ts';
import { isTypeScript } from '../../report/on-error.ts';
import { isRepeatable } from './rewriting.ts';

/** A place beside the one that is filled, which holds the run under way. */
export interface Companion {
  /** As it is written where it is used: `this.pendingClient`. */
  readonly text: string;
  /** A name for a local that holds what lies in it: `pendingClient`. */
  readonly local: string;
  /** For places with entries: the key, as written. */
  readonly key: string | undefined;
  readonly declaration: Edit;
}

/** The declaration whose variable or field is filled, or holds the entry that is. */
type Home = ts.PropertyDeclaration | ts.VariableDeclaration;

/**
 * A field or variable for the promise of the run under way, declared beside the place; for an entry of a map another map.
 *
 * @param result the type of the promise's value as text, where it is not the one of the place
 * @param called what it is named after, where that is not the place
 */
export function companionOf(
  found: LateAct,
  result: string | undefined,
  core: Core,
  called?: string,
): Companion | undefined {
  const { act, fn, place } = found;
  const home = homeOf(place);
  const file = fn.getSourceFile();
  if (home?.getSourceFile() !== file || act.node.getSourceFile() !== file) return undefined;
  const last = place.path.at(-1);
  const key = last?.is === 'entry' ? keyTextOf(act.node) : undefined;
  if (last?.is === 'contents' || (last?.is === 'entry' && key === undefined)) return undefined;
  const types = typesOf(home, key !== undefined, core);
  const value = result ?? types?.value;
  if (value === undefined || types === undefined) return undefined;
  const own = home.name.getText();
  const isPrivate = own.startsWith('#');
  const plain = (called ?? own).replace(/^[#_$]+/, '');
  const local = freeName(`pending${plain.charAt(0).toUpperCase()}${plain.slice(1)}`, file);
  const name = `${isPrivate ? '#' : ''}${local}`;
  const holder = ts.isPropertyDeclaration(home) ? holderText(home) : '';
  const declaration = declare(home, name, key === undefined ? undefined : types.key, value);
  if (holder === undefined || declaration === undefined) return undefined;
  return { text: `${holder}${name}`, local, key, declaration };
}

function homeOf({ path, root }: Place): Home | undefined {
  const [first, second] = path;
  if (root.is === 'binding' && ts.isClassLike(root.declaration)) return fieldOf(root.declaration, path);
  if (root.is === 'binding') {
    const isWhole = first === undefined || (first.is === 'entry' && second === undefined);
    return isWhole && ts.isVariableDeclaration(root.declaration) ? root.declaration : undefined;
  }
  return root.is === 'instance' ? fieldOf(root.of, path) : undefined;
}

/** The field of a class, instance or static, that a path from it begins with. */
function fieldOf(owner: ts.ClassLikeDeclaration, path: Place['path']): ts.PropertyDeclaration | undefined {
  const [first, second] = path;
  if (first?.is !== 'property' || (second !== undefined && (second.is !== 'entry' || path.length > 2)))
    return undefined;
  return owner.members.find(
    (member): member is ts.PropertyDeclaration =>
      ts.isPropertyDeclaration(member) && member.name.getText() === first.name,
  );
}

/** The key of the entry, where it may be evaluated again. */
function keyTextOf(node: ts.Node): string | undefined {
  const key = ts.isCallExpression(node)
    ? node.arguments[0]
    : ts.isElementAccessExpression(node)
      ? node.argumentExpression
      : undefined;
  return key !== undefined && isRepeatable(key) ? key.getText() : undefined;
}

/** Types of the language whose arguments are key and value. */
const KEYED = /^(?:Map|Record|WeakMap)$/;

/** What the place holds, and under what, as its declaration says. */
function typesOf(
  home: Home,
  isKeyed: boolean,
  core: Core,
): { readonly key: string; readonly value: string } | undefined {
  if (!isKeyed) {
    const value = home.type === undefined ? inferredText(home, core) : withoutNothing(home.type);
    return value === undefined ? undefined : { key: '', value };
  }
  const made = home.initializer === undefined ? undefined : bare(home.initializer);
  const named =
    home.type !== undefined && ts.isTypeReferenceNode(home.type)
      ? { name: home.type.typeName, given: home.type.typeArguments }
      : made !== undefined && ts.isNewExpression(made)
        ? { name: made.expression, given: made.typeArguments }
        : undefined;
  // Of others it is not known which argument is the key.
  if (named === undefined || !KEYED.test(named.name.getText())) return undefined;
  const [key, value] = named.given ?? [];
  return key === undefined || value === undefined
    ? undefined
    : { key: key.getText(), value: withoutNothing(value) ?? value.getText() };
}

/** `Client | undefined` → `Client` */
function withoutNothing(type: ts.TypeNode): string | undefined {
  if (!ts.isUnionTypeNode(type)) return type.getText();
  const parts = type.types.filter(
    (part) =>
      part.kind !== ts.SyntaxKind.UndefinedKeyword &&
      !(ts.isLiteralTypeNode(part) && part.literal.kind === ts.SyntaxKind.NullKeyword),
  );
  return parts.length === 0 ? undefined : parts.map((part) => part.getText()).join(' | ');
}

function inferredText(home: Home, { checker }: Core): string | undefined {
  const type = checker.getNonNullableType(checker.getTypeAtLocation(home.name));
  return typeText(type, home, checker);
}

/** The type as it may be written there; `undefined` for what has no short name. */
export function typeText(type: ts.Type, at: ts.Node, checker: ts.TypeChecker): string | undefined {
  const text = checker.typeToString(type, at, ts.TypeFormatFlags.NoTruncation);
  return /import\(|\.\.\.|[{=]|\bany\b|\bnever\b/.test(text) || text.length > 60 ? undefined : text;
}

function holderText(field: ts.PropertyDeclaration): string | undefined {
  if (!hasModifier(field, ts.SyntaxKind.StaticKeyword)) return 'this.';
  return field.parent.name === undefined ? undefined : `${field.parent.name.text}.`;
}

function declare(home: Home, name: string, key: string | undefined, value: string): Edit | undefined {
  const statement = ts.isPropertyDeclaration(home) ? home : home.parent.parent;
  if (ts.isVariableDeclaration(home)) {
    const isAlone =
      ts.isVariableStatement(statement) &&
      statement.declarationList.declarations.length === 1 &&
      isOnOwnLines(statement);
    if (!isAlone) return undefined;
  }
  if (!isOnOwnLines(statement)) return undefined;
  const file = home.getSourceFile();
  const at = endWithComments(statement);
  const text = ended(
    ts.isPropertyDeclaration(home) ? fieldText(home, name, key, value) : variableText(file, name, key, value),
    file,
  );
  return { range: [at, at], text: `${lineBreakOf(file)}${indentOf(statement)}${text}` };
}

function fieldText(field: ts.PropertyDeclaration, name: string, key: string | undefined, value: string): string {
  const isTyped = isTypeScript(field.getSourceFile());
  const isStatic = hasModifier(field, ts.SyntaxKind.StaticKeyword);
  const access = isTyped && !name.startsWith('#') ? 'private ' : '';
  const before = `${access}${isStatic ? 'static ' : ''}`;
  if (key !== undefined) {
    const map = isTyped ? `new Map<${key}, Promise<${value}>>()` : 'new Map()';
    return `${before}${isTyped ? 'readonly ' : ''}${name} = ${map}`;
  }
  if (isTyped) return `${before}${name}?: Promise<${value}>`;
  return `/** @type {Promise<${value}> | undefined} */ ${before}${name}`;
}

function variableText(file: ts.SourceFile, name: string, key: string | undefined, value: string): string {
  const isTyped = isTypeScript(file);
  if (key !== undefined) return `const ${name} = new Map${isTyped ? `<${key}, Promise<${value}>>` : ''}()`;
  return isTyped
    ? `let ${name}: Promise<${value}> | undefined`
    : `/** @type {Promise<${value}> | undefined} */${lineBreakOf(file)}let ${name}`;
}
