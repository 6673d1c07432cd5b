import type { StateStore } from '../state/store.ts';
import { combine, type Removal } from '../state/store.ts';
import { forgottenWords, membersLost, observationMerge } from '../state/seen-set.ts';
import { dayOf, weekOf } from '../model/time.ts';
import { type Alert, type AlertStore, type Closing, closed, closingOf } from './alert.ts';
import { condemnedMerges, pardons } from './condemned.ts';
import { quarantineKeys, quarantineOf } from './quarantine.ts';
import type { Withheld } from '../detect/withheld.ts';

/** What closing reaches outside itself. */
export interface ClosingPorts {
  readonly alerts: AlertStore;
  readonly state: StateStore;
}

/** What closing an alert came to, or would come to. */
export interface Closed {
  readonly alert: Alert;
  /** Lessons that join the memories. */
  readonly joined: number;
  /** Lessons that wait for other alerts of the same events, and those. */
  readonly waiting: number;
  readonly waitingFor: readonly string[];
  /** Members of memories that are forgotten. */
  readonly forgotten: number;
}

/** Writes held at once while memories are searched for what is to be forgotten. */
const removalsAtOnce = 100;

/**
 * Closes an alert. The decision is stored first, then its effects: after a crash the same command completes them, and
 * repeated it changes nothing. `dryRun` changes nothing at all. Absent where there is no such alert.
 */
export async function close(id: string, closing: Closing, ports: ClosingPorts, dryRun = false): Promise<Closed | undefined> {
  const known = await ports.alerts.get(id);
  if (known === undefined) return undefined;
  const alert = dryRun ? closed(known, closing) : await ports.alerts.update(id, (current) => closed(current ?? known, closing));
  return closing.verdict === 'benign' ? closeBenign(alert, ports, dryRun) : closeMalicious(alert, ports, dryRun);
}

/** What waited with the alert joins, unless another alert of the same event is not benign. */
async function closeBenign(alert: Alert, { alerts, state }: ClosingPorts, dryRun: boolean): Promise<Closed> {
  const { observations } = quarantineOf(alert.id, await state.read(quarantineKeys(alert.id), 'strong'));
  const harmless = await benignAmong(observations, alerts);
  const free = observations.filter(({ others }) => others.every((other) => harmless.has(other)));
  const held = observations.filter((observation) => !free.includes(observation));
  if (!dryRun) {
    await state.remove(pardons(alert));
    await state.merge(combine(free.map(observationMerge)));
  }
  const waitingFor = [...new Set(held.flatMap(({ others }) => others.filter((other) => !harmless.has(other))))].sort();
  return { alert, joined: lessonsIn(free), waiting: lessonsIn(held), waitingFor, forgotten: 0 };
}

/** Of the alerts that observations name, those that a person closed as benign. */
export async function benignAmong(observations: readonly Withheld[], alerts: Pick<AlertStore, 'get'>): Promise<ReadonlySet<string>> {
  const harmless = new Set<string>();
  for (const other of new Set(observations.flatMap(({ others }) => others))) {
    const alert = await alerts.get(other);
    if (alert !== undefined && closingOf(alert)?.verdict === 'benign') harmless.add(other);
  }
  return harmless;
}

/** What rests on the word of the alert's authors alone, from the week of its first finding on, is forgotten. */
async function closeMalicious(alert: Alert, { state }: ClosingPorts, dryRun: boolean): Promise<Closed> {
  const authors = new Set(alert.by);
  // Condemned first: nothing of theirs may join by time while memories are still searched.
  if (!dryRun) await state.merge(condemnedMerges(alert));
  let forgotten = 0;
  let pending: Removal[] = [];
  const flush = async (): Promise<void> => {
    const some = pending;
    pending = [];
    if (!dryRun && some.length > 0) await state.remove(some);
  };
  for await (const { items } of authors.size === 0 ? [] : state.scan({ segment: 0, of: 1 }))
    for (const item of items) {
      const removal = item.key.startsWith('seen:') ? forgottenWords(item, authors, weekOf(dayOf(alert.firstSeen))) : undefined;
      if (removal === undefined) continue;
      forgotten += membersLost(removal);
      if (pending.push(removal) >= removalsAtOnce) await flush();
    }
  await flush();
  return { alert, joined: 0, waiting: 0, waitingFor: [], forgotten };
}

function lessonsIn(observations: readonly Withheld[]): number {
  return new Set(observations.map(({ key, member }) => `${key} ${member}`)).size;
}
