import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { readOptions } from '../../cli/options.ts';
import { type Outcome, Replay } from '../../cli/replaying.ts';
import { catalogue } from '../../shared/detect/registry.ts';
import { atLeast, type Finding } from '../../shared/model/finding.ts';
import { detectionsIn } from '../support/samples.ts';
import { hour, milliseconds } from '../simulation/clock.ts';
import type { Step } from '../simulation/intruder.ts';
import { scenario } from '../simulation/scenario.ts';

/** The shipped intrusion, replayed as `npm start` does: each of its steps is found, and nobody else is accused of anything grave. */

/** Behaviours of the intruder that no detection covers yet. A new detection takes its row from here. */
const later: readonly string[] = [];

/** Steps that a detection of the row lets pass, and why. */
const missed: Readonly<Record<string, string>> = {
  'D012 uses the pipeline’s stolen session from a new network with a new client and lists its own permissions':
    'clients are compared for reads of Secrets only; the same client is told three minutes later, when it reads one',
  'D011 uses the token of payments/release-bot from a public address outside AWS and lists the pods':
    'networks are compared for people and pipelines; a service account on the internet is told as D008',
  'D057 sets the image of shop/api to 111122223333.dkr.ecr.eu-central-1.amazonaws.example/shop/api:1.42.0 with the analyst’s login':
    'images are compared with a list of allowed repositories, and the scenario is replayed without one',
  'D107 reads five secrets by name that the pipeline never reads':
    'five are as many as people look up; the client and the network of the very reads are told as D108',
  'D064 deletes all of them with one request':
    'the pods lived for 23 minutes, where a short life ends within ten, and the simulated answer does not list them',
};

/** Grave findings that rest on nothing the intruder did, and why they are found all the same. */
const falseAlarms: Readonly<Record<string, string>> = {};

const folder = join(import.meta.dirname, '../../events/scenarios/intrusion');
const quiet = { isTTY: false, columns: 80, write: () => true };

async function replay(): Promise<Outcome> {
  const files = ['audit.ndjson.gz', 'flow.log.gz', 'api.ndjson'].map((name) => join(folder, name));
  const options = readOptions(['--findings', '--cluster', 'harbour', '--learn', join(folder, 'history'), ...files]);
  if (options === 'help') throw new Error('unreachable: no --help was given');
  return new Replay(options).run(quiet);
}

const { findings, alerts } = await replay();
const incidents = alerts.filter(({ reasons }) => reasons !== undefined);

const byId = new Map(catalogue.map(({ detection }) => [detection.id, detection]));
const detectionsOf = (row: string): string[] => [...byId.values()].filter(({ rows }) => rows.includes(row)).map(({ id }) => id);

const shown = scenario.steps.map((step) => ({ step, records: new Set(step.records) }));
const restsOn = ({ evidence }: Finding, records: ReadonlySet<string>): boolean =>
  evidence.some(({ eventId, record }) => records.has(eventId ?? record ?? ''));

/** Identities and pods by which findings hang together with what rests on the intruder's own records. */
const intrudersLinks = new Set(
  findings.filter((finding) => shown.some(({ records }) => restsOn(finding, records))).flatMap(({ links }) => links),
);

/** The upload takes an hour, and the last hour of the ledger that it touches closes within the next. */
const longestToClose = milliseconds(2 * hour);

/** A roll-up shows no record: it is known by its behaviour, its time and who it is about. */
function sumsUp({ detection, time, links }: Finding, step: Step): boolean {
  const known = byId.get(detection);
  const age = time - milliseconds(step.time);
  const timely = age > 0 && age <= longestToClose;
  return (
    known?.shape === 'rollup' &&
    timely &&
    known.rows.some((row) => step.rows.includes(row)) &&
    links.some((link) => intrudersLinks.has(link))
  );
}

const tellsOf = (finding: Finding, { step, records }: (typeof shown)[number]): boolean =>
  restsOn(finding, records) || sumsUp(finding, step);

const behaviours = shown.flatMap((one) => one.step.rows.map((row) => ({ ...one, row, what: `${row} ${one.step.what}` })));
const covered = behaviours.filter(({ row }) => detectionsOf(row).length > 0);

const findersOf = (behaviour: (typeof behaviours)[number]): string[] => {
  const ids = detectionsOf(behaviour.row);
  const telling = findings.filter((finding) => tellsOf(finding, behaviour));
  const alertsOfIt = new Set(telling.map(({ fingerprint }) => fingerprint));
  // A sequence finds what is on the timeline of its incident.
  const sequences = incidents.filter(({ timeline = [] }) => timeline.some(({ alert }) => alertsOfIt.has(alert))).flatMap(detectionsIn);
  return [...telling.map(({ detection }) => detection), ...sequences].filter((id) => ids.includes(id));
};

describe('the intruder', () => {
  test.each(covered.filter(({ what }) => missed[what] === undefined))('is found: $what', (behaviour) => {
    expect(findersOf(behaviour)).not.toEqual([]);
  });

  it('is let pass only where it is known', () => {
    const passed = covered.filter((behaviour) => findersOf(behaviour).length === 0).map(({ what }) => what);
    expect(passed.sort()).toEqual(Object.keys(missed).sort());
  });

  it('shows behaviours for which detections come later, and these are all', () => {
    const uncovered = new Set(behaviours.filter((behaviour) => !covered.includes(behaviour)).map(({ row }) => row));
    expect([...uncovered].sort()).toEqual(later);
  });

  it('is told as two incidents: the stolen session and what it ran, and the workload that was entered', () => {
    const told = incidents.filter(({ state }) => state === 'open').map(({ speaker, severity }) => `${severity} ${speaker.entity.name}`);
    expect(told.sort()).toEqual(['critical HarbourDeploy (pipeline)', expect.stringMatching(/^critical payments\/payments-api-/)]);
    expect(incidents.flatMap(detectionsIn)).toEqual(
      expect.arrayContaining([
        'exec-then-new-destination',
        'credentials-read-then-used',
        'pod-made-entered-removed',
        'attack-across-tactics',
      ]),
    );
  });

  it('is shown in order of time, across the logs', () => {
    const timelines = incidents.map(({ timeline = [] }) => timeline);
    for (const timeline of timelines)
      expect(timeline.map(({ time }) => time)).toEqual(timeline.map(({ time }) => time).sort((a, b) => a - b));
    expect(timelines.some((timeline) => ['audit', 'flow'].every((source) => timeline.some((entry) => entry.source === source)))).toBe(true);
  });
});

describe('everybody else', () => {
  it('is accused of nothing grave', () => {
    const theirs = new Set(findings.filter((finding) => shown.some((one) => tellsOf(finding, one))));
    const told = new Set([...theirs].map(({ fingerprint }) => fingerprint));
    const others = [
      ...findings.filter((finding) => !theirs.has(finding)),
      ...incidents.filter(({ timeline = [] }) => !timeline.some(({ alert }) => told.has(alert))).map(({ speaker }) => speaker),
    ];
    const grave = others.filter(({ severity }) => atLeast(severity, 'high'));
    const accused = grave.map(
      ({ detection, entity, time }) => `${detection} of ${entity.name} at ${new Date(time).toISOString().slice(11, 19)}`,
    );
    expect(accused).toEqual(Object.keys(falseAlarms));
  });
});
