import * as ts from 'typescript';
import type { Api, EventsOfRole, MemberMatch } from '../api/api.ts';
import { type Core, defineFact, type Fact } from '../facts.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { mayMention } from '../syntax/may-mention.ts';
import { type Mention, mentions } from '../text/mentions.ts';
import { referencesOf, usedAs } from './references.ts';
import { isBindingElement } from '../syntax/bindings.ts';

type Role = Parameters<Api['namesWith']>[0];

/** A call whose catalogue row plays one of the roles that the index of a Program is made of. */
export interface RoleCall {
  readonly call: ts.CallExpression | ts.NewExpression;
  readonly match: MemberMatch;
  /** The roles it plays here: those that hold for some events only do so when the event may be one of them. */
  readonly roles: ReadonlySet<Role>;
}

const ROLES = ['child-side', 'exits', 'registers-shutdown', 'serves'] as const satisfies readonly Role[];

type IndexedRole = (typeof ROLES)[number];

/** A name under which members with a role are called. */
interface RoleName {
  readonly name: string;
  /** The events it is limited to. */
  readonly limit: EventsOfRole | undefined;
  /** Where it is reached through globals alone: one of these texts is in the file. */
  readonly through: ReadonlySet<string> | undefined;
}

const namesOfRoles = defineFact<ts.Program, ReadonlyMap<Role, readonly RoleName[]>>({
  name: 'role-names',
  scope: 'program',
  compute: (_program, { api }) =>
    new Map(
      ROLES.map((role) => [
        role,
        [...api.namesWith(role)].map(([name, limit]) => ({ name, limit, through: api.globalsWith(role, name) })),
      ]),
    ),
});

function factOf(role: IndexedRole): Fact<ts.SourceFile, readonly RoleCall[]> {
  return {
    name: `calls-that-play-${role}`,
    scope: 'program',
    compute(file, core) {
      const found = new Map<ts.Node, RoleCall>();
      for (const { limit, name, through } of core.ask(namesOfRoles, core.program).get(role) ?? []) {
        if (!mayMention(file, name)) continue;
        if (through !== undefined && ![...through].some((text) => file.text.includes(text))) continue;
        for (const mention of core.ask(mentions, file).get(name) ?? []) {
          for (const call of callsThrough(mention, core)) {
            if (found.has(call) || (limit !== undefined && isOtherEvent(call, limit))) continue;
            const match = core.api.memberOf(call);
            if (match === undefined || !mayPlay(match, role, call)) continue;
            const roles = ROLES.filter((each) => mayPlay(match, each, call));
            found.set(call, { call, match, roles: new Set(roles) });
          }
        }
      }
      return [...found.values()].sort((left, right) => left.call.pos - right.call.pos);
    },
  };
}

/**
 * The calls of a file that start a service, end the process, register shutdown code or talk to a parent process: a fact for each role,
 * because most files are asked about one of them only.
 *
 * A file that mentions none of the names costs a look into its set of identifiers; a call of such a name with another event, or of
 * a member of `process` in a file without that word, costs no type. Names given to a member (`const { exit: quit } = process`) are
 * followed.
 */
const CALLS: Readonly<Record<IndexedRole, Fact<ts.SourceFile, readonly RoleCall[]>>> = {
  'child-side': factOf('child-side'),
  exits: factOf('exits'),
  'registers-shutdown': factOf('registers-shutdown'),
  serves: factOf('serves'),
};

/** The calls of a file whose row plays a role. */
export function callsWith(role: IndexedRole, file: ts.SourceFile, core: Core): readonly RoleCall[] {
  return core.ask(CALLS[role], file);
}

/** The calls of a file whose row plays any of the roles. */
export function roleCalls(file: ts.SourceFile, core: Core): readonly RoleCall[] {
  const byCall = new Map(ROLES.flatMap((role) => callsWith(role, file, core)).map((each) => [each.call, each]));
  return [...byCall.values()].sort((left, right) => left.call.pos - right.call.pos);
}

/** The call that a mention is the callee of, or the calls of the name it is given. */
function callsThrough(mention: Mention, core: Core): readonly (ts.CallExpression | ts.NewExpression)[] {
  const { use, expression } = usedAs(mention);
  if (use === 'call' || use === 'new') {
    const { parent } = wrapped(expression);
    return ts.isCallExpression(parent) || ts.isNewExpression(parent) ? [parent] : [];
  }
  const renamed = renamedBy(expression);
  const symbol = renamed === undefined ? undefined : core.checker.getSymbolAtLocation(renamed);
  if (symbol === undefined) return [];
  return referencesOf(symbol, core).found.flatMap((reference) => {
    const { parent } = wrapped(reference.expression);
    return reference.use === 'call' && ts.isCallExpression(parent) ? [parent] : [];
  });
}

/** The variable that gets the member: `quit` in `const { exit: quit } = process` and in `const quit = process.exit`. */
function renamedBy(expression: ts.Node): ts.Identifier | undefined {
  const { parent } = wrapped(expression);
  if (!isBindingElement(parent) && !ts.isVariableDeclaration(parent)) return undefined;
  return ts.isIdentifier(parent.name) ? parent.name : undefined;
}

function isOtherEvent(call: ts.CallExpression | ts.NewExpression, { key, events }: EventsOfRole): boolean {
  const event = call.arguments?.[key];
  const written = event === undefined ? undefined : bare(event);
  return written !== undefined && ts.isStringLiteralLike(written) && !events.has(written.text);
}

function mayPlay(match: MemberMatch, role: Role, call: ts.CallExpression | ts.NewExpression): boolean {
  const roles = typeof match.role === 'string' ? [match.role] : match.role;
  if (!roles.includes(role)) return false;
  const events = match.events?.[role];
  return events === undefined || !isOtherEvent(call, { key: match.key ?? 0, events: new Set(events) });
}
