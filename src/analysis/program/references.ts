import ts from 'typescript';
import type { Doubt } from '../answer.ts';
import { type Core, defineFact } from '../facts.ts';
import { isAssignmentOperator, wrapped } from '../syntax/expressions.ts';
import { type FunctionNode, hasModifier } from '../syntax/functions.ts';
import { mayMention, ownFiles } from './files.ts';
import { isModuleCall, reachedFrom } from './imports.ts';
import { namedFiles } from './manifest.ts';
import { DEFAULT_NAME, type Mention, mentions } from './mentions.ts';

/**
 * What a reference does with the symbol.
 *
 * - `call`, `new`: it is called, also as `f.call(…)`, as a tag or as a decorator
 * - `read`: its value goes somewhere: an argument, a variable, a field, a result
 * - `write`: it gets a value
 * - `member`: only something of it is used: `OrderService.create`
 * - `test`: it is compared or tested, its value goes nowhere
 * - `extend`: a class extends it
 * - `import`, `export`: it is named in an import or export
 * - `type`: nothing of it is left when the program runs
 */
export type ReferenceUse =
  'call' | 'export' | 'extend' | 'import' | 'member' | 'new' | 'read' | 'test' | 'type' | 'write';

/** A place of the Program that names a symbol. */
export interface Reference {
  readonly node: Mention;
  /** The whole expression that stands for the symbol there: `this.stop` for `stop`. */
  readonly expression: ts.Node;
  readonly use: ReferenceUse;
  /**
   * Does it surely mean this symbol? Not where a member is reached through an interface, a base class or `any`, so that another
   * one of the same name may be meant.
   */
  readonly isCertain: boolean;
}

/** The references to a symbol in the project's own files; with a doubt if some may be missing. */
export interface References {
  readonly found: readonly Reference[];
  readonly doubt?: Doubt;
}

/** A place that calls a function. */
export interface CallSite {
  /** The call; for an accessor the access, for a decorator the decorator. */
  readonly node: ts.Node;
  readonly callee: Mention | undefined;
  readonly isCertain: boolean;
}

/** Who calls a function. */
export interface CallSites {
  readonly found: readonly CallSite[];
  /** Where the function, or the class it belongs to, is passed on as a value: an argument, a field, a result. */
  readonly passed: readonly ts.Node[];
  /** May there be callers that are not in the list? */
  readonly open: boolean;
  /** Where it gets out of sight: the read that passes it on, the export, the class that is handed to a framework. */
  readonly witness?: ts.Node;
  readonly doubt?: Doubt;
}

/** Nodes of one name that are looked at for one symbol before the answer is `budget`. */
const MOST_CANDIDATES = 4_000;

/**
 * All references to a symbol in the Program's own files, through renamed imports, re-exports, namespaces, `require` and
 * destructuring; for a member also those through an interface or a base class, as uncertain ones.
 *
 * The declarations themselves are not listed. Doubt: names that occur too often give `budget`. Ignored: computed names
 * (`handlers[kind]`), `eval`.
 */
export function referencesOf(symbol: ts.Symbol, core: Core): References {
  return core.ask(references, targetOf(symbol, core.checker));
}

const references = defineFact<ts.Symbol, References>({
  name: 'references',
  scope: 'program',
  compute: (symbol, core) => search(symbol, core),
});

