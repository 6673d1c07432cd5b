import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { customNotification } from '../../shared/alert/amazon-q.ts';
import { securityFinding } from '../../shared/alert/asff.ts';
import { asciiJson } from '../../shared/alert/escape.ts';
import { alertMail } from '../../shared/alert/mail.ts';
import { detectionFinding } from '../../shared/alert/ocsf.ts';
import { pagerDutyEvent } from '../../shared/alert/pagerduty.ts';
import { tactics } from '../../shared/contract/channels.ts';
import { techniques } from '../../shared/knowledge/attack.ts';
import { tacticNames } from '../../shared/knowledge/tactics.ts';
import { ocsfFaults } from '../support/ocsf.ts';
import { everything, hostileAlerts, publishedWith, textsIn } from '../support/published.ts';

const product = {
  arn: 'arn:aws:securityhub:eu-central-1:444455556666:product/444455556666/default',
  partition: 'aws',
  region: 'eu-central-1',
  account: '444455556666',
};

describe('an OCSF Detection Finding', () => {
  it('has what the schema requires, and says what the alert does', () => {
    const event = detectionFinding(publishedWith(everything));
    expect(ocsfFaults(event)).toEqual([]);
    expect(event).toMatchObject({
      class_uid: 2004,
      category_uid: 2,
      type_uid: 200_401,
      severity_id: 4,
      confidence_id: 2,
      time: Date.parse('2026-03-02T12:00:00Z'),
      cloud: { provider: 'AWS', region: 'eu-central-1', account: { uid: '111122223333' } },
      finding_info: {
        types: ['Execution', 'Impact'],
        attacks: [
          { technique: { uid: 'T1610' }, tactic: { uid: 'TA0002', name: 'Execution' } },
          { technique: { uid: 'T1499' }, tactic: { uid: 'TA0040' } },
        ],
        related_events: [{ uid: '4f2a' }],
      },
    });
  });

  it('names a technique and the part of it that was seen', () => {
    const { finding_info } = detectionFinding(publishedWith({ attack: ['T1078.004'] })) as { finding_info: { attacks: unknown[] } };
    expect(finding_info.attacks).toMatchObject([
      { technique: { uid: 'T1078', name: 'Valid Accounts' }, sub_technique: { uid: 'T1078.004' } },
    ]);
  });

  it('is updated by a later telling, and closed when the alert is', () => {
    expect(detectionFinding(publishedWith({ telling: 2 }))).toMatchObject({ activity_id: 2, type_uid: 200_402, status_id: 1 });
    expect(detectionFinding(publishedWith({ state: 'closed' }))).toMatchObject({ activity_id: 3, type_uid: 200_403, status_id: 4 });
    expect(detectionFinding(publishedWith({ telling: undefined, reason: 'seen 10 times' }))).toMatchObject({ activity_id: 2 });
  });

  it('is valid and small enough for a queue whatever the alert is', () => {
    fc.assert(
      fc.property(hostileAlerts, (alert) => {
        const event = detectionFinding(alert);
        expect(ocsfFaults(event)).toEqual([]);
        expectHarmless(event);
        expect(Buffer.byteLength(asciiJson(event))).toBeLessThan(1_048_576);
        expect(asciiJson(event)).toMatch(/^[ -~]*$/);
        expect(JSON.parse(asciiJson(event))).toEqual(JSON.parse(JSON.stringify(event)));
      }),
      { numRuns: 100 },
    );
  });
});

