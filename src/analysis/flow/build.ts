import * as ts from 'typescript';
import { bare, isAssignmentOperator, isLogicalAssignmentOperator } from '../syntax/expressions.ts';
import { type FunctionNode, isFunctionNode } from '../syntax/functions.ts';
import type { Edge, FlowGraph, Step, StepKind, Way, WriteDetail } from './graph.ts';
import { isBindingElement } from '../syntax/bindings.ts';

/** Steps a single function may have; beyond it the graph is `truncated`. A statement takes about five. */
const MOST_STEPS = 100_000;

/** A step while the graph is being built. */
interface OpenStep extends Step {
  readonly next: Edge[];
  readonly previous: Step[];
}

/** An edge whose target is not known yet. */
interface LooseEnd {
  readonly from: OpenStep;
  readonly way: Way;
}

/** Why control leaves a statement early, and where to. */
type Completion =
  { readonly is: 'break' | 'continue'; readonly target: Scope } | { readonly is: 'return' } | { readonly is: 'throw' };

/** What control passes on its way out of a statement. */
interface Scope {
  readonly outer: Scope | undefined;
  /** For jumps that end here (`break`, `continue`, `return` at the function, `throw` at a `catch`): the step they lead to. */
  readonly landing: (completion: Completion) => OpenStep | undefined;
  /** Builds what runs when control passes (a `finally` block, a disposal), once for each way out. */
  readonly passing?: () => void;
  readonly copies: Map<string, OpenStep>;
  readonly labels: readonly string[];
  readonly isLoop: boolean;
  readonly takesBreak: boolean;
}

/**
 * Lowers one function to its control-flow graph.
 *
 * @param endsHere whether a call never returns (its type is `never`); asked for calls that are statements
 */
export function buildGraph(fn: FunctionNode, endsHere: (call: ts.CallExpression) => boolean): FlowGraph {
  return new Builder(fn, endsHere).build();
}

class Builder {
  private readonly steps: OpenStep[] = [];
  private readonly byNode = new Map<ts.Node, OpenStep[]>();
  private readonly fn: FunctionNode;
  private readonly endsHere: (call: ts.CallExpression) => boolean;
  private readonly enterStep: OpenStep;
  private readonly exitStep: OpenStep;
  private readonly escapeStep: OpenStep;
  private loose: LooseEnd[] = [];
  private scope: Scope;
  private truncated = false;
  /** Labels that stand directly before the statement being built. */
  private pendingLabels: string[] = [];
  /** Short-circuit exits of the optional chains being built, innermost last. */
  private readonly chains: LooseEnd[][] = [];

  constructor(fn: FunctionNode, endsHere: (call: ts.CallExpression) => boolean) {
    this.fn = fn;
    this.endsHere = endsHere;
    this.enterStep = this.create('enter', fn);
    this.exitStep = this.create('exit', fn);
    this.escapeStep = this.create('escape', fn);
    this.scope = this.newScope({
      outer: undefined,
      landing: (completion) => (completion.is === 'throw' ? this.escapeStep : this.exitStep),
    });
    this.loose = [{ from: this.enterStep, way: 'next' }];
  }

  build(): FlowGraph {
    this.body();
    this.connect(this.exitStep);
    const { byNode, fn, steps, enterStep, exitStep, escapeStep, truncated } = this;
    return {
      fn,
      steps,
      enter: enterStep,
      exit: exitStep,
      escape: escapeStep,
      suspensions: steps
        .filter((step) => step.kind === 'suspend')
        .sort((a, b) => a.node.pos - b.node.pos || a.id - b.id),
      stepsOf: (node) => byNode.get(node) ?? [],
      truncated,
    };
  }

  private body(): void {
    const { fn } = this;
    if (ts.isSourceFile(fn)) {
      this.statements(fn.statements);
    } else if (ts.isClassStaticBlockDeclaration(fn)) {
      this.statements(fn.body.statements);
    } else if (ts.isPropertyDeclaration(fn)) {
      if (fn.initializer === undefined) return;
      this.value(fn.initializer);
      this.write(fn.name, { how: 'declare', value: fn.initializer });
    } else {
      for (const parameter of fn.parameters) this.parameter(parameter);
      const { body } = fn;
      if (body === undefined) return;
      if (ts.isBlock(body)) {
        this.statements(body.statements);
      } else {
        this.value(body);
        this.add('return', body);
      }
    }
  }

  // ---------------------------------------------------------------- steps and edges

  private create(kind: StepKind, node: ts.Node, write?: WriteDetail): OpenStep {
    if (this.steps.length >= MOST_STEPS) this.truncated = true;
    const step: OpenStep = {
      id: this.steps.length,
      kind,
      node,
      next: [],
      previous: [],
      ...(write === undefined ? {} : { write }),
    };
    this.steps.push(step);
    const same = this.byNode.get(node);
    if (same === undefined) this.byNode.set(node, [step]);
    else same.push(step);
    return step;
  }

