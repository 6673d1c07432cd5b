import type { Deployed } from '../contract.ts';
import { object, text } from '../model/json.ts';

const texts = ['account', 'region', 'stateTable', 'filter', 'audit', 'flow'];
const lists = ['clusters', 'flowLogs', 'functions', 'mappings', 'rules', 'schedules', 'tables', 'topics'];

/** What was deployed, from what the schedule of the check says; absent where that is something else. */
export function deployedIn(value: unknown): Deployed | undefined {
  const fields = object(value);
  if (fields === undefined) return undefined;
  const sound = texts.every((name) => text(fields[name]) !== undefined) && lists.every((name) => Array.isArray(fields[name]));
  return sound && typeof fields['alarms'] === 'number' ? (fields as unknown as Deployed) : undefined;
}
