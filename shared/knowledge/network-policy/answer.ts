/** Yes, no, or nobody can tell. */
export type Answer = boolean | undefined;

/** Whether all hold: one that does not settles it, whatever the others are. */
export function all(answers: readonly Answer[]): Answer {
  if (answers.includes(false)) return false;
  return answers.includes(undefined) ? undefined : true;
}

/** Whether any holds: one that does settles it, whatever the others are. */
export function any(answers: readonly Answer[]): Answer {
  if (answers.includes(true)) return true;
  return answers.includes(undefined) ? undefined : false;
}
