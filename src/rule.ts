import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import { ESLintUtils } from '@typescript-eslint/utils';
import type { JSONSchema4 } from '@typescript-eslint/utils/json-schema';
import type ts from 'typescript';
import type { Answer } from './analysis/index.ts';
import type { Edit } from './report/edits.ts';
import { bindsKeyword } from './report/keyword-names.ts';
import { type Services, servicesFor } from './services.ts';
import type { Deadlines, Settings } from './settings.ts';

/** The five families of the documentation. */
export type Family = 'pools' | 'request-context' | 'shared-state' | 'shutdown' | 'waits';

/** One option of a rule: its JSON schema, its default and the sentence that explains it. */
export interface OptionSpec<Value> {
  readonly schema: JSONSchema4;
  readonly fallback: Value;
  readonly about: string;
  /** What the shared settings say where the option is not given. */
  readonly shared?: (settings: Settings) => Value | undefined;
}

/** An option that is one of a few words. */
export function oneOf<const Value extends string>(
  values: readonly Value[],
  fallback: Value,
  about: string,
): OptionSpec<Value> {
  return { schema: { type: 'string', enum: [...values] }, fallback, about };
}

/** An option in milliseconds, at least 1; where it is not given, the shared deadline of that name stands in, if one is named. */
export function milliseconds(fallback: number, about: string, deadline?: keyof Deadlines): OptionSpec<number> {
  return {
    schema: { type: 'integer', minimum: 1 },
    fallback,
    about,
    ...(deadline === undefined ? {} : { shared: ({ deadlines }) => deadlines[deadline] }),
  };
}

/** An option that is on or off. */
export function flag(fallback: boolean, about: string): OptionSpec<boolean> {
  return { schema: { type: 'boolean' }, fallback, about };
}

/** An option that is a text. */
export function text(fallback: string, about: string): OptionSpec<string> {
  return { schema: { type: 'string' }, fallback, about };
}

/** An option that is a list of strings without repetition. */
export function listOf(about: string): OptionSpec<readonly string[]> {
  return { schema: { type: 'array', items: { type: 'string', minLength: 1 }, uniqueItems: true }, fallback: [], about };
}

/** The option of rules that have both tiers: `certain` reports what is proved, `likely` what is probable as well. */
export const certainty = oneOf(
  ['certain', 'likely'],
  'certain',
  'Report only what is proved (`certain`), or also what is probable (`likely`).',
);

/** What is told of an answer in a tier: a proof in both, what is probable only where that is asked for. */
export function toldOf<Witness>(
  answer: Answer<Witness, Witness>,
  tier: (typeof certainty)['fallback'],
): { readonly witness: Witness; readonly isCertain: boolean } | undefined {
  if (answer.is === 'yes') return { witness: answer.witness, isCertain: true };
  if (answer.is === 'no' || answer.witness === undefined || tier !== 'likely') return undefined;
  return { witness: answer.witness, isCertain: false };
}

type Options = Readonly<Record<string, OptionSpec<unknown>>>;
type Values<Specs extends Options> = { readonly [Name in keyof Specs]: Specs[Name]['fallback'] };
type Data = Readonly<Record<string, number | string>>;

/** A concrete edit that puts the safe pattern in place. */
export interface Repair<MessageId extends string> {
  /** The message that names the edit in an editor (imperative). */
  readonly title: MessageId;
  readonly data?: Data;
  /** `--fix` writes it (`design.md` 3 says when); otherwise it is offered as a suggestion. */
  readonly automatic: boolean;
  readonly edits: readonly Edit[];
}

/** A report of a rule. */
export interface Finding<MessageId extends string> {
  /** Where: an ESTree node, or a TypeScript node of the file being linted. */
  readonly at: TSESTree.Node | ts.Node;
  readonly messageId: MessageId;
  readonly data?: Data;
  /** The first automatic one becomes the fix, all others suggestions. */
  readonly repairs?: readonly Repair<MessageId>[];
}

/** What a rule gets: questions to the core, its options, and the way to report. */
export interface RuleContext<MessageId extends string, Specs extends Options> extends Services {
  readonly options: Values<Specs>;
  report(finding: Finding<MessageId>): void;
}

/** A rule as its file declares it. */
export interface RuleDeclaration<MessageId extends string, Specs extends Options> {
  readonly name: string;
  readonly family: Family;
  /** One sentence without a full stop, the same as on the page. */
  readonly summary: string;
  /** The lowest preset that turns the rule on. */
  readonly preset: 'all' | 'recommended' | 'strict';
  /** Does `--fix` ever write something? */
  readonly fixes: boolean;
  readonly messages: Readonly<Record<MessageId, string>>;
  readonly options: Specs;
  create(context: RuleContext<MessageId, Specs>): TSESLint.RuleListener;
}

