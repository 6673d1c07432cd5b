const kept = new Map<string, object>();

/**
 * Keeps one object of a kind alive, with nothing in it that belongs to a payload. Between payloads there may be none, and a
 * full collection that meets none forgets the shape of such objects, and with it all code that was compiled for them.
 */
export function keepShape(kind: string, one: object): void {
  kept.set(kind, one);
}

/** Whether an object of a kind is kept. */
export function isShapeKept(kind: string): boolean {
  return kept.has(kind);
}
