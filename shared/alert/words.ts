import type { Finding, Where, Who } from '../model/finding.ts';
import { printable } from './escape.ts';

/** A role that IAM Identity Center made, by the name that people gave the permission set. */
const permissionSet = /^AWSReservedSSO_(.+)_[0-9a-f]{4,32}$/;

/** The name of a role or user, from its ARN. */
function lastPart(principal: string): string {
  return principal.slice(principal.lastIndexOf('/') + 1);
}

function roleText(principal: string): string {
  const role = lastPart(principal);
  const set = permissionSet.exec(role)?.[1];
  return set === undefined ? `role ${role}` : `${set} (role ${role} of IAM Identity Center)`;
}

/** Who did it, with all that helps to find them: the human behind a session first. */
export function whoText({ who, entity }: Finding): string {
  if (who === undefined) return `${kindName(entity.kind)} ${entity.name}`;
  return [
    identityText(who),
    who.as === undefined ? '' : `acting as ${who.as}`,
    who.accessKey === undefined ? '' : `access key ${who.accessKey}`,
    who.address === undefined || who.address === who.name ? '' : `from ${who.address}`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}

function identityText(who: Who): string {
  const { kind, name, principal = name, session, serviceAccount, pod } = who;
  if (kind === 'anonymous') return 'somebody who did not log in';
  if (kind === 'workload' || kind === 'pod' || kind === 'address')
    return `${kind} ${name}${pod === undefined ? '' : `, pod ${pod}`}${serviceAccount === undefined ? '' : `, service account ${serviceAccount}`}`;
  if (kind === 'node') {
    const node = name.replace(/^system:node:/, '');
    const role = principal.startsWith('arn:') ? ` (${roleText(principal)}${session === undefined ? '' : `, instance ${session}`})` : '';
    return `node ${node}${role}`;
  }
  if (serviceAccount !== undefined) return `service account ${serviceAccount}${pod === undefined ? '' : `, token of pod ${pod}`}`;
  if (session !== undefined) return `${session}, a session of ${roleText(principal)}`;
  if (principal.includes(':role/')) return roleText(principal);
  return kind === 'control-plane' || kind === 'eks' || kind === 'aws-service' ? `${name}, a part of EKS or AWS` : name;
}

/** Where it happened, the widest last; what the text on the actor says is not said again. */
export function whereText({ who, where, cluster, account, region }: Finding): string {
  const parts = [...placesIn(where, who), cluster && `cluster ${cluster}`, account && `account ${account}`, region];
  return parts.filter((part) => part !== '').join(', ') || 'unknown';
}

function placesIn(where: Where | undefined, who: Who | undefined): string[] {
  if (where === undefined) return [];
  const { namespace, workload, pod, node, object } = where;
  const isSender = who !== undefined && who.name === workload;
  return [
    object === undefined ? '' : object.replace('/', ' '),
    workload === undefined || isSender ? '' : `workload ${workload}`,
    pod === undefined || (isSender && who.pod === pod) ? '' : `pod ${pod}`,
    namespace === undefined || workload?.startsWith(`${namespace}/`) === true ? '' : `namespace ${namespace}`,
    node === undefined ? '' : `node ${node}`,
  ];
}

const longestName = 60;

/** What, who and where in one line for a tired person; the severity stands before it. No ids. */
export function gist(finding: Finding): string {
  const { title, cluster } = finding;
  const who = brief(shortWho(finding));
  const place = brief(shortPlace(finding));
  const where = [brief(cluster), place === who ? '' : place].filter((part) => part !== '').join('/');
  return `${printable(title)}${who === '' ? '' : `: ${who}`}${where === '' ? '' : `, in ${where}`}`;
}

/** Plain dots: a headline also goes where only ASCII does. */
function brief(text: string): string {
  const line = printable(text);
  return line.length <= longestName ? line : `${line.slice(0, longestName - 3)}...`;
}

function shortWho({ who, entity }: Finding): string {
  if (who === undefined)
    return entity.kind === 'pod' ? entity.name.split('/').slice(-2).join('/') : entity.kind === 'cluster' ? '' : entity.name;
  const { kind, name, session, serviceAccount, principal = '' } = who;
  if (kind === 'anonymous') return 'somebody who did not log in';
  if (kind === 'node') return name.replace(/^system:node:/, 'node ');
  if (kind === 'workload' || kind === 'pod' || kind === 'address') return name;
  if (serviceAccount !== undefined) return `service account ${serviceAccount}`;
  if (session === undefined) return principal.startsWith('arn:') ? lastPart(principal) : name;
  const role = lastPart(principal);
  return `${session} (${permissionSet.exec(role)?.[1] ?? role})`;
}

/** Pods and objects have long names and many; the workload or the namespace says enough. */
function shortPlace({ where }: Finding): string {
  if (where === undefined) return '';
  return where.workload ?? where.namespace ?? where.node ?? '';
}

function kindName(kind: string): string {
  return kind.replace('-', ' ');
}
