/**
 * GuardDuty's types of finding that concern clusters, their nodes and their credentials; others, such as those of S3,
 * are for other eyes. Source: Amazon GuardDuty user guide, "GuardDuty finding types".
 */
export function concernsClusters(type: string): boolean {
  return /:(?:Kubernetes|EKS|Runtime|EC2|Container)\//.test(type) || type.includes('InstanceCredentialExfiltration');
}
