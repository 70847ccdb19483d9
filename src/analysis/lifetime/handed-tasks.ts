import * as ts from 'typescript';
import { calleesOf } from '../effects/callees-of.ts';
import { type ParameterUse, parameterUses, useOfArgument } from '../effects/parameter-uses.ts';
import { taskOf } from '../escape/task-of.ts';
import type { Core } from '../facts.ts';
import { fileNodes } from '../text/nodes.ts';
import { lastNameOf, mayBeDeclared, mayGivePromise } from '../text/promise-names.ts';
import { bare } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode, isAsync } from '../syntax/functions.ts';
import { givesThenable, isPlainlyIdle } from '../types/is-thenable.ts';
import type { BackgroundTask } from './background.ts';

/**
 * Promises and async callbacks that code inside functions hands to functions of the project which do not wait for them, whether or not
 * those take care of a rejection (`backgroundTasks` lists the ones that do not).
 *
 * @param mayBeWanted says of a call by names whether its arguments are worth the question
 * @param isWanted says so by types; asked of calls of functions that the project has the code of
 */
export function handedTasks(
  file: ts.SourceFile,
  core: Core,
  mayBeWanted: (call: ts.CallExpression) => boolean,
  isWanted: (call: ts.CallExpression) => boolean,
): readonly BackgroundTask[] {
  return core.ask(fileNodes, file).calls.flatMap((call) => {
    if (!ts.isCallExpression(call) || call.arguments.length === 0 || !mayHaveCode(call, core)) return [];
    const tasks = call.arguments.map((argument) => bare(argument)).filter((argument) => mayBeTask(argument, core));
    if (tasks.length === 0 || ts.isSourceFile(enclosingFunctionOf(call)) || !mayBeWanted(call)) return [];
    if (tasks.every((task) => isPlainlyIdle(task, core.checker))) return [];
    const callee = calleeOf(call, core);
    return callee !== undefined && isWanted(call) ? handedTo(callee, call, core) : [];
  });
}

/** Going by its name, may the callee be one of which the project has the code? */
function mayHaveCode({ expression }: ts.CallExpression, core: Core): boolean {
  const name = lastNameOf(expression);
  return name === undefined || mayBeDeclared(name, core);
}

function mayBeTask(node: ts.Expression, core: Core): boolean {
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return isAsync(node);
  if (!ts.isCallExpression(node)) return false;
  const name = lastNameOf(node.expression);
  return name !== undefined && mayGivePromise(name, core);
}

/** The one function that a call runs. */
function calleeOf(call: ts.CallExpression, core: Core): FunctionNode | undefined {
  const { functions, isComplete, through } = core.ask(calleesOf, call);
  const [callee, other] = functions;
  return other === undefined && isComplete && through === undefined ? callee : undefined;
}

function handedTo(callee: FunctionNode, call: ts.CallExpression, core: Core): readonly BackgroundTask[] {
  return call.arguments.flatMap((argument, at): readonly BackgroundTask[] => {
    const work = bare(argument);
    if (!mayBeTask(work, core)) return [];
    if (ts.isArrowFunction(work) || ts.isFunctionExpression(work)) {
      const use = useOfArgument(callee, at, core.ask(parameterUses, callee));
      const dropped = use === undefined ? undefined : droppedIn(use, core);
      return dropped === undefined
        ? []
        : [{ by: 'helper', work, isCallback: true, functions: [work], launch: call, call, dropped }];
    }
    if (!givesThenable(work, core.checker)) return [];
    const task = core.ask(taskOf, work);
    return task.is !== 'dropped' || task.witness === call
      ? []
      : [{ by: 'helper', work, isCallback: false, functions: [], launch: call, call, dropped: task.witness }];
  });
}

/** Where the promise of a callback is dropped, if it is wherever the callback is called. */
function droppedIn({ called, kept, passedTo }: ParameterUse, core: Core): ts.Node | undefined {
  const [first] = called;
  if (first === undefined || passedTo.length > 0 || kept.is !== 'no') return undefined;
  const isDropped = called.every(
    ({ call, isAwaited }) => !isAwaited && ts.isCallExpression(call) && core.ask(taskOf, call).is === 'dropped',
  );
  return isDropped ? first.call : undefined;
}
