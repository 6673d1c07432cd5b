import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type BootstrapOptions, readBootstrapOptions } from '../../cli/bootstrap-options.ts';
import { bootstrapRemarks, estimateText } from '../../cli/bootstrap-printing.ts';
import { affordable, bootstrap, type Bootstrapped } from '../../cli/bootstrapping.ts';
import { loadState, Memory } from '../../cli/state-file.ts';
import { DynamoDbState } from '../../shared/adapters/dynamodb-state.ts';
import { describeLogGroup, InsightsHistory } from '../../shared/adapters/logs-history.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import type { LogGroup } from '../../shared/history/estimate.ts';
import { siteOf } from '../../shared/model/site.ts';
import { day } from '../../shared/model/time.ts';
import { milliseconds } from '../simulation/clock.ts';
import { dayStart, historyStart, scenario } from '../simulation/scenario.ts';
import { describeWithDynamoDb, LocalDynamoDb, localCredentials, localRegion } from '../support/dynamodb.ts';
import { LocalLogs } from '../support/insights.ts';
import { differences, learn, memoryOf } from '../support/learning.ts';
import { Desk, run } from '../support/terminal.ts';
import { root } from '../support/transports.ts';
import { itemsIn } from '../support/items.ts';

const name = '/aws/eks/harbour/cluster';
const streams = ['kube-apiserver-audit-5c1f2f4be03d9a7761c8e2d4b90fa613', 'kube-apiserver-audit-e87d03a69f4415b2ac6e10977f3bd258'];
const span = { from: milliseconds(historyStart), to: milliseconds(dayStart) };
const site = { networks: { vpc: ['10.0.0.0/16'] } };
const options: Pick<BootstrapOptions, 'cluster' | 'span' | 'budget' | 'site'> = { cluster: 'harbour', span, budget: 5, site };

const lines = scenario.history.audit.map(({ message, time }, position) => ({
  message,
  time: milliseconds(time),
  stream: streams[position % 2]!,
}));
// What else lies in such a group, and is nobody's evidence.
const noise = lines
  .slice(0, 50)
  .map((line) => ({ ...line, message: line.message.replaceAll('reader', 'forged'), stream: 'kube-apiserver-0a1b' }));

let logs: LocalLogs;
let client: CloudWatchLogsClient;
let group: LogGroup;
beforeAll(async () => {
  logs = await LocalLogs.start([{ name, created: span.from, lines: [...lines, ...noise] }]);
  client = new CloudWatchLogsClient({ endpoint: logs.url, region: localRegion, credentials: localCredentials });
  group = (await describeLogGroup(client, name))!;
});
afterAll(async () => {
  client.destroy();
  await logs.stop();
});
beforeEach(() => {
  logs.courses.length = 0;
});

function boot(state: MemoryState, more: Partial<typeof options> = {}): Promise<Bootstrapped> {
  const log = new InsightsHistory(client, name, () => Promise.resolve());
  return bootstrap({ group, log, state }, { ...options, ...more });
}

describe('bootstrap', () => {
  it('learns from a log group what its lines would have taught', async () => {
    const state = new MemoryState();
    const { gaps, tally, scanned, profiles } = await boot(state);
    const all = await learn(
      lines.map(({ message }) => message),
      siteOf(site),
    );
    expect(gaps).toEqual([]);
    expect(differences(all.memory, memoryOf(state))).toEqual({});
    expect(tally.lines).toBeLessThan(lines.length / 3);
    expect(scanned).toBeGreaterThan(0);
    // Thresholds know at once what is usual, and an account's other queries had room.
    expect(profiles).toBeGreaterThan(0);
    expect(logs.ranAtOnce).toBeLessThanOrEqual(4);
  });

  it('learns the same twice, and after a part had been missing', async () => {
    const [once, again] = [new MemoryState(), new MemoryState()];
    const oneDay = { span: { from: span.from, to: span.from + day } };
    await boot(once, oneDay);
    logs.courses.push(['Complete'], ['Failed']);
    const { gaps } = await boot(again, oneDay);
    expect(gaps).toHaveLength(1);
    expect(differences(memoryOf(once), memoryOf(again))).not.toEqual({});
    await boot(again, { span: gaps[0]!.span });
    expect(differences(memoryOf(once), memoryOf(again))).toEqual({});
  });

  it('keeps to the budget, and names what it left out', async () => {
    const whole = affordable(group, options).dollars;
    expect(() => affordable(group, { span, budget: whole / 2 })).toThrow(/estimated at .* above the budget/);
    // The group says that it holds less than it does, as one that grew does.
    const shrunk = { ...group, storedBytes: group.storedBytes / 10 };
    const log = new InsightsHistory(client, name, () => Promise.resolve());
    const { gaps, cost } = await bootstrap({ group: shrunk, log, state: new MemoryState() }, { ...options, budget: whole / 2 });
    expect(gaps.map(({ why }) => why)).toContain('the budget is spent');
    expect(cost).toBeLessThan(whole);
  });
});

