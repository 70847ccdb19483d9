import * as ts from 'typescript';
import {
  bare,
  calledName,
  chainOf,
  type Core,
  isAnyLike,
  isInside,
  isPrimitive,
  partsOf,
  type RemoteUpdate,
  symbolOf,
  writesOf,
  isBindingElement,
} from '../../analysis/index.ts';
import { type Edit, hasComment, removeElement, removeStatement, replace } from '../../report/edits.ts';
import { type Addition, additionOf, hasNoOtherUse, type Holder, removalOf, statementOf, unnamed } from './addition.ts';
import type { StoreRepair } from './repair.ts';

/** The store adds by itself, where what is written is what was read and a number more or less. */
export function addAtOnce(update: RemoteUpdate, core: Core): readonly StoreRepair[] {
  const { property, write } = update;
  const { adds, writes } = write.row.store;
  if (adds === undefined || write.frame !== undefined) return [];
  const addition = additionOf(update, core);
  if (addition === undefined) return [];
  if (writes === 'changes') return insteadOfSave(update, addition, core);
  if (property !== undefined && adds.operator !== undefined) return byOperator(update, addition, adds.operator, core);
  if (property !== undefined && adds.column !== undefined) return inColumn(update, addition, core);
  return adds.call === undefined ? [] : insteadOfWrite(update, addition, core);
}

// ---------------------------------------------------------------- the whole call

/** `await redis.set(key, Number(raw) + 1)` → `await redis.incrby(key, 1)` */
function insteadOfWrite(update: RemoteUpdate, addition: Addition, core: Core): readonly StoreRepair[] {
  const { property, write } = update;
  const { call, row } = write;
  const { adds } = row.store;
  const text = callText(update, addition, core);
  const statement = statementOf(call);
  if (adds === undefined || text === undefined || statement === undefined || hasComment(call)) return [];
  if (!addition.startsAtNothing || (adds.isWhole === true && /^\d*\.\d/.test(addition.by))) return [];
  // Other fields of the same call would be left out.
  const object = property?.parent;
  if (object !== undefined && ts.isObjectLiteralExpression(object) && object.properties.length > 1) return [];
  const edit = replace(call, text);
  const named = [
    call.expression,
    ...call.arguments.slice(0, property === undefined ? (row.value ?? 1) : (row.key ?? 0) + 1),
  ];
  const alone = addition.holders.filter((holder) => hasNoOtherUse(holder, addition, call, core, named));
  const removals = alone.map(removalOf);
  // A constant that nobody uses any more would be an error in many projects.
  if (removals.includes(undefined)) return [];
  const isKept = alone.length < addition.holders.length;
  const edits = removals.filter((each) => each !== undefined);
  const asSum = adds.gives === 'sum' ? keptAsSum(addition, alone, statement) : undefined;
  if (asSum !== undefined) {
    const sum = replace(asSum, `await ${text}`);
    return [{ title: 'add', automatic: false, edits: [...edits, sum, removeStatement(statement)] }];
  }
  const differs =
    adds.differsWith?.some((word) => new RegExp(`\\b${word}\\b`).test(call.getSourceFile().text)) ?? false;
  const isPlainCall = call.arguments.length === plainArguments(update);
  // The read of a row may be what fails where there is none.
  const isRow = row.store.writes === 'columns';
  const isSafe = !isKept && !isRow && !differs && isPlainCall && (addition.isWholeLiteral || adds.isWhole !== true);
  return [{ title: 'add', automatic: isSafe, edits: [...edits, edit] }];
}

/** The value of the constant that holds the sum, where only that is used for something else: `return visits`. */
function keptAsSum(
  { holders, old }: Addition,
  alone: readonly Holder[],
  statement: ts.Statement,
): ts.Expression | undefined {
  const [sum] = holders;
  const isOnly = sum !== undefined && !alone.includes(sum) && alone.length === holders.length - 1;
  const value = isOnly && ts.isVariableDeclaration(sum) ? sum.initializer : undefined;
  if (sum === undefined || value === undefined || !isInside(old, value) || hasComment(value)) return undefined;
  const { parent } = sum.parent;
  if (parent.parent !== statement.parent || !ts.isBlock(statement.parent)) return undefined;
  // What lies between must not decide whether there is a write at all, nor make what it is made with.
  const { statements } = statement.parent;
  const between = statements.slice(statements.indexOf(parent as ts.Statement) + 1, statements.indexOf(statement));
  return between.length === 0 ? value : undefined;
}

