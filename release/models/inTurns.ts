/**
 * Does the same with many things, some at a time; results come in the things' order. The first failure is the one that is
 * told, and nothing new begins after it.
 */
export async function inTurns<T, R>(
  concurrency: number,
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const pending = items.map((item, i) => ({ item, i }));
  const results: { i: number; result: R }[] = [];
  const failures: unknown[] = [];
  const one = async (): Promise<void> => {
    for (let next = pending.shift(); next !== undefined; next = pending.shift())
      try {
        results.push({ i: next.i, result: await work(next.item) });
      } catch (error) {
        failures.push(error);
        pending.length = 0;
      }
  };
  await Promise.all(Array.from({ length: concurrency }, one));
  if (failures.length > 0) throw failures[0];
  return results.sort((a, b) => a.i - b.i).map(({ result }) => result);
}
