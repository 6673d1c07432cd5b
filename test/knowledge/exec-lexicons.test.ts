import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attackToolIn } from '../../shared/knowledge/attack-tools.ts';
import { credentialSourceIn } from '../../shared/knowledge/credential-files.ts';
import { couldMean } from '../../shared/knowledge/wildcards.ts';
import { credentialEndpointIn, plainAddress } from '../../shared/knowledge/metadata-service.ts';
import { cpuTime } from '../support/cpu.ts';

describe('credentials in a command', () => {
  it.each([
    ['cat /run/secrets/kubernetes.io/serviceaccount/token', 'the service account token'],
    ['cat /var/run/secrets/eks.amazonaws.com/serviceaccount/token', 'the IRSA token'],
    ['head -c 900 /host/etc/shadow', 'password hashes'],
    ['xargs -0 < /proc/1/environ', 'the environment of a process'],
    ['strings /proc/self/environ', 'the environment of a process'],
    ['cat /root/.aws/credentials', 'AWS credentials'],
    ['find / -name id_rsa', 'SSH keys'],
    ['cp /app/tls.key /tmp', 'private keys'],
    ['cat /???/shadow', 'password hashes'],
    ['cat /var/r?n/sec*/kuber*/s*/[st]oken', 'the service account token'],
    ['env', 'environment variables'],
    ['sh -c printenv | sort', 'environment variables'],
    ['cat /etc/passwd', 'the list of accounts'],
  ])('%s reads %s', (command, what) => {
    expect(credentialSourceIn(command)?.what).toBe(what);
  });

  it.each(['cat /etc/hosts', 'ls /app/environment', 'echo shadow', 'cat /app/monkey', 'ls /*/*', 'env-check --all', 'ls /app/keys.txt'])(
    '%s reads none',
    (command) => {
      expect(credentialSourceIn(command)).toBeUndefined();
    },
  );

  it('matches wild cards as a shell does', () => {
    const component = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(component, component, fc.nat(8), (first, second, at) => {
        const path = `/${first}/${second}`;
        expect(couldMean(`/${first}/*`, path)).toBe(true);
        expect(couldMean(`/${first}/${second.slice(0, at)}*`, path)).toBe(true);
        expect(couldMean(`/${first}/*${second.slice(at)}`, path)).toBe(true);
        expect(couldMean(`/${first}/${'?'.repeat(second.length)}`, path)).toBe(true);
        expect(couldMean(`/${first}/${'?'.repeat(second.length + 1)}`, path)).toBe(false);
        expect(couldMean(`/${first}/*/*`, path)).toBe(false);
      }),
    );
  });
});

describe('addresses of credential endpoints', () => {
  it.each([
    '169.254.169.254',
    '2852039166',
    '0xa9fea9fe',
    '0251.0376.0251.0376',
    '0xa9.254.43518',
    '169.16689662',
    '::ffff:169.254.169.254',
    '[::ffff:a9fe:a9fe]',
    '169.254.169.254:80',
  ])('%s is the metadata service', (host) => {
    expect(plainAddress(host)).toBe('169.254.169.254');
    expect(credentialEndpointIn(`curl http://${host}/`)).toBe('instance metadata service');
  });

  it('survive every notation that inet_aton takes', () => {
    const number = (value: number): fc.Arbitrary<string> =>
      fc.constantFrom(String(value), `0x${value.toString(16)}`, `0${value.toString(8)}`);
    const byte = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(
        fc.tuple(byte, byte, byte, byte).chain(([a, b, c, d]) =>
          fc.record({
            dotted: fc.constant([a, b, c, d].join('.')),
            spelled: fc.oneof(
              number(((a * 256 + b) * 256 + c) * 256 + d),
              fc.tuple(number(a), number((b * 256 + c) * 256 + d)).map((parts) => parts.join('.')),
              fc.tuple(number(a), number(b), number(c * 256 + d)).map((parts) => parts.join('.')),
              fc.tuple(number(a), number(b), number(c), number(d)).map((parts) => parts.join('.')),
            ),
          }),
        ),
        ({ dotted, spelled }) => {
          expect(plainAddress(spelled)).toBe(dotted);
        },
      ),
    );
  });

  it.each([
    ['curl [fd00:ec2::254]/latest', 'instance metadata service'],
    ['curl http://[fd00:0ec2:0:0:0:0:0:0023]/v1/credentials', 'Pod Identity agent'],
    ['curl 169.254.170.23/v1/credentials', 'Pod Identity agent'],
    ['curl $aws_container_credentials_full_uri', 'Pod Identity agent'],
    ['curl -h x-aws-ec2-metadata-token:$t', 'instance metadata service'],
  ])('%s asks the %s', (command, endpoint) => {
    expect(credentialEndpointIn(command)).toBe(endpoint);
  });

  it.each(['curl http://169.254.20.10/', 'sleep 3600', 'curl 10.0.0.1:8080', 'curl http://api/orders/2852039167', 'date +%s'])(
    '%s asks none',
    (command) => {
      expect(credentialEndpointIn(command)).toBeUndefined();
    },
  );
});

