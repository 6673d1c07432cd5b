import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Form, Running } from '../evasion/attack.ts';
import { podForms } from '../evasion/forms-pods.ts';
import { findingsIn, podForm, privileged, recordsOf, told, toldOf } from './staging.ts';

/** Mistakes that detections of dangerous pods are known to make. Each test shows that ours do not. */

const runs = { numRuns: 40 };

describe('what a pod is given', () => {
  const inKinds = podForms({ does: 'run', ...privileged })
    // A pod made by server-side apply has a test of its own.
    .filter(({ name }) => name !== 'Pod apply-new');

  test.each(inKinds)('a privileged container is found: $name', async (form) => {
    expect(await toldOf(form)).toContain('privileged-container high');
  });

  test('no annotation of a client is needed: whatever wrote the object, the object itself is judged', async () => {
    const [form] = podForms({ does: 'run', ...privileged, kinds: ['Deployment'] });
    const records = recordsOf(form?.asks ?? []);
    expect(JSON.stringify(records)).not.toContain('last-applied-configuration');
    for (const userAgent of ['Helm/3.18.4', 'kubectl/v1.33.2 (linux/amd64) kubernetes/a57b6f7', 'OpenAPI-Generator/32.0.1/python', ''])
      expect(told(await findingsIn(records.map((record) => ({ ...record, userAgent }))))).toContain('privileged-container high');
  });

  test('the namespace of the cluster itself hides nothing', async () => {
    const kinds = ['Pod', 'DaemonSet'] as const;
    for (const kind of kinds) {
      const inside = (running: Omit<Running, 'does'>): Form =>
        podForm({ ...running, namespace: 'kube-system', kinds: [kind] }, `${kind} create`);
      expect((await toldOf(inside({ spec: { hostNetwork: true } }))).join()).toContain('host-network');
      expect(await toldOf(inside({ container: { securityContext: { capabilities: { add: ['SYS_ADMIN'] } } } }))).toContain(
        'dangerous-capability high',
      );
      expect(await toldOf(inside(privileged))).toContain('privileged-container high');
    }
  });

  const spelt = (name: string): fc.Arbitrary<string> =>
    fc
      .tuple(fc.constantFrom('', 'CAP_', 'cap_', 'Cap_'), fc.array(fc.boolean(), { minLength: name.length, maxLength: name.length }))
      .map(([prefix, small]) => prefix + name.replace(/./g, (letter, at: number) => (small[at] === true ? letter.toLowerCase() : letter)));

  test.each(['ALL', 'SYS_ADMIN', 'SYS_MODULE', 'SYS_RAWIO', 'DAC_READ_SEARCH'])(
    'capability %s is found in every spelling',
    async (name) => {
      await fc.assert(
        fc.asyncProperty(spelt(name), fc.constantFrom('Pod create', 'in an init container'), async (spelling, form) => {
          const container = { securityContext: { capabilities: { drop: ['NET_RAW'], add: ['NET_BIND_SERVICE', spelling] } } };
          expect(await toldOf(podForm({ container }, form))).toContain('dangerous-capability high');
        }),
        runs,
      );
    },
  );

  /** The same directory in other words; the API server refuses steps back. */
  const written = (path: string): fc.Arbitrary<string> => {
    const parts = path.split('/').filter(Boolean);
    const separator = fc.constantFrom('/', '//', '/./', '/.//', '///');
    return fc
      .tuple(fc.array(separator, { minLength: parts.length, maxLength: parts.length }), fc.constantFrom('', '/', '/.', '//', '/./'))
      .map(([separators, end]) => parts.map((part, at) => (separators[at] ?? '/') + part).join('') + end || '/');
  };
  const mounts = (path: string): Omit<Running, 'does'> => ({
    spec: { volumes: [{ name: 'host', hostPath: { path, type: '' } }] },
    container: { volumeMounts: [{ name: 'host', mountPath: '/host' }] },
  });

  test.each([
    ...[['/', 'high'] as const, ['/etc', 'high'] as const, ['/etc/kubernetes/manifests', 'high'] as const, ['/root/.ssh', 'high'] as const],
    ...[['/var/lib/kubelet', 'high'] as const, ['/var/lib/kubelet/pods', 'high'] as const, ['/proc', 'high'] as const],
    ...[['/run/containerd', 'high'] as const, ['/run/containerd/containerd.sock', 'high'] as const, ['/run', 'high'] as const],
    ...[['/var/run', 'high'] as const, ['/var/run/docker.sock', 'high'] as const, ['/var/log', 'medium'] as const],
  ])('a mount of %s of the node is found in every spelling', async (path, severity) => {
    await fc.assert(
      fc.asyncProperty(written(path), async (spelling) => {
        const found = await toldOf(podForm(mounts(spelling), 'Deployment create'));
        expect(found.filter((each) => /^(?:host-path-mounted|runtime-socket-mounted) /.test(each)).join()).toContain(severity);
      }),
      runs,
    );
  });

  test('credentials are looked for where EKS logs them: in workloads, as it never logs what a ConfigMap holds', async () => {
    const container = { env: [{ name: 'AWS_SECRET_ACCESS_KEY', value: 'wJalrXUtnFEMIaK7MDENGabPxRfiCYzEXAMPLEKEY' }] };
    const found = await toldOf(podForm({ container }, 'Deployment create'));
    expect(found.join()).toContain('credentials-in-workload');
  });

  test('a container that joins a running pod is found under the name that the API has for it', async () => {
    for (const name of ['ephemeral container patch', 'ephemeral container update']) {
      const found = await toldOf(podForm(privileged, name));
      expect(found).toContain('privileged-container high');
      expect(found.join()).toContain('debug-container-added');
    }
  });
});
