import type ts from 'typescript';

/**
 * May this name occur as an identifier of the file? The parser's own set of names answers at once where the compiler has one,
 * otherwise the text.
 */
export function mayMention(file: ts.SourceFile, name: string): boolean {
  const { identifiers } = file as { readonly identifiers?: unknown };
  if (identifiers instanceof Map && identifiers.size > 0 && !name.startsWith('#')) return identifiers.has(name);
  return file.text.includes(name);
}
