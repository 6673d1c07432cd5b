import { readFileSync } from 'node:fs';
import { channelKinds, type ChannelSettings } from '../shared/contract/channels.ts';
import type { EnrolmentSettings } from '../shared/contract/enrolment.ts';
import { environment } from '../shared/contract/environment.ts';
import type { FlowSource, SignalSource } from '../shared/contract/logs.ts';
import type { ListSource, SiteSettings } from '../shared/contract/site.ts';
import { decodeLists } from '../shared/lists/compiled.ts';
import type { AddressList } from '../shared/model/listed.ts';

/** The Region that the function runs in. Lambda sets it. */
export function region(): string {
  return required('AWS_REGION', 'the Region, as Lambda does');
}

/** What the stack told the function, under a name of the contract. */
export function setting(
  name: Exclude<
    keyof typeof environment,
    'channel' | 'flowSources' | 'signalSources' | 'site' | 'lists' | 'listSources' | 'provedGroups' | 'enrolment'
  >,
): string {
  return required(environment[name], 'what the stack sets: a table, topic, queue or secret');
}

/** Flow-log groups that are enrolled, by name. */
export function flowSources(): Readonly<Record<string, FlowSource>> {
  return json(environment.flowSources, 'an object of {"cluster", "format"} by log group') as Readonly<Record<string, FlowSource>>;
}

/** Log groups of Falco and auditd that are enrolled, by name. */
export function signalSources(): Readonly<Record<string, SignalSource>> {
  return json(environment.signalSources, 'an object of {"cluster", "from"} by log group') as Readonly<Record<string, SignalSource>>;
}

/** Field orders of the enrolled flow logs; none in a function that reads no flow logs. */
export function flowFormats(): readonly string[] {
  if (process.env[environment.flowSources] === undefined) return [];
  return [...new Set(Object.values(flowSources()).map(({ format }) => format))];
}

/** What is known about the place that is watched. */
export function site(): SiteSettings {
  return json(environment.site, 'an object of "networks", "identities", "images" and "policiesKnown"') as SiteSettings;
}

/** Lists of addresses that were deployed with the function. */
export function deployedLists(): readonly AddressList[] {
  const path = process.env[environment.lists];
  // A list that cannot be read must not pass for one that nobody stands on: reading throws.
  return path === undefined ? [] : decodeLists(readFileSync(path));
}

/** The bucket with the lists of addresses that are refreshed, where there are any. */
export function listBucket(): string | undefined {
  return process.env[environment.listBucket];
}

/** Where lists of addresses are fetched from. */
export function listSources(): readonly ListSource[] {
  return json(environment.listSources, 'a list of {"name", "kind", "bucket", "key"}') as readonly ListSource[];
}

/** Log groups that proofs of life are written into. */
export function provedGroups(): readonly string[] {
  return json(environment.provedGroups, 'a list of names of log groups') as readonly string[];
}

/** Which clusters are enrolled, and how. */
export function enrolmentSettings(): EnrolmentSettings {
  return json(environment.enrolment, 'an object of "choice", "named", "destination" and "filters"') as EnrolmentSettings;
}

/** The channel that alerts are delivered to. */
export function channelSettings(): ChannelSettings {
  const settings = json(environment.channel, 'an object of "kind", "name" and a filter') as ChannelSettings;
  if (!channelKinds.includes(settings.kind))
    throw new Error(`${environment.channel} has an unknown kind: set it to one of ${channelKinds.join(', ')}`);
  return settings;
}

function required(name: string, what: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: set it to ${what}`);
  return value;
}

function json(name: string, what: string): unknown {
  const value = required(name, what);
  try {
    const parsed: unknown = JSON.parse(value);
    if (typeof parsed === 'object' && parsed !== null) return parsed;
  } catch {
    // Told below, with the value.
  }
  throw new Error(`${name} is ${value.slice(0, 200)}: set it to JSON, ${what}`);
}
