import * as ts from 'typescript';
import type { Doubt } from '../answer.ts';
import { type Core, defineFact } from '../facts.ts';
import { hasModifier } from '../syntax/functions.ts';
import { isCommonJs, isModuleExport, isModuleExports } from './common-js.ts';
import { ancestorsOf, isExported, isMember, isPrivate, isTopLevel, nameOf, ownerOf, targetOf } from './declared.ts';
import { importers } from './imports.ts';
import { DEFAULT_NAME, type Mention } from '../text/mentions.ts';
import { constantOf, isConstant, type ReferenceUse, usedAs } from './reference-use.ts';
import { type ResolvedName, type ResolvedNames, resolvedNames, type Sort } from './resolved-names.ts';
import { isBindingElement } from '../syntax/bindings.ts';

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

/** References to one symbol that are listed before the answer is `budget`. */
const MOST_REFERENCES = 4_000;

/** Types without a name in common with the member's own that are compared with it. */
const MOST_LOOK_ALIKES = 40;

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

/** A name under which declarations are looked for. */
interface Quest {
  readonly targets: readonly ts.Declaration[];
  readonly tables: readonly ResolvedName[];
}

/** Where a name is looked for: in the file, in those that import it, or in the whole Program. */
type Reach = 'everywhere' | 'file' | 'importers';

class Search {
  readonly #core: Core;
  readonly #checker: ts.TypeChecker;
  readonly #names: ResolvedNames;
  readonly #symbol: ts.Symbol;
  readonly #found = new Map<Mention, Reference>();
  readonly #queue: Quest[] = [];
  readonly #queued = new Map<ts.Declaration, Set<string>>();
  #isCut = false;

  constructor(symbol: ts.Symbol, core: Core) {
    this.#core = core;
    this.#checker = core.checker;
    this.#names = core.ask(resolvedNames, core.program);
    this.#symbol = symbol;
    const declarations = symbol.declarations ?? [];
    for (const declaration of declarations) this.#start(declaration, declarations);
  }

  run(): References {
    // The queue grows while it is worked through.
    for (const { targets, tables } of this.#queue) {
      for (const { byDeclaration, isCut } of tables) {
        this.#isCut ||= isCut;
        for (const target of targets) {
          for (const node of byDeclaration.get(target) ?? []) this.#take(node, targets);
        }
      }
    }
    this.#takeLookAlikes();
    const found = [...this.#found.values()];
    const isCut = this.#isCut || found.length > MOST_REFERENCES;
    return isCut ? { found: found.slice(0, MOST_REFERENCES), doubt: 'budget' } : { found };
  }

  #start(declaration: ts.Declaration, targets: readonly ts.Declaration[]): void {
    const file = declaration.getSourceFile();
    const written = nameOf(declaration);
    const symbolName = this.#symbol.name;
    const isDefault = symbolName === 'default' || symbolName === 'export=';
    if (isDefault) this.#search(targets, DEFAULT_NAME, 'importers', file);
    if (isMember(declaration)) {
      this.#search(targets, written ?? symbolName, isPrivate(declaration) ? 'file' : 'everywhere', file, 'members');
      return;
    }
    if (written !== undefined) this.#search(targets, written, 'file', file);
    const isGlobal = !ts.isExternalModule(file) && !isCommonJs(file) && isTopLevel(declaration);
    if (isGlobal || (!isDefault && isExported(declaration))) {
      this.#search(targets, written ?? symbolName, 'everywhere', file);
    }
  }

