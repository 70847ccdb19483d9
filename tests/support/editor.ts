import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type LanguageServer, startLanguageServer } from './language-server.ts';
import { REPOSITORY } from './program.ts';

interface Position {
  readonly line: number;
  readonly character: number;
}

interface Range {
  readonly start: Position;
  readonly end: Position;
}

interface TextEdit {
  readonly range: Range;
  readonly newText: string;
}

interface WorkspaceEdit {
  readonly documentChanges?: readonly { readonly textDocument: { readonly uri: string }; readonly edits: TextEdit[] }[];
}

interface CodeAction {
  readonly title: string;
  readonly kind: string;
  readonly edit?: WorkspaceEdit;
  readonly command?: { readonly command: string; readonly arguments?: readonly unknown[] };
}

/** A squiggle, as the server sends it. */
export interface Squiggle {
  readonly range: Range;
  /** 1 is an error, 2 a warning. */
  readonly severity: number;
  readonly code: string;
  readonly codeDescription?: { readonly href: string };
  readonly source: string;
  readonly message: string;
}

/** An editor with the ESLint extension of VS Code, without windows. Files are named by their path in the project. */
export interface Editor {
  open(file: string, text: string): Promise<readonly Squiggle[]>;
  /** Changes the text in the editor, not on the disk. */
  type(file: string, text: string): Promise<readonly Squiggle[]>;
  save(file: string): void;
  close(file: string): void;
  /** Asks for the squiggles anew, without an edit, as an editor does for a file that it shows again. */
  squiggles(file: string): Promise<readonly Squiggle[]>;
  textOf(file: string): string;
  /** The light bulb of a squiggle: titles. */
  bulb(file: string, squiggle: Squiggle): Promise<readonly string[]>;
  /** Takes one line of the light bulb. */
  take(file: string, squiggle: Squiggle, title: string): Promise<void>;
  /** `editor.codeActionsOnSave` with `source.fixAll.eslint`, then the save. */
  saveWithFixes(file: string): Promise<void>;
  /** The command *ESLint: Fix all auto-fixable problems*. */
  fixAll(file: string): Promise<void>;
  heapInUse(): Promise<number>;
  quit(): Promise<void>;
}

/** What the extension sends when the user has set nothing. */
const SETTINGS = {
  validate: 'probe',
  packageManager: 'npm',
  useESLintClass: true,
  useFlatConfig: true,
  experimental: {},
  codeAction: {
    disableRuleComment: { enable: true, location: 'separateLine', commentStyle: 'line' },
    showDocumentation: { enable: true },
  },
  codeActionOnSave: { mode: 'all' },
  format: false,
  quiet: false,
  onIgnoredFiles: 'off',
  options: {},
  rulesCustomizations: [],
  run: 'onType',
  problems: { shortenToSingleLine: false },
  nodePath: null,
};

const CAPABILITIES = {
  workspace: { applyEdit: true, configuration: true, workspaceEdit: { documentChanges: true } },
  textDocument: {
    synchronization: { didSave: true },
    diagnostic: { dynamicRegistration: false },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'source.fixAll'] } } },
  },
};