describe('a finding of Security Hub', () => {
  it('belongs to the account that imports it, and names the cluster of the account it is about', () => {
    const finding = securityFinding(publishedWith(everything), product);
    expect(finding).toMatchObject({
      SchemaVersion: '2018-10-08',
      ProductArn: product.arn,
      AwsAccountId: '444455556666',
      GeneratorId: 'plimsoll/container-spraying',
      Severity: { Label: 'HIGH' },
      Types: ['TTPs/Execution', 'Unusual Behaviors/Container'],
      RecordState: 'ACTIVE',
    });
    expect(finding.Resources).toContainEqual({
      Type: 'AwsEksCluster',
      Id: 'arn:aws:eks:eu-central-1:111122223333:cluster/harbour',
      Partition: 'aws',
      Region: 'eu-central-1',
    });
  });

  it('is newer with every telling, so that an older one that comes late changes nothing', () => {
    const updated = [1, 2, 3].map((telling) => securityFinding(publishedWith({ telling }), product).UpdatedAt);
    expect(updated.toSorted()).toEqual(updated);
    expect(new Set(updated).size).toBe(3);
    expect(securityFinding(publishedWith({ telling: 1 }), product).Id).toBe(securityFinding(publishedWith({ telling: 2 }), product).Id);
  });

  it('keeps to the lengths whatever the alert is', () => {
    fc.assert(
      fc.property(hostileAlerts, (alert) => {
        const finding = securityFinding(alert, product);
        expectHarmless(finding);
        expect(finding.Title).toMatch(/^.{1,256}$/u);
        expect(finding.Description.length).toBeLessThanOrEqual(1_024);
        expect(finding.Description.length).toBeGreaterThan(0);
        expect(finding.Id.length).toBeLessThanOrEqual(512);
        expect(Object.keys(finding.ProductFields).length).toBeLessThanOrEqual(50);
        for (const value of Object.values(finding.ProductFields)) expect(value.length).toBeLessThanOrEqual(2_048);
        for (const { Id } of finding.Resources) expect(Id).not.toBe('');
        expect(finding.Types.length).toBeGreaterThan(0);
        for (const time of [finding.CreatedAt, finding.UpdatedAt]) expect(Number.isNaN(Date.parse(time))).toBe(false);
        expect(Buffer.byteLength(JSON.stringify(finding))).toBeLessThanOrEqual(240_000);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a custom notification of Amazon Q Developer', () => {
  it('has its schema and nothing else', () => {
    const notification = customNotification(publishedWith(everything));
    expect(Object.keys(notification)).toEqual(['version', 'source', 'id', 'content', 'metadata']);
    expect(notification).toMatchObject({
      version: '1.0',
      source: 'custom',
      content: {
        textType: 'client-markdown',
        title: 'HIGH: Containers created in a burst',
        keywords: ['high', 'harbour', 'container-spraying'],
      },
    });
    expect(notification.content.nextSteps).toHaveLength(5);
    expect(notification.metadata.threadId).toBe(customNotification(publishedWith({ telling: 7 })).metadata.threadId);
  });

  it('keeps to the lengths and mentions nobody whatever the alert is', () => {
    fc.assert(
      fc.property(hostileAlerts, (alert) => {
        const { content, metadata } = customNotification(alert);
        expect(content.title.length).toBeLessThanOrEqual(250);
        expect(content.description.length).toBeLessThanOrEqual(8_000);
        for (const step of content.nextSteps ?? []) expect(step.length).toBeLessThanOrEqual(350);
        for (const word of content.keywords) expect(word.length).toBeLessThanOrEqual(75);
        for (const text of textsIn({ content, summary: metadata.summary, account: metadata.additionalContext['account'] })) {
          expect(text).not.toMatch(/[<>]|:\/\/|\]\(|@\w|(?<!\u200b)[*_~`]/);
          expect(text.isWellFormed()).toBe(true);
        }
        for (const value of Object.values(metadata.additionalContext)) expect(typeof value).toBe('string');
        for (const id of [metadata.threadId, metadata.eventType]) expect(id).toMatch(/^[\w.-]{1,75}$/);
      }),
      { numRuns: 100 },
    );
  });
});

describe('an event of PagerDuty', () => {
  it.each([
    ['critical', 'critical'],
    ['high', 'error'],
    ['medium', 'warning'],
    ['low', 'info'],
    ['odd', 'error'],
  ])('of %s is one of %s', (severity, expected) => {
    expect(pagerDutyEvent(publishedWith({ severity })).payload.severity).toBe(expected);
  });

  it('is one incident for all tellings of an alert, and ends with it', () => {
    const alert = publishedWith(everything);
    expect(pagerDutyEvent(alert)).toMatchObject({ event_action: 'trigger', dedup_key: alert.id });
    expect(pagerDutyEvent(publishedWith({ state: 'closed' })).event_action).toBe('resolve');
    expect(pagerDutyEvent(alert).links).toEqual([
      { href: expect.stringMatching(/^https:\/\/eu-central-1\.console/) as string, text: 'Logs of the pod' },
    ]);
  });

  it('keeps to the lengths whatever the alert is', () => {
    fc.assert(
      fc.property(hostileAlerts, (alert) => {
        const event = pagerDutyEvent(alert);
        expectHarmless(event);
        expect(event.payload.summary.length).toBeLessThanOrEqual(1_024);
        expect(event.payload.summary).not.toBe('');
        expect(event.payload.source).not.toBe('');
        expect(event.dedup_key.length).toBeLessThanOrEqual(255);
        expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThanOrEqual(512_000);
        for (const { href } of event.links) expect(href).toMatch(/^https:\/\/eu-central-1\.console\.aws\.amazon\.com\//);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a mail', () => {
  it('is text that a person reads, without a word for machines', () => {
    const { subject, body } = alertMail(publishedWith());
    expect(subject).toBe('[high] Containers created in a burst in harbour');
    expect(body).toMatch(/^Told because: first seen\n\nHIGH {2}Containers created in a burst: shop\/cart, in harbour\n/);
    // Braces and quotes stand in commands alone.
    expect(body).not.toMatch(/^\s*[{}"]/m);
  });

  it('says what is known where the text of an alert is blank: SNS refuses an empty message', () => {
    expect(alertMail({ ...publishedWith(), reason: '', text: [''] }).body).toMatch(/^HIGH: Containers created in a burst/);
  });

  it('is what SNS takes whatever the alert is', () => {
    fc.assert(
      fc.property(hostileAlerts, (alert) => {
        const { subject, body } = alertMail(alert);
        expect(subject).toMatch(/^[ -~]{1,100}$/);
        expect(body).not.toBe('');
        expect(body.isWellFormed()).toBe(true);
        expect(body).not.toMatch(/[^\n\t -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
      }),
      { numRuns: 100 },
    );
  });
});

it('every tactic that a detection names can be asked for, and has its id', () => {
  for (const { tactic } of Object.values(techniques)) expect(tactics).toContain(tactic);
  expect(Object.keys(tacticNames).toSorted()).toEqual([...tactics].toSorted());
});

/** Nothing that a system further on could take for a mention, a link or a trick of direction. */
function expectHarmless(value: unknown): void {
  for (const text of textsIn(value)) {
    expect(text).not.toMatch(/<\S/);
    expect(text).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
    expect(text.isWellFormed()).toBe(true);
  }
}
