import type { LogRecord } from '../../../shared/model/record.ts';
import { hour, minute, second } from '../../../shared/model/time.ts';
import { start } from '../../laws/histories.ts';
import { auditLine } from '../../support/records.ts';
import type { Random } from '../random.ts';

/** The days of a small cluster, drawn from a seed: quiet reads, hours in which much comes together, and attacks. */

interface Moment {
  /** Event time, milliseconds since the epoch. */
  readonly at: number;
}

/** A read or call from one of a few networks. */
export interface Novel extends Moment {
  readonly kind: 'secrets' | 'configmaps' | 'services' | 'call';
  readonly who: string;
  readonly net: number;
}

/** Something that happened. */
export type Happening =
  | Novel
  | (Moment & { readonly kind: 'pod' | 'deletion' | 'shell'; readonly who: string })
  | (Moment & { readonly kind: 'change'; readonly who: string; readonly object: string; readonly image: string })
  | (Moment & { readonly kind: 'flow'; readonly from: string; readonly to: string; readonly bytes: number })
  | (Moment & { readonly kind: 'born' | 'addressed' });

/** What happened, with its line in the log. */
export interface Occurrence {
  readonly happening: Happening;
  readonly log: 'audit' | 'flow' | 'api';
  readonly record: LogRecord;
}

const days = 4;
const people = ['alpha', 'beta'] as const;
/** The pod that shells are opened in and that sends. */
const pod = { name: 'web-1', uid: 'uid-web-1', address: '10.0.0.5' } as const;

/** A history in order of event time. */
export function historyOf(random: Random): readonly Occurrence[] {
  const crowds = Array.from({ length: 4 }, () => start + random.int(25 * 60, days * 24 * 60) * minute);
  const happenings: Happening[] = [
    // The address is known long before anything is sent from it.
    { at: start, kind: 'born' },
    { at: start + second, kind: 'addressed' },
    ...habits(random),
    ...quiet(random),
    ...crowds.flatMap((at) => crowd(random, at)),
    ...spray(random, random.pick(crowds)),
    ...slowDeletions(random, random.pick(crowds)),
    ...rollout(random, random.pick(crowds)),
    ...intrusion(random, random.pick(crowds)),
    ...transfers(random, random.pick(crowds)),
    ...transfers(random, random.pick(crowds)),
  ];
  return happenings
    .sort((a, b) => a.at - b.at)
    .map((happening, position) => ({ ...happening, at: happening.at + position }))
    .map((happening, position) => ({ happening, log: logOf(happening), record: recordOf(happening, position) }));
}

const novelKinds = ['secrets', 'configmaps', 'services', 'call'] as const;

/** What everybody does on the first day, and so is known. */
function habits(random: Random): Happening[] {
  return people.flatMap((who) =>
    novelKinds.map((kind): Happening => ({ at: start + random.int(1, 600) * minute, kind, who, net: random.int(1, 2) })),
  );
}

function quiet(random: Random): Happening[] {
  return Array.from({ length: 10 }, () => read(random, start + random.int(1, days * 24 * 60) * minute));
}

function read(random: Random, at: number): Novel {
  return { at, kind: random.pick(novelKinds), who: random.pick(people), net: random.int(1, 4) };
}

/** Much within minutes, so that invocations run at once on the same keys. */
function crowd(random: Random, around: number): Happening[] {
  return Array.from({ length: random.int(3, 7) }, (): Happening => {
    const at = around + random.int(0, 8 * 60) * second;
    return random.chance(0.3) ? { at, kind: 'shell', who: random.pick(people) } : read(random, at);
  });
}

/** Many pods within minutes: around the ceiling, on either side. */
function spray(random: Random, around: number): Happening[] {
  const who = random.pick(people);
  // Half of them across the end of a quarter-hour, where one item of the counter ends and the next begins.
  const quarter = Math.ceil(around / (15 * minute)) * 15 * minute;
  let at = random.chance(0.5) ? quarter - random.int(60, 150) * second : around + random.int(0, 30 * 60) * second;
  return Array.from({ length: random.int(10, 18) }, (): Happening => ({ at: (at += random.int(0, 25) * second), kind: 'pod', who }));
}

/** Deletions over most of an hour: no quarter-hour holds enough of them. */
function slowDeletions(random: Random, around: number): Happening[] {
  const who = random.pick(people);
  let at = around - 20 * minute;
  return Array.from({ length: random.int(5, 8) }, (): Happening => ({ at: (at += random.int(1, 9) * minute), kind: 'deletion', who }));
}

