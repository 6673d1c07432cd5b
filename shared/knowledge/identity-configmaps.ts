import type { Target } from '../model/entity.ts';

const clusterInfo = ['cluster-info', 'holds the address and the authority of the cluster'] as const;

/** ConfigMaps that tell who may enter a cluster and how. Sources: Amazon EKS user guide; kubeadm documentation; Microsoft threat matrix for Kubernetes, MS-TA9027. */
const byNamespace: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map([
  [
    'kube-system',
    new Map([
      ['aws-auth', 'maps IAM principals to users and groups of the cluster'],
      ['coredns', 'decides where names lead, and can be rewritten to lead elsewhere'],
      ['kubeadm-config', 'describes how the cluster was made'],
      ['kubelet-config', 'holds the settings of every kubelet'],
      ['kube-proxy-config', 'holds the address of the API server and its settings'],
      ['extension-apiserver-authentication', 'holds the authorities that requests are authenticated by'],
      clusterInfo,
    ]),
  ],
  ['kube-public', new Map([clusterInfo])],
]);

/** Their namespaces and names, as `namespace/name`. */
export const identityConfigMaps: readonly string[] = [...byNamespace].flatMap(([namespace, names]) =>
  [...names.keys()].map((name) => `${namespace}/${name}`),
);

/** What a ConfigMap tells an intruder; absent for all others. */
export function identityConfigMap(target: Pick<Target, 'namespace' | 'name'>): string | undefined {
  return byNamespace.get(target.namespace)?.get(target.name);
}
