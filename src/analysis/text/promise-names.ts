import * as ts from 'typescript';
import { type Core, defineFact } from '../facts.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { hasModifier } from '../syntax/functions.ts';
import { codeFiles, ownFiles } from './files.ts';

/** What the text of one file says about names of functions. */
interface NamesOfFile {
  /** Declared with a body or a signature. */
  readonly declared: ReadonlySet<string>;
  /** Those with a body, and those that stand for a function without a name of its own: `wrap(() => send())`. */
  readonly coded: ReadonlySet<string>;
  /** Declared `async`, or with a result whose written type mentions a promise. */
  readonly direct: ReadonlySet<string>;
  /** Names that stand for, or return the result of, another name. */
  readonly behind: ReadonlyMap<string, ReadonlySet<string>>;
  /** Names that mean what another name means: aliases, renamed imports and exports. Those of `behind` hold them too. */
  readonly same: ReadonlyMap<string, ReadonlySet<string>>;
  /** Names that stand for what a call gives, and the names of what is called; the empty one for a callee without a name. */
  readonly results: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Names of the project's own functions, by whether one of them may give a promise. */
export interface PromiseNames {
  readonly declared: ReadonlySet<string>;
  readonly promising: ReadonlySet<string>;
}

const namesOfFile = defineFact<ts.SourceFile, NamesOfFile>({
  name: 'promise-names-of-file',
  scope: 'text',
  compute: (file) => new NameReader(file).read(),
});

/** Reads a file once, from the top to the bottom. */
class NameReader implements NamesOfFile {
  readonly declared = new Set<string>();
  readonly coded = new Set<string>();
  readonly direct = new Set<string>();
  readonly behind = new Map<string, Set<string>>();
  readonly same = new Map<string, Set<string>>();
  readonly results = new Map<string, Set<string>>();
  private readonly file: ts.SourceFile;
  private readonly mentionsPromise: boolean;
  /** The names that stand for what the function being read returns. */
  private owners: readonly string[] = [];
  /** Function expressions further down whose results stand for a name: `wrap(() => send())` in the value of one. */
  private readonly awaited = new Map<ts.Node, string[]>();

  constructor(file: ts.SourceFile) {
    this.file = file;
    this.mentionsPromise = PROMISE_TEXT.test(file.text);
  }

  read(): NamesOfFile {
    this.visit(this.file);
    return this;
  }

  private readonly visit = (node: ts.Node): void => {
    const { SyntaxKind } = ts;
    switch (node.kind) {
      case SyntaxKind.ArrowFunction:
      case SyntaxKind.CallSignature:
      case SyntaxKind.ConstructSignature:
      case SyntaxKind.Constructor:
      case SyntaxKind.ConstructorType:
      case SyntaxKind.FunctionDeclaration:
      case SyntaxKind.FunctionExpression:
      case SyntaxKind.FunctionType:
      case SyntaxKind.GetAccessor:
      case SyntaxKind.IndexSignature:
      case SyntaxKind.MethodDeclaration:
      case SyntaxKind.MethodSignature:
      case SyntaxKind.SetAccessor:
        this.readFunction(node as ts.SignatureDeclaration);
        return;
      case SyntaxKind.ReturnStatement: {
        const { expression } = node as ts.ReturnStatement;
        if (expression !== undefined) for (const owner of this.owners) this.linkAll(owner, expression);
        break;
      }
      case SyntaxKind.ExportAssignment:
        this.becomes('default', (node as ts.ExportAssignment).expression);
        break;
      case SyntaxKind.ImportClause: {
        const { name } = node as ts.ImportClause;
        if (name !== undefined) this.rename(name.text, 'default');
        break;
      }
      case SyntaxKind.NamespaceImport:
        this.rename((node as ts.NamespaceImport).name.text, 'default');
        break;
      case SyntaxKind.ImportEqualsDeclaration: {
        const { name, moduleReference } = node as ts.ImportEqualsDeclaration;
        this.rename(name.text, ts.isExternalModuleReference(moduleReference) ? 'default' : lastOf(moduleReference));
        break;
      }
      case SyntaxKind.Parameter:
      case SyntaxKind.PropertyAssignment:
      case SyntaxKind.PropertyDeclaration:
      case SyntaxKind.PropertySignature:
      case SyntaxKind.VariableDeclaration:
        this.readNamed(node as NamedValue);
        break;
      case SyntaxKind.BinaryExpression: {
        const { left, operatorToken, right } = node as ts.BinaryExpression;
        const name = operatorToken.kind === SyntaxKind.EqualsToken ? lastNameOf(left) : undefined;
        if (name !== undefined) this.becomes(name, right);
        if (name === 'exports') this.rename('default', name);
        break;
      }
      case SyntaxKind.BindingElement:
      case SyntaxKind.ExportSpecifier:
      case SyntaxKind.ImportSpecifier: {
        const { name: bound, propertyName } = node as ts.BindingElement | ts.ExportSpecifier | ts.ImportSpecifier;
        const name = propertyName === undefined ? undefined : textOf(bound);
        if (name !== undefined && propertyName !== undefined) this.rename(name, textOf(propertyName));
        break;
      }
      default:
        if (ts.isToken(node)) return;
    }
    ts.forEachChild(node, this.visit);
  };

