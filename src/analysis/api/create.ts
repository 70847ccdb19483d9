import * as ts from 'typescript';
import type { Catalogue, MemberRole, ProgramMark, TypeRole } from '../../catalogue/schema.ts';
import { accessedNameOf, bare } from '../syntax/expressions.ts';
import { memberSymbolOf, writtenMembersIn } from '../types/written-members.ts';
import { projectDirectoryOf } from '../project-directory.ts';
import { ancestryIn } from './ancestry.ts';
import type { Api, ConventionMatch, EventsOfRole, MemberMatch, TypeMatch } from './api.ts';
import { homesOf } from './home.ts';
import { isInRange } from './versions.ts';
import { installedPackageOf, namesOf, originsIn } from './origin.ts';
import { packagesIn } from './packages.ts';
import { globalsOf, marksOf, type MemberRow, namesOfRole, namesOfRows, type Row, rowsOf } from './rows.ts';
import { isBindingElement } from '../syntax/bindings.ts';

type Call = ts.CallExpression | ts.NewExpression | ts.TaggedTemplateExpression;

/** How far an alias of an alias is followed. */
const MOST_ALIASES = 5;

/**
 * Opens the catalogue on a Program.
 *
 * Order of the questions, cheapest first: is the written name in the index; what does the name resolve to; what is the receiver's
 * type; where are the member's declarations. Doubt: `any`, unresolved and structural look-alikes match nothing, except globals and
 * built-in modules that the project does not load the types of: those are known by their name.
 */
