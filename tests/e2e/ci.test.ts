import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { annotationsOf } from '../support/annotations.ts';
import { eslint, eslintOutput } from '../support/eslint-command.ts';
import { installPlugin } from '../support/packed-plugin.ts';
import { type TemporaryProject, temporaryProject } from '../support/temporary-project.ts';

/** All but the update of `served` rest on another file. */
const REPORTS = [
  'src/refunds.ts:5 concurrency/require-lock-release',
  'src/server.ts:9 concurrency/require-background-catch',
  'src/server.ts:10 concurrency/require-background-catch',
  'src/server.ts:13 concurrency/no-nonatomic-update',
  'src/signals.ts:3 concurrency/require-shutdown-drain',
];

/** Those of them that `recommended` makes. */
const CERTAIN = REPORTS.filter((report) => !report.includes('require-lock-release'));

const AUDIT_THAT_MAY_REJECT = `
export async function audit(event: string): Promise<void> {
  const answer = await fetch('http://archive.internal/events', {
    method: 'POST',
    body: event,
    signal: AbortSignal.timeout(1_000),
  });
  if (!answer.ok) throw new Error('The archive refused the event.');
}
`;

const AUDIT_THAT_NEVER_REJECTS = `
export async function audit(event: string): Promise<void> {
  try {
    await fetch('http://archive.internal/events', {
      method: 'POST',
      body: event,
      signal: AbortSignal.timeout(1_000),
    });
  } catch (error) {
    console.error(event, error);
  }
}
`;

