/**
 * Remembers the newest entries, between one and two times `most`: two maps of which the older is dropped whole. A
 * least-recently-used order would cost more than everything it saves.
 */
export class Recent<V, K = string> {
  private readonly most: number;
  private young = new Map<K, V>();
  private old = new Map<K, V>();

  constructor(most: number) {
    this.most = most;
  }

  get(key: K): V | undefined {
    return this.young.get(key) ?? this.old.get(key);
  }

  set(key: K, value: V): void {
    if (this.young.size >= this.most) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(key, value);
  }

  /** All that is remembered; what was set twice may come twice. */
  *values(): Iterable<V> {
    yield* this.young.values();
    yield* this.old.values();
  }
}
