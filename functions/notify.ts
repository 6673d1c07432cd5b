import type { DynamoDBStreamEvent } from 'aws-lambda';
import { notify } from '../shared/triage/triage.ts';
import { alertIn, sequenceOf } from './findings-stream.ts';
import { each, handling, type PartialFailure } from './handling.ts';
import { count } from './telemetry.ts';
import { alerts, teller } from './wiring.ts';

/** Tells people of alerts that are new or became graver. */
export const handler = handling<DynamoDBStreamEvent, PartialFailure>(({ Records }) =>
  each(Records, sequenceOf, async (record) => {
    const alert = alertIn(record);
    if (alert !== undefined && (await notify(alert, teller(), alerts()))) count('alertsTold');
  }),
);
