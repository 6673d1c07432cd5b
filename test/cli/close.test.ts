import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CloseOptions, readCloseOptions, runClose } from '../../cli/closing.ts';
import { type ReplayOptions, readOptions } from '../../cli/options.ts';
import { type Outcome, Replay } from '../../cli/replaying.ts';
import { alertJson } from '../../shared/alert/json.ts';
import { alertText } from '../../shared/alert/text.ts';
import { day } from '../../shared/model/time.ts';
import { graveNovelty } from '../laws/catalogue.ts';
import { auditLine } from '../support/records.ts';
import { Desk } from '../support/terminal.ts';

/** An alert of a replay, closed in its state file, and what the next replay makes of it. */

const start = Date.UTC(2026, 2, 9, 6);
const quiet = { write: () => true };

let desk: Desk;
let state: string;
beforeEach(() => {
  desk = new Desk();
  state = `${desk.put('empty', '')}.state.gz`;
});
afterEach(() => {
  desk[Symbol.dispose]();
});

async function replay(...reads: readonly (readonly [days: number, net: number])[]): Promise<Outcome> {
  const lines = reads.map(([days, net]) =>
    auditLine({ at: start + days * day, id: `${String(days)} ${String(net)}`, from: `192.0.${String(net)}.7`, resource: 'configmaps' }),
  );
  const path = desk.put(`audit-${String(reads[0]?.[0])}.ndjson`, `${lines.join('\n')}\n`);
  const options = readOptions(['--state', state, '--cluster', 'harbour', path]) as ReplayOptions;
  return new Replay(options, [{ strategy: 'test', detection: graveNovelty }]).run(quiet);
}

const asked = (...words: string[]) => readCloseOptions([...words, '--state', state, '--by', 'dana'], {}) as CloseOptions;

describe('a state file', () => {
  it('holds the alerts of a replay, and a replay tells of its own', async () => {
    const { alerts } = await replay([0, 1], [2, 2]);
    expect(alerts.map(({ count }) => count)).toEqual([1]);
    expect((await replay([2.1, 1])).alerts).toEqual([]);
    expect((await replay([2.2, 3])).alerts.map(({ count }) => count)).toEqual([2]);
  });
});

describe('close', () => {
  it('as benign lets the next replay be silent', async () => {
    const [alert] = (await replay([0, 1], [2, 2])).alerts;
    expect(await runClose(asked(alert!.id, '--benign', '--reason', 'a new office'), 0)).toEqual([
      `closed ${alert!.id}: new network, ${alert!.speaker.entity.name}`,
      '  benign, by dana, 2026-03-11 06:00:00 UTC: a new office',
      '  joined: 1 observation',
    ]);
    expect((await replay([2.5, 2])).alerts).toEqual([]);
  });

  it('as malicious is shown once the alert comes again', async () => {
    const [alert] = (await replay([0, 1], [4, 2])).alerts;
    expect(await runClose(asked(alert!.id, '--malicious'), 0)).toContain(
      '  forgotten: 0 members of memories that 1 author alone taught since the week of 2026-03-13',
    );
    const [again] = (await replay([4.5, 2])).alerts;
    expect(again).toMatchObject({ id: alert!.id, state: 'open', count: 2 });
    expect(alertText(again!, { width: 100, colour: false })).toContain(
      '  closed    malicious, by dana, 2026-03-13 06:00:00 UTC\n'.trimEnd(),
    );
    expect(JSON.parse(alertJson(again!))).toMatchObject({
      state: 'open',
      closings: [{ verdict: 'malicious', who: 'dana', why: '', at: '2026-03-13T06:00:00.000Z' }],
    });
  });

  it('rehearsed leaves the file alone', async () => {
    const [alert] = (await replay([0, 1], [2, 2])).alerts;
    expect((await runClose(asked(alert!.id, '--benign', '--dry-run'), 0))[0]).toMatch(/^would close /);
    expect((await replay([2.5, 2])).alerts).toHaveLength(1);
  });

  it('of an alert that is not there says so', async () => {
    await expect(runClose(asked('nobody', '--benign'), 0)).rejects.toThrow('nobody: there is no such alert');
  });
});

describe('the command line of close', () => {
  it('takes an id that looks like an option', () => {
    expect(asked('-dVeRsROFPJaJYrk', '--benign')).toMatchObject({ alert: '-dVeRsROFPJaJYrk', verdict: 'benign' });
    expect(asked('--eRsROFPJaJYrk_', '--malicious')).toMatchObject({ alert: '--eRsROFPJaJYrk_', verdict: 'malicious' });
    expect(readCloseOptions(['a', '--benign', '--findings-table', 'F', '--state-table', 'S', '--by', 'd'], {})).toMatchObject({
      place: { stateTable: 'S', findingsTable: 'F' },
    });
  });

  it('takes tables and name from the environment', () => {
    const variables = { PLIMSOLL_STATE_TABLE: 'S', PLIMSOLL_FINDINGS_TABLE: 'F', USER: 'kim' };
    expect(readCloseOptions(['a', '--benign'], variables)).toMatchObject({ who: 'kim', place: { stateTable: 'S', findingsTable: 'F' } });
  });

  it.each([
    [['--benign', '--state', 'f'], 'name one alert'],
    [['a', 'b', '--benign', '--state', 'f'], 'name one alert'],
    [['a', '--state', 'f'], 'say --benign or --malicious'],
    [['a', '--benign', '--malicious', '--state', 'f'], 'say --benign or --malicious'],
    [['a', '--benign', '--by', 'd'], 'say where the alert is'],
    [['a', '--benign', '--state', 'f', '--by', ''], 'say who decides'],
    [['a', '--benign', '--bening'], "Unknown option '--bening'"],
  ])('%j: %s', (words, message) => {
    expect(() => readCloseOptions(words, { USER: 'kim' })).toThrow(message);
  });
});
