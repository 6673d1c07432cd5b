import type { Deed, Thing } from '../model/deed.ts';
import type { Touch } from './things.ts';
import type { Told } from './told.ts';

/** Who touched what in alerts, each once, with the gravest of the alerts that tell of it. */
export function touchesOf(tolds: readonly Told[]): readonly Touch[] {
  const homes = homesIn(tolds);
  const home = (thing: Thing): Thing => homes.get(`${thing.kind === 'pod' ? 'pod' : 'address'} ${thing.name}`) ?? thing;
  return tolds.flatMap((told) => {
    const touches = told.evidence.flatMap(({ deed, eventId, record, time, note }) => {
      if (deed === undefined) return [];
      const key = eventId ?? record ?? `${String(time)} ${note}`;
      return touchesIn(deed).map((touch) => ({
        ...touch,
        from: home(touch.from),
        to: home(touch.to),
        severity: told.severity,
        key,
      }));
    });
    return touches.length > 0 ? touches : asAttributed(told);
  });
}

function touchesIn({ who, from, did, to, bytes }: Deed): Omit<Touch, 'severity' | 'key'>[] {
  const touch = { from: who, to, did, ...(bytes === undefined ? {} : { bytes }) };
  return from === undefined ? [touch] : [{ from: { kind: 'address', name: from }, to: who, did: 'called as' }, touch];
}

/** Where evidence names nobody, what the finding itself was attributed to. */
function asAttributed({ who, where, alert: { speaker, id }, severity }: Told): Touch[] {
  const from: Thing = {
    kind: who['serviceAccount'] === undefined && who['pod'] !== undefined ? 'pod' : 'identity',
    name: who['name'] ?? '',
  };
  const to = placeOf(where);
  return from.name === '' || to === undefined ? [] : [{ from, to, did: speaker.title, severity, key: id }];
}

function placeOf(where: Readonly<Record<string, string>>): Thing | undefined {
  const { namespace, workload, pod, node, object } = where;
  const within = namespace === undefined ? '' : `${namespace}/`;
  if (pod !== undefined) return { kind: 'pod', name: pod.includes('/') ? pod : `${within}${pod}` };
  if (workload !== undefined) return { kind: 'workload', name: workload };
  if (node !== undefined) return { kind: 'node', name: node };
  return object === undefined ? undefined : { kind: 'object', name: `${within}${object}` };
}

/** The workloads that pods and addresses belong to, as far as traffic in the alerts told: what else they did is drawn as theirs. */
function homesIn(tolds: readonly Told[]): ReadonlyMap<string, Thing> {
  const homes = new Map<string, Thing>();
  for (const { evidence } of tolds)
    for (const { deed } of evidence)
      for (const end of deed === undefined ? [] : [deed.who, deed.to]) {
        if (end.kind !== 'workload') continue;
        if (end.pod !== undefined) homes.set(`pod ${end.pod}`, end);
        if (end.address !== undefined) homes.set(`address ${end.address}`, end);
      }
  return homes;
}
