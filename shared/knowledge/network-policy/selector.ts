import { object, text } from '../../model/json.ts';
import type { Answer } from './answer.ts';

/** Labels of a pod or namespace, as far as they are known. */
export interface Labels {
  readonly known: ReadonlyMap<string, string>;
  /** A label that is not among them is not there. */
  readonly complete: boolean;
}

type Operator = 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';

interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: ReadonlySet<string>;
}

/** A label selector: all its requirements hold. `unreadable` ones may hold or not. Source: Kubernetes API, `LabelSelector`. */
export interface Selector {
  readonly requirements: readonly Requirement[];
  readonly unreadable: boolean;
}

/** Reads a selector. One without requirements selects everything. */
export function selectorOf(value: unknown): Selector {
  const selector = object(value);
  if (selector === undefined) return { requirements: [], unreadable: true };
  const labels = selector['matchLabels'] ?? {};
  const expressions = selector['matchExpressions'] ?? [];
  const found = [
    ...Object.entries(object(labels) ?? {}).map(([key, wanted]) => equality(key, wanted)),
    ...(Array.isArray(expressions) ? expressions.map(requirementOf) : []),
  ];
  const requirements = found.filter((requirement) => requirement !== undefined);
  return {
    requirements,
    unreadable: requirements.length < found.length || object(labels) === undefined || !Array.isArray(expressions),
  };
}

function equality(key: string, wanted: unknown): Requirement | undefined {
  return typeof wanted === 'string' ? { key, operator: 'In', values: new Set([wanted]) } : undefined;
}

const operators: ReadonlySet<string> = new Set<Operator>(['In', 'NotIn', 'Exists', 'DoesNotExist']);

function requirementOf(value: unknown): Requirement | undefined {
  const requirement = object(value);
  const key = text(requirement?.['key']);
  const operator = text(requirement?.['operator']);
  const values = requirement?.['values'] ?? [];
  if (key === undefined || operator === undefined || !operators.has(operator) || !Array.isArray(values)) return undefined;
  if (!values.every((member) => typeof member === 'string')) return undefined;
  // The API server takes lists of values with `In` and `NotIn` only, and there never empty ones.
  if ((operator === 'In' || operator === 'NotIn') !== values.length > 0) return undefined;
  return { key, operator: operator as Operator, values: new Set(values) };
}

/** Whether a selector selects something with these labels. */
export function selects({ requirements, unreadable }: Selector, labels: Labels): Answer {
  let answer: Answer = unreadable ? undefined : true;
  for (const requirement of requirements) {
    const met = meets(requirement, labels);
    if (met === false) return false;
    if (met === undefined) answer = undefined;
  }
  return answer;
}

function meets({ key, operator, values }: Requirement, { known, complete }: Labels): Answer {
  const value = known.get(key);
  if (value === undefined && !complete) return undefined;
  if (operator === 'Exists') return value !== undefined;
  if (operator === 'DoesNotExist') return value === undefined;
  const isOneOf = value !== undefined && values.has(value);
  return operator === 'In' ? isOneOf : !isOneOf;
}

/** A selector for text: `app=web`, `tier in (a, b)`; empty where it selects everything. */
export function selectorText({ requirements, unreadable }: Selector): string {
  const parts = requirements.map(({ key, operator, values }) => {
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    const [first = ''] = values;
    const many = `(${[...values].sort().join(', ')})`;
    if (operator === 'In') return values.size === 1 ? `${key}=${first}` : `${key} in ${many}`;
    return values.size === 1 ? `${key}!=${first}` : `${key} not in ${many}`;
  });
  return [...parts.sort(), ...(unreadable ? ['something unreadable'] : [])].join(', ');
}
