import { day } from '../model/time.ts';
import type { Merge, Removal, StateItem } from '../state/store.ts';
import type { Alert } from './alert.ts';

/** Authors of alerts that a person found malicious: what waits with their other alerts joins by a person's word alone. */
const keptDays = 90;
const alertsSet = 'a';

/** Where it stands whether the authors of an alert were found malicious. */
export function condemnedKeys({ by = [] }: Alert): string[] {
  return by.map((author) => `condemned:${author}`);
}

/** Notes that the authors of an alert were found malicious. */
export function condemnedMerges(alert: Alert): Merge[] {
  return condemnedKeys(alert).map((key) => ({
    key,
    sets: { [alertsSet]: [alert.id] },
    expires: alert.lastSeen + keptDays * day,
    cap: 500,
  }));
}

/** Takes the note back for one alert. */
export function pardons(alert: Alert): Removal[] {
  return condemnedKeys(alert).map((key) => ({ key, sets: { [alertsSet]: [alert.id] } }));
}

/** Whether any author of an alert was found malicious, by the items that were read. */
export function isCondemned(alert: Alert, items: ReadonlyMap<string, StateItem>): boolean {
  return condemnedKeys(alert).some((key) => (items.get(key)?.sets.get(alertsSet)?.size ?? 0) > 0);
}
