/** What GitHub shows beside a line of a pull request. */
export interface Annotation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly severity: string;
  readonly message: string;
  readonly rule: string;
}

/**
 * The annotations that a GitHub runner makes of what `eslint` prints without `--format`, once `actions/setup-node` has registered its
 * problem matcher (`eslint-stylish`): a line that names a file, then one line for each report in it.
 */
export function annotationsOf(output: string): Annotation[] {
  let file = '';
  return output.split('\n').flatMap((text) => {
    const report =
      /^\s+(?<line>\d+):(?<column>\d+)\s+(?<severity>error|warning)\s+(?<message>.*)\s\s+(?<rule>.*)$/.exec(text);
    if (report?.groups === undefined) {
      file = text.trim();
      return [];
    }
    const { line, column, severity = '', message = '', rule = '' } = report.groups;
    return { file, line: Number(line), column: Number(column), severity, message: message.trim(), rule };
  });
}
