import type { DynamoDBStreamEvent } from 'aws-lambda';
import { catalogue } from '../shared/detect/registry.ts';
import { handling, type PartialFailure } from './handling.ts';
import { triageRecords } from './triaging.ts';
import { triagePorts } from './wiring.ts';

/** Turns new findings into alerts. */
export const handler = handling<DynamoDBStreamEvent, PartialFailure>(({ Records }) => triageRecords(Records, catalogue, triagePorts()));
