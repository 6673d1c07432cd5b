import type { DynamoDBStreamEvent } from 'aws-lambda';
import { itemKind } from '../shared/contract/tables.ts';
import { isTimely } from '../shared/model/proof.ts';
import type { Teller } from '../shared/triage/triage.ts';
import { handling, type PartialFailure } from './handling.ts';
import { eachProof } from './proofs.ts';
import { count, countProof } from './telemetry.ts';
import { tellRecords } from './telling.ts';
import { alerts, blindSpots, teller } from './wiring.ts';

/** Looks up, when there is something to tell, what was not seen meanwhile: telling is rare, and what was unseen is known late. */
const tellerWhoKnowsWhatWasUnseen: Teller = {
  tell: async (alert, reason) => {
    await teller().tell(await blindSpots().mark(alert), reason);
  },
};

/** Tells people of alerts that are new, became graver or went on, and lets proofs of life out where nobody hears them. */
export const handler = handling<DynamoDBStreamEvent, PartialFailure>(async ({ Records }) => {
  const failures = await tellRecords(Records, {
    alerts: alerts(),
    teller: tellerWhoKnowsWhatWasUnseen,
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
