import * as ts from 'typescript';
import { accessedNameOf, bare, unasserted } from '../syntax/expressions.ts';
import { isAsync, isFunctionNode, isGenerator } from '../syntax/functions.ts';

type Access = ts.ElementAccessExpression | ts.PropertyAccessExpression;

/** A member as the declarations have it. */
export interface WrittenMember {
  readonly symbol: ts.Symbol;
  /** What it is a member of (`WrittenMembers.resultOf`); nothing for members of modules and classes themselves. */
  readonly owner: readonly ts.Symbol[];
}

/**
 * What calls give and which members are meant, by what is written in declarations.
 *
 * The type of a call is computed from all that the call is given, that of a name from all that the code before says of it, and either
 * can take longer than everything else that is asked about a file. Where the declaration says enough, neither is asked.
 */
export interface WrittenMembers {
  /** The class or interface that a call gives, after the other names it is written by; `undefined`: ask for the type. */
  resultOf(call: ts.CallExpression): readonly ts.Symbol[] | undefined;
  /** The member of a module, of a class, or of what a call gives; `undefined`: ask for the type. */
  memberAt(access: Access): WrittenMember | undefined;
}

/** How far an alias of an alias is followed. */
const MOST_ALIASES = 5;

/** Calls of one chain that are followed, for the stack's sake; what is beyond is asked for its type. */
const MOST_LINKS = 100;

const opened = new WeakMap<ts.TypeChecker, WrittenMembers>();

/** Opens the question for one checker, once. */
export function writtenMembersIn(checker: ts.TypeChecker): WrittenMembers {
  let members = opened.get(checker);
  if (members === undefined) {
    members = open(checker);
    opened.set(checker, members);
  }
  return members;
}

/** The symbol of the member that is accessed, imports and re-exports not followed. */
export function memberSymbolOf(access: Access, checker: ts.TypeChecker): ts.Symbol | undefined {
  const place = ts.isPropertyAccessExpression(access) ? access.name : access.argumentExpression;
  return writtenMembersIn(checker).memberAt(access)?.symbol ?? checker.getSymbolAtLocation(place);
}

function open(checker: ts.TypeChecker): WrittenMembers {
  const results = new WeakMap<ts.CallExpression, readonly ts.Symbol[] | null>();
  const owners = new WeakMap<Access, WrittenMember | null>();
  let promises: readonly ts.Symbol[] | undefined;
  let links = 0;

  function resultOf(call: ts.CallExpression): readonly ts.Symbol[] | undefined {
    const known = results.get(call);
    if (known !== undefined) return known ?? undefined;
    if (links >= MOST_LINKS) return undefined;
    links++;
    try {
      const result = agreed(calleeOf(unasserted(call.expression))?.declarations ?? []);
      results.set(call, result ?? null);
      return result;
    } finally {
      links--;
    }
  }

  function memberAt(access: Access): WrittenMember | undefined {
    const known = owners.get(access);
    if (known !== undefined) return known ?? undefined;
    const member = found(access);
    owners.set(access, member ?? null);
    return member;
  }

  function found(access: Access): WrittenMember | undefined {
    const name = accessedNameOf(access);
    const receiver = unasserted(access.expression);
    if (name === undefined) return undefined;
    const holder = holderAt(receiver);
    if (holder !== undefined) {
      const symbol = exportOf(holder, name);
      return symbol === undefined ? undefined : { symbol, owner: [] };
    }
    const owner = ts.isCallExpression(receiver) ? resultOf(receiver) : undefined;
    const last = owner?.at(-1);
    if (owner === undefined || last === undefined) return undefined;
    const symbol = checker.getPropertyOfType(checker.getDeclaredTypeOfSymbol(last), name);
    return symbol === undefined ? undefined : { symbol, owner };
  }

  /** What an import brings, or a member of that. */
  function holderAt(receiver: ts.Expression): ts.Symbol | undefined {
    if (ts.isPropertyAccessExpression(receiver)) return unaliased(memberAt(receiver)?.symbol);
    const symbol = ts.isIdentifier(receiver) ? checker.getSymbolAtLocation(receiver) : undefined;
    return symbol === undefined || (symbol.flags & ts.SymbolFlags.Alias) === 0 ? undefined : unaliased(symbol);
  }

  /** The member of a namespace, a module or a class itself. */
  function exportOf(target: ts.Symbol, name: string): ts.Symbol | undefined {
    if ((target.flags & ts.SymbolFlags.Variable) !== 0) return undefined;
    if ((target.flags & ts.SymbolFlags.ValueModule) !== 0) {
      const member = unaliased(checker.tryGetMemberInModuleExports(name, target));
      return member !== undefined && (member.flags & ts.SymbolFlags.Value) !== 0 ? member : undefined;
    }
    if ((target.flags & ts.SymbolFlags.Class) === 0) return undefined;
    return checker.getPropertyOfType(checker.getTypeOfSymbol(target), name);
  }

  function calleeOf(callee: ts.Expression): ts.Symbol | undefined {
    if (ts.isIdentifier(callee)) return unaliased(checker.getSymbolAtLocation(callee));
    if (!ts.isPropertyAccessExpression(callee) && !ts.isElementAccessExpression(callee)) return undefined;
    return unaliased(memberSymbolOf(callee, checker));
  }

  function unaliased(symbol: ts.Symbol | undefined): ts.Symbol | undefined {
    return symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0
      ? checker.getAliasedSymbol(symbol)
      : symbol;
  }

  /** What all overloads give. */
  function agreed(declarations: readonly ts.Declaration[]): readonly ts.Symbol[] | undefined {
    const [first, ...others] = callable(declarations).map((declaration) => {
      const result = writtenResult(declaration);
      return result === undefined && isAsyncFunction(declaration) ? promise(declaration) : namedBy(result);
    });
    if (first === undefined) return undefined;
    return others.every((other) => other?.at(-1) === first.at(-1)) ? first : undefined;
  }

  /** The class or interface that a written type names, also through other names for it. */
  function namedBy(written: ts.TypeNode | undefined, depth = MOST_ALIASES): readonly ts.Symbol[] | undefined {
    if (written === undefined || !ts.isTypeReferenceNode(written) || depth === 0) return undefined;
    const symbol = unaliased(checker.getSymbolAtLocation(written.typeName));
    if (symbol === undefined) return undefined;
    if ((symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface)) !== 0) return [symbol];
    const [declaration, other] = symbol.declarations ?? [];
    if (declaration === undefined || other !== undefined || !ts.isTypeAliasDeclaration(declaration)) return undefined;
    const behind = namedBy(declaration.type, depth - 1);
    return behind === undefined ? undefined : [symbol, ...behind];
  }

  /** What an `async` function gives that says nothing of its result: the `Promise` of the standard library. */
  function promise(at: ts.Node): readonly ts.Symbol[] | undefined {
    promises ??= checker
      .getSymbolsInScope(at.getSourceFile(), ts.SymbolFlags.Interface)
      .filter(
        ({ name, declarations = [] }) =>
          name === 'Promise' && declarations.every((declaration) => declaration.getSourceFile().isDeclarationFile),
      );
    return promises.length === 1 ? promises : undefined;
  }

  return { resultOf, memberAt };
}

