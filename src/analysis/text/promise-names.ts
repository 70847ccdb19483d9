import * as ts from 'typescript';
import { type Core, defineFact } from '../facts.ts';
import { bare } from '../syntax/expressions.ts';
import { hasModifier } from '../syntax/functions.ts';
import { codeFiles, ownFiles } from './files.ts';

/** What the text of one file says about names of functions. */
interface NamesOfFile {
  /** Declared with a body or a signature. */
  readonly declared: ReadonlySet<string>;
  /** Those with a body. */
  readonly coded: ReadonlySet<string>;
  /** Declared `async`, or with a result whose written type mentions a promise. */
  readonly direct: ReadonlySet<string>;
  /** Names that stand for, or return the result of, another name. */
  readonly behind: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Names of the project's own functions, by whether one of them may give a promise. */
export interface PromiseNames {
  readonly declared: ReadonlySet<string>;
  readonly promising: ReadonlySet<string>;
}

const namesOfFile = defineFact<ts.SourceFile, NamesOfFile>({
  name: 'promise-names-of-file',
  scope: 'text',
  compute(file) {
    const declared = new Set<string>();
    const coded = new Set<string>();
    const direct = new Set<string>();
    const behind = new Map<string, Set<string>>();
    const link = (name: string, other: string | undefined): void => {
      if (other === undefined || other === name) return;
      const known = behind.get(name);
      if (known === undefined) behind.set(name, new Set([other]));
      else known.add(other);
    };
    const declare = (name: string, node: ts.SignatureDeclaration): void => {
      declared.add(name);
      if ('body' in node && node.body !== undefined) coded.add(name);
      if (isAsyncLike(node)) direct.add(name);
      else
        for (const result of resultsOf(node)) for (const other of namesBehind(result, direct, name)) link(name, other);
    };
    const visit = (node: ts.Node): void => {
      if (ts.isToken(node)) return;
      if (ts.isFunctionLike(node)) {
        const name = nameOfFunction(node);
        if (name !== undefined) declare(name, node);
        if (hasModifier(node, ts.SyntaxKind.DefaultKeyword)) declare('default', node);
      } else if (ts.isExportAssignment(node)) {
        for (const other of namesBehind(node.expression, direct, 'default')) link('default', other);
      } else if (ts.isImportClause(node)) {
        if (node.name !== undefined) link(node.name.text, 'default');
      } else if (
        ts.isVariableDeclaration(node) ||
        ts.isPropertyDeclaration(node) ||
        ts.isPropertySignature(node) ||
        ts.isParameter(node) ||
        ts.isPropertyAssignment(node)
      ) {
        const name = textOf(node.name);
        const type = 'type' in node ? node.type : undefined;
        const initializer = 'initializer' in node ? node.initializer : undefined;
        if (name !== undefined) {
          if (type !== undefined && isPromiseText(type)) direct.add(name);
          if (type !== undefined && ts.isFunctionTypeNode(type)) declared.add(name);
          if (initializer !== undefined && !ts.isFunctionLike(bare(initializer))) {
            for (const other of namesBehind(bare(initializer), direct, name)) link(name, other);
          }
        }
      } else if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
        const name = lastNameOf(node.left);
        if (name !== undefined) for (const other of namesBehind(bare(node.right), direct, name)) link(name, other);
      } else if (ts.isBindingElement(node) || ts.isImportSpecifier(node) || ts.isExportSpecifier(node)) {
        const name = textOf(node.name);
        const original = node.propertyName === undefined ? undefined : textOf(node.propertyName);
        if (name !== undefined) link(name, original);
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
    return { declared, coded, direct, behind };
  },
});

/**
 * Names that may stand for a function that gives a promise, told from the text of the project's own files alone: async functions,
 * annotated ones, functions that return the call of one, aliases and wrapped functions.
 *
 * To pass over calls of which no type need be asked. A name that no own file declares may be anything.
 */
const promiseNames = defineFact<ts.Program, PromiseNames>({
  name: 'promise-names',
  scope: 'program',
  compute(program, core) {
    const declared = new Set<string>();
    const promising = new Set<string>();
    for (const file of core.ask(ownFiles, program)) {
      const names = core.ask(namesOfFile, file);
      for (const name of names.declared) declared.add(name);
      for (const name of names.direct) promising.add(name);
    }
    for (const name of promising) for (const user of namesStandingFor(name, core)) promising.add(user);
    return { declared, promising };
  },
});

/** May a function of this name give a promise? No for names that the project declares only for functions that plainly give none. */
export function mayGivePromise(name: string, core: Core): boolean {
  const { declared, promising } = core.ask(promiseNames, core.program);
  return promising.has(name) || !declared.has(name);
}

/** May a function of this name have code in the Program, the sources of other packages of a workspace included? */
export function mayBeDeclared(name: string, core: Core): boolean {
  return core.ask(declaredNames, core.program).has(name);
}

/** The names of functions with code, and all that stand for another name. */
const declaredNames = defineFact<ts.Program, ReadonlySet<string>>({
  name: 'declared-names',
  scope: 'program',
  compute(program, core) {
    const found = new Set<string>();
    for (const file of core.ask(codeFiles, program)) {
      const { behind, coded } = core.ask(namesOfFile, file);
      for (const name of coded) found.add(name);
      for (const name of behind.keys()) found.add(name);
    }
    return found;
  },
});

/** The names that stand for this one, or for what a call of it gives: aliases, renamed imports, wrapped functions. */
export function namesStandingFor(name: string, core: Core): readonly string[] {
  return core.ask(standingNames, core.program).get(name) ?? [];
}

const standingNames = defineFact<ts.Program, ReadonlyMap<string, readonly string[]>>({
  name: 'standing-names',
  scope: 'program',
  compute(program, core) {
    const found = new Map<string, string[]>();
    for (const file of core.ask(codeFiles, program)) {
      for (const [name, others] of core.ask(namesOfFile, file).behind) {
        for (const other of others) {
          const known = found.get(other);
          if (known === undefined) found.set(other, [name]);
          else known.push(name);
        }
      }
    }
    return found;
  },
});

/** Does the project declare a function of this name that may give a promise? */
export function isPromising(name: string, core: Core): boolean {
  return core.ask(promiseNames, core.program).promising.has(name);
}

/** The last name of a callee or target: `send` in `this.mailer.send`, `'send'` in `mailer['send']`. */
export function lastNameOf(expression: ts.Expression): string | undefined {
  const node = bare(expression);
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression))
    return node.argumentExpression.text;
  return undefined;
}

