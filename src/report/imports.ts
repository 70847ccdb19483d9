import * as ts from 'typescript';
import { type Edit, freeName, lineBreakOf } from './edits.ts';
import { quoteOf } from './on-error.ts';

/** A name that is imported, and what has to be written for that. */
export interface Imported {
  /** As it is written in this file. */
  readonly name: string;
  readonly edits: readonly Edit[];
}

/** The name under which a file has, or gets, an export of a module. `undefined` where the file has no imports to put it beside. */
export function imported(exported: string, module: string, file: ts.SourceFile): Imported | undefined {
  const imports = file.statements.filter((each) => ts.isImportDeclaration(each));
  const from = imports.filter(({ moduleSpecifier }) => isModule(moduleSpecifier, module));
  for (const { importClause } of from) {
    const bindings = importClause?.namedBindings;
    if (bindings === undefined || ts.isTypeOnlyImportDeclaration(importClause as ts.Node)) continue;
    if (ts.isNamespaceImport(bindings)) return { name: `${bindings.name.text}.${exported}`, edits: [] };
    const known = bindings.elements.find(
      ({ name, propertyName, isTypeOnly }) => !isTypeOnly && (propertyName ?? name).text === exported,
    );
    if (known !== undefined) return { name: known.name.text, edits: [] };
  }
  const name = isBound(exported, file) ? freeName(exported, file) : exported;
  const specifier = name === exported ? name : `${exported} as ${name}`;
  for (const { importClause } of from) {
    const bindings = importClause?.namedBindings;
    if (bindings === undefined || !ts.isNamedImports(bindings)) continue;
    const last = bindings.elements.at(-1);
    if (ts.isTypeOnlyImportDeclaration(importClause as ts.Node) || last === undefined) continue;
    return { name, edits: [{ range: [last.getEnd(), last.getEnd()], text: `, ${specifier}` }] };
  }
  const [first] = imports;
  if (first === undefined) return undefined;
  const quote = quoteOf(file);
  const end = first.getText().endsWith(';') ? ';' : '';
  const text = `import { ${specifier} } from ${quote}${module}${quote}${end}${lineBreakOf(file)}`;
  return { name, edits: [{ range: [first.getStart(), first.getStart()], text }] };
}

/** Does the name stand for something of its own in the file, other than a member of something? */
function isBound(name: string, file: ts.SourceFile): boolean {
  const visit = (node: ts.Node): boolean => {
    if (ts.isIdentifier(node) && node.text === name) {
      const { parent } = node;
      const isMember =
        (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
        ((ts.isPropertyAssignment(parent) || ts.isClassElement(parent) || ts.isTypeElement(parent)) &&
          parent.name === node);
      if (!isMember) return true;
    }
    return ts.forEachChild(node, (child) => visit(child) || undefined) ?? false;
  };
  return visit(file);
}

function isModule(specifier: ts.Expression, module: string): boolean {
  const bareName = (name: string): string => name.replace(/^node:/, '');
  return ts.isStringLiteralLike(specifier) && bareName(specifier.text) === bareName(module);
}
