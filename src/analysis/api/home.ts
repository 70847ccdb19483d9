import * as ts from 'typescript';

/** What a declaration declares, seen from its user: a function by name, or a member of something. */
export type Home =
  /** `as` is the name where it is not the symbol's own. */
  | { readonly kind: 'function'; readonly as?: string }
  | { readonly kind: 'instance'; readonly owner: ts.DeclarationName | undefined }
  | { readonly kind: 'static'; readonly of: string; readonly isNamespace: boolean };

/**
 * The places under which a declaration may be named in a row.
 *
 * The library declares statics in four ways: `static` in a class, members of an interface `XConstructor`, members of the type of a
 * variable `X`, functions of a namespace `X`; all of them are `X.static:member`.
 */
export function homesOf(declaration: ts.Declaration): readonly Home[] {
  const owner = declaration.parent as ts.Node | undefined;
  if (owner !== undefined && ts.isClassLike(owner)) {
    if (!isStatic(declaration)) return [{ kind: 'instance', owner: owner.name }];
    return [{ kind: 'function' }, { kind: 'static', of: owner.name?.text ?? 'default', isNamespace: false }];
  }
  if (owner !== undefined && ts.isInterfaceDeclaration(owner)) {
    const name = owner.name.text;
    const instance: Home = { kind: 'instance', owner: owner.name };
    return name.endsWith('Constructor') && name !== 'Constructor'
      ? [{ kind: 'static', of: name.slice(0, -'Constructor'.length), isNamespace: false }, instance]
      : [instance];
  }
  if (owner !== undefined && ts.isTypeLiteralNode(owner)) return homesInTypeLiteral(owner);
  if (
    ts.isFunctionDeclaration(declaration) ||
    ts.isVariableDeclaration(declaration) ||
    ts.isClassDeclaration(declaration)
  ) {
    const namespace = namespaceAround(declaration);
    const plain: Home = { kind: 'function' };
    // What `promisify` makes of a function is declared so, in a namespace with the function's name.
    if (namespace !== undefined && declaration.name?.getText() === '__promisify__') {
      return [{ kind: 'function', as: namespace }];
    }
    return namespace === undefined ? [plain] : [plain, { kind: 'static', of: namespace, isNamespace: true }];
  }
  return ts.isBinaryExpression(declaration) || ts.isPropertyAccessExpression(declaration) ? [{ kind: 'function' }] : [];
}

function isStatic(declaration: ts.Declaration): boolean {
  return (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Static) !== 0;
}

/** The literal is the type of a variable (its members are statics) or of an alias (they are its instance members). */
function homesInTypeLiteral(literal: ts.TypeLiteralNode): readonly Home[] {
  let node = literal.parent as ts.Node | undefined;
  while (node !== undefined && ts.isTypeNode(node)) node = node.parent;
  if (node === undefined) return [];
  if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name)) {
    return [{ kind: 'static', of: node.name.text, isNamespace: false }];
  }
  return ts.isTypeAliasDeclaration(node) ? [{ kind: 'instance', owner: node.name }] : [];
}

function namespaceAround(declaration: ts.Declaration): string | undefined {
  let node = declaration.parent as ts.Node | undefined;
  while (node !== undefined && !ts.isModuleDeclaration(node) && !ts.isSourceFile(node)) node = node.parent;
  return node !== undefined && ts.isModuleDeclaration(node) && ts.isIdentifier(node.name) ? node.name.text : undefined;
}
