import { describe, expect, it } from 'vitest';

import { checkConfiguration } from '../../infra/config.ts';
import { cidrProblem } from '../../infra/cidr.ts';
import { configuration as example } from '../../infra/plimsoll.config.ts';

/** What is said about the example with some of its members replaced. */
function problemsOf(change: Record<string, unknown>): string {
  try {
    checkConfiguration({ ...example, ...change });
    return 'no problem';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('the configuration', () => {
  it('is accepted as the example has it', () => {
    expect(checkConfiguration(example)).toBe(example);
  });

  it('needs no more than a cluster and somebody to tell', () => {
    expect(() =>
      checkConfiguration({ clusters: [{ name: 'a' }], alerts: { channels: [{ kind: 'email', name: 'us', address: 'a@example.com' }] } }),
    ).not.toThrow();
  });

  it('is refused once, with everything that is wrong', () => {
    const message = problemsOf({
      clusters: [{ name: 'fine' }, { name: 'prod cluster' }],
      flowLogs: [],
      networks: { vpc: ['10.0.0.0'] },
      removal: 'keep',
    });
    expect(message.split('\n')).toEqual([
      'infra/plimsoll.config.ts: 3 to put right',
      '  - clusters[1].name "prod cluster": EKS names are 1-100 letters, digits, - and _; start with a letter or digit',
      '  - networks.vpc[0] "10.0.0.0": write a range in CIDR notation, for example 10.0.0.0/16 or 2001:db8::/32',
      '  - removal "keep": say "retain" or "destroy"',
    ]);
  });

  const cluster = 'production';
  it.each([
    ['no cluster', { clusters: [] }, 'clusters []: name at least one cluster'],
    ['a filter that is neither', { filter: 'none' }, 'filter "none": say one of: derived, everything'],
    ['clusters that are no list', { clusters: 'production' }, 'clusters "production": must be a list'],
    ['a cluster that is only a name', { clusters: ['production'] }, 'clusters[0] "production": must be an object'],
    ['a cluster without a name', { clusters: [{}], flowLogs: [] }, 'clusters[0].name is missing: EKS names are'],
    ['a cluster that begins with a dash', { clusters: [{ name: '-a' }], flowLogs: [] }, 'clusters[0].name "-a": EKS names are'],
    [
      'a cluster named twice',
      { clusters: [{ name: 'a' }, { name: 'a' }], flowLogs: [] },
      'clusters[1].name "a": this cluster is listed twice',
    ],
    [
      'a flow log of an unknown cluster',
      { flowLogs: [{ cluster: 'prod', logGroup: 'x' }] },
      'flowLogs[0].cluster "prod": no such cluster in clusters; add it there or name one of: production, staging',
    ],
    ['a flow log without a source', { flowLogs: [{ cluster }] }, 'flowLogs[0].logGroup is missing: give the name of the log group'],
    ['an ARN for a log group', { flowLogs: [{ cluster, logGroup: 'arn:aws:logs:x' }] }, 'not its ARN'],
    ['the control plane as a flow log', { flowLogs: [{ cluster, logGroup: '/aws/eks/production/cluster' }] }, 'is subscribed to already'],
    [
      'one log group twice',
      {
        flowLogs: [
          { cluster, logGroup: 'x' },
          { cluster, logGroup: 'x' },
        ],
      },
      'flowLogs[1].logGroup "x": is listed twice',
    ],
    ['a VPC without create', { flowLogs: [{ cluster, vpcId: 'vpc-01234567' }] }, 'flowLogs[0].create is missing: say create: true'],
    ['a VPC id that is none', { flowLogs: [{ cluster, vpcId: 'vpc-1', create: true }] }, 'flowLogs[0].vpcId "vpc-1": a VPC id is'],
    [
      'a retention that CloudWatch lacks',
      { flowLogs: [{ cluster, vpcId: 'vpc-01234567', create: true, retentionDays: 31 }] },
      'flowLogs[0].retentionDays 31: CloudWatch Logs accepts 1, 3, 5',
    ],
    ["a format in the console's notation", { flowLogs: [{ cluster, logGroup: 'x', format: '${srcaddr} ${dstaddr}' }] }, 'without ${}'],
    [
      'a format without what judging needs',
      { flowLogs: [{ cluster, logGroup: 'x', format: 'srcaddr dstaddr start end' }] },
      'without action, log-status no flow can be judged',
    ],
    ['nobody to tell', { alerts: {} }, 'alerts.channels is missing: nobody would hear an alert'],
    ['an empty list of channels', { alerts: { channels: [] } }, 'alerts.channels []: nobody would hear an alert'],
    ['the settings of former versions', { alerts: { emails: [] } }, 'alerts.emails []: no such setting; known are channels'],
    ['a flag in words', { operations: { alertTopicToo: 'no' } }, 'operations.alertTopicToo "no": say true or false'],
    [
      'a named network that is none',
      { networks: { named: { office: '192.0.2.0/33' } } },
      'networks.named["office"] "192.0.2.0/33": an IPv4 prefix length is 0-32',
    ],
    ['a misspelt setting', { alert: {} }, 'alert {}: no such setting; known are clusters, flowLogs, alerts'],
    [
      'an identity that is no authenticated name',
      { identities: [{ who: 'kubectl/1.33', duty: 'deployer' }] },
      'identities[0].who "kubectl/1.33": give the ARN of an IAM role or user, or system:serviceaccount:NAMESPACE:NAME; * stands for any text without slash or colon',
    ],
    [
      'a duty there is not',
      { identities: [{ who: 'system:serviceaccount:argocd:*', duty: 'king' }] },
      'identities[0].duty "king": say one of: deployer, secret-reader, scanner, administrator',
    ],
    [
      'a duty with an end that is no time',
      { identities: [{ who: 'arn:aws:iam::111122223333:role/break-glass', duty: 'administrator', until: 'soon' }] },
      'identities[0].until "soon": give a date or time in ISO 8601, for example "2026-12-31"',
    ],
    ['no image that may run', { images: { allowed: [] } }, 'images.allowed []: name at least one repository, or leave images out'],
    [
      'an allowed image without its registry',
      { images: { allowed: ['nginx'] } },
      'images.allowed[0] "nginx": give a repository with its registry and without tag',
    ],
    ['an allowed image with a tag', { images: { allowed: ['docker.io/library/nginx:1.29'] } }, 'images.allowed[0]'],
    ['a namespace that cannot be', { policiesKnown: ['Shop'] }, 'policiesKnown[0] "Shop": give the name of a namespace, or * for all'],
    ['every registry allowed', { images: { allowed: ['*/**'] } }, 'images.allowed[0]'],
    ['a misspelt setting further in', { networks: { vpcs: [] } }, 'networks.vpcs []: no such setting; known are vpc, named, aws, lists'],
    [
      'a list there is not',
      { networks: { lists: { good: './x.txt' } } },
      'networks.lists.good "./x.txt": no such setting; known are tor, threat',
    ],
    [
      'a list without a file',
      { networks: { lists: { tor: './nowhere.txt' } } },
      'networks.lists.tor "./nowhere.txt": no such file in infra/',
    ],
    ['a list that is no list', { networks: { lists: { tor: './config.ts' } } }, 'is no address and no range in CIDR notation'],
    ['a time that is none', { baselines: { at: '2:30' } }, 'baselines.at "2:30": give a time of day as HH:MM'],
    ['a time zone that is none', { baselines: { at: '02:30', timeZone: 'Berlin' } }, 'baselines.timeZone "Berlin": give an IANA time zone'],
    [
      'more than the environment holds',
      { networks: { aws: Array.from({ length: 250 }, (_, index) => `10.${String(index)}.0.0/16`) } },
      "bytes of the functions' environment",
    ],
  ])('says what is wrong with %s', (_, change, message) => {
    expect(problemsOf(change)).toContain(message);
  });

  it('is not believed to be an object', () => {
    expect(() => checkConfiguration(undefined)).toThrow('configuration is missing: must be an object');
  });
});

describe('a range', () => {
  it.each(['0.0.0.0/0', '10.0.0.0/8', '192.0.2.1/32', '198.51.100.128/25', '2001:db8::/32', '::/0'])('%s is sound', (range) => {
    expect(cidrProblem(range)).toBeUndefined();
  });

  it.each(['', '10.0.0.0', '10.0.0/8', '010.0.0.0/8', '10.0.0.0/-1', '10.0.0.0/8 ', 'fe80::1%eth0/64', '2001:db8::/129', 7])(
    '%s is not',
    (range) => {
      expect(cidrProblem(range)).toMatch(/\w/);
    },
  );

  it('with bits after the prefix is answered with the range that may be meant', () => {
    expect(cidrProblem('203.0.113.77/26')).toBe('has bits set after the prefix; write 203.0.113.64/26 if that range is meant');
  });
});
