import type { DynamoDBRecord } from 'aws-lambda';
import type { PartialFailure } from '../../../functions/handling.ts';
import type { Agenda } from './agenda.ts';
import { Environment, type Faults } from './faults.ts';
import type { Image } from './images.ts';

const shards = 2;
const mostRecords = 4;
/** Attempts after which an invocation is spared. */
export const mostFailures = 3;

/** Works on a batch as the function does. */
export type StreamFunction = (records: readonly DynamoDBRecord[], where: Environment) => Promise<PartialFailure>;

/**
 * A stream and the function that reads it: records of one partition key keep their order, shards run at once, a batch
 * comes back from its first failed record on, a crashed one comes back in halves, and a finished one may come again while the
 * next is worked on.
 */
export class StreamReader {
  private readonly name: string;
  private readonly agenda: Agenda;
  private readonly faults: Faults;
  private readonly work: StreamFunction;
  private readonly shards = Array.from({ length: shards }, () => ({ records: [] as DynamoDBRecord[], next: 0, reading: false }));
  private invocations = 0;
  private written = 0;

  constructor(name: string, agenda: Agenda, faults: Faults, work: StreamFunction) {
    this.name = name;
    this.agenda = agenda;
    this.faults = faults;
    this.work = work;
  }

  /** An item was written: its record is on its way. */
  append(partition: string, image: Image, before?: Image): void {
    const shard = this.shards[(partition.codePointAt(0) ?? 0) % shards] ?? this.shards[0]!;
    this.written += 1;
    shard.records.push({
      eventName: before === undefined ? 'INSERT' : 'MODIFY',
      dynamodb: { SequenceNumber: String(this.written), NewImage: image, ...(before === undefined ? {} : { OldImage: before }) },
    });
    if (shard.reading) return;
    shard.reading = true;
    this.agenda.at(this.agenda.now + this.faults.random.int(50, 3_000), () => void this.readShard(shard));
  }

  private async readShard(shard: (typeof this.shards)[number]): Promise<void> {
    let failures = 0;
    let size = mostRecords;
    while (shard.next < shard.records.length) {
      const batch = shard.records.slice(shard.next, shard.next + this.faults.random.int(1, size));
      const { done, crashed } = await this.invoke(batch, failures >= mostFailures);
      shard.next += done;
      if (done < batch.length) {
        failures += 1;
        if (crashed && size > 1) {
          size = Math.ceil(size / 2);
          this.faults.note('stream batch halved', this.name);
        }
        await this.agenda.wait(this.faults.random.int(100, 10_000));
        continue;
      }
      failures = 0;
      size = mostRecords;
      if (this.faults.random.chance(0.1)) {
        this.faults.note('stream batch again', this.name);
        void this.invoke(batch, true);
      }
    }
    shard.reading = false;
  }

  /** How many records of the batch are done for good. */
  private async invoke(batch: readonly DynamoDBRecord[], calm: boolean): Promise<{ done: number; crashed: boolean }> {
    const where = new Environment(`${this.name}-${String((this.invocations += 1))}`);
    where.calm = calm;
    where.busy = true;
    const outcome = await Promise.race([this.work(batch, where).catch(() => 'dead' as const), where.death]);
    where.busy = false;
    if (outcome === 'dead') return { done: 0, crashed: true };
    const failed = outcome.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    if (failed.length === 0) return { done: batch.length, crashed: false };
    this.faults.note('stream batch failed in part', `${where.name} ${failed.join(' ')}`);
    return { done: batch.findIndex(({ dynamodb }) => failed.includes(dynamodb?.SequenceNumber ?? '')), crashed: false };
  }
}
