import type { Command } from '../model/command.ts';
import { shorten } from './shorten.ts';

const shells: ReadonlySet<string> = new Set(['sh', 'bash', 'ash', 'dash', 'zsh', 'ksh', 'csh', 'tcsh', 'fish', 'pwsh']);

/** What comes before the program that a script starts with: settings and wrappers. */
const preamble = /^(?:\s|[A-Za-z_]\w{0,40}=\S{0,200}\s|(?:exec|env|sudo|nohup|time|set\s+-\w{1,8}\s{0,4};?)\s)+/;

/** The kind of command as a habit: its program, and for a shell with a script the first program of it. */
export function commandShape({ argv }: Command): string {
  const program = programIn(argv[0] ?? '');
  if (program === '') return 'whatever runs';
  if (!shells.has(program)) return program;
  const flag = argv.findIndex((part, at) => at > 0 && /^-\w{0,4}c$/.test(part));
  const script = flag < 0 ? undefined : argv[flag + 1];
  return script === undefined ? 'a shell' : `a shell with ${firstIn(script)}`;
}

function firstIn(script: string): string {
  const word = /^[^\s;&|(){}<>]{1,200}/.exec(script.slice(0, 1_000).replace(preamble, ''))?.[0] ?? '';
  return programIn(word) || 'a script';
}

function programIn(path: string): string {
  return shorten(path.slice(path.lastIndexOf('/') + 1), 60).toLowerCase();
}
