import type { DynamoDBStreamEvent } from 'aws-lambda';
import type { Teller } from '../shared/triage/triage.ts';
import { handling, type PartialFailure } from './handling.ts';
import { count } from './telemetry.ts';
import { tellRecords } from './telling.ts';
import { alerts, blindSpots, teller } from './wiring.ts';

/** Looks up, when there is something to tell, what was not seen meanwhile: telling is rare, and what was unseen is known late. */
const tellerWhoKnowsWhatWasUnseen: Teller = {
  tell: async (alert, reason) => {
    await teller().tell(await blindSpots().mark(alert), reason);
  },
};

/** Tells people of alerts that are new, became graver or went on. */
export const handler = handling<DynamoDBStreamEvent, PartialFailure>(({ Records }) =>
  tellRecords(Records, {
    alerts: alerts(),
    teller: tellerWhoKnowsWhatWasUnseen,
    onTold: () => {
      count('alertsTold');
    },
  }),
);
