import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ReplayOptions, readOptions } from '../../cli/options.ts';
import { remarks, results } from '../../cli/printing.ts';
import { type Outcome, Replay } from '../../cli/replaying.ts';
import { readSuppressOptions, type SuppressOptions } from '../../cli/suppress-options.ts';
import { type Answer, runSuppress } from '../../cli/suppressing.ts';
import type { Desk as DecisionDesk } from '../../cli/decision-desk.ts';
import { limitRehearsal } from '../../cli/rehearsing.ts';
import type { Finding, Severity } from '../../shared/model/finding.ts';
import { day } from '../../shared/model/time.ts';
import type { Alert } from '../../shared/triage/alert.ts';
import { graveNovelty } from '../laws/catalogue.ts';
import { alertOf, findingNamed } from '../support/findings.ts';
import { auditLine } from '../support/records.ts';
import { Desk } from '../support/terminal.ts';

/** What people decide about the alerts of a replay, in its state file, and what the next replay makes of it. */

const start = Date.UTC(2026, 2, 9, 6);
const quiet = { write: () => true };

let desk: Desk;
let state: string;
let replays = 0;
beforeEach(() => {
  desk = new Desk();
  state = `${desk.put('empty', '')}.state.gz`;
});
afterEach(() => {
  desk[Symbol.dispose]();
});

/** A detection of the shipped catalogue's name, so that the command knows it. */
async function replay(severity: Severity, ...reads: readonly (readonly [days: number, net: number])[]): Promise<Outcome> {
  const lines = reads.map(([days, net]) =>
    auditLine({ at: start + days * day, id: `${String(days)} ${String(net)}`, from: `192.0.${String(net)}.7`, resource: 'configmaps' }),
  );
  const path = desk.put(`audit-${String((replays += 1))}.ndjson`, `${lines.join('\n')}\n`);
  const options = readOptions(['--state', state, '--cluster', 'harbour', path]) as ReplayOptions;
  return new Replay(options, [{ strategy: 'exec-in-container', detection: { ...graveNovelty, id: 'exec-into-pod', severity } }]).run(quiet);
}

const asked = (...words: string[]): SuppressOptions =>
  readSuppressOptions([...words, '--state', state], { USER: 'dana' }) as SuppressOptions;
const suppress = (...words: string[]): Promise<Answer> => runSuppress(asked(...words), 0);
const idIn = ({ lines }: Answer): string => / (\w\w-[\w-]{8})[: ]/.exec(` ${lines[0] ?? ''}`)?.[1] ?? '';
const why = ['--reason', 'a new office', '--days', '30'];

describe('suppress add', () => {
  it('tells what it would have silenced, silences it, and list counts it to the finding', async () => {
    await replay('medium', [0, 1], [2, 2], [3, 3]);
    const added = await suppress('add', '--detection', 'exec-into-pod', '--cluster', 'har*', ...why);
    expect(added.refused).toBeUndefined();
    expect(added.lines[1]).toBe('  would have silenced 1 alert (2 findings) in 14 days');
    expect(added.lines[0]).toMatch(
      /^decided: suppression su-\S{8}: exec-into-pod, cluster har\*, up to medium, by dana until 2026-04-11 09:00 UTC: a new office$/,
    );

    const outcome = await replay('medium', [4, 4], [5, 5], [5.5, 6]);
    const page = { width: 100, colour: false };
    expect([...results(outcome, { json: false, findings: false, page })]).toEqual(['No alerts.']);
    expect([...results(outcome, { json: true, findings: false, page })][0]).toContain('"state":"suppressed"');
    expect([...remarks(outcome, true)].slice(-2)).toEqual(['suppressed: 1 alert with 5 findings: 1 medium', '0 alerts']);
    expect((await suppress('list')).lines).toEqual([
      `${idIn(added)}  suppression: exec-into-pod, cluster har*, up to medium; until 2026-04-11 09:00 UTC, 28 days left`,
      '  dana: a new office',
      '  silenced 3 findings in 1 alert, last on 2026-03-14',
    ]);
  });

  it('refuses to hide what is grave, names it, and does so where somebody insists', async () => {
    const [alert] = (await replay('high', [0, 1], [2, 2])).alerts;
    const words = ['add', '--detection', 'exec-into-pod', ...why];
    const { lines, refused } = await suppress(...words);
    expect(lines).toEqual([
      '  would have silenced 1 alert (1 finding) in 14 days, 1 of them high',
      `    high new network: ${alert!.speaker.entity.name}, alert ${alert!.id}`,
    ]);
    expect(refused).toMatch(/add --grave/);
    expect((await suppress('list')).lines).toEqual(['Nothing is decided: everything is told.']);
    expect((await suppress(...words, '--severity', 'medium')).lines).toContain('  too grave for it, and told all the same: 1 alert');
    expect((await replay('high', [4, 4])).alerts[0]?.state).toBe('open');
    expect((await suppress(...words, '--grave')).lines[0]).toMatch(/up to high.*in place of that by dana until 2026-04-1/);
    expect((await replay('high', [5, 5])).alerts[0]?.state).toBe('suppressed');
  });

  it('rehearsed changes nothing', async () => {
    await replay('medium', [0, 1], [2, 2]);
    expect((await suppress('add', '--detection', 'exec-into-pod', '--dry-run', ...why)).lines[0]).toMatch(/^would decide: /);
    expect((await suppress('list')).lines).toEqual(['Nothing is decided: everything is told.']);
  });

  it('takes the scope of an alert literally', async () => {
    const [alert] = (await replay('medium', [0, 1], [2, 2])).alerts;
    const added = await suppress('add', '--alert', alert!.id, ...why);
    expect(added.lines[0]).toContain(`exec-into-pod, alert ${alert!.id}, entity ${alert!.speaker.entity.id}, cluster harbour`);
    expect((await replay('medium', [4, 4])).alerts[0]?.state).toBe('suppressed');
  });

  it.each([
    [['--entity', '*', ...why], 'this would silence everything'],
    [['--strategy', '**', ...why], 'this would silence everything'],
    [['--cluster', 'harbour', ...why], 'this would silence everything'],
    [['--detection', 'exec-into-pot', ...why], 'exec-into-pot: there is no such detection; did you mean exec-into-pod?'],
    [['--strategy', 'exec-in-containers', ...why], 'did you mean exec-in-container?'],
    [['--entity', 'x', '--reason', 'r', '--until', '2028-01-01'], '2028-01-01 is more than a year away'],
    [['--entity', 'x', '--reason', 'r', '--until', '2026-03-10'], '2026-03-10 is past'],
    [['--alert', 'nobody', ...why], 'there is no such alert'],
  ])('%j: %s', async (words, message) => {
    await replay('medium', [0, 1], [2, 2]);
    await expect(suppress('add', ...words)).rejects.toThrow(message);
  });
});

