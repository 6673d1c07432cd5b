import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { catalogue } from '../../shared/detect/registry.ts';
import type { Ask, Form } from '../evasion/attack.ts';
import { anonymous, developer, from, node, now, secretsOperator, wearing, workload } from '../evasion/cast.ts';
import { execForms } from '../evasion/forms-exec.ts';
import { get, rbac } from '../evasion/requests.ts';
import { day } from '../simulation/clock.ts';
import type { Json, JsonObject } from '../simulation/go-json.ts';
import type { Identity } from '../simulation/identity.ts';
import { core, grouped } from '../simulation/target.ts';
import { findingsIn, podForm, privileged, recordsOf, told, toldOf, toldOfOne } from './staging.ts';

/** Mistakes that detections on the audit log are known to make. Each test shows that ours do not. */

const runs = { numRuns: 40 };

function bindingOf(kind: 'ClusterRoleBinding' | 'RoleBinding', role: string, subjects: readonly Json[]): JsonObject {
  const metadata = kind === 'RoleBinding' ? { name: 'helper', namespace: 'shop' } : { name: 'helper' };
  return { kind, apiVersion: `${rbac}/v1`, metadata, subjects, roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: role } };
}

function binds(kind: 'ClusterRoleBinding' | 'RoleBinding', role: string, subjects: readonly Json[], verb = 'create'): Ask {
  const target =
    kind === 'RoleBinding' ? grouped(rbac, 'rolebindings', 'shop', 'helper') : grouped(rbac, 'clusterrolebindings', undefined, 'helper');
  const object = bindingOf(kind, role, subjects);
  return { verb, target, sent: verb === 'patch' ? { subjects } : object, answered: object };
}

const mallory: Json = { kind: 'User', apiGroup: rbac, name: 'mallory' };
const accountNamed = (name: string): Json => ({ kind: 'ServiceAccount', name, namespace: 'shop' });
const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}[a-z0-9]$/);

describe('bindings', () => {
  test('a service account that is bound is found by the subjects of the binding, whatever it is called and however it is written', async () => {
    await fc.assert(
      fc.asyncProperty(word, fc.constantFrom('create', 'update', 'patch'), async (name, verb) => {
        expect(await toldOfOne(binds('ClusterRoleBinding', 'cluster-admin', [accountNamed(name)], verb))).toContain(
          name === 'default' ? 'default-account-made-admin high' : 'admin-role-bound high',
        );
        expect((await toldOfOne(binds('ClusterRoleBinding', 'shop-reader', [accountNamed(name)], verb))).join()).toContain(
          'account-bound-to-cluster-role',
        );
      }),
      runs,
    );
  });

  test('administrators are made by bindings of a namespace and by subjects that join later, too', async () => {
    // In one namespace it is less than in all of them.
    expect(await toldOfOne(binds('RoleBinding', 'cluster-admin', [mallory]))).toContain('admin-role-bound medium');
    const harmless: Json = { kind: 'User', apiGroup: rbac, name: 'shop-lead' };
    for (const verb of ['update', 'patch']) {
      const joined: Form = {
        name: verb,
        before: [binds('ClusterRoleBinding', 'cluster-admin', [harmless])],
        asks: [binds('ClusterRoleBinding', 'cluster-admin', [harmless, mallory], verb)],
      };
      expect(await toldOf(joined)).toContain('admin-role-bound high');
    }
  });

  test('a role of any name whose rules allow everything counts as that of an administrator once it is bound', async () => {
    await fc.assert(
      fc.asyncProperty(word, async (name) => {
        const role: JsonObject = {
          kind: 'ClusterRole',
          apiVersion: `${rbac}/v1`,
          metadata: { name },
          rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }],
        };
        const made: Ask = { verb: 'create', target: grouped(rbac, 'clusterroles', undefined, name), sent: role, answered: role };
        expect(await toldOfOne(made)).toContain('wildcard-role high');
        const bound = binds('ClusterRoleBinding', name, [accountNamed('api')]);
        expect(await toldOf({ before: [made], asks: [bound] })).toContain('admin-equivalent-role-bound high');
      }),
      runs,
    );
  });
});

