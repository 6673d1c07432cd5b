import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { itemKind, keys, orderAttribute } from '../../shared/contract/tables.ts';
import { at, object, parseJson, text } from '../../shared/model/json.ts';
import { quarterOf } from '../../shared/model/proof.ts';
import { Account, whoIs } from './account.ts';
import type { Denial, Use } from './permissions.ts';
import { falcoGroup, threatList } from './configuration.ts';
import { apiEvents, auditLines, batchesOf, flowLines, laterSignals, signalLines, stolenRole } from './story.ts';
import { Wiring } from './wiring.ts';

const auditStream = 'kube-apiserver-audit-5c1f2f4be03d9a7761c8e2d4b90fa613';
const flowStream = 'eni-052b1a43c379bab98-all';
/** Most of the intrusion, the upload and the last of the calls home. */
const hours = { from: '2026-03-12T02:00:00Z', until: '2026-03-12T03:40:00Z' };
const traffic = { from: '2026-03-12T02:00:00Z', until: '2026-03-12T06:00:00Z' };
const hourAfter = { from: '2026-03-12T06:00:00Z', until: '2026-03-12T07:00:00Z' };

/** What a rehearsal came to. */
export interface Outcome {
  /** What people read in their chat. */
  readonly messages: readonly string[];
  readonly denials: readonly Denial[];
  /** Calls that the rehearsal could not read or answer. */
  readonly troubles: readonly string[];
  readonly uses: readonly Use[];
  readonly unused: readonly { readonly who: string; readonly action: string; readonly resource: string }[];
  readonly failures: readonly { readonly who: string; readonly why: string }[];
  /** Functions that ran, by the name of their file, and how many the template has. */
  readonly ran: readonly string[];
  readonly functions: readonly string[];
  readonly logs: ReadonlyMap<string, string>;
}

/**
 * Deploys the synthesised template on this machine, plays hours of the shipped scenario into its log groups and its bus,
 * lets its schedules fire, breaks its table once, and tells what came out of the other end and what was called.
 */
export async function rehearse(progress: (step: string) => void): Promise<Outcome> {
  progress('building and deploying the stack');
  const account = await Account.deploy();
  const wiring = new Wiring(account);
  try {
    await play(account, wiring, progress);
    const functions = account.functions();
    const roles = new Map(functions.map((each) => [each.role, whoIs(each)]));
    return {
      messages: account.chat.received.map(({ body }) => text(at(parseJson(body), 'text')) ?? body),
      denials: account.permissions.denials,
      troubles: account.gateway.troubles,
      uses: account.permissions.used(),
      unused: account.permissions.unused(roles),
      failures: wiring.failures,
      ran: [...account.logs().keys()].toSorted(),
      functions: functions.map(whoIs).toSorted(),
      logs: account.logs(),
    };
  } finally {
    wiring.stop();
    await account.stop();
  }
}

async function play(account: Account, wiring: Wiring, progress: (step: string) => void): Promise<void> {
  const groups = groupsOf(account);
  progress('a list of addresses');
  account.objects.put(threatList.bucket, threatList.key, threatList.text);
  await wiring.schedule('refresh-lists', hours.from);
  progress('audit and flow logs of two hours');
  for (const lines of batchesOf(auditLines(hours))) await wiring.log(groups.audit, auditStream, lines);
  for (const lines of batchesOf(flowLines(traffic))) await wiring.log(groups.flow, flowStream, lines);
  await wiring.log(falcoGroup, 'ip-10-0-1-23', signalLines());
  progress('API calls');
  for (const event of [...apiEvents(), ...stolenRole()]) await wiring.event(event);
  progress('stream, topic, queues');
  await wiring.settle();
  progress('a proof of life');
  // Of now, as all functions have clocks of their own: what is late proves nothing.
  await wiring.schedule('prove-life', new Date(quarterOf(Date.now())).toISOString());
  await wiring.settle();
  progress('a tick, and the night');
  for (const hour of ['04', '05', '06', '07']) await wiring.schedule('rollup', `2026-03-12T${hour}:00:00Z`);
  for (const minute of ['00', '30']) await wiring.schedule('check-coverage', `2026-03-12T09:${minute}:00Z`);
  await wiring.schedule('recompute-baselines', '2026-03-13T01:30:00Z');
  await wiring.settle();
  progress('poisoned records');
  await poison(account);
  await wiring.settle();
  progress('an outage of the tables');
  account.gateway.outage = 'dynamodb';
  await wiring.log(groups.audit, auditStream, auditLines(hourAfter).slice(0, 5));
  await wiring.log(groups.flow, flowStream, flowLines(hourAfter).slice(0, 5));
  await wiring.log(falcoGroup, 'ip-10-0-1-23', laterSignals());
  for (const event of apiEvents()) await wiring.event(again(event));
  await wiring.schedule('rollup', '2026-03-12T09:00:00Z');
  await wiring.schedule('recompute-baselines', '2026-03-14T01:30:00Z');
  // It needs no table: only a tick without a time stops it.
  await wiring.schedule('prove-life', 'no time');
  account.gateway.outage = 's3';
  await wiring.schedule('refresh-lists', hourAfter.until);
  account.gateway.outage = undefined;
}

/** The same call under another id: not a repetition. */
function again(event: unknown): unknown {
  return { ...object(event), detail: { ...object(at(event, 'detail')), eventID: '4f0f8a1d-2c3e-4b6a-9f53-0c2b8f7d6e51' } };
}

/** Items that our own functions would never write: the stream brings them all the same. */
async function poison({ dynamoDb, template }: Account): Promise<void> {
  const TableName = template.nameOf('FindingsTable');
  for (const kind of [itemKind.finding, itemKind.alert])
    await dynamoDb.client.send(
      new PutItemCommand({
        TableName,
        Item: {
          [keys.partition]: { S: `poison#${kind}` },
          [keys.sort]: { S: 'poison' },
          [itemKind.attribute]: { S: kind },
          [orderAttribute]: { N: '1' },
        },
      }),
    );
}

/** The log groups that the template subscribes to: the first of each kind. */
function groupsOf({ template }: Account): { readonly audit: string; readonly flow: string } {
  const subscribed = template.all('AWS::Logs::SubscriptionFilter').map(({ properties }) => String(at(properties, 'LogGroupName')));
  const audit = subscribed.find((group) => group.startsWith('/aws/eks/'));
  const flow = subscribed.find((group) => !group.startsWith('/aws/eks/') && group !== falcoGroup);
  if (audit === undefined || flow === undefined) throw new Error('the template subscribes to no audit or no flow log');
  return { audit, flow };
}

/** The table of calls against permissions, as text. */
export function tableOf({ uses, unused }: Outcome): string {
  const rows = uses.map(({ who, action, resource, count }) => [
    who,
    action,
    resource.replace(/^arn:aws:\w*:[\w-]*:\d*:/, ''),
    String(count),
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  const never = unused.map(({ who, action, resource }) => `never used: ${who} ${action} on ${resource}`);
  return [...rows.map(line), ...never].join('\n');
}
