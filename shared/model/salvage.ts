import { type JsonObject, parseJson } from './json.ts';

/** How CloudWatch Logs ends an EKS audit line that was cut at the size limit. Source: falcosecurity/plugins, k8saudit-eks. */
export const truncationMark = '[Truncated...]';

/** Bytes of the head that are searched: the fields below precede every body. */
const headLength = 16_384;

/** A JSON string with its escapes. */
const string = String.raw`"(?:[^"\\]|\\.)*"`;

/**
 * The top-level fields that come before any body in the API server's fixed field order, each with the text that
 * must precede it, so that text inside a URI or a user name is never taken for a field.
 */
const fields: readonly (readonly [name: string, value: string])[] = [
  ['kind', string],
  ['apiVersion', string],
  ['level', string],
  ['auditID', string],
  ['stage', string],
  ['requestURI', string],
  ['verb', string],
  ['user', String.raw`\{(?:[^"{}]|${string}|\{(?:[^"{}]|${string})*\})*\}`],
  ['impersonatedUser', String.raw`\{(?:[^"{}]|${string}|\{(?:[^"{}]|${string})*\})*\}`],
  ['sourceIPs', String.raw`\[(?:[^"\]]|${string})*\]`],
  ['userAgent', string],
  ['objectRef', String.raw`\{(?:[^"{}]|${string})*\}`],
  ['responseStatus', String.raw`\{(?:[^"{}]|${string}|\{(?:[^"{}]|${string})*\})*\}`],
];

/** Every field in order, each optional after the first: one linear pass over the head. */
const patterns = fields.map(([name, value]) => ({ name, pattern: new RegExp(`[{,]"${name}":(${value})`, 'y') }));

/** The leading fields of a line that was cut, or nothing where even these are missing. */
export function salvage(line: string): JsonObject | undefined {
  const head = line.slice(0, headLength);
  const found: Record<string, unknown> = {};
  let position = 0;
  for (const { name, pattern } of patterns) {
    pattern.lastIndex = position;
    const match = pattern.exec(head);
    if (match === null) continue;
    found[name] = parseJson(match[1] ?? '');
    position = pattern.lastIndex;
  }
  return typeof found['verb'] === 'string' && typeof found['requestURI'] === 'string' ? found : undefined;
}
