import * as ts from 'typescript';
import type { Core } from '../facts.ts';
import { mentions } from '../text/mentions.ts';
import { bare } from '../syntax/expressions.ts';
import { isFunctionNode } from '../syntax/functions.ts';
import { isBindingElement } from '../syntax/bindings.ts';

/** How a logger takes an error. */
export type LoggerStyle =
  /** `logger.error(error)` */
  | { readonly is: 'error' }
  /** `logger.error({ err: error }, 'text')`, under the key that the file uses. */
  | { readonly is: 'object'; readonly key: string; readonly hasText: boolean }
  /** `logger.error('text', error)` */
  | { readonly is: 'text-first' }
  /** `logger.error(String(error))` */
  | { readonly is: 'text' };

/** A logger that code at one place may call. */
export interface LoggerInScope {
  /** How it is written there: `logger`, `this.log`, `server.log`. */
  readonly text: string;
  readonly style: LoggerStyle;
}

const IS_LOG = /^(?:[a-z]*Logger|logger|log|[a-z]+Log)$/i;

/**
 * The logger that the project uses at this place: a variable or import of the file, a field of the class around, a parameter or its
 * `log` (`server.log`). Its type must be a catalogued logger, or have an `error` that takes an error or a text.
 *
 * Loggers that end with a request are left out by asking `isExcluded` of each candidate's type.
 */
export function loggerInScope(
  at: ts.Node,
  core: Core,
  isExcluded: (type: ts.Type) => boolean = () => false,
): LoggerInScope | undefined {
  return ownField(at, core) ?? visibleName(at, core, isExcluded);
}

