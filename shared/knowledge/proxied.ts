import type { AuditEvent } from '../model/audit.ts';
import { normalisePath } from '../model/shell-text.ts';

/** Where a request through the API server's proxy goes. */
export interface Proxied {
  /** The node, pod or Service, without scheme and port. */
  readonly name: string;
  readonly port: string;
  /** The path asked for there, decoded and plain. */
  readonly path: string;
}

/** A Service may be called `proxy`, so that the word stands in the path more than once. */
const behindProxy = /^\/api\/v1(?:\/namespaces\/[^/?#]+)?\/(?:nodes|pods|services)\/[^/?#]+\/proxy([^?#]*)/;

/** Takes `https:grafana:443` and the path behind `/proxy` apart. Source: kubernetes, `staging/src/k8s.io/apimachinery/pkg/util/net/port_split.go`. */
export function proxiedBy({ target, uri }: AuditEvent): Proxied {
  const parts = target.name.split(':');
  const [name = '', port = ''] = parts.length === 3 || /^https?$/.test(parts[0] ?? '') ? parts.slice(1) : parts;
  const [, path = ''] = behindProxy.exec(uri) ?? [];
  return { name, port, path: normalisePath(decoded(path)) };
}

/** An encoding may hide another; what cannot be decoded stays. */
function decoded(path: string): string {
  let current = path;
  for (let depth = 0; depth < 3 && current.includes('%'); depth++) {
    try {
      current = decodeURIComponent(current);
    } catch {
      return current;
    }
  }
  return current;
}
