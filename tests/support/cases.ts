import type ts from 'typescript';
import type { Rules } from './lint.ts';

/** What silent and reported cases have in common. */
export interface Source {
  /** The file that is linted, word for word: line 1 is the first line of this text, also when it is empty. */
  readonly code: string;
  /** Its name, relative to the root of a package of ES modules. Default: `service.ts`. */
  readonly filename?: string;
  /** Other files of the same project, by name. A `package.json` or `node_modules/…` may be among them. */
  readonly files?: Readonly<Record<string, string>>;
  /** The options object of the rule. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** The value of `settings.concurrency`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Laid over the options of `program.ts` (strict, NodeNext, ES2023, newest library). */
  readonly compilerOptions?: ts.CompilerOptions;
  /** The case is meant to have type errors. Without it every case must type-check. */
  readonly typeErrors?: boolean;
}

/** A suggestion, by its message id or its rendered title, and the whole text after it is taken. */
export interface ExpectedSuggestion {
  readonly messageId?: string;
  readonly data?: Readonly<Record<string, number | string>>;
  readonly title?: string;
  readonly output: string;
}

export interface ExpectedError {
  readonly messageId: string;
  /** The text the report stands on, to its end; with `…` at its end only how the text starts. Add `line` where the code has it twice. */
  readonly on?: string;
  readonly line?: number;
  readonly column?: number;
  /** Every placeholder of the message. */
  readonly data?: Readonly<Record<string, number | string>>;
  /** The full rendered text. */
  readonly message?: string;
  /** All of them, in order. */
  readonly suggestions?: readonly ExpectedSuggestion[];
}

export type SilentCase = Source;

export interface ReportedCase extends Source {
  /** All reports of the rule, in the order of the text. */
  readonly errors: readonly ExpectedError[];
  /**
   * The text after one `--fix` pass; `null` or nothing when no report has a fix. A list, one text a pass, only when fixes touch each
   * other and ESLint must hold some back for the next pass.
   */
  readonly output?: string | readonly string[] | null;
}

/** What a case is judged with. */
export interface Bench {
  /** The name of the rule under test. */
  readonly name: string;
  /** All rules of the plugin, the one under test among them. */
  readonly rules: Rules;
}
