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

/** The slope of the straight line that comes nearest to all points, by least squares. */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const covariance = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return covariance / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}
