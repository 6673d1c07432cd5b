import type { DynamoDBStreamEvent } from 'aws-lambda';
import { itemKind } from '../shared/contract.ts';
import { isTimely } from '../shared/model/proof.ts';
import { handling, type PartialFailure } from './handling.ts';
import { eachProof } from './proofs.ts';
import { count, countProof } from './telemetry.ts';
import { tellRecords } from './telling.ts';
import { alerts, teller } from './wiring.ts';

/** Tells people of alerts that are new, became graver or went on, and lets proofs of life out where nobody hears them. */
export const handler = handling<DynamoDBStreamEvent, PartialFailure>(async ({ Records }) => {
  const failures = await tellRecords(Records, {
    alerts: alerts(),
    teller: teller(),
    onTold: () => {
      count('alertsTold');
    },
  });
  await eachProof(Records, itemKind.provenAlert, async (proof) => {
    if (!isTimely(proof.time, Date.now())) return;
    await teller().tellProof(proof);
    countProof(proof);
  });
  return failures;
});
