import * as ts from 'typescript';
import {
  type Core,
  type EnteredContext,
  enteredContextsIn,
  type RequestDefault,
  requestDefaultsIn,
  type RequestState,
  requestStatesIn,
} from '../analysis/index.ts';
import { lineText, quoted } from '../report/wording.ts';
import { certainty, defineRule } from '../rule.ts';
import { copyDefault } from './no-shared-request-state/copy-default.ts';
import { declareHere } from './no-shared-request-state/declare-here.ts';
import { runInstead } from './no-shared-request-state/enter-with.ts';
import { inStorage } from './no-shared-request-state/in-storage.ts';
import { keepInVariable } from './no-shared-request-state/keep-in-variable.ts';
import { passAlong } from './no-shared-request-state/pass-along.ts';
import type { StateRepair } from './no-shared-request-state/repair.ts';
import { setAtRequest } from './no-shared-request-state/set-at-request.ts';

export default defineRule({
  name: 'no-shared-request-state',
  family: 'request-context',
  summary: 'Disallow keeping data of one request where other requests can read it',
  preset: 'recommended',
  fixes: true,
  messages: {
    late: '`{{name}}` is shared by all requests; after the wait on {{pause}}, {{read}} may read what another request wrote.',
    early: '`{{name}}` is shared by all requests; {{read}} relies on no other request writing it before.',
    callbacks:
      '`{{name}}` is shared by callbacks that run together; after the wait on {{pause}}, {{read}} may read what another one wrote.',
    kept: '`{{name}}` is `{{original}}`, the one object of all requests; what this request writes, {{read}} of the next one reads.',
    context: '`{{name}}` enters the context of its caller too: {{who}} goes on with the store of this run.',
    decorated:
      'The object given as `{{name}}` is one for all requests; what one of them writes to it, the next one reads.',
    declare: 'Declare `{{name}}` where it is used.',
    copy: 'Give this run a copy of `{{original}}`.',
    pass: 'Pass `{{name}}` as a parameter.',
    storage: 'Keep `{{name}}` in an `AsyncLocalStorage`.',
    hook: 'Set `{{name}}` for each request in a hook.',
    run: 'Run the rest inside `run`.',
  },
  options: { certainty },
  create({ core, options, report, sourceFile }) {
    function reportState(found: RequestState): void {
      const { among, how, pause, read, state, suspect } = found;
      const name = nameOf(suspect.target);
      const data = {
        name,
        read: lineText(read, sourceFile),
        pause: pause === undefined ? '' : lineText(pause, sourceFile),
        original: state.otherName === undefined ? name : quoted(state.otherName.original),
      };
      report({
        at: suspect.target,
        messageId: how === 'kept' ? 'kept' : how === 'early' ? 'early' : among === 'callbacks' ? 'callbacks' : 'late',
        data,
        repairs: repairsOf(found, core).map((repair) => ({ ...repair, data })),
      });
    }

    function reportContext(found: EnteredContext): void {
      const { call } = found;
      report({
        at: call,
        messageId: 'context',
        data: { name: quoted(call.expression), who: whoOf(found, sourceFile) },
        repairs: runInstead(found, core),
      });
    }

    function reportDefault(found: RequestDefault): void {
      const data = { name: found.name ?? quoted(found.value) };
      report({
        at: found.value,
        messageId: 'decorated',
        data,
        repairs: setAtRequest(found).map((repair) => ({ ...repair, data })),
      });
    }

    return {
      Program() {
        for (const found of requestDefaultsIn(sourceFile, core)) reportDefault(found);
        for (const answer of requestStatesIn(sourceFile, core)) {
          if (answer.is === 'no' || (answer.is === 'unknown' && options.certainty !== 'likely')) continue;
          if (answer.witness !== undefined) reportState(answer.witness);
        }
        for (const answer of enteredContextsIn(sourceFile, core)) {
          if (answer.is === 'no' || (answer.is === 'unknown' && options.certainty !== 'likely')) continue;
          if (answer.witness !== undefined) reportContext(answer.witness);
        }
      },
    };
  },
});

/** What makes it the run's own, if that can be done; else the ways to take it along. */
function repairsOf(found: RequestState, core: Core): readonly StateRepair[] {
  const own = [...copyDefault(found), ...declareHere(found, core)];
  if (own.length > 0) return own;
  return [...keepInVariable(found), ...passAlong(found, core), ...inStorage(found, core)];
}

/** Who goes on in the context, in a few words. */
function whoOf({ by, who }: EnteredContext, file: ts.SourceFile): string {
  switch (who) {
    case 'server':
      return 'the server';
    case 'emitter':
      return 'the emitter of the event';
    case 'iteration':
      return 'the loop over the callbacks';
    case 'caller':
      return `the caller on ${lineText(by, file)}`;
  }
}

/** What is written, in the user's own words; an entry by the call that reads it. */
function nameOf(target: ts.Expression): string {
  if (!ts.isCallExpression(target) || !ts.isPropertyAccessExpression(target.expression)) return quoted(target);
  const [key] = target.arguments;
  return `${quoted(target.expression.expression)}.get(${key === undefined ? '' : quoted(key)})`;
}