  private readFunction(node: ts.SignatureDeclaration): void {
    const names: string[] = [];
    const own = nameOfFunction(node);
    if (own !== undefined) names.push(own);
    if (hasModifier(node, ts.SyntaxKind.DefaultKeyword)) names.push('default');
    const body = 'body' in node ? node.body : undefined;
    for (const name of names) {
      this.declared.add(name);
      if (body !== undefined) this.coded.add(name);
    }
    if (this.isAsyncLike(node)) {
      for (const name of names) this.direct.add(name);
      names.length = 0;
    } else names.push(...(this.awaited.get(node) ?? []));
    const outer = this.owners;
    this.owners = names;
    if (body !== undefined && !ts.isBlock(body)) for (const name of names) this.linkAll(name, body);
    ts.forEachChild(node, this.visit);
    this.owners = outer;
  }

  private readNamed(node: NamedValue): void {
    const name = textOf(node.name);
    if (name === undefined) return;
    const type = 'type' in node ? node.type : undefined;
    const initializer = 'initializer' in node ? node.initializer : undefined;
    if (type !== undefined) {
      if (this.isPromiseText(type)) this.direct.add(name);
      if (ts.isFunctionTypeNode(type)) this.declared.add(name);
    }
    if (initializer !== undefined && !ts.isFunctionLike(bare(initializer))) this.becomes(name, initializer);
  }

  /** A name gets the value of an expression. */
  private becomes(name: string, expression: ts.Expression): void {
    this.linkAll(name, expression);
    const node = bare(expression);
    if (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)) this.rename(name, lastNameOf(node));
    else if (ts.isCallExpression(node) && isRequire(node)) this.rename(name, 'default');
  }

  private rename(name: string, other: string | undefined): void {
    this.link(name, other);
    if (other !== undefined && other !== name) addTo(this.same, name, other);
  }

  private link(name: string, other: string | undefined): void {
    if (other !== undefined && other !== name) addTo(this.behind, name, other);
  }

