import * as ts from 'typescript';
import type { MemberMatch } from '../api/api.ts';
import { callablesAt, givenFor, parametersOf } from '../effects/callees-of.ts';
import { hasRole } from '../effects/roles.ts';
import { type Core, defineFact } from '../facts.ts';
import { symbolOf } from '../places/symbols.ts';
import { bare } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode } from '../syntax/functions.ts';
import { callSitesOf } from './references.ts';
import { callsWith, type RoleCall } from './role-calls.ts';
import { elementsAt, iteratedBy, stringsAt } from './string-values.ts';

/** Code that is registered to run when the process is told to end. */
export interface Listener {
  /** Where the project says so: the call that registers, or the call of the project's own function that does it. */
  readonly node: ts.CallExpression | ts.NewExpression;
  readonly file: ts.SourceFile;
  /** The call of the API. The same as `node`, unless a function of the project stands between. */
  readonly call: ts.CallExpression | ts.NewExpression;
  readonly match: MemberMatch;
  /** The signals and events; `undefined` if others are possible. */
  readonly events: readonly string[] | undefined;
  /** What was given as the listener. */
  readonly handler: ts.Expression | undefined;
  /** The functions it stands for. */
  readonly handlers: readonly FunctionNode[];
  /** Can it be no other function? */
  readonly isResolved: boolean;
  /** Is it taken away after its first run? */
  readonly isOnce: boolean;
  /** For `node` other than `call`: what the parameters of the functions between them stand for. */
  readonly given: ReadonlyMap<ts.ParameterDeclaration, ts.Expression>;
}

/** A call that hands shutdown code to a framework or a package. */
export interface Registrar {
  readonly node: ts.CallExpression | ts.NewExpression;
  readonly file: ts.SourceFile;
  readonly match: MemberMatch;
  readonly events: readonly string[] | undefined;
  /** The functions given, those in an object of options included. */
  readonly handlers: readonly FunctionNode[];
}

/** How many functions of the project may stand between a listener and the call that registers it. */
const MOST_WRAPPERS = 3;

/** Call sites of one wrapper that are looked at. */
const MOST_SITES = 40;

/**
 * The listeners that a file registers for signals and for the end of the process.
 *
 * A function of the project that passes its parameters on (`onSignal(name, stop)`) gives one listener for each of its calls.
 * Doubt: an event or a function that cannot be followed is `undefined`, not `isResolved`.
 */
export const listenersIn = defineFact<ts.SourceFile, readonly Listener[]>({
  name: 'listeners',
  scope: 'program',
  compute: (file, core) =>
    callsWith('registers-shutdown', file, core)
      .filter(({ match }) => isListening(match))
      .flatMap((registration) => registrationsOf(registration, core)),
});

/** The calls of a file that hand shutdown code to a framework or a package. */
export const registrarsIn = defineFact<ts.SourceFile, readonly Registrar[]>({
  name: 'registrars',
  scope: 'program',
  compute: (file, core) =>
    callsWith('registers-shutdown', file, core)
      .filter(({ match }) => !isListening(match))
      .map(({ call, match }) => {
        const event = match.key === undefined ? undefined : core.api.argumentOf(call, match.key);
        const given = match.argument === undefined ? undefined : core.api.argumentOf(call, match.argument);
        return {
          node: call,
          file,
          match,
          events: event === undefined ? undefined : stringsAt(event, core),
          handlers: given === undefined ? [] : functionsIn(given, core),
        };
      }),
});

/** Listeners of the process; hooks of frameworks are handlers. */
function isListening(match: MemberMatch): boolean {
  return match.key !== undefined && (hasRole(match, 'listener') || hasRole(match, 'defers'));
}

function functionsIn(expression: ts.Expression, core: Core): readonly FunctionNode[] {
  const node = bare(expression);
  if (!ts.isObjectLiteralExpression(node)) return callablesAt(node, core).functions;
  return node.properties.flatMap((property) => {
    if (ts.isMethodDeclaration(property)) return [property];
    if (ts.isPropertyAssignment(property)) return [...callablesAt(property.initializer, core).functions];
    return ts.isShorthandPropertyAssignment(property) ? [...callablesAt(property.name, core).functions] : [];
  });
}

type Given = ReadonlyMap<ts.ParameterDeclaration, ts.Expression>;

interface Value {
  readonly expression: ts.Expression;
  /** Is one element of the expression meant? */
  readonly isElement: boolean;
}

interface Registration {
  readonly node: ts.CallExpression | ts.NewExpression;
  readonly event: Value | undefined;
  readonly handler: Value | undefined;
  readonly given: Given;
}

