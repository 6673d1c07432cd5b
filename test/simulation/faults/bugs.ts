import type { FindingGroup } from '../../../shared/detect/finding-group.ts';
import { Pipeline, type Ports } from '../../../shared/pipeline.ts';
import { isTold, markTold, orderOf } from '../../../shared/triage/alert.ts';
import { catalogue } from './catalogue.ts';
import type { Variant } from './world.ts';
import { readWithheld } from '../../../shared/detect/withheld.ts';
import { observationMerge } from '../../../shared/state/seen-set.ts';

/** Deployments with one bug each: what the simulation must notice, or it is blind. */

/** A bug, and the offence that tells of it. */
export interface Bug {
  readonly variant: Variant;
  readonly toldBy: RegExp;
}

export const bugs: Readonly<Record<string, Bug>> = {
  'lost finding: findings are stored after the lessons were learnt': {
    variant: { pipeline: tellsLast },
    toldBy: /a finding is lost: (?:grave|settled|call|mild)-novelty/,
  },
  'lost finding: nobody waits for findings to be stored': {
    variant: { pipeline: (ports) => judging({ ...ports, findings: { record: (groups) => unawaited(ports.findings.record(groups)) } }) },
    toldBy: /a finding is lost/,
  },
  'double count: every delivery of a request counts': {
    variant: { pipeline: countsDeliveries },
    toldBy: /a finding is wrong: (?:slow-)?burst/,
  },
  'double count: every delivery of a payload is summed': {
    variant: { pipeline: sumsDeliveries },
    toldBy: /a finding is wrong: volume/,
  },
  'early learning: suspects teach': {
    variant: { pipeline: suspectsTeach },
    toldBy: /learnt from a suspect/,
  },
  'early learning: lessons of suspects are merged before findings are recorded': {
    variant: { pipeline: suspectsTeachFirst },
    toldBy: /a finding is lost: (?:grave|settled|call)-novelty/,
  },
  'lost lesson: findings do not say what they withhold': {
    variant: { pipeline: withholdsUntold },
    toldBy: /does not wait: .* withholds/,
  },
  'lost message: an alert is marked told before it is': {
    variant: {
      notify: async (changed, teller, alerts) => {
        const order = orderOf(changed);
        const stored = await alerts.get(changed.id);
        if (order === undefined || (stored !== undefined && isTold(stored, order))) return false;
        await alerts.update(changed.id, (known) => markTold(known ?? changed, order));
        await teller.tell(changed, order.reason);
        return true;
      },
    },
    toldBy: /nobody was told/,
  },
};

function judging(ports: Ports): Pipeline {
  return new Pipeline(catalogue, ports);
}

function withState({ state }: Ports, change: Partial<Ports['state']>): Ports['state'] {
  return {
    read: (keys, consistency) => state.read(keys, consistency),
    merge: (merges) => state.merge(merges),
    remove: (removals) => state.remove(removals),
    put: (documents) => state.put(documents),
    putNew: (document) => state.putNew(document),
    list: (partition, part) => state.list(partition, part),
    scan: (prefix) => state.scan(prefix),
    ...change,
  };
}

function unawaited(work: Promise<void>): Promise<void> {
  work.catch(() => undefined);
  return Promise.resolve();
}

function tellsLast(ports: Ports): Pick<Pipeline, 'analyse' | 'tick'> {
  let held: FindingGroup[] = [];
  const pipeline = judging({ ...ports, findings: { record: (groups) => Promise.resolve(void held.push(...groups)) } });
  const thenTell = async <T>(result: T): Promise<T> => {
    const groups = held;
    held = [];
    if (groups.length > 0) await ports.findings.record(groups);
    return result;
  };
  return {
    analyse: async (batch) => thenTell(await pipeline.analyse(batch)),
    tick: async (tick) => thenTell(await pipeline.tick(tick)),
  };
}

function countsDeliveries(ports: Ports): Pipeline {
  let calls = 0;
  const putNew: Ports['state']['putNew'] = (document) => {
    calls += 1;
    const call = String(calls % 100).padStart(2, '0');
    // A cell is ten characters of its counter's text: here its last two tell the call.
    const cells = /(?<=",")(?:.{10})+(?="\])/g;
    return ports.state.putNew({
      ...document,
      document: document.document.replace(cells, (text) => text.replace(/(.{8})../g, `$1${call}`)),
    });
  };
  return judging({ ...ports, state: withState(ports, { putNew }) });
}

function sumsDeliveries(ports: Ports): Pipeline {
  let calls = 0;
  const put: Ports['state']['put'] = (documents) => {
    calls += 1;
    return ports.state.put(documents.map((document) => ({ ...document, sort: `${document.sort} ${String(calls)}` })));
  };
  return judging({ ...ports, state: withState(ports, { put }) });
}

function withholdsUntold(ports: Ports): Pipeline {
  const record = (groups: readonly FindingGroup[]): Promise<void> =>
    ports.findings.record(groups.map((group) => ({ ...group, withheld: [] })));
  return judging({ ...ports, findings: { record } });
}

function suspectsTeach(ports: Ports): Pipeline {
  const record = async (groups: readonly FindingGroup[]): Promise<void> => {
    await ports.findings.record(groups);
    await ports.state.merge(groups.flatMap(({ withheld }) => withheld.map((text) => observationMerge(readWithheld(text)))));
  };
  return judging({ ...ports, findings: { record } });
}

function suspectsTeachFirst(ports: Ports): Pipeline {
  const record = async (groups: readonly FindingGroup[]): Promise<void> => {
    await ports.state.merge(groups.flatMap(({ withheld }) => withheld.map((text) => observationMerge(readWithheld(text)))));
    await ports.findings.record(groups);
  };
  return judging({ ...ports, findings: { record } });
}
