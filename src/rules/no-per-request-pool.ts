import ts from 'typescript';
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
    pool: '`{{name}}` is built at {{when}} and never ended; each time more connections stay open.',
    limiter: '`{{name}}` is built at {{when}} and runs one task; no two calls share it, so it limits nothing.',
    hoist: 'Build it once, at module level.',
    lazy: 'Build it once, at the first call (`{{getter}}`).',
  },
  options: { certainty },
  create({ core, options, report, sourceFile, tsOf }) {
    const names = new Set([...core.api.namesWith('creates').keys(), ...core.api.namesWith('creates-limiter').keys()]);
    let isSilent: boolean | undefined;

    function look(node: TSESTree.CallExpression | TSESTree.NewExpression): void {
      if (!mayBuild(node.callee)) return;
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

    /** Imports may rename what they take: a name that is not declared by an import of that name is looked at too. */
    function mayBuild(callee: TSESTree.Node): boolean {
      if (callee.type === 'MemberExpression')
        return callee.property.type === 'Identifier' && names.has(callee.property.name);
      return callee.type === 'Identifier';
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

    return { CallExpression: look, NewExpression: look };
  },
});

function whenOf({ fn }: PerCallClient): string {
  const name = functionName(fn);
  return name === 'callback' ? 'each run of this callback' : `each call of \`${name}\``;
}
