import { cpSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { eslint } from '../support/eslint-command.ts';
import { installPlugin } from '../support/packed-plugin.ts';
import { REPOSITORY } from '../support/program.ts';
import { type TemporaryProject, temporaryProject, typeErrorsIn } from '../support/temporary-project.ts';

describe('the example service', { timeout: 120_000 }, () => {
  let service: TemporaryProject;

  beforeAll(() => {
    service = temporaryProject('order-service');
    for (const entry of ['src', 'package.json', 'tsconfig.json', 'eslint.config.js']) {
      cpSync(path.join(REPOSITORY, 'examples', 'service', entry), path.join(service.folder, entry), {
        recursive: true,
      });
    }
    installPlugin(inject('packedPlugin'), service.folder);
  });

  afterAll(() => {
    service.remove();
  });

  test('is reported where it loses updates or lets work go unheard, and nowhere else', () => {
    const { exitCode, reports } = eslint(service.folder, 'src');

    expect(reports.map(({ file, rule, line }) => `${file} ${rule} ${lineOf(file, line)}`)).toEqual([
      'src/billing.ts concurrency/no-nonatomic-update this.#collected += await this.#draw(order);',
      'src/main.ts concurrency/require-shutdown-drain process.exit();',
      'src/metrics.ts concurrency/no-nonatomic-update centsPlaced += order.cents - (await discountOf(order));',
      'src/metrics.ts concurrency/no-nonatomic-update ordersPlaced = before + 1;',
      'src/replay.ts concurrency/prefer-atomics cells[REQUESTS] += 1;',
      'src/report.ts concurrency/no-nonatomic-update cents += await turnoverOf(customer);',
      'src/sessions.ts concurrency/no-nonatomic-update spentBy.set(customer, (spentBy.get(customer) ?? 0) + (await openAmountOf(customer)));',
      'src/shipping.ts concurrency/no-unawaited-guard assertNotShipped(order);',
      "src/shipping.ts concurrency/require-background-catch void audit('shipped', order.id);",
      'src/shipping.ts concurrency/no-floating-request-context setImmediate(async () => {',
      'src/shipping.ts concurrency/require-background-catch setImmediate(async () => {',
      'src/traffic.ts concurrency/prefer-atomics cells[REQUESTS]++;',
    ]);
    expect(exitCode).toBe(1);
  });

  test('is repaired by one line of config: it compiles, nothing is reported, a second run changes nothing', () => {
    const before = sources();
    const { exitCode, reports } = eslint(service.folder, '--fix', 'src');
    const repaired = sources();
    expect(reports).toEqual([]);
    expect(exitCode).toBe(0);
    expect(Object.keys(repaired).filter((file) => repaired[file] !== before[file])).toEqual([
      'billing.ts',
      'main.ts',
      'metrics.ts',
      'replay.ts',
      'report.ts',
      'sessions.ts',
      'shipping.ts',
      'traffic.ts',
    ]);
    expect(typeErrorsIn(service.folder)).toEqual([]);

    eslint(service.folder, '--fix', 'src');
    expect(sources()).toEqual(repaired);
  });

  function sources(): Record<string, string> {
    const folder = path.join(service.folder, 'src');
    return Object.fromEntries(readdirSync(folder).map((file) => [file, readFileSync(path.join(folder, file), 'utf8')]));
  }

  function lineOf(file: string, line: number): string {
    return (
      readFileSync(path.join(service.folder, file), 'utf8')
        .split('\n')
        .at(line - 1)
        ?.trim() ?? ''
    );
  }
});
