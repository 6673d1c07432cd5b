/** Why a permission stands that no rehearsal uses. */
interface Reason {
  readonly who: string;
  readonly action: string;
  readonly why: string;
}

/** Permissions that stand although the rehearsal does not use them. One that is used again must leave this list. */
export const reasons: readonly Reason[] = [
  { who: '*', action: 'dynamodb:GetItem', why: 'reads an item that is full, or that somebody else changed in between' },
  {
    who: 'analyse-api',
    action: 'dynamodb:Query',
    why: 'reads what is known of addresses once the audit log told of some, and limits once a call is counted',
  },
  {
    who: 'analyse-api',
    action: 'dynamodb:BatchWriteItem',
    why: 'all that judge have one grant on the state; no API call is kept as a document yet',
  },
  ...['BatchGetItem', 'BatchWriteItem', 'Query', 'UpdateItem'].map((operation) => ({
    who: 'analyse-signals',
    action: `dynamodb:${operation}`,
    why: 'all that judge have one grant on the state; no detection on signals remembers or counts anything yet',
  })),
];

/** Whether somebody said why a permission stands. */
export function justified({ who, action }: { readonly who: string; readonly action: string }): boolean {
  return reasons.some((reason) => (reason.who === who || reason.who === '*') && reason.action === action);
}
