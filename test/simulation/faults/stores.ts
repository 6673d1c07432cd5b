import { MemoryFindings } from '../../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../../shared/adapters/memory-state.ts';
import type { FindingGroup, FindingStore } from '../../../shared/detect/finding-group.ts';
import { second } from '../../../shared/model/time.ts';
import { combine, type StateItem, type StateStore } from '../../../shared/state/store.ts';
import type { Alert, AlertStore } from '../../../shared/triage/alert.ts';
import type { Agenda } from './agenda.ts';
import type { Effect, Environment, Faults } from './faults.ts';

/** An eventual read may be this old. */
export const staleness = 20 * second;

/** Who hears of what is written to the findings table. */
export interface Stream {
  recorded(group: FindingGroup): void;
  changed(alert: Alert, before: Alert | undefined): void;
}

interface Version {
  readonly until: number;
  readonly item: StateItem | undefined;
}

/** The tables that all functions share. A write of several items is several writes, as DynamoDB's are. */
export class Tables {
  readonly state = new MemoryState();
  readonly findings = new MemoryFindings();
  /** Every version of every alert, the newest last. */
  private readonly alerts = new Map<string, string[]>();
  private readonly past = new Map<string, Version[]>();
  private readonly writers = new Map<string, Environment>();
  private readonly agenda: Agenda;
  private readonly faults: Faults;
  private readonly stream: Stream;

  constructor(agenda: Agenda, faults: Faults, stream: Stream) {
    this.agenda = agenda;
    this.faults = faults;
    this.stream = stream;
  }

  /** Every alert as it is now. */
  allAlerts(): readonly Alert[] {
    return [...this.alerts.keys()].flatMap((id) => this.alertAt(id) ?? []);
  }

  /** The state table as a function sees it. */
  stateFor(where: Environment): StateStore {
    const { faults, state } = this;
    const call = <T>(label: string, effect: Effect<T>): Promise<T> => faults.call(where, label, effect);
    return {
      read: (keys, consistency) =>
        call(`read ${keys.join(' ')}`, {
          done: async () => (consistency === 'strong' ? state.read(keys) : this.eventually(where, keys)),
        }),
      merge: (merges) => {
        const items = faults.random.shuffled(combine(merges));
        const write = async (some: typeof items): Promise<ReadonlyMap<string, StateItem>> => {
          const after = new Map<string, StateItem>();
          for (const merge of some)
            for (const [key, item] of await this.changing(where, merge.key, () => state.merge([merge]))) after.set(key, item);
          return after;
        };
        return call(`merge ${items.map(({ key }) => key).join(' ')}`, {
          done: () => write(items),
          inPart: () => write(items.slice(0, faults.random.int(0, items.length - 1))),
        });
      },
      remove: (removals) =>
        call(`remove ${removals.map(({ key }) => key).join(' ')}`, {
          done: async () => {
            for (const removal of removals) await this.changing(where, removal.key, () => state.remove([removal]));
          },
        }),
      put: (documents) =>
        call(`put ${documents.map(({ sort }) => sort).join(' ')}`, {
          done: () => state.put(documents),
          inPart: () => state.put(documents.slice(0, faults.random.int(0, documents.length - 1))),
        }),
      putNew: (document) => call(`put ${document.partition} ${document.sort}`, { done: () => state.putNew(document) }),
      list: (partition, part) => call(`list ${partition}`, { done: () => state.list(partition, part) }),
      scan: (prefix) => state.scan(prefix),
    };
  }

  /** Where a function records findings. */
  findingsFor(where: Environment): FindingStore {
    const { faults, findings } = this;
    const write = async (groups: readonly FindingGroup[]): Promise<void> => {
      await findings.record(groups);
      // What crosses a stream was written out and read again.
      for (const group of findings.takeFresh()) this.stream.recorded(group);
    };
    return {
      record: (groups) => {
        const items = faults.random.shuffled(groups);
        return faults.call(where, `record ${items.map(({ speaker }) => speaker.detection).join(' ')}`, {
          done: () => write(items),
          inPart: () => write(items.slice(0, faults.random.int(0, items.length - 1))),
        });
      },
    };
  }

  /** Alerts as a function sees them: replaced, unless they are others than it remembers, which is any version that ever was, or nothing. */
  alertsFor(where: Environment): AlertStore {
    const { faults } = this;
    return {
      get: (id) => faults.call(where, `get alert ${id}`, { done: () => Promise.resolve(this.alertAt(id)) }),
      update: async (id, change) => {
        let version = this.remembered(id);
        for (;;) {
          const known = this.alertAt(id, version);
          const alert = change(known);
          if (alert === known) return alert;
          const shown = version;
          const current = await faults.call(where, `put alert ${id}`, { done: () => Promise.resolve(this.replace(where, alert, shown)) });
          if (current === undefined) return alert;
          faults.note('alert changed by another', `${where.name} ${id}`);
          version = current;
        }
      },
    };
  }

  private alertAt(id: string, version = this.alerts.get(id)?.length ?? 0): Alert | undefined {
    const document = this.alerts.get(id)?.[version - 1];
    return document === undefined ? undefined : (JSON.parse(document) as Alert);
  }

  private remembered(id: string): number {
    const newest = this.alerts.get(id)?.length ?? 0;
    return this.faults.random.chance(0.5) ? newest : this.faults.random.int(0, newest);
  }

  /** Which version is there instead; nothing if the alert was stored. */
  private replace(where: Environment, alert: Alert, version: number): number | undefined {
    this.touch(where, alert.id);
    const versions = this.alerts.get(alert.id) ?? [];
    if (versions.length !== version) return versions.length;
    const before = this.alertAt(alert.id);
    versions.push(JSON.stringify(alert));
    this.alerts.set(alert.id, versions);
    this.stream.changed(alert, before);
    return undefined;
  }

  private async changing<T>(where: Environment, key: string, change: () => Promise<T>): Promise<T> {
    this.touch(where, key);
    const item = (await this.state.read([key])).get(key);
    const versions = this.past.get(key) ?? [];
    versions.push({ until: this.agenda.now, item });
    this.past.set(key, versions);
    return change();
  }

  private touch(where: Environment, key: string): void {
    const writer = this.writers.get(key);
    if (writer !== undefined && writer !== where && writer.busy)
      this.faults.note('concurrent on a key', `${writer.name} and ${where.name}, ${key}`);
    this.writers.set(key, where);
  }

  private async eventually(where: Environment, keys: readonly string[]): Promise<ReadonlyMap<string, StateItem>> {
    const found = new Map(await this.state.read(keys));
    for (const key of new Set(keys)) {
      const versions = this.past.get(key)?.filter(({ until }) => until > this.agenda.now - staleness) ?? [];
      if (versions.length === 0 || !this.faults.random.chance(0.5)) continue;
      const { item } = this.faults.random.pick(versions);
      this.faults.note('stale read', `${where.name} ${key}`);
      if (item === undefined) found.delete(key);
      else found.set(key, item);
    }
    return found;
  }
}
