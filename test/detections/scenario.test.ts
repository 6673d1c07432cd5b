import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { readOptions } from '../../cli/options.ts';
import { type Outcome, Replay } from '../../cli/replaying.ts';
import { catalogue } from '../../shared/detect/registry.ts';
import { atLeast, type Finding } from '../../shared/model/finding.ts';
import { hour, milliseconds } from '../simulation/clock.ts';
import type { Step } from '../simulation/intruder.ts';
import { scenario } from '../simulation/scenario.ts';

/** The shipped intrusion, replayed as `npm start` does: each of its steps is found, and nobody else is accused of anything grave. */

/** Behaviours of the intruder that no detection covers yet. A new detection takes its row from here. */
const later = ['D155', 'D156'];

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
  return findings.filter((finding) => ids.includes(finding.detection) && tellsOf(finding, behaviour)).map(({ detection }) => detection);
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

  it('is told as one incident: a pod entered, and what it then reached for', () => {
    expect(incidents().map(({ detection }) => detection)).toContain('exec-then-new-destination');
  });
});

function incidents(): readonly Finding[] {
  return alerts.map(({ speaker }) => speaker).filter(({ detection }) => byId.get(detection)?.shape === 'sequence');
}

describe('everybody else', () => {
  it('is accused of nothing grave', () => {
    const theirs = new Set(findings.filter((finding) => shown.some((one) => tellsOf(finding, one))));
    // An incident shows the sentences of its steps as they were then; a count may have grown since.
    const sentences = new Set([...theirs].map(({ time, summary }) => `${String(time)} ${summary.slice(0, 300)}`));
    const others = [
      ...findings.filter((finding) => !theirs.has(finding)),
      ...incidents().filter(({ evidence }) => !evidence.some(({ time, note }) => sentences.has(`${String(time)} ${note}`))),
    ];
    const grave = others.filter(({ severity }) => atLeast(severity, 'high'));
    const accused = grave.map(
      ({ detection, entity, time }) => `${detection} of ${entity.name} at ${new Date(time).toISOString().slice(11, 19)}`,
    );
    expect(accused).toEqual(Object.keys(falseAlarms));
  });
});