/** The declarations without the one that implements the others. */
function callable(declarations: readonly ts.Declaration[]): readonly ts.Declaration[] {
  if (declarations.length < 2) return declarations;
  const overloads = declarations.filter((declaration) => !ts.isFunctionLike(declaration) || !hasBody(declaration));
  return overloads.length > 0 ? overloads : declarations;
}

function hasBody(declaration: ts.SignatureDeclaration): boolean {
  return 'body' in declaration && declaration.body !== undefined;
}

/** The type that stands behind the parameters: of a function, of a method, of a variable or property that holds a function. */
function writtenResult(declaration: ts.Declaration): ts.TypeNode | undefined {
  if (
    ts.isMethodSignature(declaration) ||
    ts.isMethodDeclaration(declaration) ||
    ts.isFunctionDeclaration(declaration)
  ) {
    return declaration.type;
  }
  if (
    !ts.isVariableDeclaration(declaration) &&
    !ts.isPropertyDeclaration(declaration) &&
    !ts.isPropertySignature(declaration)
  ) {
    return undefined;
  }
  if (declaration.type !== undefined) {
    return ts.isFunctionTypeNode(declaration.type) ? declaration.type.type : undefined;
  }
  const value = ts.isPropertySignature(declaration) ? undefined : functionIn(declaration);
  return value?.type;
}

/** The function that a variable or field without a written type holds. */
function functionIn(
  declaration: ts.PropertyDeclaration | ts.VariableDeclaration,
): ts.ArrowFunction | ts.FunctionExpression | undefined {
  const value = declaration.initializer === undefined ? undefined : bare(declaration.initializer);
  return value !== undefined && (ts.isArrowFunction(value) || ts.isFunctionExpression(value)) ? value : undefined;
}

function isAsyncFunction(declaration: ts.Declaration): boolean {
  const isHolder = ts.isVariableDeclaration(declaration) || ts.isPropertyDeclaration(declaration);
  if (isHolder && declaration.type !== undefined) return false;
  const fn = isHolder ? functionIn(declaration) : declaration;
  return fn !== undefined && isFunctionNode(fn) && isAsync(fn) && !isGenerator(fn);
}
