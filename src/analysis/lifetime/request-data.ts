import * as ts from 'typescript';
import { calleesOf, givenFor } from '../effects/callees-of.ts';
import { hasRole } from '../effects/roles.ts';
import { isLocal, referencesOf } from '../escape/references.ts';
import type { Core } from '../facts.ts';
import { isModuleLevel, isReassigned, symbolOf } from '../places/symbols.ts';
import { callSitesOf } from '../program/references.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { isFunctionNode } from '../syntax/functions.ts';
import { requestParametersOf, requestScopeOf } from './request-scope.ts';
import { isBindingElement } from '../syntax/bindings.ts';

/** Where the data in a value comes from. */
export interface DataSources {
  /** What of a request it is taken from; `undefined` when nothing shows a request. */
  readonly request: ts.Node | undefined;
  /** Parameters of the functions around it: their callers decide. */
  readonly parameters: readonly ts.ParameterDeclaration[];
}

/** Expressions that one question may look at. */
const MOST_PARTS = 80;

/**
 * Does a value carry data of a request: is it a request, a part of one, computed from one, or the answer of a call that got some?
 *
 * Followed: locals, destructuring, literals, operators, `await`, and calls: what is looked up by an id of the request is data of the
 * request, and so is what callbacks of such calls get. Not followed: fields, module variables, `catch` variables.
 */
export function dataSourcesOf(value: ts.Expression, core: Core): DataSources {
  const parameters = new Set<ts.ParameterDeclaration>();
  const seen = new Set<ts.Node>();
  const open: ts.Node[] = [value];
  let budget = MOST_PARTS;
  for (let next = open.pop(); next !== undefined && budget > 0; next = open.pop()) {
    budget--;
    const node = bare(next);
    if (seen.has(node)) continue;
    seen.add(node);
    if (ts.isIdentifier(node)) {
      const found = ofName(node, core, open);
      if (found === undefined) continue;
      if (ts.isParameter(found)) parameters.add(found);
      else return { request: found, parameters: [] };
    } else if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) {
      if (isOfProcess(node, core)) continue;
      if (isRequest(node, core)) return { request: node, parameters: [] };
      open.push(node.expression);
    } else if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      if (ts.isCallExpression(node) && isRequest(node, core)) return { request: node, parameters: [] };
      open.push(...partsOfResult(node, core));
    } else if (ts.isConditionalExpression(node)) {
      open.push(node.whenTrue, node.whenFalse);
    } else if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) {
      // `users.find((user) => user.id === request.params.id)`
      open.push(node.body);
    } else if (!isFunctionNode(node) && !ts.isTypeNode(node)) {
      ts.forEachChild(node, (child) => {
        if (ts.isShorthandPropertyAssignment(child)) open.push(child.name);
        else if (ts.isPropertyAssignment(child)) open.push(child.initializer);
        else if (ts.isTemplateSpan(child) || ts.isSpreadAssignment(child)) open.push(child.expression);
        else if (ts.isExpression(child)) open.push(child);
      });
    }
  }
  return { request: undefined, parameters: [...parameters] };
}

/** The name of something request-scoped, or a parameter whose callers decide; else goes on with what the name stands for. */
function ofName(node: ts.Identifier, core: Core, open: ts.Node[]): ts.Node | undefined {
  const symbol = symbolOf(node, core);
  const declared = symbol?.valueDeclaration;
  if (symbol === undefined || declared === undefined) return undefined;
  const declaration = isBindingElement(declared) ? ts.walkUpBindingElementsAndPatterns(declared) : declared;
  if (ts.isParameter(declaration)) {
    if (isRequestData(declaration, core)) return node;
    const given = givenToCallback(declaration, core);
    if (given === undefined) return declaration;
    open.push(...given);
    return undefined;
  }
  if (!ts.isVariableDeclaration(declaration) || isModuleLevel(declaration) || ts.isCatchClause(declaration.parent)) {
    return undefined;
  }
  if (isRequest(node, core)) return node;
  if (declaration.initializer !== undefined) open.push(declaration.initializer);
  const loop = declaration.parent.parent;
  if (ts.isForOfStatement(loop) && loop.initializer === declaration.parent) open.push(loop.expression);
  if (isLocal(symbol) && core.ask(isReassigned, symbol)) open.push(...valuesAssigned(symbol, core));
  return undefined;
}

function valuesAssigned(symbol: ts.Symbol, core: Core): readonly ts.Expression[] {
  return referencesOf(symbol, core).flatMap((reference) => {
    const { parent } = wrapped(reference);
    const isPlain = ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
    return isPlain && bare(parent.left) === reference ? [parent.right] : [];
  });
}

function isRequest(node: ts.Expression, core: Core): boolean {
  const scope = requestScopeOf(node, core);
  return scope !== undefined && scope.is !== 'next';
}

