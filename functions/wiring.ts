import { dynamoDbClient, snsClient, sqsClient } from '../shared/adapters/aws-clients.ts';
import { DynamoDbAlerts } from '../shared/adapters/dynamodb-alerts.ts';
import { DynamoDbFindings } from '../shared/adapters/dynamodb-findings.ts';
import { DynamoDbProofs } from '../shared/adapters/dynamodb-proofs.ts';
import { DynamoDbSettings } from '../shared/adapters/dynamodb-settings.ts';
import { DynamoDbState } from '../shared/adapters/dynamodb-state.ts';
import { ShardQueue } from '../shared/adapters/shard-queue.ts';
import { SnsTeller } from '../shared/adapters/sns.ts';
import { KnownUnions } from '../shared/state/known-unions.ts';
import { BlindSpots } from '../shared/triage/blind-spots.ts';
import { setting } from './environment.ts';
import { count, countOverflow, logger } from './telemetry.ts';

/*
 * The composition root: everything is made at its first use and kept for the life of the execution environment, so that
 * importing a function never fails and the reason of a wrong setting stands in the log. Marked pure, so that a bundle
 * holds only what its function uses.
 */

const dynamoDb = /* @__PURE__ */ once(dynamoDbClient);

/** Baselines and the entity graph. */
export const state = /* @__PURE__ */ once(() => new DynamoDbState(dynamoDb(), setting('stateTable'), countOverflow));

/** Where the orders of a recomputation wait. */
export const shardQueue = /* @__PURE__ */ once(() => new ShardQueue(sqsClient(), setting('recomputeQueue')));

/** Alerts. */
export const alerts = /* @__PURE__ */ once(() => new DynamoDbAlerts(dynamoDb(), setting('findingsTable')));

/** Where findings are recorded. */
export const findings = /* @__PURE__ */ once(() => new DynamoDbFindings(dynamoDb(), setting('findingsTable')));

/** Proofs of life on their way. */
export const proofs = /* @__PURE__ */ once(() => new DynamoDbProofs(dynamoDb(), setting('findingsTable')));

/** What people decided. */
export const settings = /* @__PURE__ */ once(() => {
  const unreadable = (id: string, error?: unknown): void => {
    count('faults');
    logger.error('a decision cannot be read: it silences nothing and sets no limit', { id, ...(error === undefined ? {} : { error }) });
  };
  return new DynamoDbSettings(dynamoDb(), setting('settingsTable'), unreadable);
});

/** What triage reaches. */
export const triagePorts = /* @__PURE__ */ once(() => ({ alerts: alerts(), settings: settings(), state: new KnownUnions(state()) }));

/** What was not seen, and when. */
export const blindSpots = /* @__PURE__ */ once(() => new BlindSpots(state()));

/** Where alerts are told. */
export const teller = /* @__PURE__ */ once(() => new SnsTeller(snsClient(), setting('alertTopic')));

/** Makes a value at its first use; a failure is not kept. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
