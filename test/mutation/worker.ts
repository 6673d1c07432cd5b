import { parentPort, workerData } from 'node:worker_threads';
import { type Finders, killerOf } from './killing.ts';
import type { Mutant } from './mutants.ts';

/** Judges one mutant after the other: a message with a mutant is answered by what killed it. */

const finders: Finders = new Map(workerData as readonly (readonly [string, readonly string[]])[]);

parentPort?.on('message', (mutant: Mutant) => {
  void killerOf(mutant, finders)
    .catch((error: unknown) => `throws: ${String(error).split('\n', 1)[0] ?? ''}`)
    .then((killer) => parentPort?.postMessage(killer ?? ''));
});
