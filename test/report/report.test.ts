import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDrawn, measuredIn, novelIn } from '../../shared/report/baseline.ts';
import { graphOf } from '../../shared/report/graph.ts';
import { boxWidth, layOut } from '../../shared/report/graph-layout.ts';
import { storyOf } from '../../shared/report/incident.ts';
import { checklist } from '../../shared/report/checklist.ts';
import { clipped, markup, squeezed } from '../../shared/report/markup.ts';
import { incidentReport, replayReport } from '../../shared/report/report.ts';
import type { Touch } from '../../shared/report/things.ts';
import { type Told, toldOf } from '../../shared/report/told.ts';
import { touchesOf } from '../../shared/report/touches.ts';
import type { Deed } from '../../shared/model/deed.ts';
import type { Evidence } from '../../shared/model/finding.ts';
import type { Alert } from '../../shared/triage/alert.ts';
import { alertWith, findingWith, three } from '../support/alerts.ts';
import { alertsOf, hostile, incidentOf, sourceOf } from './cases.ts';

/** Reports as text and numbers; browser.test.ts looks at them. */

const told = (...deeds: readonly Deed[]): Told => {
  const evidence = deeds.map((deed, index): Evidence => ({ time: three, eventId: JSON.stringify([deed, index]), note: 'In words.', deed }));
  return toldOf(alertWith({ speaker: findingWith({ evidence }) }), sourceOf);
};

const touches = (...tolds: readonly Told[]): string[] =>
  touchesOf(tolds).map(({ from, did, to }) => `${from.kind} ${from.name} > ${did} > ${to.kind} ${to.name}`);

describe('markup', () => {
  it('holds no character of a value that a browser could read as markup', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...hostile)), (text) => {
        const inside = markup`${text}`.source;
        expect(inside).not.toMatch(/[<>"'`\p{Cc}\p{Cf}\p{Cs}]|&(?!(?:amp|lt|gt|quot|#39|#96);)/u);
      }),
    );
  });

  it('takes nothing for markup that it did not make', () => {
    const forged = { source: '<b>' } as unknown as string;
    expect(markup`${forged}${Number.NaN}${undefined}${[1.005, '<']}`.source).toBe('01&lt;');
  });

  it('cuts and says more in a title', () => {
    expect(clipped('x'.repeat(20), 5).source).toBe(`<span class="said" title="${'x'.repeat(20)}">xxxx…</span>`);
    expect(squeezed('payments-api-c2j8h9v9wb', 11)).toBe('paymen…v9wb');
  });
});

describe('who touched what', () => {
  const dana = { kind: 'identity', name: 'dana' } as const;
  const cart = { kind: 'workload', name: 'shop/deployment/cart', pod: 'shop/cart-1', address: '10.0.1.7' } as const;
  const upload: Deed = { who: cart, did: 'port 443', to: { kind: 'outside', name: '198.51.100.200' } };

  it('is what evidence says, and where an identity called from', () => {
    expect(touches(told({ who: dana, from: '203.0.113.9', did: 'get', to: { kind: 'object', name: 'shop/secrets/db' } }))).toEqual([
      'address 203.0.113.9 > called as > identity dana',
      'identity dana > get > object shop/secrets/db',
    ]);
    expect(touches(told(upload))).toEqual(['workload shop/deployment/cart > port 443 > outside 198.51.100.200']);
  });

  it('is never read from the words of evidence', () => {
    const note = 'dana from 203.0.113.9: get /api/v1/namespaces/shop/secrets/db';
    const speaker = findingWith({ evidence: [{ time: three, eventId: 'a', note }] });
    expect(touches(toldOf(alertWith({ speaker }), sourceOf))).toEqual([]);
  });

  it('draws what was done to a pod, and from its address, at the workload that traffic told it is', () => {
    const exec: Deed = { who: dana, did: 'exec', to: { kind: 'pod', name: 'shop/cart-1' } };
    const call: Deed = {
      who: { kind: 'identity', name: 'shop/default' },
      from: '10.0.1.7',
      did: 'list',
      to: { kind: 'object', name: 'shop/secrets' },
    };
    expect(touches(told(exec, call), told(upload))).toEqual([
      'identity dana > exec > workload shop/deployment/cart',
      'workload shop/deployment/cart > called as > identity shop/default',
      'identity shop/default > list > object shop/secrets',
      'workload shop/deployment/cart > port 443 > outside 198.51.100.200',
    ]);
  });
});

