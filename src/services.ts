import type { ParserServicesWithTypeInformation, TSESLint, TSESTree } from '@typescript-eslint/utils';
import type ts from 'typescript';
import { createApi } from './analysis/api/create.ts';
import { type Core, type Fact, type FactKey, openCore } from './analysis/index.ts';
import { catalogue } from './catalogue/index.ts';
import { SetupError, whyNoCompiler } from './errors.ts';
import { type Settings, settingsOf } from './settings.ts';

/** One file, its Program and the catalogue, joined into the questions a rule may ask. */
export interface Services {
  readonly core: Core;
  readonly checker: ts.TypeChecker;
  readonly program: ts.Program;
  readonly sourceFile: ts.SourceFile;
  readonly settings: Settings;
  readonly sourceCode: Readonly<TSESLint.SourceCode>;
  /** Asks the core; an ESTree node of this file stands for its TypeScript node. */
  ask<Key extends FactKey, Value>(fact: Fact<Key, Value>, key: Key): Value;
  ask<Key extends ts.Node, Value>(fact: Fact<Key, Value>, key: TSESTree.Node): Value;
  /** The TypeScript node of an ESTree node. */
  tsOf(node: TSESTree.Node): ts.Node;
  /** Where to report: the location of an ESTree or TypeScript node of this file. */
  locationOf(at: TSESTree.Node | ts.Node): TSESTree.SourceLocation;
  /** The line, counted from 1, on which a TypeScript node of any file starts. */
  lineOf(node: ts.Node): number;
}

/** What `servicesFor` reads of ESLint's context; other runners give less. */
export type FileContext = Pick<
  Readonly<TSESLint.RuleContext<string, readonly unknown[]>>,
  'settings' | 'sourceCode'
> & {
  readonly languageOptions?: unknown;
};

/** One core for each Program and settings; a Program that is gone takes its cores along. */
const cores = new WeakMap<ts.Program, Map<string, Core>>();

/** What all rules of one file share. */
const filesOpen = new WeakMap<object, Services>();

/**
 * The one bridge between ESTree and TypeScript: everything a rule may ask about the file of this context.
 *
 * All rules of all files of one Program share a core. A new Program (an edit in an editor) opens a new one.
 */
export function servicesFor(context: FileContext, ruleName: string): Services {
  const { sourceCode } = context;
  const settings = settingsOf(context.settings);
  const open = filesOpen.get(sourceCode);
  if (open?.settings === settings) return open;
  const services = openFile(sourceCode, typedServicesOf(context, ruleName), settings);
  filesOpen.set(sourceCode, services);
  return services;
}

function openFile(
  sourceCode: Readonly<TSESLint.SourceCode>,
  { program, esTreeNodeToTSNodeMap }: ParserServicesWithTypeInformation,
  settings: Settings,
): Services {
  const core = coreFor(program, settings);
  const sourceFile = esTreeNodeToTSNodeMap.get(sourceCode.ast);
  const tsOf = (node: TSESTree.Node): ts.Node => esTreeNodeToTSNodeMap.get(node);
  return {
    core,
    checker: core.checker,
    program,
    sourceFile,
    settings,
    sourceCode,
    tsOf,
    ask<Key extends FactKey, Value>(fact: Fact<Key, Value>, key: Key | TSESTree.Node): Value {
      return core.ask(fact, isEstree(key) ? (tsOf(key) as Key) : key);
    },
    locationOf(at) {
      if (isEstree(at)) return at.loc;
      if (at.getSourceFile() !== sourceFile) throw new Error('A report belongs to the file that is being linted.');
      return {
        start: sourceCode.getLocFromIndex(at.getStart(sourceFile)),
        end: sourceCode.getLocFromIndex(at.getEnd()),
      };
    },
    lineOf(node) {
      const file = node.getSourceFile();
      return file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
    },
  };
}

function coreFor(program: ts.Program, settings: Settings): Core {
  let bySettings = cores.get(program);
  if (bySettings === undefined) {
    bySettings = new Map();
    cores.set(program, bySettings);
  }
  let core = bySettings.get(settings.key);
  if (core === undefined) {
    const api = createApi(program.getTypeChecker(), program, [...catalogue, ...settings.rows]);
    core = openCore(program, api, undefined, settings);
    bySettings.set(settings.key, core);
  }
  return core;
}

/** ESTree nodes have a `type` that is a word, TypeScript nodes, symbols, types and Programs have not. */
function isEstree(thing: FactKey | TSESTree.Node): thing is TSESTree.Node {
  return 'type' in thing && typeof thing.type === 'string';
}

/** The parser's typed services; without them, a sentence that says what to do. */
function typedServicesOf(context: FileContext, ruleName: string): ParserServicesWithTypeInformation {
  const noCompiler = whyNoCompiler();
  if (noCompiler !== undefined) throw new SetupError(noCompiler);
  const rule = `The rule 'concurrency/${ruleName}'`;
  const services = context.sourceCode.parserServices as Partial<ParserServicesWithTypeInformation> | null | undefined;
  const parser = parserNameOf(context);
  if (services == null || parser?.startsWith('oxlint') === true) {
    throw new SetupError(
      `${rule} needs the types of TypeScript, and ${parser ?? 'the linter that runs it'} gives plugins none; ` +
        'run the rules of eslint-plugin-concurrency with ESLint (`npx eslint`, or `npx eslint-plugin-concurrency`).',
    );
  }
  if (services.esTreeNodeToTSNodeMap == null || services.program == null) {
    const found = parser === undefined || parser.startsWith('typescript-eslint') ? '' : ` (found the parser ${parser})`;
    throw new SetupError(
      `${rule} needs type information, and this file was parsed without it${found}; use @typescript-eslint/parser with ` +
        '`parserOptions: { projectService: true }`, as the presets of eslint-plugin-concurrency do.',
    );
  }
  return services as ParserServicesWithTypeInformation;
}

/** The name a parser gives itself. */
function parserNameOf(context: FileContext): string | undefined {
  const { parser } = (context.languageOptions ?? {}) as {
    parser?: { meta?: { name?: unknown }; name?: unknown };
  };
  const name = parser?.meta?.name ?? parser?.name;
  return typeof name === 'string' ? name : undefined;
}
