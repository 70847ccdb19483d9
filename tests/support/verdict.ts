import type { Bench, ExpectedError, ReportedCase, SilentCase, Source } from './cases.ts';
import { fixOnce, lint, replaced, type Report } from './lint.ts';
import { diagnosticKeys, frameOf, silencersIn, uncounted } from './output.ts';
import { programOf, type VirtualProgram } from './program.ts';

/** A case on its way through the checks: the project with one text of the linted file. */
interface Version {
  readonly code: string;
  readonly virtual: VirtualProgram;
  /** Reports of the rule under test, with the options of the case. */
  readonly own: readonly Report[];
  /** Reports of all rules with everything turned on. Linted when asked. */
  readonly all: () => readonly Report[];
}

/** More passes than ESLint makes. */
const MOST_PASSES = 10;

/** Why a case that must stay silent is not in order: one text for each fault. */
export function faultsOfSilent(bench: Bench, silent: SilentCase): string[] {
  const version = versionOf(bench, silent, silent.code);
  return [
    ...faultsOfInput(silent, version),
    ...version.own.map((report) => `should stay silent, but reports\n${frameOf(silent.code, report)}`),
  ];
}

/** Why a case that must be reported is not in order: one text for each fault. */
export function faultsOfReported(bench: Bench, reported: ReportedCase): string[] {
  const version = versionOf(bench, reported, reported.code);
  const { errors } = reported;
  const faults = faultsOfInput(reported, version);
  if (errors.length === 0) faults.push('has no `errors`; a case without reports is a `stays`');
  if (errors.length !== version.own.length) {
    const frames = version.own.map((report) => frameOf(reported.code, report)).join('\n\n');
    faults.push(
      `expects ${count(errors.length, 'report')}, got ${String(version.own.length)}${frames === '' ? '' : `\n${frames}`}`,
    );
    return faults;
  }
  errors.forEach((expected, at) => {
    const actual = version.own[at];
    if (actual === undefined) return;
    faults.push(
      ...faultsOfReport(bench, reported, expected, actual).map((fault) => `report ${String(at + 1)}: ${fault}`),
    );
    faults.push(
      ...faultsOfSuggestions(bench, reported, expected, actual, version).map(
        (fault) => `report ${String(at + 1)}: ${fault}`,
      ),
    );
  });
  faults.push(...faultsOfFix(bench, reported, version), ...faultsOfFamily(bench, version));
  return faults;
}

/**
 * Families of which each rule tells another fault of the same thing, so that two reports at one place are one too many. Elsewhere a
 * place may have two faults with two cures: a task that keeps the request and that nobody catches, a drain in the wrong order that
 * nothing bounds.
 */
const ONE_REPORT_EACH: ReadonlySet<string> = new Set(['pools', 'shared-state']);

/**
 * Reports of another rule of such a family on what the rule under test reports: one fault is told once. Looked for where a repair has
 * had the input linted with all rules anyway.
 */
function faultsOfFamily(bench: Bench, { all, code, own }: Version): string[] {
  const family = familyOf(bench, bench.name);
  const isRepaired = own.some(({ fix, suggestions }) => fix !== undefined || suggestions.length > 0);
  if (family === undefined || !ONE_REPORT_EACH.has(family) || !isRepaired) return [];
  return all()
    .filter(({ rule }) => rule !== bench.name && familyOf(bench, rule) === family)
    .filter((other) => own.some(({ start, end }) => other.start < end && start < other.end))
    .map((other) => `${other.rule} of the same family reports this as well\n${frameOf(code, other)}`);
}

function familyOf({ rules }: Bench, rule: string): string | undefined {
  return (rules[rule]?.meta.docs as { family?: string } | undefined)?.family;
}

