import type { AuditEvent } from '../model/audit.ts';

/** Stands for every private address outside a named range: pods and nodes move between subnets all day. */
const insideTheVpc = 'unnamed private addresses';

/** The network of a request as a habit: named ranges by name, other private addresses as one, public ones by /24 or /48. */
export function networkUsed({ origin }: AuditEvent): string {
  // Names of ranges hold no slash (infra/config-fields.ts).
  return origin.reach === 'private' && origin.network.includes('/') ? insideTheVpc : origin.network;
}

/** Caller and place for text: "deploy (ci) as admin from 203.0.113.7". */
export function callerText({ actor, as, origin }: AuditEvent): string {
  return `${actor.name}${as === undefined ? '' : ` as ${as.name}`} from ${origin.address || 'an unknown address'}`;
}
