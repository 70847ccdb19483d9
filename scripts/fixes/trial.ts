import path from 'node:path';
import { createTwoFilesPatch, structuredPatch } from 'diff';
import ts from 'typescript';
import type { PresetName } from '../../src/presets.ts';
import type { Checkout, Texts } from './checkout.ts';
import { commentsOf, type Edit, fixedOnce, lintFile, type Linted, type Report } from './lint.ts';

/**
 * What an edit must not do, and last what it may: a report in another place, where a caller now meets the failure that it waits for.
 */
export const FAULTS = [
  'new type error',
  'second-pass change',
  'lost comment',
  'parse error',
  'new report',
  'not linted',
  'report elsewhere',
] as const;

/** One thing that an edit did and must not do. */
export interface Fault {
  readonly kind: (typeof FAULTS)[number];
  /** From the folder of the checkout. */
  readonly file: string;
  readonly what: string;
  /** The edits of that file. */
  readonly by: string;
}

/** What was done to one checkout. */
export interface Outcome {
  readonly files: number;
  readonly reports: ReadonlyMap<string, number>;
  readonly fixed: ReadonlyMap<string, number>;
  readonly suggested: ReadonlyMap<string, number>;
  readonly faults: readonly Fault[];
  /** One patch for each file that was fixed, and for each suggestion that was taken. */
  readonly patches: readonly string[];
}

export interface Plan {
  readonly preset: PresetName;
  /** Also takes each suggestion of each report, one in a file at a time. */
  readonly suggestions: boolean;
}

/** More passes than ESLint makes. */
const MOST_PASSES = 12;

/** The checkout at one moment. */
interface State {
  readonly texts: Texts;
  readonly program: ts.Program;
  readonly linted: ReadonlyMap<string, Linted>;
}

/** Lints, fixes, type-checks and fixes again; then, if the plan says so, takes the suggestions of what was there before. */
export function tryEdits(checkout: Checkout, start: Texts, plan: Plan): Outcome {
  const before = stateOf(checkout, start, plan, checkout.files);
  const errorsBefore = errorsIn(before.program);
  const tally: Tally = { fixed: new Map(), suggested: new Map(), faults: [], patches: [] };
  for (const [file, { fatal }] of before.linted) {
    if (fatal !== undefined) tally.faults.push(faultIn(checkout, file, 'not linted', fatal, ''));
  }
  tryFixes(checkout, plan, before, errorsBefore, tally);
  if (plan.suggestions) trySuggestions(checkout, plan, before, errorsBefore, tally);
  const reports = new Map<string, number>();
  for (const { reports: ofFile } of before.linted.values()) for (const { rule } of ofFile) add(reports, rule);
  return { files: checkout.files.length, reports, ...tally };
}

interface Tally {
  readonly fixed: Map<string, number>;
  readonly suggested: Map<string, number>;
  readonly faults: Fault[];
  readonly patches: string[];
}

function tryFixes(checkout: Checkout, plan: Plan, before: State, errorsBefore: ErrorsIn, tally: Tally): void {
  const applied = new Map<string, Report[]>();
  let state = before;
  let mayChange: ReadonlySet<string> = new Set(checkout.files);
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const texts = new Map(state.texts);
    const held = new Set<string>();
    let count = 0;
    for (const [file, { reports }] of state.linted) {
      const text = textOf(state, file);
      const step = fixedOnce(text, reports);
      if (step.fixed.length === 0) continue;
      count += step.fixed.length;
      for (const { rule } of step.fixed) add(tally.fixed, rule);
      if (!mayChange.has(file))
        tally.faults.push(
          faultIn(checkout, file, 'second-pass change', patchOf(checkout, file, text, step.text), namesOf(step.fixed)),
        );
      applied.set(file, [...(applied.get(file) ?? []), ...step.fixed]);
      texts.set(file, step.text);
      if (step.held.length > 0) held.add(file);
    }
    if (count === 0) break;
    state = stateOf(checkout, texts, plan, checkout.files);
    mayChange = held;
  }
  for (const file of applied.keys())
    tally.patches.push(patchOf(checkout, file, textOf(before, file), textOf(state, file)));
  judge(checkout, { before, after: state, errorsBefore, applied, checked: checkout.files }, tally);
}

function trySuggestions(checkout: Checkout, plan: Plan, before: State, errorsBefore: ErrorsIn, tally: Tally): void {
  const offers = new Map<string, { report: Report; title: string; fix: Edit }[]>();
  for (const [file, { reports }] of before.linted) {
    const ofFile = reports.flatMap((report) => report.suggestions.map((suggestion) => ({ report, ...suggestion })));
    if (ofFile.length > 0) offers.set(file, ofFile);
  }
  const rounds = Math.max(0, ...[...offers.values()].map(({ length }) => length));
  for (let round = 0; round < rounds; round++) {
    const texts = new Map(before.texts);
    const applied = new Map<string, Report[]>();
    for (const [file, ofFile] of offers) {
      const offer = ofFile[round];
      if (offer === undefined) continue;
      const { report, title, fix } = offer;
      const old = textOf(before, file);
      const text = old.slice(0, fix.range[0]) + fix.text + old.slice(fix.range[1]);
      texts.set(file, text);
      applied.set(file, [report]);
      add(tally.suggested, report.rule);
      tally.patches.push(`${report.rule}: ${title}\n${patchOf(checkout, file, old, text)}`);
    }
    const changed = [...applied.keys()];
    const after = stateOf(checkout, texts, plan, changed);
    const checked = [...new Set([...changed, ...importersOf(after.program, checkout.files, changed)])];
    judge(checkout, { before, after, errorsBefore, applied, checked }, tally);
  }
}

