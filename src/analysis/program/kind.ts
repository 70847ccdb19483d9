import * as ts from 'typescript';
import { type Answer, NO, unknown, yes } from '../answer.ts';
import { type Core, defineFact } from '../facts.ts';
import { bare } from '../syntax/expressions.ts';
import { enclosingFunctionOf } from '../syntax/functions.ts';
import { ownFiles } from '../text/files.ts';
import { isNamedBy } from './globs.ts';
import { type ImportedName, importedNames } from './imported-names.ts';
import { loadedBy, loadersOf } from './loading.ts';
import { namedFiles } from './manifest.ts';
import { kindByFileName, kindByFolder } from './places.ts';
import { callsWith } from './role-calls.ts';
import { serviceStarts } from './service-starts.ts';
import { onceAt } from './start-up.ts';

/** What kind of program a file is part of. */
export type ProgramKind =
  | 'child-process'
  | 'cli'
  | 'config'
  | 'example'
  | 'library'
  | 'migration'
  | 'script'
  | 'service'
  | 'test'
  | 'unknown'
  | 'worker-thread';

/** What decided it. */
export interface KindWitness {
  readonly kind: ProgramKind;
  /** The file that decided: the program's entry, or the file itself. */
  readonly file: ts.SourceFile;
  /**
   * - `setting`: a glob of the user names the file
   * - `place`: its folder or name (`detail`)
   * - `manifest`: a `package.json` names it (`detail` is the path of that)
   * - `shebang`: its first line
   * - `code`: what it does or imports (`node`)
   * - `nothing`: nothing decides
   */
  readonly by: 'code' | 'manifest' | 'nothing' | 'place' | 'setting' | 'shebang';
  readonly node?: ts.Node;
  readonly detail?: string;
}

/** The kinds of a file, each with the first witness found. */
type Kinds = ReadonlyMap<ProgramKind, KindWitness>;

/**
 * What kinds of programs a file is part of, with what decided it.
 *
 * By what the code does, then by where it lies; a file that decides nothing is what the programs that import it are. A test, an
 * example, a config or a migration that imports a file decides only when nothing else does, and never about the file that it
 * is named after: `orders.test.ts` tests `orders.ts`, which somebody else loads.
 */
export const programKind = defineFact<ts.SourceFile, Kinds>({
  name: 'program-kind',
  scope: 'program',
  compute(file, core) {
    const kinds = core.ask(kindsOfFiles, core.program).get(file);
    return kinds === undefined || kinds.size === 0 ? kindMap(nothingSaid(file)) : withoutAids(kinds);
  },
});

/** The kinds of programs that a file is part of; `unknown` is one of them. */
export function programKinds(file: ts.SourceFile, core: Core): ReadonlySet<ProgramKind> {
  return new Set(core.ask(programKind, file).keys());
}

/**
 * Is the file part of a program that lives on and serves? `unknown` for libraries, for files of which nothing is known, and for
 * services that are commands as well.
 */
export function isLongLived(file: ts.SourceFile, core: Core): Answer<KindWitness, KindWitness> {
  const kinds = core.ask(programKind, file);
  const service = kinds.get('service');
  if (service !== undefined) {
    return kinds.get('cli')?.file === service.file ? unknown('open-world', service) : yes(service);
  }
  const doubtful = kinds.get('library') ?? kinds.get('unknown');
  return doubtful === undefined ? NO : unknown('open-world', doubtful);
}

/** The file that starts the program a file is part of; of several, that of a service before others. */
export function entryPointOf(file: ts.SourceFile, core: Core): ts.SourceFile {
  const kinds = core.ask(programKind, file);
  const [first] = kinds.values();
  return (kinds.get('service') ?? first)?.file ?? file;
}

const AIDS: ReadonlySet<ProgramKind> = new Set(['config', 'example', 'migration', 'test']);

function withoutAids(kinds: Kinds): Kinds {
  const rest = [...kinds].filter(([kind]) => !AIDS.has(kind));
  return rest.length === 0 ? kinds : new Map(rest);
}

function kindMap(...witnesses: readonly KindWitness[]): Map<ProgramKind, KindWitness> {
  return new Map(witnesses.map((witness) => [witness.kind, witness]));
}

function nothingSaid(file: ts.SourceFile): KindWitness {
  return { kind: 'unknown', file, by: 'nothing' };
}

