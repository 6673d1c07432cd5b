import type { Facts } from './facts.ts';
import { podOf } from './facts.ts';
import { isKnown, sh, type Slot } from './shell.ts';

/** A search of the audit log, in both languages in which CloudWatch Logs takes one. */
export interface Search {
  readonly label: string;
  /** Pieces of text that a line holds, as the API server writes it: Insights does not find all fields of a large line. */
  readonly holds: readonly string[];
  /** The same as a filter pattern. */
  readonly pattern: string;
}

/** All that somebody asked of the cluster. */
export function searchByCaller({ accessKey, serviceAccount, role, username, address }: Facts): Search | undefined {
  if (accessKey !== undefined)
    return {
      label: `all requests with access key ${accessKey}`,
      holds: [`"accessKeyId":["${accessKey}"]`],
      pattern: `{ $.user.extra.accessKeyId[0] = "${accessKey}" }`,
    };
  if (serviceAccount !== undefined) {
    const name = `system:serviceaccount:${serviceAccount.namespace}:${serviceAccount.name}`;
    return { label: `all requests of service account ${serviceAccount.namespace}/${serviceAccount.name}`, ...byUser(name) };
  }
  if (role !== undefined)
    return {
      label: `all requests of role ${role.name}`,
      holds: [`"canonicalArn":["${role.arn}"]`],
      pattern: `{ $.user.extra.canonicalArn[0] = "${role.arn}" }`,
    };
  // Everybody who did not log in is this user: the address tells them apart.
  if (username !== undefined && username !== 'system:anonymous') return { label: `all requests of ${username}`, ...byUser(username) };
  return address === undefined ? undefined : searchByAddress(address);
}

/** All requests from an address. */
export function searchByAddress(address: string): Search {
  return {
    label: `all requests from ${address}`,
    holds: ['"sourceIPs":[', `"${address}"`],
    pattern: `{ $.sourceIPs[0] = "${address}" || $.sourceIPs[1] = "${address}" }`,
  };
}

/** All that was asked of the pod, or of the object that the alert names. */
export function searchByTarget(facts: Facts): Search | undefined {
  const pod = podOf(facts);
  if (pod !== undefined) return byObject(`who touched pod ${pod.namespace}/${pod.pod}`, 'pods', pod.namespace, pod.pod);
  const { workload, thing, namespace } = facts;
  if (workload !== undefined)
    return byObject(
      `who touched ${workload.kind} ${workload.namespace}/${workload.name}`,
      `${workload.kind}s`,
      workload.namespace,
      workload.name,
    );
  if (thing === undefined || facts.source === 'api') return undefined;
  return byObject(`who touched ${thing.resource}/${thing.name}`, thing.resource, isKnown(namespace) ? namespace : undefined, thing.name);
}

function byUser(name: string): Omit<Search, 'label'> {
  return { holds: [`"username":"${name}"`], pattern: `{ $.user.username = "${name}" || $.impersonatedUser.username = "${name}" }` };
}

function byObject(label: string, resource: string, namespace: string | undefined, name: string): Search {
  const place = namespace === undefined ? '' : ` && $.objectRef.namespace = "${namespace}"`;
  return {
    label,
    holds: [`"resource":"${resource}"${namespace === undefined ? '' : `,"namespace":"${namespace}"`},"name":"${name}"`],
    pattern: `{ $.objectRef.resource = "${resource}"${place} && $.objectRef.name = "${name}" }`,
  };
}

/** A filter pattern for the record of an id. */
export function recordPattern(id: string): string {
  return `{ $.auditID = "${id}" }`;
}

/** Streams of the API server's audit log. Source: Amazon EKS user guide, "Send control plane logs to CloudWatch Logs". */
const streams = 'kube-apiserver-audit';

/** The search in the language of Logs Insights. */
export function insightsQuery({ holds }: Search): string {
  return [
    'fields @timestamp, verb, requestURI, responseStatus.code, user.username, sourceIPs.0, @message',
    `filter @logStream like "${streams}"${holds.map((text) => ` and @message like '${text}'`).join('')}`,
    'sort @timestamp asc',
    'limit 1000',
  ].join('\n| ');
}

/** The log group into which EKS writes. Source: the same. */
export function auditGroup({ cluster }: Facts): Slot {
  return isKnown(cluster) ? `/aws/eks/${cluster}/cluster` : { lookUp: 'LOG-GROUP' };
}

/** The search as a command: the lines themselves, at once. */
export function searchCommand(facts: Facts, { pattern }: Search): string {
  const times = [String(Math.max(0, facts.from)), String(Math.max(0, facts.to))] as const;
  return sh`aws logs filter-log-events${region(facts)} --log-group-name ${auditGroup(facts)} --log-stream-name-prefix ${streams} --start-time ${times[0]} --end-time ${times[1]} --filter-pattern ${pattern} --query ${'events[].message'} --output text`;
}

/** The option that names the Region, where it is known. */
export function region({ region: name }: Facts): Slot {
  return { words: name === undefined ? '' : ` --region ${name}` };
}
