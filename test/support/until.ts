import { setTimeout as wait } from 'node:timers/promises';

/** Asks until there is an answer; fails after a time that only something broken needs. */
export async function until<T>(what: string, ask: () => Promise<T | undefined> | T | undefined, patience = 60_000): Promise<T> {
  const deadline = performance.now() + patience;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`waited ${String(patience)} ms in vain: ${what}`);
    await wait(20);
  }
}