/** The symbol itself, behind aliases and the local side of an export. */
export function targetOf(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol {
  const target = (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
  return checker.getExportSymbolOfSymbol(target);
}

/** Is it named as a member of a type (a method, a property), so that it is reached by its name through a value? */
function isMember(declaration: ts.Declaration): boolean {
  switch (declaration.kind) {
    case ts.SyntaxKind.GetAccessor:
    case ts.SyntaxKind.MethodDeclaration:
    case ts.SyntaxKind.MethodSignature:
    case ts.SyntaxKind.Parameter:
    case ts.SyntaxKind.PropertyAssignment:
    case ts.SyntaxKind.PropertyDeclaration:
    case ts.SyntaxKind.PropertySignature:
    case ts.SyntaxKind.SetAccessor:
    case ts.SyntaxKind.ShorthandPropertyAssignment:
      return !ts.isParameter(declaration) || ts.isParameterPropertyDeclaration(declaration, declaration.parent);
    default:
      return ts.isBinaryExpression(declaration) || ts.isPropertyAccessExpression(declaration);
  }
}

/** A name to look for in files. */
interface Quest {
  readonly name: string;
  readonly files: Iterable<ts.SourceFile>;
}

class Search {
  readonly #core: Core;
  readonly #checker: ts.TypeChecker;
  /** The declarations of the symbol and of what only stands for it. */
  readonly #wanted: Set<ts.Declaration>;
  readonly #owner: ts.Type | undefined;
  readonly #callers = new Map<ts.Node, boolean>();
  readonly #found = new Map<Mention, Reference>();
  readonly #queue: Quest[] = [];
  readonly #queued = new Set<string>();
  #seen = 0;

  constructor(symbol: ts.Symbol, core: Core) {
    this.#core = core;
    this.#checker = core.checker;
    const declarations = symbol.declarations ?? [];
    this.#wanted = new Set(declarations);
    this.#owner = ownerOf(declarations, core.checker);
    for (const declaration of declarations) this.#start(declaration, symbol.name);
  }

  run(): References {
    // The queue grows while it is worked through.
    for (const { name, files } of this.#queue) {
      for (const file of files) {
        if (name !== DEFAULT_NAME && !mayMention(file, name)) continue;
        for (const node of this.#core.ask(mentions, file).get(name) ?? []) {
          if (++this.#seen > MOST_CANDIDATES) return { found: [...this.#found.values()], doubt: 'budget' };
          if (!this.#found.has(node)) this.#look(node, name);
        }
      }
    }
    return { found: [...this.#found.values()] };
  }

  #start(declaration: ts.Declaration, symbolName: string): void {
    const file = declaration.getSourceFile();
    const written = nameOf(declaration);
    const name = written ?? symbolName;
    const isDefault = symbolName === 'default' || symbolName === 'export=';
    if (isMember(declaration)) {
      this.#search(name, isPrivate(declaration) ? [file] : undefined, `member:${isPrivate(declaration)}`, file);
      if (symbolName !== name && !isDefault) this.#search(symbolName, undefined, 'member', file);
      if (isDefault) this.#search(DEFAULT_NAME, this.#reached(file), 'reached', file);
      return;
    }
    if (written !== undefined) this.#search(written, [file], 'own', file);
    if (!ts.isExternalModule(file) && !isCommonJs(file) && isTopLevel(declaration)) {
      this.#search(name, undefined, 'everywhere', file);
    }
    if (isDefault) this.#search(DEFAULT_NAME, this.#reached(file), 'reached', file);
    else if (isExported(declaration)) this.#search(name, this.#reached(file), 'reached', file);
  }

  #reached(file: ts.SourceFile): Iterable<ts.SourceFile> {
    return this.#core.ask(reachedFrom, file);
  }

  /** Looks for a name in files; in all of the project's if none are given. */
  #search(name: string, files: Iterable<ts.SourceFile> | undefined, reach: string, from: ts.SourceFile): void {
    const key = `${name}\0${reach}\0${files === undefined ? '' : from.fileName}\0${this.#wanted.size}`;
    if (this.#queued.has(key)) return;
    this.#queued.add(key);
    this.#queue.push({ name, files: files ?? this.#core.ask(ownFiles, this.#core.program) });
  }

  #look(node: Mention, name: string): void {
    if (this.#isDeclaration(node)) return;
    const certain = this.#means(node);
    if (!certain && !(this.#owner !== undefined && this.#mayMean(node, name))) return;
    const { use, expression } = usedAs(node);
    this.#found.set(node, { node, expression, use, isCertain: certain });
    if (certain) this.#follow(node, use);
  }

  #isDeclaration(node: Mention): boolean {
    const parent = node.parent as ts.Node;
    if (!this.#wanted.has(parent as ts.Declaration)) return false;
    // `const { stop } = server` names both the variable and the property.
    return (parent as ts.NamedDeclaration).name === node && !ts.isShorthandPropertyAssignment(parent);
  }

  #means(node: Mention): boolean {
    return this.#symbolsAt(node).some((symbol) => this.#isWanted(symbol));
  }

  #isWanted(symbol: ts.Symbol): boolean {
    const target = (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : this.#checker.getAliasedSymbol(symbol);
    return target.declarations?.some((declaration) => this.#wanted.has(declaration)) ?? false;
  }

  /** The symbols that a name stands for: two in `{ stop }`, one of the property and one of the variable. */
  #symbolsAt(node: Mention): readonly ts.Symbol[] {
    const { parent } = node;
    const found: (ts.Symbol | undefined)[] = [this.#checker.getSymbolAtLocation(node)];
    if (ts.isShorthandPropertyAssignment(parent) && parent.name === node) {
      found.push(this.#checker.getShorthandAssignmentValueSymbol(parent));
    } else if (ts.isBindingElement(parent) && ts.isObjectBindingPattern(parent.parent)) {
      const isName = parent.propertyName === undefined ? parent.name === node : parent.propertyName === node;
      if (isName)
        found.push(this.#checker.getPropertyOfType(this.#checker.getTypeAtLocation(parent.parent), node.text));
    } else if (ts.isExportSpecifier(parent)) {
      found.push(this.#checker.getExportSpecifierLocalTargetSymbol(parent));
    }
    return found.filter((symbol) => symbol !== undefined);
  }

  /** May this access of a member reach ours, through an interface, a base class or `any`? */
  #mayMean(node: Mention, name: string): boolean {
    const { parent } = node;
    const isAccess =
      (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
      (ts.isElementAccessExpression(parent) && parent.argumentExpression === node);
    if (!isAccess || ts.isPrivateIdentifier(node)) return false;
    const symbol = this.#checker.getSymbolAtLocation(node);
    if (symbol === undefined) {
      const receiver = this.#checker.getTypeAtLocation(parent.expression);
      return (receiver.flags & ts.TypeFlags.Any) !== 0 && name.length > 0;
    }
    return symbol.declarations?.some((declaration) => this.#standsForOurs(declaration)) ?? false;
  }

  #standsForOurs(declaration: ts.Declaration): boolean {
    const other = declaration.parent as ts.Node;
    let answer = this.#callers.get(other);
    if (answer === undefined) {
      answer = this.#isOursA(other);
      this.#callers.set(other, answer);
    }
    return answer;
  }

  #isOursA(other: ts.Node): boolean {
    if (this.#owner === undefined) return false;
    if (ts.isClassLike(other) || ts.isInterfaceDeclaration(other)) {
      const symbol = other.name === undefined ? undefined : this.#checker.getSymbolAtLocation(other.name);
      if (symbol === undefined) return false;
      if (inherits(this.#owner, symbol, this.#checker)) return true;
      if (ts.isClassLike(other)) return false;
      return this.#checker.isTypeAssignableTo(this.#owner, this.#checker.getDeclaredTypeOfSymbol(symbol));
    }
    return (
      ts.isTypeLiteralNode(other) &&
      this.#checker.isTypeAssignableTo(this.#owner, this.#checker.getTypeAtLocation(other))
    );
  }

  /** Goes on where the name stands for the symbol under another name. */
  #follow(node: Mention, use: ReferenceUse): void {
    const parent = node.parent as ts.Node;
    const file = node.getSourceFile();
    const variable = constantOf(node);
    if (ts.isImportSpecifier(parent)) {
      this.#search(parent.name.text, [file], 'own', file);
    } else if (use === 'import' && !ts.isBindingElement(parent)) {
      this.#search(node.text, [file], 'own', file);
      if (ts.isImportEqualsDeclaration(parent) && hasModifier(parent, ts.SyntaxKind.ExportKeyword)) {
        this.#search(node.text, this.#reached(file), 'reached', file);
      }
    } else if (ts.isExportSpecifier(parent)) {
      this.#search(parent.name.text, this.#reached(file), 'reached', file);
    } else if (ts.isExportAssignment(parent)) {
      this.#search(DEFAULT_NAME, this.#reached(file), 'reached', file);
    } else if (ts.isBindingElement(parent) && ts.isIdentifier(parent.name) && isConstant(parent)) {
      this.#adopt(parent, parent.name, [file], 'own');
    } else if (variable !== undefined) {
      this.#adopt(variable, variable.name, isExported(variable) ? this.#reached(file) : [file], 'own');
    } else if (ts.isShorthandPropertyAssignment(parent) && parent.name === node) {
      this.#followProperty(parent);
    } else if (ts.isPropertyAssignment(parent) && parent.initializer === node) {
      this.#followProperty(parent);
    } else if (ts.isBinaryExpression(parent) && parent.right === node && isModuleExport(parent.left)) {
      const name =
        ts.isPropertyAccessExpression(parent.left) && !isModuleExports(parent.left) ? parent.left.name : undefined;
      if (name !== undefined) this.#adopt(parent, name, this.#reached(file), 'reached');
      this.#search(name?.text ?? DEFAULT_NAME, this.#reached(file), 'reached', file);
    }
  }

  /** `{ stop }` or `{ halt: stop }`: uses of the property are uses of the function. */
  #followProperty(property: ts.PropertyAssignment | ts.ShorthandPropertyAssignment): void {
    if (!ts.isIdentifier(property.name)) return;
    const literal = property.parent;
    if (ts.isBinaryExpression(literal.parent) && literal.parent.left === literal) return;
    this.#adopt(property, property.name, undefined, 'member');
  }

  /** From now on the declaration stands for the symbol too. */
  #adopt(
    declaration: ts.Declaration,
    name: ts.Identifier | ts.MemberName,
    files: Iterable<ts.SourceFile> | undefined,
    reach: string,
  ): void {
    this.#wanted.add(declaration);
    this.#search(name.text, files, reach, declaration.getSourceFile());
  }
}

function search(symbol: ts.Symbol, core: Core): References {
  return new Search(symbol, core).run();
}

/** The type whose values carry the member: of the class, the interface or the object. */
function ownerOf(declarations: readonly ts.Declaration[], checker: ts.TypeChecker): ts.Type | undefined {
  for (const declaration of declarations) {
    if (!isMember(declaration) || isPrivate(declaration) || hasModifier(declaration, ts.SyntaxKind.StaticKeyword))
      continue;
    const holder = ts.isParameter(declaration) ? declaration.parent.parent : declaration.parent;
    if (ts.isClassLike(holder) || ts.isInterfaceDeclaration(holder)) return checker.getTypeAtLocation(holder);
    if (ts.isObjectLiteralExpression(holder)) return checker.getTypeAtLocation(holder);
  }
  return undefined;
}

/** Does the type name this class or interface among what it extends or implements? */
function inherits(type: ts.Type, base: ts.Symbol, checker: ts.TypeChecker): boolean {
  const seen = new Set<ts.Symbol>();
  const rest = [type.symbol as ts.Symbol | undefined];
  for (let symbol = rest.pop(); symbol !== undefined; symbol = rest.pop()) {
    if (symbol === base) return true;
    if (seen.has(symbol)) continue;
    seen.add(symbol);
    for (const declaration of symbol.declarations ?? []) {
      if (!ts.isClassLike(declaration) && !ts.isInterfaceDeclaration(declaration)) continue;
      for (const { types } of declaration.heritageClauses ?? []) {
        for (const { expression } of types) {
          const named = checker.getSymbolAtLocation(expression);
          if (named !== undefined) rest.push(targetOf(named, checker));
        }
      }
    }
  }
  return false;
}

function nameOf(declaration: ts.Declaration): string | undefined {
  const name = ts.getNameOfDeclaration(declaration);
  return name !== undefined && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name) || ts.isStringLiteralLike(name))
    ? name.text
    : undefined;
}

function isPrivate(declaration: ts.Declaration): boolean {
  const name = ts.getNameOfDeclaration(declaration);
  return (name !== undefined && ts.isPrivateIdentifier(name)) || hasModifier(declaration, ts.SyntaxKind.PrivateKeyword);
}

function isTopLevel(declaration: ts.Declaration): boolean {
  const holder = ts.isVariableDeclaration(declaration) ? declaration.parent.parent.parent : declaration.parent;
  return ts.isSourceFile(holder);
}

function isExported(declaration: ts.Declaration): boolean {
  return (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Export) !== 0;
}

function isCommonJs(file: ts.SourceFile): boolean {
  return /\.c?jsx?$/.test(file.fileName) && /\b(?:exports|require)\b/.test(file.text);
}

/** `module.exports` */
function isModuleExports(node: ts.Expression): boolean {
  return (
    ts.isPropertyAccessExpression(node) &&
    node.name.text === 'exports' &&
    ts.isIdentifier(node.expression) &&
    node.expression.text === 'module'
  );
}

/** `module.exports`, `module.exports.stop` or `exports.stop`. */
function isModuleExport(node: ts.Expression): boolean {
  if (isModuleExports(node)) return true;
  if (!ts.isPropertyAccessExpression(node)) return false;
  return isModuleExports(node.expression) || (ts.isIdentifier(node.expression) && node.expression.text === 'exports');
}

/** The constant that is only another name for what the mention stands for: `const stop = this.stop`. */
function constantOf(node: Mention): (ts.VariableDeclaration & { name: ts.Identifier }) | undefined {
  const outer = wrapped(usedAs(node).expression);
  const variable = outer.parent as ts.Node;
  if (!ts.isVariableDeclaration(variable) || variable.initializer !== outer || !ts.isIdentifier(variable.name))
    return undefined;
  const isConst = (ts.getCombinedNodeFlags(variable) & ts.NodeFlags.Const) !== 0;
  return isConst ? (variable as ts.VariableDeclaration & { name: ts.Identifier }) : undefined;
}

function isConstant(element: ts.BindingElement): boolean {
  const declaration = ts.walkUpBindingElementsAndPatterns(element);
  return ts.isVariableDeclaration(declaration) && (declaration.parent.flags & ts.NodeFlags.Const) !== 0;
}

/** What is done with the value that a name stands for, and the whole expression that stands for it. */
export function usedAs(node: Mention): { readonly use: ReferenceUse; readonly expression: ts.Node } {
  const parent = node.parent as ts.Node;
  let expression: ts.Node = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) expression = parent;
  else if (ts.isElementAccessExpression(parent) && parent.argumentExpression === node) expression = parent;
  else if (ts.isQualifiedName(parent) && parent.right === node) expression = parent;
  return { use: useOf(expression), expression };
}

function useOf(expression: ts.Node): ReferenceUse {
  const direct = expression.parent as ts.Node;
  switch (direct.kind) {
    case ts.SyntaxKind.ImportClause:
    case ts.SyntaxKind.ImportEqualsDeclaration:
    case ts.SyntaxKind.ImportSpecifier:
    case ts.SyntaxKind.NamespaceImport:
      return 'import';
    case ts.SyntaxKind.ExportAssignment:
    case ts.SyntaxKind.ExportSpecifier:
    case ts.SyntaxKind.NamespaceExport:
      return 'export';
    case ts.SyntaxKind.ExpressionWithTypeArguments:
      return isClassBase(direct as ts.ExpressionWithTypeArguments) ? 'extend' : 'type';
    case ts.SyntaxKind.VariableDeclaration:
      if ((direct as ts.VariableDeclaration).name === expression) return 'import';
      break;
    default:
      if (ts.isTypeNode(direct) || ts.isQualifiedName(direct) || ts.isTypeElement(direct)) return 'type';
  }
  const outer = wrapped(expression);
  const parent = outer.parent as ts.Node;
  if (ts.isCallExpression(parent) && parent.expression === outer) return 'call';
  if (ts.isNewExpression(parent) && parent.expression === outer) return 'new';
  if (ts.isTaggedTemplateExpression(parent) && parent.tag === outer) return 'call';
  if (ts.isDecorator(parent)) return 'call';
  if (ts.isPropertyAccessExpression(parent) || (ts.isElementAccessExpression(parent) && parent.expression === outer)) {
    return indirectCallOf(parent) === undefined ? memberUseOf(parent) : 'call';
  }
  if (isWritten(outer)) return isCommonJsName(outer) ? 'export' : 'write';
  if (ts.isBindingElement(direct) && isRequired(direct)) return 'import';
  return isTested(outer) ? 'test' : isCommonJsExport(outer) ? 'export' : 'read';
}

/** `stop.bind(…)` passes the function on, other members do not. */
function memberUseOf(access: ts.ElementAccessExpression | ts.PropertyAccessExpression): ReferenceUse {
  return ts.isPropertyAccessExpression(access) && access.name.text === 'bind' ? 'read' : 'member';
}

/** The call in `stop.call(…)` and `stop.apply(…)`. */
function indirectCallOf(access: ts.Node): ts.CallExpression | undefined {
  if (!ts.isPropertyAccessExpression(access) || (access.name.text !== 'call' && access.name.text !== 'apply'))
    return undefined;
  const outer = wrapped(access);
  return ts.isCallExpression(outer.parent) && outer.parent.expression === outer ? outer.parent : undefined;
}

function isClassBase(node: ts.ExpressionWithTypeArguments): boolean {
  return (
    ts.isHeritageClause(node.parent) &&
    node.parent.token === ts.SyntaxKind.ExtendsKeyword &&
    ts.isClassLike(node.parent.parent)
  );
}

function isWritten(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isBinaryExpression(parent)) {
    return parent.left === node && isAssignmentOperator(parent.operatorToken.kind);
  }
  if (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent)) {
    return parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken;
  }
  if (ts.isDeleteExpression(parent)) return true;
  if (ts.isForOfStatement(parent) || ts.isForInStatement(parent)) return parent.initializer === node;
  return isAssignmentTarget(node);
}

/** Is it a part of a pattern on the left of `=`? */
function isAssignmentTarget(node: ts.Node): boolean {
  let child = node;
  for (;;) {
    const parent = child.parent as ts.Node | undefined;
    if (parent === undefined) return false;
    if (ts.isBinaryExpression(parent)) {
      if (parent.operatorToken.kind !== ts.SyntaxKind.EqualsToken || parent.left !== child) return false;
      if (child !== node) return true;
    } else if (ts.isForOfStatement(parent) && parent.initializer === child) {
      return child !== node;
    } else if (ts.isPropertyAssignment(parent)) {
      if (parent.initializer !== child) return false;
    } else if (ts.isShorthandPropertyAssignment(parent)) {
      if (parent.name !== child) return false;
    } else if (
      !ts.isObjectLiteralExpression(parent) &&
      !ts.isArrayLiteralExpression(parent) &&
      !ts.isSpreadElement(parent) &&
      !ts.isSpreadAssignment(parent)
    ) {
      return false;
    }
    child = parent;
  }
}

function isTested(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isTypeOfExpression(parent)) return true;
  if (ts.isPrefixUnaryExpression(parent)) return parent.operator === ts.SyntaxKind.ExclamationToken;
  if (ts.isIfStatement(parent) || ts.isWhileStatement(parent)) return parent.expression === node;
  if (ts.isConditionalExpression(parent)) return parent.condition === node;
  if (!ts.isBinaryExpression(parent)) return false;
  switch (parent.operatorToken.kind) {
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
    case ts.SyntaxKind.EqualsEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsToken:
    case ts.SyntaxKind.InstanceOfKeyword:
      return true;
    default:
      return false;
  }
}

/** The name in `exports.stop = …`. */
function isCommonJsName(node: ts.Node): boolean {
  return ts.isPropertyAccessExpression(node) && isModuleExport(node) && ts.isBinaryExpression(node.parent);
}

/** Is it a part of `const { … } = require('…')`? */
function isRequired(element: ts.BindingElement): boolean {
  const declaration = ts.walkUpBindingElementsAndPatterns(element);
  return (
    ts.isVariableDeclaration(declaration) &&
    declaration.initializer !== undefined &&
    isModuleCall(declaration.initializer)
  );
}

/** The value in `module.exports = stop`, `exports.stop = stop` or `module.exports = { stop }`. */
function isCommonJsExport(node: ts.Node): boolean {
  const holder =
    ts.isShorthandPropertyAssignment(node.parent) || ts.isPropertyAssignment(node.parent) ? node.parent.parent : node;
  const { parent } = holder;
  return ts.isBinaryExpression(parent) && parent.right === holder && isModuleExport(parent.left);
}

/**
 * Who calls a function: a named one, a method, an arrow in a variable, a property or a field, the constructor of a class (a
 * field's initialiser and a static block go with their class).
 *
 * `open`: it is passed on as a value, belongs to the interface of a package, or is exported and nobody in the Program imports it;
 * for a member also when its class is handed over as a value or has decorators. Module code itself has no call sites.
 */
export function callSitesOf(fn: FunctionNode, core: Core): CallSites {
  return core.ask(callSites, fn);
}

const callSites = defineFact<FunctionNode, CallSites>({
  name: 'call-sites',
  scope: 'program',
  compute(fn, core) {
    if (ts.isSourceFile(fn)) return { found: [], passed: [], open: false };
    if (ts.isConstructorDeclaration(fn)) return constructionsOf(fn.parent, core);
    if (ts.isClassStaticBlockDeclaration(fn)) return { found: [], passed: [], open: false };
    if (ts.isPropertyDeclaration(fn)) {
      const isStatic = hasModifier(fn, ts.SyntaxKind.StaticKeyword);
      return isStatic ? { found: [], passed: [], open: false } : constructionsOf(fn.parent, core);
    }
    return callsOf(fn, core);
  },
});

type NamedFunction = Exclude<
  FunctionNode,
  ts.ClassStaticBlockDeclaration | ts.ConstructorDeclaration | ts.PropertyDeclaration | ts.SourceFile
>;

function callsOf(fn: NamedFunction, core: Core): CallSites {
  const found: CallSite[] = [];
  const passed: ts.Node[] = [];
  let witness: ts.Node | undefined;
  let doubt: Doubt | undefined;
  const holder = ts.isArrowFunction(fn) || ts.isFunctionExpression(fn) ? holderOf(fn) : fn;

  if (ts.isFunctionExpression(fn) && fn.name !== undefined) take(core.checker.getSymbolAtLocation(fn.name), fn);
  if (holder === undefined) {
    witness ??= fn;
    passed.push(fn);
  } else if (ts.isCallExpression(holder) || ts.isNewExpression(holder)) {
    found.push({ node: holder, callee: undefined, isCertain: true });
  } else {
    take(symbolOf(holder, core.checker), holder);
    witness ??= whyOpen(holder, core);
  }
  return sitesOf(found, passed, witness, doubt);

  function take(symbol: ts.Symbol | undefined, declared: ts.Node): void {
    if (symbol === undefined) {
      witness ??= declared;
      return;
    }
    const all = referencesOf(symbol, core);
    doubt ??= all.doubt;
    for (const reference of all.found) {
      const { use, node, expression, isCertain } = reference;
      if (ts.isGetAccessor(fn) || ts.isSetAccessor(fn)) {
        const isOther = ts.isGetAccessor(fn) ? use === 'write' : use !== 'write';
        if (use !== 'type' && !isOther) found.push({ node: expression, callee: node, isCertain });
      } else if (use === 'call' || use === 'new') {
        found.push({ node: callAt(expression), callee: node, isCertain });
      } else if (use === 'read' && isCertain && !isFollowed(node, core)) {
        witness ??= node;
        passed.push(node);
      }
    }
    if (isExportedHere(declared) && !all.found.some(isSeenFromOutside)) witness ??= declared;
  }
}

/** The call of a callee expression: also of `stop.call(…)`. */
function callAt(callee: ts.Node): ts.Node {
  const outer = wrapped(callee);
  return indirectCallOf(outer.parent) ?? outer.parent;
}

function sitesOf(
  found: readonly CallSite[],
  passed: readonly ts.Node[],
  witness: ts.Node | undefined,
  doubt: Doubt | undefined,
): CallSites {
  return {
    found,
    passed,
    open: witness !== undefined || doubt !== undefined,
    ...(witness === undefined ? {} : { witness }),
    ...(doubt === undefined ? {} : { doubt }),
  };
}

/** What gives an anonymous function its name; the call itself when it is called on the spot. */
function holderOf(fn: ts.ArrowFunction | ts.FunctionExpression): ts.Node | undefined {
  const outer = wrapped(fn);
  const parent = outer.parent as ts.Node;
  if (ts.isCallExpression(parent) || ts.isNewExpression(parent))
    return parent.expression === outer ? parent : undefined;
  if (ts.isPropertyAccessExpression(parent)) return indirectCallOf(parent);
  if (ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent) || ts.isPropertyAssignment(parent))
    return parent;
  if (ts.isExportAssignment(parent)) return parent;
  if (ts.isBinaryExpression(parent) && parent.right === outer && isAssignmentOperator(parent.operatorToken.kind))
    return parent;
  return undefined;
}

function symbolOf(holder: ts.Node, checker: ts.TypeChecker): ts.Symbol | undefined {
  if (ts.isBinaryExpression(holder)) {
    const { left } = holder;
    const name = ts.isPropertyAccessExpression(left) ? left.name : left;
    return isModuleExports(left) ? exportOf(holder, 'export=', checker) : checker.getSymbolAtLocation(name);
  }
  if (ts.isExportAssignment(holder))
    return exportOf(holder, holder.isExportEquals === true ? 'export=' : 'default', checker);
  const name = ts.getNameOfDeclaration(holder as ts.Declaration);
  if (name === undefined) {
    return hasModifier(holder, ts.SyntaxKind.DefaultKeyword) ? exportOf(holder, 'default', checker) : undefined;
  }
  return checker.getSymbolAtLocation(name);
}

function exportOf(node: ts.Node, name: string, checker: ts.TypeChecker): ts.Symbol | undefined {
  return checker.getSymbolAtLocation(node.getSourceFile())?.exports?.get(name as ts.__String);
}

/** Does the value only get another name, whose own uses are listed too? */
function isFollowed(node: Mention, core: Core): boolean {
  const parent = node.parent as ts.Node;
  if (ts.isBindingElement(parent)) return isConstant(parent);
  if (ts.isShorthandPropertyAssignment(parent) || (ts.isPropertyAssignment(parent) && parent.initializer === node)) {
    return whyObjectIsOpen(parent.parent, core) === undefined;
  }
  const variable = constantOf(node);
  return variable !== undefined && !core.ask(packageSurface, core.program).has(variable);
}

/** Is the declaration itself marked as exported? */
function isExportedHere(declared: ts.Node): boolean {
  if (ts.isExportAssignment(declared)) return true;
  const declaration = declared as ts.Declaration;
  return !isMember(declaration) && isExported(declaration);
}

function isSeenFromOutside(reference: Reference): boolean {
  return reference.use === 'import' || isInOtherModule(reference);
}

function isInOtherModule({ expression }: Reference): boolean {
  return ts.isPropertyAccessExpression(expression) || ts.isBindingElement(expression.parent);
}

/** Why may there be callers outside the Program, or in a framework that got the class? */
function whyOpen(holder: ts.Node, core: Core): ts.Node | undefined {
  const declaration = holder as ts.Declaration;
  const surface = core.ask(packageSurface, core.program);
  if (surface.has(declaration)) return holder;
  const { parent } = holder;
  if (ts.isClassLike(parent)) {
    const decorator = ts.canHaveDecorators(holder) ? ts.getDecorators(holder)?.[0] : undefined;
    if (decorator !== undefined) return decorator;
    return isPrivate(declaration) ? undefined : whyClassIsOpen(parent, core);
  }
  if (ts.isObjectLiteralExpression(parent)) return whyObjectIsOpen(parent, core);
  return undefined;
}

function whyClassIsOpen(node: ts.ClassLikeDeclaration, core: Core): ts.Node | undefined {
  const decorator = ts.getDecorators(node)?.[0];
  if (decorator !== undefined) return decorator;
  if (core.ask(packageSurface, core.program).has(node)) return node;
  const symbol = node.name === undefined ? undefined : core.checker.getSymbolAtLocation(node.name);
  if (symbol === undefined)
    return ts.isClassExpression(node) && ts.isVariableDeclaration(node.parent) ? undefined : node;
  const { found, doubt } = referencesOf(symbol, core);
  if (doubt !== undefined) return node;
  const read = found.find(({ use }) => use === 'read');
  if (read !== undefined) return read.node;
  return isExported(node) && found.every(({ use }) => use === 'type' || use === 'export') ? node : undefined;
}

/** An object literal stays in sight as the value of a constant of which only members are used. */
function whyObjectIsOpen(literal: ts.ObjectLiteralExpression, core: Core): ts.Node | undefined {
  const { parent } = wrapped(literal);
  if (isCommonJsExport(wrapped(literal))) return undefined;
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name)) return literal;
  if (core.ask(packageSurface, core.program).has(parent)) return parent;
  const symbol = core.checker.getSymbolAtLocation(parent.name);
  if (symbol === undefined) return literal;
  const { found, doubt } = referencesOf(symbol, core);
  return doubt === undefined ? found.find(({ use }) => use === 'read' || use === 'write')?.node : literal;
}

