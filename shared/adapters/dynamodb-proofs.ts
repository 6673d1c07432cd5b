import { ConditionalCheckFailedException, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { itemKind, keys, orderAttribute } from '../contract/tables.ts';
import type { Proof } from '../model/proof.ts';
import { day } from '../model/time.ts';
import type { Attributes } from './dynamodb-batch.ts';
import { documentAttribute, expiryOf, keyAttributes } from './dynamodb-item.ts';

/**
 * Proofs of life on the road that findings and alerts take: through the findings table and its stream, twice. They are items of kinds of
 * their own, in partitions of their own, so that whoever reads findings or alerts meets none. Each is written once.
 */
export class DynamoDbProofs {
  private readonly client: DynamoDBClient;
  private readonly table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.client = client;
    this.table = table;
  }

  /** For triage, as a finding would be recorded. */
  async record(proof: Proof): Promise<void> {
    await this.put(proof, itemKind.proof, {});
  }

  /** For notify, as an alert with an order to tell of it would be. */
  async order(proof: Proof): Promise<void> {
    await this.put(proof, itemKind.provenAlert, { [orderAttribute]: { N: '1' } });
  }

  private async put({ cluster, time }: Proof, kind: string, more: Attributes): Promise<void> {
    const put = new PutItemCommand({
      TableName: this.table,
      Item: {
        ...keyAttributes({ partition: `proof#${cluster}`, sort: `${kind}#${String(time)}` }),
        [itemKind.attribute]: { S: kind },
        [keys.expires]: { N: String(expiryOf(time + day)) },
        ...more,
        [documentAttribute]: { S: JSON.stringify({ cluster, time } satisfies Proof) },
      },
      ConditionExpression: 'attribute_not_exists(#pk)',
      ExpressionAttributeNames: { '#pk': keys.partition },
    });
    await this.client.send(put).catch((error: unknown) => {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    });
  }
}
