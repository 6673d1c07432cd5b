import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCatchUpOptions } from '../../cli/catch-up-options.ts';
import { catchUp, type Progress } from '../../cli/catching-up.ts';
import { callFunction } from '../../shared/adapters/function-call.ts';
import { MemoryFindings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { Pace } from '../../shared/adapters/pace.ts';
import { destinationOf, StoredLines } from '../../shared/adapters/stored-lines.ts';
import { cut, type StoredLine } from '../../shared/intake/cutting.ts';
import { decodeSubscription } from '../../shared/intake/subscription.ts';
import { tickAt } from '../../shared/model/event.ts';
import { hour, minute } from '../../shared/model/time.ts';
import { Pipeline } from '../../shared/pipeline.ts';
import { lawCatalogue } from '../laws/catalogue.ts';
import { recordOf, site } from '../laws/histories.ts';
import { localCredentials, localRegion } from '../support/dynamodb.ts';
import { LocalAccount } from '../support/log-account.ts';
import { root } from '../support/transports.ts';

const group = '/aws/eks/harbour/cluster';
const stream = 'kube-apiserver-audit-0a1b';
const from = Date.parse('2026-03-09T10:00:00Z');
const now = from + 5 * hour;
const origin = { account: '111122223333', group };
const line = (position: number, time: number, of = stream, message = `line ${String(position)}`): StoredLine => ({
  id: String(position).padStart(8, '0'),
  stream: of,
  time,
  message,
});

interface Envelope {
  readonly owner: string;
  readonly logGroup: string;
  readonly logStream: string;
  readonly messageType: string;
  readonly logEvents: readonly { readonly id: string; readonly timestamp: number; readonly message: string }[];
}
const opened = (data: string) => JSON.parse(gunzipSync(Buffer.from(data, 'base64')).toString()) as Envelope;
const messagesIn = (data: string) => opened(data).logEvents.map(({ message }) => message);

let account: LocalAccount;
let logs: CloudWatchLogsClient;
let lambda: LambdaClient;
beforeEach(async () => {
  account = await LocalAccount.start(group, from);
  const settings = { endpoint: account.url, region: localRegion, credentials: localCredentials, maxAttempts: 1 };
  logs = new CloudWatchLogsClient(settings);
  lambda = new LambdaClient(settings);
});
afterEach(async () => {
  logs.destroy();
  lambda.destroy();
  await account.stop();
});

const nothing = (): Promise<void> => Promise.resolve();
const stored = () => new StoredLines(logs, group, new Pace(5, nothing), nothing);
const caughtUp = async (to: number): Promise<Progress[]> => {
  const lines = stored();
  const ports = {
    within: (span: { from: number; to: number }) => lines.within(span),
    handOver: (event: unknown) => callFunction(lambda, 'analyse', event),
    now: () => now,
  };
  const all: Progress[] = [];
  for await (const progress of catchUp(origin, { from, to }, ports)) all.push(progress);
  return all;
};
const handedOver = () => account.invoked.map((each) => each.split(' ')[1] ?? '');

describe('a gap', () => {
  const other = 'authenticator-0a1b';
  beforeEach(() => {
    account.lines = [
      ...Array.from({ length: 7 }, (_, position) => line(position, from + position * 20_000)),
      line(7, from + minute - 1, other),
      line(8, from + minute, other),
      line(9, from, 'kube-scheduler-0a1b'),
      line(10, from - 1),
      line(11, from + 3 * minute),
    ];
  });

  it('is read to its last page, empty or not, and every line in it is handed over once, from streams that are read', async () => {
    const progress = await caughtUp(from + 3 * minute);
    expect(handedOver().flatMap(messagesIn).toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8].map((each) => `line ${String(each)}`));
    expect(progress.map(({ until, lines }) => [until - from, lines])).toEqual([
      [minute, 4],
      [2 * minute, 8],
      [3 * minute, 9],
    ]);
    expect(account.pages.some(({ nextToken }) => nextToken === '3')).toBe(true);
  });

  it('comes as a subscription would bring it: one stream a payload, of this account and group, late', async () => {
    await caughtUp(from + minute);
    expect(handedOver().map(opened)).toContainEqual({
      messageType: 'DATA_MESSAGE',
      owner: '111122223333',
      logGroup: group,
      logStream: other,
      subscriptionFilters: [],
      logEvents: [{ id: '00000007', timestamp: now, message: 'line 7' }],
    });
    const batches = handedOver().map((data) => decodeSubscription(data, 'eu-central-1', {}));
    expect(batches.map(({ log }) => log).toSorted()).toEqual(['audit', 'authenticator']);
    for (const { scope } of batches) expect(scope).toEqual({ cluster: 'harbour', account: '111122223333', region: 'eu-central-1' });
  });

  it('is read on when CloudWatch Logs asks for patience, and not when it refuses', async () => {
    account.refusals = ['ThrottlingException', 'ServiceUnavailableException', 'ThrottlingException'];
    await caughtUp(from + 3 * minute);
    expect(handedOver().flatMap(messagesIn)).toHaveLength(9);
    account.refusals = ['AccessDeniedException'];
    await expect(caughtUp(from + minute)).rejects.toThrow('slow down');
  });

  it('stops where the function fails, and may be begun again', async () => {
    account.failing = (data) => messagesIn(data).includes('line 3');
    await expect(caughtUp(from + 3 * minute)).rejects.toThrow('analyse failed: {"errorMessage":"out of order"}');
    const before = handedOver();
    account.failing = () => false;
    await caughtUp(from + 3 * minute);
    const again = handedOver().slice(before.length);
    expect(again).toEqual(expect.arrayContaining(before));
  });
});