/** The places that make an instance: `new`, and `super(…)` or `new` of classes that extend it. */
function constructionsOf(node: ts.ClassLikeDeclaration, core: Core, seen = new Set<ts.Node>()): CallSites {
  if (seen.has(node)) return { found: [], passed: [], open: false };
  seen.add(node);
  const found: CallSite[] = [];
  const passed: ts.Node[] = [];
  const name = node.name ?? (ts.isVariableDeclaration(node.parent) ? node.parent.name : undefined);
  const symbol = name === undefined ? symbolOf(node, core.checker) : core.checker.getSymbolAtLocation(name);
  if (symbol === undefined) return { found, passed: [], open: true, witness: node };
  const all = referencesOf(symbol, core);
  let witness = whyClassIsOpen(node, core);
  let doubt = all.doubt;
  for (const { use, node: mention, expression, isCertain } of all.found) {
    if (use === 'new' || use === 'call') found.push({ node: callAt(expression), callee: mention, isCertain });
    if (use === 'read') passed.push(mention);
    if (use !== 'extend') continue;
    const derived = expression.parent.parent.parent as ts.ClassLikeDeclaration;
    const below = superCallIn(derived) ?? constructionsOf(derived, core, seen);
    found.push(...below.found);
    passed.push(...below.passed);
    witness ??= below.witness;
    doubt ??= below.doubt;
  }
  return sitesOf(found, passed, witness, doubt);
}