/** The kinds of all files: decided ones and entries first, then along the imports. Each file is visited at most once per kind. */
const kindsOfFiles = defineFact<ts.Program, ReadonlyMap<ts.SourceFile, Kinds>>({
  name: 'kinds-of-files',
  scope: 'program',
  compute(program, core) {
    const files = core.ask(ownFiles, program);
    const importers = core.ask(loadersOf, program);
    const decided = new Set<ts.SourceFile>();
    const kinds = new Map<ts.SourceFile, Map<ProgramKind, KindWitness>>();
    for (const file of files) {
      const own = decidedKinds(file, core);
      if (own.length === 0) continue;
      decided.add(file);
      kinds.set(file, kindMap(...own));
    }
    spread([...decided]);
    for (const file of files) if (!decided.has(file) && !importers.has(file)) enter(file);
    // Files that import each other in a circle and that nobody else imports.
    for (const file of files) if (!kinds.has(file)) enter(file);
    return kinds;

    function enter(file: ts.SourceFile): void {
      kinds.set(file, kindMap(...entryKinds(file, core)));
      spread([file]);
    }

    function spread(from: readonly ts.SourceFile[]): void {
      const open = [...from];
      for (const file of open) {
        for (const target of loadedBy(file, core)) {
          if (decided.has(target)) continue;
          let known = kinds.get(target);
          if (known === undefined) kinds.set(target, (known = new Map<ProgramKind, KindWitness>()));
          const before = known.size;
          for (const [kind, witness] of kinds.get(file) ?? []) if (!known.has(kind)) known.set(kind, witness);
          if (known.size > before) open.push(target);
        }
      }
    }
  },
});

/** What a file is whoever imports it: the user says so, its name, a manifest, its first line, a test framework, a start of a service. */
function decidedKinds(file: ts.SourceFile, core: Core): readonly KindWitness[] {
  const set = kindBySetting(file, core);
  if (set !== undefined) return [set];
  const named = kindByFileName(file);
  if (named !== undefined && named.kind !== 'script')
    return [{ kind: named.kind, file, by: 'place', detail: named.name }];
  const mark = markIn(file, core, (kind) => kind === 'migration' || kind === 'test') ?? testGlobalIn(file, core);
  if (mark !== undefined) return [mark];

  const service = serviceOf(file, core);
  const placed = placeOf(file, core);
  const { commands, entries, starts } = core.ask(namedFiles, core.program);
  if (
    placed !== undefined &&
    (placed.kind !== 'cli' || service === undefined) &&
    !(service !== undefined && starts.has(file))
  ) {
    return [placed];
  }
  const command = commands.get(file);
  const cli: KindWitness[] = command === undefined ? [] : [{ kind: 'cli', file, by: 'manifest', detail: command.path }];
  if (service !== undefined) return [service, ...cli];
  if (cli.length > 0) return cli;
  if (file.text.startsWith('#!')) return [{ kind: 'cli', file, by: 'shebang' }];
  const entry = entries.get(file);
  if (entry === undefined || core.ask(serviceLoaders, core.program).has(file)) return [];
  return [{ kind: 'library', file, by: 'manifest', detail: entry.path }];
}

function kindBySetting(file: ts.SourceFile, core: Core): KindWitness | undefined {
  const { entryPoints, scripts, services, tests } = core.globs;
  const is = (globs: readonly string[]): boolean => isNamedBy(globs, file.fileName, core.program);
  if (is(services) || is(entryPoints)) return { kind: 'service', file, by: 'setting' };
  if (is(tests)) return { kind: 'test', file, by: 'setting' };
  return is(scripts) ? { kind: 'script', file, by: 'setting' } : undefined;
}

/** What its folder or its name says, unless code outside that folder loads it: then it is a part of that. */
function placeOf(file: ts.SourceFile, core: Core): KindWitness | undefined {
  const place = kindByFileName(file) ?? kindByFolder(file, core);
  if (place === undefined) return undefined;
  const isOutside = (importer: ts.SourceFile): boolean => !importer.fileName.startsWith(`${place.within}/`);
  const importers = core.ask(loadersOf, core.program).get(file) ?? [];
  if (importers.some((importer) => isOutside(importer) && kindByFileName(importer)?.kind !== 'test')) return undefined;
  return { kind: place.kind, file, by: 'place', detail: place.name };
}

/** The call in it, or behind its module code, that listens, consumes or works. */
function serviceOf(file: ts.SourceFile, core: Core): KindWitness | undefined {
  const node = core.ask(serviceStarts, core.program).get(file);
  return node === undefined ? undefined : { kind: 'service', file, by: 'code', node };
}

/** The files that start a service when they are loaded, by themselves or by loading another one, with the call. */
const serviceLoaders = defineFact<ts.Program, ReadonlyMap<ts.SourceFile, KindWitness>>({
  name: 'service-loaders',
  scope: 'program',
  compute: (program, core) =>
    withLoaders(
      core.ask(ownFiles, program).flatMap((file) => serviceOf(file, core) ?? []),
      core,
    ),
});

