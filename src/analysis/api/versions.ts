/** The version of an installed package, as far as ranges ask for it. */
export interface InstalledVersion {
  readonly major: number;
  /** Not known where only the major is said. */
  readonly minor?: number;
}

/**
 * Is the version in the range? Ranges are written in majors, or in majors and minors: `4`, `>=5`, `<7`, `>=5 <7`, `4 || 6`, `>=3.20`.
 * What a range does not say it does not ask: 3.24 is in `3`, and not in `>3`.
 *
 * Doubt: a version that is not known is in every range, one without a minor in every range of its major.
 */
export function isInRange(version: InstalledVersion | undefined, range: string): boolean {
  if (version === undefined) return true;
  return range.split('||').some((part) =>
    part
      .trim()
      .split(/\s+/)
      .every((test) => passes(version, test)),
  );
}

function passes({ major, minor }: InstalledVersion, test: string): boolean {
  const parts = /^(>=|<=|>|<|=|\^|~)?v?(\d+)(?:\.(\d+))?/.exec(test);
  if (parts === null) return test === '*' || test === '';
  const [, sign, bound, minorBound] = parts;
  const isMajorOnly = major !== Number(bound) || minorBound === undefined;
  if (!isMajorOnly && minor === undefined) return true;
  const difference = isMajorOnly ? major - Number(bound) : (minor ?? 0) - Number(minorBound);
  switch (sign) {
    case '>=':
      return difference >= 0;
    case '<=':
      return difference <= 0;
    case '>':
      return difference > 0;
    case '<':
      return difference < 0;
    case '^':
      return major === Number(bound) && difference >= 0;
    default:
      return difference === 0;
  }
}