  /** Adds a step after everything that is loose. */
  private add(kind: StepKind, node: ts.Node, write?: WriteDetail): OpenStep {
    const step = this.create(kind, node, write);
    this.connect(step);
    this.loose = [{ from: step, way: 'next' }];
    return step;
  }

  private addThrowing(kind: StepKind, node: ts.Node): OpenStep {
    const step = this.add(kind, node);
    this.link(step, 'throw', this.leave({ is: 'throw' }));
    return step;
  }

  private write(target: ts.Node, detail: WriteDetail): void {
    this.add('write', target, detail);
  }

  private connect(to: OpenStep): void {
    for (const { from, way } of this.loose) this.link(from, way, to);
    this.loose = [];
  }

  private link(from: OpenStep, way: Way, to: OpenStep): void {
    if (from.next.some((edge) => edge.to === to && edge.way === way)) return;
    from.next.push({ to, way });
    to.previous.push(from);
  }

  private join(node: ts.Node): OpenStep {
    return this.add('join', node);
  }

  /** Builds something with its own loose ends and gives back those it leaves. */
  private aside(from: LooseEnd[], make: () => void): LooseEnd[] {
    const kept = this.loose;
    this.loose = from;
    make();
    const left = this.loose;
    this.loose = kept;
    return left;
  }

  // ---------------------------------------------------------------- ways out

  private newScope(parts: Partial<Scope> & Pick<Scope, 'landing' | 'outer'>): Scope {
    return { copies: new Map(), labels: [], isLoop: false, takesBreak: false, ...parts };
  }

  private inside(scope: Scope, make: () => void): void {
    const outer = this.scope;
    this.scope = scope;
    make();
    this.scope = outer;
  }

  /** The step to which this completion leads from here, through everything that runs on the way. */
  private leave(completion: Completion, from: Scope = this.scope): OpenStep {
    for (let scope: Scope | undefined = from; scope !== undefined; scope = scope.outer) {
      const landed = scope.landing(completion);
      if (landed !== undefined) return landed;
      if (scope.passing !== undefined) return this.passThrough(scope, completion);
    }
    return this.escapeStep;
  }

  private passThrough(scope: Scope, completion: Completion): OpenStep {
    const key = this.keyOf(completion);
    const known = scope.copies.get(key);
    if (known !== undefined) return known;
    const entry = this.create('join', this.fn);
    scope.copies.set(key, entry);
    if (this.truncated) return entry;
    const { outer, passing } = scope;
    const ends = this.aside([{ from: entry, way: 'next' }], () => {
      this.inside(outer ?? scope, () => passing?.());
    });
    const target = this.leave(completion, outer ?? scope);
    for (const { from, way } of ends) this.link(from, way, target);
    return entry;
  }

  private keyOf(completion: Completion): string {
    return 'target' in completion ? `${completion.is}:${String(this.idOf(completion.target))}` : completion.is;
  }

  private readonly scopeIds = new Map<Scope, number>();

  private idOf(scope: Scope): number {
    const known = this.scopeIds.get(scope);
    if (known !== undefined) return known;
    this.scopeIds.set(scope, this.scopeIds.size);
    return this.scopeIds.size - 1;
  }

  private jump(completion: Completion): void {
    const target = this.leave(completion);
    this.connect(target);
  }

  private jumpTo(is: 'break' | 'continue', label: string | undefined): void {
    for (let scope: Scope | undefined = this.scope; scope !== undefined; scope = scope.outer) {
      const named =
        label === undefined ? (is === 'break' ? scope.takesBreak : scope.isLoop) : scope.labels.includes(label);
      if (named) {
        this.jump({ is, target: scope });
        return;
      }
    }
    this.loose = [];
  }

  // ---------------------------------------------------------------- statements

  private statements(list: readonly ts.Statement[]): void {
    for (const statement of list) {
      if (ts.isFunctionDeclaration(statement) && statement.body !== undefined) this.add('make', statement);
    }
    this.statementsFrom(list, 0);
  }

  private statementsFrom(list: readonly ts.Statement[], start: number): void {
    for (let at = start; at < list.length; at++) {
      if (this.truncated) return;
      const statement = list[at];
      if (statement === undefined) return;
      const resources = usingDeclarationsOf(statement);
      if (resources === undefined) {
        this.statement(statement);
        continue;
      }
      this.withResources(resources, () => {
        this.statementsFrom(list, at + 1);
      });
      return;
    }
  }

