import type { DynamoDBStreamEvent } from 'aws-lambda';
import { handling, type PartialFailure } from './handling.ts';
import { count } from './telemetry.ts';
import { tellRecords } from './telling.ts';
import { alerts, teller } from './wiring.ts';

/** Tells people of alerts that are new, became graver or went on. */
export const handler = handling<DynamoDBStreamEvent, PartialFailure>(({ Records }) =>
  tellRecords(Records, {
    alerts: alerts(),
    teller: teller(),
    onTold: () => {
      count('alertsTold');
    },
  }),
);
