import { type JsonObject, at, number, texts } from '../model/json.ts';

/** What a TokenRequest asks for. */
export interface TokenRequest {
  readonly audiences: readonly string[];
  readonly seconds: number;
  /** Longer than any tool needs. */
  readonly long: boolean;
  /** For somebody other than the cluster and AWS. */
  readonly foreign: boolean;
}

/** The API server's choice where a request names none. Source: Kubernetes, `pkg/registry/core/serviceaccount/storage/token.go`. */
const usual = 3_600;
const day = 24 * 3_600;

/**
 * Audiences that tokens are meant for: the API server under its names, STS for roles of service accounts, Pod Identity.
 * Sources: Amazon EKS user guide, "IAM roles for service accounts" and "EKS Pod Identities".
 */
const familiar =
  /^(?:https:\/\/kubernetes\.default\.svc(?:\.cluster\.local)?|https:\/\/oidc\.eks\.[a-z0-9-]+\.(?:amazonaws\.com(?:\.cn)?|api\.aws)\/id\/[0-9A-F]{32}|sts\.amazonaws\.com(?:\.cn)?|pods\.eks\.amazonaws\.com)$/;

/** Reads the body of a TokenRequest. */
export function tokenRequestOf(body: JsonObject | undefined): TokenRequest {
  const audiences = texts(at(body, 'spec', 'audiences'));
  const seconds = number(at(body, 'spec', 'expirationSeconds')) ?? usual;
  return { audiences, seconds, long: seconds > day, foreign: audiences.some((audience) => !familiar.test(audience)) };
}

/** A duration for text. */
export function durationText(seconds: number): string {
  if (seconds < 7_200) return `${String(Math.round(seconds / 60))} minutes`;
  return seconds < 2 * day ? `${String(Math.round(seconds / 3_600))} hours` : `${String(Math.round(seconds / day))} days`;
}
