/** Tries a few times, then gives up. */
export async function retry<Result>(times: number, attempt: () => Promise<Result>): Promise<Result> {
  for (let tries = 0; tries < times; tries++) {
    try {
      return await attempt();
    } catch {
      continue;
    }
  }
  throw new Error(`Given up after ${times} tries.`);
}
