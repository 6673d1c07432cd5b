import type { Deployed } from '../contract/deployed.ts';
import { judgeClusters } from './clusters.ts';
import type { Facts } from './facts.ts';
import { judgeFlows } from './flows.ts';
import { type Found, together } from './gap.ts';
import { judgeOwn, type KnownDigests } from './own.ts';
import { judgeTrails } from './trails.ts';

/** What is not seen, and what is worth knowing, of all that was found at a time. */
export function judge(facts: Facts, deployed: Deployed, digests: KnownDigests, time: number): Found {
  return together([
    judgeClusters(facts, deployed, time),
    judgeFlows(facts, deployed),
    judgeTrails(facts, deployed),
    judgeOwn(facts, deployed, digests),
  ]);
}
