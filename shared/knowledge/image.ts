import { Recent } from '../model/recent.ts';

/** An image reference taken apart. */
export interface ImageReference {
  /** Host of the registry. */
  readonly registry: string;
  /** Who can push there: the registry, and on a registry that many share, the account in it. */
  readonly publisher: string;
  /** Registry and path, without tag and digest. */
  readonly repository: string;
  /** Tag or digest. */
  readonly version: string;
}

/** Registries where anybody can have an account: a name below them says who published, the host does not. */
const shared =
  /^(?:docker\.io|ghcr\.io|quay\.io|gcr\.io|[a-z]{2,4}\.gcr\.io|[a-z0-9-]+-docker\.pkg\.dev|public\.ecr\.aws|registry\.gitlab\.com|ttl\.sh)$/;

/** Names under which Docker Hub answers. */
const dockerHub: ReadonlySet<string> = new Set(['index.docker.io', 'registry-1.docker.io', 'registry.hub.docker.com']);

/** References read before: a cluster runs the same images over and over. */
const known = new Recent<ImageReference>(2_000);

/** Reads a reference the way container runtimes do. Source: github.com/distribution/reference, `normalize.go`. */
export function imageReference(image: string): ImageReference {
  let reference = known.get(image);
  if (reference === undefined) known.set(image, (reference = readReference(image)));
  return reference;
}

function readReference(image: string): ImageReference {
  const [named = '', digest] = image.trim().split('@', 2);
  const slash = named.lastIndexOf('/');
  const colon = named.indexOf(':', slash + 1);
  const path = colon < 0 ? named : named.slice(0, colon);
  const tag = colon < 0 ? 'latest' : named.slice(colon + 1);
  const first = path.slice(0, Math.max(0, path.indexOf('/')));
  const hasHost = first.includes('.') || first.includes(':') || first === 'localhost';
  const host = hasHost ? first.toLowerCase() : 'docker.io';
  const registry = dockerHub.has(host) ? 'docker.io' : host;
  const rest = (hasHost ? path.slice(first.length + 1) : path).replace(/^\/+/, '');
  const inRegistry = registry === 'docker.io' && !rest.includes('/') ? `library/${rest}` : rest;
  const publisher = shared.test(registry) ? `${registry}/${inRegistry.split('/', 1)[0] ?? ''}` : registry;
  return { registry, publisher, repository: `${registry}/${inRegistry}`, version: digest ?? tag };
}
