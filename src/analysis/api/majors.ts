/**
 * Is the major version in the range? Ranges are written in majors: `4`, `>=5`, `<7`, `>=5 <7`, `4 || 6`.
 *
 * Doubt: a version that is not known is in every range.
 */
export function isInRange(major: number | undefined, range: string): boolean {
  if (major === undefined) return true;
  return range.split('||').some((part) =>
    part
      .trim()
      .split(/\s+/)
      .every((test) => passes(major, test)),
  );
}

function passes(major: number, test: string): boolean {
  const parts = /^(>=|<=|>|<|=|\^|~)?v?(\d+)/.exec(test);
  if (parts === null) return test === '*' || test === '';
  const bound = Number(parts[2]);
  switch (parts[1]) {
    case '>=':
      return major >= bound;
    case '<=':
      return major <= bound;
    case '>':
      return major > bound;
    case '<':
      return major < bound;
    default:
      return major === bound;
  }
}