/** `this.logger`, where `this` is the instance of a class. */
function ownField(at: ts.Node, core: Core): LoggerInScope | undefined {
  const owner = instanceAround(at);
  if (owner === undefined) return undefined;
  const fields = owner.members.flatMap((member): (ts.ParameterDeclaration | ts.PropertyDeclaration)[] => {
    if (ts.isPropertyDeclaration(member) && !isStatic(member)) return [member];
    if (!ts.isConstructorDeclaration(member)) return [];
    return member.parameters.filter((parameter) => ts.isParameterPropertyDeclaration(parameter, member));
  });
  for (const { name } of fields) {
    if ((!ts.isIdentifier(name) && !ts.isPrivateIdentifier(name)) || !IS_LOG.test(name.text.replace(/^[#_]/, '')))
      continue;
    const text = `this.${name.text}`;
    const style = styleOf(core.checker.getTypeAtLocation(name), text, at, core);
    if (style !== undefined) return { text, style };
  }
  return undefined;
}

/** The class whose instance `this` is, no plain function between. */
function instanceAround(at: ts.Node): ts.ClassLikeDeclaration | undefined {
  for (let node = at; !ts.isSourceFile(node); node = node.parent) {
    if (!isFunctionNode(node) || ts.isArrowFunction(node)) continue;
    if (ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node) || isStatic(node)) return undefined;
    return ts.isClassLike(node.parent) && !ts.isClassStaticBlockDeclaration(node) ? node.parent : undefined;
  }
  return undefined;
}

function isStatic(node: ts.Node): boolean {
  return (
    ts.isClassStaticBlockDeclaration(node) ||
    (ts.canHaveModifiers(node) &&
      ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) === true)
  );
}

/** Names visible here, the innermost first; of one scope those called a logger first, then what has a `log`. */
function visibleName(at: ts.Node, core: Core, isExcluded: (type: ts.Type) => boolean): LoggerInScope | undefined {
  const hidden = new Set<string>();
  for (const { name, declaration } of visibleNames(at)) {
    if (hidden.has(name.text)) continue;
    hidden.add(name.text);
    const isLog = IS_LOG.test(name.text);
    const mayHaveLog = ts.isParameter(declaration) || /^(?:app|server|fastify|instance)$/.test(name.text);
    if (!isLog && !mayHaveLog) continue;
    if (isBelow(declaration, at)) continue;
    const type = core.checker.getTypeAtLocation(name);
    if (isExcluded(type)) continue;
    const own = isLog ? styleOf(type, name.text, at, core) : undefined;
    if (own !== undefined) return { text: name.text, style: own };
    const log = isLog
      ? undefined
      : (core.checker.getPropertyOfType(type, 'log') ?? core.checker.getPropertyOfType(type, 'logger'));
    if (log === undefined) continue;
    const logType = core.checker.getTypeOfSymbol(log);
    if (core.api.isA(logType, 'logger') === undefined) continue;
    const text = `${name.text}.${log.name}`;
    const style = styleOf(logType, text, at, core);
    if (style !== undefined) return { text, style };
  }
  return undefined;
}

interface VisibleName {
  readonly name: ts.Identifier;
  readonly declaration: ts.Node;
}

/** Parameters and variables of the functions around, variables and imports of the file. */
function visibleNames(at: ts.Node): readonly VisibleName[] {
  const found: VisibleName[] = [];
  const add = (name: ts.BindingName, declaration: ts.Node): void => {
    if (ts.isIdentifier(name)) found.push({ name, declaration });
    else for (const element of name.elements) if (isBindingElement(element)) add(element.name, declaration);
  };
  const addStatements = (statements: readonly ts.Statement[]): void => {
    for (const statement of statements) {
      if (ts.isVariableStatement(statement))
        for (const declaration of statement.declarationList.declarations) add(declaration.name, declaration);
      if (!ts.isImportDeclaration(statement) || statement.importClause === undefined) continue;
      const { importClause } = statement;
      if (ts.isTypeOnlyImportDeclaration(importClause)) continue;
      if (importClause.name !== undefined) add(importClause.name, statement);
      if (importClause.namedBindings !== undefined && ts.isNamedImports(importClause.namedBindings)) {
        for (const element of importClause.namedBindings.elements)
          if (!element.isTypeOnly) add(element.name, statement);
      }
    }
  };
  for (let node: ts.Node = at; ; node = node.parent) {
    if (ts.isFunctionLike(node)) for (const { name } of node.parameters) add(name, node.parameters[0] as ts.Node);
    if (ts.isBlock(node) || ts.isSourceFile(node)) addStatements(node.statements);
    if (ts.isSourceFile(node)) return found;
  }
}

/** A `const` further down in the same function may not have its value yet. */
function isBelow(declaration: ts.Node, at: ts.Node): boolean {
  return (
    ts.isVariableDeclaration(declaration) &&
    declaration.pos > at.pos &&
    !ts.isSourceFile(declaration.parent.parent.parent)
  );
}

/** How this logger takes an error: as the file calls it elsewhere, else by its type. */
function styleOf(type: ts.Type, text: string, at: ts.Node, core: Core): LoggerStyle | undefined {
  const { checker } = core;
  const member = checker.getPropertyOfType(checker.getNonNullableType(type), 'error');
  if (member === undefined || checker.getNonNullableType(type) !== type) return undefined;
  const signatures = checker.getTypeOfSymbol(member).getCallSignatures();
  if (signatures.length === 0) return undefined;
  const used = usedStyle(text, at, core);
  if (used !== undefined) return used;
  const takes = (signature: ts.Signature, place: number): ts.Type | undefined => {
    const parameter = signature.parameters[place];
    const last = signature.parameters.at(-1);
    const rest = last?.valueDeclaration;
    const isRest = rest !== undefined && ts.isParameter(rest) && rest.dotDotDotToken !== undefined;
    if (isRest && (parameter === undefined || parameter === last)) {
      const list = checker.getTypeOfSymbol(last as ts.Symbol);
      return checker.getIndexTypeOfType(list, ts.IndexKind.Number);
    }
    return parameter === undefined ? undefined : checker.getTypeOfSymbol(parameter);
  };
  const isOpen = (each: ts.Type | undefined): boolean => {
    if (each === undefined) return false;
    // `error<T>(given: T extends string ? … : T)`: a logger that the catalogue knows takes anything.
    if ((each.flags & ts.TypeFlags.Conditional) !== 0) return core.api.isA(type, 'logger') !== undefined;
    const real = (each.flags & ts.TypeFlags.TypeParameter) === 0 ? each : checker.getBaseConstraintOfType(each);
    return real === undefined || (real.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0;
  };
  const isText = (each: ts.Type | undefined): boolean => each !== undefined && (each.flags & ts.TypeFlags.String) !== 0;
  const needs = (signature: ts.Signature): number =>
    signature.parameters.filter(({ valueDeclaration: declaration }) => {
      if (declaration === undefined || !ts.isParameter(declaration)) return false;
      return (
        declaration.questionToken === undefined &&
        declaration.initializer === undefined &&
        declaration.dotDotDotToken === undefined
      );
    }).length;
  const fits = (most: number, ...tests: ((each: ts.Type | undefined) => boolean)[]): boolean =>
    signatures.some(
      (signature) => needs(signature) <= most && tests.every((test, place) => test(takes(signature, place))),
    );
  if (fits(1, isOpen)) return { is: 'error' };
  if (fits(2, isText, isOpen)) return { is: 'text-first' };
  return fits(1, isText) ? { is: 'text' } : undefined;
}

/** As the file calls it elsewhere: `log.error({ err }, 'text')`, `log.error('text', error)`. */
function usedStyle(text: string, at: ts.Node, core: Core): LoggerStyle | undefined {
  for (const { parent } of core.ask(mentions, at.getSourceFile()).get('error') ?? []) {
    if (!ts.isPropertyAccessExpression(parent) || parent.expression.getText() !== text) continue;
    const call = parent.parent;
    if (!ts.isCallExpression(call) || call.expression !== parent) continue;
    const [first, second] = call.arguments.map((argument) => bare(argument));
    if (first === undefined) continue;
    if (ts.isObjectLiteralExpression(first)) {
      const [property, other] = first.properties;
      const key = property?.name !== undefined && ts.isIdentifier(property.name) ? property.name.text : undefined;
      if (key !== undefined && other === undefined && /^(?:err|error|e)$/.test(key))
        return { is: 'object', key: key === 'e' ? 'err' : key, hasText: second !== undefined };
      continue;
    }
    const isError = (node: ts.Expression | undefined): boolean =>
      node !== undefined && ts.isIdentifier(node) && isUnknownish(core.checker.getTypeAtLocation(node));
    if (isTextual(first) && call.arguments.length === 2 && isError(second)) return { is: 'text-first' };
    if (isError(first) && call.arguments.length === 1) return { is: 'error' };
  }
  return undefined;
}

/** An error as it is caught; one that was narrowed before says nothing of what the logger takes. */
function isUnknownish(type: ts.Type): boolean {
  return (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0;
}

function isTextual(node: ts.Expression): boolean {
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
}
