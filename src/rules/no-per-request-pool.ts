import * as ts from 'typescript';
import { bare, fileNodes, isOneOff, type PerCallClient, perCallClientAt } from '../analysis/index.ts';
import { functionName, quoted } from '../report/wording.ts';
import { certainty, defineRule } from '../rule.ts';
import { hoist, nameOfClient, shareLazily } from './no-per-request-pool/repairs.ts';

export default defineRule({
  name: 'no-per-request-pool',
  family: 'pools',
  summary: 'Disallow building a pool, client, agent or limiter anew for every request',
  preset: 'recommended',
  fixes: true,
  messages: {
    pool: '`{{name}}` is built at {{when}} and never ended; each time what it opened stays open.',
    limiter: '`{{name}}` is built at {{when}} and runs one task; no two calls share it, so it limits nothing.',
    hoist: 'Build it once, at module level.',
    lazy: 'Build it once, at the first call (`{{getter}}`).',
  },
  options: { certainty },
  create({ ask, core, options, report, sourceFile }) {
    let isSilent: boolean | undefined;

    /** Imports rename what they take, classes inherit from it: what is built by `new` is looked at under any name. */
    function mayBuild(call: ts.CallExpression | ts.NewExpression, isKnown: boolean, isImported: boolean): boolean {
      return ts.isIdentifier(bare(call.expression)) ? ts.isNewExpression(call) || isKnown || isImported : isKnown;
    }

    function look(call: ts.CallExpression | ts.NewExpression): void {
      isSilent ??= isOneOff(sourceFile, core);
      if (isSilent) return;
      const answer = perCallClientAt(call, core);
      if (
        answer.is === 'yes' ||
        (answer.is === 'unknown' && options.certainty === 'likely' && answer.witness !== undefined)
      )
        tell(answer.witness as PerCallClient, answer.is === 'yes');
    }

    function tell(found: PerCallClient, isCertain: boolean): void {
      const name = nameOfClient(found) ?? quoted(found.call.expression);
      const repairs = [hoist(found, isCertain, core), shareLazily(found, core)].flatMap((repair) => repair ?? []);
      report({
        at: found.call,
        messageId: found.kind === 'limiter' ? 'limiter' : 'pool',
        data: { name, when: whenOf(found) },
        repairs,
      });
    }

    return {
      Program() {
        const builders = [core.api.namesWith('creates'), core.api.namesWith('creates-limiter')];
        const imported = namesImportedBy(sourceFile);
        for (const [name, calls] of ask(fileNodes, sourceFile).callsByName) {
          const isKnown = name === 'default' || builders.some((names) => names.has(name));
          for (const call of calls) if (mayBuild(call, isKnown, imported.has(name))) look(call);
        }
      },
    };
  },
});

/** The local names of what a file imports, whole modules left out. */
function namesImportedBy({ statements }: ts.SourceFile): ReadonlySet<string> {
  const found = new Set<string>();
  for (const statement of statements) {
    if (ts.isImportEqualsDeclaration(statement)) found.add(statement.name.text);
    if (!ts.isImportDeclaration(statement)) continue;
    const { name, namedBindings } = statement.importClause ?? {};
    if (name !== undefined) found.add(name.text);
    if (namedBindings !== undefined && ts.isNamedImports(namedBindings))
      for (const element of namedBindings.elements) found.add(element.name.text);
  }
  return found;
}

function whenOf({ fn }: PerCallClient): string {
  const name = functionName(fn);
  return name === 'callback' ? 'each run of this callback' : `each call of \`${name}\``;
}