describe('in continuous integration', { timeout: 120_000 }, () => {
  let service: TemporaryProject;

  beforeAll(() => {
    service = temporaryProject('checkout');
    installPlugin(inject('packedPlugin'), service.folder);
    service.write({
      'eslint.config.js': `
import concurrency from 'eslint-plugin-concurrency';
export default concurrency.configs.strict;
`,
      'warnings.config.js': `
import concurrency from 'eslint-plugin-concurrency';
const { recommended } = concurrency.configs;
export default {
  ...recommended,
  rules: Object.fromEntries(Object.keys(recommended.rules).map((rule) => [rule, 'warn'])),
};
`,
      'broken.config.js': `
import concurrency from 'eslint-plugin-concurrency';
export default [concurrency.configs.recommended, { rules: { 'concurrency/no-such-rule': 'error' } }];
`,
      'tsconfig.json': JSON.stringify({
        compilerOptions: { target: 'ES2023', module: 'NodeNext', types: ['node'], strict: true, skipLibCheck: true },
        include: ['src'],
      }),
      'src/audit.ts': AUDIT_THAT_MAY_REJECT,
      'src/locks.ts': `
import { Mutex } from 'async-mutex';
export const stock = new Mutex();
export const accounts = new Mutex();
`,
      'src/purchases.ts': `
import { audit } from './audit.js';
import { accounts, stock } from './locks.js';
export async function buy(): Promise<void> {
  await stock.runExclusive(() => accounts.runExclusive(() => audit('bought')));
}
`,
      'src/refunds.ts': `
import { audit } from './audit.js';
import { accounts, stock } from './locks.js';
export async function refund(): Promise<void> {
  await accounts.runExclusive(() => stock.runExclusive(() => audit('refunded')));
}
`,
      'src/server.ts': `
import { createServer } from 'node:http';
import { audit } from './audit.js';
import { buy } from './purchases.js';
import { refund } from './refunds.js';

let served = 0;

export const server = createServer(async (request, response) => {
  void audit(request.url ?? '');
  if (request.method === 'DELETE') await refund();
  else await buy();
  served += await sizeOf(request);
  response.end(String(served));
});

async function sizeOf(chunks: AsyncIterable<Buffer>): Promise<number> {
  let size = 0;
  for await (const chunk of chunks) size += chunk.length;
  return size;
}
`,
      'src/signals.ts': `
process.once('SIGTERM', () => {
  process.exit();
});
`,
      'src/main.ts': `
import { server } from './server.js';
import './signals.js';
server.listen(3000);
`,
    });
  });

  afterAll(() => {
    service.remove();
  });

  test('SARIF says which rule, where, and where the rule is explained', () => {
    const { exitCode, output } = eslintOutput(service.folder, ['--format', '@microsoft/eslint-formatter-sarif', 'src']);
    const [run] = (JSON.parse(output) as Sarif).runs;
    const { driver } = run!.tool;

    expect(exitCode).toBe(1);
    expect(driver.version).toBe(ESLint.version);
    expect(
      run!.results.map(({ ruleId, locations: [place] }) => {
        const { artifactLocation, region } = place!.physicalLocation;
        return `${path.relative(service.folder, fileURLToPath(artifactLocation.uri))}:${region.startLine} ${ruleId}`;
      }),
    ).toEqual(REPORTS);
    expect(run!.results.map(({ ruleId, ruleIndex }) => driver.rules[ruleIndex]?.id === ruleId)).not.toContain(false);
    for (const { id, helpUri, shortDescription } of driver.rules) {
      expect(helpUri).toMatch(new RegExp(`^https://.+/docs/rules/${id.replace('concurrency/', '')}\\.md$`));
      expect(shortDescription.text).not.toBe('');
    }
  });

  test('the default output is what GitHub makes annotations of; warnings beyond `--max-warnings` end with 1', () => {
    const options = ['--config', 'warnings.config.js', '--max-warnings', '3', 'src'];
    const { exitCode, output, errors } = eslintOutput(service.folder, options);
    const annotations = annotationsOf(output);

    expect(annotations.map(({ file, line, rule }) => `${path.relative(service.folder, file)}:${line} ${rule}`)).toEqual(
      CERTAIN,
    );
    expect(annotations.at(-1)).toMatchObject({
      column: 3,
      severity: 'warning',
      message:
        'On SIGTERM the process exits here while what `server.listen` of line 4 of main.ts began still runs; requests in flight are cut off',
    });
    expect(errors).toContain('ESLint found too many warnings (maximum: 3)');
    expect(exitCode).toBe(1);
  });

  test('several threads report what one thread reports, word for word', () => {
    const [alone, together] = [['off'], ['2']].map(([threads = '']) =>
      eslintOutput(service.folder, ['--format', 'json', '--concurrency', threads, 'src']),
    );

    expect(JSON.parse(together!.output)).toEqual(JSON.parse(alone!.output));
    expect(alone!.output).toContain('concurrency/require-lock-release');
    expect(together!.exitCode).toBe(1);
  });

  test('`--cache` keeps the reports of a file although the file that they rest on has changed', () => {
    const cached = ['--config', 'warnings.config.js', '--cache', '--cache-strategy', 'content'];
    service.write({ 'src/audit.ts': AUDIT_THAT_NEVER_REJECTS });
    const harmless = CERTAIN.filter((report) => !report.includes('require-background-catch'));
    expect(linesOf(service.folder, ...cached)).toEqual(harmless);

    service.write({ 'src/audit.ts': AUDIT_THAT_MAY_REJECT });
    // Stale: the two calls may reject now, as the first test reports, and nobody is told.
    expect(linesOf(service.folder, ...cached)).toEqual(harmless);
  });

  test('warnings alone end with 0, a config that is wrong with 2', () => {
    const asWarnings = eslintOutput(service.folder, ['--config', 'warnings.config.js', 'src/signals.ts']);
    const broken = eslintOutput(service.folder, ['--config', 'broken.config.js', 'src/signals.ts']);

    expect(asWarnings.output).toContain('1 warning');
    expect(asWarnings.exitCode).toBe(0);
    expect(broken.errors).toContain('no-such-rule');
    expect(broken.exitCode).toBe(2);
  });
});

/** As much of a SARIF log as is looked at. */
interface Sarif {
  readonly runs: readonly {
    readonly tool: {
      readonly driver: {
        readonly version: string;
        readonly rules: readonly { id: string; helpUri: string; shortDescription: { text: string } }[];
      };
    };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly locations: readonly {
        readonly physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number } };
      }[];
    }[];
  }[];
}

function linesOf(folder: string, ...options: readonly string[]): string[] {
  return eslint(folder, ...options, 'src').reports.map(({ file, line, rule }) => `${file}:${line} ${rule}`);
}
