import { type Micros, hour, minute, second } from '../simulation/clock.ts';
import { component } from '../simulation/identity.ts';
import type { JsonObject } from '../simulation/go-json.ts';
import { Node } from '../simulation/node.ts';
import { createPod, deletePod, stopPod } from '../simulation/pod-life.ts';
import type { PodShape } from '../simulation/pod-object.ts';
import { registry } from '../simulation/population.ts';
import { Random } from '../simulation/random.ts';
import { replacePod } from '../simulation/rollout.ts';
import { core, grouped } from '../simulation/target.ts';
import { evict } from '../simulation/upkeep.ts';
import type { Pod } from '../simulation/workload.ts';
import type { Town } from './town.ts';
import { write } from './writing.ts';

/** A DaemonSet's pod on every node: most of them reach into the node, for that is their work. */
interface Agent {
  readonly namespace: string;
  readonly name: string;
  readonly repository: string;
  readonly spec: JsonObject;
  readonly container: JsonObject;
}

const hostPath = (name: string, path: string): JsonObject => ({ name, hostPath: { path } });

/** Where EKS add-ons come from. Source: Amazon EKS user guide, "View Amazon container image registries for Amazon EKS add-ons". */
const addons = '602401143452.dkr.ecr.eu-central-1.amazonaws.com';

export const agents: readonly Agent[] = [
  {
    namespace: 'kube-system',
    name: 'aws-node',
    repository: `${addons}/amazon-k8s-cni`,
    spec: { hostNetwork: true, volumes: [hostPath('cni-bin-dir', '/opt/cni/bin'), hostPath('cni-net-dir', '/etc/cni/net.d')] },
    container: { securityContext: { capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } } },
  },
  {
    namespace: 'kube-system',
    name: 'kube-proxy',
    repository: `${addons}/eks/kube-proxy`,
    spec: { hostNetwork: true, volumes: [hostPath('lib-modules', '/lib/modules'), hostPath('xtables-lock', '/run/xtables.lock')] },
    container: { securityContext: { privileged: true } },
  },
  {
    namespace: 'kube-system',
    name: 'ebs-csi-node',
    repository: `${addons}/eks/aws-ebs-csi-driver`,
    spec: { volumes: [hostPath('kubelet-dir', '/var/lib/kubelet'), hostPath('device-dir', '/dev')] },
    container: { securityContext: { privileged: true } },
  },
  {
    namespace: 'monitoring',
    name: 'node-exporter',
    repository: `${registry}/mirror/node-exporter`,
    spec: { hostNetwork: true, hostPID: true, volumes: [hostPath('root', '/')] },
    container: { volumeMounts: [{ name: 'root', mountPath: '/host/root', readOnly: true }] },
  },
  {
    namespace: 'logging',
    name: 'fluent-bit',
    repository: `${registry}/mirror/fluent-bit`,
    spec: { volumes: [hostPath('varlog', '/var/log')] },
    container: {},
  },
];

function agentShape({ namespace, name, repository, spec, container }: Agent, node: Node, version: string): PodShape {
  const field = { key: 'metadata.name', operator: 'In', values: [node.name] };
  const terms = [{ matchFields: [field] }];
  const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } };
  return {
    namespace,
    generateName: `${name}-`,
    labels: { 'k8s-app': name, 'controller-revision-hash': new Random(`${name}/${version}`).hex(10) },
    image: `${repository}:${version}`,
    container: name,
    account: name,
    env: [],
    owner: { apiVersion: 'apps/v1', kind: 'DaemonSet', name, uid: new Random(`daemonset/${name}`).uuid() },
    spec: { ...spec, affinity },
    containerSpec: container,
  };
}

/** The nodes' agents, and the nodes that come and go. */
export class Fleet {
  private readonly town: Town;
  private readonly pods = new Map<Node, Pod[]>();
  private readonly versions = new Map<string, string>();
  private made = 0;

  constructor(town: Town) {
    this.town = town;
  }

  /** All agents start on all nodes. */
  boot(at: Micros): void {
    for (const node of this.town.nodes) this.startAgents(node, at);
  }

