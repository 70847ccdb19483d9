import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { createApi } from '../../src/analysis/api/create.ts';
import { type Core, openCore } from '../../src/analysis/facts.ts';
import { type FunctionNode, isFunctionNode } from '../../src/analysis/syntax/functions.ts';
import { catalogue } from '../../src/catalogue/index.ts';
import { programOf, type VirtualProgram } from '../support/program.ts';

/** What a comment `// => suspends, rejects: byId` says about the function or the statement that starts on its line. */
export interface Annotation {
  readonly line: number;
  readonly subject: FunctionNode | ts.Statement;
  /** The words as written, sorted. */
  readonly expected: readonly Claim[];
}

/** One claim: a word, or a word with values, `reads: pool | cache`. */
export interface Claim {
  readonly word: string;
  readonly values: readonly string[];
}

/** Prints one fact: `undefined` when there is nothing to say, `''` for a bare word, else the value or values. */
export type Printer<Subject extends ts.Node> = (subject: Subject, core: Core) => readonly string[] | string | undefined;

/** The words that annotations may use, and how each is printed. */
export interface Vocabulary {
  readonly ofFunctions: Readonly<Record<string, Printer<FunctionNode>>>;
  readonly ofStatements?: Readonly<Record<string, Printer<ts.Statement>>>;
}

const MARK = /\/\/ =>(.*)$/;

/** Every annotation of a file, in the order of the lines. */
export function annotationsOf(file: ts.SourceFile): readonly Annotation[] {
  const subjects = subjectsByLine(file);
  return file.text.split(/\r?\n/).flatMap((text, at) => {
    const written = MARK.exec(text)?.[1];
    if (written === undefined) return [];
    const line = at + 1;
    const subject = subjects.get(line);
    if (subject === undefined) throw new Error(`${file.fileName}:${String(line)}: nothing starts on this line.`);
    return [{ line, subject, expected: claimsOf(written) }];
  });
}

/** The first function that starts on a line, or else the first statement; a one-line statement goes before callbacks in it. */
function subjectsByLine(file: ts.SourceFile): ReadonlyMap<number, FunctionNode | ts.Statement> {
  const functions = new Map<number, FunctionNode>();
  const statements = new Map<number, ts.Statement>();
  const visit = (node: ts.Node): void => {
    const line = file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
    const isOwnFunction = isFunctionNode(node) && !ts.isSourceFile(node);
    if (isOwnFunction && (!ts.isPropertyDeclaration(node) || !holdsFunction(node)) && !functions.has(line)) {
      functions.set(line, node);
    }
    if (ts.isStatement(node) && !ts.isBlock(node) && !statements.has(line)) statements.set(line, node);
    ts.forEachChild(node, visit);
  };
  visit(file);
  for (const [line, statement] of statements) {
    const end = file.getLineAndCharacterOfPosition(statement.getEnd()).line + 1;
    if (ts.isExpressionStatement(statement) && end === line) functions.delete(line);
  }
  return new Map<number, FunctionNode | ts.Statement>([...statements, ...functions]);
}

function holdsFunction({ initializer }: ts.PropertyDeclaration): boolean {
  return initializer !== undefined && isFunctionNode(initializer);
}

function claimsOf(written: string): readonly Claim[] {
  const text = written.trim();
  if (text === '' || text === 'nothing') return [];
  return text
    .split(/,\s+/)
    .map((claim) => {
      const [word = '', values = ''] = claim.split(/:\s+/, 2);
      return {
        word: word.trim(),
        values: values
          .split(' | ')
          .filter((value) => value !== '')
          .sort(),
      };
    })
    .sort(byWord);
}

function byWord(left: Claim, right: Claim): number {
  return left.word < right.word ? -1 : left.word > right.word ? 1 : 0;
}

function printClaims(claims: readonly Claim[]): string {
  if (claims.length === 0) return 'nothing';
  return claims.map(({ word, values }) => (values.length === 0 ? word : `${word}: ${values.join(' | ')}`)).join(', ');
}

