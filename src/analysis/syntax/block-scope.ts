import * as ts from 'typescript';

/** The block, loop or file outside which nothing can name what is declared with `let`, `const` or `using`; none for other declarations. */
export function blockOf(declaration: ts.Declaration): ts.Node | undefined {
  const isOfBlock = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.BlockScoped) !== 0;
  return isOfBlock ? ts.findAncestor(declaration, isBlockScope) : undefined;
}

function isBlockScope(node: ts.Node): boolean {
  return (
    ts.isBlock(node) ||
    ts.isCaseBlock(node) ||
    ts.isModuleBlock(node) ||
    ts.isSourceFile(node) ||
    ts.isIterationStatement(node, false)
  );
}