  /** `using` and `await using`: what follows runs in a scope that disposes on every way out, last one first. */
  private withResources(list: ts.VariableDeclarationList, rest: () => void): void {
    const isAwaited = (list.flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing;
    const declare = (index: number): void => {
      const declaration = list.declarations[index];
      if (declaration === undefined) {
        rest();
        return;
      }
      this.declaration(declaration, list);
      const dispose = (): void => {
        this.addThrowing('dispose', declaration);
        if (isAwaited) this.addThrowing('suspend', declaration);
      };
      this.inside(this.newScope({ outer: this.scope, landing: () => undefined, passing: dispose }), () => {
        declare(index + 1);
      });
      dispose();
    };
    declare(0);
  }

  private statement(node: ts.Statement): void {
    const labels = this.pendingLabels;
    this.pendingLabels = [];
    switch (node.kind) {
      case ts.SyntaxKind.Block:
        this.labelled(labels, node, () => {
          this.statements((node as ts.Block).statements);
        });
        return;
      case ts.SyntaxKind.VariableStatement:
        this.variables((node as ts.VariableStatement).declarationList);
        return;
      case ts.SyntaxKind.ExpressionStatement:
        this.expressionStatement((node as ts.ExpressionStatement).expression);
        return;
      case ts.SyntaxKind.IfStatement:
        this.labelled(labels, node, () => {
          this.ifStatement(node as ts.IfStatement);
        });
        return;
      case ts.SyntaxKind.WhileStatement:
      case ts.SyntaxKind.DoStatement:
      case ts.SyntaxKind.ForStatement:
      case ts.SyntaxKind.ForOfStatement:
      case ts.SyntaxKind.ForInStatement:
        this.loop(node as ts.IterationStatement, labels);
        return;
      case ts.SyntaxKind.SwitchStatement:
        this.switchStatement(node as ts.SwitchStatement, labels);
        return;
      case ts.SyntaxKind.TryStatement:
        this.labelled(labels, node, () => {
          this.tryStatement(node as ts.TryStatement);
        });
        return;
      case ts.SyntaxKind.LabeledStatement: {
        const { label, statement } = node as ts.LabeledStatement;
        this.pendingLabels = [...labels, label.text];
        this.statement(statement);
        return;
      }
      case ts.SyntaxKind.ReturnStatement: {
        const { expression } = node as ts.ReturnStatement;
        if (expression !== undefined) this.value(expression);
        this.add('return', node);
        this.jump({ is: 'return' });
        return;
      }
      case ts.SyntaxKind.ThrowStatement:
        this.value((node as ts.ThrowStatement).expression);
        this.add('throw', node);
        this.loose = this.loose.map(({ from }) => ({ from, way: 'throw' }));
        this.jump({ is: 'throw' });
        return;
      case ts.SyntaxKind.BreakStatement:
        this.jumpTo('break', (node as ts.BreakStatement).label?.text);
        return;
      case ts.SyntaxKind.ContinueStatement:
        this.jumpTo('continue', (node as ts.ContinueStatement).label?.text);
        return;
      case ts.SyntaxKind.ClassDeclaration:
        this.classLike(node as ts.ClassDeclaration);
        return;
      case ts.SyntaxKind.ExportAssignment:
        this.value((node as ts.ExportAssignment).expression);
        return;
      case ts.SyntaxKind.EnumDeclaration:
        for (const member of (node as ts.EnumDeclaration).members) {
          if (member.initializer !== undefined) this.value(member.initializer);
        }
        return;
      case ts.SyntaxKind.ModuleDeclaration: {
        const { body } = node as ts.ModuleDeclaration;
        if (body !== undefined && ts.isModuleBlock(body)) this.statements(body.statements);
        else if (body !== undefined && ts.isModuleDeclaration(body)) this.statement(body);
        return;
      }
      case ts.SyntaxKind.WithStatement:
        this.value((node as ts.WithStatement).expression);
        this.statement((node as ts.WithStatement).statement);
        return;
      default:
        return;
    }
  }

  /** A labelled statement that is no loop: `break label` ends it. */
  private labelled(labels: readonly string[], node: ts.Node, make: () => void): void {
    if (labels.length === 0) {
      make();
      return;
    }
    const end = this.create('join', node);
    const scope: Scope = this.newScope({
      outer: this.scope,
      labels,
      landing: (completion) => ('target' in completion && completion.target === scope ? end : undefined),
    });
    this.inside(scope, make);
    this.connect(end);
    this.loose = [{ from: end, way: 'next' }];
  }

  private expressionStatement(expression: ts.Expression): void {
    this.value(expression);
    const inner = bare(expression);
    if (ts.isCallExpression(inner) && this.endsHere(inner)) this.loose = [];
  }

  private ifStatement(node: ts.IfStatement): void {
    const [whenTrue, whenFalse] = this.condition(node.expression);
    const afterThen = this.aside(whenTrue, () => {
      this.statement(node.thenStatement);
    });
    const afterElse = this.aside(whenFalse, () => {
      if (node.elseStatement !== undefined) this.statement(node.elseStatement);
    });
    this.loose = [...afterThen, ...afterElse];
  }

  private loop(node: ts.IterationStatement, labels: readonly string[]): void {
    const end = this.create('join', node);
    const again = this.create('join', node);
    const scope: Scope = this.newScope({
      outer: this.scope,
      labels,
      isLoop: true,
      takesBreak: true,
      landing: (completion) => {
        if (!('target' in completion) || completion.target !== scope) return undefined;
        return completion.is === 'break' ? end : again;
      },
    });
    const body = (): void => {
      this.inside(scope, () => {
        this.statement(node.statement);
      });
    };
    if (ts.isDoStatement(node)) {
      const head = this.join(node);
      body();
      this.startAt(again);
      const [whenTrue, whenFalse] = this.condition(node.expression);
      this.loose = whenTrue;
      this.connect(head);
      this.loose = whenFalse;
    } else if (ts.isWhileStatement(node)) {
      this.startAt(again);
      const [whenTrue, whenFalse] = this.condition(node.expression);
      this.loose = whenTrue;
      body();
      this.connect(again);
      this.loose = whenFalse;
    } else if (ts.isForStatement(node)) {
      this.forStatement(node, again, body);
    } else {
      this.iteration(node as ts.ForInOrOfStatement, again, body);
    }
    this.startAt(end);
  }

  /** Goes on at a step that was made before. */
  private startAt(step: OpenStep): void {
    this.connect(step);
    this.loose = [{ from: step, way: 'next' }];
  }

  private forStatement(node: ts.ForStatement, again: OpenStep, body: () => void): void {
    if (node.initializer !== undefined) {
      if (ts.isVariableDeclarationList(node.initializer)) this.variables(node.initializer);
      else this.value(node.initializer);
    }
    const head = this.join(node);
    const [whenTrue, whenFalse] = node.condition === undefined ? [this.loose, []] : this.condition(node.condition);
    this.loose = whenTrue;
    body();
    this.startAt(again);
    if (node.incrementor !== undefined) this.value(node.incrementor);
    this.connect(head);
    this.loose = whenFalse;
  }

  private iteration(node: ts.ForInOrOfStatement, again: OpenStep, body: () => void): void {
    this.value(node.expression);
    this.startAt(again);
    if (ts.isForOfStatement(node) && node.awaitModifier !== undefined) this.addThrowing('suspend', node);
    const step = this.addThrowing('iterate', node);
    const { initializer } = node;
    this.loose = [{ from: step, way: 'true' }];
    const detail: WriteDetail = { how: 'iterate', value: node.expression };
    if (ts.isVariableDeclarationList(initializer)) {
      const name = initializer.declarations[0]?.name;
      const isUsing = (initializer.flags & ts.NodeFlags.Using) !== 0;
      if (name !== undefined) this.bind(name, detail);
      if (isUsing) {
        const declaration = initializer.declarations[0];
        const isAwaited = (initializer.flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing;
        const dispose = (): void => {
          this.addThrowing('dispose', declaration ?? initializer);
          if (isAwaited) this.addThrowing('suspend', declaration ?? initializer);
        };
        this.inside(this.newScope({ outer: this.scope, landing: () => undefined, passing: dispose }), body);
        dispose();
      } else {
        body();
      }
    } else {
      this.assignTo(initializer, detail);
      body();
    }
    this.connect(again);
    this.loose = [{ from: step, way: 'done' }];
  }

  private switchStatement(node: ts.SwitchStatement, labels: readonly string[]): void {
    this.value(node.expression);
    const end = this.create('join', node);
    const scope: Scope = this.newScope({
      outer: this.scope,
      labels,
      takesBreak: true,
      landing: (completion) => ('target' in completion && completion.target === scope ? end : undefined),
    });
    this.inside(scope, () => {
      const entries = new Map<ts.CaseOrDefaultClause, LooseEnd[]>();
      for (const clause of node.caseBlock.clauses) {
        if (ts.isDefaultClause(clause)) continue;
        this.value(clause.expression);
        const test = this.add('branch', clause.expression);
        entries.set(clause, [{ from: test, way: 'true' }]);
        this.loose = [{ from: test, way: 'false' }];
      }
      const fallback = node.caseBlock.clauses.find((clause) => ts.isDefaultClause(clause));
      let unmatched = this.loose;
      if (fallback !== undefined) {
        entries.set(fallback, unmatched);
        unmatched = [];
      }
      this.loose = [];
      for (const clause of node.caseBlock.clauses) {
        this.loose = [...this.loose, ...(entries.get(clause) ?? [])];
        this.statements(clause.statements);
      }
      this.loose = [...this.loose, ...unmatched];
    });
    this.startAt(end);
  }

  private tryStatement(node: ts.TryStatement): void {
    const { tryBlock, catchClause, finallyBlock } = node;
    const run = (): void => {
      if (catchClause === undefined) {
        this.statements(tryBlock.statements);
        return;
      }
      const caught = this.create('join', catchClause);
      const scope = this.newScope({
        outer: this.scope,
        landing: (completion) => (completion.is === 'throw' ? caught : undefined),
      });
      this.inside(scope, () => {
        this.statements(tryBlock.statements);
      });
      const afterTry = this.loose;
      this.loose = caught.previous.length > 0 ? [{ from: caught, way: 'next' }] : [];
      if (catchClause.variableDeclaration !== undefined)
        this.bind(catchClause.variableDeclaration.name, { how: 'declare' });
      this.statements(catchClause.block.statements);
      this.loose = [...afterTry, ...this.loose];
    };
    if (finallyBlock === undefined) {
      run();
      return;
    }
    const passing = (): void => {
      this.statements(finallyBlock.statements);
    };
    this.inside(this.newScope({ outer: this.scope, landing: () => undefined, passing }), run);
    if (this.loose.length > 0) passing();
  }

  // ---------------------------------------------------------------- declarations and patterns

  private variables(list: ts.VariableDeclarationList): void {
    for (const declaration of list.declarations) this.declaration(declaration, list);
  }

  private declaration(node: ts.VariableDeclaration, list: ts.VariableDeclarationList): void {
    const { initializer, name } = node;
    if (initializer !== undefined) {
      this.value(initializer);
      this.bind(name, { how: 'declare', value: initializer });
    } else if ((list.flags & ts.NodeFlags.BlockScoped) !== 0) {
      this.bind(name, { how: 'declare' });
    }
  }

  private parameter(node: ts.ParameterDeclaration): void {
    if (node.initializer === undefined) {
      this.bind(node.name, { how: 'parameter' });
      return;
    }
    this.defaultValue(node, node.initializer);
    this.bind(node.name, { how: 'parameter', value: node.initializer });
  }

  /** A default is evaluated only where the value is `undefined`. */
  private defaultValue(node: ts.Node, initializer: ts.Expression): void {
    const test = this.add('branch', node);
    const given: LooseEnd = { from: test, way: 'false' };
    this.loose = [{ from: test, way: 'true' }];
    this.value(initializer);
    this.loose.push(given);
  }

  /** A declared name or pattern gets a value. */
  private bind(name: ts.BindingName, detail: WriteDetail): void {
    if (ts.isIdentifier(name)) {
      this.write(name, detail);
      return;
    }
    if (ts.isArrayBindingPattern(name)) this.addThrowing('iterate', name);
    for (const element of name.elements) {
      if (!isBindingElement(element)) continue;
      if (element.propertyName !== undefined && ts.isComputedPropertyName(element.propertyName)) {
        this.value(element.propertyName.expression);
      }
      this.add('read', element);
      if (element.initializer !== undefined) this.defaultValue(element, element.initializer);
      this.bind(element.name, {
        how: 'destructure',
        part: element,
        ...(detail.value === undefined ? {} : { value: detail.value }),
      });
    }
  }

  /** What an assignment target evaluates before the right side: its object and its key. */
  private targetParts(target: ts.Expression): void {
    const inner = bare(target);
    if (ts.isPropertyAccessExpression(inner)) {
      this.value(inner.expression);
    } else if (ts.isElementAccessExpression(inner)) {
      this.value(inner.expression);
      this.value(inner.argumentExpression);
    }
  }

  /** Takes a value apart into an assignment pattern, or writes a plain target whose parts are still to be evaluated. */
  private assignTo(target: ts.Expression, detail: WriteDetail): void {
    const inner = bare(target);
    if (ts.isObjectLiteralExpression(inner)) {
      for (const property of inner.properties) this.assignProperty(property, detail);
    } else if (ts.isArrayLiteralExpression(inner)) {
      this.addThrowing('iterate', inner);
      for (const element of inner.elements) {
        if (ts.isOmittedExpression(element)) continue;
        if (ts.isSpreadElement(element)) this.assignPart(element.expression, element, detail);
        else this.assignElement(element, detail);
      }
    } else {
      this.targetParts(inner);
      this.write(inner, detail);
    }
  }

  private assignProperty(property: ts.ObjectLiteralElementLike, detail: WriteDetail): void {
    if (ts.isPropertyAssignment(property)) {
      if (ts.isComputedPropertyName(property.name)) this.value(property.name.expression);
      this.assignPart(property.initializer, property, detail);
    } else if (ts.isShorthandPropertyAssignment(property)) {
      this.add('read', property);
      if (property.objectAssignmentInitializer !== undefined) {
        this.defaultValue(property, property.objectAssignmentInitializer);
      }
      this.write(property.name, partOf(detail, property));
    } else if (ts.isSpreadAssignment(property)) {
      this.assignPart(property.expression, property, detail);
    }
  }

  /** An element of an array pattern is the target itself, so no node stands for the part that is read. */
  private assignElement(element: ts.Expression, { value }: WriteDetail): void {
    this.assignTaken(element, undefined, { how: 'destructure', ...(value === undefined ? {} : { value }) });
  }

  private assignPart(target: ts.Expression, part: ts.Node, detail: WriteDetail): void {
    this.assignTaken(target, part, partOf(detail, part));
  }

  /** The target of a part is evaluated first, then the part is taken out, then its default. */
  private assignTaken(target: ts.Expression, part: ts.Node | undefined, detail: WriteDetail): void {
    const inner = bare(target);
    const withDefault = ts.isBinaryExpression(inner) && inner.operatorToken.kind === ts.SyntaxKind.EqualsToken;
    const goal = bare(withDefault ? inner.left : inner);
    const isNested = ts.isObjectLiteralExpression(goal) || ts.isArrayLiteralExpression(goal);
    if (!isNested) this.targetParts(goal);
    if (part !== undefined) this.add('read', part);
    if (withDefault) this.defaultValue(inner, inner.right);
    if (isNested) this.assignTo(goal, detail);
    else this.write(goal, detail);
  }

  // ---------------------------------------------------------------- expressions

  /** Evaluates an expression for its value. */
  private value(node: ts.Expression): void {
    if (this.truncated) return;
    switch (node.kind) {
      case ts.SyntaxKind.Identifier:
        this.add('read', node);
        return;
      case ts.SyntaxKind.ParenthesizedExpression:
      case ts.SyntaxKind.AsExpression:
      case ts.SyntaxKind.SatisfiesExpression:
      case ts.SyntaxKind.NonNullExpression:
      case ts.SyntaxKind.TypeAssertionExpression:
        if (ts.isOptionalChain(node)) this.chained(node);
        else this.value((node as ts.AssertionExpression | ts.ParenthesizedExpression).expression);
        return;
      case ts.SyntaxKind.PropertyAccessExpression:
      case ts.SyntaxKind.ElementAccessExpression:
      case ts.SyntaxKind.CallExpression:
        this.chained(node);
        return;
      case ts.SyntaxKind.NewExpression: {
        const { expression, arguments: given } = node as ts.NewExpression;
        this.callee(expression);
        for (const argument of given ?? []) this.element(argument);
        this.addThrowing('call', node);
        return;
      }
      case ts.SyntaxKind.TaggedTemplateExpression: {
        const { tag, template } = node as ts.TaggedTemplateExpression;
        this.callee(tag);
        if (ts.isTemplateExpression(template)) for (const span of template.templateSpans) this.value(span.expression);
        this.addThrowing('call', node);
        return;
      }
      case ts.SyntaxKind.TemplateExpression:
        for (const span of (node as ts.TemplateExpression).templateSpans) this.value(span.expression);
        return;
      case ts.SyntaxKind.BinaryExpression:
        this.binary(node as ts.BinaryExpression);
        return;
      case ts.SyntaxKind.ConditionalExpression: {
        const { condition, whenTrue, whenFalse } = node as ts.ConditionalExpression;
        const [yes, no] = this.condition(condition);
        const afterYes = this.aside(yes, () => {
          this.value(whenTrue);
        });
        const afterNo = this.aside(no, () => {
          this.value(whenFalse);
        });
        this.loose = [...afterYes, ...afterNo];
        return;
      }
      case ts.SyntaxKind.PrefixUnaryExpression:
      case ts.SyntaxKind.PostfixUnaryExpression:
        this.unary(node as ts.PostfixUnaryExpression | ts.PrefixUnaryExpression);
        return;
      case ts.SyntaxKind.DeleteExpression: {
        const target = bare((node as ts.DeleteExpression).expression);
        this.chain(target, () => {
          if (ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target)) this.receiver(target);
          this.write(target, { how: 'delete' });
        });
        return;
      }
      case ts.SyntaxKind.TypeOfExpression:
      case ts.SyntaxKind.VoidExpression:
        this.value((node as ts.TypeOfExpression | ts.VoidExpression).expression);
        return;
      case ts.SyntaxKind.AwaitExpression:
        this.value((node as ts.AwaitExpression).expression);
        this.addThrowing('suspend', node);
        return;
      case ts.SyntaxKind.YieldExpression:
        this.yield(node as ts.YieldExpression);
        return;
      case ts.SyntaxKind.ArrowFunction:
      case ts.SyntaxKind.FunctionExpression:
        this.add('make', node);
        return;
      case ts.SyntaxKind.ClassExpression:
        this.classLike(node as ts.ClassExpression);
        return;
      case ts.SyntaxKind.ObjectLiteralExpression:
        for (const property of (node as ts.ObjectLiteralExpression).properties) this.property(property);
        return;
      case ts.SyntaxKind.ArrayLiteralExpression:
        for (const element of (node as ts.ArrayLiteralExpression).elements) this.element(element);
        return;
      default:
        // JSX and anything new: evaluate what is inside, in the order of the text.
        ts.forEachChild(node, (child) => {
          this.anyChild(child);
        });
    }
  }

  private anyChild(child: ts.Node): void {
    if (isFunctionNode(child)) this.add('make', child);
    else if (ts.isTypeNode(child)) return;
    else if (ts.isExpression(child)) {
      if (!ts.isIdentifier(child) || isJsxValue(child)) this.value(child);
    } else
      ts.forEachChild(child, (inner) => {
        this.anyChild(inner);
      });
  }

  /** A callee: its object is evaluated; the function itself is not a read anybody asks about. */
  private callee(node: ts.Expression): void {
    const inner = bare(node);
    if (ts.isPropertyAccessExpression(inner)) this.value(inner.expression);
    else if (ts.isElementAccessExpression(inner)) {
      this.value(inner.expression);
      this.value(inner.argumentExpression);
    } else if (!ts.isIdentifier(inner)) this.value(inner);
  }

  private element(node: ts.Expression): void {
    if (ts.isSpreadElement(node)) {
      this.value(node.expression);
      this.addThrowing('iterate', node);
    } else if (!ts.isOmittedExpression(node)) {
      this.value(node);
    }
  }

  private property(node: ts.ObjectLiteralElementLike): void {
    if (node.name !== undefined && ts.isComputedPropertyName(node.name)) this.value(node.name.expression);
    if (ts.isPropertyAssignment(node)) this.value(node.initializer);
    else if (ts.isShorthandPropertyAssignment(node)) this.add('read', node.name);
    else if (ts.isSpreadAssignment(node)) this.value(node.expression);
    else this.add('make', node);
  }

  private classLike(node: ts.ClassLikeDeclaration): void {
    for (const clause of node.heritageClauses ?? []) {
      if (clause.token !== ts.SyntaxKind.ExtendsKeyword) continue;
      for (const type of clause.types) this.value(type.expression);
    }
    for (const decorator of ts.canHaveDecorators(node) ? (ts.getDecorators(node) ?? []) : [])
      this.value(decorator.expression);
    this.add('make', node);
    // All computed names are evaluated before the first static initialiser runs.
    for (const member of node.members) {
      for (const decorator of ts.canHaveDecorators(member) ? (ts.getDecorators(member) ?? []) : [])
        this.value(decorator.expression);
      if (member.name !== undefined && ts.isComputedPropertyName(member.name)) this.value(member.name.expression);
    }
    for (const member of node.members) {
      const isStatic = ts.canHaveModifiers(member)
        ? ts.getModifiers(member)?.some((modifier) => modifier.kind === ts.SyntaxKind.StaticKeyword)
        : false;
      const runsNow =
        ts.isClassStaticBlockDeclaration(member) || (ts.isPropertyDeclaration(member) && isStatic === true);
      if (runsNow && isFunctionNode(member)) this.addThrowing('call', member);
    }
  }

  private binary(node: ts.BinaryExpression): void {
    const operator = node.operatorToken.kind;
    if (isAssignmentOperator(operator)) {
      this.assignment(node, operator);
      return;
    }
    if (isLogical(operator)) {
      this.value(node.left);
      const test = this.add('branch', node.left);
      const [goesOn, stops]: [Way, Way] =
        operator === ts.SyntaxKind.AmpersandAmpersandToken ? ['true', 'false'] : ['false', 'true'];
      this.loose = [{ from: test, way: goesOn }];
      this.value(node.right);
      this.loose.push({ from: test, way: stops });
      return;
    }
    // Long sums lean to the left: walk down their spine without recursion.
    const rights: ts.Expression[] = [];
    let left: ts.Expression = node;
    while (
      ts.isBinaryExpression(left) &&
      !isLogical(left.operatorToken.kind) &&
      !isAssignmentOperator(left.operatorToken.kind)
    ) {
      rights.push(left.right);
      left = left.left;
    }
    if (!ts.isPrivateIdentifier(left)) this.value(left);
    for (const right of rights.reverse()) this.value(right);
  }

  private assignment(node: ts.BinaryExpression, operator: ts.SyntaxKind): void {
    const target = bare(node.left);
    if (operator === ts.SyntaxKind.EqualsToken) {
      if (ts.isObjectLiteralExpression(target) || ts.isArrayLiteralExpression(target)) {
        this.value(node.right);
        this.assignTo(target, { how: 'destructure', value: node.right });
        return;
      }
      this.targetParts(target);
      this.value(node.right);
      this.write(target, { how: 'assign', value: node.right });
      return;
    }
    this.targetParts(target);
    this.add('read', target);
    if (!isLogicalAssignmentOperator(operator)) {
      this.value(node.right);
      this.write(target, { how: 'compound', value: node.right });
      return;
    }
    const test = this.add('branch', target);
    const [goesOn, stops]: [Way, Way] =
      operator === ts.SyntaxKind.AmpersandAmpersandEqualsToken ? ['true', 'false'] : ['false', 'true'];
    this.loose = [{ from: test, way: goesOn }];
    this.value(node.right);
    this.write(target, { how: 'logical', value: node.right });
    this.loose.push({ from: test, way: stops });
  }

  private unary(node: ts.PostfixUnaryExpression | ts.PrefixUnaryExpression): void {
    const updates = node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken;
    if (!updates) {
      this.value(node.operand);
      return;
    }
    const target = bare(node.operand);
    this.targetParts(target);
    this.add('read', target);
    this.write(target, { how: 'update' });
  }

  private yield(node: ts.YieldExpression): void {
    if (node.expression !== undefined) this.value(node.expression);
    if (node.asteriskToken === undefined) {
      this.suspendInGenerator(node);
      return;
    }
    const head = this.addThrowing('iterate', node);
    this.loose = [{ from: head, way: 'true' }];
    this.suspendInGenerator(node);
    this.connect(head);
    this.loose = [{ from: head, way: 'done' }];
  }

  /** At a `yield` the consumer may go on, throw into the generator, or end it (`break`, `.return()`). */
  private suspendInGenerator(node: ts.YieldExpression): void {
    const step = this.addThrowing('suspend', node);
    this.link(step, 'done', this.leave({ is: 'return' }));
  }

  /** A property access or a call, perhaps the end of an optional chain. */
  private chained(node: ts.Expression): void {
    this.chain(node, () => {
      this.access(node);
    });
  }

  /** Where an optional chain ends, its short cuts meet the way through. */
  private chain(node: ts.Expression, make: () => void): void {
    if (!ts.isOptionalChain(node) || isInnerLink(node)) {
      make();
      return;
    }
    this.chains.push([]);
    make();
    this.loose.push(...(this.chains.pop() ?? []));
  }

  private access(node: ts.Expression): void {
    if (ts.isCallExpression(node)) {
      const callee = bare(node.expression);
      const isPlain =
        ts.isIdentifier(callee) ||
        callee.kind === ts.SyntaxKind.ImportKeyword ||
        callee.kind === ts.SyntaxKind.SuperKeyword;
      if (ts.isPropertyAccessExpression(callee) || ts.isElementAccessExpression(callee)) {
        this.chain(callee, () => {
          this.receiver(callee);
        });
      } else if (!isPlain) this.value(callee);
      if (node.questionDotToken !== undefined) {
        if (isPlain) this.add('read', callee);
        this.shortCircuit(node.expression);
      }
      for (const argument of node.arguments) this.element(argument);
      this.addThrowing('call', node);
    } else if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) {
      this.receiver(node);
      this.add('read', node);
    } else if (ts.isNonNullExpression(node)) {
      this.value(node.expression);
    }
  }