/** Opens a project in an editor that runs the language server of the ESLint extension. */
export async function openEditor(folder: string): Promise<Editor> {
  const documents = new Map<string, { version: number; text: string }>();
  const uriOf = (file: string): string => pathToFileURL(path.join(folder, file)).href;
  const documentOf = (file: string): { readonly version: number; readonly text: string } => {
    const document = documents.get(uriOf(file));
    if (document === undefined) throw new Error(`${file} is not open.`);
    return document;
  };
  const identified = (file: string): object => ({ uri: uriOf(file), version: documentOf(file).version });

  const change = (uri: string, text: string): void => {
    const version = (documents.get(uri)?.version ?? 0) + 1;
    documents.set(uri, { version, text });
    server.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ text }] });
  };
  const apply = ({ documentChanges = [] }: WorkspaceEdit): { applied: boolean } => {
    for (const { textDocument, edits } of documentChanges) {
      change(textDocument.uri, edited(documents.get(textDocument.uri)?.text ?? '', edits));
    }
    return { applied: true };
  };
  const workspaceFolder = { name: path.basename(folder), uri: pathToFileURL(folder).href };
  const program = path.join(REPOSITORY, 'node_modules/vscode-langservers-extracted/bin/vscode-eslint-language-server');
  const server: LanguageServer = startLanguageServer(program, folder, {
    'workspace/configuration': ({ items }: { items: readonly unknown[] }) =>
      items.map(() => ({ ...SETTINGS, workspaceFolder })),
    'workspace/applyEdit': ({ edit }: { edit: WorkspaceEdit }) => apply(edit),
  });
  await server.request('initialize', {
    processId: process.pid,
    rootUri: workspaceFolder.uri,
    workspaceFolders: [workspaceFolder],
    capabilities: CAPABILITIES,
  });
  server.notify('initialized', {});

  const squiggles = async (file: string): Promise<readonly Squiggle[]> => {
    const report = await server.request('textDocument/diagnostic', { textDocument: { uri: uriOf(file) } });
    return (report as { items: readonly Squiggle[] }).items;
  };
  const actions = async (file: string, range: Range, context: object): Promise<readonly CodeAction[]> => {
    const params = { textDocument: { uri: uriOf(file) }, range, context };
    return ((await server.request('textDocument/codeAction', params)) as readonly CodeAction[] | null) ?? [];
  };
  const perform = async ({ edit, command }: CodeAction): Promise<void> => {
    if (edit !== undefined) apply(edit);
    if (command !== undefined) await server.request('workspace/executeCommand', command);
  };
  const bulb = (file: string, squiggle: Squiggle): Promise<readonly CodeAction[]> =>
    actions(file, squiggle.range, { diagnostics: [squiggle] });
  const save = (file: string): void => {
    writeFileSync(path.join(folder, file), documentOf(file).text);
    server.notify('textDocument/didSave', { textDocument: { uri: uriOf(file) } });
  };

  return {
    squiggles,
    save,
    open(file, text) {
      const uri = uriOf(file);
      documents.set(uri, { version: 1, text });
      server.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'typescript', version: 1, text } });
      return squiggles(file);
    },
    type(file, text) {
      change(uriOf(file), text);
      return squiggles(file);
    },
    close(file) {
      documents.delete(uriOf(file));
      server.notify('textDocument/didClose', { textDocument: { uri: uriOf(file) } });
    },
    textOf: (file) => documentOf(file).text,
    bulb: async (file, squiggle) => (await bulb(file, squiggle)).map(({ title }) => title),
    async take(file, squiggle, title) {
      const offered = await bulb(file, squiggle);
      const action = offered.find((each) => each.title === title);
      if (action === undefined)
        throw new Error(`Not offered: ${title}. Offered: ${offered.map((each) => each.title).join('; ')}`);
      await perform(action);
    },
    async saveWithFixes(file) {
      const all = { start: { line: 0, character: 0 }, end: { line: 100_000, character: 0 } };
      for (const action of await actions(file, all, { diagnostics: [], only: ['source.fixAll.eslint'] })) {
        await perform(action);
      }
      save(file);
    },
    async fixAll(file) {
      await server.request('workspace/executeCommand', {
        command: 'eslint.applyAllFixes',
        arguments: [identified(file)],
      });
    },
    heapInUse: () => server.heapInUse(),
    quit: () => server.stop(),
  };
}

/** The text with the edits made, all of which speak of the text as it was. */
function edited(text: string, edits: readonly TextEdit[]): string {
  const lines = text.split('\n');
  const offsetOf = ({ line, character }: Position): number =>
    lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, character);
  return edits
    .map(({ range, newText }) => ({ start: offsetOf(range.start), end: offsetOf(range.end), newText }))
    .sort((left, right) => right.start - left.start)
    .reduce((result, { start, end, newText }) => result.slice(0, start) + newText + result.slice(end), text);
}