/** Why an incorrect example of a page is not in order: it must be reported, and what is written for it must be sound. */
export function faultsOfIncorrect(bench: Bench, example: Source): string[] {
  const version = versionOf(bench, example, example.code);
  if (version.own.length === 0) return [...faultsOfInput(example, version), 'should be reported, but stays silent'];
  const faults = faultsOfInput(example, version);
  const outputs = [fixOnce(version.code, version.own)]
    .filter(({ fixed }) => fixed.length > 0)
    .map(({ output, fixed }) => ({ output, repaired: fixed }));
  for (const report of version.own) {
    outputs.push(...report.suggestions.map(({ fix }) => ({ output: replaced(version.code, fix), repaired: [report] })));
  }
  for (const { output, repaired } of outputs) {
    const after = judged(() => versionOf(bench, example, output), 'is turned into code that cannot be linted', faults);
    if (after !== undefined)
      faults.push(...faultsOfStep(bench, version, after, repaired).map((fault) => `a fix or suggestion ${fault}`));
  }
  return faults;
}

function versionOf(bench: Bench, source: Source, code: string): Version {
  const filename = filenameOf(source);
  const virtual = programOf({ ...source.files, [filename]: code }, source.compilerOptions);
  const settings = source.settings === undefined ? {} : { settings: source.settings };
  const own = (name: string): readonly unknown[] =>
    name === bench.name && source.options !== undefined ? [source.options] : [];
  let everything: readonly Report[] | undefined;
  return {
    code,
    virtual,
    own: lint(virtual, filename, code, { rules: bench.rules, run: { [bench.name]: own(bench.name) }, ...settings }),
    all: () =>
      (everything ??= lint(virtual, filename, code, {
        rules: bench.rules,
        run: Object.fromEntries(Object.keys(bench.rules).map((name) => [name, everythingOn(bench, name, source)])),
        ...settings,
      })),
  };
}

/** The options that make a rule report all it can; what the case says goes first. */
function everythingOn({ name, rules }: Bench, rule: string, source: Source): readonly unknown[] {
  const docs = rules[rule]?.meta.docs as { hasTiers?: boolean } | undefined;
  const options = {
    ...(docs?.hasTiers === true ? { certainty: 'likely' } : {}),
    ...(rule === name ? source.options : {}),
  };
  return Object.keys(options).length === 0 ? [] : [options];
}

function filenameOf(source: Source): string {
  return source.filename ?? 'service.ts';
}

function faultsOfInput(source: Source, { virtual }: Version): string[] {
  const errors = diagnosticKeys(virtual, { unused: false });
  if (source.typeErrors === true) return errors.length === 0 ? ['says `typeErrors`, but type-checks'] : [];
  return errors.map((error) => `the code does not type-check: ${error}`);
}

function faultsOfReport({ name, rules }: Bench, { code }: Source, expected: ExpectedError, actual: Report): string[] {
  const faults: string[] = [];
  const frame = `\n${frameOf(code, actual)}`;
  const templates = rules[name]?.meta.messages ?? {};
  if (actual.messageId !== expected.messageId) {
    faults.push(`expects messageId '${expected.messageId}', got '${String(actual.messageId)}'${frame}`);
  }
  faults.push(...faultsOfText('the message', actual.message));
  if (!/[.]$/.test(actual.message)) faults.push(`the message does not end with a full stop: ${actual.message}`);
  if (expected.message !== undefined && expected.message !== actual.message) {
    faults.push(`expects the message\n  ${expected.message}\ngot\n  ${actual.message}`);
  }
  const template = templates[expected.messageId];
  if (template !== undefined && actual.messageId === expected.messageId) {
    const missing = placeholdersOf(template).filter((key) => expected.data?.[key] === undefined);
    if (missing.length > 0 && expected.message === undefined) {
      faults.push(
        `gives no data for ${missing.map((key) => `'${key}'`).join(', ')}; the message is\n  ${actual.message}`,
      );
    } else if (expected.data !== undefined && rendered(template, expected.data) !== actual.message) {
      faults.push(`expects the message\n  ${rendered(template, expected.data)}\ngot\n  ${actual.message}`);
    }
  }
  faults.push(...faultsOfPosition(code, expected, actual).map((fault) => fault + frame));
  return faults;
}

