import ts from 'typescript';
import type { Doubt } from '../answer.ts';
import { type Core, defineFact } from '../facts.ts';
import { hasModifier } from '../syntax/functions.ts';
import { isCommonJs, isModuleExport, isModuleExports } from './common-js.ts';
import { inherits, isExported, isMember, isPrivate, isTopLevel, nameOf, ownerOf, targetOf } from './declared.ts';
import { mayMention, ownFiles } from './files.ts';
import { reachedFrom } from './imports.ts';
import { DEFAULT_NAME, type Mention, mentions } from './mentions.ts';
import { constantOf, isConstant, type ReferenceUse, usedAs } from './reference-use.ts';

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
    const parent = node.parent;
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
    const other = declaration.parent;
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
    const parent = node.parent;
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