describe('entering containers', () => {
  const enters = (name: string, subresource: 'exec' | 'attach' = 'exec'): Form => {
    const form = execForms({ does: 'exec', script: subresource === 'exec' ? 'id' : '', subresource }).find((each) => each.name === name);
    if (form === undefined) throw new Error(`no form ${name}`);
    return form;
  };

  test.each(['exec', 'attach'] as const)(
    '%s is found as GET and as POST, at each level and stage and with each code',
    async (subresource) => {
      for (const name of ['WebSocket', 'SPDY'])
        for (const code of [101, 200, 201])
          for (const level of ['Metadata', 'Request', 'RequestResponse'])
            for (const stage of ['ResponseStarted', 'ResponseComplete']) {
              const asks = enters(name, subresource).asks.map((ask) => ({ ...ask, code }));
              const records = recordsOf(asks).filter((record) => record['stage'] === stage);
              expect(records).toHaveLength(1);
              expect(told(await findingsIn(records.map((record) => ({ ...record, level }))))).toContain('exec-into-pod low');
            }
    },
  );

  test('a method of HTTP is no verb: every verb that a detection waits for is one that the API server writes', () => {
    const written = new Set(['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection', '*']);
    // Certificates are approved and roles escalated by update; what is asked of no resource has its method for a verb.
    const odd = catalogue.flatMap(({ detection }) =>
      'source' in detection && detection.source === 'audit' && 'reads' in detection
        ? detection.reads.filter((read) => !written.has(read.split(' ')[0] ?? '')).map((read) => `${detection.id}: ${read}`)
        : [],
    );
    expect(odd).toEqual([]);
  });

  test('the start and the end of a tunnel are one finding', async () => {
    const records = recordsOf([{ verb: 'create', target: core('pods', 'shop', 'api-0', 'portforward'), code: 101, lasts: 60_000_000 }]);
    expect(records.map(({ stage }) => stage)).toEqual(['ResponseStarted', 'ResponseComplete']);
    const tunnels = (await findingsIn(records)).filter(({ detection }) => detection === 'port-forward');
    expect(new Set(tunnels.map(({ id }) => id)).size).toBe(1);
    expect(tunnels).toHaveLength(1);
  });
});

describe('callers without a credential', () => {
  const unknown: Identity = {
    ...anonymous,
    username: 'somebody',
    user: () => ({ username: 'somebody', groups: ['system:unauthenticated'] }),
  };

  test.each([
    ['by name', anonymous],
    ['by group', unknown],
  ])('one who is let through is found %s, also where only metadata is logged', async (_, caller) => {
    const targets = [
      core('secrets', 'shop', 'db'),
      grouped('karpenter.sh', 'nodepools', undefined, 'default'),
      core('pods', 'shop', 'api-0'),
    ];
    for (const target of targets)
      for (const level of ['Metadata', 'Request', 'RequestResponse']) {
        const records = recordsOf([get(target)], { by: caller }).map((record) => ({ ...record, level }));
        expect(told(await findingsIn(records)).join()).toMatch(/anonymous-request-allowed (?:high|critical)/);
      }
  });

  test('refused means 403 for who is known and 401 for who is not', async () => {
    const outside = from(developer, '203.0.113.66');
    const secrets = Array.from({ length: 12 }, (_, at) => get(core('secrets', `team-${String(at)}`, 'db')));
    expect(
      told(
        await findingsIn(
          recordsOf(
            secrets.map((ask) => ({ ...ask, code: 403 })),
            { by: outside },
          ),
        ),
      ),
    ).toContain('forbidden-burst-from-internet medium');
    const nobody: Identity = { ...anonymous, username: '', groups: [], user: () => ({}) };
    const refused = told(
      await findingsIn(
        recordsOf(
          secrets.map((ask) => ({ ...ask, code: 401 })),
          { by: nobody },
        ),
      ),
    );
    expect(refused.join()).toContain('anonymous-probing');
    expect(refused.join()).not.toContain('forbidden-burst-from-internet');
  });
});