export function createApi(checker: ts.TypeChecker, program: ts.Program, catalogue: Catalogue): Api {
  const headers = catalogue.flatMap(({ from, header }) => (header === undefined ? [] : [[header, from] as const]));
  const origins = originsIn(program, new Map(headers));
  const ancestry = ancestryIn(checker);
  const written = writtenMembersIn(checker);
  const present = packagesIn(program, origins);
  const rows = rowsOf(catalogue, (name) => present.has(name), projectDirectoryOf(program));

  const marks = marksOf(catalogue);
  const namesByRole = new Map<MemberRole, ReadonlyMap<string, EventsOfRole | undefined>>();

  const memberByNode = new WeakMap<ts.Node, MemberMatch | null>();
  const typesByType = new WeakMap<ts.Type, readonly TypeMatch[]>();

  function memberOf(call: Call): MemberMatch | undefined {
    return remembered(call, () => {
      if (ts.isNewExpression(call)) return builtBy(call);
      if (ts.isTaggedTemplateExpression(call)) return memberAt(call.tag);
      const callee = bare(call.expression);
      if (callee.kind === ts.SyntaxKind.SuperKeyword) return constructorOf(checker.getTypeAtLocation(callee).symbol);
      return memberAt(callee) ?? byResult(call, callee);
    });
  }

  /** The row `Type.by:member` of a method, whoever declares it, by what its call gives. */
  function byResult(call: ts.CallExpression, callee: ts.Expression): MemberMatch | undefined {
    if (!isPropertyLike(callee)) return undefined;
    const name = accessedNameOf(callee);
    if (name === undefined || !rows.byResult.has(name)) return undefined;
    const known = written.resultOf(call);
    const result = known === undefined ? ancestry.ofType(checker.getTypeAtLocation(call)) : withInherited(known);
    return inheritedRow(result, `by:${name}`);
  }

  /** A class or interface with all that it inherits, behind the other names that it is written by. */
  function withInherited(names: readonly ts.Symbol[]): readonly ts.Symbol[] {
    const isDeclared = ({ flags }: ts.Symbol): boolean =>
      (flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface)) !== 0;
    return names.flatMap((name) => (isDeclared(name) ? ancestry.ofDeclared(name) : [name]));
  }

  function memberAt(expression: ts.Expression): MemberMatch | undefined {
    return named(bare(expression), MOST_ALIASES);
  }

  function memberIn(type: ts.Type, name: string): MemberMatch | undefined {
    return inheritedRow(ancestry.ofType(type), name);
  }

  function remembered(node: ts.Node, compute: () => MemberMatch | undefined): MemberMatch | undefined {
    const known = memberByNode.get(node);
    if (known !== undefined) return known ?? undefined;
    const match = compute();
    memberByNode.set(node, match ?? null);
    return match;
  }

  function named(node: ts.Expression, depth: number): MemberMatch | undefined {
    if (depth === 0) return undefined;
    if (ts.isIdentifier(node)) return remembered(node, () => identifierNamed(node, depth));
    if (isPropertyLike(node)) return remembered(node, () => propertyNamed(node, depth));
    const bound = boundBy(node);
    if (bound !== undefined) return named(bound, depth - 1);
    return rows.hasCallables && ts.isCallExpression(node) ? callableRow(checker.getTypeAtLocation(node)) : undefined;
  }

  function propertyNamed(
    node: ts.ElementAccessExpression | ts.PropertyAccessExpression,
    depth: number,
  ): MemberMatch | undefined {
    const name = accessedNameOf(node);
    if (name === undefined) return undefined;
    const isListed = rows.called.has(name) || name === 'default';
    if (isListed || rows.hasWildcards) {
      const found = memberRow(node, name, isListed);
      if (found !== undefined) return found;
    }
    if (name === 'call' || name === 'apply') {
      const inner = named(bare(node.expression), depth - 1);
      if (inner !== undefined) return inner;
    }
    if (!rows.hasCallables) return undefined;
    const symbol = memberSymbolOf(node, checker);
    const isFunction = symbol !== undefined && ((resolved(symbol)?.flags ?? 0) & functionLike()) !== 0;
    return isFunction ? undefined : callableRow(memberTypeAt(node));
  }

  function memberTypeAt(node: ts.ElementAccessExpression | ts.PropertyAccessExpression): ts.Type {
    const member = written.memberAt(node);
    // The type of a member of a generic class is known by the instance only.
    return member?.owner.length === 0 ? checker.getTypeOfSymbol(member.symbol) : checker.getTypeAtLocation(node);
  }

  function memberRow(
    node: ts.ElementAccessExpression | ts.PropertyAccessExpression,
    name: string,
    isListed: boolean,
  ): MemberMatch | undefined {
    const direct = memberSymbolOf(node, checker);
    const symbol = direct === undefined ? undefined : resolved(direct);
    const owner = written.memberAt(node)?.owner;
    const receiver = owner === undefined ? checker.getTypeAtLocation(node.expression) : undefined;
    if (symbol === undefined && receiver !== undefined && (receiver.flags & ts.TypeFlags.Any) !== 0)
      return isListed ? unresolvedMember(node, name) : undefined;
    const owners = receiver === undefined ? withInherited(owner ?? []) : ancestry.ofType(receiver);
    return (
      (symbol !== undefined && isListed ? declaredAs(symbol, name, 'outer') : undefined) ??
      inheritedRow(owners, name) ??
      (symbol !== undefined ? declaredAs(symbol, name, 'instance') : undefined) ??
      (symbol !== undefined && isListed && isVariableLike(symbol) ? rowOfFunctionType(memberTypeAt(node)) : undefined)
    );
  }

  /** The row of a member by what its receiver is: the nearest ancestor that has one, else a wildcard of any of them. */
  function inheritedRow(symbols: readonly ts.Symbol[], name: string): MemberMatch | undefined {
    for (const pattern of rows.hasWildcards ? [name, '*'] : [name]) {
      for (const symbol of symbols) {
        for (const owner of namesOf(symbol)) {
          const match = pick(rows.members.get(`${owner}.${pattern}`), symbol);
          if (match !== undefined) return match;
        }
      }
    }
    return undefined;
  }

  /** The row of a symbol by where its declarations stand: `outer` for functions and statics, `instance` for the rest. */
  function declaredAs(symbol: ts.Symbol, name: string, sort: 'instance' | 'outer'): MemberMatch | undefined {
    const own = symbol.name === 'default' || symbol.name === 'export=' ? namesOf(symbol) : [symbol.name];
    for (const declaration of symbol.declarations ?? []) {
      for (const home of homesOf(declaration)) {
        if (home.kind === 'instance') {
          if (sort === 'outer' || home.owner === undefined) continue;
          const owner = checker.getSymbolAtLocation(home.owner);
          const match = owner === undefined ? undefined : inheritedRow(ancestry.ofDeclared(owner), name);
          if (match !== undefined) return match;
        } else if (sort === 'outer') {
          for (const each of home.kind === 'function' && home.as !== undefined ? [home.as] : own) {
            const key = home.kind === 'static' ? `${home.of}.static:${each}` : each;
            const match = pick(rows.members.get(key), symbol);
            if (match !== undefined) return match;
          }
        }
      }
    }
    return undefined;
  }

  function identifierNamed(node: ts.Identifier, depth: number): MemberMatch | undefined {
    const direct = checker.getSymbolAtLocation(node);
    if (direct === undefined) return rows.called.has(node.text) ? functionRow(node.text, 'global') : undefined;
    const symbol = resolved(direct);
    if (symbol === undefined) return unresolvedImport(direct, undefined);
    if ((symbol.flags & functionLike()) !== 0 || isVariableLike(symbol)) {
      if (namesOf(symbol).some((name) => rows.called.has(name))) {
        const outer = declaredAs(symbol, symbol.name, 'outer');
        if (outer !== undefined) return outer;
        // A module that exports an object gives its methods as names: `import { exit } from 'node:process'`.
        const method = symbol === direct ? undefined : declaredAs(symbol, symbol.name, 'instance');
        if (method !== undefined) return method;
      }
    }
    if (!isVariableLike(symbol)) return undefined;
    const source = sourceOf(symbol);
    if (source !== undefined) {
      const bound = boundBy(source);
      if (bound !== undefined) return named(bound, depth - 1);
      if (ts.isIdentifier(source) || isPropertyLike(source)) {
        const match = named(source, depth - 1);
        if (match !== undefined) return match;
      }
      if (mayNameFunction(source)) {
        const match = rowOfFunctionType(checker.getTypeAtLocation(node));
        if (match !== undefined) return match;
      }
    } else if (destructures(symbol)) {
      const match = rowOfFunctionType(checker.getTypeAtLocation(node));
      if (match !== undefined) return match;
    }
    if (!rows.hasCallables) return undefined;
    const declaration = symbol.valueDeclaration;
    const given = declaration !== undefined && ts.isParameter(declaration) ? written.givenTo(declaration) : undefined;
    return callableRow(given ?? checker.getTypeAtLocation(node));
  }

  /** Is the value a call that may hand back a function given to it, as `promisify` does? Its type then names that function. */
  function mayNameFunction(source: ts.Expression): boolean {
    if (!ts.isCallExpression(source)) return false;
    const given = source.arguments[0];
    if (given === undefined) return false;
    const inner = bare(given);
    const name = ts.isIdentifier(inner) ? inner.text : isPropertyLike(inner) ? accessedNameOf(inner) : undefined;
    return name !== undefined && rows.called.has(name);
  }

  /** Is it bound by a pattern that takes a listed member out of an object (`const { connect: borrow } = pool`)? */
  function destructures(symbol: ts.Symbol): boolean {
    const declaration = symbol.valueDeclaration;
    if (declaration === undefined || !isBindingElement(declaration)) return false;
    const name = declaration.propertyName ?? declaration.name;
    return (ts.isIdentifier(name) || ts.isStringLiteral(name)) && rows.called.has(name.text);
  }

  /** The row of the function or method that a function type is the type of. */
  function rowOfFunctionType(type: ts.Type): MemberMatch | undefined {
    for (const part of type.isUnionOrIntersection() ? type.types : [type]) {
      const symbol = part.symbol as ts.Symbol | undefined;
      if (symbol === undefined || (symbol.flags & functionLike()) === 0) continue;
      const match = declaredAs(symbol, symbol.name, 'outer') ?? declaredAs(symbol, symbol.name, 'instance');
      if (match !== undefined) return match;
    }
    return undefined;
  }

  /** The row `Type.()` of a value that is called itself. */
  function callableRow(type: ts.Type): MemberMatch | undefined {
    return inheritedRow(ancestry.ofType(type), '()');
  }

  function builtBy(call: ts.NewExpression): MemberMatch | undefined {
    const callee = bare(call.expression);
    const place = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
    const direct = checker.getSymbolAtLocation(place);
    if (direct === undefined) return ts.isIdentifier(callee) ? functionRow(`new ${callee.text}`, 'global') : undefined;
    const symbol = resolved(direct);
    if (symbol === undefined) return unresolvedImport(direct, 'new');
    if ((symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface)) !== 0) return constructorOf(symbol);
    const built = checker.getTypeAtLocation(call);
    return constructorOf(built.symbol);
  }

  /** The row `new X` of a class or of the nearest base that has one. */
  function constructorOf(symbol: ts.Symbol | undefined): MemberMatch | undefined {
    if (symbol === undefined || (symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface)) === 0)
      return undefined;
    for (const each of ancestry.ofDeclared(symbol)) {
      for (const name of namesOf(each)) {
        const match = pick(rows.members.get(`new ${name}`), each);
        if (match !== undefined) return match;
      }
    }
    return undefined;
  }

  function typesOf(type: ts.Type): readonly TypeMatch[] {
    let known = typesByType.get(type);
    if (known === undefined) {
      known = ancestry.ofType(type).flatMap((symbol) =>
        namesOf(symbol).flatMap((name) => {
          const match = pick(rows.types.get(name), symbol);
          return match === undefined ? [] : [match];
        }),
      );
      typesByType.set(type, known);
    }
    return known;
  }

  /** The first row whose provenance and version fit. */
  function pick<Match>(candidates: readonly Row<Match>[] | undefined, symbol: ts.Symbol): Match | undefined {
    if (candidates === undefined) return undefined;
    const tags = origins.tagsOf(symbol);
    return candidates.find((row) => row.wants.some((tag) => tags.has(tag)) && isInstalled(row, symbol))?.match;
  }

  function isInstalled(row: Row<unknown>, symbol: ts.Symbol): boolean {
    const { since } = row;
    if (since === undefined) return true;
    return (symbol.declarations ?? []).some((declaration) => {
      const { fileName } = declaration.getSourceFile();
      // A project that declares the module itself says nothing of its version.
      const isOwn =
        installedPackageOf(fileName) !== undefined ||
        row.wants.includes(`package:${origins.packageOf(fileName) ?? ''}`);
      return isInRange(isOwn ? origins.versionOf(fileName, row.wants) : undefined, since);
    });
  }

  /** The row of a function or constructor that only its name and module tell, because no types are loaded. */
  function functionRow(key: string, tag: string): MemberMatch | undefined {
    return rows.members.get(key)?.find((row: MemberRow) => row.wants.includes(tag))?.match;
  }

  /** A member of a global (`process.on`) or of an import (`events.once`) that cannot be resolved. */
  function unresolvedMember(
    node: ts.ElementAccessExpression | ts.PropertyAccessExpression,
    name: string,
  ): MemberMatch | undefined {
    const receiver = bare(node.expression);
    if (!ts.isIdentifier(receiver)) return undefined;
    const symbol = checker.getSymbolAtLocation(receiver);
    if (symbol === undefined) {
      for (const type of rows.globals.get(receiver.text) ?? []) {
        const match = (rows.members.get(`${type}.${name}`) ?? rows.members.get(`${type}.static:${name}`))?.[0]?.match;
        if (match !== undefined) return match;
      }
      return (
        functionRow(`${receiver.text}.static:${name}`, 'global') ?? functionRow(`${receiver.text}.${name}`, 'global')
      );
    }
    if (resolved(symbol) !== undefined) return undefined;
    const module = importedFrom(symbol)?.module;
    if (module === undefined) return undefined;
    for (const type of rows.globals.get(module) ?? []) {
      const match = functionRow(`${type}.${name}`, `module:${module}`);
      if (match !== undefined) return match;
    }
    return functionRow(name, `module:${module}`);
  }

  function unresolvedImport(symbol: ts.Symbol, operator: 'new' | undefined): MemberMatch | undefined {
    const found = importedFrom(symbol);
    if (found?.name === undefined) return undefined;
    return functionRow(operator === 'new' ? `new ${found.name}` : found.name, `module:${found.module}`);
  }

  /** The symbol behind import aliases; `undefined` if that cannot be found. */
  function resolved(symbol: ts.Symbol): ts.Symbol | undefined {
    if ((symbol.flags & ts.SymbolFlags.Alias) === 0) return symbol;
    const target = checker.getAliasedSymbol(symbol);
    return target.declarations === undefined ? undefined : target;
  }

  function plays(call: Call, role: MemberRole): MemberMatch | undefined {
    if (!mayPlay(call, role)) return undefined;
    const match = memberOf(call);
    return match !== undefined && includesRole(match.role, role) ? match : undefined;
  }

  /** Can a row with the role be behind the call, by its name alone? Names that only pass a call on may stand for any. */
  function mayPlay(call: Call, role: MemberRole): boolean {
    if (!ts.isCallExpression(call) || memberByNode.has(call)) return true;
    const callee = bare(call.expression);
    const name = isPropertyLike(callee) ? accessedNameOf(callee) : undefined;
    return name === undefined || PASSING.has(name) || namesWith(role).has(name) || isNameless(role);
  }

  function isA(type: ts.Type, role: TypeRole): TypeMatch | undefined {
    return typesOf(type).find((match) => includesRole(match.role, role));
  }

  function argumentOf(call: ts.CallExpression | ts.NewExpression, at: number | undefined): ts.Expression | undefined {
    const given = call.arguments ?? [];
    const callee = ts.isCallExpression(call) ? bare(call.expression) : undefined;
    const through = callee !== undefined && isPropertyLike(callee) ? accessedNameOf(callee) : undefined;
    if (through === 'apply') return undefined;
    const passed = through === 'call' ? given.slice(1) : given;
    const place = at ?? 0;
    const spread = passed.findIndex(ts.isSpreadElement);
    if (place < 0) return spread < 0 ? passed[passed.length + place] : undefined;
    return spread < 0 || place < spread ? passed[place] : undefined;
  }

  function namesWith(
    role: MemberRole,
    where?: (row: MemberMatch) => boolean,
  ): ReadonlyMap<string, EventsOfRole | undefined> {
    if (where !== undefined) return namesOfRole(rows, role, where);
    let names = namesByRole.get(role);
    if (names === undefined) {
      names = namesOfRole(rows, role);
      namesByRole.set(role, names);
    }
    return names;
  }

  function isNameless(role: MemberRole): boolean {
    return rows.nameless.has(role);
  }

  function globalsWith(role: MemberRole, name: string): ReadonlySet<string> | undefined {
    return globalsOf(rows, role, name);
  }

  let ofRequests: ReadonlySet<string> | undefined;

  function hasRequests(packageName: string): boolean {
    ofRequests ??= new Set(
      [...rows.types.values()]
        .flat()
        .flatMap(({ match: { role }, wants }) =>
          includesRole(role, 'request-scope') || includesRole(role, 'response') ? wants : [],
        ),
    );
    return ofRequests.has(`package:${packageName}`);
  }

  function conventionOf(fileName: string, exported: string): ConventionMatch | undefined {
    return rows.conventions.find(
      ({ match, file }) =>
        match.exports.includes(exported) && file.test(fileName) && !fileName.includes('/node_modules/'),
    )?.match;
  }

  function markOf(module: string, name: string): ProgramMark | undefined {
    const found = marks.get(module.replace(/^node:/, ''));
    return found?.[name] ?? found?.['*'];
  }

  return {
    memberOf,
    memberAt,
    memberIn,
    typesOf,
    plays,
    isA,
    argumentOf,
    namesWith,
    namesWhere: (where) => namesOfRows(rows, where),
    globalsWith,
    isNameless,
    hasRequests,
    conventionOf,
    markOf,
  };
}

