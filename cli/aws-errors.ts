import { UsageError } from './usage-error.ts';

/** AWS says what a person can set right: credentials, rights and names. */
export function mended(error: unknown): never {
  const theirs = /AccessDenied|Credentials|ExpiredToken|UnrecognizedClient|ResourceNotFound|Region is missing/;
  if (error instanceof Error && theirs.test(`${error.name} ${error.message}`)) throw new UsageError(`${error.name}: ${error.message}`);
  throw error;
}
