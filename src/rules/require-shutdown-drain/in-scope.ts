import * as ts from 'typescript';
import {
  type Core,
  type FunctionNode,
  type Handle,
  isInside,
  isThenable,
  mayBeOmitted,
  programIndex,
  type Stage,
  type Started,
} from '../../analysis/index.ts';
import type { Edit } from '../../report/edits.ts';
import { callbackTakesError, settling } from './wait-for.ts';

/** A drain that a fix writes: of something long-lived that can be named at the place. */
export interface WrittenDrain {
  readonly stage: Stage;
  /** An expression that is a promise: `pool.end()`; `undefined` where only a callback tells the end. */
  readonly promise: string | undefined;
  /** The whole statement, without its end. */
  readonly statement: string;
  /** What has to be written elsewhere so that it can be named. */
  readonly edits: readonly Edit[];
}

/** The fullest first: what closes a thing whole, then what ends a part of it. */
const DRAINS = [
  'shutdown',
  'close',
  'closeAsync',
  'end',
  'quit',
  'disconnect',
  '$disconnect',
  'drain',
  'destroy',
  'stop',
  'terminate',
  'tryShutdown',
  'onIdle',
  'drained',
  'flush',
];

const STAGES: readonly Stage[] = ['intake', 'work', 'store', 'flush'];

/**
 * The drains of what the program keeps alive that code in a function can name, in the order in which they belong: what takes work in, what
 * does it, what it uses, what reports on it.
 *
 * @param started what serves; given a name if it has none
 * @param already what is drained there, as written
 */
export function drainsInScope(
  fn: FunctionNode,
  started: Started | undefined,
  already: ReadonlySet<string>,
  core: Core,
): readonly WrittenDrain[] {
  const file = fn.getSourceFile();
  const found: WrittenDrain[] = [];
  const names = new Set(already);
  for (const handle of core.ask(programIndex, core.program).handles) {
    const text = nameAt(handle, fn);
    if (text === undefined || names.has(text)) continue;
    names.add(text);
    const drain = drainOf(text, handle.match.stage ?? 'store', core.checker.getTypeAtLocation(handle.name), file, core);
    if (drain !== undefined) found.push(drain);
  }
  const named =
    started === undefined || found.some(({ stage }) => stage === 'intake') ? undefined : nameIt(started, fn, core);
  if (named !== undefined) found.unshift(named);
  return found.toSorted((left, right) => STAGES.indexOf(left.stage) - STAGES.indexOf(right.stage));
}

/** How a handle is written inside a function, if it can be reached there. */
function nameAt({ file, kept, name, node }: Handle, fn: FunctionNode): string | undefined {
  if (file !== fn.getSourceFile()) return undefined;
  if (kept === 'field') {
    const holder = ts.isParameter(node) ? node.parent.parent : node.parent;
    return thisOf(fn) === holder && !isStatic(node) ? `this.${name.text}` : undefined;
  }
  if (!ts.isVariableDeclaration(node) || (node.parent.flags & ts.NodeFlags.Const) === 0) return undefined;
  if (kept === 'module') return name.text;
  const scope = blockOf(node);
  return isInside(fn, scope) ? name.text : undefined;
}

function isStatic(node: ts.Node): boolean {
  return (
    ts.isPropertyDeclaration(node) && node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) === true
  );
}

/** The class whose instance `this` is inside a function. */
function thisOf(fn: ts.Node): ts.Node | undefined {
  for (let at: ts.Node = fn; !ts.isSourceFile(at); at = at.parent) {
    if (ts.isMethodDeclaration(at) || ts.isConstructorDeclaration(at) || ts.isPropertyDeclaration(at)) return at.parent;
    if (ts.isFunctionDeclaration(at) || ts.isFunctionExpression(at)) return undefined;
  }
  return undefined;
}

function blockOf(node: ts.Node): ts.Node {
  let at = node.parent;
  while (!ts.isBlock(at) && !ts.isSourceFile(at)) at = at.parent;
  return at;
}

/** The drain of a thing by its type: the fullest that the catalogue knows, one that waits for what is under way before others. */
function drainOf(
  text: string,
  stage: Stage,
  declared: ts.Type,
  file: ts.SourceFile,
  core: Core,
): WrittenDrain | undefined {
  const type = core.checker.getNonNullableType(declared);
  const isMaybe = type !== declared;
  const known = DRAINS.flatMap((name) => {
    const member = core.api.memberIn(type, name);
    return member !== undefined && [member.role].flat().includes('drains') ? [{ name, member }] : [];
  });
  const waiting = known.filter(({ member }) => member.mayHang === true);
  for (const { name, member } of new Set([...waiting, ...known])) {
    const symbol = type.getProperty(name);
    if (symbol === undefined) continue;
    const method = core.checker.getTypeOfSymbolAtLocation(symbol, file);
    const callee = `${text}${isMaybe ? '?' : ''}.${name}`;
    const plain = method.getCallSignatures().filter(({ parameters }) => parameters.every((each) => mayBeOmitted(each)));
    const isPromise = plain.some((each) => isThenable(core.checker.getReturnTypeOfSignature(each), core.checker));
    if (isPromise) return { stage, promise: `${callee}()`, statement: `await ${callee}()`, edits: [] };
    if (member.ends === 'sync' && plain.length > 0)
      return { stage, promise: undefined, statement: `${callee}()`, edits: [] };
    if (member.ends !== 'callback') continue;
    const settled = settling(callee, [], callbackTakesError(method, file, core.checker), file);
    return { stage, promise: undefined, statement: isMaybe ? `if (${text}) ${settled}` : settled, edits: [] };
  }
  return undefined;
}

/** `app.listen(3000);` → `const server = app.listen(3000);`, where the function can see it. */
function nameIt({ node }: Started, fn: FunctionNode, core: Core): WrittenDrain | undefined {
  const file = fn.getSourceFile();
  const statement = node.parent;
  if (node.getSourceFile() !== file || !ts.isExpressionStatement(statement)) return undefined;
  const scope = blockOf(statement);
  if (!isInside(fn, scope) || /(?<![\w$])server(?![\w$])/.test(file.text)) return undefined;
  const drain = drainOf('server', 'intake', core.checker.getTypeAtLocation(node), file, core);
  const start = statement.getStart();
  return drain === undefined ? undefined : { ...drain, edits: [{ range: [start, start], text: 'const server = ' }] };
}

/** The statements that drain in order; what belongs to one stage and waits by a promise ends together. */
export function statementsOf(drains: readonly WrittenDrain[]): readonly string[] {
  return STAGES.flatMap((stage) => {
    const all = drains.filter((drain) => drain.stage === stage);
    const promises = all.flatMap(({ promise }) => promise ?? []);
    if (promises.length < 2) return all.map(({ statement }) => statement);
    return [
      ...all.filter(({ promise }) => promise === undefined).map(({ statement }) => statement),
      `await Promise.allSettled([${promises.join(', ')}])`,
    ];
  });
}