/** How many arguments a write without further options has. */
function plainArguments({ property, write }: RemoteUpdate): number {
  const { store, value = 0 } = write.row;
  return property === undefined ? Math.max(value, (store.field ?? 0) + 1) + 1 : (store.field ?? value) + 1;
}

function callText({ column, property, write }: RemoteUpdate, { by, minus }: Addition, core: Core): string | undefined {
  const { adds, field } = write.row.store;
  const template = minus ? (adds?.minus ?? adds?.call) : adds?.call;
  const callee = bare(write.call.expression);
  if (template === undefined || !ts.isPropertyAccessExpression(callee)) return undefined;
  const key = write.call.arguments[write.row.key ?? 0];
  const named = property === undefined ? write.call.arguments[field ?? -1]?.getText() : `'${column ?? ''}'`;
  if (key === undefined || (template.includes('{field}') && named === undefined)) return undefined;
  // What names the row in one call need not in the other.
  if (write.row.store.by === 'filter' && template.includes('{key}') && !ts.isObjectLiteralExpression(bare(key)))
    return undefined;
  const filter = filterText(key, callee.expression, core);
  if (template.includes('{filter}') && filter === undefined) return undefined;
  const isNegated = minus && adds?.minus === undefined;
  return filled(asOptionalAs(callee, template), {
    receiver: callee.expression.getText(),
    key: key.getText(),
    filter: filter ?? '',
    field: named ?? '',
    column: column ?? '',
    by: isNegated ? negated(by) : by,
  });
}

/** The key as a filter object: where it is the plain `id` of a row, and the rows of the repository have one, `{ id: item.id }`. */
function filterText(key: ts.Expression, repository: ts.Expression, { checker }: Core): string | undefined {
  const parts = partsOf(checker.getTypeAtLocation(key), checker);
  if (parts.some(isAnyLike)) return undefined;
  if (parts.every((part) => !isPrimitive(part, checker) && !checker.isArrayType(part))) return key.getText();
  const row = rowOf(checker.getTypeAtLocation(repository), checker);
  if (!parts.every((part) => isPrimitive(part, checker)) || row?.getProperty('id') === undefined) return undefined;
  const node = bare(key);
  if (ts.isIdentifier(node) && node.text === 'id') return '{ id }';
  return ts.isPropertyAccessExpression(node) && node.name.text === 'id' ? `{ id: ${node.getText()} }` : undefined;
}

/** `Item` of `Repository<Item>`. */
function rowOf(repository: ts.Type, checker: ts.TypeChecker): ts.Type | undefined {
  const isReference =
    (repository.flags & ts.TypeFlags.Object) !== 0 &&
    ((repository as ts.ObjectType).objectFlags & ts.ObjectFlags.Reference) !== 0;
  return isReference ? checker.getTypeArguments(repository as ts.TypeReference)[0] : undefined;
}

function negated(by: string): string {
  return /^[\w.]+$/.test(by) ? `-${by}` : `-(${by})`;
}

/** `account?.update(…)` stays a call that is made only if there is an account. */
function asOptionalAs({ questionDotToken }: ts.PropertyAccessExpression, template: string): string {
  return questionDotToken === undefined ? template : template.replace('}.', '}?.');
}

function filled(template: string, holes: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => holes[name] ?? whole);
}

// ---------------------------------------------------------------- one column