describe('a picture', () => {
  const name = fc.nat({ max: 30 }).map(String);
  const kind = fc.constantFrom('address', 'identity', 'workload', 'pod', 'node', 'object', 'outside');
  const thing = fc.record({ kind, name }) as fc.Arbitrary<Touch['from']>;
  const touch = fc.record({ from: thing, to: thing, did: fc.constantFrom('get', 'list'), severity: fc.constantFrom('low', 'high'), key: name }) as fc.Arbitrary<Touch>; // prettier-ignore

  it('has no box over another and no arrow to nowhere, and is the same for the same touched', () => {
    fc.assert(
      fc.property(fc.array(touch, { maxLength: 60 }), (touched) => {
        const graph = graphOf(touched);
        const layout = layOut(graph);
        expect(layOut(graphOf(touched))).toEqual(layout);
        for (const [index, one] of layout.boxes.entries()) {
          expect(one.x >= 0 && one.x + boxWidth <= layout.width && one.y >= 0 && one.y + one.height <= layout.height).toBe(true);
          for (const other of layout.boxes.slice(index + 1))
            expect(one.x !== other.x || one.y + one.height <= other.y || other.y + other.height <= one.y).toBe(true);
        }
        for (const { points } of layout.arrows) expect(points.length >= 2 && points.flat().every(Number.isFinite)).toBe(true);
        const names = new Set(touched.filter(({ from, to }) => `${from.kind}${from.name}` !== `${to.kind}${to.name}`).flatMap(({ from, to }) => [`${from.kind} ${from.name}`, `${to.kind} ${to.name}`])); // prettier-ignore
        expect(graph.boxes.reduce((sum, { many }) => sum + many, 0) + graph.hidden).toBeGreaterThanOrEqual(names.size);
      }),
      { numRuns: 200 },
    );
  });

  it('shows what is alike as one', () => {
    const scan = Array.from({ length: 9 }, (_, index): Touch => ({ from: { kind: 'workload', name: 'shop/deployment/cart' }, to: { kind: 'outside', name: `10.0.1.${String(index)}` }, did: 'port 5432', severity: 'high', key: String(index) })); // prettier-ignore
    expect(graphOf(scan).boxes.map(({ thing: { name: shown }, many }) => [shown, many])).toEqual([
      ['10.0.1.0/24', 9],
      ['shop/deployment/cart', 1],
    ]);
  });
});

describe('a baseline', () => {
  it('is drawn where it holds numbers: what was seen, the limit, and each habit', () => {
    const baseline = {
      counted: 38,
      limit: 25,
      ceiling: 50,
      usual: 1,
      'usual deviation': 1,
      group: '27 %: 3 windows, usually 1, deviation 1, most 4',
    };
    expect(measuredIn(baseline)).toEqual({
      unit: 'times',
      observed: [{ name: 'counted', value: 38 }],
      limit: 25,
      ceiling: 50,
      usual: [{ whose: 'its like, 3 windows', middle: 1, deviation: 1, most: 4 }],
    });
    expect(measuredIn({ limit: 10, sent: 5, received: 70, 'most in an hour': 3 })?.observed.map(({ value }) => value)).toEqual([5, 70]);
    expect(measuredIn({ sent: 5, received: 1, ratio: 157 })).toBeUndefined();
    expect(Object.keys(baseline).every((name) => isDrawn(name, 'measured') || name === 'usual')).toBe(true);
  });

  it('is told as known and new where it is about novelty', () => {
    expect(novelIn({ new: 'docker.io/x', 'known combinations': 3, 'such as': 'a, b', 'known for days': 3 })).toEqual({
      fresh: 'docker.io/x',
      known: ['a', 'b'],
      count: 3,
      days: 3,
    });
    expect(novelIn({ before: 'limits.cpu 43' })).toBeUndefined();
  });
});

describe('a report', () => {
  const plain = { name: 'dana', path: 'payments' };

  it('takes the parts of an incident from its timeline, and says which are not at hand', () => {
    const alerts = alertsOf(plain);
    const whole = incidentOf(alerts, plain);
    const all = new Map(alerts.slice(0, 2).map((alert) => [alert.id, toldOf(alert, sourceOf)]));
    const story = storyOf(toldOf(whole, sourceOf), all);
    expect([story.moments.length, story.members.map(({ id }) => id), story.missing]).toEqual([3, ['a'.repeat(16), 'b'.repeat(16)], 1]);
    expect(incidentReport(whole, alerts.slice(0, 2), sourceOf)).toMatchObject({ shown: 3, leftOut: 1 });
  });

  it('shows a link to the AWS console, and any other address as text', () => {
    const urls = ['https://eu-central-1.console.aws.amazon.com/x', 'https://example.com/', 'javascript:alert(1)', 'https://a@aws.amazon.com/', 'https://aws.amazon.com.example.com/', 'http://aws.amazon.com/']; // prettier-ignore
    const links = urls.map((url) => ({ label: 'Query', url }));
    const { source } = checklist({ ...toldOf(alertWith(), sourceOf), links }, [], 3);
    expect([...source.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual(urls.slice(0, 1));
    expect(source).toContain('Query</span>: <span class="said">javascript:alert(1)');
  });

  const many = (count: number, length: number): Alert[] =>
    Array.from({ length: count }, (_, index) => {
      const evidence = Array.from({ length: 20 }, (__, each) => ({ time: three + each, eventId: `${String(index)}-${String(each)}`, note: `dana from 203.0.113.9: get /api/v1/namespaces/shop/secrets/${'n'.repeat(length)}${String(each)}` })); // prettier-ignore
      return alertWith({ speaker: findingWith({ fingerprint: `a${String(index)}`, evidence }), count: 20 });
    });

  it.each([
    [200, 40],
    [200, 900],
    [3_000, 900],
  ])('stays below 2 MB with %i alerts whose evidence is %i characters long, and counts what it leaves out', (count, length) => {
    const { html, shown, leftOut } = replayReport({ alerts: many(count, length), sourceOf, remarks: [] });
    expect(Buffer.byteLength(html)).toBeLessThanOrEqual(2_000_000);
    expect(shown + leftOut).toBe(count);
    expect(shown).toBeGreaterThanOrEqual(Math.min(count, 200));
    expect(html.includes(`${String(leftOut)} milder alerts`)).toBe(leftOut > 0);
  });

  it('says so where nothing was found', () => {
    expect(replayReport({ alerts: [], sourceOf, remarks: [] }).html).toContain('No alerts.');
  });
});
