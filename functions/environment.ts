import { environment, type FlowSource, type NetworkSettings } from '../shared/contract.ts';

/** The Region that the function runs in. Lambda sets it. */
export function region(): string {
  return required('AWS_REGION', 'the Region, as Lambda does');
}

/** What the stack told the function, under a name of the contract. */
export function setting(name: Exclude<keyof typeof environment, 'flowSources' | 'networks'>): string {
  return required(environment[name], 'what the stack sets: a table, topic or secret');
}

/** Flow-log groups that are enrolled, by name. */
export function flowSources(): Readonly<Record<string, FlowSource>> {
  return json(environment.flowSources, 'an object of {"cluster", "format"} by log group') as Readonly<Record<string, FlowSource>>;
}

/** What is known about addresses. */
export function networks(): NetworkSettings {
  return json(environment.networks, 'an object of "vpc", "named" and "aws"') as NetworkSettings;
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
