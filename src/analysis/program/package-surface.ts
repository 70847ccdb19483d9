import * as ts from 'typescript';
import { type Core, defineFact } from '../facts.ts';
import { targetOf } from './declared.ts';
import { namedFiles } from './manifest.ts';

/** Everything that users of the Program's packages can import: the declarations exported from the files their manifests name. */
export const packageSurface = defineFact<ts.Program, ReadonlySet<ts.Declaration>>({
  name: 'package-surface',
  scope: 'program',
  compute(program, core) {
    const surface = new Set<ts.Declaration>();
    for (const file of core.ask(namedFiles, program).entries.keys()) {
      const module = core.checker.getSymbolAtLocation(file);
      if (module === undefined) continue;
      for (const symbol of core.checker.getExportsOfModule(module)) {
        for (const declaration of targetOf(symbol, core.checker).declarations ?? []) surface.add(declaration);
      }
    }
    return surface;
  },
});

/** Can users of a package import this declaration, or what it belongs to? */
export function isPackageApi(declaration: ts.Node, core: Core): boolean {
  const surface = core.ask(packageSurface, core.program);
  for (let node: ts.Node | undefined = declaration; node !== undefined; node = node.parent as ts.Node | undefined) {
    if (surface.has(node as ts.Declaration)) return true;
    if (ts.isBlock(node)) return false;
  }
  return false;
}
