import { describe, expect, test } from 'vitest';
import type { Registered } from '../../shared/detect/finding.ts';
import type { Detection, EventDetection, Threshold } from '../../shared/detect/kit.ts';
import { catalogue } from '../../shared/detect/registry.ts';
import { atLeast, type Severity } from '../../shared/model/finding.ts';
import { samplesIn } from '../support/samples.ts';
import { replay, type Replayed } from '../evasion/replay.ts';
import { replayed } from '../evasion/samples.ts';
import { asAccount, type Change, type Forgery, forgeries, podMade, rewritten } from './forgeries.ts';

/** What a caller says about itself and its objects excuses nothing: only what was authenticated does. */

type Judged = Registered<EventDetection<never> | Threshold<never>>;

const onAudit = catalogue.filter(
  (registered: Registered<Detection>): registered is Judged => 'source' in registered.detection && registered.detection.source === 'audit',
);

/** The gravest finding of a detection in a sample. */
async function found(sample: Replayed, id: string): Promise<Severity | 'nothing'> {
  const { findings, faults } = await replay(catalogue, sample);
  expect(faults).toEqual([]);
  return findings
    .filter(({ detection }) => detection === id)
    .reduce<Severity | 'nothing'>((worst, { severity }) => (worst === 'nothing' || atLeast(severity, worst) ? severity : worst), 'nothing');
}

function firing({ strategy, detection }: Judged): { readonly name: string; readonly plain: Replayed }[] {
  return samplesIn(strategy, detection.id)
    .filter(({ fires }) => fires)
    .map((sample) => ({ name: sample.name, plain: replayed(sample) }));
}

const usesAgent = 'It is about what the client calls itself, and catches whoever does not hide it.';
const ownersWord =
  'What deletes a pod tells of its maker only what the maker wrote: an owner makes the removal of an ordinary pod look like routine.';

/** Where a forgery rightly makes a finding milder or none, and why: by detection and kind of forgery. */
const apt: Readonly<Record<string, string>> = {
  'attack-tool-client, agent': usesAgent,
  'scripting-client, agent': usesAgent,
  'short-lived-container, owner': ownersWord,
  'short-lived-containers, owner': ownersWord,
};

describe('a firing sample fires as gravely however the caller dresses', () => {
  test.each(onAudit)('$detection.id', async (registered) => {
    const { id } = registered.detection;
    const changed = new Map<Forgery['kind'], string[]>();
    let tried = 0;
    for (const { name, plain } of firing(registered)) {
      const before = await found(plain, id);
      expect(before, name).not.toBe('nothing');
      for (const forgery of forgeries) {
        const forged = rewritten(plain, forgery.change);
        if (forged === undefined) continue;
        tried += 1;
        const after = await found(forged, id);
        if (before !== 'nothing' && (after === 'nothing' || !atLeast(after, before)))
          changed.set(forgery.kind, [...(changed.get(forgery.kind) ?? []), `${name}, ${forgery.name}: ${before}, then ${after}`]);
      }
    }
    expect(tried).toBeGreaterThan(0);
    const excused = Object.keys(apt).filter((key) => key.startsWith(`${id}, `));
    expect([...changed].filter(([kind]) => !excused.includes(`${id}, ${kind}`)).flatMap(([, cases]) => cases)).toEqual([]);
    expect(
      excused.filter((key) => ![...changed.keys()].some((kind) => key === `${id}, ${kind}`)),
      'no longer needed',
    ).toEqual([]);
  });

  test('what is excused is said of detections that there are', () => {
    const kinds = new Set(forgeries.map(({ kind }) => kind));
    const known = onAudit.flatMap(({ detection }) => [...kinds].map((kind) => `${detection.id}, ${kind}`));
    expect(Object.keys(apt).filter((key) => !known.includes(key))).toEqual([]);
  });
});

const plainAccount = asAccount('plain-agent', 'bound');
const controllerInPod = asAccount('replicaset-controller', 'bound');
const controller = asAccount('replicaset-controller', 'unbound');

describe('a token that a pod holds is no controller of the control plane, whatever its account is called', () => {
  test.each(onAudit)('$detection.id', async (registered) => {
    const { id } = registered.detection;
    const changed: string[] = [];
    for (const { name, plain } of firing(registered)) {
      const [ordinary, disguised] = [rewritten(plain, plainAccount), rewritten(plain, controllerInPod)];
      if (ordinary === undefined || disguised === undefined) continue;
      const [before, after] = [await found(ordinary, id), await found(disguised, id)];
      if (before !== 'nothing' && (after === 'nothing' || !atLeast(after, before))) changed.push(`${name}: ${before}, then ${after}`);
    }
    expect(changed).toEqual([]);
  });
});

const fromSpec = onAudit.filter(({ detection }) => detection.reads.includes('create pods'));

/** Detections that rightly find what controllers make, and why. */
const controllersToo: Readonly<Record<string, string>> = {
  'container-spraying': 'A workload that is told to make too many pods makes them through its controller.',
};

/** Detections that no pod of an account in its place would interest, and why. */
const notOfPods: Readonly<Record<string, string>> = {
  'anonymous-workload-write': 'Only who has no name at all is meant.',
  'access-key-in-two-places': 'Only who has an access key is meant.',
  'deed-new-to-caller': 'Only what its author never did is meant: the samples show other deeds than pods.',
  'imitating-name': 'Only names are meant: the pod in its place bears another.',
  'pods-made-all-hour': 'Only people and pipelines are meant: some programs start pods all day.',
  'workload-creation-refused': 'Only what was refused is meant.',
  'static-pod-appeared': 'Only what nodes show is meant.',
  'image-changed': 'Only who changes what there was before is meant.',
};

describe('a controller that makes the pods of a workload is silent, and nobody else who says so', () => {
  test.each(fromSpec)('$detection.id', async (registered) => {
    const { id } = registered.detection;
    const loud: string[] = [];
    const hidden: string[] = [];
    const unowned: string[] = [];
    let compared = 0;
    for (const { name, plain } of firing(registered)) {
      const finds = async (caller: Change, owned = true): Promise<boolean> => {
        const made = rewritten(plain, podMade(caller, owned));
        return made !== undefined && (await found(made, id)) !== 'nothing';
      };
      if (!(await finds(plainAccount))) continue;
      compared += 1;
      if (await finds(controller)) loud.push(name);
      if (!(await finds(controllerInPod))) hidden.push(name);
      if (!(await finds(controller, false))) unowned.push(name);
    }
    expect(compared === 0).toBe(Object.hasOwn(notOfPods, id));
    expect(hidden, 'hidden by a name').toEqual([]);
    if (Object.hasOwn(controllersToo, id)) expect(loud).not.toEqual([]);
    else expect(loud, 'loud about a controller at work').toEqual([]);
    expect(unowned, 'silent about a controller that makes what no workload asked for').toEqual([]);
  });
});
