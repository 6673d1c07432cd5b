import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { startFauxqs } from 'fauxqs';
import { entryOf } from '../../infra/bundle.ts';
import { environment } from '../../shared/contract/environment.ts';
import { metrics } from '../../shared/contract/metrics.ts';
import { itemKind, orderAttribute } from '../../shared/contract/tables.ts';
import { benchmarkAuditPayloads } from '../simulation/benchmark.ts';
import { type DataMessage, subscriptionPayload } from '../simulation/cloudwatch.ts';
import { bundlingOptions } from '../support/bundling.ts';
import { LocalDynamoDb, localCredentials, localRegion } from '../support/dynamodb.ts';
import { LocalHttp } from '../support/http.ts';
import { TableStream } from '../support/stream.ts';
import { shells } from '../triage/storm.ts';
import { type Passed, WaitingProxy } from './waiting-proxy.ts';

/**
 * Our own share of the time from a payload to the message: processor, round trips that follow one another, and both together where a trip
 * waits 5 ms. Bundles as they are deployed, each in a process of its own, on local servers: theirs, the stream's and Lambda's own time is
 * not ours.
 */

const seed = 20260310;
const perPayload = 500;
const rounds = Number(process.env['ROUNDS'] ?? 120);
const delay = 5;
const names = ['analyse-audit', 'triage', 'notify', 'deliver'] as const;
type Name = (typeof names)[number];

interface Answer {
  readonly cpu: number;
  readonly wall: number;
  readonly error?: string;
}

class Environment {
  private readonly child: ChildProcess;
  private readonly ready: Promise<unknown>;

  constructor(bundle: string, env: Record<string, string>) {
    const options = { env, serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] } as const;
    this.child = fork(join(import.meta.dirname, 'latency-worker.ts'), [bundle], { ...options, stdio: [...options.stdio] });
    this.ready = new Promise((resolve) => this.child.once('message', resolve));
  }

  async invoke(event: unknown): Promise<Answer> {
    await this.ready;
    const answered = new Promise<Answer>((resolve) =>
      this.child.once('message', (answer) => {
        resolve(answer as Answer);
      }),
    );
    this.child.send(event as object);
    const answer = await answered;
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer;
  }

  stop(): void {
    this.child.kill();
  }
}

