/** Lints the example service with the built plugin: its reports, a count by rule, and the diff that `--fix` would write. */
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTwoFilesPatch } from 'diff';
import { ESLint } from 'eslint';

const root = fileURLToPath(new URL('..', import.meta.url));
const service = path.join(root, 'examples', 'service');

installPlugin();
process.exitCode = await showExample();

/** The example has the plugin as anybody has it: in its `node_modules`. */
function installPlugin(): void {
  const installed = path.join(service, 'node_modules', 'eslint-plugin-concurrency');
  if (existsSync(installed)) return;
  mkdirSync(path.dirname(installed), { recursive: true });
  symlinkSync(root, installed, 'junction');
}

async function showExample(): Promise<number> {
  const found = await new ESLint({ cwd: service }).lintFiles(['src']);
  const repaired = await new ESLint({ cwd: service, fix: true }).lintFiles(['src']);

  const formatter = await new ESLint({ cwd: service }).loadFormatter('stylish');
  console.log(await formatter.format(found));

  const messages = found.flatMap((result) => result.messages);
  const byRule = new Map<string, number>();
  for (const { ruleId } of messages) byRule.set(ruleId ?? 'error', (byRule.get(ruleId ?? 'error') ?? 0) + 1);
  console.log('Reports by rule:');
  for (const [rule, count] of [...byRule].sort()) console.log(`${String(count).padStart(5)}  ${rule}`);

  console.log('\n`eslint --fix` would write:\n');
  for (const { filePath, output } of repaired) {
    if (output === undefined) continue;
    const name = path.relative(service, filePath);
    console.log(
      createTwoFilesPatch(`a/${name}`, `b/${name}`, readFileSync(filePath, 'utf8'), output, '', '', { context: 2 }),
    );
  }
  const left = repaired.reduce((sum, result) => sum + result.messages.length, 0);
  console.log(
    `${String(messages.length)} reports, ${String(messages.length - left)} repaired by --fix, ${String(left)} left.`,
  );

  return messages.length > 0 && messages.every((message) => message.fatal !== true) ? 0 : 1;
}