describe('what is excused', () => {
  const bindsAdmin = binds('ClusterRoleBinding', 'cluster-admin', [mallory]);

  test('an IAM principal is not part of the system for its name', async () => {
    const prefix = fc.constantFrom('system:', 'eks:', 'gke-', 'azure-', 'aks-', 'system:serviceaccount:kube-system:', 'system:kube-');
    const taken = ['system:apiserver', 'system:kube-scheduler', 'eks:addon-manager', 'system:serviceaccount:kube-system:job-controller'];
    const name = fc.oneof(
      fc.tuple(prefix, word).map(([start, end]) => start + end),
      fc.constantFrom(...taken),
    );
    await fc.assert(
      fc.asyncProperty(name, async (username) => {
        const caller = wearing(developer, { username });
        expect(await toldOfOne(bindsAdmin, caller)).toContain('admin-role-bound high');
        expect(await toldOf(podForm(privileged, 'Pod create'), caller)).toContain('privileged-container high');
      }),
      { ...runs, examples: taken.map((username) => [username]) },
    );
  });

  test.each([
    ['nobody', anonymous],
    ['a node', node],
    ['an account of kube-system', wearing(workload, { username: 'system:serviceaccount:kube-system:aws-node' })],
    ['an account called like a controller', wearing(workload, { username: 'system:serviceaccount:kube-system:job-controller' })],
  ])('%s is not part of the system', async (_, caller) => {
    expect(await toldOfOne(bindsAdmin, caller)).toContain('admin-role-bound high');
    expect(await toldOf(podForm(privileged, 'Pod create'), caller)).toContain('privileged-container high');
  });

  test('a client that many others use does not hide who never used it', async () => {
    const others = Array.from({ length: 6 }, (_, at) => ({
      ...from(workload, '10.0.31.112', 'curl/8.9.1'),
      ...wearing(from(workload, '10.0.31.112', 'curl/8.9.1'), { username: `system:serviceaccount:shop:job-${String(at)}` }),
    }));
    const secret = get(core('secrets', 'shop', 'db'));
    const days = Array.from({ length: 10 }, (_, at) => now - (10 - at) * day);
    const learnt = days.flatMap((at) => [
      ...recordsOf([secret], { by: secretsOperator, at }),
      ...others.flatMap((by) => recordsOf([secret], { by, at: at + 60_000_000 })),
    ]);
    const stolen = from(secretsOperator, '203.0.113.66', 'curl/8.9.1');
    const found = told(await findingsIn(recordsOf([secret], { by: stolen }), { learnt }));
    expect(found).toContain('secret-read-by-new-client low');
    expect(found.join()).toMatch(/secret-read-from-new-network (?:medium|high)/);
    const usual = told(await findingsIn(recordsOf([secret], { by: secretsOperator }), { learnt }));
    expect(usual.join()).not.toContain('secret-read');
  });
});

describe('admission control', () => {
  test.each(['validatingwebhookconfigurations', 'mutatingwebhookconfigurations'])(
    '%s are known by the name that the API has for them',
    async (resource) => {
      const group = 'admissionregistration.k8s.io';
      const kind = resource.startsWith('mutating') ? 'MutatingWebhookConfiguration' : 'ValidatingWebhookConfiguration';
      const object: JsonObject = {
        kind,
        apiVersion: `${group}/v1`,
        metadata: { name: 'helper' },
        webhooks: [
          {
            name: 'helper.example.net',
            clientConfig: { url: 'https://203.0.113.66/' },
            rules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*'] }],
            failurePolicy: 'Ignore',
            sideEffects: 'None',
            admissionReviewVersions: ['v1'],
          },
        ],
      };
      const target = grouped(group, resource, undefined, 'helper');
      expect((await toldOfOne({ verb: 'create', target, sent: object, answered: object })).join()).toContain('admission-webhook-changed');
      expect((await toldOfOne({ verb: 'delete', target, sent: { kind: 'DeleteOptions', apiVersion: 'v1' } })).join()).toContain(
        'admission-webhook-removed',
      );
    },
  );
});

describe('the catalogue', () => {
  test('nothing waits for core events or for the version, which EKS never logs', () => {
    const reads = catalogue.flatMap(({ detection }) => ('reads' in detection ? detection.reads : []));
    expect(reads.filter((read) => / events$/.test(read))).toEqual([]);
  });
});
