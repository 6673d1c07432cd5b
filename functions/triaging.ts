import type { DynamoDBRecord } from 'aws-lambda';
import type { FindingGroup } from '../shared/detect/finding-group.ts';
import type { Registered } from '../shared/detect/finding.ts';
import type { Detection } from '../shared/detect/kit.ts';
import { type TriagePorts, triageTogether } from '../shared/triage/triage.ts';
import { findingGroupIn, sequenceOf } from './findings-stream.ts';
import { each, eachLot, type PartialFailure } from './handling.ts';

interface Brought {
  readonly id: string;
  readonly group: FindingGroup;
}

/** Triages what records of the findings stream bring: the groups of one fingerprint together, and no record at the cost of another. */
export async function triageRecords(
  records: readonly DynamoDBRecord[],
  catalogue: readonly Registered<Detection>[],
  ports: TriagePorts,
): Promise<PartialFailure> {
  const lots = new Map<string, [Brought, ...Brought[]]>();
  const unreadable = await each(records, sequenceOf, (record) => {
    const group = findingGroupIn(record);
    if (group === undefined) return;
    const brought = { id: sequenceOf(record), group };
    const lot = lots.get(group.fingerprint);
    if (lot === undefined) lots.set(group.fingerprint, [brought]);
    else lot.push(brought);
  });
  const failed = await eachLot(
    lots.values(),
    ({ id }) => id,
    async ([first, ...rest]) => {
      await triageTogether([first.group, ...rest.map(({ group }) => group)], catalogue, ports);
    },
  );
  return { batchItemFailures: [...unreadable.batchItemFailures, ...failed.batchItemFailures] };
}
