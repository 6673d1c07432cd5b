import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { responseTo } from '../../../shared/alert/response/response.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import { alertWith, findingWith } from '../../support/alerts.ts';

function linksOf(change: Partial<Finding>): readonly { readonly label: string; readonly url: string }[] {
  return responseTo(alertWith({ speaker: findingWith(change) })).links;
}

/** Reads the notation of the console's addresses, as the console does: text after `~'`, lists and objects in `~(…)`. */
function readNotation(text: string): unknown {
  let at = 0;
  const value = (): unknown => {
    if (text.startsWith("~'", at)) {
      const [, written = ''] = /^([\w.*-]*)/.exec(text.slice(at + 2)) ?? [];
      at += 2 + written.length;
      return written.replace(/\*\*([0-9a-f]{4})|\*([0-9a-f]{2})/g, (_, long?: string, short?: string) =>
        String.fromCharCode(parseInt(long ?? short ?? '', 16)),
      );
    }
    expect(text.slice(at, at + 2)).toBe('~(');
    at += 2;
    if (text[at] === '~') {
      const members: unknown[] = [];
      while (text[at] === '~') members.push(value());
      at += 1;
      return members;
    }
    const members: Record<string, unknown> = {};
    while (text[at] !== ')') {
      const [name = ''] = /^\w+/.exec(text.slice(at)) ?? [];
      at += name.length;
      members[name] = value();
      if (text[at] === '~') at += 1;
    }
    at += 1;
    return members;
  };
  const read = value();
  expect(at).toBe(text.length);
  return read;
}

function queryIn(url: string): Record<string, unknown> {
  const [, detail = ''] = /#logsV2:logs-insights\$3FqueryDetail\$3D(.*)$/.exec(url) ?? [];
  return readNotation(detail) as Record<string, unknown>;
}

const who = { kind: 'iam', name: 'reader (dana)', session: 'dana', accessKey: 'ASIAEXAMPLEEXAMPLE00', address: '203.0.113.9' } as const;

describe('links lead to where the case can be seen', () => {
  it('a query of the audit log is what the console reads from its address', () => {
    const [link] = linksOf({ who, source: 'audit' });
    expect(link?.label).toBe('Logs Insights: all requests with access key ASIAEXAMPLEEXAMPLE00');
    expect(queryIn(link?.url ?? '')).toEqual({
      start: '2026-03-02T02:00:00.000Z',
      end: '2026-03-02T04:00:00.000Z',
      timeType: 'ABSOLUTE',
      tz: 'UTC',
      editorString: [
        'fields @timestamp, verb, requestURI, responseStatus.code, user.username, sourceIPs.0, @message',
        `| filter @logStream like "kube-apiserver-audit" and @message like '"accessKeyId":["ASIAEXAMPLEEXAMPLE00"]'`,
        '| sort @timestamp asc',
        '| limit 1000',
      ].join('\n'),
      source: ['/aws/eks/harbour/cluster'],
    });
  });

  it('there are pages of CloudTrail, IAM and EKS', () => {
    const urls = linksOf({ who: { ...who, principal: 'arn:aws:iam::111122223333:role/reader' }, source: 'audit' }).map(({ url }) => url);
    expect(urls).toContain(
      'https://eu-central-1.console.aws.amazon.com/cloudtrailv2/home?region=eu-central-1#/events?AccessKeyId=ASIAEXAMPLEEXAMPLE00',
    );
    expect(urls).toContain('https://console.aws.amazon.com/iam/home#/roles/details/reader');
    expect(urls).toContain('https://eu-central-1.console.aws.amazon.com/eks/home?region=eu-central-1#/clusters/harbour');
  });

  it('each partition has its own console', () => {
    const hosts = ['cn-north-1', 'us-gov-west-1', 'eu-central-1', 'ap-southeast-7'].map(
      (region) => new URL(linksOf({ region }).at(-1)?.url ?? '').host,
    );
    expect(hosts).toEqual([
      'cn-north-1.console.amazonaws.cn',
      'us-gov-west-1.console.amazonaws-us-gov.com',
      'eu-central-1.console.aws.amazon.com',
      'ap-southeast-7.console.aws.amazon.com',
    ]);
  });

  it('there is none where the Region is unknown, or no Region at all', () => {
    for (const region of ['', 'x', 'evil.example/?', 'eu-central-1.evil.example']) expect(linksOf({ region })).toEqual([]);
  });

  it('traffic is looked up by its address, in a log group that the reader chooses', () => {
    const link = linksOf({ source: 'flow', who: { kind: 'workload', name: 'a/deployment/b', address: '2001:db8::7' } }).find(({ label }) =>
      label.includes('traffic'),
    );
    const query = queryIn(link?.url ?? '');
    expect(query['editorString']).toContain('filter srcAddr = "2001:db8::7" or dstAddr = "2001:db8::7"');
    expect(query).not.toHaveProperty('source');
  });

  it('whatever a log says, they lead to AWS and their queries can be read', () => {
    const some = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(some, some, some, some, (cluster, name, namespace, pod) => {
        for (const { url } of linksOf({
          cluster,
          source: 'audit',
          who: { kind: 'iam', name, principal: name, session: name },
          where: { namespace, pod },
        })) {
          expect(new URL(url).host).toMatch(/(?:^|\.)console\.aws\.amazon\.com$/);
          if (url.includes('queryDetail')) queryIn(url);
        }
      }),
    );
  });
});
