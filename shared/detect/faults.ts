/** Our own failure. */
export interface Fault {
  readonly detection: string;
  readonly reason: string;
}

/** What a judge says; nothing where it fails, which is noted: ours to mend, and no reason to lose what others found. */
export function guarded<T>(faults: Fault[], detection: string, judge: () => T | undefined): T | undefined {
  try {
    return judge();
  } catch (error) {
    faults.push({ detection, reason: String(error) });
    return undefined;
  }
}
