import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freshenLists, shelf } from '../../functions/lists.ts';
import { entryOf } from '../../infra/bundle.ts';
import { environment } from '../../shared/contract/environment.ts';
import { metrics } from '../../shared/contract/metrics.ts';
import { compiledLists, type ListSource } from '../../shared/contract/site.ts';
import { decodeLists } from '../../shared/lists/compiled.ts';
import { bundlingOptions } from '../support/bundling.ts';
import { localCredentials, localRegion } from '../support/dynamodb.ts';
import { LambdaFunction } from '../support/lambda.ts';
import { until } from '../support/until.ts';

const sources: readonly ListSource[] = [
  { name: 'servers of the week', kind: 'threat', bucket: 'feeds', key: 'threat.txt' },
  { name: 'as', kind: 'as', bucket: 'feeds', key: 'as.tsv' },
];
const tick = { tick: true, time: '2026-03-02T12:00:00Z' };

describe('the function that refreshes lists, bundled as it is deployed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-refresh-'));
  let server: FauxqsServer;
  let client: S3Client;
  let refresh: LambdaFunction;
  const lambda = (): Record<string, string> => ({
    AWS_REGION: localRegion,
    AWS_ACCESS_KEY_ID: localCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: localCredentials.secretAccessKey,
    AWS_ENDPOINT_URL_S3: server.address.replace('localhost', '127.0.0.1'),
    POWERTOOLS_METRICS_NAMESPACE: metrics.namespace,
    POWERTOOLS_SERVICE_NAME: 'refresh-lists',
    [environment.listBucket]: 'lists',
    [environment.listSources]: JSON.stringify(sources),
  });

  beforeAll(async () => {
    server = await startFauxqs({ port: 0, logger: false, defaultRegion: localRegion });
    client = new S3Client({ endpoint: server.address, region: localRegion, credentials: localCredentials, forcePathStyle: true });
    server.createBucket('feeds');
    server.createBucket('lists');
    const bundle = join(folder, 'index.mjs');
    await build({ ...bundlingOptions(), entryPoints: [entryOf('refresh-lists')], outfile: bundle });
    refresh = new LambdaFunction({ name: 'refresh-lists', bundle, environment: lambda(), seconds: 30 }, {});
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await refresh.stop();
    client.destroy();
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  const put = async (key: string, body: string): Promise<unknown> =>
    client.send(new PutObjectCommand({ Bucket: 'feeds', Key: key, Body: body }));
  const compiled = async () => {
    const { Body, ETag } = await client.send(new GetObjectCommand({ Bucket: 'lists', Key: compiledLists.object }));
    return { lists: decodeLists((await Body?.transformToByteArray()) ?? new Uint8Array()), ETag };
  };

  it('compiles what is there, says what is not, keeps what was good, and the judges take it up', async () => {
    await put('threat.txt', '203.0.113.9\n2001:db8:66::/48\n');
    await refresh.invoke(tick);
    expect((await compiled()).lists.map(({ name, kind }) => [name, kind])).toEqual([['servers of the week', 'threat']]);
    await until('the failure is counted', () => (refresh.metric(metrics.listsNotRefreshed) === 1 ? true : undefined));
    expect(refresh.log()).toContain('its last good version, if any, holds');

    await put('as.tsv', '203.0.113.0\t203.0.113.255\t64500\tDE\tExample\n');
    await put('threat.txt', '<html>Service Unavailable</html>');
    await refresh.invoke(tick);
    const { lists, ETag } = await compiled();
    expect(lists.map(({ name, ranges }) => [name, ranges.find('203.0.113.9')])).toEqual([
      ['servers of the week', 0],
      ['as', 0],
    ]);

    await put('threat.txt', '203.0.113.9\n2001:db8:66::/48\n');
    await refresh.invoke(tick);
    expect((await compiled()).ETag).toBe(ETag);

    for (const [name, value] of Object.entries({ ...lambda(), [environment.site]: '{"awaited":["threat","as"]}' })) vi.stubEnv(name, value);
    await freshenLists();
    expect(shelf().of('203.0.113.9')).toMatchObject({
      listings: [{ name: 'servers of the week', kind: 'threat', asOf: expect.any(Number) as number }],
      system: { number: 64500, name: 'Example' },
    });
    expect(shelf().of('203.0.114.9')).toEqual({ listings: [], system: undefined });
  });
});
