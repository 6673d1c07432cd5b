import type { Evidence } from '../model/finding.ts';
import type { Deed, Thing } from './things.ts';
import type { Told } from './told.ts';

/** Who touched what, read from the evidence as {@link evidenceOf} and the roll-ups word it; what reads otherwise shows no deed. */

type Step = Omit<Deed, 'severity' | 'key'>;

/** Greedy to the last: a name may hold the very words that come after it, an address, a verb and a URI hold no spaces. */
const audited = /^(?<who>.+) from (?<from>\S+|an unknown address): (?<verb>[a-z]+) (?<uri>\/\S*)$/s;
const called = /^(?<who>.+) from (?<from>\S+): (?<service>[a-z0-9-]+):(?<action>[A-Za-z0-9]+)(?<refused> \(.*\))?$/s;
const flowed = /^(?<from>[0-9a-f.:]+) to (?<to>[0-9a-f.:]+) port (?<port>\d+): (?<how>accepted|rejected), /;
const summed = /^(?<from>\S+) sent (?<bytes>\d+) bytes in \d+ packets to (?<to>.+?)(?:, port (?<port>\d+))?$/s;
const admitted = /^(?<who>.+): access (?<how>[a-z]+)(?::.*)?$/s;
/** How a sender in a summary names the pod behind an address; the workload is the word before. */
const held = /(?<= )\(pod (?<pod>[^\s,]{1,253}), (?<address>[0-9a-f.:]{2,45})\)/g;
const longestWorkload = 400;
/** Summaries and notes are shorter; stored ones could be anything. */
const longestText = 4_000;

/** The deeds of alerts, each once, with the gravest of the alerts that tell of it. */
export function deedsOf(tolds: readonly Told[]): readonly Deed[] {
  const homes = homesIn(tolds);
  return tolds.flatMap((told) => {
    const read = told.evidence.flatMap((evidence) =>
      stepsIn(evidence, told).map((step) => ({
        ...step,
        from: homes.settle(step.from),
        to: homes.settle(step.to),
        severity: told.severity,
        key: evidence.eventId ?? evidence.record ?? `${String(evidence.time)} ${evidence.note}`,
      })),
    );
    return read.length > 0 ? read : asAttributed(told);
  });
}

function stepsIn({ note: whole, record }: Evidence, { source }: Told): Step[] {
  const note = whole.slice(0, longestText);
  const flow = record === undefined ? undefined : flowed.exec(note)?.groups;
  if (flow !== undefined) {
    const did = `port ${flow['port'] ?? ''}${flow['how'] === 'rejected' ? ', refused' : ''}`;
    return [{ from: address(flow['from']), to: { kind: 'outside', name: flow['to'] ?? '' }, did }];
  }
  if (source === 'flow') {
    const sum = summed.exec(note)?.groups;
    if (sum === undefined) return [];
    return [{ from: sender(sum['from']), to: receiver(sum['to']), did: 'sent', bytes: Number(sum['bytes']) }];
  }
  const request = audited.exec(note)?.groups;
  if (request !== undefined) return byIdentity(request, requested(request['verb'] ?? '', request['uri'] ?? ''));
  const call = called.exec(note)?.groups;
  if (call !== undefined)
    return byIdentity(call, {
      to: { kind: 'object', name: `AWS ${call['service'] ?? ''}` },
      did: `${call['action'] ?? ''}${call['refused'] === undefined ? '' : ', refused'}`,
    });
  const access = source === 'authenticator' ? admitted.exec(note)?.groups : undefined;
  return access === undefined
    ? []
    : [{ from: { kind: 'identity', name: access['who'] ?? '' }, to: { kind: 'object', name: 'cluster access' }, did: access['how'] ?? '' }];
}

function byIdentity(found: Readonly<Record<string, string>>, deed: Omit<Step, 'from'>): Step[] {
  const who: Thing = { kind: 'identity', name: found['who'] ?? '' };
  return [
    { from: address(found['from']), to: who, did: 'called as' },
    { from: who, ...deed },
  ];
}

const address = (name = ''): Thing => ({ kind: 'address', name });

/** Workloads are told as NAMESPACE/KIND/NAME throughout. */
function sender(name = ''): Thing {
  return { kind: name.split('/').length === 3 ? 'workload' : 'address', name };
}

function receiver(name = ''): Thing {
  return { kind: name.split('/').length === 3 && !/\s/.test(name) ? 'workload' : 'outside', name };
}

/** What a request to the API server touched. Source: Kubernetes API concepts, "Resource URIs". */
function requested(verb: string, uri: string): Omit<Step, 'from'> {
  const path = (uri.split('?', 1)[0] ?? '').split('/').filter((part) => part !== '');
  const rest = path[0] === 'api' ? path.slice(2) : path[0] === 'apis' ? path.slice(3) : [];
  if (rest.length === 0) return { to: { kind: 'object', name: `/${path.join('/')}` }, did: verb };
  const namespaced = rest[0] === 'namespaces' && rest.length > 2;
  const [resource = '', name = '', subresource = ''] = namespaced ? rest.slice(2) : rest;
  const prefix = namespaced ? `${rest[1] ?? ''}/` : '';
  const did = subresource === '' || subresource === 'status' ? verb : subresource;
  if (name !== '' && resource === 'pods') return { to: { kind: 'pod', name: `${prefix}${name}` }, did };
  if (name !== '' && resource === 'nodes') return { to: { kind: 'node', name }, did };
  return { to: { kind: 'object', name: `${prefix}${resource}${name === '' ? '' : `/${name}`}` }, did };
}

/** Where evidence names nobody, what the finding itself was attributed to. */
function asAttributed({ who, where, alert: { speaker, id }, severity }: Told): Deed[] {
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

/** Which workload an address or a pod is, as far as the alerts themselves say so. */
function homesIn(tolds: readonly Told[]): { settle: (thing: Thing) => Thing } {
  const workloads = new Map<string, string>();
  for (const { alert } of tolds)
    for (const { groups, index, input } of alert.speaker.summary.slice(0, longestText).matchAll(held)) {
      const { pod = '', address: from = '' } = groups ?? {};
      const workload =
        input
          .slice(Math.max(0, index - longestWorkload), index - 1)
          .split(' ')
          .at(-1) ?? '';
      if (workload.split('/').length !== 3) continue;
      workloads.set(from, workload).set(`${workload.split('/')[0] ?? ''}/${pod}`, workload);
    }
  return {
    settle: (thing) => {
      const workload = ['address', 'outside', 'pod'].includes(thing.kind) ? workloads.get(thing.name) : undefined;
      return workload === undefined ? thing : { kind: 'workload', name: workload };
    },
  };
}