/** `data: { stock: item.stock - 1 }` → `data: { stock: { decrement: 1 } }` */
function inColumn(update: RemoteUpdate, addition: Addition, core: Core): readonly StoreRepair[] {
  const { column, property, write } = update;
  const { adds } = write.row.store;
  const { by, minus } = addition;
  const template = minus ? (adds?.minus ?? adds?.column) : adds?.column;
  if (template === undefined || property === undefined || column === undefined || hasComment(property)) return [];
  if (!isColumn(addition.old, column)) return [];
  // A number that is part of a text must be written out.
  if (/['"][^'"]*\{by\}[^'"]*['"]/.test(template) && !/^\d+(?:\.\d+)?$/.test(by)) return [];
  const table = tableOf(update)?.getText();
  if (template.includes('{table}') && table === undefined) return [];
  const isNegated = minus && adds?.minus === undefined;
  const text = filled(template, { by: isNegated ? negated(by) : by, column, table: table ?? '' });
  const imported = importOf(property.getSourceFile(), adds?.imports);
  if (imported === undefined) return [];
  const rest = withoutHolders(addition, property, core);
  if (rest === undefined) return [];
  return [
    {
      title: 'add',
      automatic: rest.isWhole && !isUsedElsewhere(update, column),
      edits: [...imported, ...rest.edits, replace(property, `${property.name.getText()}: ${text}`)],
    },
  ];
}

/** Is the old value the column itself, with nothing in its place where it is missing? */
function isColumn(old: ts.Expression, column: string): boolean {
  const node = bare(old);
  return (
    (ts.isPropertyAccessExpression(node) && node.name.text === column) ||
    (ts.isIdentifier(node) && node.text === column)
  );
}

/** Takes the constants away that were there for the sum alone, and the name of the row where nobody else uses it. */
function withoutHolders(
  addition: Addition,
  property: ts.Node,
  core: Core,
): { readonly edits: readonly Edit[]; readonly isWhole: boolean } | undefined {
  const alone = addition.holders.filter((holder) => hasNoOtherUse(holder, addition, property, core));
  const isSum = ({ initializer }: Holder): boolean => initializer !== undefined && isInside(addition.old, initializer);
  const edits = alone.map((holder) => (isSum(holder) ? removalOf(holder) : unnamed(holder)));
  // A constant that nobody uses any more would be an error in many projects.
  if (edits.includes(undefined)) return undefined;
  const isWhole = addition.holders.every((holder) => !isSum(holder) || alone.includes(holder));
  return { edits: edits.filter((each) => each !== undefined), isWhole };
}

/** Does the function look at the column for another reason as well (a limit, an answer)? */
function isUsedElsewhere({ column, value, writeAt }: RemoteUpdate, name: string): boolean {
  let fn: ts.Node = writeAt;
  while (!ts.isFunctionLike(fn) && !ts.isSourceFile(fn)) fn = fn.parent;
  let isFound = false;
  const visit = (node: ts.Node): void => {
    if (node === value?.node) return;
    if (
      ts.isPropertyAccessExpression(node) &&
      node.name.text === (column ?? name) &&
      !isInsideAddition(node, value?.node)
    )
      isFound = true;
    if (isBindingElement(node) && (node.propertyName ?? node.name).getText() === name) isFound = true;
    ts.forEachChild(node, visit);
  };
  visit(fn);
  return isFound;
}

function isInsideAddition(node: ts.Node, value: ts.Node | undefined): boolean {
  if (value === undefined) return false;
  // The sum may stand in a constant of its own.
  const sum = node.parent;
  return (
    isInside(node, value) ||
    (ts.isBinaryExpression(sum) &&
      ts.isVariableDeclaration(sum.parent) &&
      ts.isIdentifier(value) &&
      sum.parent.name.getText() === value.text)
  );
}

/** The expression of the table of a chain: `orders` of `db.update(orders).set(…)`. */
function tableOf({ write }: RemoteUpdate): ts.Expression | undefined {
  const names = write.row.store.chain?.table ?? [];
  return chainOf(write.call).find((each) => names.includes(calledName(each) ?? ''))?.arguments[0];
}

/** What makes a name of a module known in the file: nothing if it is, `undefined` if that is not one edit. */
function importOf(
  file: ts.SourceFile,
  wanted: { readonly name: string; readonly from: string } | undefined,
): readonly Edit[] | undefined {
  if (wanted === undefined) return [];
  const declarations = file.statements.filter(ts.isImportDeclaration);
  for (const declaration of declarations) {
    if (!ts.isStringLiteral(declaration.moduleSpecifier) || declaration.moduleSpecifier.text !== wanted.from) continue;
    const named = declaration.importClause?.namedBindings;
    if (named === undefined || !ts.isNamedImports(named)) continue;
    if (named.elements.some(({ name }) => name.text === wanted.name)) return [];
    const last = named.elements.at(-1);
    return last === undefined ? undefined : [{ range: [last.getEnd(), last.getEnd()], text: `, ${wanted.name}` }];
  }
  const first = declarations[0];
  if (first === undefined || new RegExp(`\\b${wanted.name}\\b`).test(file.text)) return undefined;
  const quote = first.moduleSpecifier.getText().charAt(0);
  const text = `import { ${wanted.name} } from ${quote}${wanted.from}${quote};\n`;
  return [{ range: [first.getStart(), first.getStart()], text }];
}

// ---------------------------------------------------------------- an operator of the update

/** `{ $set: { used: code.used + 1 } }` → `{ $inc: { used: 1 } }` */
function byOperator(update: RemoteUpdate, addition: Addition, operator: string, core: Core): readonly StoreRepair[] {
  const { column, property } = update;
  if (property === undefined || column === undefined || !isColumn(addition.old, column)) return [];
  const object = property.parent;
  if (!ts.isObjectLiteralExpression(object) || hasComment(object)) return [];
  const by = addition.minus ? negated(addition.by) : addition.by;
  const added = `${operator}: { ${property.name.getText()}: ${by} }`;
  const outer = object.parent;
  const isUnderSet = ts.isPropertyAssignment(outer) && outer.name.getText().replaceAll(/['"]/g, '').startsWith('$');
  const whole = isUnderSet ? outer.parent : object;
  if (whole.properties.some(({ name }) => name?.getText().includes(operator) === true)) return [];
  const rest = withoutHolders(addition, property, core);
  if (rest === undefined) return [];
  const isAlone = object.properties.length === 1;
  const change: readonly Edit[] = isAlone
    ? [isUnderSet ? replace(outer, added) : replace(object, `{ ${added} }`)]
    : [
        removeElement(property, object.properties),
        isUnderSet
          ? { range: [outer.getStart(), outer.getStart()], text: `${added}, ` }
          : { range: [object.getStart() + 1, object.getStart() + 1], text: ` ${added},` },
      ];
  return [
    { title: 'add', automatic: rest.isWhole && !isUsedElsewhere(update, column), edits: [...rest.edits, ...change] },
  ];
}

// ---------------------------------------------------------------- a row that is saved

/** `order.paid += amount; await orders.save(order);` → `await orders.increment({ id: order.id }, 'paid', amount);` */
function insteadOfSave(update: RemoteUpdate, { by, minus }: Addition, core: Core): readonly StoreRepair[] {
  const { column, value, write } = update;
  const { call, row } = write;
  const { adds } = row.store;
  const callee = bare(call.expression);
  const saved = row.store.by === 'receiver' ? undefined : call.arguments[row.key ?? 0];
  const name = saved === undefined && ts.isPropertyAccessExpression(callee) ? bare(callee.expression) : saved;
  if (value === undefined || column === undefined || name === undefined || !ts.isIdentifier(bare(name))) return [];
  const symbol = symbolOf(bare(name), core);
  const change = statementOf(value.node);
  const template = minus ? (adds?.minus ?? adds?.call) : adds?.call;
  if (symbol === undefined || change === undefined || template === undefined || statementOf(call) === undefined)
    return [];
  // What else was assigned to the row would not be saved.
  if (writesOf(symbol, call, core).filter(({ is }) => is === 'part').length !== 1) return [];
  if (hasComment(change) || hasComment(call) || !ts.isPropertyAccessExpression(callee)) return [];
  if (/\{row\}\.id\b/.test(template) && core.checker.getTypeAtLocation(name).getProperty('id') === undefined) return [];
  const isNegated = minus && adds?.minus === undefined;
  const text = filled(asOptionalAs(callee, template), {
    receiver: callee.expression.getText(),
    row: name.getText(),
    column,
    by: isNegated ? negated(by) : by,
  });
  return [{ title: 'add', automatic: false, edits: [removeStatement(change), replace(call, text)] }];
}