describe('a decision', () => {
  it('that is removed lets the next finding be told', async () => {
    await replay('medium', [0, 1], [2, 2]);
    const id = idIn(await suppress('add', '--detection', 'exec-into-pod', ...why));
    expect((await replay('medium', [4, 4])).alerts[0]?.state).toBe('suppressed');
    expect((await suppress('remove', id)).lines[0]).toContain(`removed: suppression ${id}`);
    expect((await replay('medium', [5, 5])).alerts[0]).toMatchObject({ state: 'open', told: { count: 3 } });
    await expect(suppress('remove', id)).rejects.toThrow('there is no such decision');
  });

  it('can be prolonged', async () => {
    await replay('medium', [0, 1], [2, 2]);
    const id = idIn(await suppress('add', '--detection', 'exec-into-pod', ...why));
    const { lines } = await suppress('extend', id, '--until', '2026-05-01', '--by', 'kim');
    expect(lines[0]).toBe(
      `extended: suppression ${id}: exec-into-pod, up to medium, by kim until 2026-05-01: a new office, which was to end 2026-04-10 09:00 UTC`,
    );
  });

  it('that ends is told of on a night before, once, and is not told again', async () => {
    await replay('medium', [0, 1], [2, 2]);
    const id = idIn(await suppress('add', '--detection', 'exec-into-pod', '--reason', 'r', '--days', '5'));
    const { alerts } = await replay('medium', [4, 1], [5, 1], [6, 1]);
    expect(alerts.map(({ speaker }) => [speaker.detection, speaker.severity])).toEqual([['decision-ends', 'low']]);
    expect(alerts[0]?.speaker.summary).toBe(
      'The suppression by dana (r) about exec-into-pod ends on 2026-03-16: from then on what it silences is told again.',
    );
    expect(alerts[0]?.speaker.next).toContain(`npm run suppress -- extend ${id} --days 30`);
    expect(alerts[0]?.count).toBe(1);
  });

  it('that silenced nothing for a month is told of', async () => {
    await replay('medium', [0, 1], [2, 2]);
    await suppress('add', '--entity', 'nobody', '--reason', 'r', '--days', '100');
    const found: string[] = [];
    for (let at = 3; at < 40; at += 1) found.push(...(await replay('medium', [at, 1])).alerts.map(({ speaker }) => speaker.detection));
    expect(found).toEqual(['decision-unused']);
  });
});

describe('suppress stage', () => {
  it('records and counts, tells nobody, and is promoted by command', async () => {
    await replay('medium', [0, 1]);
    const words = ['stage', 'exec-into-pod', ...why];
    expect((await suppress(...words)).lines[1]).toBe('  would have silenced 0 alerts in 14 days');
    const outcome = await replay('high', [2, 2], [3, 3]);
    expect(outcome.alerts.map(({ state, count }) => [state, count])).toEqual([['staged', 2]]);
    expect([...remarks(outcome, true)].slice(-2)).toEqual(['staged: 1 alert with 2 findings: 1 high', '0 alerts']);
    expect((await suppress('list')).lines[2]).toBe('  silenced 2 findings in 1 alert, last on 2026-03-12');
    expect((await suppress('promote', 'exec-into-pod')).lines[0]).toMatch(/^promoted: staging st-/);
    expect((await replay('high', [4, 4])).alerts[0]).toMatchObject({ state: 'open', told: { count: 3 } });
    await expect(suppress('promote', 'exec-into-pod')).rejects.toThrow('it is not staged');
  });
});

