import * as ts from 'typescript';
import {
  bare,
  type Core,
  type FloatingRequest,
  type Given,
  isFunctionNode,
  isPackageApi,
  type LateRequestUse,
  referencesInFileOf,
  type ScopeOf,
} from '../../analysis/index.ts';
import { type Edit, hasComment, removeElement, removeStatement, replace } from '../../report/edits.ts';
import { isTypeScript } from '../../report/on-error.ts';
import { functionName } from '../../report/wording.ts';
import { caughtEdits } from './caught.ts';
import { inPlaceOf } from './copy.ts';
import { nameFor, namesTakenAt } from './names.ts';
import { type Read, readOf } from './reads.ts';
import type { RequestRepair } from './repair.ts';

/** `audit(req)` → `audit({ id: req.params.id, ip: req.ip })`, with the parameter of the local function taken apart and typed. */
export function passFields({ task, uses }: FloatingRequest, core: Core, scopeOf: ScopeOf): readonly RequestRepair[] {
  const [first] = uses;
  const given = first?.given;
  if (given?.parameter === undefined || uses.some((use) => use.given?.parameter !== given.parameter)) return [];
  const { argument, call, parameter } = given;
  const fn = parameter.parent;
  if (!isFunctionNode(fn) || !('body' in fn) || fn.body === undefined) return [];
  const file = task.work.getSourceFile();
  if (fn.getSourceFile() !== file || !isTypeScript(file) || !ts.isIdentifier(parameter.name)) return [];
  if (call.arguments?.includes(argument) !== true) return [];
  if (!ts.isIdentifier(argument) || parameter.initializer !== undefined || hasComment(parameter)) return [];
  if (!isOnlyCall(fn, given, core)) return [];
  const reads = readsOf(parameter, first as LateRequestUse, core, scopeOf);
  if (reads === undefined) return [];
  const taken = new Set(namesTakenAt(fn.body, core));
  const names = new Map<string, { readonly name: string; readonly read: Read }>();
  for (const read of reads) {
    const key = read.text.replace(/\s+/g, '');
    if (names.has(key)) continue;
    const name = nameFor(read.wishes, taken);
    taken.add(name);
    names.set(key, { name, read });
  }
  const types: string[] = [];
  const parts: string[] = [];
  for (const { name, read } of names.values()) {
    const type = plainTypeText(read.node, core);
    if (type === undefined) return [];
    types.push(`${name}: ${type}`);
    parts.push(`${name}: ${argument.text}${read.text.slice(parameter.name.text.length)}`);
  }
  const pattern = `{ ${[...names.values()].map(({ name }) => name).join(', ')} }: { ${types.join('; ')} }`;
  const edits: Edit[] = [
    replace(argument, `{ ${parts.join(', ')} }`),
    replace(parameter, pattern),
    ...(parameter.type === undefined ? [] : withoutImport(parameter.type, core)),
    ...reads.map((read) => inPlaceOf(read.node, names.get(read.text.replace(/\s+/g, ''))?.name ?? read.text)),
    ...caughtEdits(task, core),
  ];
  const list = [...names.values()].map(({ name }) => `\`${name}\``).join(', ');
  const callee = functionName(fn);
  return [{ title: 'fields', automatic: false, data: { names: list, callee }, edits }];
}

/** Takes the import of a type away that nothing else names. */
function withoutImport(type: ts.TypeNode, core: Core): readonly Edit[] {
  if (!ts.isTypeReferenceNode(type) || !ts.isIdentifier(type.typeName)) return [];
  const { text } = type.typeName;
  const file = type.getSourceFile();
  let count = 0;
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === text) count++;
    ts.forEachChild(node, visit);
  };
  visit(file);
  const specifier = core.checker.getSymbolAtLocation(type.typeName)?.declarations?.[0];
  if (count !== 2 || specifier === undefined || !ts.isImportSpecifier(specifier)) return [];
  const named = specifier.parent;
  const clause = named.parent;
  if (named.elements.length > 1) return [removeElement(specifier, named.elements)];
  if (clause.name === undefined) return ts.isImportDeclaration(clause.parent) ? [removeStatement(clause.parent)] : [];
  return [{ range: [clause.name.getEnd(), named.getEnd()], text: '' }];
}

/** Is the function named only by this call, and out of reach for others? */
function isOnlyCall(fn: ts.Node, { call }: Given, core: Core): boolean {
  const holder = ts.isFunctionDeclaration(fn) ? fn : ts.isVariableDeclaration(fn.parent) ? fn.parent : undefined;
  const name = holder?.name;
  if (holder === undefined || name === undefined || !ts.isIdentifier(name)) return false;
  const symbol = core.checker.getSymbolAtLocation(name);
  if (symbol === undefined || isExported(holder) || isPackageApi(holder, core)) return false;
  const references = referencesInFileOf(symbol, core);
  return references.length === 1 && bare(call.expression) === references[0];
}

function isExported(node: ts.Node): boolean {
  const statement = ts.isVariableDeclaration(node) ? node.parent.parent : node;
  return (
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
  );
}

function readsOf(
  parameter: ts.ParameterDeclaration,
  use: LateRequestUse,
  core: Core,
  scopeOf: ScopeOf,
): readonly Read[] | undefined {
  const symbol = core.checker.getSymbolAtLocation(parameter.name);
  if (symbol === undefined) return undefined;
  const found: Read[] = [];
  for (const node of referencesInFileOf(symbol, core)) {
    const read = readOf({ ...use, node }, core, scopeOf);
    if (!read?.text.startsWith(parameter.name.getText())) return undefined;
    found.push(read);
  }
  return found.length === 0 ? undefined : found;
}

/** The type of a value as text, if it needs no import. */
function plainTypeText(node: ts.Expression, core: Core): string | undefined {
  const { checker } = core;
  const type = checker.getBaseTypeOfLiteralType(checker.getTypeAtLocation(node));
  const plain =
    ts.TypeFlags.StringLike |
    ts.TypeFlags.NumberLike |
    ts.TypeFlags.BooleanLike |
    ts.TypeFlags.Undefined |
    ts.TypeFlags.Null;
  const isPlain = (each: ts.Type): boolean =>
    (each.flags & plain) !== 0 ||
    (checker.isArrayType(each) && checker.getTypeArguments(each as ts.TypeReference).every(isPlain));
  const parts = type.isUnion() ? type.types : [type];
  return parts.every(isPlain) ? checker.typeToString(type) : undefined;
}
