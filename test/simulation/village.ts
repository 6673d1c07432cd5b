import { flowFormat } from '../../shared/contract/logs.ts';
import { replicaSets } from '../evasion/cast.ts';
import type { Text } from '../evasion/replay.ts';
import { asked } from '../evasion/records.ts';
import { type Micros, day, hour, instant, minute, second } from './clock.ts';
import { type End, flowRecords, type Interface } from './flow.ts';
import { type Json, serialise } from './go-json.ts';
import { type Identity, nodeIdentity } from './identity.ts';
import { Random } from './random.ts';
import { core } from './target.ts';

/** When stories begin; the village was watched for five days before. */
export const dawn: Micros = instant('2026-03-11T09:14:00Z');

/** A node and the interface that all its pods' traffic passes. */
export interface Machine {
  readonly identity: Identity;
  readonly name: string;
  readonly address: string;
  readonly eni: Interface;
}

/** A pod of a Deployment, in both families. */
export interface Resident {
  readonly namespace: string;
  readonly workload: string;
  readonly pod: string;
  readonly uid: string;
  readonly address: string;
  readonly address6: string;
  readonly machine: Machine;
}

/** Somebody beyond the VPC. */
export interface Stranger {
  readonly address: string;
  readonly service?: string;
}

/** What is said to whom; an ordinary request to an ordinary port where nothing else is told. */
export interface Talk {
  readonly at: Micros;
  readonly port?: number;
  readonly sent?: number;
  readonly received?: number;
  readonly lasts?: Micros;
  readonly protocol?: number;
  readonly unanswered?: boolean;
  readonly rejected?: boolean;
  readonly over6?: boolean;
}

function machine(number: number): Machine {
  const digits = String(number).padStart(2, '0');
  const address = `10.0.${String(30 + number)}.7`;
  const name = `ip-10-0-${String(30 + number)}-7.eu-central-1.compute.internal`;
  const instance = `i-0a1b2c3d4e5f607${digits}`;
  return {
    identity: nodeIdentity({ name, instance, address }, 'village-node', '1.33.1'),
    name,
    address,
    eni: {
      id: `eni-0a1b2c3d4e5f607${digits}`,
      address,
      instance,
      subnet: 'subnet-0c08b4d0e8cc7df39',
      vpc: 'vpc-038faba71b3a6cfc9',
      zone: 'euc1-az1',
    },
  };
}

const east = machine(1);
const west = machine(2);
/** What the VPC's traffic to the internet passes where it has a NAT gateway. */
const gateway = machine(60);

function resident(workload: string, on: Machine, host: number, replica = 'kq2xm'): Resident {
  const [namespace = '', name = ''] = workload.split('/');
  const third = on.address.split('.')[2] ?? '';
  const pod = `${name}-6f9d8c7b54-${replica}`;
  return {
    namespace,
    workload: name,
    pod,
    uid: new Random(`pod/${workload}/${replica}/${String(host)}`).uuid(),
    address: `10.0.${third}.${String(host)}`,
    address6: `2001:db8:1:${third}::${host.toString(16)}`,
    machine: on,
  };
}

/** Who lives there. What talks to each other stands on different nodes, or no flow log would see it. */
export const people = {
  api: resident('shop/api', east, 112),
  worker: resident('shop/worker', east, 113),
  web: resident('shop/web', west, 30),
  db: resident('shop/db', west, 20),
  prometheus: resident('monitoring/prometheus', west, 40),
  dns: resident('kube-system/coredns', west, 60),
  backup: resident('shop/backup', west, 50),
} as const;

/** A replica that comes later: the same workload, another pod, another address. */
export function replicaOf({ namespace, workload, machine: on }: Resident, number: number): Resident {
  return resident(`${namespace}/${workload}`, on, 150 + number, `n${String(number)}xkq`.slice(0, 5).padEnd(5, 'z'));
}

/** Where they send to every day. */
export const partners = {
  saas: { address: '198.51.100.7' },
  metrics: { address: '192.0.2.50' },
  bucket: { address: '192.0.2.180', service: 'S3' },
  registry: { address: '192.0.2.190', service: 'AMAZON' },
} as const satisfies Readonly<Record<string, Stranger>>;

/**
 * A handful of workloads on two nodes, and the lines that they leave: small enough to be known by heart, so that a story in it has
 * one cause. With `snat`, what leaves the VPC over IPv4 bears its node's address, as the VPC CNI does by default.
 */
export class Village {
  private readonly audit: { readonly time: Micros; readonly line: string }[] = [];
  private readonly flows: { readonly time: Micros; readonly line: string }[] = [];
  readonly random: Random;
  private readonly snat: boolean;

  constructor(snat: boolean, story: string) {
    this.snat = snat;
    this.random = new Random(`village/${story}`);
  }

  /** A pod is made by its controller, and its node tells its addresses. */
  born(who: Resident, at: Micros): this {
    const { namespace, workload, pod, uid, machine: on } = who;
    const set = `${workload}-6f9d8c7b54`;
    const owner: Json = {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      name: set,
      uid: new Random(`set/${namespace}/${set}`).uuid(),
      controller: true,
    };
    const metadata = { name: pod, namespace, uid, labels: { app: workload, 'pod-template-hash': '6f9d8c7b54' }, ownerReferences: [owner] };
    const image = `111122223333.dkr.ecr.eu-central-1.amazonaws.com/${namespace}/${workload}:1.42.0`;
    const object = {
      kind: 'Pod',
      apiVersion: 'v1',
      metadata,
      spec: { serviceAccountName: workload, containers: [{ name: workload, image }] },
    };
    const addresses = [{ ip: who.address }, { ip: who.address6 }];
    const status = { metadata: { uid }, status: { hostIP: on.address, podIP: who.address, podIPs: addresses } };
    this.asks(replicaSets, at, [{ verb: 'create', target: core('pods', namespace, pod), sent: object, answered: object }]);
    return this.asks(on.identity, at + second, [{ verb: 'patch', target: core('pods', namespace, pod, 'status'), sent: status }]);
  }

