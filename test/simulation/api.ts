import { type Micros, secondStamp } from './clock.ts';
import type { Json, JsonObject } from './go-json.ts';
import { type RoleSession, account } from './identity.ts';
import type { Random } from './random.ts';

const region = 'eu-central-1';

/** One call of an AWS API by a role session. */
export interface AwsCall {
  readonly by: RoleSession;
  readonly at: Micros;
  /** Endpoint prefix, such as `eks`. */
  readonly service: string;
  readonly name: string;
  readonly address: string;
  readonly agent: string;
  readonly parameters: Json;
  readonly answered?: Json;
  readonly error?: { readonly code: string; readonly message: string };
}

export interface ApiRecord {
  readonly time: Micros;
  /** The `eventID`. */
  readonly id: string;
  readonly event: JsonObject;
}

/** What EventBridge delivers for a call: the CloudTrail record as `detail`. */
export function apiRecord(call: AwsCall, random: Random): ApiRecord {
  const id = random.uuid();
  return {
    time: call.at,
    id,
    event: {
      version: '0',
      id: random.uuid(),
      'detail-type': 'AWS API Call via CloudTrail',
      source: `aws.${call.service}`,
      account,
      time: secondStamp(call.at),
      region,
      resources: [],
      detail: trailRecord(call, id, random),
    },
  };
}

/** Source: AWS CloudTrail user guide, "CloudTrail record contents". */
function trailRecord(call: AwsCall, id: string, random: Random): JsonObject {
  return {
    eventVersion: '1.11',
    userIdentity: callerOf(call.by, call.at),
    eventTime: secondStamp(call.at),
    eventSource: `${call.service}.amazonaws.com`,
    eventName: call.name,
    awsRegion: region,
    sourceIPAddress: call.address,
    userAgent: call.agent,
    errorCode: call.error?.code,
    errorMessage: call.error?.message,
    requestParameters: call.parameters,
    responseElements: call.answered ?? null,
    requestID: random.uuid(),
    eventID: id,
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: account,
    eventCategory: 'Management',
    tlsDetails: {
      tlsVersion: 'TLSv1.3',
      cipherSuite: 'TLS_AES_128_GCM_SHA256',
      clientProvidedHostHeader: `${call.service}.${region}.amazonaws.com`,
    },
  };
}

function callerOf(by: RoleSession, at: Micros): JsonObject {
  const role = `arn:aws:iam::${account}:role/${by.role}`;
  return {
    type: 'AssumedRole',
    principalId: `${by.principal}:${by.session}`,
    arn: `arn:aws:sts::${account}:assumed-role/${by.role}/${by.session}`,
    accountId: account,
    accessKeyId: by.accessKey(at),
    sessionContext: {
      sessionIssuer: { type: 'Role', principalId: by.principal, arn: role, accountId: account, userName: by.role },
      attributes: { creationDate: secondStamp(by.since(at)), mfaAuthenticated: 'false' },
    },
  };
}
