import * as ts from 'typescript';
import { accessedNameOf, unasserted } from '../syntax/expressions.ts';
import {
  callableAmong,
  givenParameterOf,
  isAsyncFunction,
  isToldByText,
  isTypedHolder,
  isWrittenFunction,
  mayTake,
  ownParametersOf,
  takenAt,
  takesUpTo,
  writtenResultOf,
} from '../syntax/signatures.ts';
import { thisOwnerOf } from '../syntax/this-owner.ts';

type Access = ts.ElementAccessExpression | ts.PropertyAccessExpression;

/** A member as the declarations have it. */
export interface WrittenMember {
  readonly symbol: ts.Symbol;
  /** What it is a member of (`WrittenMembers.resultOf`); nothing for members of modules and classes themselves. */
  readonly owner: readonly ts.Symbol[];
}

/**
 * What calls give and which members are meant, by what is written in declarations: the type of a parameter, a variable, a field or a
 * result, `new Pool()`, `this`.
 *
 * The type of a call is computed from all that the call is given, that of a name from all that the code before says of it, and either
 * can take longer than everything else that is asked about a file. Where the declaration says enough, neither is asked. What a test
 * finds out about a value (`instanceof`) may add members to the written ones and never takes any away.
 */
export interface WrittenMembers {
  /** The class or interface that a call gives, after the other names it is written by; `undefined`: ask for the type. */
  resultOf(call: ts.CallExpression): readonly ts.Symbol[] | undefined;
  /** The member of a module, of a class, or of what has a written class or interface; `undefined`: ask for the type. */
  memberAt(access: Access): WrittenMember | undefined;
  /**
   * What a callback's parameter without a type of its own is given, by the declarations of what the callback is given to: the class or
   * interface as it is declared. `undefined`: ask for the type, which is computed from all that the call is given.
   */
  givenTo(parameter: ts.ParameterDeclaration): ts.Type | undefined;
}

/** What a written type names. */
interface Written {
  /** The names that it is written by, then the class or interface itself. */
  readonly names: readonly ts.Symbol[];
  /** The classes or interfaces as they are declared; several for an intersection, of which some may have no name. */
  readonly parts: readonly ts.Type[];
  /** For the `Promise` of the standard library: what it is a promise of, as written. */
  readonly awaited?: ts.TypeNode | undefined;
}

/** How far an alias of an alias is followed. */
const MOST_ALIASES = 5;

