import { setTimeout as wait } from 'node:timers/promises';

/** Does the same for every member, at most `width` at a time; the first failure ends it once what was begun has ended. */
export async function inParallel<T, R>(members: readonly T[], width: number, work: (member: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const failures: unknown[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < members.length && failures.length === 0) {
      const position = next++;
      try {
        results[position] = await work(members[position] as T);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, members.length) }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}

/** The members in runs of at most `size`. */
export function chunks<T>(members: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(members.length / size) }, (_, run) => members.slice(run * size, (run + 1) * size));
}

const firstPause = 25;
const longestPause = 2_000;

/** Waits before another attempt: longer each time, and never in step with others. */
export async function backOff(attempt: number): Promise<void> {
  await wait(Math.random() * Math.min(longestPause, firstPause * 2 ** attempt));
}
