import { pathToFileURL } from 'node:url';
import { describe, test } from 'vitest';
import { rules as pluginRules } from '../../src/rules/index.ts';
import type { Bench, ReportedCase, SilentCase, Source } from './cases.ts';
import type { AnyRule, Rules } from './lint.ts';
import { faultsOfReported, faultsOfSilent } from './verdict.ts';

export type { ReportedCase, SilentCase } from './cases.ts';

/** The two kinds of cases. */
export interface Cases {
  /** `reports('a counter written from a value read before the await', { code, errors, output })` */
  reports(title: string, reported: ReportedCase): void;
  /** `stays('silent when the value is read after the await', { code })` */
  stays(title: string, silent: SilentCase): void;
}

/** A case as it stands in the test of a rule. */
export interface WrittenCase {
  readonly rule: string;
  readonly title: string;
  readonly source: Source;
}

/** Where cases go that are to be had, not to be run. */
let collected: WrittenCase[] | undefined;

/** The cases that a test file of a rule has, in its order. For programs that are no run of the tests. */
export async function casesIn(file: string): Promise<readonly WrittenCase[]> {
  const cases: WrittenCase[] = [];
  collected = cases;
  try {
    await import(pathToFileURL(file).href);
  } finally {
    collected = undefined;
  }
  return cases;
}

/** A rule that knows its name, as `defineRule` makes them. */
export interface NamedRule {
  readonly name: string;
}

/**
 * Tests of one rule with real types. Each case is one test.
 *
 * Every reported case must name message, data, position, the text after `--fix` and every suggestion. Every text that a fix or a
 * suggestion writes is parsed, type-checked (also for unused names), linted again with all rules of the plugin turned up, fixed
 * again; its comments are counted, and it must not merely silence. Every case must type-check as it stands. What is repaired is not
 * reported by another rule of the family as well.
 */
export function ruleTests(rule: NamedRule, define: (cases: Cases) => void): void {
  if (collected !== undefined) {
    const into = collected;
    const collect = (title: string, source: Source): void => {
      into.push({ rule: rule.name, title, source });
    };
    define({ reports: collect, stays: collect });
    return;
  }
  const bench: Bench = {
    name: rule.name,
    rules: { ...(pluginRules as unknown as Rules), [rule.name]: rule as unknown as AnyRule },
  };
  const titles = new Map<string, string>();
  const register = (
    kind: string,
    title: string,
    source: Source,
    faultsOf: () => string[],
    from: (...args: never[]) => void,
  ): void => {
    const site = new Error();
    Error.captureStackTrace(site, from);
    const twin = twinOf(source, title, titles);
    test(`${kind} ${title}`, () => {
      const faults = twin === undefined ? faultsOf() : [`is the same case as '${twin}'`];
      if (faults.length === 0) return;
      site.message = `\n${faults.join('\n\n')}\n`;
      // The stack points to the case, not to the tester.
      site.stack = `Error: ${site.message}\n${(site.stack ?? '').split('\n').slice(1).join('\n')}`;
      throw site;
    });
  };
  describe(rule.name, () => {
    const cases: Cases = {
      reports: (title, reported) => {
        register('reports', title, reported, () => faultsOfReported(bench, reported), cases.reports);
      },
      stays: (title, silent) => {
        register('stays', title, silent, () => faultsOfSilent(bench, silent), cases.stays);
      },
    };
    define(cases);
  });
}

/** The title under which the same code was given before with the same options, files and settings. */
export function twinOf(source: Source, title: string, titles: Map<string, string>): string | undefined {
  const { code, filename, files, options, settings, compilerOptions } = source;
  const key = JSON.stringify([code.trim(), filename, files, options, settings, compilerOptions]);
  const twin = titles.get(key);
  titles.set(key, title);
  return twin;
}
