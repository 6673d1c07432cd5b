import type { ImageSettings } from '../contract/site.ts';

/** Which images people said may run: filled from configuration, never from a log line. */
export interface ImageBook {
  /** Whether an image of this repository may run: registry and path, without tag and digest. */
  allows(repository: string): boolean;
}

/** An image book over configured patterns. */
export function imageBook({ allowed }: ImageSettings): ImageBook {
  const patterns = allowed.map(patternOf);
  return { allows: (repository) => patterns.some((pattern) => pattern.test(repository)) };
}

function patternOf(allowed: string): RegExp {
  const below = allowed.endsWith('/**');
  const [host = '', ...path] = (below ? allowed.slice(0, -'/**'.length) : allowed).split('/');
  const parts = [wild(host, '[^/.]*'), ...path.map((part) => wild(part, '[^/]*'))];
  return new RegExp(`^${parts.join('/')}${below ? '/.+' : ''}$`);
}

function wild(text: string, star: string): string {
  return text
    .split('*')
    .map((plain) => plain.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join(star);
}
