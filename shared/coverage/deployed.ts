import type { Deployed } from '../contract/deployed.ts';
import { object, parseJson, text } from '../model/json.ts';
import { day } from '../model/time.ts';
import type { StateStore } from '../state/store.ts';

const texts = ['account', 'region', 'stateTable', 'filter', 'audit', 'flow'];
const lists = ['clusters', 'flowLogs', 'functions', 'mappings', 'rules', 'schedules', 'tables', 'topics'];

/** What was deployed, from what the schedule of the check says; absent where that is something else. */
export function deployedIn(value: unknown): Deployed | undefined {
  const fields = object(value);
  if (fields === undefined) return undefined;
  const sound = texts.every((name) => text(fields[name]) !== undefined) && lists.every((name) => Array.isArray(fields[name]));
  return sound && typeof fields['alarms'] === 'number' ? (fields as unknown as Deployed) : undefined;
}

/** Where what was deployed is remembered, for checks that something else than the schedule starts. */
const place = { partition: 'deployed', sort: 'deployed' };
const kept = 400 * day;

/** Remembers what was deployed, as the schedule told it at a time. */
export async function rememberDeployed(deployed: Deployed, time: number, state: StateStore): Promise<void> {
  await state.put([{ ...place, document: JSON.stringify(deployed), expires: time + kept, generation: time }]);
}

/** What was deployed, as the schedule told it last. */
export async function recallDeployed(state: StateStore): Promise<Deployed | undefined> {
  const [known] = await state.list(place.partition);
  return deployedIn(parseJson(known?.document ?? ''));
}