describe('suppress limit', () => {
  it('says what it takes the place of, and never lifts a ceiling', async () => {
    await replay('medium', [0, 1]);
    expect((await suppress('limit', 'many-secrets-read', '20', '--cluster', 'harbour', ...why)).lines).toEqual([
      expect.stringMatching(
        /^decided: limit li-\S{8}: 20 for many-secrets-read, cluster harbour, by dana until 2026-04-08 09:00 UTC: a new office$/,
      ),
      '  in place of what was learnt, from 12 to 40, within 30 minutes',
      '  in 14 days nothing was told of it: what a lower limit would tell is not known',
    ]);
    await expect(suppress('limit', 'many-secrets-read', '41', ...why)).rejects.toThrow('the ceiling of many-secrets-read is 40');
    await expect(suppress('limit', 'many-secrets-read', '0', ...why)).rejects.toThrow('expected a number from 1 to 40');
    await expect(suppress('limit', 'exec-into-pod', '4', ...why)).rejects.toThrow('counts nothing over a window');
  });
});

describe('a limit tried on the past', () => {
  const alert = (name: string, counted: number, change: Partial<Finding> = {}): Alert =>
    alertOf(findingNamed(name, { detection: 'many-secrets-read', baseline: { counted, limit: 12 }, fingerprint: name, ...change }));
  const past = async (limit: number, ...alerts: readonly Alert[]): Promise<readonly string[]> => {
    const draft = { detection: 'many-secrets-read', cluster: 'harbour', limit, who: 'dana', why: 'tool', until: Infinity };
    const history = (): AsyncIterable<Alert> => ReadableStream.from(alerts);
    return limitRehearsal(draft, 14, { now: alerts[0]?.lastSeen ?? 0, history } as unknown as DecisionDesk);
  };

  it('tells which alerts counted less, how grave they were, and which it tells all the same', async () => {
    const alerts = [alert('a', 15), alert('b', 19, { severity: 'critical' }), alert('c', 20)];
    expect(await past(20, ...alerts)).toEqual([
      '  would not have told 2 of 3 alerts in 14 days, 1 of them critical, 1 of them high: fewer were counted there when they were last seen',
      '  told all the same: 1 alert',
    ]);
  });

  it('asks for alerts of that threshold, there, of that time, with a count', async () => {
    const others = [
      alert('a', 30),
      alert('b', 13, { detection: 'many-exec' }),
      alert('c', 13, { cluster: 'elsewhere' }),
      alert('d', 13, { time: 0 }),
      alert('e', 0, { baseline: {} }),
    ];
    expect(await past(20, ...others)).toEqual([
      '  would not have told 0 of 2 alerts in 14 days: fewer were counted there when they were last seen',
      '  told all the same: 2 alerts',
    ]);
  });
});

describe('the command line of suppress', () => {
  it.each([
    [[], 'say what to do: add, stage'],
    [['ad'], 'say what to do: add, stage'],
    [['stage', '--reason', 'r', '--days', '3'], 'usage: stage DETECTION'],
    [['add', 'x', ...why], 'usage: add [options]'],
    [['remove', 'x', '--grave'], 'remove takes no --grave'],
    [['add', '--entity', 'x', '--days', '3'], 'say why'],
    [['add', '--entity', 'x', '--reason', 'r'], 'say when it ends'],
    [['add', '--entity', 'x', ...why, '--until', '2026-04-01'], 'say when it ends'],
    [['add', '--entity', 'x', '--reason', 'r', '--days', '367'], 'from 1 to 366'],
    [['add', '--entity', 'x', '--reason', 'r', '--until', '2026-02-31'], 'expected a date'],
    [['add', '--entity', 'x', '--severity', 'grave', ...why], 'a severity is low'],
    [['list', '--entty'], "Unknown option '--entty'"],
  ])('%j: %s', (words, message) => {
    expect(() => asked(...words)).toThrow(message);
  });

  it('takes an id that looks like an option', () => {
    expect(asked('add', '--alert', '-dVeRsROFPJaJYrk', ...why)).toMatchObject({ alert: '-dVeRsROFPJaJYrk' });
  });

  it('needs to know who decides, and where', () => {
    expect(() => readSuppressOptions(['add', '--entity', 'x', ...why, '--state', 'f'], {})).toThrow('say who decides');
    expect(() => readSuppressOptions(['list'], {})).toThrow('say where decisions are');
    const variables = { PLIMSOLL_SETTINGS_TABLE: 'C', PLIMSOLL_FINDINGS_TABLE: 'F', PLIMSOLL_STATE_TABLE: 'S' };
    expect(readSuppressOptions(['list'], variables)).toMatchObject({ place: { settingsTable: 'C', findingsTable: 'F', stateTable: 'S' } });
  });

  it('does not make a file where there is none', async () => {
    await expect(runSuppress({ ...asked('list'), place: { file: `${state}.none` } }, 0)).rejects.toThrow('there is no such file');
  });
});
