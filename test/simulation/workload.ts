import type { Micros } from './clock.ts';
import { type BoundPod, type Identity, serviceAccount } from './identity.ts';
import type { Node } from './node.ts';
import type { PodShape } from './pod-object.ts';
import type { PodReport } from './pod-status.ts';
import type { WorkloadPlan } from './population.ts';
import type { Random } from './random.ts';

/** A pod that has been scheduled. */
export interface Pod {
  /** The `auditID` of the request that created it. */
  readonly creation: string;
  readonly shape: PodShape;
  readonly name: string;
  readonly uid: string;
  readonly node: Node;
  readonly address: string;
  readonly created: Micros;
  readonly ready: Micros;
  readonly manager: string;
  readonly report: PodReport;
}

/** A Deployment with its current revision. */
export class Workload {
  readonly plan: WorkloadPlan;
  readonly uid: string;
  readonly key: string;
  pods: Pod[] = [];
  image: string;
  revision: { readonly name: string; readonly hash: string; readonly uid: string };
  generation = 1;
  private readonly names: Random;
  private account: { readonly pod: string; readonly identity: Identity } | undefined;

  constructor(plan: WorkloadPlan, random: Random) {
    this.plan = plan;
    this.key = `${plan.namespace}/${plan.name}`;
    this.names = random.fork(`workload/${this.key}`);
    this.uid = this.names.uuid();
    this.image = `${plan.image}:${plan.tag}`;
    this.revision = this.newRevision();
  }

  revise(image: string): void {
    this.image = image;
    this.generation += 1;
    this.revision = this.newRevision();
  }

  /** The account its pods call the API with. */
  get identity(): Identity | undefined {
    const pod = this.pods[0];
    if (pod === undefined || this.plan.apiAgent === undefined) return undefined;
    if (this.account?.pod !== pod.uid) this.account = { pod: pod.uid, identity: accountOf(pod, this.plan.apiAgent) };
    return this.account.identity;
  }

  template(): PodShape {
    const { plan } = this;
    return {
      namespace: plan.namespace,
      labels: { app: plan.name, 'pod-template-hash': this.revision.hash },
      image: this.image,
      container: plan.name,
      account: plan.name,
      port: plan.port,
      env: environment(plan.env),
    };
  }

  podShape(): PodShape {
    const { name, uid } = this.revision;
    return {
      ...this.template(),
      generateName: `${name}-`,
      owner: { apiVersion: 'apps/v1', kind: 'ReplicaSet', name, uid },
    };
  }

  private newRevision(): Workload['revision'] {
    const hash = this.names.suffix(10);
    return { name: `${this.plan.name}-${hash}`, hash, uid: this.names.uuid() };
  }
}

/** The identity of a pod's own token. */
export function accountOf(pod: Pod, agent: string): Identity {
  const bound: BoundPod = { name: pod.name, uid: pod.uid, node: pod.node.name, nodeUid: pod.node.uid };
  return serviceAccount({
    namespace: pod.shape.namespace,
    name: pod.shape.account,
    address: pod.address,
    agent,
    pod: bound,
  });
}

const variables: readonly (readonly [string, string])[] = [
  ['LOG_LEVEL', 'info'],
  ['DATABASE_HOST', 'db.internal.example'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://collector.monitoring:4317'],
  ['HTTP_TIMEOUT', '2500ms'],
  ['FEATURES', 'checkout-v2,fast-search'],
  ['CACHE_URL', 'redis://cache:6379/0?pool=8&timeout=2s'],
  ['REGION', 'eu-central-1'],
  ['MAX_CONNECTIONS', '40'],
];

export function environment(count: number): readonly (readonly [string, string])[] {
  return Array.from({ length: count }, (_, at) => {
    const [name, value] = variables[at % variables.length] ?? ['EMPTY', ''];
    return [at < variables.length ? name : `${name}_REPLICA_${String(at)}`, value] as const;
  });
}
