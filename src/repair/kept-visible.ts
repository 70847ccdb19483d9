import * as ts from 'typescript';
import {
  type Core,
  type FunctionNode,
  enclosingFunctionOf,
  referencesInFileOf,
  isBindingElement,
} from '../analysis/index.ts';
import type { Edit } from '../report/edits.ts';
import { type Region, startsWork, waits } from './lease-region.ts';

/** What must be done so that the names of a region that goes into a block stay visible to the code after it. */
export interface Visible {
  /** The last statement that goes along. */
  readonly to: number;
  /** Declarations above the block: `let rows`. */
  readonly declared: readonly string[];
  /** Declarations in the block that become assignments. */
  readonly edits: readonly Edit[];
}

/**
 * Keeps declarations visible: statements after the region that use them go along where they wait for nothing, else the declarations go
 * above the block. `undefined` where neither can be done.
 *
 * @param skipped a statement of the region that goes away
 * @param over for a gap: the statement that follows; its `try` block sees the names
 */
export function keptVisible(
  region: Region,
  fn: FunctionNode,
  skipped: ts.Statement | undefined,
  core: Core,
  over?: ts.TryStatement,
): Visible | undefined {
  const { from, list, to } = region;
  const last = over === undefined ? extended(region, skipped, core) : to;
  if (last !== undefined && over === undefined) return { to: last, declared: [], edits: [] };
  const declared: string[] = [];
  const edits: Edit[] = [];
  for (const statement of list.slice(from, to + 1)) {
    if (statement === skipped || !isSeenLater(statement, region, to, core, over)) continue;
    const hoisted = ts.isVariableStatement(statement) ? hoistedOut(statement, fn, core) : undefined;
    if (hoisted === undefined) return undefined;
    declared.push(hoisted.declared);
    edits.push(...hoisted.edits);
  }
  return { to, declared, edits };
}

/** The end of the region when all that sees its names and waits for nothing goes along. */
function extended(region: Region, skipped: ts.Statement | undefined, core: Core): number | undefined {
  const { list } = region;
  let { to } = region;
  for (let at = to + 1; at < list.length; at++) {
    const inside = list.slice(region.from, to + 1).filter((each) => each !== skipped);
    if (!inside.some((each) => isSeenLater(each, region, to, core, undefined))) return to;
    const next = list[at];
    if (next === undefined || waits(next) || startsWork(next, core)) return undefined;
    to = at;
  }
  return list.slice(region.from, to + 1).some((each) => isSeenLater(each, region, to, core, undefined))
    ? undefined
    : to;
}

/** Is a name that a statement declares used outside the region? */
function isSeenLater(
  statement: ts.Statement,
  { from, list }: Region,
  to: number,
  core: Core,
  over: ts.TryStatement | undefined,
): boolean {
  const first = list[from];
  const last = list[to];
  if (first === undefined || last === undefined) return false;
  const inside = (node: ts.Node): boolean =>
    (node.pos >= first.pos && node.end <= last.end) ||
    (over !== undefined &&
      [over.tryBlock, over.catchClause].some(
        (part) => part !== undefined && part.pos <= node.pos && node.end <= part.end,
      ));
  return namesOf(statement).some((name) => {
    const symbol = core.checker.getSymbolAtLocation(name);
    return symbol !== undefined && referencesInFileOf(symbol, core).some((each) => !inside(each));
  });
}

function namesOf(statement: ts.Statement): readonly ts.Identifier[] {
  const found: ts.Identifier[] = [];
  const look = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) found.push(name);
    else for (const element of name.elements) if (isBindingElement(element)) look(element.name);
  };
  if (ts.isVariableStatement(statement)) {
    const isScoped = (statement.declarationList.flags & ts.NodeFlags.BlockScoped) !== 0;
    if (isScoped) for (const { name } of statement.declarationList.declarations) look(name);
  } else if (
    (ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isEnumDeclaration(statement) ||
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement)) &&
    statement.name !== undefined
  ) {
    found.push(statement.name);
  }
  return found;
}

/** `const rows = …` → `let rows` above and `rows = …` in its place; the type comes from the assignment. */
function hoistedOut(
  statement: ts.VariableStatement,
  fn: FunctionNode,
  core: Core,
): { readonly declared: string; readonly edits: readonly Edit[] } | undefined {
  const [declaration, ...others] = statement.declarationList.declarations;
  if (declaration?.initializer === undefined || others.length > 0) return undefined;
  const names = namesOf(statement);
  const isCaptured = names.some((name) => {
    const symbol = core.checker.getSymbolAtLocation(name);
    return symbol === undefined || referencesInFileOf(symbol, core).some((each) => enclosingFunctionOf(each) !== fn);
  });
  const { type } = declaration;
  if (isCaptured && type === undefined) return undefined;
  if (type !== undefined && !ts.isIdentifier(declaration.name)) return undefined;
  const options = core.program.getCompilerOptions();
  const mayEvolve = (options.noImplicitAny ?? options.strict ?? false) || type !== undefined;
  if (!mayEvolve && /\.[cm]?tsx?$/.test(statement.getSourceFile().fileName)) return undefined;
  const declared = `let ${names.map((name) => name.text).join(', ')}${type === undefined ? '' : `: ${type.getText()}`}`;
  const start = statement.getStart();
  const isPattern = !ts.isIdentifier(declaration.name);
  const target = declaration.name.getText();
  const edits: Edit[] = [
    { range: [start, declaration.initializer.getStart()], text: `${isPattern ? '(' : ''}${target} = ` },
  ];
  const end = declaration.initializer.getEnd();
  if (isPattern) edits.push({ range: [end, end], text: ')' });
  return { declared, edits };
}