describe('payloads', () => {
  const some = fc.array(
    fc.record({
      second: fc.nat(59),
      stream: fc.constantFrom('kube-apiserver-audit-0a', 'kube-apiserver-audit-0b'),
      size: fc.constantFrom(10, 400_000),
    }),
    { maxLength: 12 },
  );

  it('are the same whatever the pages were and whichever lines came twice, and none is too large', () => {
    fc.assert(
      fc.property(some, fc.nat(), (all, seed) => {
        const lines = all.map(({ second, stream: of, size }, position) => line(position, from + second * 1_000, of, 'x'.repeat(size)));
        const shuffled = [...lines, ...lines.slice(0, seed % 5)].sort(
          (a, b) => ((Number(a.id) * 7 + seed) % 11) - ((Number(b.id) * 7 + seed) % 11),
        );
        const [one, other] = [cut(lines, origin, now), cut(shuffled, origin, now)];
        expect(other).toEqual(one);
        expect(one.flatMap(({ data }) => opened(data).logEvents.map(({ id }) => id)).toSorted()).toEqual(
          lines.map(({ id }) => id).toSorted(),
        );
        for (const { data } of one) expect(messagesIn(data).join('').length).toBeLessThanOrEqual(1_000_000);
      }),
      { numRuns: 60 },
    );
  });

  it('hold five hundred lines at most', () => {
    const lines = Array.from({ length: 1_201 }, (_, position) => line(position, from));
    expect(cut(lines, origin, now).map((each) => each.lines)).toEqual([500, 500, 201]);
  });

  it('leave a line that was cut, and tells no time, the one it was stored at', () => {
    const [payload] = cut([line(0, from, stream, '{"kind":"Event" [Truncated...]'), line(1, from)], origin, now);
    expect(opened(payload?.data ?? '').logEvents.map(({ timestamp }) => timestamp)).toEqual([from, now]);
  });
});

describe('what was analysed before', () => {
  const audit = Array.from({ length: 30 }, (_, position) =>
    line(position, from + position * 1_000, stream, recordOf({ at: from + position * 1_000, kind: 'pod', who: 'alpha' }, position).message),
  );
  const idsAfter = async (...payloads: readonly string[]): Promise<readonly string[]> => {
    const world = { state: new MemoryState(), findings: new MemoryFindings(), site };
    // Each invocation may be another execution environment.
    for (const data of payloads) await new Pipeline(lawCatalogue, world).analyse(decodeSubscription(data, 'eu-central-1', {}));
    await new Pipeline(lawCatalogue, world).tick(tickAt(from + 8 * hour));
    return world.findings
      .all()
      .flatMap(({ ids }) => ids)
      .toSorted();
  };
  const inTime = (lines: readonly StoredLine[]) => cut(lines, origin, from + minute).map(({ data }) => data);
  const late = cut(audit, origin, now).map(({ data }) => data);

  it('is known again, in whatever payloads it came, and what is missing is found', async () => {
    const whole = [...new Set(await idsAfter(...inTime(audit)))];
    expect(whole).not.toEqual([]);
    const live = [audit.slice(0, 7), audit.slice(7, 11), audit.slice(20)].flatMap(inTime);
    expect([...new Set(await idsAfter(...live, ...late))]).toEqual(whole);
    expect([...new Set(await idsAfter(...live, ...late, ...late))]).toEqual(whole);
    expect([...new Set(await idsAfter(...late))]).toEqual(whole);
  });
});