/** The name of a function, or of the variable, field or property that it is the value of. */
export function nameOfFunction(node: ts.SignatureDeclaration): string | undefined {
  if (node.name !== undefined) return textOf(node.name);
  const { parent } = node;
  if (
    ts.isVariableDeclaration(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isParameter(parent) ||
    ts.isPropertySignature(parent)
  )
    return textOf(parent.name);
  if (ts.isBinaryExpression(parent)) return lastNameOf(parent.left);
  return undefined;
}

function textOf(name: ts.BindingName | ts.PropertyName | ts.ModuleExportName): string | undefined {
  return ts.isIdentifier(name) || ts.isPrivateIdentifier(name) || ts.isStringLiteralLike(name) ? name.text : undefined;
}

function isAsyncLike(node: ts.SignatureDeclaration): boolean {
  if (ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword))
    return true;
  return node.type !== undefined && isPromiseText(node.type);
}

function isPromiseText(type: ts.TypeNode): boolean {
  return /Promise|Thenable|Async/.test(type.getText());
}

/** What a function returns, nested functions left out. */
function resultsOf(node: ts.SignatureDeclaration): readonly ts.Expression[] {
  if (!('body' in node) || node.body === undefined) return [];
  const body = node.body;
  if (!ts.isBlock(body)) return [bare(body)];
  const found: ts.Expression[] = [];
  const visit = (inner: ts.Node): void => {
    if (ts.isToken(inner) || ts.isFunctionLike(inner)) return;
    if (ts.isReturnStatement(inner) && inner.expression !== undefined) found.push(bare(inner.expression));
    ts.forEachChild(inner, visit);
  };
  ts.forEachChild(body, visit);
  return found;
}

/** The names whose promise an expression may be; one that is a promise or an async function by its own text makes `name` direct. */
function namesBehind(expression: ts.Expression, direct: Set<string>, name: string): readonly string[] {
  const node = bare(expression);
  if (ts.isConditionalExpression(node))
    return [...namesBehind(node.whenTrue, direct, name), ...namesBehind(node.whenFalse, direct, name)];
  if (ts.isBinaryExpression(node))
    return [...namesBehind(node.left, direct, name), ...namesBehind(node.right, direct, name)];
  if (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)) return nameAt(node);
  if (ts.isFunctionLike(node)) {
    if (isAsyncLike(node)) direct.add(name);
    else return resultsOf(node).flatMap((result) => namesBehind(result, direct, name));
    return [];
  }
  if (ts.isNewExpression(node)) {
    if (lastNameOf(node.expression) === 'Promise') direct.add(name);
    return [];
  }
  if (!ts.isCallExpression(node)) return [];
  const callee = lastNameOf(node.expression);
  const receiver = ts.isPropertyAccessExpression(node.expression) ? bare(node.expression.expression) : undefined;
  if (receiver !== undefined && (callee === 'then' || callee === 'catch' || callee === 'finally')) direct.add(name);
  if (receiver !== undefined && ts.isIdentifier(receiver) && receiver.text === 'Promise') direct.add(name);
  // `wrap(fn)`, `fn.bind(this)`: what is wrapped decides as well as what wraps.
  const bound = callee === 'bind' && receiver !== undefined ? nameAt(receiver) : [];
  const given = node.arguments.flatMap((argument): readonly string[] => {
    const inner = bare(argument);
    if (ts.isFunctionLike(inner)) return namesBehind(inner, direct, name);
    return ts.isIdentifier(inner) || ts.isPropertyAccessExpression(inner) ? nameAt(inner) : [];
  });
  return [...nameAt(node.expression), ...bound, ...given];
}

function nameAt(expression: ts.Expression): readonly string[] {
  const name = lastNameOf(expression);
  return name === undefined ? [] : [name];
}