describe('attack tools', () => {
  it.each([
    ['/tmp/.x/pspy64 -pf', 'pspy64'],
    ['sh -c ./linpeas.sh -a', 'linpeas'],
    ['curl -lo https://example.org/releases/download/1.9/kubeletctl_linux_amd64', 'kubeletctl'],
    ['./peirates-v1.1.27', 'peirates'],
    ['cd /tmp && ./cme smb 10.0.0.0/24', 'cme'],
    ['timeout 60 nmap -ss 10.0.0.0/24', 'nmap'],
    ['id; ctr -n k8s.io c ls', 'ctr'],
    ['nsenter -t 1 -m sh', 'nsenter'],
    ['chroot /host bash', 'chroot into the node'],
    ['chroot /proc/self/root/host', 'chroot into the node'],
    ['chroot /h* sh', 'chroot into the node'],
    ['/tmp/?spy64 -pf', 'pspy64'],
    ['/tmp/li[n]pe* -a', 'linpeas'],
    ['./cdk run docker-sock-check', 'cdk'],
    ['echo 1 > /tmp/cgrp/x/notify_on_release', 'cgroup release_agent'],
    ['mount /dev/nvme0n1p1 /mnt', 'mount of a device of the node'],
    ['curl -k https://10.0.0.5:10250/run/shop/api/api -d cmd=id', 'kubelet API'],
  ])('%s runs %s', (command, name) => {
    expect(attackToolIn(command)?.name).toBe(name);
  });

  it.each([
    'npx cdk deploy --all',
    'ls /app/static/cme',
    'cat gost.md',
    'echo hydra',
    'hydra migrate sql',
    'docker-entrypoint.sh nginx',
    'tail -f nmapping.log',
    'chroot-check',
    'chroot /newroot sh',
    'ls /tmp/?spy64',
    '/app/* --help',
  ])('%s runs none', (command) => {
    expect(attackToolIn(command)).toBeUndefined();
  });

  it('names the graver of two', () => {
    expect(attackToolIn('nmap 10.0.0.1; ./pspy64')?.name).toBe('pspy64');
  });
});

describe('lexicons', () => {
  const parts = [
    '/',
    '/*',
    '*?',
    '[',
    '-1',
    '.1',
    '_v1',
    '0x',
    'a.',
    ':',
    '[fd',
    'mount a ',
    'chroot ',
    'hydra x ',
    ' -c env',
    ';',
    '/proc/',
    '.key',
    'a',
  ];
  it.each(parts)('take linear time over repetitions of %j', (part) => {
    const text = part.repeat(32_768 / part.length);
    const time = cpuTime(() => {
      credentialSourceIn(text);
      credentialEndpointIn(text);
      attackToolIn(text);
      attackToolIn(text.slice(0, 70));
    });
    expect(time).toBeLessThan(1_500);
  });
});