  /** Somebody asks the API server. */
  asks(by: Identity, at: Micros, requests: Parameters<typeof asked>[0]): this {
    for (const record of asked(requests, at, this.random, { by })) this.audit.push({ time: at, line: serialise(record) });
    return this;
  }

  /** A pod or node calls somebody. */
  calls(from: Resident | Machine, to: Resident | Machine | Stranger, talk: Talk): this {
    const { at, port = 443, sent = 900, received = 700, lasts = second, over6 = false, ...rest } = talk;
    const outside = !to.address.startsWith('10.0.');
    const there = this.endOf(to, port, over6);
    const here = this.endOf(from, this.random.int(32_768, 60_999), over6);
    const behind = this.snat && outside && !over6 && 'machine' in from ? { ...here, address: from.machine.address } : here;
    return this.connects({ from: behind, to: there, at, lasts, sent, received, ...rest });
  }

  /** A pod calls somebody outside by way of a machine that sends it on under its own address: the NAT gateway, where nothing else is told. */
  passes(from: Resident, to: Stranger, { at, port = 443, sent = 900, received = 700, lasts = second }: Talk, by: Machine = gateway): this {
    const here = this.endOf(from, this.random.int(32_768, 60_999), false);
    const there = this.endOf(to, port, false);
    const talk = { at, lasts, sent, received };
    this.connects({ from: here, to: { ...there, through: by.eni }, ...talk });
    return this.connects({ from: { address: by.address, port: here.port, through: by.eni }, to: there, ...talk });
  }

  /** Somebody on the internet knocks. */
  knocks(from: Stranger, to: Machine | Resident, talk: Talk): this {
    const { at, port = 443, sent = 44, received = 0, lasts = 0, over6 = false, ...rest } = talk;
    return this.connects({
      from: { address: from.address, port: this.random.int(32_768, 60_999) },
      to: this.endOf(to, port, over6),
      at,
      lasts,
      sent,
      received,
      ...rest,
    });
  }

  private connects(connection: Parameters<typeof flowRecords>[0]): this {
    for (const record of flowRecords(connection)) this.flows.push(record);
    return this;
  }

  private endOf(who: Resident | Machine | Stranger, port: number, over6: boolean): End {
    if ('eni' in who) return { address: who.address, port, through: who.eni };
    if (!('machine' in who)) return { address: who.address, port, service: who.service };
    const { eni } = who.machine;
    const third = who.machine.address.split('.')[2] ?? '';
    if (over6) return { address: who.address6, port, through: { ...eni, address: `2001:db8:1:${third}::7` } };
    return { address: who.address, port, through: eni };
  }

  /** An ordinary day from midnight on, as all days are: calls, pushes, scrapes, names, the backup at two. */
  ordinaryDay(midnight: Micros, until: Micros = midnight + day): this {
    const { api, worker, web, db, prometheus, dns, backup } = people;
    const every = (step: Micros, call: (at: Micros) => void): void => {
      for (let at = midnight; at < midnight + day; at += step) if (at < until) call(at + this.random.int(0, 20) * second);
    };
    every(hour / 2, (at) => {
      this.calls(web, api, { at: at + minute, port: 8080, sent: 4_000, received: 20_000 });
      this.calls(api, db, { at: at + minute + second, port: 5432, sent: 3_000, received: 60_000 });
      this.calls(api, partners.saas, { at: at + 2 * minute, sent: 9_000, received: 14_000 });
      this.calls(worker, partners.saas, { at: at + 3 * minute, sent: 2_000, received: 4_000 });
      for (const who of [api, worker]) this.calls(who, dns, { at, port: 53, protocol: 17, sent: 90, received: 180 });
    });
    every(minute, (at) => {
      if (at % (4 * hour) >= hour) return;
      this.calls(api, partners.metrics, { at, sent: 900, received: 300 });
      this.calls(worker, partners.metrics, { at: at + 9 * second, sent: 900, received: 300 });
    });
    every(15 * minute, (at) => {
      for (const who of [api, worker]) this.calls(prometheus, who, { at, port: 9100, sent: 600, received: 45_000 });
    });
    every(6 * hour, (at) => {
      for (const on of [east, west]) this.calls(on, partners.registry, { at: at + 4 * minute, sent: 40_000, received: 90_000_000 });
    });
    every(day, (at) =>
      this.calls(backup, partners.bucket, { at: at + 2 * hour, lasts: 25 * minute, sent: 3_000_000_000, received: 20_000_000 }),
    );
    return this;
  }

  /** The lines so far, as files. */
  files(): Text[] {
    const text = (lines: readonly { readonly time: Micros; readonly line: string }[]): string =>
      [...lines]
        .sort((a, b) => a.time - b.time)
        .map(({ line }) => line)
        .join('\n');
    const flow = this.flows.length === 0 ? [] : [{ path: 'flow', text: `${flowFormat}\n${text(this.flows)}` }];
    return this.audit.length === 0 ? flow : [{ path: 'audit', text: text(this.audit) }, ...flow];
  }
}

/** Five days and the morning: everybody is born, and the days are alike. */
export function daysBefore(snat: boolean): Village {
  const village = new Village(snat, 'days before');
  for (const who of Object.values(people)) village.born(who, dawn - 6 * day);
  const midnight = dawn - (dawn % day);
  for (let ago = 5; ago >= 0; ago -= 1) village.ordinaryDay(midnight - ago * day, dawn);
  return village;
}

/** The nodes of the village. */
export const machines = { east, west, gateway } as const;
