/**
 * NetworkPolicy by enumeration: a world of few pods, addresses and ports, in which every policy is turned into the list of all
 * connections that it lets through. Written from the documentation alone, apart from the product: plain loops, strings for
 * addresses, no unknowns.
 */

export interface WorldPod {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly address: string;
}

export interface World {
  readonly namespaces: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly pods: readonly WorldPod[];
  /** Addresses of nobody in the cluster. */
  readonly strangers: readonly string[];
}

export interface SelectorSpec {
  matchLabels?: Record<string, string> | undefined;
  matchExpressions?: { key: string; operator: string; values?: string[] | undefined }[] | undefined;
}
export interface PeerSpec {
  podSelector?: SelectorSpec | undefined;
  namespaceSelector?: SelectorSpec | undefined;
  ipBlock?: { cidr: string; except?: string[] | undefined } | undefined;
}
export interface PortSpec {
  protocol?: string | undefined;
  port?: number | undefined;
  endPort?: number | undefined;
}
export interface RuleSpec {
  from?: PeerSpec[] | undefined;
  to?: PeerSpec[] | undefined;
  ports?: PortSpec[] | undefined;
}
export interface PolicySpec {
  podSelector: SelectorSpec;
  policyTypes?: string[] | undefined;
  ingress?: RuleSpec[] | undefined;
  egress?: RuleSpec[] | undefined;
}
export interface WorldPolicy {
  readonly namespace: string;
  readonly name: string;
  readonly spec: PolicySpec;
}

export const worldPorts = [53, 80, 443, 5432];
export const worldProtocols = ['TCP', 'UDP'] as const;

/** The bits of an address as a text of zeros and ones. */
function bits(address: string): string {
  if (!address.includes(':'))
    return address
      .split('.')
      .map((byte) => Number(byte).toString(2).padStart(8, '0'))
      .join('');
  const [head = '', tail = ''] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].map((group) => parseInt(group, 16).toString(2).padStart(16, '0')).join('');
}

function inRange(address: string, cidr: string): boolean {
  const [base = '', length = ''] = cidr.split('/');
  if (base.includes(':') !== address.includes(':')) return false;
  return bits(address).slice(0, Number(length)) === bits(base).slice(0, Number(length));
}

function fits(selector: SelectorSpec, labels: Readonly<Record<string, string>>): boolean {
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) if (labels[key] !== value) return false;
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    switch (operator) {
      case 'In':
        if (!(key in labels && values.includes(labels[key] ?? ''))) return false;
        break;
      case 'NotIn':
        if (key in labels && values.includes(labels[key] ?? '')) return false;
        break;
      case 'Exists':
        if (!(key in labels)) return false;
        break;
      default:
        if (key in labels) return false;
    }
  }
  return true;
}

/** All addresses that a peer of a policy stands for. */
function addressesOf(world: World, namespace: string, peer: PeerSpec): string[] {
  const { ipBlock } = peer;
  if (ipBlock !== undefined) {
    return [...world.pods.map(({ address }) => address), ...world.strangers].filter(
      (address) => inRange(address, ipBlock.cidr) && !(ipBlock.except ?? []).some((range) => inRange(address, range)),
    );
  }
  const homes =
    peer.namespaceSelector === undefined
      ? [namespace]
      : Object.keys(world.namespaces).filter((name) => fits(peer.namespaceSelector ?? {}, world.namespaces[name] ?? {}));
  return world.pods
    .filter((pod) => homes.includes(pod.namespace) && (peer.podSelector === undefined || fits(peer.podSelector, pod.labels)))
    .map(({ address }) => address);
}

/** Every door that a list of ports opens, as `TCP/80`. */
function doorsOf(ports: PortSpec[] = []): string[] {
  const doors: string[] = [];
  for (const protocol of worldProtocols)
    for (const port of worldPorts) {
      const open = ports.some((spec) => {
        if ((spec.protocol ?? 'TCP') !== protocol) return false;
        return spec.port === undefined || (port >= spec.port && port <= (spec.endPort ?? spec.port));
      });
      if (open || ports.length === 0) doors.push(`${protocol}/${String(port)}`);
    }
  return doors;
}

/** Every connection `FROM > TO DOOR` that the world's policies leave open in one direction. */
export function openConnections(world: World, policies: readonly WorldPolicy[], direction: 'ingress' | 'egress'): Set<string> {
  const everybody = [...world.pods.map(({ address }) => address), ...world.strangers];
  const open = new Set<string>();
  for (const pod of world.pods) {
    const isolating = policies.filter(({ namespace, spec }) => {
      const types = spec.policyTypes ?? ((spec.egress ?? []).length > 0 ? ['Ingress', 'Egress'] : ['Ingress']);
      return (
        namespace === pod.namespace && fits(spec.podSelector, pod.labels) && types.map((type) => type.toLowerCase()).includes(direction)
      );
    });
    const add = (peers: readonly string[], doors: readonly string[]): void => {
      for (const peer of peers)
        for (const door of doors)
          open.add(direction === 'ingress' ? `${peer} > ${pod.address} ${door}` : `${pod.address} > ${peer} ${door}`);
    };
    if (isolating.length === 0) add(everybody, doorsOf());
    for (const { namespace, spec } of isolating)
      for (const rule of spec[direction] ?? []) {
        const peers = (direction === 'ingress' ? rule.from : rule.to) ?? [];
        add(peers.length === 0 ? everybody : peers.flatMap((peer) => addressesOf(world, namespace, peer)), doorsOf(rule.ports));
      }
  }
  return open;
}
