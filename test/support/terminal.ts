import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from './transports.ts';

/** What a person sees of a command. */
export interface Seen {
  readonly code: number | null;
  readonly out: string;
  /** Lines on standard error. */
  readonly told: readonly string[];
}

/** Runs one of the commands of `cli/` as a person would, in a directory. */
export function run(
  command: 'bootstrap' | 'catalogue' | 'new-detection' | 'replay' | 'report' | 'start',
  words: readonly string[],
  directory = root,
): Seen {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, `cli/${command}.ts`), ...words], {
    cwd: directory,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '', FORCE_COLOR: '' },
    maxBuffer: 64 * 1024 * 1024,
  });
  return {
    code: status,
    out: stdout,
    told: stderr.split('\n').filter((line) => line !== '' && !line.includes('ExperimentalWarning') && !line.startsWith('(Use `node')),
  };
}

/** The lines of JSON a command printed. */
export function jsonLines(out: string): Record<string, unknown>[] {
  return out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** A directory that goes away with its files. */
export class Desk implements Disposable {
  readonly directory = mkdtempSync(join(tmpdir(), 'plimsoll-test-'));

  put(name: string, content: string | Uint8Array): string {
    const path = join(this.directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