/** Two states of the checkout, what was done to each file between them, and where the types are compared. */
interface Change {
  readonly before: State;
  readonly after: State;
  readonly errorsBefore: ErrorsIn;
  readonly applied: ReadonlyMap<string, readonly Report[]>;
  readonly checked: readonly string[];
}

function judge(checkout: Checkout, change: Change, { faults }: Tally): void {
  const { before, after, errorsBefore, applied, checked } = change;
  if (applied.size === 0) return;
  const say = (file: string, kind: Fault['kind'], what: string): void => {
    faults.push(faultIn(checkout, file, kind, what, namesOf(applied.get(file) ?? [])));
  };
  const errors = errorsIn(after.program);
  for (const file of checked) {
    const [old, now] = [errorsBefore(file), errors(file)];
    for (const error of uncounted(now.semantic, old.semantic)) say(file, 'new type error', error);
    for (const error of uncounted(now.syntactic, old.syntactic)) say(file, 'parse error', error);
  }
  for (const [file, { fatal, reports }] of after.linted) {
    const old = before.linted.get(file);
    const repaired = applied.get(file) ?? [];
    if (fatal !== undefined && old?.fatal === undefined) say(file, 'not linted', fatal);
    const written = linesWritten(textOf(before, file), textOf(after, file));
    const allowed = uncounted((old?.reports ?? []).map(keyOf), repaired.map(keyOf));
    for (const key of uncounted(reports.map(keyOf), allowed)) {
      const like = reports.filter((candidate) => keyOf(candidate) === key);
      const inside = like.find(({ line }) => written(line));
      const report = inside ?? like.at(-1);
      say(
        file,
        inside === undefined ? 'report elsewhere' : 'new report',
        `${key} on line ${report?.line ?? 0}: ${report?.message ?? ''}`,
      );
    }
  }
  for (const file of applied.keys()) {
    if (after.linted.get(file)?.fatal !== undefined) continue;
    const comments = commentsOf(textOf(after, file), file);
    for (const comment of uncounted(commentsOf(textOf(before, file), file), comments))
      say(file, 'lost comment', comment);
  }
}

function stateOf(checkout: Checkout, texts: Texts, { preset }: Plan, files: readonly string[]): State {
  const program = checkout.programWith(texts);
  return {
    texts,
    program,
    linted: new Map(files.map((file) => [file, lintFile(checkout.folder, program, file, preset)])),
  };
}

function textOf({ program }: State, file: string): string {
  return program.getSourceFile(file)?.text ?? '';
}

interface Errors {
  readonly syntactic: readonly string[];
  readonly semantic: readonly string[];
}

type ErrorsIn = (file: string) => Errors;

/** What the compiler says against a file, without positions. Files are checked when they are asked for. */
function errorsIn(program: ts.Program): ErrorsIn {
  const known = new Map<string, Errors>();
  const textsOf = (diagnostics: readonly ts.Diagnostic[]): string[] =>
    diagnostics.map(({ code, messageText }) => `TS${code} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
  return (file) => {
    const asked = known.get(file);
    if (asked !== undefined) return asked;
    const source = program.getSourceFile(file);
    const errors = {
      syntactic: textsOf(program.getSyntacticDiagnostics(source)),
      semantic: textsOf(program.getSemanticDiagnostics(source)),
    };
    known.set(file, errors);
    return errors;
  };
}

/** The files whose imports name one of these. */
function importersOf(program: ts.Program, files: readonly string[], imported: readonly string[]): string[] {
  const checker = program.getTypeChecker();
  const wanted = new Set(imported.map((file) => program.getSourceFile(file)));
  return files.filter((file) =>
    program.getSourceFile(file)?.statements.some((statement) => {
      if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return false;
      if (statement.moduleSpecifier === undefined) return false;
      const module = checker.getSymbolAtLocation(statement.moduleSpecifier);
      return module?.declarations?.some((declaration) => wanted.has(declaration.getSourceFile())) === true;
    }),
  );
}

/** Does a line of the new text, counted from 1, stand in a part that differs from the old one? */
function linesWritten(old: string, text: string): (line: number) => boolean {
  const { hunks } = structuredPatch('', '', old, text, undefined, undefined, { context: 0 });
  return (line) => hunks.some(({ newStart, newLines }) => line >= newStart && line < newStart + newLines);
}

/** The entries of `these` that `those` does not have as often. */
function uncounted(these: readonly string[], those: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const entry of those) add(left, entry);
  return these.filter((entry) => {
    const count = left.get(entry) ?? 0;
    left.set(entry, count - 1);
    return count <= 0;
  });
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function keyOf({ rule, messageId }: Report): string {
  return `${rule} (${messageId})`;
}

function namesOf(reports: readonly Report[]): string {
  return reports.map(({ rule, messageId, line }) => `${rule} (${messageId}) of line ${line}`).join(', ');
}

function faultIn({ folder }: Checkout, file: string, kind: Fault['kind'], what: string, by: string): Fault {
  return { kind, file: path.relative(folder, file), what, by };
}

function patchOf({ folder }: Checkout, file: string, old: string, text: string): string {
  const name = path.relative(folder, file);
  return createTwoFilesPatch(name, name, old, text, undefined, undefined, { context: 3 });
}