  /** Links a name to those whose promise or code an expression may be; one that is a promise by its own text makes it direct. */
  private linkAll(name: string, expression: ts.Expression): void {
    const node = bare(expression);
    if (ts.isConditionalExpression(node)) {
      this.linkAll(name, node.whenTrue);
      this.linkAll(name, node.whenFalse);
    } else if (ts.isBinaryExpression(node)) {
      this.linkAll(name, node.left);
      this.linkAll(name, node.right);
    } else if (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)) {
      this.link(name, lastNameOf(node));
    } else if (ts.isFunctionLike(node)) {
      this.linkFunction(name, node);
    } else if (ts.isNewExpression(node)) {
      if (lastNameOf(node.expression) === 'Promise') this.direct.add(name);
    } else if (ts.isCallExpression(node)) {
      this.linkCall(name, node);
    }
  }

  private linkFunction(name: string, node: ts.SignatureDeclaration): void {
    this.coded.add(name);
    if (this.isAsyncLike(node)) {
      this.direct.add(name);
      return;
    }
    const known = this.awaited.get(node);
    if (known === undefined) this.awaited.set(node, [name]);
    else known.push(name);
  }

  private linkCall(name: string, node: ts.CallExpression): void {
    const callee = isRequire(node) ? 'default' : lastNameOf(node.expression);
    this.link(name, callee);
    addTo(this.results, name, callee ?? '');
    const receiver = ts.isPropertyAccessExpression(node.expression) ? bare(node.expression.expression) : undefined;
    if (receiver !== undefined) {
      if (callee === 'then' || callee === 'catch' || callee === 'finally') this.direct.add(name);
      if (ts.isIdentifier(receiver) && receiver.text === 'Promise') this.direct.add(name);
      // `wrap(fn)`, `fn.bind(this)`: what is wrapped decides as well as what wraps.
      if (callee === 'bind') this.link(name, lastNameOf(receiver));
    }
    for (const argument of node.arguments) {
      const inner = bare(argument);
      if (ts.isFunctionLike(inner)) this.linkFunction(name, inner);
      else if (ts.isIdentifier(inner) || ts.isPropertyAccessExpression(inner)) this.link(name, lastNameOf(inner));
    }
  }

  private isAsyncLike(node: ts.SignatureDeclaration): boolean {
    if (ts.canHaveModifiers(node) && hasModifier(node, ts.SyntaxKind.AsyncKeyword)) return true;
    return node.type !== undefined && this.isPromiseText(node.type);
  }

  private isPromiseText(type: ts.TypeNode): boolean {
    if (!this.mentionsPromise || ts.isToken(type)) return false;
    return PROMISE_TEXT.test(this.file.text.slice(type.pos, type.end)) && PROMISE_TEXT.test(type.getText());
  }
}

type NamedValue =
  | ts.ParameterDeclaration
  | ts.PropertyAssignment
  | ts.PropertyDeclaration
  | ts.PropertySignature
  | ts.VariableDeclaration;

function isRequire({ expression }: ts.CallExpression): boolean {
  return ts.isIdentifier(expression) && expression.text === 'require';
}

function addTo(map: Map<string, Set<string>>, name: string, other: string): void {
  const known = map.get(name);
  if (known === undefined) map.set(name, new Set([other]));
  else known.add(other);
}

const PROMISE_TEXT = /Promise|Thenable|Async/;

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
    // What packages and the platform give cannot be told from the project's own text.
    for (const file of core.ask(ownFiles, program)) {
      for (const [name, callees] of core.ask(namesOfFile, file).results)
        for (const callee of callees) if (!declared.has(callee)) promising.add(name);
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

/** The names of functions with code, and all that stand for one of them. */
const declaredNames = defineFact<ts.Program, ReadonlySet<string>>({
  name: 'declared-names',
  scope: 'program',
  compute(program, core) {
    const found = new Set<string>();
    for (const file of core.ask(codeFiles, program))
      for (const name of core.ask(namesOfFile, file).coded) found.add(name);
    for (const name of found) for (const user of namesStandingFor(name, core)) found.add(user);
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
  compute: (_program, core) => inverted('behind', core),
});

/** A name and all that mean what it means: aliases, renamed imports and exports, members of objects. */
export function aliasesOf(name: string, core: Core): ReadonlySet<string> {
  const found = new Set([name]);
  for (const known of found) for (const alias of core.ask(aliases, core.program).get(known) ?? []) found.add(alias);
  return found;
}

const aliases = defineFact<ts.Program, ReadonlyMap<string, readonly string[]>>({
  name: 'aliases',
  scope: 'program',
  compute: (_program, core) => inverted('same', core),
});

/** The names of all files, by what they are linked to. */
function inverted(kind: 'behind' | 'same', core: Core): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const file of core.ask(codeFiles, core.program)) {
    for (const [name, others] of core.ask(namesOfFile, file)[kind]) {
      for (const other of others) {
        const known = found.get(other);
        if (known === undefined) found.set(other, [name]);
        else known.push(name);
      }
    }
  }
  return found;
}

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
  const { parent } = wrapped(node);
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

function lastOf(name: ts.EntityName): string {
  return ts.isIdentifier(name) ? name.text : name.right.text;
}

/** The text of a name that is written out: `'take'() {}` is called `take`. */
export function textOf(name: ts.BindingName | ts.PropertyName | ts.ModuleExportName): string | undefined {
  return ts.isIdentifier(name) || ts.isPrivateIdentifier(name) || ts.isStringLiteralLike(name) ? name.text : undefined;
}
