import type { Peer } from './flow.ts';

/**
 * Services behind whose addresses anybody's machines or sites stand: there the network tells more than the service.
 * Source: Amazon VPC user guide, "Flow log records", `pkt-dst-aws-service`, and the service codes of `ip-ranges.json`.
 */
const rented: ReadonlySet<string> = new Set([
  'EC2',
  'CLOUDFRONT',
  'CLOUDFRONT_ORIGIN_FACING',
  'GLOBALACCELERATOR',
  'API_GATEWAY',
  'CODEBUILD',
  'CLOUD9',
  'WORKSPACES_GATEWAYS',
]);

/** Whether an AWS service runs at the address that customers do not place machines in: S3, DynamoDB, the APIs. */
export function isAwsOwn(service: string): boolean {
  return service !== '' && !rented.has(service);
}

/** A service that answers for every customer from all of its networks: which one it was says nothing of whom. */
const everywhere = 'CLOUDFRONT';

/**
 * Where traffic goes, as a habit: one name for a service of AWS or an autonomous system however many addresses it has, else
 * the network. A system goes by its number: names change with the list.
 */
export function destinationOf({ service, network, system }: Peer): string {
  if (isAwsOwn(service) || service === everywhere) return `AWS ${service}`;
  return system === undefined ? network : `AS${String(system.number)}`;
}

/** Whether a destination goes by its network: nothing better is known of it than its addresses, which may change. */
export function isNetwork(destination: string): boolean {
  return destination.includes('/');
}

/** A destination for text: an autonomous system with its name. */
export function destinationText(peer: Peer): string {
  const name = isAwsOwn(peer.service) ? '' : (peer.system?.name ?? '');
  return name === '' ? destinationOf(peer) : `${destinationOf(peer)}, ${name}`;
}
