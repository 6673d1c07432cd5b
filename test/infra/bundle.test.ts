import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { build } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';

import { project } from '../../infra/bundle.ts';
import { bundlingOptions } from '../support/bundling.ts';

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bundle-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Bundles a program as CDK does, by the same options, and says how large it came out. */
async function bundle(source: string): Promise<{ readonly file: string; readonly bytes: number }> {
  const file = join(folder, 'index.mjs');
  const result = await build({
    ...bundlingOptions(),
    stdin: { contents: source, resolveDir: project.projectRoot, loader: 'ts' },
    outfile: file,
    metafile: true,
  });
  const bytes = Object.values(result.metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
  const inputs = Object.keys(result.metafile.inputs).join('\n');
  expect(inputs).toContain('infra/env-credentials.ts');
  expect(inputs).not.toContain('credential-provider-ini');
  return { file, bytes };
}

const client = `
  import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
  import { SNSClient, ListTopicsCommand } from '@aws-sdk/client-sns';
  await new DynamoDBClient({ maxAttempts: 1 }).send(new ListTablesCommand({}));
  await new SNSClient({ maxAttempts: 1 }).send(new ListTopicsCommand({})).catch(() => undefined);
`;

async function run(file: string, env: Record<string, string>): Promise<{ readonly code: number; readonly stderr: string }> {
  const child = spawn(process.execPath, [file], { env: { AWS_REGION: 'eu-central-1', AWS_EC2_METADATA_DISABLED: 'true', ...env } });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, stderr };
}

describe('a bundled client of the SDK', () => {
  it('signs with the credentials that Lambda puts into the environment, and is small', async () => {
    const signed: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      signed.push(`${String(request.headers.authorization)} ${String(request.headers['x-amz-security-token'])}`);
      response.setHeader('content-type', 'application/x-amz-json-1.0').end('{"TableNames":[]}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { file, bytes } = await bundle(client);
    const { code, stderr } = await run(file, {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
      AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'example',
      AWS_SESSION_TOKEN: 'session',
    });
    server.close();
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(signed).toHaveLength(2);
    for (const headers of signed) expect(headers).toMatch(/Credential=AKIAIOSFODNN7EXAMPLE\/.* session$/);
    expect(bytes).toBeLessThan(300_000);
  });

  it('says what is missing where there are none', async () => {
    const { file } = await bundle(client);
    const { code, stderr } = await run(file, { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' });
    expect(code).not.toBe(0);
    expect(stderr).toContain('no AWS credentials in the environment');
  });
});
