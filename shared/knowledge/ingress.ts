import { type JsonObject, at, list, object, text } from '../model/json.ts';
import { isWorldwide } from './network-policy.ts';

/** Where an Ingress leads, and from where. */
export interface Route {
  /** Everybody on the internet may come. */
  readonly internet: boolean;
  /** Nothing in it asks for encryption. */
  readonly plain: boolean;
  /** Names of the Services it leads to. */
  readonly backends: readonly string[];
}

const prefix = 'alb.ingress.kubernetes.io/';

/**
 * Reads an Ingress. Load balancers of the AWS Load Balancer Controller are internal unless told otherwise; of other
 * controllers the Ingress does not tell where they listen. Source: AWS Load Balancer Controller, "Ingress annotations".
 */
export function routeOf(ingress: JsonObject): Route {
  const annotations = object(at(ingress, 'metadata', 'annotations')) ?? {};
  const annotated = (name: string): string => text(annotations[`${prefix}${name}`]) ?? '';
  const ranges = annotated('inbound-cidrs')
    .split(',')
    .map((range) => range.trim())
    .filter(Boolean);
  const spec = object(ingress['spec']) ?? {};
  const encrypted = list(spec['tls']).length > 0 || annotated('certificate-arn') !== '' || annotated('listen-ports').includes('HTTPS');
  const paths = list(spec['rules']).flatMap((rule) => list(at(rule, 'http', 'paths')));
  const backends = [at(spec['defaultBackend'], 'service', 'name'), ...paths.map((path) => at(path, 'backend', 'service', 'name'))];
  return {
    internet: annotated('scheme') === 'internet-facing' && (ranges.length === 0 || ranges.some(isWorldwide)),
    plain: !encrypted,
    backends: [...new Set(backends.flatMap((name) => text(name) ?? []))],
  };
}
