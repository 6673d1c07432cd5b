import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ReplayOptions, readOptions } from '../../cli/options.ts';
import { pageOf, remarks, results } from '../../cli/printing.ts';
import { Progress } from '../../cli/progress.ts';
import { type Outcome, Replay } from '../../cli/replaying.ts';
import type { Alert } from '../../shared/triage/alert.ts';
import { credulous } from '../support/judging.ts';
import { Desk } from '../support/terminal.ts';
import { sample, samplePath } from '../support/transports.ts';

const quiet = { write: () => true };

async function replay(...words: string[]): Promise<Outcome> {
  return new Replay(readOptions(words) as ReplayOptions, credulous).run(quiet);
}

const remarksOf = (outcome: Outcome): string[] => [...remarks(outcome, false)];

let desk: Desk;
beforeEach(() => {
  desk = new Desk();
});
afterEach(() => {
  desk[Symbol.dispose]();
});

describe('a detection that lacks what it needs is off, and said to be', () => {
  const withFlags = 'srcaddr dstaddr srcport dstport protocol end action tcp-flags\n10.0.0.1 10.0.0.9 40000 443 6 1772442000 ACCEPT 2\n';

  it('where no flow log has the field', async () => {
    const outcome = await replay(samplePath('flow-header.log'));
    expect(remarksOf(outcome)).toContain('off: every-conversation needs flow:tcp-flags');
    expect(outcome.alerts).toEqual([]);
    expect(remarksOf(outcome)).toContain('3 lines in: 0 judged, 3 skipped, 0 repeated, 0 rejected');
  });

  it('for those flow logs only that lack it', async () => {
    const outcome = await replay(samplePath('flow-header.log'), desk.put('flags.log', withFlags));
    expect(remarksOf(outcome)).toContain('off: every-conversation needs flow:tcp-flags, which some of the flow logs lack');
    expect(outcome.alerts).toHaveLength(1);
  });

  it('where nobody said which images may run', async () => {
    const needing = async (...site: string[]): Promise<readonly string[]> => {
      const options = readOptions([...site, samplePath('audit.ndjson')]) as ReplayOptions;
      return (await new Replay(options).run(quiet)).off.map(({ detection, needs }) => `${detection} ${needs.join()}`);
    };
    expect(await needing()).toContain('image-not-allowed image-allow-list');
    const site = desk.put('site.json', '{"images":{"allowed":["docker.io/library/*"]}}');
    expect(await needing('--site', site)).not.toContain('image-not-allowed image-allow-list');
  });

  it('and nothing is said where all is there, or where no flow log is', async () => {
    expect((await replay(desk.put('flags.log', withFlags))).off).toEqual([]);
    expect((await replay(samplePath('audit.ndjson'))).off).toEqual([]);
  });
});

describe('the order of what is printed', () => {
  it('JSON by when it began, text by gravity', async () => {
    const outcome = await replay(samplePath('audit.ndjson'));
    const alert = outcome.alerts[0]!;
    const alerts = [
      { ...alert, id: 'a', severity: 'medium' as const, firstSeen: 1 },
      { ...alert, id: 'b', severity: 'critical' as const, firstSeen: 3 },
      { ...alert, id: 'c', severity: 'critical' as const, firstSeen: 2 },
    ];
    const page = { width: 100, colour: false };
    const json = [...results({ ...outcome, alerts }, { json: true, findings: false, page })];
    expect(json.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(['a', 'c', 'b']);
    const text = [...results({ ...outcome, alerts }, { json: false, findings: false, page })];
    expect(text.map((block) => /alert\s+([abc])\n/.exec(block)?.[1])).toEqual(['c', 'b', 'a']);
  });

  it('in short: what is low in a line, and steps of an incident in its timeline alone', async () => {
    const outcome = await replay(samplePath('audit.ndjson'));
    const alert = outcome.alerts[0]!;
    const named = (name: string): Alert => ({ ...alert, id: name, speaker: { ...alert.speaker, fingerprint: name, title: name } });
    const { detection, severity, time, summary } = alert.speaker;
    const step = { detection, severity, time, summary, title: 'Step', tactics: [], source: 'audit', alert: 'step' };
    const alerts = [
      { ...named('low'), severity: 'low' as const },
      { ...named('step'), severity: 'high' as const },
      { ...named('incident'), severity: 'critical' as const, timeline: [step] },
    ];
    const text = (full: boolean): string[] =>
      [...results({ ...outcome, alerts }, { json: false, findings: false, page: { width: 100, colour: false, full } })].map(
        (block) => block.split(/[:\n]/, 1)[0] ?? '',
      );
    expect(text(false)).toEqual([
      'CRITICAL  incident',
      expect.stringMatching(/^LOW {2}\d/),
      '',
      expect.stringMatching(/^1 alert more, steps/),
    ]);
    expect(text(true)).toEqual(['CRITICAL  incident', 'HIGH  step', 'LOW  low']);
  });
});

describe('several clusters', () => {
  it('are told of where a flow log could belong to any of them', async () => {
    const two = sample('subscription-decoded.ndjson').toString();
    const path = desk.put('two.ndjson', two + two.replaceAll('/aws/eks/harbour/', '/aws/eks/quay/'));
    expect(remarksOf(await replay(path, samplePath('flow-header.log')))[0]).toMatch(/^the logs hold 2 clusters; .* --cluster$/);
    expect(remarksOf(await replay(path))[0]).not.toContain('clusters');
  });

  it('may send the same request at the same moment: it is no repetition', async () => {
    const one = sample('subscription-decoded.ndjson').toString();
    const { tally } = await replay(desk.put('two.ndjson', one + one.replaceAll('/aws/eks/harbour/', '/aws/eks/quay/')));
    expect([tally.judged, tally.repeated]).toEqual([6, 0]);
  });
});

describe('progress', () => {
  const drawn = (isTTY: boolean): string[] => {
    const seen: string[] = [];
    let now = 1_000;
    const progress = new Progress({ isTTY, columns: 60, write: (text) => seen.push(text) }, 1_000, () => now);
    for (let step = 0; step < 5; step += 1) {
      now += 60;
      progress.advance(100, step * 10);
    }
    progress.clear();
    return seen;
  };

  it('is a bar on a terminal, drawn now and then, wiped at the end', () => {
    expect(drawn(true).map((text) => text.replace(/[\r\u2588\u2591]|\u001b\[K/g, '').trim())).toEqual([
      '10 %  0 lines',
      '30 %  20 lines',
      '50 %  40 lines',
      '',
    ]);
  });

  it('is nothing where nobody watches', () => {
    expect(drawn(false)).toEqual([]);
  });
});

describe('colour', () => {
  it('is for terminals, and for those who did not decline', () => {
    expect(pageOf({ isTTY: true, columns: 300 }, {})).toEqual({ width: 110, colour: true });
    expect(pageOf({ isTTY: true, columns: 20 }, { NO_COLOR: '1' })).toEqual({ width: 60, colour: false });
    expect(pageOf({ isTTY: true }, { TERM: 'dumb' }).colour).toBe(false);
    expect(pageOf({}, {})).toEqual({ width: 100, colour: false });
  });
});
