import * as ts from 'typescript';
import { defineFact } from '../facts.ts';
import { mentions } from '../text/mentions.ts';
import { isBindingElement } from '../syntax/bindings.ts';

/** A name that a file takes from a module. */
export interface ImportedName {
  readonly module: string;
  /** As the module exports it; `*` for the module itself, or for an import that names nothing. */
  readonly name: string;
  readonly node: ts.Node;
  readonly isTypeOnly: boolean;
}

/** What a file takes from other modules by `import` and by `require` in a declaration. */
export const importedNames = defineFact<ts.SourceFile, readonly ImportedName[]>({
  name: 'imported-names',
  scope: 'text',
  compute: (file, core) =>
    file.statements
      .flatMap((statement) => {
        if (ts.isImportDeclaration(statement)) return namesOfImport(statement);
        if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.flatMap(namesOfRequire);
        return [];
      })
      .flatMap((imported) => {
        // A member of a module that was imported whole counts as imported.
        if (imported.name !== '*' || !ts.isIdentifier(imported.node)) return [imported];
        const uses = core.ask(mentions, file).get(imported.node.text) ?? [];
        const members = uses.flatMap(({ parent }) =>
          ts.isPropertyAccessExpression(parent) &&
          ts.isIdentifier(parent.expression) &&
          uses.includes(parent.expression)
            ? [{ ...imported, name: parent.name.text, node: parent }]
            : [],
        );
        return [imported, ...members];
      }),
});

function namesOfImport({ importClause, moduleSpecifier }: ts.ImportDeclaration): readonly ImportedName[] {
  if (!ts.isStringLiteral(moduleSpecifier)) return [];
  const module = moduleSpecifier.text;
  if (importClause === undefined) return [{ module, name: '*', node: moduleSpecifier, isTypeOnly: false }];
  const { name, namedBindings } = importClause;
  const isTypeOnly = ts.isTypeOnlyImportDeclaration(importClause);
  const found: ImportedName[] = name === undefined ? [] : [{ module, name: '*', node: name, isTypeOnly }];
  if (namedBindings !== undefined && ts.isNamespaceImport(namedBindings)) {
    found.push({ module, name: '*', node: namedBindings.name, isTypeOnly });
  } else if (namedBindings !== undefined) {
    for (const element of namedBindings.elements) {
      const taken = element.propertyName ?? element.name;
      found.push({ module, name: taken.text, node: element, isTypeOnly: isTypeOnly || element.isTypeOnly });
    }
  }
  return found;
}

function namesOfRequire({ initializer, name }: ts.VariableDeclaration): readonly ImportedName[] {
  if (initializer === undefined || !ts.isCallExpression(initializer)) return [];
  const [argument] = initializer.arguments;
  const isRequire = ts.isIdentifier(initializer.expression) && initializer.expression.text === 'require';
  if (!isRequire || argument === undefined || !ts.isStringLiteralLike(argument)) return [];
  const module = argument.text;
  if (ts.isIdentifier(name)) return [{ module, name: '*', node: name, isTypeOnly: false }];
  return name.elements.flatMap((element) => {
    if (!isBindingElement(element)) return [];
    const taken = element.propertyName ?? element.name;
    return ts.isIdentifier(taken) ? [{ module, name: taken.text, node: element, isTypeOnly: false }] : [];
  });
}
