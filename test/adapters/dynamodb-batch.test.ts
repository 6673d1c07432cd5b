import type {
  BatchGetItemCommandInput,
  BatchWriteItemCommandInput,
  DynamoDBClient,
  KeysAndAttributes,
  WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Attributes, readAll, writeAll } from '../../shared/adapters/dynamodb-batch.ts';
import { chunks, inParallel } from '../../shared/adapters/effort.ts';

/** A DynamoDB that takes `take(request number)` members of each request and leaves the rest. */
function clientThatTakes(take: (request: number) => number) {
  const sizes: number[] = [];
  const stored: Attributes[] = [];
  const send = ({ input }: { input: BatchGetItemCommandInput | BatchWriteItemCommandInput }) => {
    const asked = (input.RequestItems ?? {})['table'] as WriteRequest[] | KeysAndAttributes;
    const members: readonly unknown[] = 'Keys' in asked ? (asked.Keys ?? []) : asked;
    sizes.push(members.length);
    const taken = take(sizes.length);
    const left = members.slice(taken);
    if ('Keys' in asked) {
      return Promise.resolve({
        Responses: { table: members.slice(0, taken) },
        UnprocessedKeys: left.length === 0 ? {} : { table: { ...asked, Keys: left } },
      });
    }
    for (const request of asked.slice(0, taken)) if (request.PutRequest?.Item) stored.push(request.PutRequest.Item);
    return Promise.resolve({ UnprocessedItems: left.length === 0 ? {} : { table: left } });
  };
  return { client: { send } as unknown as DynamoDBClient, sizes, stored };
}

describe('batches', () => {
  const keys = (count: number): Attributes[] =>
    Array.from({ length: count }, (_, number) => ({ pk: { S: String(number) }, sk: { S: '-' } }));

  beforeEach(() => {
    // No pauses between attempts.
    vi.spyOn(Math, 'random').mockReturnValue(0);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('ask again for what was left over', async () => {
    const { client, sizes } = clientThatTakes(() => 30);
    expect(await readAll(client, 'table', keys(100), true)).toEqual(keys(100));
    expect(sizes).toEqual([100, 70, 40, 10]);
  });

  it('keep to the size of a request', async () => {
    const { client, sizes, stored } = clientThatTakes(() => 25);
    await writeAll(client, 'table', keys(60));
    expect(sizes).toEqual([25, 25, 10]);
    expect(stored.map(({ pk }) => Number(pk?.S)).toSorted((a, b) => a - b)).toEqual(keys(60).map(({ pk }) => Number(pk?.S)));
  });

  it('are patient while nothing is done, but not for ever', async () => {
    const patient = clientThatTakes((request) => (request < 8 ? 0 : 25));
    await writeAll(patient.client, 'table', keys(10));
    expect(patient.stored).toHaveLength(10);
    const throttled = clientThatTakes(() => 0);
    await expect(readAll(throttled.client, 'table', keys(3), false)).rejects.toThrow('DynamoDB left 3 items of a batch undone');
    expect(throttled.sizes.length).toBeLessThan(20);
  });

  it('of nothing ask nobody', async () => {
    const { client, sizes } = clientThatTakes(() => 0);
    expect(await readAll(client, 'table', [], false)).toEqual([]);
    await writeAll(client, 'table', []);
    expect(sizes).toEqual([]);
  });
});

describe('work in parallel', () => {
  it('is bounded, in order, and fails with the first failure after what was begun has ended', async () => {
    let running = 0;
    let most = 0;
    const work = async (member: number) => {
      most = Math.max(most, (running += 1));
      await Promise.resolve();
      running -= 1;
      if (member === 7) throw new Error('seven');
      return member * 2;
    };
    expect(await inParallel([1, 2, 3, 4, 5], 2, work)).toEqual([2, 4, 6, 8, 10]);
    expect(most).toBe(2);
    await expect(inParallel([1, 7, 3, 4, 5, 6], 2, work)).rejects.toThrow('seven');
    expect(running).toBe(0);
    expect(await inParallel([], 4, work)).toEqual([]);
  });

  it('chunks lose nothing', () => {
    expect(chunks([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
    expect(chunks([], 2)).toEqual([]);
  });
});