/** The command as a person runs it, with the local servers in place of AWS. */
async function command(words: readonly string[]) {
  const child = spawn(process.execPath, [join(root, 'cli/catch-up.ts'), ...words], {
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      AWS_ENDPOINT_URL: account.url,
      AWS_REGION: localRegion,
      AWS_ACCESS_KEY_ID: localCredentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: localCredentials.secretAccessKey,
    },
  });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close') as Promise<[number]>]);
  return { code, stdout, stderr };
}

describe('the command', () => {
  const words = ['--log-group', group, '--from', '2026-03-09T10:00:30Z', '--to', '2026-03-09T10:03:59Z'];

  it('reads whole minutes', () => {
    expect(readCatchUpOptions(words, now)).toEqual({
      group,
      span: { from, to: from + 3 * minute },
      function: undefined,
      region: undefined,
      dryRun: false,
    });
    expect(readCatchUpOptions(['--help'], now)).toBe('help');
  });

  it.each([
    [[], 'name the log group'],
    [['--log-group', group], 'say with --from'],
    [['--log-group', group, '--from', 'yesterday'], '--from yesterday: not a time'],
    [['--log-group', group, '--from', '2026-03-09T10:00:00Z', '--to', '2026-03-10T10:00:00Z'], 'still to come'],
    [['--log-group', group, '--from', '2026-03-09T10:00:00Z', '--to', '2026-03-09T10:00:30Z'], 'at least a minute'],
    [['--log-group', '/flow', '--from', '2026-03-09T10:00:00Z'], 'would count twice: say --flow-logs'],
    [[...words, '--flow-logs'], "is a cluster's control-plane log group"],
    [[...words, 'more'], 'only options are known here'],
  ])('%j is refused', (given, why) => {
    expect(() => readCatchUpOptions(given, now)).toThrow(why);
  });

  it('asks the subscription which function judges the group', async () => {
    expect(await destinationOf(logs, group)).toBe('arn:aws:lambda:eu-central-1:111122223333:function:Plimsoll-AnalyseAudit');
    account.destination = undefined;
    expect(await destinationOf(logs, group)).toBeUndefined();
  });

  it('says first what it will read and at what price, and in a dry run stops there', async () => {
    account.lines = [line(0, from + 1), line(1, from + 2 * minute)];
    const dry = await command([...words, '--dry-run']);
    expect(dry.code).toBe(0);
    expect(dry.stderr).toContain('4.0 KB to read, which is not charged for, in 3 requests or more');
    expect(dry.stderr).toContain('Plimsoll-AnalyseAudit judges it');
    expect(account.pages).toEqual([]);

    const real = await command(words);
    expect([real.code, real.stdout]).toEqual([0, '2 lines handed over in 2 payloads\n']);
    expect(account.invoked.map((each) => each.split(' ')[0])).toEqual(
      Array(2).fill('/2015-03-31/functions/Plimsoll-AnalyseAudit/invocations'),
    );

    account.failing = (data) => messagesIn(data).includes('line 1');
    const broken = await command(words);
    expect(broken.code).toBe(4);
    expect(broken.stderr).toContain('go on with --from 2026-03-09T10:02:00.000Z --to 2026-03-09T10:03:00.000Z');

    account.destination = 'arn:aws:kinesis:eu-central-1:111122223333:stream/relay';
    const streamed = await command(words);
    expect([streamed.code, streamed.stderr]).toEqual([
      2,
      expect.stringContaining('name the function that judges its lines with --function'),
    ]);
  });
});
