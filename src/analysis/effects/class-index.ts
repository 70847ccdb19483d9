import * as ts from 'typescript';
import { type Core, defineFact } from '../facts.ts';
import { symbolOf } from '../places/symbols.ts';
import { fileNodes } from '../text/nodes.ts';

/** Classes of a file that extend or implement something. */
const classesWithBases = defineFact<ts.SourceFile, readonly ts.ClassLikeDeclaration[]>({
  name: 'classes-with-bases',
  scope: 'text',
  compute(file, core) {
    if (!/\b(?:extends|implements)\b/.test(file.text)) return [];
    return core.ask(fileNodes, file).classes.filter(({ heritageClauses = [] }) => heritageClauses.length > 0);
  },
});

/** Who extends or implements whom, in the files of the Program. Made once, when the first method call needs it. */
const heirs = defineFact<ts.Program, ReadonlyMap<ts.Symbol, readonly ts.ClassLikeDeclaration[]>>({
  name: 'heirs',
  scope: 'program',
  compute(program, core) {
    const found = new Map<ts.Symbol, ts.ClassLikeDeclaration[]>();
    for (const file of program.getSourceFiles()) {
      if (file.isDeclarationFile) continue;
      for (const node of core.ask(classesWithBases, file)) {
        for (const clause of node.heritageClauses ?? []) {
          for (const base of clause.types) {
            const symbol = symbolOf(nameOfBase(base.expression), core);
            if (symbol === undefined) continue;
            const known = found.get(symbol);
            if (known === undefined) found.set(symbol, [node]);
            else known.push(node);
          }
        }
      }
    }
    return found;
  },
});

function nameOfBase(expression: ts.Expression): ts.Node {
  return ts.isPropertyAccessExpression(expression) ? expression.name : expression;
}

/** Classes looked at below one class or interface. */
const MOST_HEIRS = 500;

/** The classes of the Program that extend or implement a class or interface, also through others. */
export function heirsOf(symbol: ts.Symbol, core: Core): readonly ts.ClassLikeDeclaration[] {
  const index = core.ask(heirs, core.program);
  const found = new Set<ts.ClassLikeDeclaration>();
  const open: ts.Symbol[] = [symbol];
  for (let next = open.pop(); next !== undefined && found.size < MOST_HEIRS; next = open.pop()) {
    for (const node of index.get(next) ?? []) {
      if (found.has(node)) continue;
      found.add(node);
      const own = classSymbolOf(node, core);
      if (own !== undefined) open.push(own);
    }
    for (const extending of interfacesExtending(next, core)) open.push(extending);
  }
  return [...found];
}

const interfaceHeirs = defineFact<ts.Program, ReadonlyMap<ts.Symbol, readonly ts.Symbol[]>>({
  name: 'interface-heirs',
  scope: 'program',
  compute(program, core) {
    const found = new Map<ts.Symbol, ts.Symbol[]>();
    for (const file of program.getSourceFiles()) {
      if (file.isDeclarationFile) continue;
      for (const statement of file.statements) {
        if (!ts.isInterfaceDeclaration(statement)) continue;
        const own = core.checker.getSymbolAtLocation(statement.name);
        for (const clause of statement.heritageClauses ?? []) {
          for (const base of clause.types) {
            const symbol = symbolOf(nameOfBase(base.expression), core);
            if (symbol === undefined || own === undefined) continue;
            found.set(symbol, [...(found.get(symbol) ?? []), own]);
          }
        }
      }
    }
    return found;
  },
});

function interfacesExtending(symbol: ts.Symbol, core: Core): readonly ts.Symbol[] {
  return core.ask(interfaceHeirs, core.program).get(symbol) ?? [];
}

/** The symbol of a class, also of a class expression. */
export function classSymbolOf(node: ts.ClassLikeDeclaration, core: Core): ts.Symbol | undefined {
  return node.name === undefined
    ? core.checker.getTypeAtLocation(node).symbol
    : core.checker.getSymbolAtLocation(node.name);
}

/** The class that a class extends, if its declaration is in the Program. */
export function baseClassOf(node: ts.ClassLikeDeclaration, core: Core): ts.ClassLikeDeclaration | undefined {
  const base = node.heritageClauses?.find((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
  if (base === undefined) return undefined;
  const symbol = symbolOf(nameOfBase(base.expression), core);
  const declaration = symbol?.valueDeclaration;
  return declaration !== undefined && ts.isClassLike(declaration) ? declaration : undefined;
}

/** The member of a class by its name, with static and instance members apart. */
export function memberNamed(
  node: ts.ClassLikeDeclaration,
  name: string,
  isStatic: boolean,
): ts.ClassElement | undefined {
  return node.members.find(
    (member) =>
      member.name !== undefined &&
      nameOf(member.name) === name &&
      ((ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Static) !== 0) === isStatic &&
      !(
        ts.isMethodDeclaration(member) &&
        member.body === undefined &&
        (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Abstract) === 0
      ),
  );
}

function nameOf(node: ts.PropertyName): string | undefined {
  return ts.isComputedPropertyName(node)
    ? ts.isStringLiteralLike(node.expression)
      ? node.expression.text
      : node.expression.getText()
    : node.text;
}
