import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../shared/detect/registry.ts';
import type { Finding } from '../../shared/model/finding.ts';
import { type Replayed, replay, type Result, type Text } from '../evasion/replay.ts';
import { contentOf, filtered, forwarded, messagesIn } from './forwarding.ts';
import { graphFactsIn } from '../support/graph.ts';

/** The shipped intrusion is found the same through the subscription's filters as without. */

const folder = join(import.meta.dirname, '../../events/scenarios/intrusion');
const files = ['audit.ndjson.gz', 'flow.log.gz', 'api.ndjson'];

function texts(place: string, change: (content: string) => string): readonly Text[] {
  return files.map((name) => {
    const content = contentOf(join(place, name));
    return { path: name.replace('.gz', ''), text: name.startsWith('audit') ? change(content) : content };
  });
}

async function replayed(change: (content: string) => string): Promise<Result> {
  const given: Replayed = { learnt: texts(join(folder, 'history'), change), arrivals: [texts(folder, change)] };
  return replay(catalogue, given);
}

const [whole, part] = [await replayed((content) => content), await replayed(filtered)];

/** Findings that the filters change, by detection and entity; each detection is one that accepts blind classes. */
const changed: readonly string[] = [];

const named = ({ detection, entity, id }: Finding): string => `${detection} of ${entity.name} (${id})`;
const without = (findings: readonly Finding[], others: readonly Finding[]): readonly string[] => {
  const known = new Set(others.map(({ id }) => id));
  return [...new Set(findings.filter(({ id }) => !known.has(id)).map(named))];
};

const scope = { account: '', region: '', cluster: '' };

describe('the scenario through the filters', () => {
  it('is a good deal smaller', () => {
    const lines = messagesIn(contentOf(join(folder, 'audit.ndjson.gz')));
    expect(lines.filter((line) => forwarded(line) !== true).length / lines.length).toBeGreaterThan(0.1);
    expect(part.records).toBeLessThan(whole.records);
  });

  it('raises the same findings, those aside that are known to change', () => {
    expect(whole.findings.length).toBeGreaterThan(50);
    expect([...without(whole.findings, part.findings), ...without(part.findings, whole.findings)]).toEqual(changed);
  });

  it('forwards every audit line that a finding shows', () => {
    const lines = new Map(
      messagesIn(contentOf(join(folder, 'audit.ndjson.gz'))).map((line) => [/"auditID":"([^"]+)"/.exec(line)?.[1], line]),
    );
    const shown = whole.findings.flatMap(({ evidence }) => evidence.flatMap(({ record, eventId }) => lines.get(eventId ?? record) ?? []));
    const passed = new Set([...lines.values()].filter((line) => forwarded(line) === true));
    expect(shown.length).toBeGreaterThan(50);
    expect(shown.filter((line) => !passed.has(line))).toEqual([]);
  });

  it('leaves who had which address as it is', () => {
    const known = graphFactsIn(whole.state, scope);
    expect(known.length).toBeGreaterThan(100);
    expect(graphFactsIn(part.state, scope)).toEqual(known);
  });

  it('breaks nothing', () => {
    expect([...part.rejects, ...part.faults]).toEqual([...whole.rejects, ...whole.faults]);
  });
});
