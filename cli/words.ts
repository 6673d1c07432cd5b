import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UsageError } from './usage-error.ts';

/** The words of a command line by the options a command knows. Throws {@link UsageError} where one is unknown. */
export function parsed<const O extends NonNullable<ParseArgsConfig['options']>>(words: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true });
  } catch (error) {
    // Node explains at length how to name a file like an option; its first sentence is enough.
    throw new UsageError((error instanceof Error ? error.message : String(error)).split(/\. |\n/, 1)[0]);
  }
}

/** A number of things. */
export function counted(number: number, noun: string): string {
  return `${String(number)} ${noun}${number === 1 ? '' : 's'}`;
}
