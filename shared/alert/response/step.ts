/** Stages of a response, in the order in which a person takes them. */
export const phases = ['verify', 'contain', 'investigate', 'revoke', 'root-cause', 'report'] as const;

/** A stage of a response. */
export type Phase = (typeof phases)[number];

/** What to do, for the person who was woken. Nothing here is ever run by itself. */
export interface Step {
  readonly phase: Phase;
  readonly text: string;
  /** For a POSIX shell, filled in for this very case. */
  readonly commands?: readonly string[];
  /** What the step does not do, or breaks. */
  readonly caveat?: string;
}

/** A page that shows more; https only, never built from text that somebody else wrote without encoding it. */
export interface Link {
  readonly label: string;
  readonly url: string;
}

/** How to go on from an alert. */
export interface Response {
  readonly steps: readonly Step[];
  readonly links: readonly Link[];
  /** What cannot be known from the logs that it rests on. */
  readonly unknowns: readonly string[];
}
