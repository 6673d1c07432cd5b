import type { DynamoDBRecord } from 'aws-lambda';
import type { Proof } from '../shared/model/proof.ts';
import { proofIn, sequenceOf } from './findings-stream.ts';
import { each } from './handling.ts';

/**
 * Works on the proofs of life of a kind among records of the findings stream. One that fails is logged and gone: to have it delivered again
 * would hold up alerts, and that it does not arrive is what tells.
 */
export async function eachProof(records: readonly DynamoDBRecord[], kind: string, work: (proof: Proof) => Promise<void>): Promise<void> {
  await each(records, sequenceOf, async (record) => {
    const proof = proofIn(record, kind);
    if (proof !== undefined) await work(proof);
  });
}
