import { type ApiRequest, type AuditLine, auditLines } from './audit.ts';
import { type ApiRecord, type AwsCall, apiRecord } from './api.ts';
import type { Micros } from './clock.ts';
import { type Connection, type FlowRecord, flowRecords } from './flow.ts';
import { type Identity, component, roleIdentity, serviceAccount } from './identity.ts';
import { type Node, nodesOf } from './node.ts';
import { type Pod, Workload } from './workload.ts';
import { type ControllerName, type Population, controllerNames } from './population.ts';
import type { Random } from './random.ts';
import { Timeline } from './timeline.ts';

/** Where the managed control plane's own requests come from. */
const controlPlaneAddress = '172.16.60.104';

/** A living cluster: what runs in it now, what will happen, and what it has logged. */
export class Cluster {
  readonly audit: AuditLine[] = [];
  readonly flow: FlowRecord[] = [];
  readonly api: ApiRecord[] = [];
  readonly timeline: Timeline;
  readonly nodes: Node[];
  readonly workloads: Map<string, Workload>;
  readonly people: Identity[];
  readonly pipelines: readonly Identity[];
  readonly scheduler: Identity;
  readonly components: readonly Identity[];
  readonly population: Population;
  readonly random: Random;
  podsCreated = 0;
  /** Who wants to know of every pod that is made. */
  onBirth: ((pod: Pod) => void) | undefined;
  private readonly controllers = new Map<ControllerName, Identity>();
  private version = 48_211_003;

  constructor(population: Population, random: Random, timeline = new Timeline()) {
    this.population = population;
    this.random = random;
    this.timeline = timeline;
    this.nodes = [...nodesOf(population, random.fork('nodes'))];
    this.workloads = new Map(population.workloads.map((plan) => [`${plan.namespace}/${plan.name}`, new Workload(plan, random)]));
    this.people = population.people.map((plan) => roleIdentity('person', plan));
    this.pipelines = population.pipelines.map((plan) => roleIdentity('pipeline', plan));
    const build = `v${population.version} (linux/amd64) kubernetes/3c3f1c9`;
    for (const name of controllerNames) {
      const agent = `kube-controller-manager/${build}/system:serviceaccount:kube-system:${name}`;
      this.controllers.set(name, serviceAccount({ namespace: 'kube-system', name, address: controlPlaneAddress, agent }));
    }
    this.scheduler = component('system:kube-scheduler', controlPlaneAddress, `kube-scheduler/${build}/scheduler`);
    this.components = [
      this.scheduler,
      component('system:kube-controller-manager', controlPlaneAddress, `kube-controller-manager/${build}/leader-election`),
      component('eks:k8s-metrics', '172.16.60.181', 'eks-k8s-metrics/v1.33.0 (linux/amd64) kubernetes/$Format'),
      component('eks:node-manager', '172.16.60.180', 'nodemanager/v1.33.0 (linux/amd64) kubernetes/$Format'),
    ];
  }

  /** Sends a request to the API server; returns what it logged. */
  request(request: ApiRequest, random: Random = this.random): readonly AuditLine[] {
    const lines = auditLines(request, random);
    this.audit.push(...lines);
    return lines;
  }

  connect(connection: Connection): readonly FlowRecord[] {
    const records = flowRecords(connection);
    this.flow.push(...records);
    return records;
  }

  call(call: AwsCall, random: Random = this.random): ApiRecord {
    const record = apiRecord(call, random);
    this.api.push(record);
    return record;
  }

  controller(name: ControllerName): Identity {
    const identity = this.controllers.get(name);
    if (identity === undefined) throw new Error(`no controller ${name}`);
    return identity;
  }

  get controllerIdentities(): readonly Identity[] {
    return [...this.controllers.values()];
  }

  workload(name: string): Workload {
    const workload = this.workloads.get(name);
    if (workload === undefined) throw new Error(`no workload ${name}`);
    return workload;
  }

  person(session: string): Identity {
    const identity = [...this.people, ...this.pipelines].find((one) => one.aws?.session === session);
    if (identity === undefined) throw new Error(`no session ${session}`);
    return identity;
  }

  /** Accounts of operators that have a running pod. */
  operators(): readonly Identity[] {
    return [...this.workloads.values()].flatMap(({ identity }) => (identity === undefined ? [] : [identity]));
  }

  readyPods(workload: string, time: Micros): readonly Pod[] {
    return this.workload(workload).pods.filter((pod) => pod.ready <= time);
  }

  anyPod(time: Micros): Pod {
    return this.random.pick([...this.workloads.values()].flatMap(({ pods }) => pods.filter((pod) => pod.ready <= time)));
  }

  /** The node with the fewest pods that takes new ones. */
  roomiestNode(): Node {
    const open = this.nodes.filter((node) => !node.cordoned);
    return open.reduce((best, node) => (node.pods < best.pods ? node : best), open[0] ?? this.nodes[0] ?? fail());
  }

  nextVersion(): string {
    this.version += this.random.int(1, 9);
    return String(this.version);
  }
}

function fail(): never {
  throw new Error('a cluster without nodes');
}
