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

/** Where traffic goes, as a habit: one name for a service of AWS however many addresses it has, else the network. */
export function destinationOf({ service, network }: Peer): string {
  return isAwsOwn(service) ? `AWS ${service}` : network;
}
