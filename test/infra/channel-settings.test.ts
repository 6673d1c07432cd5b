import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { combinationsOf, filterPolicyOf, mostCombinations } from '../../infra/channel-filter.ts';
import { checkConfiguration } from '../../infra/config.ts';
import { configuration as example } from '../../infra/plimsoll.config.ts';
import { messageAttributes, severities, tactics } from '../../shared/contract/channels.ts';

const secretArn = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:plimsoll/slack-AbCdEf';
const address = 'security@example.com';

/** What is said about the example with some of its members replaced. */
function problemsOf(change: Record<string, unknown>): string {
  try {
    checkConfiguration({ ...example, ...change });
    return 'no problem';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('the list of channels', () => {
  it.each([
    ['no kind', { name: 'x' }, 'alerts.channels[0].kind is missing: say one of: slack-webhook, slack-bot, email, pagerduty'],
    ['a kind that there is not', { kind: 'fax', name: 'x' }, 'alerts.channels[0].kind "fax": say one of'],
    ['no channel', 'slack', 'alerts.channels[0] "slack": must be an object'],
    ['no name', { kind: 'email', address }, 'alerts.channels[0].name is missing: a name is 1-30 small letters'],
    ['a name in capitals', { kind: 'email', name: 'Us', address }, 'alerts.channels[0].name "Us": a name is'],
    [
      'the webhook itself',
      { kind: 'slack-webhook', name: 'x', secretArn: 'https://hooks.slack.com/services/x' },
      'never the webhook URL or key itself',
    ],
    ['an ARN without its suffix', { kind: 'pagerduty', name: 'x', secretArn: secretArn.slice(0, -7) }, 'six-character suffix'],
    ['a bot without a channel', { kind: 'slack-bot', name: 'x', secretArn }, 'alerts.channels[0].channel is missing: give the id'],
    ['the name of a channel', { kind: 'slack-bot', name: 'x', secretArn, channel: '#security' }, 'channel "#security": give the id'],
    ['an address without a domain', { kind: 'email', name: 'x', address: 'us' }, 'channels[0].address "us": is not an e-mail address'],
    [
      'what belongs to another kind',
      { kind: 'email', name: 'x', address, secretArn },
      'no such setting; known are kind, name, severity, clusters, tactics, address',
    ],
    [
      'a FIFO queue',
      { kind: 'sqs', name: 'x', queueArn: 'arn:aws:sqs:eu-central-1:111122223333:a.fifo' },
      'give the ARN of a standard queue',
    ],
    [
      'a place PagerDuty is not at',
      { kind: 'pagerduty', name: 'x', secretArn, serviceRegion: 'ap' },
      'serviceRegion "ap": say one of: us, eu',
    ],
    ['the name that mail goes by', { kind: 'security-hub', name: 'mail' }, 'name "mail": is what all mail addresses go by'],
    [
      'a severity there is not',
      { kind: 'amazon-q', name: 'x', severity: 'urgent' },
      'severity "urgent": say one of: low, medium, high, critical',
    ],
    ['a misspelt tactic', { kind: 'amazon-q', name: 'x', tactics: ['exfil'] }, 'tactics[0] "exfil": say one of: reconnaissance'],
    ['a filter that chooses nothing', { kind: 'amazon-q', name: 'x', clusters: [] }, 'clusters []: chooses nothing; leave it out for all'],
    ['a cluster that is not watched', { kind: 'amazon-q', name: 'x', clusters: ['prod'] }, 'clusters[0] "prod": is none of clusters'],
    ['too many stars', { kind: 'amazon-q', name: 'x', clusters: ['*p*r*o*'] }, '* stands for any text, up to three times'],
  ])('is refused with %s', (_, channel, message) => {
    expect(problemsOf({ alerts: { channels: [channel] } })).toContain(message);
  });

  it('takes a channel of every kind, with filters', () => {
    const channels = [
      { kind: 'slack-webhook', name: 'a', secretArn, severity: 'medium' },
      { kind: 'slack-bot', name: 'b', secretArn, channel: 'C0123456789', clusters: ['prod*', 'staging'] },
      { kind: 'email', name: 'c', address, tactics: ['exfiltration'] },
      { kind: 'pagerduty', name: 'd', secretArn, serviceRegion: 'eu', severity: 'critical' },
      { kind: 'amazon-q', name: 'e' },
      { kind: 'security-hub', name: 'f' },
      { kind: 'sqs', name: 'g', queueArn: 'arn:aws:sqs:eu-central-1:111122223333:siem' },
    ];
    expect(problemsOf({ alerts: { channels } })).toBe('no problem');
  });

  it('takes no name and no address twice', () => {
    const channel = { kind: 'email', name: 'a', address };
    const twice = problemsOf({ alerts: { channels: [channel, channel] } });
    expect(twice).toContain('alerts.channels[1].name "a": two channels have this name');
    expect(twice).toContain(`alerts.channels[1].address "${address}": is listed twice`);
  });

  it('refuses a filter of mail that SNS would', () => {
    const clusters = Array.from({ length: 20 }, (_, index) => ({ name: `c${String(index)}` }));
    const filter = { severity: 'medium', clusters: clusters.map(({ name }) => name), tactics: ['impact', 'stealth'] };
    const channels = [{ kind: 'email', name: 'a', address, ...filter }];
    expect(problemsOf({ clusters, flowLogs: [], alerts: { channels } })).toContain('by at most 150 combinations');
  });

  it('refuses more than the environment holds', () => {
    const clusters = Array.from({ length: 40 }, (_, index) => ({ name: `${String(index)}${'x'.repeat(90)}` }));
    const channels = [{ kind: 'security-hub', name: 'a', clusters: clusters.map(({ name }) => name) }];
    expect(problemsOf({ clusters, flowLogs: [], alerts: { channels } })).toContain('clusters and tactics may take 2500 bytes');
  });
});

describe('a filter policy', () => {
  const severity = fc.option(fc.constantFrom(...severities), { nil: undefined });
  const some = <T>(member: fc.Arbitrary<T>) => fc.option(fc.array(member, { minLength: 1, maxLength: 60 }), { nil: undefined });
  const filters = fc
    .record({ severity, clusters: some(fc.stringMatching(/^[a-z*]{1,5}$/)), tactics: some(fc.constantFrom(...tactics)) })
    .map((filter) => Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)));

  it('is never too much for SNS, and never lets more than asked for keep an alert away', () => {
    fc.assert(
      fc.property(filters, fc.boolean(), (filter, alarmsToo) => {
        const policy = filterPolicyOf(filter, alarmsToo) ?? {};
        const sizes = Object.values(policy).map(({ conditions }) => conditions.length);
        expect(sizes.reduce((product, size) => product * size, 1)).toBeLessThanOrEqual(mostCombinations);
        const { severity: s, cluster, tactic } = messageAttributes;
        const asked = [s, ...('clusters' in filter ? [cluster] : []), ...('tactics' in filter ? [tactic] : [])];
        for (const name of Object.keys(policy)) expect(asked).toContain(name);
      }),
    );
  });

  it('leaves to the function what is too much', () => {
    const clusters = Array.from({ length: 60 }, (_, index) => `c${String(index)}`);
    const filter = { severity: 'high', clusters, tactics: ['impact', 'stealth'] } as const;
    expect(combinationsOf(filter)).toBeGreaterThan(mostCombinations);
    expect(Object.keys(filterPolicyOf(filter, false) ?? {})).toEqual([messageAttributes.severity, messageAttributes.tactic]);
  });
});