/** Links of one chain of calls and members that are followed, for the stack's sake; what is beyond is asked for its type. */
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
  const results = new WeakMap<ts.CallExpression, Written | null>();
  const owners = new WeakMap<Access, WrittenMember | null>();
  const holders = new WeakMap<ts.Declaration, Written | null>();
  const globals = new Map<string, ts.Symbol | undefined>();
  let links = 0;

  function resultOf(call: ts.CallExpression): readonly ts.Symbol[] | undefined {
    const result = ofCall(call);
    return result?.parts.length === 1 ? result.names : undefined;
  }

  function ofCall(call: ts.CallExpression): Written | undefined {
    return followed(results, call, () => {
      const declarations = callableAmong(declarationsOf(calleeOf(unasserted(call.expression))));
      const isSpread = call.arguments.some((argument) => ts.isSpreadElement(argument));
      return agreed(
        declarations.filter((each) => isSpread || !isWrittenFunction(each) || mayTake(each, call.arguments)),
      );
    });
  }

  function memberAt(access: Access): WrittenMember | undefined {
    return followed(owners, access, () => found(access));
  }

  /** What is known of a node, or found out now; nothing for a node that leads back to itself. */
  function followed<Node extends ts.Node, Value>(
    known: WeakMap<Node, Value | null>,
    node: Node,
    find: () => Value | undefined,
  ): Value | undefined {
    const before = known.get(node);
    if (before !== undefined) return before ?? undefined;
    if (links >= MOST_LINKS) return undefined;
    links++;
    known.set(node, null);
    try {
      const value = find();
      if (value !== undefined) known.set(node, value);
      return value;
    } finally {
      links--;
    }
  }

  function found(access: Access): WrittenMember | undefined {
    const name = accessedNameOf(access);
    if (name === undefined) return undefined;
    const holder = holderAt(unasserted(access.expression));
    const outer = holder === undefined ? undefined : exportOf(holder, name);
    if (outer !== undefined) return { symbol: outer, owner: [] };
    const { names: owner, parts } = writtenAt(access.expression) ?? NOTHING;
    const [symbol, other] = parts.flatMap((part) => checker.getPropertyOfType(part, name) ?? []);
    return symbol === undefined || other !== undefined ? undefined : { symbol, owner };
  }

  /** The class or interface of a value, by what is written where it comes from. */
  function writtenAt(expression: ts.Expression): Written | undefined {
    const node = unasserted(expression);
    if (ts.isCallExpression(node)) return ofCall(node);
    if (node.kind === ts.SyntaxKind.ThisKeyword) return instanceAt(node);
    if (ts.isAsExpression(node)) return ofWritten(node.type);
    if (ts.isAwaitExpression(node)) return ofAwaited(writtenAt(node.expression));
    if (ts.isIdentifier(node)) return ofSymbol(unaliased(checker.getSymbolAtLocation(node)));
    return isAccess(node) ? ofSymbol(unaliased(memberAt(node)?.symbol)) : undefined;
  }

  /** What waiting for a promise gives. */
  function ofAwaited(promise: Written | undefined): Written | undefined {
    const isSame = promise?.parts.length === 1 && promise.awaited !== undefined;
    const of = isSame ? ofWritten(promise.awaited) : undefined;
    return of?.awaited === undefined ? of : undefined;
  }

  function instanceAt(node: ts.Expression): Written | undefined {
    const owner = thisOwnerOf(node);
    if (owner.is !== 'instance' || isJavaScript(owner.of)) return undefined;
    const symbol = owner.of.name === undefined ? undefined : checker.getSymbolAtLocation(owner.of.name);
    return symbol === undefined ? undefined : named(symbol);
  }

  function ofSymbol(symbol: ts.Symbol | undefined): Written | undefined {
    const declaration = symbol?.declarations?.find(ts.isGetAccessor) ?? symbol?.valueDeclaration;
    return declaration === undefined ? undefined : followed(holders, declaration, () => ofDeclaration(declaration));
  }

  /** What a variable, a parameter, a field or a getter holds. */
  function ofDeclaration(declaration: ts.Declaration): Written | undefined {
    if (
      !ts.isVariableDeclaration(declaration) &&
      !ts.isParameter(declaration) &&
      !ts.isPropertyDeclaration(declaration) &&
      !ts.isPropertySignature(declaration) &&
      !ts.isGetAccessor(declaration)
    ) {
      return undefined;
    }
    if (isJavaScript(declaration)) return undefined;
    if (declaration.type !== undefined) {
      const isRest = ts.isParameter(declaration) && declaration.dotDotDotToken !== undefined;
      return isRest ? undefined : ofWritten(declaration.type);
    }
    if (ts.isParameter(declaration)) return ofCallback(declaration);
    const isHolder = ts.isVariableDeclaration(declaration) || ts.isPropertyDeclaration(declaration);
    return isHolder && declaration.initializer !== undefined ? ofValue(declaration.initializer) : undefined;
  }

  function givenTo(parameter: ts.ParameterDeclaration): ts.Type | undefined {
    if (parameter.type !== undefined || isJavaScript(parameter)) return undefined;
    const { parts } = followed(holders, parameter, () => ofDeclaration(parameter)) ?? NOTHING;
    return parts.length === 1 ? parts[0] : undefined;
  }

  /** What all overloads that take a function at its place give the parameter of a callback. */
  function ofCallback(parameter: ts.ParameterDeclaration): Written | undefined {
    const given = givenParameterOf(parameter);
    if (given === undefined) return undefined;
    const { argument, call, count, place } = given;
    const callbacks: ts.SignatureDeclaration[] = [];
    for (const declaration of callableAmong(declarationsOf(calleeOf(unasserted(call.expression))))) {
      for (const signature of signaturesOf(declaration) ?? [undefined]) {
        if (signature === undefined) return undefined;
        if (!mayTake(signature, call.arguments)) continue;
        const taken = takenAt(signature, argument);
        const functions = taken === undefined ? undefined : signaturesIn(taken);
        if (functions === undefined) return undefined;
        // A function with more parameters than it is given is for another overload.
        callbacks.push(...functions.filter((callback) => takesUpTo(callback, count)));
        if (callbacks.length > 0 && isToldByText(signature, call.arguments)) return ofParameters(callbacks, place);
      }
    }
    return ofParameters(callbacks, place);
  }

  function ofParameters(callbacks: readonly ts.SignatureDeclaration[], place: number): Written | undefined {
    return same(
      callbacks.map((callback) => {
        const own = ownParametersOf(callback)[place];
        return own?.type === undefined || own.dotDotDotToken !== undefined ? undefined : ofWritten(own.type);
      }),
    );
  }

  function signaturesOf(declaration: ts.Declaration): readonly ts.SignatureDeclaration[] | undefined {
    if (isWrittenFunction(declaration)) return [declaration];
    return isTypedHolder(declaration) && declaration.type !== undefined ? signaturesIn(declaration.type) : undefined;
  }

  /** The functions that a written type takes, none for other objects; `undefined` where it may take anything. */
  function signaturesIn(written: ts.TypeNode, depth = MOST_ALIASES): readonly ts.SignatureDeclaration[] | undefined {
    if (depth === 0) return undefined;
    if (ts.isParenthesizedTypeNode(written)) return signaturesIn(written.type, depth);
    if (ts.isFunctionTypeNode(written)) return [written];
    if (ts.isTypeLiteralNode(written)) return written.members.filter(ts.isCallSignatureDeclaration);
    if (ts.isLiteralTypeNode(written) || ts.isArrayTypeNode(written) || isNeverCalled(written)) return [];
    const parts = ts.isUnionTypeNode(written)
      ? written.types
      : ts.isConditionalTypeNode(written)
        ? [written.trueType, written.falseType]
        : undefined;
    if (parts !== undefined) {
      const all = parts.map((part) => signaturesIn(part, depth - 1));
      return all.includes(undefined) ? undefined : all.flatMap((part) => part ?? []);
    }
    return ts.isTypeReferenceNode(written) ? signaturesOfName(written.typeName, depth) : undefined;
  }

  function signaturesOfName(name: ts.Node, depth: number): readonly ts.SignatureDeclaration[] | undefined {
    const declarations = unaliased(checker.getSymbolAtLocation(name))?.declarations ?? [];
    const all = declarations.map((declaration) => {
      if (ts.isTypeAliasDeclaration(declaration)) return signaturesIn(declaration.type, depth - 1);
      if (ts.isTypeParameterDeclaration(declaration)) {
        return declaration.constraint === undefined ? undefined : signaturesIn(declaration.constraint, depth - 1);
      }
      if (ts.isClassLike(declaration)) return [];
      // An interface may go by the name of a variable too.
      if (!ts.isInterfaceDeclaration(declaration)) return ts.isVariableDeclaration(declaration) ? [] : undefined;
      const bases = (declaration.heritageClauses ?? []).flatMap(({ types }) => types);
      const inherited = bases.map(({ expression }) =>
        depth > 1 ? signaturesOfName(expression, depth - 1) : undefined,
      );
      return inherited.includes(undefined)
        ? undefined
        : [...declaration.members.filter(ts.isCallSignatureDeclaration), ...inherited.flatMap((each) => each ?? [])];
    });
    return all.length === 0 || all.includes(undefined) ? undefined : all.flatMap((each) => each ?? []);
  }

  /** What a variable or field without a written type holds. */
  function ofValue(initializer: ts.Expression): Written | undefined {
    const value = unasserted(initializer);
    if (!ts.isNewExpression(value)) return writtenAt(value);
    if (!ts.isIdentifier(value.expression)) return undefined;
    const built = unaliased(checker.getSymbolAtLocation(value.expression));
    return built !== undefined && (built.flags & ts.SymbolFlags.Class) !== 0 ? named(built) : undefined;
  }

  /** As `namedBy`, also where nothing may be there instead, for arrays and for functions. */
  function ofWritten(written: ts.TypeNode): Written | undefined {
    if (ts.isParenthesizedTypeNode(written)) return ofWritten(written.type);
    if (ts.isUnionTypeNode(written)) {
      const [only, other] = written.types.filter((part) => !isNullish(part));
      return only === undefined || other !== undefined ? undefined : ofWritten(only);
    }
    if (ts.isArrayTypeNode(written)) return ofGlobal('Array', written);
    const isReadonly = ts.isTypeOperatorNode(written) && written.operator === ts.SyntaxKind.ReadonlyKeyword;
    if (isReadonly) return ofGlobal('ReadonlyArray', written);
    const behind = ts.isTypeReferenceNode(written) ? aliased(written) : written;
    return behind !== undefined && ts.isFunctionTypeNode(behind) ? unnamed(behind) : namedBy(written);
  }

  /** The type that a name stands for. */
  function aliased({ typeName }: ts.TypeReferenceNode): ts.TypeNode | undefined {
    const [declaration] = unaliased(checker.getSymbolAtLocation(typeName))?.declarations ?? [];
    return declaration !== undefined && ts.isTypeAliasDeclaration(declaration) ? declaration.type : undefined;
  }

  /** What an import brings, a class, or a member of one. */
  function holderAt(receiver: ts.Expression): ts.Symbol | undefined {
    if (ts.isPropertyAccessExpression(receiver)) return unaliased(memberAt(receiver)?.symbol);
    const symbol = ts.isIdentifier(receiver) ? checker.getSymbolAtLocation(receiver) : undefined;
    const holders = ts.SymbolFlags.Alias | ts.SymbolFlags.Class;
    return symbol === undefined || (symbol.flags & holders) === 0 ? undefined : unaliased(symbol);
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
    return isAccess(callee) ? unaliased(memberSymbolOf(callee, checker)) : undefined;
  }

  function unaliased(symbol: ts.Symbol | undefined): ts.Symbol | undefined {
    return symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0
      ? checker.getAliasedSymbol(symbol)
      : symbol;
  }

  /** The declarations of what is called, also behind a variable that is written to have the type of another function. */
  function declarationsOf(callee: ts.Symbol | undefined, depth = MOST_ALIASES): readonly ts.Declaration[] {
    const { declarations = [], valueDeclaration: value } = callee ?? {};
    const type = value !== undefined && ts.isVariableDeclaration(value) ? value.type : undefined;
    const query = type === undefined ? undefined : queryIn(type);
    const other =
      query === undefined || depth === 0 ? undefined : unaliased(checker.getSymbolAtLocation(query.exprName));
    return other === undefined ? declarations : declarationsOf(other, depth - 1);
  }

  /** `typeof connect`, also by another name. */
  function queryIn(type: ts.TypeNode): ts.TypeQueryNode | undefined {
    if (ts.isTypeQueryNode(type)) return type;
    const behind = ts.isTypeReferenceNode(type) ? aliased(type) : undefined;
    return behind !== undefined && ts.isTypeQueryNode(behind) ? behind : undefined;
  }

  /** What all overloads give. */
  function agreed(declarations: readonly ts.Declaration[]): Written | undefined {
    return same(
      declarations.map((declaration) => {
        const result = writtenResultOf(declaration);
        return result === undefined && isAsyncFunction(declaration)
          ? ofGlobal('Promise', declaration)
          : namedBy(result);
      }),
    );
  }

  /** The one that all are. */
  function same([first, ...others]: readonly (Written | undefined)[]): Written | undefined {
    if (first === undefined) return undefined;
    const isSame = (other: Written | undefined): boolean =>
      other?.parts.length === first.parts.length && other.parts.every((part, at) => part === first.parts[at]);
    if (!others.every(isSame)) return undefined;
    // What is promised may differ where the promise does not.
    return others.length === 0 ? first : { names: first.names, parts: first.parts };
  }

  /** What a written type names, also through other names for it. */
  function namedBy(written: ts.TypeNode | undefined, depth = MOST_ALIASES): Written | undefined {
    if (written === undefined || depth === 0) return undefined;
    if (ts.isIntersectionTypeNode(written)) {
      const parts = written.types.map((part) =>
        ts.isTypeLiteralNode(part) ? unnamed(part) : namedBy(part, depth - 1),
      );
      const all = parts.filter((part) => part !== undefined);
      if (all.length < parts.length) return undefined;
      return { names: all.flatMap(({ names }) => names), parts: all.flatMap((part) => part.parts) };
    }
    if (!ts.isTypeReferenceNode(written)) return undefined;
    const symbol = unaliased(checker.getSymbolAtLocation(written.typeName));
    if (symbol === undefined) return undefined;
    if ((symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface)) !== 0) {
      const promised = symbol.name === 'Promise' && isOfLibrary(symbol) ? written.typeArguments?.[0] : undefined;
      return promised === undefined ? named(symbol) : { ...named(symbol), awaited: promised };
    }
    const [declaration, other] = symbol.declarations ?? [];
    if (declaration === undefined || other !== undefined || !ts.isTypeAliasDeclaration(declaration)) return undefined;
    const behind = namedBy(declaration.type, depth - 1);
    // What is promised is written with the parameters of the alias.
    return behind === undefined ? undefined : { parts: behind.parts, names: [symbol, ...behind.names] };
  }

  function named(symbol: ts.Symbol): Written {
    return { names: [symbol], parts: [checker.getDeclaredTypeOfSymbol(symbol)] };
  }

  function unnamed(literal: ts.FunctionTypeNode | ts.TypeLiteralNode): Written {
    return { names: [], parts: [checker.getTypeAtLocation(literal)] };
  }

  /** An interface of the standard library; an `async` function that says nothing of its result gives its `Promise`. */
  function ofGlobal(name: 'Array' | 'Promise' | 'ReadonlyArray', at: ts.Node): Written | undefined {
    if (globals.size === 0) {
      for (const each of checker.getSymbolsInScope(at.getSourceFile(), ts.SymbolFlags.Interface)) {
        if (!isOfLibrary(each)) continue;
        globals.set(each.name, globals.has(each.name) ? undefined : each);
      }
    }
    const symbol = globals.get(name);
    return symbol === undefined ? undefined : named(symbol);
  }

  return { resultOf, memberAt, givenTo };
}

const NOTHING: Written = { names: [], parts: [] };

function isAccess(node: ts.Node): node is Access {
  return ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
}

/** Types are written in comments there. */
function isJavaScript(node: ts.Node): boolean {
  return (node.flags & ts.NodeFlags.JavaScriptFile) !== 0;
}

/** Is it a type of which no function is? */
function isNeverCalled({ kind }: ts.TypeNode): boolean {
  const { SyntaxKind } = ts;
  return [
    SyntaxKind.BooleanKeyword,
    SyntaxKind.NumberKeyword,
    SyntaxKind.StringKeyword,
    SyntaxKind.TemplateLiteralType,
    SyntaxKind.UndefinedKeyword,
  ].includes(kind);
}

function isNullish(type: ts.TypeNode): boolean {
  return (
    type.kind === ts.SyntaxKind.UndefinedKeyword ||
    (ts.isLiteralTypeNode(type) && type.literal.kind === ts.SyntaxKind.NullKeyword)
  );
}

function isOfLibrary({ declarations = [], name }: ts.Symbol): boolean {
  const isMeant = name === 'Array' || name === 'Promise' || name === 'ReadonlyArray';
  return isMeant && declarations.every((declaration) => declaration.getSourceFile().isDeclarationFile);
}