  /** Looks for a name of declarations. */
  #search(
    targets: readonly ts.Declaration[],
    name: string,
    reach: Reach,
    file: ts.SourceFile,
    sort: Sort = 'names',
  ): void {
    const [first] = targets;
    if (first === undefined) return;
    const key = `${name}:${reach}:${sort}:${reach === 'everywhere' ? '' : file.fileName}`;
    let queued = this.#queued.get(first);
    if (queued === undefined) this.#queued.set(first, (queued = new Set()));
    if (queued.has(key)) return;
    queued.add(key);
    this.#queue.push({ targets, tables: this.#tablesOf(name, reach, file, sort) });
  }

  #tablesOf(name: string, reach: Reach, file: ts.SourceFile, sort: Sort): readonly ResolvedName[] {
    if (reach === 'everywhere') return [this.#names.everywhere(name, sort)];
    const around = reach === 'file' ? [] : (this.#core.ask(importers, this.#core.program).get(file) ?? []);
    return [file, ...around].map((each) => this.#names.inFile(name, each, sort));
  }

  #take(node: Mention, targets: readonly ts.Declaration[]): void {
    if (this.#found.has(node) || isNameOf(node, targets)) return;
    const { use, expression } = usedAs(node);
    this.#found.set(node, { node, expression, use, isCertain: true });
    this.#follow(node, use, targets);
  }

  /** Accesses that may reach a member of ours through a base class, an interface, a type that looks alike, or `any`. */
  #takeLookAlikes(): void {
    const declarations = this.#symbol.declarations ?? [];
    const owner = ownerOf(declarations, this.#checker);
    const name = declarations.map(nameOf).find((each) => each !== undefined);
    if (owner === undefined || name === undefined) return;
    const { byOwner, ofAny } = this.#names.everywhere(name, 'members');
    const ancestors = ancestorsOf(owner, this.#checker);
    for (const ancestor of ancestors) for (const node of byOwner.get(ancestor) ?? []) this.#takePossible(node);
    let compared = 0;
    for (const [other, nodes] of byOwner) {
      if (ancestors.has(other) || !(ts.isInterfaceDeclaration(other) || ts.isTypeLiteralNode(other))) continue;
      if (++compared > MOST_LOOK_ALIKES) {
        this.#isCut = true;
        break;
      }
      if (this.#fits(owner, other)) for (const node of nodes) this.#takePossible(node);
    }
    for (const node of ofAny) this.#takePossible(node);
  }

  #takePossible(node: Mention): void {
    if (!this.#found.has(node)) this.#found.set(node, { node, ...usedAs(node), isCertain: false });
  }

  /** Can a value of our type stand where the other type is wanted? */
  #fits(owner: ts.Type, other: ts.InterfaceDeclaration | ts.TypeLiteralNode): boolean {
    const type = this.#checker.getTypeAtLocation(other);
    const isWhole = this.#checker
      .getPropertiesOfType(type)
      .every(
        (wanted) =>
          (wanted.flags & ts.SymbolFlags.Optional) !== 0 ||
          this.#checker.getPropertyOfType(owner, wanted.name) !== undefined,
      );
    return isWhole && this.#checker.isTypeAssignableTo(owner, type);
  }

  /** Goes on where the name stands for the symbol under another name. */
  #follow(node: Mention, use: ReferenceUse, targets: readonly ts.Declaration[]): void {
    const parent = node.parent;
    const file = node.getSourceFile();
    const variable = constantOf(node);
    if (ts.isImportSpecifier(parent)) {
      this.#search(targets, parent.name.text, 'file', file);
    } else if (use === 'import' && !isBindingElement(parent)) {
      this.#search(targets, node.text, 'file', file);
      if (ts.isImportEqualsDeclaration(parent) && hasModifier(parent, ts.SyntaxKind.ExportKeyword)) {
        this.#search(targets, node.text, 'everywhere', file);
      }
    } else if (ts.isExportSpecifier(parent)) {
      this.#searchExport(targets, parent.name.text, file);
    } else if (ts.isExportAssignment(parent)) {
      this.#search(targets, DEFAULT_NAME, 'importers', file);
    } else if (isBindingElement(parent) && ts.isIdentifier(parent.name) && isConstant(parent)) {
      this.#search([parent], parent.name.text, 'file', file);
    } else if (variable !== undefined) {
      this.#search([variable], variable.name.text, isExported(variable) ? 'everywhere' : 'file', file);
    } else if (ts.isShorthandPropertyAssignment(parent) && parent.name === node) {
      this.#followProperty(parent, targets);
    } else if (ts.isPropertyAssignment(parent) && parent.initializer === node) {
      this.#followProperty(parent, targets);
    } else if (ts.isBinaryExpression(parent) && parent.right === node && isModuleExport(parent.left)) {
      const name =
        ts.isPropertyAccessExpression(parent.left) && !isModuleExports(parent.left) ? parent.left.name.text : undefined;
      if (name !== undefined) this.#search([parent], name, 'everywhere', file);
      this.#searchExport(targets, name ?? DEFAULT_NAME, file);
    }
  }

  #searchExport(targets: readonly ts.Declaration[], name: string, file: ts.SourceFile): void {
    this.#search(targets, name, name === DEFAULT_NAME ? 'importers' : 'everywhere', file);
  }

  /** `{ stop }` or `{ halt: stop }`: uses of the property are uses of the function. */
  #followProperty(
    property: ts.PropertyAssignment | ts.ShorthandPropertyAssignment,
    targets: readonly ts.Declaration[],
  ): void {
    if (!ts.isIdentifier(property.name)) return;
    const literal = property.parent;
    if (ts.isBinaryExpression(literal.parent) && literal.parent.left === literal) return;
    const file = property.getSourceFile();
    this.#search([property], property.name.text, 'everywhere', file, 'members');
    // In `module.exports = { stop }` the name is an alias of the function.
    if (isCommonJs(file)) this.#search(targets, property.name.text, 'everywhere', file);
  }
}

/** Is it the name in one of the declarations? In `{ stop }` and `const { stop } = server` it names two things. */
function isNameOf(node: Mention, targets: readonly ts.Declaration[]): boolean {
  const parent = node.parent as ts.NamedDeclaration;
  return targets.includes(parent) && parent.name === node && !ts.isShorthandPropertyAssignment(parent);
}

function search(symbol: ts.Symbol, core: Core): References {
  return new Search(symbol, core).run();
}
