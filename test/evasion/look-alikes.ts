import type { Json, JsonObject } from '../simulation/go-json.ts';
import { serialise } from '../simulation/go-json.ts';
import { withOddNeighbours } from './disguises.ts';
import { textOf } from './objects.ts';
import type { Replayed, Text } from './replay.ts';

/** A change that makes nothing harmful of what is harmless. */
export interface LookAlike {
  readonly name: string;
  /** Absent where it changes nothing. */
  readonly apply: (sample: Replayed) => Replayed | undefined;
}

/** Changes each record, in what is learnt and in what arrives: habits stay what they are. */
function each(name: string, change: (record: JsonObject) => JsonObject): LookAlike {
  return inFiles(name, (records) => records.map(change));
}

function inFiles(name: string, change: (records: readonly JsonObject[]) => readonly JsonObject[]): LookAlike {
  return {
    name,
    apply({ learnt, arrivals, ...rest }) {
      const rewritten = ({ path, text }: Text): Text => {
        const records = recordsIn(text);
        return { path, text: records === undefined ? text : change(records).map(serialise).join('\n') };
      };
      const isChanged = ({ text }: Text): boolean => {
        const records = recordsIn(text);
        return records !== undefined && change(records).map(serialise).join('\n') !== records.map(serialise).join('\n');
      };
      if (![...learnt, ...arrivals.flat()].some(isChanged)) return undefined;
      return { learnt: learnt.map(rewritten), arrivals: arrivals.map((texts) => texts.map(rewritten)), ...rest };
    },
  };
}

/** Records of a file that has one JSON object a line and nothing else. */
function recordsIn(text: string): JsonObject[] | undefined {
  try {
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => {
        const record = JSON.parse(line) as Json;
        if (typeof record !== 'object' || record === null || Array.isArray(record)) throw new SyntaxError('not an object');
        return record as JsonObject;
      });
  } catch {
    return undefined;
  }
}

const isAudit = (record: JsonObject): boolean => record['kind'] === 'Event';
const isLog = (texts: readonly Text[]): boolean => texts.every(({ text }) => recordsIn(text) !== undefined);

/** An empty object would not do: an empty rule of a NetworkPolicy lets everything through. */
const meaningless: readonly Json[] = [null, 7, 'x'];

export const lookAlikes: readonly LookAlike[] = [
  {
    name: 'delivered again later',
    // Bytes of flows are promised to be at least what was sent, so a second delivery may tell more.
    apply: (sample) => (sample.arrivals.every(isLog) ? { ...sample, arrivals: [...sample.arrivals, ...sample.arrivals] } : undefined),
  },
  {
    name: 'delivered twice at once',
    apply: (sample) =>
      sample.arrivals.every(isLog)
        ? {
            ...sample,
            arrivals: sample.arrivals.map((texts) => [...texts, ...texts.map(({ path, text }) => ({ path: `${path} again`, text }))]),
          }
        : undefined,
  },
  inFiles('answers before their starts', (records) => {
    const starts = records.filter((record) => record['stage'] === 'ResponseStarted');
    return records.flatMap((record) => {
      if (record['stage'] === 'ResponseStarted') return records.some((other) => answers(other, record)) ? [] : [record];
      return [record, ...starts.filter((start) => answers(record, start))];
    });
  }),
  each('agent of a health check', (record) => (isAudit(record) ? { ...record, userAgent: 'kube-probe/1.33' } : record)),
  each('forwarded for others', (record) =>
    isAudit(record) && Array.isArray(record['sourceIPs'])
      ? { ...record, sourceIPs: ['203.0.113.200', '10.0.200.7', ...(record['sourceIPs'] as Json[])] }
      : record,
  ),
  each('odd neighbours in lists', (record) => {
    if (!isAudit(record)) return record;
    const changed = ['requestObject', 'responseObject'].flatMap((body) =>
      record[body] === undefined ? [] : [[body, withOddNeighbours(record[body], meaningless)] as const],
    );
    return { ...record, ...Object.fromEntries(changed) };
  }),
  each('odd fields beside', (record) =>
    isAudit(record)
      ? { ...record, authenticationMetadata: [null] }
      : record['detail'] === undefined
        ? { ...record, additionalEventData: 7 }
        : record,
  ),
];

function answers(answer: JsonObject, start: JsonObject): boolean {
  return (
    answer['stage'] === 'ResponseComplete' &&
    textOf(answer['auditID']) === textOf(start['auditID']) &&
    answer['requestURI'] === start['requestURI']
  );
}
