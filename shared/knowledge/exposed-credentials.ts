import { type JsonObject, at, list, text } from '../model/json.ts';
import type { Container } from '../model/pod-spec.ts';
import { containerText, type PodTrait } from './pod-trait.ts';
import { shorten } from './shorten.ts';

/** A secret in a text: what it is and how it begins, never what it is worth. */
interface Secret {
  readonly kind: string;
  /** The first four characters: enough to find it, too little to use it. */
  readonly begins: string;
}

/** Secrets that their issuers made recognisable. Sources: AWS IAM user guide, "Unique identifiers"; GitHub, GitLab, Slack, Stripe, npm and Google on their token formats; RFC 7468; RFC 7519. */
const shapes: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['private key', /-----BEGIN (?:[A-Z]{2,12} ){0,3}PRIVATE KEY-----/g],
  ['AWS access key', /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g],
  ['GitHub token', /\bgh[pousr]_[A-Za-z0-9]{36,255}\b|\bgithub_pat_[A-Za-z0-9_]{22,255}\b/g],
  ['GitLab token', /\bglpat-[\w-]{20,64}/g],
  ['Slack token', /\bxox[abeoprs]-[\w-]{10,128}|\bhooks\.slack\.com\/services\/\w{6,16}\/\w{6,16}\/\w{16,32}/g],
  ['Stripe key', /\b[rs]k_live_[A-Za-z0-9]{16,128}\b/g],
  ['npm token', /\bnpm_[A-Za-z0-9]{36}\b/g],
  ['Google API key', /\bAIza[\w-]{35}/g],
  ['JSON web token', /\beyJ[\w-]{10,4096}\.eyJ[\w-]{10,4096}\.[\w-]{10,4096}/g],
];

/** A password in an address: `postgres://app:…@db`. */
const inAddress = /\b[a-z][a-z0-9+.-]{1,15}:\/\/[^\s:@/]{0,64}:([^\s@/]{4,128})@/gi;
/** A name that means a secret, and its value, as options and headers have them. */
const inPair =
  /(?:password|passwd|pwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key)["']?(?:\s?[=:]\s?|\s)["']?(?:bearer )?([^\s"'&;,]{8,512})/gi;
const secretName = /(?:password|passwd|pwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key)$/i;

/** Whether a text looks chosen to be hard to guess, and not like a name, a path, a reference or a word. */
function looksSecret(value: string): boolean {
  if (value.length < 8 || value.length > 512 || /\s/.test(value)) return false;
  if (/^(?:[$%{<[]|\.{0,2}\/|[a-z][a-z0-9+.-]{1,15}:|-|\*+$|x+$)|\$\(|\{\{/i.test(value)) return false;
  if (/^[0-9a-f]{32,}$/i.test(value)) return true;
  // Names of objects, hosts and files: `db-credentials-v2`, `vault.svc.cluster.local`.
  if (/^[a-z]+\d*(?:[._-][a-z0-9]+)*$/i.test(value) && !/[a-z]\d+[a-z]|\d[a-z]+\d/i.test(value) && value.length < 24) return false;
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^\w]/].filter((members) => members.test(value)).length;
  return classes >= 2 && bitsPerCharacter(value) >= 2.75;
}

function bitsPerCharacter(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / value.length) * Math.log2(count / value.length), 0);
}

function secretsIn(given: string): readonly Secret[] {
  const shaped = shapes.flatMap(([kind, pattern]) => [...given.matchAll(pattern)].map(([found]) => ({ kind, begins: found.slice(0, 4) })));
  if (shaped.length > 0) return shaped;
  const addressed = [...given.matchAll(inAddress)].flatMap(([, password = '']) =>
    password.includes('$') ? [] : [{ kind: 'password in an address', begins: password.slice(0, 4) }],
  );
  const paired = [...given.matchAll(inPair)].flatMap(([, value = '']) =>
    looksSecret(value) ? [{ kind: 'password or token', begins: value.slice(0, 4) }] : [],
  );
  return [...addressed, ...paired];
}

/** A text in which secrets are cut to their first four characters. */
export function withoutSecrets(given: string): string {
  const cut = (found: string, value?: string): string => {
    const secret = typeof value === 'string' ? value : found;
    return found.replace(secret, () => `${secret.slice(0, 4)}…`);
  };
  const shaped = shapes.reduce((left, [, pattern]) => left.replace(pattern, (found) => cut(found)), given);
  return shaped.replace(inAddress, cut).replace(inPair, cut);
}

/** Holds the object itself, whose places are looked at one by one. */
const copyOfTheObject = 'kubectl.kubernetes.io/last-applied-configuration';

/** Credentials that stand in a declaration for everybody to read who may read the object, or its log. */
export function credentialTraits(containers: readonly Container[], annotations: readonly JsonObject[]): readonly PodTrait[] {
  const inContainers = containers.flatMap((container) => [
    ...list(container.raw['env']).flatMap((entry) => inVariable(container, text(at(entry, 'name')) ?? '', text(at(entry, 'value')) ?? '')),
    ...traits(`arguments of ${containerText(container)}`, secretsIn(container.command.join(' '))),
  ]);
  const inAnnotations = annotations.flatMap((all) =>
    Object.entries(all).flatMap(([name, value]) =>
      name === copyOfTheObject ? [] : traits(`annotation ${shorten(name)}`, secretsIn(text(value) ?? '')),
    ),
  );
  return [...inContainers, ...inAnnotations];
}

function inVariable(container: Container, name: string, value: string): readonly PodTrait[] {
  const secrets = secretsIn(value);
  const named: readonly Secret[] =
    secrets.length === 0 && secretName.test(name) && looksSecret(value)
      ? [{ kind: 'password or token', begins: value.slice(0, 4) }]
      : secrets;
  return traits(`environment variable ${shorten(name)} of ${containerText(container)}`, named);
}

function traits(where: string, secrets: readonly Secret[]): readonly PodTrait[] {
  return [...new Map(secrets.map((secret) => [secret.kind, secret])).values()].map(({ kind, begins }) => ({
    kind: 'credential',
    id: `${kind} in ${where}`,
    severity: 'medium',
    words: `${kind}${kind === 'private key' ? '' : ` ${begins}…`} in ${where}`,
  }));
}
