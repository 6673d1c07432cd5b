import type { AuditEvent } from '../model/audit.ts';

/** What load balancers and probes ask without a credential, and what Kubernetes shows to everybody. Source: Kubernetes, ClusterRole `system:public-info-viewer`. */
const publicPath = /^\/(?:healthz|livez|readyz|version)(?:[/?]|$)|^\/\.well-known\/oauth-authorization-server(?:\?|$)/;

/** A request that anybody may send. Only one for no resource is: a path proves nothing about an object. */
export function isPublicPath({ target, uri }: AuditEvent): boolean {
  return target.resource === '' && publicPath.test(uri);
}

/** Whether the rules let a request through, be it that it failed afterwards. */
export function wasAuthorised(event: AuditEvent): boolean {
  return event.allowed || (event.outcome === 'failed' && event.annotation('authorization.k8s.io/decision') === 'allow');
}