/** What an annotated file says and what the core says, one line for each annotation: `12 pay => suspends`. */
export interface Comparison {
  readonly expected: readonly string[];
  readonly found: readonly string[];
  /** Annotated functions. */
  readonly functions: number;
}

/**
 * Compares every annotation of the files with what the core prints for the same words.
 *
 * An annotation is complete: a fact that holds and is not annotated is a difference. A file chooses the words it is about with a
 * first line `// facts: suspends, rejects`; without it, all words count. A word that is not in the vocabulary is an error.
 */
export function compareAnnotated(
  files: Readonly<Record<string, string>>,
  vocabulary: Vocabulary,
  options: ts.CompilerOptions = {},
): Comparison {
  const opened = openProgram(files, options);
  const expected: string[] = [];
  const found: string[] = [];
  let functions = 0;
  for (const name of Object.keys(files)) {
    if (!/\.[cm]?[jt]sx?$/.test(name) || name.startsWith('node_modules/')) continue;
    const file = opened.program.sourceFile(name);
    const words = wordsOf(file);
    for (const { line, subject, expected: claims } of annotationsOf(file)) {
      const isFunction = isFunctionNode(subject);
      if (isFunction) functions++;
      const known = isFunction ? vocabulary.ofFunctions : (vocabulary.ofStatements ?? {});
      for (const { word } of claims) {
        if (!(word in known)) throw new Error(`${name}:${String(line)}: '${word}' is no word of the vocabulary.`);
        if (words !== undefined && !words.includes(word.replace('?', ''))) {
          throw new Error(`${name}:${String(line)}: '${word}' is not among the facts the file is about.`);
        }
      }
      const printed = Object.entries(known).flatMap(([word, print]): Claim[] => {
        if (words !== undefined && !words.includes(word.replace('?', ''))) return [];
        const value = (print as Printer<ts.Node>)(subject, opened.core);
        if (value === undefined) return [];
        const values = typeof value === 'string' ? [value] : [...value];
        return [{ word, values: values.filter((each) => each !== '').sort() }];
      });
      const label = `${name}:${String(line)} ${nameOf(subject)}`;
      expected.push(`${label} => ${printClaims(claims)}`);
      found.push(`${label} => ${printClaims(printed.sort(byWord))}`);
    }
  }
  return { expected, found, functions };
}

function wordsOf(file: ts.SourceFile): readonly string[] | undefined {
  const listed = /^\/\/ facts: (.*)$/m.exec(file.text.split('\n', 1)[0] ?? '')?.[1];
  return listed?.split(/,\s*/);
}

function nameOf(subject: FunctionNode | ts.Statement): string {
  const named = subject as { name?: ts.Node; parent?: ts.Node };
  if (named.name !== undefined) return named.name.getText();
  if (ts.isConstructorDeclaration(subject)) return 'constructor';
  const { parent } = named;
  if (
    parent !== undefined &&
    (ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent) || ts.isPropertyAssignment(parent))
  ) {
    return parent.name.getText();
  }
  return isFunctionNode(subject) ? '(callback)' : (subject.getText().split('\n', 1)[0] ?? '');
}

/** A core over in-memory files with the whole catalogue. Type errors in the files are errors of the test. */
export function openProgram(
  files: Readonly<Record<string, string>>,
  options: ts.CompilerOptions = {},
): { readonly core: Core; readonly program: VirtualProgram } {
  const program = programOf(files, { noUnusedLocals: false, noUnusedParameters: false, ...options });
  const errors = program.diagnostics().map((diagnostic) => {
    const { file, start = 0, messageText } = diagnostic;
    const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1;
    return `${path.basename(file?.fileName ?? '')}:${String(line)} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
  if (errors.length > 0) throw new Error(`The files do not type-check:\n${errors.join('\n')}`);
  const core = openCore(program.program, createApi(program.checker, program.program, catalogue));
  return { core, program };
}

/** Files of a fixture folder, by their names below it. */
export function fixtureFiles(folder: string, ...names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]));
}
