import { type JsonObject, list, object, parseJson, text, texts } from '../model/json.ts';

/** How workloads of a cluster may take an IAM role. */
export interface WorkloadTrust {
  /** Equal in two versions of a policy where nothing about it changed. */
  readonly id: string;
  /** After "trusts". */
  readonly words: string;
  /** Every workload of the cluster may take the role. */
  readonly open: boolean;
}

/** The trust in workloads that a role's policy declares. Source: Amazon EKS user guide, "Assign IAM roles to Kubernetes service accounts" and "EKS Pod Identities". */
export function workloadTrusts(policy: string): readonly WorkloadTrust[] {
  const statements = object(parseJson(policy) ?? parseJson(decode(policy)))?.['Statement'];
  const members = Array.isArray(statements) ? list(statements) : [statements];
  return members.flatMap((member) => {
    const statement = object(member);
    if (statement === undefined || statement['Effect'] !== 'Allow') return [];
    const principal = object(statement['Principal']) ?? {};
    const conditions = conditionsOf(statement);
    const providers = either(principal['Federated']).filter((provider) => provider.includes('oidc.eks.'));
    const trusts = providers.map((provider) => {
      const subjects = conditions.filter(([key]) => key.endsWith(':sub')).flatMap(([, values]) => values);
      const open = subjects.length === 0 || subjects.some((subject) => /^(?:system:serviceaccount:)?\*(?::\*)?$/.test(subject));
      const whom = subjects.length === 0 ? 'every service account' : subjects.join(', ');
      return { id: `${provider} ${subjects.join(' ')}`, words: `${whom} of ${provider.slice(provider.indexOf('oidc.eks.'))}`, open };
    });
    if (!either(principal['Service']).includes('pods.eks.amazonaws.com')) return trusts;
    const within = JSON.stringify(conditions);
    return [...trusts, { id: `pods.eks ${within}`, words: 'EKS Pod Identity', open: false }];
  });
}

/** Keys of all conditions, in lower case as IAM compares them, with their values. */
function conditionsOf(statement: JsonObject): readonly (readonly [string, readonly string[]])[] {
  return Object.values(object(statement['Condition']) ?? {}).flatMap((tests) =>
    Object.entries(object(tests) ?? {}).map(([key, values]) => [key.toLowerCase(), either(values)] as const),
  );
}

function either(value: unknown): readonly string[] {
  const single = text(value);
  return single === undefined ? texts(value) : [single];
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return '';
  }
}
