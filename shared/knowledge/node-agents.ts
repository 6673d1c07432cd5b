import type { AuditEvent } from '../model/audit.ts';
import { at, texts } from '../model/json.ts';
import type { Container } from '../model/pod-spec.ts';

/**
 * Registries from which EKS add-ons come: Amazon's accounts by Region. Source: Amazon EKS user guide, "View Amazon
 * container image registries for Amazon EKS add-ons". A Region that is missing costs one alert per add-on.
 */
const registryAccounts: ReadonlySet<string> = new Set([
  '602401143452',
  '800184023465',
  '558608220178',
  '877085696533',
  '590381155156',
  '918309763551',
  '961992271922',
  '013241004608',
  '151742754352',
  '759879836304',
  '900612956339',
  '900889452093',
  '296578399912',
  '491585149902',
  '455263428931',
  '066635153087',
  '761377655185',
]);

const registryHost = /^(\d{12})\.dkr\.ecr(?:-fips)?\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\/(.+?)(?::|@|$)/;

/** Node agents of AWS, which need the node to do their work. Source: Amazon EKS user guide, "AWS add-ons". */
const agents: ReadonlySet<string> = new Set([
  'amazon-k8s-cni',
  'amazon-k8s-cni-init',
  'amazon/aws-network-policy-agent',
  'eks/kube-proxy',
  'eks/aws-ebs-csi-driver',
  'eks/aws-efs-csi-driver',
  'eks/aws-fsx-csi-driver',
  'eks/csi-node-driver-registrar',
  'eks/livenessprobe',
  'eks/eks-pod-identity-agent',
  'eks/eks-node-monitoring-agent',
]);

/**
 * An EKS add-on's node agent: a DaemonSet of kube-system all of whose images come from Amazon's add-on registries and
 * run what the image holds. Whoever can write such a DaemonSet administers the cluster already; nobody else can push
 * those images, and a shell in their place breaks the exclusion.
 */
export function isAwsNodeAgent(event: AuditEvent): boolean {
  const { resource, namespace } = event.target;
  const containers = event.pod?.containers ?? [];
  return resource === 'daemonsets' && namespace === 'kube-system' && containers.length > 0 && containers.every(isAgentContainer);
}

/** Whether a container runs an image of an AWS node agent, and not a shell in it. */
export function isAgentContainer({ image, command, raw }: Container): boolean {
  const [, account = '', repository = ''] = registryHost.exec(image) ?? [];
  if (!registryAccounts.has(account) || !agents.has(repository)) return false;
  const hooks = ['postStart', 'preStop'].flatMap((hook) => texts(at(raw, 'lifecycle', hook, 'exec', 'command')));
  return ![...command, ...hooks].some((part) => /(?:^|\/)(?:(?:ba|da|a|z|k)?sh|busybox|python\d?|perl)$/.test(part));
}
