/**
 * Remembers the newest entries, between one and two times `most`: two maps of which the older is dropped whole. A
 * least-recently-used order would cost more than everything it saves.
 */
export class Recent<V> {
  private readonly most: number;
  private young = new Map<string, V>();
  private old = new Map<string, V>();

  constructor(most: number) {
    this.most = most;
  }

  get(key: string): V | undefined {
    return this.young.get(key) ?? this.old.get(key);
  }

  set(key: string, value: V): void {
    if (this.young.size >= this.most) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(key, value);
  }
}