function faultsOfPosition(code: string, { on, line, column }: ExpectedError, actual: Report): string[] {
  const faults: string[] = [];
  if (on === undefined && (line === undefined || column === undefined))
    faults.push('says neither `on` nor `line` and `column`');
  if (on !== undefined) {
    const text = code.slice(actual.start, actual.end);
    const isSame = on.endsWith('…') ? text.startsWith(on.slice(0, -1)) : text === on;
    const start = on.replace(/…$/, '');
    if (!isSame) faults.push(`expects to stand on\n  ${on}\nbut stands on\n  ${text}`);
    else if (line === undefined && code.indexOf(start) !== code.lastIndexOf(start))
      faults.push('needs `line`: the code has the text of `on` more than once');
  }
  if (line !== undefined && line !== actual.line)
    faults.push(`expects line ${String(line)}, got line ${String(actual.line)}`);
  if (column !== undefined && column !== actual.column)
    faults.push(`expects column ${String(column)}, got column ${String(actual.column)}`);
  return faults;
}

function faultsOfSuggestions(
  bench: Bench,
  source: ReportedCase,
  expected: ExpectedError,
  actual: Report,
  before: Version,
): string[] {
  const wanted = expected.suggestions ?? [];
  const faults: string[] = [];
  if (wanted.length !== actual.suggestions.length) {
    const list = actual.suggestions
      .map(({ messageId, title, fix }) => `\n  ${String(messageId)}: ${title}\n${indented(replaced(source.code, fix))}`)
      .join('');
    faults.push(`lists ${count(wanted.length, 'suggestion')}, got ${String(actual.suggestions.length)}:${list}`);
  }
  actual.suggestions.forEach((suggestion, at) => {
    const label = `suggestion ${String(at + 1)}`;
    const want = wanted[at];
    const output = replaced(source.code, suggestion.fix);
    faults.push(...faultsOfText(`the title of ${label}`, suggestion.title));
    if (want !== undefined) {
      if (want.messageId === undefined && want.title === undefined)
        faults.push(`${label} has neither \`messageId\` nor \`title\``);
      if (want.messageId !== undefined && want.messageId !== suggestion.messageId) {
        faults.push(`${label} is '${String(suggestion.messageId)}', not '${want.messageId}'`);
      }
      const template =
        want.messageId === undefined ? undefined : bench.rules[bench.name]?.meta.messages[want.messageId];
      const title =
        want.title ?? (template === undefined || want.data === undefined ? undefined : rendered(template, want.data));
      if (title !== undefined && title !== suggestion.title)
        faults.push(`${label} expects the title\n  ${title}\ngot\n  ${suggestion.title}`);
      if (want.output !== output)
        faults.push(`${label} gives another text than expected:\n${changes(want.output, output)}`);
    }
    const after = judged(() => versionOf(bench, source, output), `${label} gives code that cannot be linted`, faults);
    if (after !== undefined)
      faults.push(...faultsOfStep(bench, before, after, [actual]).map((fault) => `${label} ${fault}`));
  });
  return faults;
}

function faultsOfFix(bench: Bench, source: ReportedCase, input: Version): string[] {
  const faults: string[] = [];
  const wanted = source.output == null ? [] : typeof source.output === 'string' ? [source.output] : source.output;
  if (source.output !== null && source.output !== undefined && wanted.length === 0)
    faults.push('`output` is an empty list');
  let before = input;
  let heldBack: readonly Report[] = [];
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const step = fixOnce(before.code, before.own);
    const isFirst = pass === 0;
    if (step.fixed.length === 0) {
      if (wanted.length > pass)
        faults.push(`expects ${isFirst ? 'a fix' : `a change by pass ${String(pass + 1)}`}, but nothing is fixed`);
      return faults;
    }
    if (!isFirst && heldBack.length === 0) {
      faults.push(
        `the fix does not settle: pass ${String(pass + 1)} changes the text again:\n${changes(before.code, step.output)}`,
      );
      return faults;
    }
    if (step.output === before.code) {
      faults.push(`pass ${String(pass + 1)} fixes a report without changing the text`);
      return faults;
    }
    const want = wanted[pass];
    if (want === undefined)
      faults.push(`pass ${String(pass + 1)} of --fix writes what \`output\` does not list:\n${indented(step.output)}`);
    else if (want !== step.output)
      faults.push(`pass ${String(pass + 1)} of --fix gives another text than expected:\n${changes(want, step.output)}`);
    const after = judged(
      () => versionOf(bench, source, step.output),
      'the fix gives code that cannot be linted',
      faults,
    );
    if (after === undefined) return faults;
    faults.push(...faultsOfStep(bench, before, after, step.fixed).map((fault) => `the fix ${fault}`));
    heldBack = step.heldBack;
    before = after;
  }
  faults.push(`the fix does not settle after ${String(MOST_PASSES)} passes`);
  return faults;
}

