import * as ts from 'typescript';
import type { MemberMatch, TypeMatch } from '../api/api.ts';
import { endsProcess } from '../effects/ends-process.ts';
import { type Core, defineFact } from '../facts.ts';
import { enclosingFunctionOf, type FunctionNode } from '../syntax/functions.ts';
import { ownFiles } from '../text/files.ts';
import { type Handle, handlesIn } from './handles.ts';
import { type Listener, listenersIn, type Registrar, registrarsIn } from './listeners.ts';
import { callSitesOf } from './references.ts';
import { callsWith } from './role-calls.ts';
import { type KeptTimer, timersIn } from './timers.ts';
import { fileNodes } from '../text/nodes.ts';

/** A call after which the process is gone. */
export interface Exit {
  readonly node: ts.Node;
  readonly file: ts.SourceFile;
  /** For a call of the project's own function: that function, which always ends the process. */
  readonly by?: FunctionNode;
  readonly match?: MemberMatch;
}

/** A call that listens, consumes or works. */
export interface Started {
  readonly node: ts.CallExpression | ts.NewExpression;
  readonly file: ts.SourceFile;
  readonly match: MemberMatch;
}

/** A method that a framework runs at shutdown. */
export interface ShutdownHook {
  readonly node: ts.MethodDeclaration;
  readonly file: ts.SourceFile;
  readonly match: TypeMatch;
}

/** What the files of a Program, or one of them, do to start, to stay alive and to end. */
export interface ProgramIndex {
  readonly listeners: readonly Listener[];
  readonly registrars: readonly Registrar[];
  readonly hooks: readonly ShutdownHook[];
  readonly exits: readonly Exit[];
  readonly servers: readonly Started[];
  readonly handles: readonly Handle[];
  readonly timers: readonly KeptTimer[];
}

/** The part of one file. A listener or an exit through a function of the project lies where that function is called. */
const fileIndex = defineFact<ts.SourceFile, ProgramIndex>({
  name: 'file-index',
  scope: 'program',
  compute: (file, core) => ({
    listeners: core.ask(listenersIn, file),
    registrars: core.ask(registrarsIn, file),
    hooks: hooksIn(file, core),
    exits: callsWith('exits', file, core).map(({ call, match }) => ({ node: call, file, match })),
    servers: callsWith('serves', file, core).map(({ call, match }) => ({ node: call, file, match })),
    handles: core.ask(handlesIn, file),
    timers: core.ask(timersIn, file),
  }),
});

/** The index of a whole Program: its own files, without declarations and installed packages. Made once, when it is asked for. */
export const programIndex = defineFact<ts.Program, ProgramIndex>({
  name: 'program-index',
  scope: 'program',
  compute(program, core) {
    const parts = core.ask(ownFiles, program).map((file) => core.ask(fileIndex, file));
    return {
      listeners: parts.flatMap((part) => part.listeners),
      registrars: parts.flatMap((part) => part.registrars),
      hooks: parts.flatMap((part) => part.hooks),
      exits: withWrappers(
        parts.flatMap((part) => part.exits),
        core,
      ),
      servers: parts.flatMap((part) => part.servers),
      handles: parts.flatMap((part) => part.handles),
      timers: parts.flatMap((part) => part.timers),
    };
  },
});

/** The listeners of a Program that run at this event, or may. */
export function listenersOf(event: string, core: Core): readonly Listener[] {
  return core
    .ask(programIndex, core.program)
    .listeners.filter(({ events }) => events === undefined || events.includes(event));
}

/** The exits, and the calls of functions that always end the process when they do not fail. */
function withWrappers(direct: readonly Exit[], core: Core): readonly Exit[] {
  const exits = [...direct];
  const seen = new Set<FunctionNode>();
  for (const { node } of exits) {
    const fn = enclosingFunctionOf(node);
    if (seen.has(fn) || ts.isSourceFile(fn)) continue;
    seen.add(fn);
    const { on } = core.ask(endsProcess, fn);
    if (on !== 'every-path' && on !== 'every-return') continue;
    for (const site of callSitesOf(fn, core).found) {
      if (site.isCertain) exits.push({ node: site.node, file: site.node.getSourceFile(), by: fn });
    }
  }
  return exits;
}

/** The methods of a file that a framework runs at shutdown. */
export function hooksIn(file: ts.SourceFile, core: Core): readonly ShutdownHook[] {
  if (!/\bimplements\b/.test(file.text)) return [];
  return core.ask(fileNodes, file).classes.flatMap((node) => hooksOf(node, file, core));
}

function hooksOf(node: ts.ClassLikeDeclaration, file: ts.SourceFile, core: Core): readonly ShutdownHook[] {
  return (node.heritageClauses ?? [])
    .filter(({ token }) => token === ts.SyntaxKind.ImplementsKeyword)
    .flatMap(({ types }) => types)
    .flatMap((type) => {
      const match = core.api.isA(core.checker.getTypeAtLocation(type), 'shutdown-hook');
      const methods = node.members.filter(
        (member) =>
          ts.isMethodDeclaration(member) &&
          ts.isIdentifier(member.name) &&
          match?.hooks?.includes(member.name.text) === true,
      );
      return match === undefined
        ? []
        : methods.map((method) => ({ node: method as ts.MethodDeclaration, file, match }));
    });
}