describe('what is told', () => {
  it('says before it begins what it will scan and what that costs', () => {
    const said = estimateText(
      { ...group, region: 'us-east-1' },
      { bytes: 12.34 * 1024 ** 3, dollars: 0.0617, rate: 0 },
      { span, budget: 5 },
    );
    expect(said).toBe(
      `${name} from 2026-03-09T00:00:00.000Z to 2026-03-12T00:00:00.000Z: about 12.3 GB to scan, about $0.06 at prices of July 2026; the budget is $5.00`,
    );
  });

  it('names gaps so that they can be read later, and sets the real cost beside the estimate', async () => {
    logs.courses.push(['Failed']);
    const told = [...bootstrapRemarks(await boot(new MemoryState(), { span: { from: span.from, to: span.from + day } }))];
    expect(told).toContain('not learnt: whole events from 2026-03-09T00:00:00.000Z to 2026-03-10T00:00:00.000Z: the query ended as Failed');
    expect(told.at(-1)).toMatch(/^scanned [\d.]+ MB for less than \$0\.01; estimated were [\d.]+ MB for less than \$0\.01$/);
  });
});

describe('the options', () => {
  const noon = Date.parse('2026-03-20T12:00:00.500Z');
  const minimal = ['--log-group', name, '--state', 'x'];

  it('read a fortnight up to now, at most five dollars, of the cluster that the group is named after', () => {
    expect(readBootstrapOptions(minimal, noon)).toMatchObject({
      cluster: 'harbour',
      budget: 5,
      keep: { state: 'x' },
      span: { from: Date.parse('2026-03-06T12:00:00Z'), to: Date.parse('2026-03-20T12:00:00Z') },
    });
  });

  it('read a gap', () => {
    const words = [...minimal, '--from', '2026-03-09T00:00:00Z', '--to', '2026-03-10T00:00:00Z'];
    const read = readBootstrapOptions(words, noon);
    expect(read !== 'help' && read.span.to - read.span.from).toBe(day);
  });

  it('keep nothing in a dry run', () => {
    expect(readBootstrapOptions(['--log-group', name, '--dry-run'], noon)).toMatchObject({ keep: undefined });
  });

  it.each([
    [[], /name the log group/],
    [['--log-group', name], /say where to keep/],
    [['--log-group', '/other', '--state', 'x'], /name the cluster/],
    [[...minimal, '--table', 'y'], /give one of them/],
    [[...minimal, '--days', '0'], /--days 0/],
    [[...minimal, '--days', '3', '--from', '2026-03-09'], /both tell where to begin/],
    [[...minimal, '--from', 'monday'], /not a time/],
    [[...minimal, '--from', '2026-03-20T12:00:00Z'], /at least a minute/],
    [[...minimal, '--budget', 'none'], /--budget none/],
    [[...minimal, 'file'], /only options/],
  ])('%j are refused in one clear line', (words, reason) => {
    expect(() => readBootstrapOptions(words, noon)).toThrow(reason);
  });
});

