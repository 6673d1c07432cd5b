import { existsSync } from 'node:fs';
import { dynamoDbClient } from '../shared/adapters/aws-clients.ts';
import { DynamoDbAlerts } from '../shared/adapters/dynamodb-alerts.ts';
import { DynamoDbDecisions, scanAlerts } from '../shared/adapters/dynamodb-decisions.ts';
import { DynamoDbState } from '../shared/adapters/dynamodb-state.ts';
import type { StateStore } from '../shared/state/store.ts';
import type { Alert, AlertStore } from '../shared/triage/alert.ts';
import type { Decisions } from '../shared/triage/decision.ts';
import { loadState, Memory, saveState } from './state-file.ts';
import type { DecisionPlace } from './suppress-options.ts';
import { UsageError } from './usage-error.ts';

/** Where decisions are made, with what is needed to judge them. */
export interface Desk {
  readonly decisions: Decisions;
  readonly alerts: Pick<AlertStore, 'get'>;
  readonly state: Pick<StateStore, 'read'>;
  /** The moment of a decision, on the clock of the events. */
  readonly now: number;
  /** Every alert there is. */
  history(): AsyncIterable<Alert>;
  /** What else a person should know in the end. */
  remarks(): readonly string[];
  /** Keeps what was decided. */
  save(): Promise<void>;
}

/** The desk at a place. `now` is the time of a decision about deployed tables. */
export async function deskAt(place: DecisionPlace, now: number): Promise<Desk> {
  if ('file' in place) return fileDesk(place.file, now);
  const client = dynamoDbClient();
  const unread: string[] = [];
  let units = 0;
  const decisions = new DynamoDbDecisions(client, place.settingsTable, (id, error) => {
    if (error !== undefined)
      throw new UsageError(`${place.settingsTable} cannot be read: ${error instanceof Error ? error.message : 'no reason given'}`);
    unread.push(id);
  });
  return {
    decisions,
    alerts: new DynamoDbAlerts(client, place.findingsTable),
    state: new DynamoDbState(client, place.stateTable, () => undefined),
    now,
    history: () =>
      scanAlerts(client, place.findingsTable, (charged) => {
        units += charged;
      }),
    remarks: () => [
      ...(units === 0 ? [] : [`the whole findings table was read for this: ${units.toFixed(0)} read units`]),
      ...unread.map((id) => `${id} cannot be read, so it silences nothing and sets no limit: delete the item`),
    ],
    save: () => Promise.resolve(),
  };
}

/** In a file a decision is made at the last moment that it knows of: logs replayed later may be old, too. */
async function fileDesk(file: string, now: number): Promise<Desk> {
  if (!existsSync(file)) throw new UsageError(`--state ${file}: there is no such file; a replay with --state writes it`);
  const memory = new Memory();
  await loadState(file, memory);
  const last = memory.alerts.all().reduce((latest, { lastSeen }) => Math.max(latest, lastSeen), memory.clock);
  return {
    decisions: memory.settings,
    alerts: memory.alerts,
    state: memory.state,
    now: last === 0 ? now : last,
    async *history() {
      yield* await Promise.resolve(memory.alerts.all());
    },
    remarks: () => [],
    save: () => saveState(file, memory),
  };
}
