import type { Site } from './site.ts';
import { type EventBase, type Scope, lateness } from './base.ts';
import type { Duty } from '../contract/site.ts';
import type { Actor, Origin } from './entity.ts';
import { digest, identifierLength } from './hash.ts';
import { type JsonObject, at, object, text } from './json.ts';
import type { LogRecord, Reject } from './record.ts';
import { dayOf } from './time.ts';
import type { Whereabouts } from './whereabouts.ts';

/** A call to an AWS API, as CloudTrail tells it. */
export interface ApiEvent extends EventBase {
  readonly source: 'api';
  readonly eventId: string;
  /** `eks`, `ec2`, `logs`, …: the event source without its domain. */
  readonly service: string;
  /** The operation, without the version suffix that Lambda's carry in CloudTrail. */
  readonly action: string;
  readonly actor: Actor;
  readonly origin: Origin;
  readonly parameters: JsonObject;
  readonly response: JsonObject;
  /** `AccessDenied` and the like; empty when the call succeeded. */
  readonly error: string;
  /** The cluster the call names, if it names one. */
  readonly cluster: string;
  /** Another AWS service made the call on somebody's behalf. */
  readonly invokedBy: string;
  /** Where the credential belongs that the call is about, for detections that ask to have it looked up. */
  whereabouts: Whereabouts | undefined;
  /** Whether the site gave the caller this duty. */
  hasDuty(duty: Duty): boolean;
}

/** A CloudTrail record (the `detail` of an EventBridge event, a member of `Records`) as an event. */
export function normaliseApi(raw: JsonObject, record: LogRecord, scope: Scope, site: Site): ApiEvent | Reject {
  const source = text(raw['eventSource']);
  const name = text(raw['eventName']);
  const time = Date.parse(text(raw['eventTime']) ?? '');
  if (source === undefined || name === undefined || Number.isNaN(time)) return { reject: 'not-an-api-event', record };
  const eventId = text(raw['eventID']) ?? '';
  const parameters = object(raw['requestParameters']) ?? {};
  const cluster = namesClusters.has(source) ? clusterIn(parameters) : '';
  const actor = apiActor(object(raw['userIdentity']) ?? {});
  return {
    source: 'api',
    // Records without an eventID, or with one that a sample copied, are told apart by what else they say.
    key: digest(identifierLength, [eventId, source, name, String(time), eventId === '' ? record.message : '']),
    time,
    day: dayOf(time),
    scope: {
      cluster: cluster || scope.cluster,
      account: text(raw['recipientAccountId']) ?? text(at(raw['userIdentity'], 'accountId')) ?? scope.account,
      region: text(raw['awsRegion']) ?? scope.region,
    },
    late: record.ingested !== undefined && record.ingested - time > lateness.api,
    eventId,
    service: source.replace(/\.amazonaws\.com$/, ''),
    action: name.replace(/20\d{6}(?:v\d+)?$/, ''),
    actor,
    origin: apiOrigin(raw, site),
    parameters,
    response: object(raw['responseElements']) ?? {},
    error: text(raw['errorCode']) ?? '',
    cluster,
    invokedBy: text(at(raw['userIdentity'], 'invokedBy')) ?? '',
    whereabouts: undefined,
    hasDuty: (duty) => site.identities.has(actor, duty, { time }),
  };
}

/** Event sources whose calls name a cluster. */
const namesClusters: ReadonlySet<string> = new Set(['eks.amazonaws.com', 'eks-auth.amazonaws.com']);

/** EKS names the cluster `name` in most calls and `clusterName` in some and in older records. */
function clusterIn(parameters: JsonObject): string {
  return text(parameters['name']) ?? text(parameters['clusterName']) ?? '';
}

function apiActor(identity: JsonObject): Actor {
  const arn = text(identity['arn']) ?? '';
  const issuer = text(at(identity, 'sessionContext', 'sessionIssuer', 'arn'));
  const session = issuer === undefined ? undefined : arn.split('/').at(-1);
  const service = text(identity['invokedBy']);
  const account = text(identity['accountId']);
  const accessKey = text(identity['accessKeyId']);
  const id = issuer === undefined ? arn || (text(identity['principalId']) ?? service ?? 'unknown') : `${issuer}/${session ?? ''}`;
  const role = issuer?.split('/').at(-1);
  return {
    kind: 'identity',
    type: text(identity['type']) === 'AWSService' ? 'aws-service' : 'iam',
    id,
    name: role === undefined ? (text(identity['userName']) ?? id.split('/').at(-1) ?? id) : `${role} (${session ?? ''})`,
    // Of a token that was changed for a role's session: the service account, as the cluster signed it.
    username: text(identity['type']) === 'WebIdentityUser' ? (text(identity['userName']) ?? '') : '',
    principal: issuer ?? id,
    groups: [],
    ...(account ? { account } : {}),
    ...(session ? { session } : {}),
    ...(accessKey ? { accessKey } : {}),
  };
}

function apiOrigin(raw: JsonObject, site: Site): Origin {
  const address = text(raw['sourceIPAddress']) ?? '';
  return {
    address,
    network: site.addresses.network(address),
    reach: site.addresses.reach(address),
    lists: site.addresses.listed(address),
    awsKnown: site.addresses.knowsAws,
    forwarded: [],
    agent: text(raw['userAgent']) ?? '',
  };
}