/** Runs the command against the local server, which has to answer meanwhile. */
async function command(
  words: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<{ code: number; out: string; told: string }> {
  const settings = {
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: logs.url,
    AWS_REGION: localRegion,
    AWS_ACCESS_KEY_ID: localCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: localCredentials.secretAccessKey,
  };
  const child = spawn(process.execPath, [join(root, 'cli/bootstrap.ts'), ...words], {
    env: { ...process.env, NODE_OPTIONS: '', ...settings, ...environment },
  });
  const [out, told, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close') as Promise<[number]>]);
  return { code, out, told };
}

const firstDay = ['--log-group', name, '--from', '2026-03-09T00:00:00Z', '--to', '2026-03-10T00:00:00Z'];

describe('at the terminal', () => {
  it('a mistake is one line and exit code 2', () => {
    using desk = new Desk();
    expect(run('bootstrap', ['--log-group', name, '--state', desk.path('x'), '--days', 'many'])).toMatchObject({ code: 2, out: '' });
    expect(run('bootstrap', ['--help']).out).toContain('--log-group');
  });

  it('learns into a state file that replay reads', async () => {
    using desk = new Desk();
    const { code, out, told } = await command([...firstDay, '--state', desk.path('state')]);
    expect({ code, told }).toMatchObject({
      code: 0,
      told: expect.stringMatching(/about [\d.]+ MB to scan[^]*\n2026-03-09: \d+ lines\n$/) as string,
    });
    expect(out).toMatch(/lines in: \d+ judged[^]*\nscanned /);
    const memory = new Memory();
    await loadState(desk.path('state'), memory);
    expect(memoryOf(memory.state).size).toBeGreaterThan(100);
  });

  it('keeps what it learnt and ends with 4 where a part is missing', async () => {
    using desk = new Desk();
    logs.courses.push(['Failed']);
    const { code, out } = await command([...firstDay, '--state', desk.path('state')]);
    expect({ code, out }).toMatchObject({ code: 4, out: expect.stringContaining('not learnt: whole events') as string });
    expect(existsSync(desk.path('state'))).toBe(true);
  });

  it('asks nothing in a dry run, and nothing above the budget', async () => {
    const before = logs.asked.length;
    expect(await command([...firstDay, '--dry-run'])).toMatchObject({ code: 0, out: '' });
    expect(await command([...firstDay, '--dry-run', '--budget', '0.000001'])).toMatchObject({ code: 2 });
    expect(logs.asked.length).toBe(before);
  });

  it('says in one line that a group is missing', async () => {
    const { code, told } = await command(['--log-group', '/aws/eks/other/cluster', '--dry-run']);
    expect(code).toBe(2);
    expect(told.trim().split('\n').at(-1)).toContain('there is none of this name');
  });
});

describeWithDynamoDb('into the table of a deployment', () => {
  it('it learns the same as in memory', async () => {
    const local = await LocalDynamoDb.start();
    try {
      await local.createTable('state');
      const hours = ['--log-group', name, '--from', '2026-03-10T08:00:00Z', '--to', '2026-03-10T11:00:00Z'];
      const { code } = await command([...hours, '--table', 'state'], { AWS_ENDPOINT_URL_DYNAMODB: local.endpoint });
      expect(code).toBe(0);
      const [inMemory, table] = [new MemoryState(), new DynamoDbState(local.client, 'state', () => undefined)];
      await boot(inMemory, { span: { from: Date.parse('2026-03-10T08:00:00Z'), to: Date.parse('2026-03-10T11:00:00Z') }, site: {} });
      const kept = new MemoryState();
      for await (const { key, sets } of itemsIn(table)) {
        const members = Object.fromEntries([...sets].map(([set, values]) => [set, [...values]]));
        await kept.merge([{ key, sets: members, expires: 0, cap: Number.MAX_SAFE_INTEGER }]);
      }
      for (const entry of inMemory.dump()) if ('document' in entry) await kept.put(await table.list(entry.document.partition));
      expect(differences(memoryOf(inMemory), memoryOf(kept))).toEqual({});
    } finally {
      local.stop();
    }
  });
});
