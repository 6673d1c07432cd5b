import type { DynamoDBStreamEvent } from 'aws-lambda';
import { itemKind } from '../shared/contract/tables.ts';
import { catalogue } from '../shared/detect/registry.ts';
import { handling, type PartialFailure } from './handling.ts';
import { eachProof } from './proofs.ts';
import { triageRecords } from './triaging.ts';
import { proofs, triagePorts } from './wiring.ts';

/** Turns new findings into alerts, and hands proofs of life on. */
export const handler = handling<DynamoDBStreamEvent, PartialFailure>(async ({ Records }) => {
  const failures = await triageRecords(Records, catalogue, triagePorts());
  await eachProof(Records, itemKind.proof, (proof) => proofs().order(proof));
  return failures;
});