/** One object's writes keep their order: they are further apart than records can be displaced. */
function rollout(random: Random, around: number): Happening[] {
  return ['web', 'api'].flatMap((object) => {
    let at = around - random.int(60, 120) * minute;
    return Array.from({ length: 4 }, (): Happening => ({
      at: (at += random.int(16, 50) * minute),
      kind: 'change',
      who: random.pick(people),
      object,
      image: random.pick(['a', 'b', 'c']),
    }));
  });
}

/** One person's steps, minutes apart: which came first decides. */
function intrusion(random: Random, around: number): Happening[] {
  const who = 'gamma';
  const change = (at: number, object: string, image: string): Happening => ({ at, kind: 'change', who, object, image });
  const shell = around + random.int(90, 240) * second;
  const later = shell + random.int(-120, 240) * second;
  return [
    change(start + hour, 'first', 'a'),
    change(start + hour + minute, 'second', 'a'),
    change(around, 'first', 'b'),
    { at: shell, kind: 'shell', who },
    change(later, 'second', 'b'),
  ];
}

/** Around the sum that the roll-up tells of. */
function transfers(random: Random, around: number): Happening[] {
  const to = random.pick(['203.0.113.9', '198.51.100.7']);
  return Array.from({ length: random.int(2, 5) }, (): Happening => {
    const at = Math.floor((around + random.int(0, hour / second) * second) / second) * second;
    return { at, kind: 'flow', from: random.chance(0.7) ? pod.address : '10.0.0.6', to, bytes: random.int(100, 600) };
  });
}

function logOf({ kind }: Happening): Occurrence['log'] {
  if (kind === 'call') return 'api';
  return kind === 'flow' ? 'flow' : 'audit';
}

function recordOf(happening: Happening, position: number): LogRecord {
  const id = `00000000-0000-4000-8000-${String(position).padStart(12, '0')}`;
  return { id, message: messageOf(happening, id, position) };
}

function messageOf(happening: Happening, id: string, position: number): string {
  const { at, kind } = happening;
  switch (kind) {
    case 'secrets':
    case 'configmaps':
    case 'services':
      return auditLine({ at, id, who: happening.who, from: addressIn(happening.net), resource: kind });
    case 'call':
      return apiCall(happening, id);
    case 'pod':
      return auditLine({ at, id, who: happening.who, verb: 'create', resource: 'pods', name: `sprayed-${String(position)}` });
    case 'deletion':
      return auditLine({ at, id, who: happening.who, verb: 'delete', resource: 'pods', name: `old-${String(position)}` });
    case 'shell':
      return auditLine({ at, id, who: happening.who, verb: 'create', resource: 'pods', subresource: 'exec', name: pod.name, code: 101 });
    case 'change': {
      const { who, object: name, image } = happening;
      const response = { spec: { image }, metadata: { name } };
      return auditLine({ at, id, who, verb: 'update', resource: 'deployments', name, response });
    }
    case 'flow': {
      const seconds = String(Math.floor(at / second));
      return `2 111122223333 eni-0a ${happening.from} ${happening.to} ${String(40_000 + position)} 443 6 3 ${String(happening.bytes)} ${seconds} ${seconds} ACCEPT OK`;
    }
    case 'born': {
      const response = { metadata: { uid: pod.uid, name: pod.name } };
      return auditLine({ at, id, who: 'controller', verb: 'create', resource: 'pods', name: pod.name, response });
    }
    case 'addressed': {
      const request = { metadata: { uid: pod.uid }, status: { podIP: pod.address, hostIP: '10.0.1.1' } };
      return auditLine({
        at,
        id,
        who: 'system:node:ip-10-0-1-1',
        verb: 'patch',
        resource: 'pods',
        subresource: 'status',
        name: pod.name,
        request,
      });
    }
  }
}

/** The address that a read comes from. */
function addressIn(net: number): string {
  return `192.0.${String(net)}.7`;
}

function apiCall({ at, who, net }: Novel, id: string): string {
  const account = '111122223333';
  return JSON.stringify({
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.sts',
    account,
    region: 'eu-central-1',
    detail: {
      eventSource: 'sts.amazonaws.com',
      eventName: 'AssumeRole',
      eventID: id,
      eventTime: new Date(at).toISOString(),
      awsRegion: 'eu-central-1',
      recipientAccountId: account,
      sourceIPAddress: addressIn(net),
      userAgent: 'aws-cli/2',
      userIdentity: { type: 'IAMUser', userName: who, arn: `arn:aws:iam::${account}:user/${who}`, accountId: account },
      requestParameters: {},
    },
  });
}
