import type { Evidence, Finding } from '../model/finding.ts';
import type { Alert } from '../triage/alert.ts';
import type { FindingGroup } from '../detect/finding-group.ts';
import { chunks } from './effort.ts';
import { largestDocument } from './dynamodb-item.ts';

/** Finding ids in one item: a storm in one payload may have more than an item can hold. */
const idsPerItem = 8_000;

/**
 * A group as documents that an item can hold. All ids are kept, in several parts where need be: they are the count.
 * What may be left out is what explains: first what the group would have taught, which is counted, then its members each by itself
 * and length, then number of the evidence.
 */
export function fitGroup(group: FindingGroup): { readonly key: string; readonly document: string }[] {
  const runs = chunks(group.ids, idsPerItem);
  return runs.map((ids, run) => {
    const key = runs.length === 1 ? group.key : `${group.key}/${String(run)}`;
    const { notKept = 0, ...rest } = group;
    // The first part speaks for all of what was withheld, or it would be counted more than once.
    const withheld = run === 0 ? group.withheld : [];
    const part: FindingGroup = { ...rest, key, ids, withheld, ...(run === 0 && notKept > 0 ? { notKept } : {}) };
    const lost = withheld.length + (part.notKept ?? 0);
    const bare = { ...part, withheld: [], ...(lost === 0 ? {} : { notKept: lost }) };
    const lone = Object.fromEntries(Object.entries(bare).filter(([name]) => name !== 'members'));
    const document = firstThatFits([
      () => part,
      () => bare,
      () => ({ ...lone, speaker: shortened(part.speaker, 20, 4_000) }),
      () => ({ ...lone, speaker: shortened(part.speaker, 5, 1_000) }),
    ]);
    return { key, document };
  });
}

/** An alert as a document that an item can hold. */
export function fitAlert(alert: Alert): string {
  return firstThatFits([
    () => alert,
    () => ({ ...alert, speaker: shortened(alert.speaker, 20, 4_000) }),
    () => ({ ...alert, speaker: shortened(alert.speaker, 5, 1_000) }),
  ]);
}

function firstThatFits(attempts: readonly (() => object)[]): string {
  let json = '';
  for (const attempt of attempts) {
    json = JSON.stringify(attempt());
    if (Buffer.byteLength(json) <= largestDocument) return json;
  }
  return json;
}

/** A finding whose texts were cut; what identifies it is whole. */
function shortened(finding: Finding, pieces: number, length: number): Finding {
  const cut = (text: string): string => (text.length <= length ? text : `${text.slice(0, length)} [cut]`);
  const shorter = (evidence: Evidence): Evidence => ({
    ...evidence,
    note: cut(evidence.note),
    ...(evidence.record === undefined ? {} : { record: cut(evidence.record) }),
    ...(evidence.eventId === undefined ? {} : { eventId: cut(evidence.eventId) }),
  });
  const { baseline, ...rest } = finding;
  const figures = Object.entries(baseline ?? {}).slice(0, pieces);
  return {
    ...rest,
    summary: cut(finding.summary),
    entity: { ...finding.entity, name: cut(finding.entity.name) },
    evidence: finding.evidence.slice(-pieces).map(shorter),
    links: finding.links.slice(0, pieces).map(cut),
    ...(baseline && {
      baseline: Object.fromEntries(figures.map(([name, value]) => [cut(name), typeof value === 'string' ? cut(value) : value])),
    }),
  };
}
