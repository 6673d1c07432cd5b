import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeSubscription } from '../../shared/intake/subscription.ts';
import { readOptions } from '../../cli/options.ts';
import { Replay } from '../../cli/replaying.ts';
import { quietScreen } from '../support/samples.ts';
import { Desk } from '../support/terminal.ts';

/** Files of Falco and auditd are known by what they hold, however they came; and lines count only from where they may come. */

const alert = {
  hostname: 'ip-10-0-1-23',
  output: 'a binary that is not in the image',
  output_fields: { 'k8s.ns.name': 'payments', 'k8s.pod.name': 'ledger-0' },
  priority: 'Critical',
  rule: 'Drop and execute new binary in container',
  source: 'syscall',
  tags: [],
  time: '2026-03-10T02:41:00.1Z',
};
const falco = JSON.stringify(alert);
const miner = 'node=ip-10-0-1-23 type=EXECVE msg=audit(1773110460.123:601): argc=1 a0="/tmp/xmrig"';
const subscription = (logGroup: string, messages: readonly string[], logStream = 'ip-10-0-1-23') => ({
  messageType: 'DATA_MESSAGE',
  owner: '111122223333',
  logGroup,
  logStream,
  subscriptionFilters: ['plimsoll'],
  logEvents: messages.map((message, at) => ({ id: String(at), timestamp: 1_773_110_461_000, message })),
});

async function replayed(content: string | Uint8Array) {
  using desk = new Desk();
  const options = readOptions(['--cluster', 'harbour', '--findings', desk.put('nodes.log', content)]);
  if (options === 'help') throw new Error('unreachable: no --help was given');
  const { findings, tally, scopes } = await new Replay(options).run(quietScreen);
  return {
    told: findings.map(({ detection, cluster }) => `${detection} ${cluster}`),
    links: findings.flatMap(({ links }) => links),
    lines: tally.lines,
    scopes,
  };
}

describe('a file of signals', () => {
  it.each([
    ['Falco', falco, 'external-falco-alert'],
    ['auditd', miner, 'external-auditd-tool'],
  ])('of %s is recognised as it is, wrapped, exported, answered and delivered', async (_, line, detection) => {
    const wrapped = JSON.stringify({ log: `${line}\n`, stream: 'stdout', kubernetes: { host: 'ip-10-0-1-23' } });
    const answer = JSON.stringify({ events: [{ logStreamName: 'nodes', timestamp: 1_773_110_461_000, message: line, eventId: '1' }] });
    const delivered = JSON.stringify(subscription('/nodes/x', [line]));
    const exported = `2026-03-10T02:41:01.000Z ${line}`;
    for (const content of [line, `${line}\n`, wrapped, answer, delivered, exported, gzipSync(line)]) {
      const { told, lines } = await replayed(content);
      expect([lines, told]).toEqual([1, [`${detection} harbour`]]);
    }
  });

  it('links its findings to the pod, or to the node where they are about the node itself', async () => {
    const node = 'ip-10-0-1-23.eu-central-1.compute.internal';
    expect((await replayed(JSON.stringify({ ...alert, hostname: node }))).links).toEqual(['pod harbour/payments/ledger-0']);
    expect((await replayed(miner.replace('ip-10-0-1-23', node))).links).toEqual([`node harbour/${node}`]);
  });
});

describe('a line of Falco or auditd', () => {
  const payload = (logGroup: string) => gzipSync(JSON.stringify(subscription(logGroup, [falco]))).toString('base64');
  const enrolled = {
    '/nodes/falco': { cluster: 'production', from: 'falco' },
    '/nodes/audit': { cluster: 'production', from: 'auditd', keys: ['x'] },
  } as const;

  it('is read from an enrolled group, as the configuration says', () => {
    expect(decodeSubscription(payload('/nodes/falco'), 'eu-central-1', enrolled)).toMatchObject({
      log: 'falco',
      scope: { cluster: 'production' },
    });
    expect(decodeSubscription(payload('/nodes/audit'), 'eu-central-1', enrolled)).toMatchObject({ log: 'auditd', keys: ['x'] });
  });

  it.each(['/nodes/other', 'constructor', '__proto__', '/aws/eks/production/cluster'])('from %s is foreign', (group) => {
    const { records, rejects } = decodeSubscription(payload(group), 'eu-central-1', enrolled);
    expect([records, rejects.map(({ reject }) => reject)]).toEqual([[], ['foreign-stream']]);
  });
});
