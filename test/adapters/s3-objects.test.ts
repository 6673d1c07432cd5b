import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAbsent, S3Objects } from '../../shared/adapters/s3-objects.ts';
import { localCredentials, localRegion } from '../support/dynamodb.ts';

describe('objects of S3', () => {
  let server: FauxqsServer;
  let client: S3Client;
  let objects: S3Objects;

  beforeAll(async () => {
    server = await startFauxqs({ port: 0, logger: false, defaultRegion: localRegion });
    client = new S3Client({ endpoint: server.address, region: localRegion, credentials: localCredentials, forcePathStyle: true });
    objects = new S3Objects(client);
    server.createBucket('feeds');
  });
  afterAll(async () => {
    client.destroy();
    await server.stop();
  });

  it('come out as they were put in, with their version and time', async () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index & 255);
    await objects.write('feeds', 'compiled lists/of today.bin', bytes);
    const read = await objects.read('feeds', 'compiled lists/of today.bin');
    if (read === 'unchanged') throw new Error('nothing was known');
    expect(Buffer.from(read.bytes).equals(bytes)).toBe(true);
    expect(read.version).toMatch(/^"[0-9a-f]{32}"$/);
    expect(Math.abs((read.changed ?? 0) - Date.parse(await dateOf('compiled lists/of today.bin')))).toBeLessThan(1_000);
  });

  it('are fetched again when they changed, and not before', async () => {
    await client.send(new PutObjectCommand({ Bucket: 'feeds', Key: 'threat.txt', Body: '203.0.113.9' }));
    const first = await objects.read('feeds', 'threat.txt');
    if (first === 'unchanged') throw new Error('nothing was known');
    expect(await objects.read('feeds', 'threat.txt', first.version)).toBe('unchanged');
    await client.send(new PutObjectCommand({ Bucket: 'feeds', Key: 'threat.txt', Body: '203.0.113.10' }));
    const second = await objects.read('feeds', 'threat.txt', first.version);
    expect(second === 'unchanged' ? '' : Buffer.from(second.bytes).toString()).toBe('203.0.113.10');
  });

  it('that are not there fail, and are told from those that cannot be reached', async () => {
    const absent = await objects.read('feeds', 'nowhere.txt').catch((error: unknown) => error);
    expect(isAbsent(absent)).toBe(true);
    const elsewhere = await objects.read('no-such-bucket', 'threat.txt').catch((error: unknown) => error);
    expect(elsewhere).toBeInstanceOf(Error);
    expect(isAbsent(elsewhere)).toBe(false);
    expect(isAbsent(new Error('socket hang up'))).toBe(false);
    await expect(objects.write('no-such-bucket', 'x', new Uint8Array())).rejects.toThrow();
  });

  async function dateOf(key: string): Promise<string> {
    const { LastModified } = await client.send(new GetObjectCommand({ Bucket: 'feeds', Key: key }));
    return LastModified?.toISOString() ?? '';
  }
});