/** The files that read a command line, by themselves or by loading one that does. */
const commandLoaders = defineFact<ts.Program, ReadonlyMap<ts.SourceFile, KindWitness>>({
  name: 'command-loaders',
  scope: 'program',
  compute: (program, core) =>
    withLoaders(
      core.ask(ownFiles, program).flatMap((file) => markIn(file, core, (kind) => kind === 'cli') ?? []),
      core,
    ),
});

/** The files of the witnesses and all that load them, each as the file of its witness. */
function withLoaders(witnesses: readonly KindWitness[], core: Core): ReadonlyMap<ts.SourceFile, KindWitness> {
  const importers = core.ask(loadersOf, core.program);
  const found = new Map(witnesses.map((witness) => [witness.file, witness]));
  for (const [file, witness] of found) {
    for (const importer of importers.get(file) ?? []) {
      if (!found.has(importer)) found.set(importer, { ...witness, file: importer });
    }
  }
  return found;
}

/** What a program is by its entry, when no name, place or manifest has decided. */
function entryKinds(file: ts.SourceFile, core: Core): readonly KindWitness[] {
  const service = core.ask(serviceLoaders, core.program).get(file);
  if (service !== undefined) return [service];
  const worker = markIn(file, core, (kind) => kind === 'worker-thread');
  if (worker !== undefined) return [worker];
  const [child] = callsWith('child-side', file, core);
  if (child !== undefined) return [{ kind: 'child-process', file, by: 'code', node: child.call }];
  const command = core.ask(commandLoaders, core.program).get(file);
  if (command !== undefined) return [command];
  const end = endOf(file, core);
  return [end === undefined ? nothingSaid(file) : { kind: 'script', file, by: 'code', node: end }];
}

/** An import of the file that the catalogue has marked. */
function markIn(file: ts.SourceFile, core: Core, isWanted: (kind: ImportMark) => boolean): KindWitness | undefined {
  for (const imported of core.ask(importedNames, file)) {
    const mark = markOf(imported, core);
    if (mark !== undefined && isWanted(mark)) return { kind: mark, file, by: 'code', node: imported.node };
  }
  return undefined;
}

type ImportMark = NonNullable<ReturnType<Core['api']['markOf']>>;

function markOf({ isTypeOnly, module, name }: ImportedName, core: Core): ImportMark | undefined {
  if (module.startsWith('.')) return undefined;
  const mark = core.api.markOf(module, name);
  return isTypeOnly && mark !== 'migration' ? undefined : mark;
}

const MODULES = '/node_modules/';

/** A top-level call of a global that a test framework declares: `describe(…)`. */
function testGlobalIn(file: ts.SourceFile, core: Core): KindWitness | undefined {
  for (const statement of file.statements) {
    const callee = ts.isExpressionStatement(statement) ? calledNameOf(statement.expression) : undefined;
    if (callee === undefined) continue;
    const declarations = core.checker.getSymbolAtLocation(callee)?.declarations ?? [];
    for (const { fileName } of declarations.map((declaration) => declaration.getSourceFile())) {
      const start = fileName.lastIndexOf(MODULES);
      if (start < 0) continue;
      const [first = '', second = ''] = fileName.slice(start + MODULES.length).split('/');
      const module = first === '@types' ? second : first.startsWith('@') ? `${first}/${second}` : first;
      if (core.api.markOf(module, callee.text) === 'test') return { kind: 'test', file, by: 'code', node: callee };
    }
  }
  return undefined;
}

/** `describe` in `describe(…)`, `describe.each([…])(…)`. */
function calledNameOf(expression: ts.Expression): ts.Identifier | undefined {
  let node = bare(expression);
  if (!ts.isCallExpression(node)) return undefined;
  while (ts.isCallExpression(node) || ts.isPropertyAccessExpression(node)) node = bare(node.expression);
  return ts.isIdentifier(node) ? node : undefined;
}

/** The exit of the process that the file's code comes to at its end, failures apart. */
function endOf(file: ts.SourceFile, core: Core): ts.Node | undefined {
  return callsWith('exits', file, core).find(
    ({ call }) => !isAfterFailure(call, core) && onceAt(call, core).is === 'yes',
  )?.call;
}

/** Does the code run only when something failed: in a `catch`, in the callback of `.catch(…)`, under a condition? */
function isAfterFailure(node: ts.Node, core: Core): boolean {
  for (let at = node; !ts.isSourceFile(at); at = at.parent) {
    if (ts.isCatchClause(at) || ts.isConditionalExpression(at)) return true;
    if (ts.isIfStatement(at) && !ts.isSourceFile(enclosingFunctionOf(at))) return true;
    if (!ts.isArrowFunction(at) && !ts.isFunctionExpression(at)) continue;
    const call = at.parent;
    if (!ts.isCallExpression(call)) continue;
    const chain = core.api.plays(call, 'chains');
    if (chain?.handlesRejection !== undefined && core.api.argumentOf(call, chain.handlesRejection) === at) return true;
  }
  return false;
}
