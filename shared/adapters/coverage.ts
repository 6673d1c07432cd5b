import type { Deployed } from '../contract/deployed.ts';
import type { Facts } from '../coverage/facts.ts';
import type { CoverageClients } from './coverage-clients.ts';
import { clustersOf, logGroupOf } from './coverage-clusters.ts';
import { flowLogsOf, trailsOf } from './coverage-network.ts';
import { ownOf } from './coverage-own.ts';

/** Everything that AWS tells of what is watched and what was deployed. Nothing in it fails: what is refused is unknown. */
export async function gatherFacts(clients: CoverageClients, deployed: Deployed): Promise<Facts> {
  const groups = [...new Set(deployed.flowLogs.map(({ written }) => written))];
  const [clusters, flowGroups, flowLogs, trails, own] = await Promise.all([
    clustersOf(clients.eks, clients.logs),
    Promise.all(groups.map(async (name) => ({ name, group: await logGroupOf(clients.logs, name) }))),
    flowLogsOf(clients.ec2),
    trailsOf(clients.cloudTrail),
    ownOf(clients, deployed),
  ]);
  return { clusters, flowGroups, flowLogs, trails, own };
}
