import * as ts from 'typescript';
import { type Core, defineFact } from '../facts.ts';
import { bare } from '../syntax/expressions.ts';
import { isCommonJs } from './common-js.ts';
import { ownFiles } from '../text/files.ts';
import { mayMention } from '../syntax/may-mention.ts';
import { isModuleCall } from '../syntax/modules.ts';
import { DEFAULT_NAME, type Mention, mentions } from '../text/mentions.ts';
import { isBindingElement } from '../syntax/bindings.ts';

/**
 * Which mentions of a name count.
 *
 * - `names`: those that may stand for a variable, a function or a class; members only of modules. Asks for few types.
 * - `members`: those too that are reached through a value. Asks for the type of what stands before the dot.
 */
export type Sort = 'members' | 'names';

/** The mentions of one name, by what they stand for. */
export interface ResolvedName {
  readonly byDeclaration: ReadonlyMap<ts.Declaration, readonly Mention[]>;
  /** Accesses of members, by the class, interface or type literal that declares the member. */
  readonly byOwner: ReadonlyMap<ts.Node, readonly Mention[]>;
  /** Accesses of members of `any`. */
  readonly ofAny: readonly Mention[];
  /** Were there too many of them? */
  readonly isCut: boolean;
}

/** The names of a Program that somebody has asked for, each mention resolved once. */
export interface ResolvedNames {
  inFile(name: string, file: ts.SourceFile, sort: Sort): ResolvedName;
  everywhere(name: string, sort: Sort): ResolvedName;
}

/** Mentions of one name that are resolved in a Program. */
const MOST_MENTIONS = 20_000;

export const resolvedNames = defineFact<ts.Program, ResolvedNames>({
  name: 'resolved-names',
  scope: 'program',
  compute(program, core) {
    const byFile = new Map<ts.SourceFile, Map<string, ResolvedName>>();
    const byName = new Map<string, ResolvedName>();

    function inFile(name: string, file: ts.SourceFile, sort: Sort): ResolvedName {
      const key = `${sort}:${name}`;
      let known = byFile.get(file);
      if (known === undefined) byFile.set(file, (known = new Map<string, ResolvedName>()));
      let found = known.get(key);
      if (found === undefined) {
        found = mayOccur(name, file) ? resolved(name, [file], sort, core) : NOTHING;
        known.set(key, found);
      }
      return found;
    }

    function everywhere(name: string, sort: Sort): ResolvedName {
      const key = `${sort}:${name}`;
      let found = byName.get(key);
      if (found === undefined) {
        const files = core.ask(ownFiles, program).filter((file) => mayOccur(name, file));
        found = resolved(name, files, sort, core);
        byName.set(key, found);
      }
      return found;
    }

    return { inFile, everywhere };
  },
});

const NOTHING: ResolvedName = { byDeclaration: new Map(), byOwner: new Map(), ofAny: [], isCut: false };

function mayOccur(name: string, file: ts.SourceFile): boolean {
  return name === DEFAULT_NAME || mayMention(file, name);
}

function resolved(name: string, files: readonly ts.SourceFile[], sort: Sort, core: Core): ResolvedName {
  const byDeclaration = new Map<ts.Declaration, Mention[]>();
  const byOwner = new Map<ts.Node, Mention[]>();
  const ofAny: Mention[] = [];
  let seen = 0;
  for (const file of files) {
    for (const node of core.ask(mentions, file).get(name) ?? []) {
      if (sort === 'names' && isOfValue(node, core)) continue;
      if (++seen > MOST_MENTIONS) return { byDeclaration, byOwner, ofAny, isCut: true };
      const declarations = new Set(symbolsAt(node, core.checker).flatMap((symbol) => symbol.declarations ?? []));
      for (const declaration of declarations) add(byDeclaration, declaration, node);
      if (sort !== 'members') continue;
      const access = accessAt(node);
      if (access === undefined || ts.isPrivateIdentifier(node)) continue;
      for (const declaration of declarations) add(byOwner, declaration.parent, node);
      const isOfAny =
        declarations.size === 0 && (core.checker.getTypeAtLocation(access.expression).flags & ts.TypeFlags.Any) !== 0;
      if (isOfAny) ofAny.push(node);
    }
  }
  return { byDeclaration, byOwner, ofAny, isCut: false };
}

function add<Key>(map: Map<Key, Mention[]>, key: Key, node: Mention): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [node]);
  else known.push(node);
}

function accessAt(node: Mention): ts.ElementAccessExpression | ts.PropertyAccessExpression | undefined {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return parent;
  return ts.isElementAccessExpression(parent) && parent.argumentExpression === node ? parent : undefined;
}

/** Is it a member reached through a value that is no module? */
function isOfValue(node: Mention, core: Core): boolean {
  const access = accessAt(node);
  if (access === undefined) return false;
  const file = node.getSourceFile();
  if (isCommonJs(file)) return false;
  const receiver = bare(access.expression);
  if (isModuleCall(receiver)) return false;
  if (ts.isPropertyAccessExpression(receiver)) return isOfValue(receiver.name, core);
  if (!ts.isIdentifier(receiver)) return true;
  const symbol = core.checker.getSymbolAtLocation(receiver);
  if (symbol === undefined) return true;
  if ((symbol.flags & (ts.SymbolFlags.Alias | ts.SymbolFlags.Namespace)) !== 0) return false;
  const declaration = symbol.valueDeclaration;
  if (declaration === undefined) return true;
  // `import('./server.ts').then((server) => server.stop())`
  if (ts.isParameter(declaration)) return !/\bimport\s*\(/.test(file.text);
  return (
    !ts.isVariableDeclaration(declaration) ||
    declaration.initializer === undefined ||
    !isModuleCall(declaration.initializer)
  );
}

/** The symbols that a name stands for behind aliases: two in `{ stop }`, of the property and of the variable. */
function symbolsAt(node: Mention, checker: ts.TypeChecker): readonly ts.Symbol[] {
  const { parent } = node;
  const found: (ts.Symbol | undefined)[] = [checker.getSymbolAtLocation(node)];
  if (ts.isShorthandPropertyAssignment(parent) && parent.name === node) {
    found.push(checker.getShorthandAssignmentValueSymbol(parent));
  } else if (isBindingElement(parent) && ts.isObjectBindingPattern(parent.parent)) {
    const isName = parent.propertyName === undefined ? parent.name === node : parent.propertyName === node;
    if (isName) found.push(checker.getPropertyOfType(checker.getTypeAtLocation(parent.parent), node.text));
  } else if (ts.isExportSpecifier(parent)) {
    found.push(checker.getExportSpecifierLocalTargetSymbol(parent));
  }
  return found.flatMap((symbol) => {
    if (symbol === undefined) return [];
    return (symbol.flags & ts.SymbolFlags.Alias) === 0 ? [symbol] : [checker.getAliasedSymbol(symbol)];
  });
}