/** Is the parameter a request, or plain data of one (`@Body()`)? */
function isRequestData(parameter: ts.ParameterDeclaration, core: Core): boolean {
  const { name, parent } = parameter;
  if (isDataByDecorator(parameter, core)) return true;
  if (!isFunctionNode(parent) || !requestParametersOf(parent, core).includes(parameter)) return false;
  return !ts.isIdentifier(name) || requestScopeOf(name, core)?.is !== 'next';
}

function isDataByDecorator(parameter: ts.ParameterDeclaration, core: Core): boolean {
  return (ts.canHaveDecorators(parameter) ? (ts.getDecorators(parameter) ?? []) : []).some(({ expression }) => {
    const written = bare(expression);
    const match = ts.isCallExpression(written) ? core.api.memberOf(written) : core.api.memberAt(written);
    if (match === undefined) return false;
    return (['context-decorator', 'data-decorator', 'request-decorator'] as const).some((role) => hasRole(match, role));
  });
}

/** Servers, loggers and pools that hang on a request live longer than it. */
const OF_PROCESS = ['drainable', 'lock', 'logger', 'pool', 'store'] as const;

function isOfProcess(node: ts.Expression, core: Core): boolean {
  const type = core.checker.getTypeAtLocation(node);
  if (core.api.isA(type, 'request-scope') !== undefined) return false;
  return OF_PROCESS.some((role) => core.api.isA(type, role) !== undefined);
}

/**
 * What a callback written in place is called with, if the call that gets it is no registration: it comes from what that call got and
 * from what it is called on (`find(id).then((user) => …)`, `db.get(sql, id, (error, row) => …)`).
 */
function givenToCallback(parameter: ts.ParameterDeclaration, core: Core): readonly ts.Expression[] | undefined {
  const fn = parameter.parent;
  if (!ts.isArrowFunction(fn) && !ts.isFunctionExpression(fn)) return undefined;
  const outer = wrapped(fn);
  const call = outer.parent;
  if (!ts.isCallExpression(call) || !call.arguments.some((argument) => argument === outer)) return undefined;
  const member = core.api.memberOf(call);
  if (member !== undefined && (hasRole(member, 'handler') || hasRole(member, 'listener'))) return [];
  const callee = bare(call.expression);
  const others = call.arguments.filter((argument) => argument !== outer);
  return ts.isPropertyAccessExpression(callee) ? [callee.expression, ...others] : others;
}

/** The receiver and arguments that the result of a call may carry on. */
function partsOfResult(call: ts.CallExpression | ts.NewExpression, core: Core): readonly ts.Expression[] {
  const given = (call.arguments ?? []).map((argument) =>
    ts.isSpreadElement(argument) ? argument.expression : argument,
  );
  const callee = bare(call.expression);
  const isMember = ts.isPropertyAccessExpression(callee) || ts.isElementAccessExpression(callee);
  const all = isMember && ts.isCallExpression(call) ? [callee.expression, ...given] : given;
  if (ts.isNewExpression(call)) return all;
  const type = core.checker.getTypeAtLocation(call);
  if ((type.flags & (ts.TypeFlags.Void | ts.TypeFlags.Undefined | ts.TypeFlags.Never)) !== 0) return [];
  return all;
}

/** Callers, and callers of callers, that are asked what they give for a parameter. */
const MOST_CALLERS = 24;
const DEEPEST_CALLER = 4;

/** What of a request some caller is seen to give for one of the parameters. */
export function requestGivenFor(parameters: readonly ts.ParameterDeclaration[], core: Core): ts.Node | undefined {
  const seen = new Set(parameters);
  let level = parameters;
  for (let depth = 0; depth < DEEPEST_CALLER && level.length > 0; depth++) {
    const next: ts.ParameterDeclaration[] = [];
    for (const parameter of level) {
      const fn = parameter.parent;
      if (!isFunctionNode(fn)) continue;
      for (const { isCertain, node } of callSitesOf(fn, core).found.slice(0, MOST_CALLERS)) {
        if (!isCertain) continue;
        for (const given of givenAt(node, parameter, core)) {
          const { request, parameters: outer } = dataSourcesOf(given, core);
          if (request !== undefined) return request;
          for (const each of outer) {
            if (seen.has(each)) continue;
            seen.add(each);
            next.push(each);
          }
        }
      }
    }
    level = next;
  }
  return undefined;
}

/** What a call gives for a parameter; an empty list when it gives nothing. */
function givenAt(call: ts.Node, parameter: ts.ParameterDeclaration, core: Core): readonly ts.Expression[] {
  if (!ts.isCallExpression(call) && !ts.isNewExpression(call)) return [];
  return givenFor(call, parameter, core.ask(calleesOf, call).through) ?? [];
}
