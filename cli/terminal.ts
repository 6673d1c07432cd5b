import { printable } from '../shared/alert/escape.ts';
import { UsageError } from './usage-error.ts';

/** Runs a command for a person at a terminal: their mistakes are one clear line and exit code 2, ours keep their stack. */
export async function onTerminal(name: string, command: () => Promise<number>): Promise<void> {
  // `replay … | head` closes the pipe early: nobody is left to read, which is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  try {
    process.exitCode = await command();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${name}: ${printable(error.message)}`);
    process.exitCode = 2;
  }
}