  /** A node joins: it asks for its certificate, registers, and its agents start. */
  join(at: Micros): void {
    const { town } = this;
    const used = new Set(town.nodes.map(({ address }) => address));
    const free = Array.from({ length: 60 }, (_, index) => index).filter((index) => !used.has(addressOf(index)));
    const node = new Node(town.random.pick(free), town.population, town.random.fork(`node/${String(this.made++)}`));
    town.nodes.push(node);
    const by = node.identity;
    town.request({ by, at, verb: 'get', target: core('nodes', undefined, node.name), code: 404 });
    const name = `csr-${town.random.suffix(5)}`;
    const usages = ['digital signature', 'server auth'];
    const request = { spec: { request: 'LS0tLS1CRUdJTi==', signerName: 'kubernetes.io/kubelet-serving', usages, username: by.username } };
    const requests = grouped('certificates.k8s.io', 'certificatesigningrequests', undefined, name);
    write(town, { by, at: at + second, verb: 'create', target: requests, object: request });
    const approver = component('eks:certificate-controller', '172.16.60.180', 'eks-certificates-controller');
    const conditions = [{ type: 'Approved', status: 'True', reason: 'AutoApproved', message: 'Auto approved' }];
    const approval = { ...requests, subresource: 'approval' };
    write(town, { by: approver, at: at + 2 * second, verb: 'update', target: approval, object: { ...request, status: { conditions } } });
    const spec = { providerID: `aws:///eu-central-1a/${node.instance}` };
    write(town, {
      by,
      at: at + 3 * second,
      verb: 'create',
      target: core('nodes', undefined, node.name),
      labels: nodeLabels,
      object: { spec },
    });
    this.startAgents(node, at + 6 * second);
  }

  /** Karpenter, or whoever, empties a node and takes it away. */
  leave(node: Node, at: Micros): void {
    const { town } = this;
    const by = town.workload('karpenter/karpenter').identity ?? town.controller('node-controller');
    node.cordoned = true;
    const target = core('nodes', undefined, node.name);
    const taints = [{ key: 'karpenter.sh/disrupted', effect: 'NoSchedule' }];
    const providerID = `aws:///eu-central-1a/${node.instance}`;
    write(town, { by, at, verb: 'patch', target, labels: nodeLabels, object: { spec: { providerID, taints } }, manager: 'karpenter' });
    let time = at + 5 * second;
    for (const workload of town.workloads.values()) {
      for (const pod of workload.pods.filter((one) => one.node === node)) {
        time += town.random.int(1, 3) * second;
        replacePod(town, workload, pod, time, (leaving, now) => {
          evict(town, leaving.shape.namespace, leaving.name, by, now);
          stopPod(town, leaving, now);
        });
      }
    }
    town.timeline.at(time + 2 * minute, (now) => {
      write(town, { by, at: now, verb: 'delete', target });
      town.nodes.splice(town.nodes.indexOf(node), 1);
      const collector = town.controller('pod-garbage-collector');
      for (const { shape, name } of this.pods.get(node) ?? []) {
        town.request({
          by: collector,
          at: now + minute,
          verb: 'delete',
          target: core('pods', shape.namespace, name),
          sent: { kind: 'DeleteOptions' },
        });
      }
      this.pods.delete(node);
    });
  }

  /** A new version of an agent rolls over all nodes. */
  upgradeAgent(name: string, version: string, at: Micros): void {
    this.versions.set(name, version);
    const agent = agents.find((one) => one.name === name);
    if (agent === undefined) return;
    const by = this.town.controller('daemon-set-controller');
    this.town.nodes.forEach((node, index) => {
      const time = at + index * 20 * second;
      const pods = this.pods.get(node) ?? [];
      for (const pod of pods.filter(({ shape }) => shape.container === name)) deletePod(this.town, pod, by, time);
      this.pods.set(
        node,
        pods.filter(({ shape }) => shape.container !== name),
      );
      this.startAgent(agent, node, time + 3 * second);
    });
  }

  /** Load rises in the morning and falls in the evening, and nodes with it. */
  planDay(midnight: Micros): void {
    const { town } = this;
    const { random, timeline } = town;
    const joining = random.int(1, 4);
    for (let count = 0; count < joining; count++) {
      timeline.at(midnight + (7 + random.next() * 4) * hour, (now) => {
        town.tell('autoscaling', () => {
          this.join(now);
        });
      });
    }
    for (let count = 0; count < joining; count++) {
      timeline.at(midnight + (19 + random.next() * 4) * hour, (now) => {
        const node = random.pick(town.nodes.filter(({ cordoned }) => !cordoned));
        town.tell('autoscaling', () => {
          this.leave(node, now);
        });
      });
    }
  }

  private startAgents(node: Node, at: Micros): void {
    for (const agent of agents) this.startAgent(agent, node, at);
  }

  private startAgent(agent: Agent, node: Node, at: Micros): void {
    const by = this.town.controller('daemon-set-controller');
    const shape = agentShape(agent, node, this.versions.get(agent.name) ?? 'v1.19.0');
    const pod = createPod(this.town, shape, { by, manager: 'kube-controller-manager', node }, at);
    this.pods.set(node, [...(this.pods.get(node) ?? []), pod]);
  }
}

/** Labels that drains answer with, too. */
const nodeLabels = { 'kubernetes.io/os': 'linux' };

/** As nodes number themselves. */
function addressOf(index: number): string {
  return `10.0.${String(4 * index)}.${String(100 + index)}`;
}
