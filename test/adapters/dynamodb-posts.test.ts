import { afterAll, beforeAll, expect, it } from 'vitest';
import { DynamoDbPosts } from '../../shared/adapters/dynamodb-posts.ts';
import type { Post } from '../../shared/alert/posts.ts';
import { describeWithDynamoDb, LocalDynamoDb } from '../support/dynamodb.ts';

describeWithDynamoDb('posts in the findings table', () => {
  let dynamoDb: LocalDynamoDb;
  let posts: DynamoDbPosts;
  const post = (message: string, telling = 1): Post => ({ message, place: 'C0123456789', telling, replied: 0 });

  beforeAll(async () => {
    dynamoDb = await LocalDynamoDb.start();
    await dynamoDb.createTable('findings');
    posts = new DynamoDbPosts(dynamoDb.client, 'findings', 'incidents', () => Date.parse('2026-03-02T12:00:00Z'));
  });
  afterAll(() => {
    dynamoDb.stop();
  });

  it('are known to the channel that made them, and to no other', async () => {
    expect(await posts.get('a')).toBeUndefined();
    expect(await posts.keep('a', post('1.0'), undefined)).toEqual(post('1.0'));
    expect(await posts.get('a')).toEqual(post('1.0'));
    expect(await new DynamoDbPosts(dynamoDb.client, 'findings', 'others').get('a')).toBeUndefined();
  });

  it('stay where somebody was faster', async () => {
    const [one, two] = await Promise.all(['1.0', '2.0'].map((message) => posts.keep('b', post(message), undefined)));
    expect(one).toEqual(two);
    expect(await posts.get('b')).toEqual(one);
  });

  it('are replaced by what tells of something newer, and by nothing older', async () => {
    await posts.keep('c', post('1.0'), undefined);
    expect(await posts.keep('c', post('1.0', 3), post('1.0'))).toEqual(post('1.0', 3));
    expect(await posts.keep('c', post('1.0', 2), post('1.0'))).toEqual(post('1.0', 3));
    expect(await posts.keep('c', post('2.0', 4), post('1.0', 3))).toEqual(post('2.0', 4));
    expect(await posts.keep('c', post('1.0', 5), post('1.0', 3))).toEqual(post('2.0', 4));
  });
});
