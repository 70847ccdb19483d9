/** The value in the middle of what was measured. */
export function medianOf<Run>(runs: readonly Run[], value: (run: Run) => number): number {
  const sorted = runs.map(value).sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** Entries, the dearest first. */
export function byCost<Value>(costs: ReadonlyMap<string, Value>, cost: (value: Value) => number): [string, Value][] {
  return [...costs].sort(([, a], [, b]) => cost(b) - cost(a));
}
