import { readFileSync } from 'node:fs';
import { type AddressLists, environment, type FlowSource, type SiteSettings } from '../shared/contract.ts';

/** The Region that the function runs in. Lambda sets it. */
export function region(): string {
  return required('AWS_REGION', 'the Region, as Lambda does');
}

/** What the stack told the function, under a name of the contract. */
export function setting(name: Exclude<keyof typeof environment, 'flowSources' | 'site' | 'lists'>): string {
  return required(environment[name], 'what the stack sets: a table, topic, queue or secret');
}

/** Flow-log groups that are enrolled, by name. */
export function flowSources(): Readonly<Record<string, FlowSource>> {
  return json(environment.flowSources, 'an object of {"cluster", "format"} by log group') as Readonly<Record<string, FlowSource>>;
}

/** What is known about the place that is watched. */
export function site(): SiteSettings {
  const settings = json(environment.site, 'an object of "networks", "identities", "images" and "policiesKnown"') as SiteSettings;
  const path = process.env[environment.lists];
  // A list that cannot be read must not pass for one that nobody stands on: reading throws.
  return path === undefined ? settings : { ...settings, lists: JSON.parse(readFileSync(path, 'utf8')) as AddressLists };
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
