import { closeSync, openSync, writeSync } from 'node:fs';
import type { Reject } from '../shared/model/record.ts';
import { UsageError } from './usage-error.ts';

/** Writes the records that could not be used, one JSON object a line. */
export class RejectsFile {
  private readonly file: number | undefined;

  constructor(path: string | undefined) {
    try {
      this.file = path === undefined ? undefined : openSync(path, 'w');
    } catch (error) {
      throw new UsageError(`--rejects ${path ?? ''}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  add(place: string, rejects: readonly Reject[]): void {
    if (this.file === undefined || rejects.length === 0) return;
    const lines = rejects.map(({ reject, record }) => JSON.stringify({ reason: reject, place, id: record.id, record: record.message }));
    writeSync(this.file, `${lines.join('\n')}\n`);
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
  }
}
