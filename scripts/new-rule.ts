/** `npm run new-rule <name> [family]`: a rule, its test and its page, from templates that work; then regenerates the rest. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const FAMILIES = ['pools', 'request-context', 'shared-state', 'shutdown', 'waits'];

const root = fileURLToPath(new URL('..', import.meta.url));
const [name = '', family = 'shared-state'] = process.argv.slice(2);
const problem = problemWith(name, family);
if (problem === undefined) {
  write(`src/rules/${name}.ts`, ruleText());
  write(`tests/rules/${name}.test.ts`, testText());
  write(`docs/rules/${name}.md`, pageText());
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/generate.ts'], {
    cwd: root,
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
} else {
  console.error(problem);
  process.exitCode = 1;
}

function problemWith(ruleName: string, ruleFamily: string): string | undefined {
  if (!/^[a-z]+(-[a-z]+)+$/.test(ruleName)) {
    return 'Usage: npm run new-rule <name> [family], with a name in small letters and hyphens, such as `no-late-await`.';
  }
  if (!FAMILIES.includes(ruleFamily)) return `There is no family '${ruleFamily}'; there are ${FAMILIES.join(', ')}.`;
  if (existsSync(path.join(root, 'src', 'rules', `${ruleName}.ts`))) return `There is a rule '${ruleName}' already.`;
  return undefined;
}

function write(file: string, text: string): void {
  const target = path.join(root, file);
  mkdirSync(path.dirname(target), { recursive: true });
  if (existsSync(target)) {
    console.log(`Kept    ${file}`);
    return;
  }
  writeFileSync(target, text);
  console.log(`Written ${file}`);
}

function ruleText(): string {
  return `import { defineRule } from '../rule.ts';

export default defineRule({
  name: '${name}',
  family: '${family}',
  summary: 'Disallow calls of a function that is there to be replaced',
  preset: 'all',
  fixes: false,
  messages: {
    found: '\`{{name}}\` is called here, on line {{line}}; say in two clauses what happens then, and to whom.',
  },
  options: {},
  create({ tsOf, lineOf, report }) {
    return {
      // Cheap first: syntax, then symbol, type, flow.
      CallExpression(node) {
        if (node.callee.type !== 'Identifier' || node.callee.name !== 'replaceMe') return;
        report({ at: node, messageId: 'found', data: { name: node.callee.name, line: lineOf(tsOf(node)) } });
      },
    };
  },
});
`;
}

function testText(): string {
  return `import rule from '../../src/rules/${name}.ts';
import { ruleTests } from '../support/tester.ts';

ruleTests(rule, ({ reports, stays }) => {
  reports('a call of the function that is there to be replaced', {
    code: \`
      declare function replaceMe(): void;
      export function settleOrders() {
        replaceMe();
      }
    \`,
    errors: [{ messageId: 'found', on: 'replaceMe()', line: 4, data: { name: 'replaceMe', line: 4 } }],
  });

  stays('silent when another function is called', {
    code: \`
      declare function settle(): void;
      export function settleOrders() {
        settle();
      }
    \`,
  });
});
`;
}

function pageText(): string {
  return `<!-- end auto-generated rule header -->

What the rule reports, in one paragraph.

## Why it breaks under load

What happens when two requests meet, in one paragraph and one interleaving.

| request A | request B         | \`served\` |
| --------- | ----------------- | -------: |
| reads 7   |                   |        7 |
| waits     | reads 7, writes 8 |        8 |
| writes 8  |                   |        8 |

## Examples

### Incorrect

\`\`\`ts
declare function replaceMe(): void;
export function settleOrders() {
  replaceMe();
}
\`\`\`

### Correct

\`\`\`ts
declare function settle(): void;
export function settleOrders() {
  settle();
}
\`\`\`

## What it does not see

- What is out of its sight on purpose.

## Options

This rule has no options.

## When not to use it

When nothing of this kind can happen in your program.

## Related

- [The family](../families/${family}.md)
`;
}