/** A payload of the pinned mix in which one line is a shell in a pod of the cluster's own namespace. */
function payloadsOf(date: string): unknown[] {
  return benchmarkAuditPayloads(seed, rounds * perPayload, perPayload)
    .slice(0, rounds)
    .map((data, round) => {
      const { logGroup, logStream, logEvents } = JSON.parse(gunzipSync(Buffer.from(data, 'base64')).toString('utf8')) as DataMessage;
      const [middle] = logEvents.slice(Math.floor(logEvents.length / 2));
      const lines = logEvents.map(({ message }) => message.replaceAll(/"2026-\d\d-\d\dT/g, `"${date}T`));
      const moved = (time: number): number => Date.parse(`${date}T${new Date(time).toISOString().slice(11)}`);
      const at = moved(middle?.timestamp ?? 0);
      lines[Math.floor(lines.length / 2)] = shells(Number(date.slice(-2)) * 1_000_000 + round, at, `caller-${String(round)}`);
      return {
        awslogs: {
          data: subscriptionPayload(
            logGroup,
            logStream,
            lines,
            logEvents.map(({ timestamp }) => moved(timestamp)),
          ),
        },
      };
    });
}

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;
const ms = (value: number): string => `${value.toFixed(1)} ms`;
const spread = (values: readonly number[]): string => `median ${ms(percentile(values, 0.5))}, p99 ${ms(percentile(values, 0.99))}`;

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-latency-'));
const [dynamoDb, messaging, slack] = await Promise.all([
  LocalDynamoDb.start(),
  startFauxqs({ port: 0, logger: false, defaultRegion: localRegion }),
  LocalHttp.start({ status: 200, body: 'ok' }),
]);
const secret = JSON.stringify({ SecretString: `${slack.url}/services/T0/B0/secret` });
const secrets = await LocalHttp.start({ status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: secret });
for (const table of ['state', 'settings']) await dynamoDb.createTable(table);
await dynamoDb.createTable('findings', { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } });
const { topicArn } = messaging.createTopic('alerts', { region: localRegion });
const tables = await WaitingProxy.before(dynamoDb.endpoint);
const topic = await WaitingProxy.before(messaging.address);
const stream = new TableStream(dynamoDb, 'findings');

const variables = (name: Name): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  AWS_REGION: localRegion,
  AWS_ACCESS_KEY_ID: localCredentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: localCredentials.secretAccessKey,
  AWS_ENDPOINT_URL_DYNAMODB: tables.url,
  AWS_ENDPOINT_URL_SNS: topic.url,
  AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
  POWERTOOLS_METRICS_NAMESPACE: metrics.namespace,
  POWERTOOLS_SERVICE_NAME: name,
  [environment.stateTable]: 'state',
  [environment.findingsTable]: 'findings',
  [environment.settingsTable]: 'settings',
  [environment.alertTopic]: topicArn,
  [environment.channelSecret]: 'secret',
  [environment.channel]: JSON.stringify({ kind: 'slack-webhook', name: 'slack' }),
  [environment.site]: '{}',
});
const bundles = new Map<Name, string>();
for (const name of names) {
  const file = join(folder, `${name}.mjs`);
  await build({ ...bundlingOptions(), entryPoints: [entryOf(name)], outfile: file });
  bundles.set(name, file);
}
const begin = (name: Name): Environment => new Environment(bundles.get(name) ?? '', variables(name));

interface Round {
  readonly answers: ReadonlyMap<Name, Answer>;
  readonly trips: readonly number[];
  readonly total: number;
}

/** A payload on its way to the message. `total` is what lies between its arrival and the publishing, stage by stage. */
async function round(payload: unknown, at: (name: Name) => Environment): Promise<Round | undefined> {
  const answers = new Map<Name, Answer>();
  const trips: number[] = [];
  let total = 0;
  const stage = async (name: Name, event: unknown, isTold: (passed: Passed) => boolean): Promise<boolean> => {
    const environment_ = at(name);
    for (const proxy of [tables, topic]) proxy.begin();
    const begun = performance.now();
    answers.set(name, await environment_.invoke(event));
    const told = [...tables.passed, ...topic.passed].find(isTold);
    if (told === undefined) return false;
    trips.push(told.depth);
    total += told.done - begun;
    return true;
  };
  const recordsOf = async (kind: string) => ({
    Records: (await stream.changes()).filter(({ dynamodb }) => dynamodb?.NewImage?.[itemKind.attribute]?.S === kind),
  });
  const put = ({ action, body }: Passed): boolean => action === 'PutItem' && body.includes('"findings"');
  if (!(await stage('analyse-audit', payload, put))) return undefined;
  await stage('triage', await recordsOf(itemKind.finding), (passed) => put(passed) && passed.body.includes(`"${orderAttribute}"`));
  await stage('notify', await recordsOf(itemKind.alert), ({ action }) => action === 'Publish');
  const Message = new URLSearchParams(topic.passed.at(-1)?.body).get('Message') ?? '{}';
  answers.set('deliver', await at('deliver').invoke({ Records: [{ messageId: 'm', body: Message }] }));
  await stream.changes();
  return { answers, trips, total };
}

try {
  console.log(
    `machine: ${String(cpus().length)} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}; seed ${String(seed)}, ${String(rounds)} payloads of ${String(perPayload)} events with one hit each`,
  );
  const warm = new Map(names.map((name) => [name, begin(name)]));
  const at = (name: Name): Environment => warm.get(name) ?? begin(name);
  for (const [title, date] of [
    ['callers that no process knows', '2026-03-10'],
    ['the same callers two days later: state remembered', '2026-03-12'],
  ] as const) {
    tables.delay = topic.delay = delay;
    const done: Round[] = [];
    for (const [position, payload] of payloadsOf(date).entries()) {
      const one = await round(payload, at);
      // The first payload meets processes that have just begun.
      if (one !== undefined && position > 0) done.push(one);
    }
    console.log(`\n${title}: ${String(done.length)} told`);
    for (const name of names)
      console.log(`  ${name.padEnd(14)} processor ${spread(done.flatMap(({ answers }) => answers.get(name)?.cpu ?? []))}`);
    for (const [trips, some] of Map.groupBy(done, ({ trips: each }) => each.join(' + ')))
      console.log(`  round trips to record + to alert + to publish: ${trips} (${String(some.length)} payloads)`);
    console.log(
      `  total to the publishing, ${String(delay)} ms a trip and the local servers' time: ${spread(done.map(({ total }) => total))}`,
    );
  }
  const cold = new Map(names.map((name) => [name, begin(name)]));
  const [payload] = payloadsOf('2026-03-14');
  const first = await round(payload, (name) => cold.get(name) ?? begin(name));
  console.log('\ncold, each a fresh process with its import:');
  for (const name of names) {
    const { cpu = 0, wall = 0 } = first?.answers.get(name) ?? {};
    console.log(`  ${name.padEnd(14)} processor ${ms(cpu)}, wall ${ms(wall)}`);
  }
  for (const each of [...warm.values(), ...cold.values()]) each.stop();
} finally {
  for (const proxy of [tables, topic]) proxy.stop();
  dynamoDb.stop();
  await Promise.all([messaging.stop(), slack.stop(), secrets.stop()]);
  rmSync(folder, { recursive: true });
}
