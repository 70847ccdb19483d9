/** A code block of a page that is run as a test. */
export interface Example {
  readonly kind: 'correct' | 'incorrect';
  readonly code: string;
  /** The line of the page on which the block starts. */
  readonly line: number;
  readonly filename: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Blocks before it that bring other files of its project. */
  readonly files: Readonly<Record<string, string>>;
}

const LANGUAGES = new Set(['ts', 'tsx', 'mts', 'cts', 'js', 'jsx', 'mjs', 'cjs']);

/**
 * The examples of a rule page: fenced blocks of TypeScript or JavaScript below a heading with the word `Incorrect` or `Correct`.
 *
 * The info string may carry `options={…}` and `settings={…}` (JSON) and `filename="…"`. A block with `file="…"` is no example but a
 * file beside the next one. Blocks under other headings are not run.
 */
export function examplesOf(page: string): Example[] {
  const examples: Example[] = [];
  const headings: { depth: number; kind: Example['kind'] | undefined }[] = [];
  let files: Record<string, string> = {};
  const lines = page.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const heading = /^(#+)\s+(.*)$/.exec(line);
    if (heading !== null) {
      const depth = heading[1]?.length ?? 1;
      while ((headings.at(-1)?.depth ?? 0) >= depth) headings.pop();
      headings.push({ depth, kind: kindOf(heading[2] ?? '') });
      continue;
    }
    const fence = /^(`{3,})(\w*)\s*(.*)$/.exec(line);
    if (fence === null) continue;
    const [, ticks = '```', language = '', info = ''] = fence;
    const end = lines.findIndex((candidate, index) => index > at && candidate.trimEnd() === ticks);
    if (end === -1) throw new Error(`The block on line ${String(at + 1)} has no end.`);
    const code = lines.slice(at + 1, end).join('\n');
    const start = at + 1;
    at = end;
    const kind = headings.findLast((candidate) => candidate.kind !== undefined)?.kind;
    if (kind === undefined || !LANGUAGES.has(language)) continue;
    const given = attributesOf(info, start);
    if (typeof given['file'] === 'string') {
      files[given['file']] = code;
      continue;
    }
    examples.push({
      kind,
      code,
      line: start,
      filename: typeof given['filename'] === 'string' ? given['filename'] : `service.${language}`,
      ...(isRecord(given['options']) ? { options: given['options'] } : {}),
      ...(isRecord(given['settings']) ? { settings: given['settings'] } : {}),
      files,
    });
    files = {};
  }
  return examples;
}

function kindOf(heading: string): Example['kind'] | undefined {
  if (/\bincorrect\b/i.test(heading)) return 'incorrect';
  return /\bcorrect\b/i.test(heading) ? 'correct' : undefined;
}

/** `name=<JSON>` pairs; a value is a string, or an object up to its last brace before the next name. */
function attributesOf(info: string, line: number): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const part of info.split(/\s+(?=\w+=["{])/).filter((text) => text !== '')) {
    const [, name, value] = /^(file|filename|options|settings)=(.+)$/.exec(part.trim()) ?? [];
    if (name === undefined || value === undefined) {
      throw new Error(
        `The block on line ${String(line)} says '${part}'; known are file, filename, options and settings, as name=<JSON>.`,
      );
    }
    given[name] = JSON.parse(value) as unknown;
  }
  return given;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
