import type { Severity } from '../model/finding.ts';
import { normalisePath } from '../model/shell-text.ts';
import { couldMean } from './wildcards.ts';

/** Something worth reading for a thief. */
export interface CredentialSource {
  readonly what: string;
  readonly severity: Severity;
}

interface Sign extends CredentialSource {
  /** Linear-time and unanchored: the file may stand below `/host` or `/proc/1/root`. */
  readonly pattern: RegExp;
  /** A path the pattern covers: wild cards in a command are tried against it. */
  readonly example?: string;
}

/**
 * Where credentials lie in containers and on EKS nodes, gravest first. Sources: Kubernetes documentation "Service
 * accounts"; Amazon EKS user guide (IRSA, Pod Identity); MITRE ATT&CK T1552.001, T1003.008; Microsoft threat matrix
 * for Kubernetes MS-TA9016 and MS-TA9027.
 */
const signs: readonly Sign[] = [
  {
    what: 'the IRSA token',
    severity: 'high',
    pattern: /eks\.amazonaws\.com\/serviceaccount|aws_web_identity_token_file/,
    example: '/run/secrets/eks.amazonaws.com/serviceaccount/token',
  },
  {
    what: 'the Pod Identity token',
    severity: 'high',
    pattern: /eks-pod-identity-token|aws_container_authorization_token_file/,
    example: '/run/secrets/pods.eks.amazonaws.com/serviceaccount/eks-pod-identity-token',
  },
  {
    what: 'the service account token',
    severity: 'high',
    pattern: /run\/secrets\b|kubernetes\.io\/serviceaccount|\bserviceaccount\/token\b/,
    example: '/run/secrets/kubernetes.io/serviceaccount/token',
  },
  {
    what: 'password hashes',
    severity: 'high',
    pattern: /\/etc\/(?:shadow|gshadow|master\.passwd|security\/opasswd)\b/,
    example: '/etc/shadow',
  },
  { what: 'the credentials of the node', severity: 'high', pattern: /\/var\/lib\/kubelet\b/, example: '/var/lib/kubelet/kubeconfig' },
  {
    what: 'cluster credentials',
    severity: 'high',
    pattern: /\/etc\/kubernetes\b|\.kube\/config\b|\bkubeconfig\b/,
    example: '/etc/kubernetes/kubelet/config.json',
  },
  {
    what: 'AWS credentials',
    severity: 'high',
    pattern: /\.aws\/(?:credentials|config|sso|cli)\b|\baws_secret_access_key\b|\baws_session_token\b/,
    example: '/root/.aws/credentials',
  },
  { what: 'cloud credentials', severity: 'high', pattern: /\.config\/gcloud\b|\.azure\/|application_default_credentials\.json/ },
  { what: 'registry credentials', severity: 'high', pattern: /\.docker\/config\.json|\.dockercfg\b/, example: '/root/.docker/config.json' },
  {
    what: 'SSH keys',
    severity: 'high',
    pattern: /\.ssh\/|\bid_(?:rsa|dsa|ecdsa|ed25519)\b|\/etc\/ssh\/ssh_host_/,
    example: '/root/.ssh/id_rsa',
  },
  {
    what: 'Git or package registry credentials',
    severity: 'high',
    pattern: /\.git-credentials\b|\.netrc\b|\.npmrc\b|\.pypirc\b|\.pgpass\b|\.my\.cnf\b/,
    example: '/root/.git-credentials',
  },
  { what: 'the environment of a process', severity: 'high', pattern: /\/proc\/[\w*?[\]$-]{1,24}\/environ\b/, example: '/proc/1/environ' },
  { what: 'the memory of a process', severity: 'high', pattern: /\/proc\/[\w*?[\]$-]{1,24}\/mem\b|\bgcore\b/, example: '/proc/1/mem' },
  { what: 'private keys', severity: 'medium', pattern: /[\w*-]\.(?:pem|p12|pfx|jks|keystore|kdbx)\b|\.key(?=$|[\s'"`;|&)])/ },
  {
    what: 'Vault or Terraform secrets',
    severity: 'medium',
    pattern: /\.vault-token\b|\bterraform\.tfstate\b|\/vault\/secrets\b/,
    example: '/vault/secrets',
  },
  {
    what: 'environment variables',
    severity: 'low',
    pattern:
      /(?:^|[;&|(]\s{0,8}|-c\s)(?:\/usr\/bin\/|\/bin\/)?(?:env|printenv|export -p|declare -x)(?:\s{0,8}$|\s{0,8}[|>;&)]|\s\w{1,64}$)/,
  },
  { what: 'the list of accounts', severity: 'low', pattern: /\/etc\/passwd\b/, example: '/etc/passwd' },
];

/** Words with wild cards that are tried per text. */
const mostWildcards = 64;
const wildcardWord = /(?<![\w/.*?[\]-])\/[\w/.*?[\]!-]{2,256}/g;

/** The gravest credential that a lower-cased command line reads. */
export function credentialSourceIn(text: string): CredentialSource | undefined {
  const named = signs.find(({ pattern }) => pattern.test(text));
  if (named !== undefined && named.severity !== 'low') return named;
  return wildcardSign(text) ?? named;
}

function wildcardSign(text: string): Sign | undefined {
  const words = [...text.matchAll(wildcardWord)].map(([word]) => word).filter((word) => /[*?[]/.test(word));
  const paths = words.slice(0, mostWildcards).map(normalisePath);
  return signs.find(({ example, severity }) => {
    if (example === undefined || severity === 'low') return false;
    return paths.some((path) => couldMean(path, example) || (example.startsWith('/run/') && couldMean(path, `/var${example}`)));
  });
}