const PASSING: ReadonlySet<string> = new Set(['apply', 'call', 'default']);

function includesRole<Role extends string>(roles: Role | readonly Role[], role: Role): boolean {
  return typeof roles === 'string' ? roles === role : roles.includes(role);
}

function isVariableLike(symbol: ts.Symbol): boolean {
  return (symbol.flags & (ts.SymbolFlags.Variable | ts.SymbolFlags.Property)) !== 0;
}

function isPropertyLike(node: ts.Node): node is ts.ElementAccessExpression | ts.PropertyAccessExpression {
  return ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
}

/** `emitter.on` of `emitter.on.bind(emitter)`; not if the call binds arguments too. */
function boundBy(node: ts.Expression): ts.Expression | undefined {
  if (!ts.isCallExpression(node) || node.arguments.length > 1) return undefined;
  const callee = bare(node.expression);
  return ts.isPropertyAccessExpression(callee) && callee.name.text === 'bind' ? bare(callee.expression) : undefined;
}

/** The value of a variable or field that never gets another one. */
function sourceOf(symbol: ts.Symbol): ts.Expression | undefined {
  const declaration = symbol.valueDeclaration;
  if (declaration === undefined) return undefined;
  if (ts.isVariableDeclaration(declaration)) {
    const isConst = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
    return isConst && declaration.initializer !== undefined ? bare(declaration.initializer) : undefined;
  }
  return undefined;
}

/** Module and exported name of an import; without a name for the whole module. */
function importedFrom(symbol: ts.Symbol): { module: string; name: string | undefined } | undefined {
  for (const declaration of symbol.declarations ?? []) {
    const isSpecifier = ts.isImportSpecifier(declaration);
    if (!isSpecifier && !ts.isNamespaceImport(declaration) && !ts.isImportClause(declaration)) continue;
    let node: ts.Node = declaration;
    while (!ts.isImportDeclaration(node) && !ts.isSourceFile(node)) node = node.parent;
    if (!ts.isImportDeclaration(node) || !ts.isStringLiteral(node.moduleSpecifier)) continue;
    const name = isSpecifier ? (declaration.propertyName ?? declaration.name).text : undefined;
    return { module: node.moduleSpecifier.text.replace(/^node:/, ''), name };
  }
  return undefined;
}

/** Flags of symbols that can be called or built. */
function functionLike(): ts.SymbolFlags {
  return ts.SymbolFlags.Function | ts.SymbolFlags.Method | ts.SymbolFlags.Class;
}
