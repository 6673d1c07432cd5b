/** What the person at the terminal can set right: told in one line, exit code 2. */
export class UsageError extends Error {}
