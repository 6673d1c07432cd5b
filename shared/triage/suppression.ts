import type { Finding } from '../model/finding.ts';

/** A person's decision not to be told: who, why and until when. */
export interface Suppression {
  readonly id: string;
  readonly detection: string;
  /** Cluster name or pattern; `*` matches any run of characters. */
  readonly cluster: string;
  /** Entity id or pattern. */
  readonly entity: string;
  readonly who: string;
  readonly why: string;
  /** Milliseconds since the epoch, compared with event time. */
  readonly until: number;
}

/** Where decisions are kept. */
export interface Settings {
  suppressions(): Promise<readonly Suppression[]>;
}

/** The suppression that silences a finding, in words; absent where none does. */
export function silencing(suppressions: readonly Suppression[], finding: Finding): string | undefined {
  const match = suppressions.find(
    ({ detection, cluster, entity, until }) =>
      until > finding.time &&
      (detection === '*' || detection === finding.detection) &&
      matches(cluster, finding.cluster) &&
      matches(entity, finding.entity.id),
  );
  return match && `${match.who}: ${match.why}, until ${new Date(match.until).toISOString()}`;
}

/** Whether a text matches a pattern in which `*` stands for any run of characters: linear, whatever the text. */
function matches(pattern: string, text: string): boolean {
  const parts = pattern.split('*');
  const first = parts.shift() ?? '';
  const last = parts.pop();
  if (last === undefined) return pattern === text;
  if (!text.startsWith(first) || !text.slice(first.length).endsWith(last)) return false;
  let rest = text.slice(first.length, text.length - last.length);
  for (const part of parts) {
    const found = rest.indexOf(part);
    if (found < 0) return false;
    rest = rest.slice(found + part.length);
  }
  return true;
}
