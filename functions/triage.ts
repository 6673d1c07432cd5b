import type { DynamoDBStreamEvent } from 'aws-lambda';
import { catalogue } from '../shared/detect/registry.ts';
import { triage } from '../shared/triage/triage.ts';
import { findingGroupIn, sequenceOf } from './findings-stream.ts';
import { each, handling, type PartialFailure } from './handling.ts';
import { triagePorts } from './wiring.ts';

/** Turns new findings into alerts. */
export const handler = handling<DynamoDBStreamEvent, PartialFailure>(({ Records }) =>
  each(Records, sequenceOf, async (record) => {
    const group = findingGroupIn(record);
    if (group !== undefined) await triage(group, catalogue, triagePorts());
  }),
);