/** The documentation fields of our rules. */
export interface RuleDocs {
  readonly family: Family;
  readonly preset: 'all' | 'recommended' | 'strict';
  readonly requiresTypeChecking: true;
  /** Does the rule have a second tier, turned on by `strict`? */
  readonly hasTiers: boolean;
  readonly optionTexts: Readonly<Record<string, { readonly about: string; readonly fallback: unknown }>>;
}

const PAGES = 'https://github.com/eslint-plugin-concurrency/eslint-plugin-concurrency/blob/main/docs/rules';

const createRule = ESLintUtils.RuleCreator<RuleDocs>((name) => `${PAGES}/${name}.md`);

/** A rule ready for ESLint. */
export type ConcurrencyRule = TSESLint.RuleModule<string, [Record<string, unknown>?], RuleDocs> & {
  readonly meta: { readonly docs: RuleDocs };
  readonly name: string;
};

/**
 * The only way a rule is made: joins the declaration with options, services and the fix policy.
 *
 * With `settings.concurrency.fixes: "suggest"` every automatic repair becomes a suggestion. A repair without edits, or with edits
 * that overlap, is not offered; none is in a file that binds a keyword.
 */
export function defineRule<MessageId extends string, Specs extends Options>(
  declaration: RuleDeclaration<MessageId, Specs>,
): ConcurrencyRule {
  const specs = Object.entries(declaration.options);
  const optionsOf = valuesOf(specs);
  const rule = createRule<[Record<string, unknown>?], string>({
    name: declaration.name,
    meta: {
      type: 'problem',
      docs: {
        description: declaration.summary,
        family: declaration.family,
        preset: declaration.preset,
        requiresTypeChecking: true,
        hasTiers: 'certainty' in declaration.options,
        optionTexts: Object.fromEntries(specs.map(([name, { about, fallback }]) => [name, { about, fallback }])),
      },
      messages: declaration.messages,
      ...(declaration.fixes ? { fixable: 'code' as const } : {}),
      hasSuggestions: true,
      schema: specs.length === 0 ? [] : [schemaOf(specs)],
    },
    create(context) {
      const [given] = context.options;
      const services = servicesFor(context, declaration.name);
      const mayFix = declaration.fixes && services.settings.fixes === 'apply';
      return declaration.create({
        ...services,
        options: optionsOf(given, services.settings) as Values<Specs>,
        report({ at, messageId, data, repairs = [] }) {
          const isWritable = repairs.length > 0 && !bindsKeyword(services.sourceFile);
          const sound = isWritable ? repairs.flatMap((repair) => soundOf(repair) ?? []) : [];
          const automatic = mayFix ? sound.find((repair) => repair.automatic) : undefined;
          context.report({
            loc: services.locationOf(at),
            messageId,
            ...(data === undefined ? {} : { data }),
            fix: automatic === undefined ? null : (fixer) => writeAll(automatic.edits, fixer),
            suggest: sound
              .filter((repair) => repair !== automatic)
              .map((repair) => ({
                messageId: repair.title,
                ...(repair.data === undefined ? {} : { data: repair.data }),
                fix: (fixer) => writeAll(repair.edits, fixer),
              })),
          });
        },
      });
    },
  });
  return rule as ConcurrencyRule;
}

function schemaOf(specs: readonly (readonly [name: string, spec: OptionSpec<unknown>])[]): JSONSchema4 {
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(specs.map(([name, { schema, about }]) => [name, { ...schema, description: about }])),
  };
}

type Given = Readonly<Record<string, unknown>> | undefined;

/** What the user gave, else what the shared settings say, else the rule's own default. One file after the other asks for the same. */
function valuesOf(
  specs: readonly (readonly [string, OptionSpec<unknown>])[],
): (given: Given, settings: Settings) => object {
  let last: { readonly given: Given; readonly settings: Settings; readonly values: object } | undefined;
  return (given, settings) => {
    if (last !== undefined && last.given === given && last.settings === settings) return last.values;
    const values = Object.fromEntries(
      specs.map(([name, { fallback, shared }]) => [name, given?.[name] ?? shared?.(settings) ?? fallback]),
    );
    last = { given, settings, values };
    return values;
  };
}

/** The repair with its edits in order, unless it writes nothing or two of them touch the same text. */
function soundOf<MessageId extends string>(repair: Repair<MessageId>): Repair<MessageId> | undefined {
  const edits = repair.edits.toSorted(
    (left, right) => left.range[0] - right.range[0] || left.range[1] - right.range[1],
  );
  const overlap = edits.some(({ range }, at) => {
    const before = edits[at - 1];
    return before !== undefined && before.range[1] > range[0];
  });
  return edits.length === 0 || overlap ? undefined : { ...repair, edits };
}

function writeAll(edits: readonly Edit[], fixer: TSESLint.RuleFixer): TSESLint.RuleFix[] {
  return edits.map(({ range: [start, end], text }) => fixer.replaceTextRange([start, end], text));
}
