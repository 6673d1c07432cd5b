import { DescribeTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type _Record,
} from '@aws-sdk/client-dynamodb-streams';
import { itemKind, keys } from '../../shared/contract/tables.ts';
import { type LocalDynamoDb, localCredentials, localRegion } from './dynamodb.ts';
import { streamed } from './streamed.ts';
import { until } from './until.ts';

/** Reads the stream of a table from its beginning. */
export class TableStream {
  private readonly local: LocalDynamoDb;
  private readonly table: string;
  private readonly client: DynamoDBStreamsClient;
  private iterator: string | undefined;
  private marks = 0;

  constructor(local: LocalDynamoDb, table: string) {
    this.local = local;
    this.table = table;
    this.client = new DynamoDBStreamsClient({ endpoint: local.endpoint, region: localRegion, credentials: localCredentials });
  }

  /** Every change since the last call: a mark is written, and the stream is read up to it, so that no time decides. */
  async changes(): Promise<_Record[]> {
    const mark = `mark ${String((this.marks += 1))}`;
    await this.local.client.send(
      new PutItemCommand({
        TableName: this.table,
        Item: { [keys.partition]: { S: 'mark' }, [keys.sort]: { S: mark }, [itemKind.attribute]: { S: 'mark' } },
      }),
    );
    this.iterator ??= await this.begin();
    const changes: _Record[] = [];
    await until(`the stream of ${this.table} brings ${mark}`, async () => {
      const { Records = [], NextShardIterator } = await this.client.send(new GetRecordsCommand({ ShardIterator: this.iterator }));
      this.iterator = NextShardIterator;
      changes.push(...Records.map(asDelivered));
      return Records.some(({ dynamodb }) => dynamodb?.Keys?.[keys.sort]?.S === mark) || undefined;
    });
    return changes;
  }

  private async begin(): Promise<string> {
    const { Table } = await this.local.client.send(new DescribeTableCommand({ TableName: this.table }));
    const StreamArn = Table?.LatestStreamArn;
    const { StreamDescription } = await this.client.send(new DescribeStreamCommand({ StreamArn }));
    const shards = StreamDescription?.Shards ?? [];
    // One shard keeps the order between all items, which the marks rely on.
    if (shards.length !== 1) throw new Error(`DynamoDB Local has ${String(shards.length)} shards, not one`);
    const answer = await this.client.send(
      new GetShardIteratorCommand({ StreamArn, ShardId: shards[0]?.ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    if (answer.ShardIterator === undefined) throw new Error('no iterator');
    return answer.ShardIterator;
  }
}

function asDelivered(record: _Record): _Record {
  const { NewImage, OldImage } = record.dynamodb ?? {};
  const images = { ...(NewImage && { NewImage: streamed(NewImage) }), ...(OldImage && { OldImage: streamed(OldImage) }) };
  return { ...record, dynamodb: { ...record.dynamodb, ...images } };
}