  private receiver(node: ts.ElementAccessExpression | ts.PropertyAccessExpression): void {
    if (node.expression.kind !== ts.SyntaxKind.SuperKeyword) this.value(node.expression);
    if (node.questionDotToken !== undefined) this.shortCircuit(node.expression);
    if (ts.isElementAccessExpression(node)) this.value(node.argumentExpression);
  }

  /** `?.`: goes on with the chain when there is a value, else leaves it. */
  private shortCircuit(tested: ts.Expression): void {
    const test = this.add('branch', tested);
    this.chains.at(-1)?.push({ from: test, way: 'false' });
    this.loose = [{ from: test, way: 'true' }];
  }

  /** Evaluates an expression for the way it decides; gives back the ends for true and for false. */
  private condition(node: ts.Expression): [LooseEnd[], LooseEnd[]] {
    const inner = bare(node);
    if (inner.kind === ts.SyntaxKind.TrueKeyword) return [this.loose, []];
    if (inner.kind === ts.SyntaxKind.FalseKeyword) return [[], this.loose];
    if (ts.isPrefixUnaryExpression(inner) && inner.operator === ts.SyntaxKind.ExclamationToken) {
      const [whenTrue, whenFalse] = this.condition(inner.operand);
      return [whenFalse, whenTrue];
    }
    if (ts.isBinaryExpression(inner)) {
      const operator = inner.operatorToken.kind;
      if (operator === ts.SyntaxKind.AmpersandAmpersandToken || operator === ts.SyntaxKind.BarBarToken) {
        const isAnd = operator === ts.SyntaxKind.AmpersandAmpersandToken;
        const [leftTrue, leftFalse] = this.condition(inner.left);
        this.loose = isAnd ? leftTrue : leftFalse;
        const [rightTrue, rightFalse] = this.condition(inner.right);
        return isAnd ? [rightTrue, [...leftFalse, ...rightFalse]] : [[...leftTrue, ...rightTrue], rightFalse];
      }
    }
    this.value(inner);
    const test = this.add('branch', inner);
    this.loose = [];
    return [[{ from: test, way: 'true' }], [{ from: test, way: 'false' }]];
  }
}

