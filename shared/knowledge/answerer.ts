import { at, text } from '../model/json.ts';

/** Who answers requests that the API server passes on. */
export interface Answerer {
  /** A URL, or `service NAMESPACE/NAME`. */
  readonly name: string;
  /** Neither a Service of the cluster nor the control plane's own host. */
  readonly external: boolean;
}

/** Whom a `clientConfig` names. Source: Kubernetes API reference, `WebhookClientConfig`; Services are also reachable by URL. */
export function answererOf(config: unknown): Answerer {
  const url = text(at(config, 'url'));
  if (url === undefined) return { name: serviceName(at(config, 'service')), external: false };
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  return { name: url, external: !/^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]|[a-z0-9.-]+\.svc(?:\.cluster\.local)?)$/.test(host) };
}

/** A reference to a Service, in words. */
export function serviceName(service: unknown): string {
  const path = [text(at(service, 'namespace')), text(at(service, 'name'))].filter(Boolean).join('/');
  return path === '' ? '' : `service ${path}`;
}
