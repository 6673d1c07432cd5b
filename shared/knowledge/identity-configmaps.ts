/** ConfigMaps that tell who may enter a cluster and how. Sources: Amazon EKS user guide; kubeadm documentation; Microsoft threat matrix for Kubernetes, MS-TA9027. */
const byName: ReadonlyMap<string, string> = new Map([
  ['kube-system/aws-auth', 'maps IAM principals to users and groups of the cluster'],
  ['kube-system/coredns', 'decides where names lead, and can be rewritten to lead elsewhere'],
  ['kube-system/kubeadm-config', 'describes how the cluster was made'],
  ['kube-system/kubelet-config', 'holds the settings of every kubelet'],
  ['kube-system/kube-proxy-config', 'holds the address of the API server and its settings'],
  ['kube-system/extension-apiserver-authentication', 'holds the authorities that requests are authenticated by'],
  ['kube-public/cluster-info', 'holds the address and the authority of the cluster'],
  ['kube-system/cluster-info', 'holds the address and the authority of the cluster'],
]);

/** Their namespaces and names. */
export const identityConfigMaps: readonly string[] = [...byName.keys()];

/** What a ConfigMap tells an intruder; absent for all others. */
export function identityConfigMap(namespace: string, name: string): string | undefined {
  return byName.get(`${namespace}/${name}`);
}
