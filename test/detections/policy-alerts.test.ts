import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { catalogue } from '../../shared/detect/registry.ts';
import { replay } from '../evasion/replay.ts';
import { samplesRoot } from '../support/samples.ts';

/** Where a policy is not enforced all that it forbids gets through, and people are not to be told of each port by itself. */

const sample = join(samplesRoot, 'network-policy/traffic-against-network-policy/fires/storefront-reaches-the-closed-database');
const read = (name: string) => ({ path: name, text: readFileSync(`${sample}${name}`, 'utf8') });

it('what one caller does against the same policies is one alert, and each edge a finding of it', async () => {
  const { text } = read('.log');
  const both = `${text.trimEnd()}\n${text.trim().split('\n').slice(1).join('\n').replaceAll(' 5432 ', ' 8080 ')}`;
  const { findings } = await replay(catalogue, { learnt: [read('.history/audit.ndjson')], arrivals: [[{ path: 'flow', text: both }]] });
  const told = findings.filter(({ detection }) => detection === 'traffic-against-network-policy');
  expect(told.map(({ summary }) => /TCP port \d+/.exec(summary)?.[0]).sort()).toEqual(['TCP port 5432', 'TCP port 8080']);
  expect(new Set(told.map(({ fingerprint }) => fingerprint)).size).toBe(1);
});
