import type { Alert, AlertStore } from '../triage/alert.ts';
import type { FindingGroup, FindingStore } from '../detect/finding-group.ts';
import type { OperatorLimit } from '../detect/operator-limit.ts';
import { type Decision, type Decisions, isLimit } from '../triage/decision.ts';
import type { Suppression } from '../triage/suppression.ts';

/** Where history's findings go: it raises nothing, and what its closed buckets would tell goes nowhere. */
export const noFindings: FindingStore = { record: () => Promise.resolve() };

/** The findings table in memory: for terminals and tests. */
export class MemoryFindings implements FindingStore {
  private readonly groups = new Map<string, FindingGroup>();
  private fresh: FindingGroup[] = [];

  record(groups: readonly FindingGroup[]): Promise<void> {
    for (const group of groups) {
      const name = `${group.fingerprint} ${group.key}`;
      if (this.groups.has(name)) continue;
      this.groups.set(name, group);
      this.fresh.push(group);
    }
    return Promise.resolve();
  }

  /** Every group recorded so far. */
  all(): readonly FindingGroup[] {
    return [...this.groups.values()];
  }

  /** Groups recorded since the last call: what the table's stream would deliver. */
  takeFresh(): readonly FindingGroup[] {
    const taken = this.fresh;
    this.fresh = [];
    return taken;
  }
}

/** Alerts in memory. */
export class MemoryAlerts implements AlertStore {
  private readonly alerts = new Map<string, Alert>();

  get(id: string): Promise<Alert | undefined> {
    return Promise.resolve(this.alerts.get(id));
  }

  /** Puts alerts in that were saved. */
  load(alert: Alert): void {
    this.alerts.set(alert.id, alert);
  }

  update(id: string, change: (alert: Alert | undefined) => Alert): Promise<Alert> {
    const alert = change(this.alerts.get(id));
    this.alerts.set(id, alert);
    return Promise.resolve(alert);
  }

  all(): readonly Alert[] {
    return [...this.alerts.values()];
  }
}

/** Decisions in memory. */
export class MemorySettings implements Decisions {
  private readonly decided = new Map<string, Decision>();

  constructor(decisions: readonly Decision[] = []) {
    for (const each of decisions) this.decided.set(each.id, each);
  }

  suppressions(): Promise<readonly Suppression[]> {
    return Promise.resolve([...this.decided.values()].filter((each): each is Suppression => !isLimit(each)));
  }

  limits(): Promise<readonly OperatorLimit[]> {
    return Promise.resolve([...this.decided.values()].filter(isLimit));
  }

  put(decision: Decision): Promise<void> {
    this.decided.set(decision.id, decision);
    return Promise.resolve();
  }

  remove({ id }: Decision): Promise<void> {
    this.decided.delete(id);
    return Promise.resolve();
  }
}