/** What one change, by a fix or a suggestion, must not do. */
function faultsOfStep(bench: Bench, before: Version, after: Version, repaired: readonly Report[]): string[] {
  const faults: string[] = [];
  const oldErrors = diagnosticKeys(before.virtual, { unused: true });
  for (const error of uncounted(diagnosticKeys(after.virtual, { unused: true }), oldErrors)) {
    faults.push(`gives code that does not type-check: ${error}\n${indented(after.code)}`);
  }
  const [old, now] = [silencersIn(before.virtual, before.code), silencersIn(after.virtual, after.code)];
  for (const comment of uncounted(old.comments, now.comments)) faults.push(`loses the comment ${comment}`);
  for (const silencer of uncounted(now.silencers, old.silencers)) faults.push(`only silences: it adds ${silencer}`);

  // What is repaired is gone, and nothing new is reported in its place.
  const allowed = before.all().map(keyOf);
  for (const report of repaired) {
    const at = allowed.indexOf(keyOf(report));
    if (at !== -1) allowed.splice(at, 1);
  }
  for (const key of uncounted(after.all().map(keyOf), allowed)) {
    const isOwn = repaired.some((report) => keyOf(report) === key);
    const report = after.all().findLast((candidate) => keyOf(candidate) === key);
    const frame = report === undefined ? '' : `\n${frameOf(after.code, report)}`;
    faults.push(
      `${isOwn ? 'leaves its own report standing' : `makes a new report of ${bench.name === report?.rule ? 'the rule' : key}`}${frame}`,
    );
  }
  return faults;
}

function keyOf(report: Report): string {
  return `${report.rule} (${report.messageId ?? report.message})`;
}

function judged<Value>(make: () => Value, what: string, faults: string[]): Value | undefined {
  try {
    return make();
  } catch (error) {
    faults.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function faultsOfText(what: string, text: string): string[] {
  if (text.includes('{{')) return [`${what} has a placeholder without data: ${text}`];
  if (text.includes('[object ')) return [`${what} has an object in it: ${text}`];
  return [];
}

function placeholdersOf(template: string): string[] {
  return [...template.matchAll(/\{\{\s*([^{}]+?)\s*\}\}/g)].map((match) => match[1] ?? '');
}

function rendered(template: string, data: Readonly<Record<string, number | string>>): string {
  return template.replace(/\{\{\s*([^{}]+?)\s*\}\}/g, (whole, key: string) =>
    key in data ? String(data[key]) : whole,
  );
}

function count(amount: number, noun: string): string {
  return `${String(amount)} ${noun}${amount === 1 ? '' : 's'}`;
}

function indented(text: string): string {
  return text.replace(/^/gm, '    ');
}

/** Both texts, line by line: what stays the same, what was expected, what was got. */
function changes(expected: string, actual: string): string {
  const [left, right] = [expected.split('\n'), actual.split('\n')];
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) start++;
  let end = 0;
  while (end < left.length - start && end < right.length - start && left.at(-1 - end) === right.at(-1 - end)) end++;
  return [
    ...left.slice(Math.max(0, start - 2), start).map((line) => `    ${line}`),
    ...left.slice(start, left.length - end).map((line) => `  - ${line}`),
    ...right.slice(start, right.length - end).map((line) => `  + ${line}`),
    ...left.slice(left.length - end, left.length - end + 2).map((line) => `    ${line}`),
  ].join('\n');
}