/** The `super(…)` of a class with a constructor of its own. */
function superCallIn(node: ts.ClassLikeDeclaration): CallSites | undefined {
  const own = node.members.find((member) => ts.isConstructorDeclaration(member) && member.body !== undefined);
  if (own === undefined) return undefined;
  const found: CallSite[] = [];
  const visit = (child: ts.Node): void => {
    if (ts.isCallExpression(child) && child.expression.kind === ts.SyntaxKind.SuperKeyword) {
      found.push({ node: child, callee: undefined, isCertain: true });
    }
    if (!ts.isClassLike(child)) ts.forEachChild(child, visit);
  };
  ts.forEachChild(own, visit);
  return { found, passed: [], open: false };
}

/** Everything that users of the Program's packages can import: the declarations exported from the files their manifests name. */
const packageSurface = defineFact<ts.Program, ReadonlySet<ts.Declaration>>({
  name: 'package-surface',
  scope: 'program',
  compute(program, core) {
    const surface = new Set<ts.Declaration>();
    for (const file of core.ask(namedFiles, program).entries.keys()) {
      const module = core.checker.getSymbolAtLocation(file);
      if (module === undefined) continue;
      for (const symbol of core.checker.getExportsOfModule(module)) {
        for (const declaration of targetOf(symbol, core.checker).declarations ?? []) surface.add(declaration);
      }
    }
    return surface;
  },
});

/** Can users of a package import this declaration, or what it belongs to? */
export function isPackageApi(declaration: ts.Node, core: Core): boolean {
  const surface = core.ask(packageSurface, core.program);
  for (let node: ts.Node | undefined = declaration; node !== undefined; node = node.parent as ts.Node | undefined) {
    if (surface.has(node as ts.Declaration)) return true;
    if (ts.isBlock(node)) return false;
  }
  return false;
}
