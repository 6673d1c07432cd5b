import type { DynamoDBStreamEvent } from 'aws-lambda';
import { notify, type Teller } from '../shared/triage/triage.ts';
import { alertIn, sequenceOf } from './findings-stream.ts';
import { each, handling, type PartialFailure } from './handling.ts';
import { count } from './telemetry.ts';
import { alerts, blindSpots, teller } from './wiring.ts';

/** Looks up, when there is something to tell, what was not seen meanwhile: telling is rare, and what was unseen is known late. */
const tellerWhoKnowsWhatWasUnseen: Teller = {
  tell: async (alert, reason) => {
    await teller().tell(await blindSpots().mark(alert), reason);
  },
};

/** Tells people of alerts that are new or became graver. */
export const handler = handling<DynamoDBStreamEvent, PartialFailure>(({ Records }) =>
  each(Records, sequenceOf, async (record) => {
    const alert = alertIn(record);
    if (alert !== undefined && (await notify(alert, tellerWhoKnowsWhatWasUnseen, alerts()))) count('alertsTold');
  }),
);