function partOf(detail: WriteDetail, part: ts.Node): WriteDetail {
  return { how: 'destructure', part, ...(detail.value === undefined ? {} : { value: detail.value }) };
}

function isLogical(operator: ts.SyntaxKind): boolean {
  return (
    operator === ts.SyntaxKind.AmpersandAmpersandToken ||
    operator === ts.SyntaxKind.BarBarToken ||
    operator === ts.SyntaxKind.QuestionQuestionToken
  );
}

/** Is this link of an optional chain followed by another link? */
function isInnerLink(node: ts.Node): boolean {
  const { parent } = node;
  return (
    (ts.isPropertyAccessExpression(parent) ||
      ts.isElementAccessExpression(parent) ||
      ts.isCallExpression(parent) ||
      ts.isNonNullExpression(parent)) &&
    ts.isOptionalChain(parent) &&
    parent.expression === node
  );
}

function isJsxValue(node: ts.Identifier): boolean {
  return ts.isJsxExpression(node.parent) || ts.isJsxSpreadAttribute(node.parent);
}

function usingDeclarationsOf(statement: ts.Statement): ts.VariableDeclarationList | undefined {
  if (!ts.isVariableStatement(statement)) return undefined;
  const { declarationList } = statement;
  // `Using` is one bit, `AwaitUsing` is `Const | Using`.
  return (declarationList.flags & ts.NodeFlags.Using) === 0 ? undefined : declarationList;
}
