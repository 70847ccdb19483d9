import * as ts from 'typescript';
import type { TSESTree } from '@typescript-eslint/utils';
import { isOneOff, type PerCallClient, perCallClientAt } from '../analysis/index.ts';
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
  create({ core, options, report, sourceFile, tsOf }) {
    const names = new Set([...core.api.namesWith('creates').keys(), ...core.api.namesWith('creates-limiter').keys()]);
    const renamed = new Set<string>();
    let isSilent: boolean | undefined;

    function look(node: TSESTree.CallExpression | TSESTree.NewExpression): void {
      if (!mayBuild(node)) return;
      isSilent ??= isOneOff(sourceFile, core);
      if (isSilent) return;
      const call = tsOf(node);
      if (!ts.isCallExpression(call) && !ts.isNewExpression(call)) return;
      const answer = perCallClientAt(call, core);
      if (
        answer.is === 'yes' ||
        (answer.is === 'unknown' && options.certainty === 'likely' && answer.witness !== undefined)
      )
        tell(answer.witness as PerCallClient, answer.is === 'yes');
    }

    /** Imports rename what they take, classes inherit from it: what is built by `new` is looked at under any name. */
    function mayBuild({ callee, type }: TSESTree.CallExpression | TSESTree.NewExpression): boolean {
      if (callee.type === 'Identifier') {
        return type === 'NewExpression' || names.has(callee.name) || renamed.has(callee.name);
      }
      if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return false;
      return names.has(callee.property.name) || callee.property.name === 'default';
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
      ImportDeclaration({ specifiers }) {
        for (const { type, local } of specifiers) if (type !== 'ImportNamespaceSpecifier') renamed.add(local.name);
      },
      TSImportEqualsDeclaration({ id }) {
        renamed.add(id.name);
      },
      CallExpression: look,
      NewExpression: look,
    };
  },
});

function whenOf({ fn }: PerCallClient): string {
  const name = functionName(fn);
  return name === 'callback' ? 'each run of this callback' : `each call of \`${name}\``;
}
