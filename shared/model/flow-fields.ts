/**
 * Fields of flow logs by the version that brought them; there is no version 6. A name that is not among them keeps its place in
 * a format, and what stands there is not read. Source: Amazon VPC user guide, "Flow log records".
 */
export const publishedFields: Readonly<Record<number, readonly string[]>> = {
  2: [
    ...['version', 'account-id', 'interface-id', 'srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol', 'packets', 'bytes'],
    ...['start', 'end', 'action', 'log-status'],
  ],
  3: ['vpc-id', 'subnet-id', 'instance-id', 'tcp-flags', 'type', 'pkt-srcaddr', 'pkt-dstaddr'],
  4: ['region', 'az-id', 'sublocation-type', 'sublocation-id'],
  5: ['pkt-src-aws-service', 'pkt-dst-aws-service', 'flow-direction', 'traffic-path'],
  7: [
    ...['ecs-cluster-arn', 'ecs-cluster-name', 'ecs-container-instance-arn', 'ecs-container-instance-id', 'ecs-container-id'],
    ...['ecs-second-container-id', 'ecs-service-name', 'ecs-task-definition-arn', 'ecs-task-arn', 'ecs-task-id'],
  ],
  8: ['reject-reason'],
  9: ['resource-id'],
  10: ['encryption-status'],
  11: [
    ...['instance-tag', 'instance-tag-2', 'interface-tag', 'interface-tag-2', 'asg-tag', 'asg-tag-2', 'interface-type'],
    ...['next-hop-interface-id', 'next-hop-subnet-id', 'next-hop-az-id', 'next-hop-vpc-id', 'next-hop-interface-type'],
  ],
};

const published: ReadonlySet<string> = new Set(Object.values(publishedFields).flat());

/** The names of a format that no published version has: misspelt, or younger than this product. */
export function unpublished(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name) => !published.has(name)))];
}
