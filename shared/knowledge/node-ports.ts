/**
 * Ports of a node behind which stands what governs it: no workload needs them but those that watch or run the cluster.
 * Source: Kubernetes "Ports and Protocols"; Docker "Protect the Docker daemon socket"; Weave Net "Installing"; cAdvisor of old kubelets.
 */
const governing: ReadonlyMap<number, string> = new Map([
  [22, 'SSH'],
  [2375, 'Docker'],
  [2376, 'Docker'],
  [2379, 'etcd'],
  [2380, 'etcd'],
  [4194, 'cAdvisor'],
  [6783, 'Weave'],
  [6784, 'Weave'],
  [10248, 'kubelet health'],
  [10249, 'kube-proxy metrics'],
  [10250, 'kubelet'],
  [10255, 'kubelet, read only'],
  [10256, 'kube-proxy health'],
]);

/** Who holds such a port commands the node or its containers. */
const commanding: ReadonlySet<number> = new Set([22, 2375, 2376, 2379, 2380, 10250]);

/** Ports that only nodes have: to call one is telling even where nobody knows whose address it is. */
const nodesOnly: ReadonlySet<number> = new Set([4194, 10248, 10249, 10250, 10255, 10256]);

/** Where Kubernetes opens Services on nodes. Source: kube-apiserver, `--service-node-port-range`. */
const services = { first: 30_000, last: 32_767 };

/** What governs a node behind a port; absent for other ports. */
export function governedBehind(port: number): string | undefined {
  return governing.get(port);
}

/** Whether who talks to a port of a node may command it. */
export function commandsNode(port: number): boolean {
  return commanding.has(port);
}

/** Whether a port is one that only nodes have. */
export function isNodesOnly(port: number): boolean {
  return nodesOnly.has(port);
}

/** Whether a port of a node leads to a Service. */
export function isServiceOnNode(port: number): boolean {
  return port >= services.first && port <= services.last;
}
