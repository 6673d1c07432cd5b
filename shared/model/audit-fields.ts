/**
 * Fields of an audit line that tell lines apart before anybody reads them, as CloudWatch Logs selects them in a line of
 * JSON. All are written by the API server, which takes some of their values from the client and none of their types.
 * Source: Amazon CloudWatch Logs user guide, "Filter pattern syntax"; kubernetes/apiserver, `pkg/apis/audit/v1/types.go`.
 */
export const auditFields = {
  stage: '$.stage',
  verb: '$.verb',
  user: '$.user.username',
  impersonated: '$.impersonatedUser.username',
  group: '$.objectRef.apiGroup',
  resource: '$.objectRef.resource',
  subresource: '$.objectRef.subresource',
  code: '$.responseStatus.code',
} as const;

/** The name of such a field. */
export type AuditField = keyof typeof auditFields;
