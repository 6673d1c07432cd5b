import { FilterPattern, type IFilterPattern } from 'aws-cdk-lib/aws-logs';

/**
 * What the subscription on a control-plane log group forwards: everything. A JSON pattern never matches a line that is
 * not JSON, and EKS cuts an oversize line, with `[Truncated...]` at its end, so that it is none: any `{ $.… }` pattern
 * would let an attacker pad a pod spec past the limit and stay unseen. The same group carries the authenticator's lines,
 * which are not JSON either.
 */
export const controlPlanePattern = (): IFilterPattern => FilterPattern.allEvents();

/** What the subscription on a flow-log group forwards: everything, since SKIPDATA lines tell of blind spots. */
export const flowPattern = (): IFilterPattern => FilterPattern.allEvents();