function registrationsOf({ call, match }: RoleCall, core: Core): readonly Listener[] {
  const event = valueOf(core.api.argumentOf(call, match.key ?? 0));
  const handler = valueOf(core.api.argumentOf(call, match.argument));
  return unwrapped({ node: call, event, handler, given: new Map() }, core, 0).map((registration) => {
    const found = registration.handler === undefined ? undefined : callablesAt(registration.handler.expression, core);
    return {
      node: registration.node,
      file: registration.node.getSourceFile(),
      call,
      match,
      events: registration.event === undefined ? undefined : eventsAt(registration.event, match, core),
      handler: registration.handler?.expression,
      handlers: found?.functions ?? [],
      isResolved: found?.isComplete ?? false,
      isOnce: !hasRole(match, 'listener'),
      given: registration.given,
    };
  });
}

/** The events for which the row says that their listeners are shutdown code: `SIGUSR1` of a list of signals is none. */
function eventsAt(event: Value, { events }: MemberMatch, core: Core): readonly string[] | undefined {
  const limit = events?.['registers-shutdown'];
  return namesAt(event, core)?.filter((name) => limit === undefined || limit.includes(name));
}

function valueOf(expression: ts.Expression | undefined): Value | undefined {
  return expression === undefined ? undefined : { expression, isElement: false };
}

/** The registrations that one stands for when its event or its listener is a parameter of a function of the project. */
function unwrapped(registration: Registration, core: Core, depth: number): readonly Registration[] {
  const region = enclosingFunctionOf(registration.node);
  const wrapper = wrapperOf(registration, region, core);
  if (wrapper === undefined || depth >= MOST_WRAPPERS) return [registration];
  const sites = callSitesOf(wrapper, core).found.flatMap(({ node }) =>
    ts.isCallExpression(node) || ts.isNewExpression(node) ? [node] : [],
  );
  if (sites.length === 0) return [registration];
  return sites.slice(0, MOST_SITES).flatMap((site) => {
    const given = new Map(registration.given);
    for (const parameter of parametersOf(wrapper)) {
      const [argument] = givenFor(site, parameter, undefined) ?? [];
      if (argument !== undefined) given.set(parameter, argument);
    }
    const next: Registration = {
      node: site,
      event: substituted(registration.event, given, core),
      handler: substituted(registration.handler, given, core),
      given,
    };
    return unwrapped(next, core, depth + 1);
  });
}

/** The function whose parameter the event or the listener is, around the call. */
function wrapperOf({ event, handler }: Registration, region: FunctionNode, core: Core): FunctionNode | undefined {
  const isKnown = event === undefined || namesAt(event, core) !== undefined;
  for (const value of isKnown ? [handler] : [event, handler]) {
    const parameter = value === undefined ? undefined : parameterAt(value.expression, core)?.parameter;
    if (parameter === undefined) continue;
    for (let at = region; !ts.isSourceFile(at); at = enclosingFunctionOf(at)) if (at === parameter.parent) return at;
  }
  return undefined;
}

/** The parameter that an expression is, or that it runs over: `signal` in `for (const signal of signals)`. */
function parameterAt(
  expression: ts.Expression,
  core: Core,
): { readonly parameter: ts.ParameterDeclaration; readonly isElement: boolean } | undefined {
  const node = bare(expression);
  if (!ts.isIdentifier(node)) return undefined;
  const declaration = symbolOf(node, core)?.valueDeclaration;
  if (declaration === undefined) return undefined;
  const array =
    ts.isVariableDeclaration(declaration) && ts.isForOfStatement(declaration.parent.parent)
      ? declaration.parent.parent.expression
      : ts.isParameter(declaration)
        ? iteratedBy(declaration, core)
        : undefined;
  if (array !== undefined) {
    const over = parameterAt(array, core);
    return over === undefined || over.isElement ? undefined : { parameter: over.parameter, isElement: true };
  }
  return ts.isParameter(declaration) ? { parameter: declaration, isElement: false } : undefined;
}

/** What a parameter stands for at a call of its function; the value as it is when that is not known. */
function substituted(value: Value | undefined, given: Given, core: Core): Value | undefined {
  const found = value === undefined ? undefined : parameterAt(value.expression, core);
  const expression = found === undefined ? undefined : given.get(found.parameter);
  if (value === undefined || found === undefined || expression === undefined) return value;
  return { expression, isElement: value.isElement || found.isElement };
}

function namesAt({ expression, isElement }: Value, core: Core): readonly string[] | undefined {
  return isElement ? elementsAt(expression, core) : stringsAt(expression, core);
}
