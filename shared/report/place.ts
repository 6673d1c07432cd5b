/** How much of each alert there is room for. */
export interface Room {
  readonly evidence: number;
  readonly note: number;
  /** Every step of the response with its commands, or only where to begin. */
  readonly steps: 'all' | 'first';
}

/** Where an alert stands in the document. */
export interface Place {
  readonly level: number;
  /** The anchor of an alert, where it has a section. */
  readonly anchorOf: (id: string) => string | undefined;
  readonly room: Room;
  /** Whether it is the whole document. */
  readonly alone: boolean;
}
