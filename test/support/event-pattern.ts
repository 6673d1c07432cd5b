import { list, object } from '../../shared/model/json.ts';

/**
 * Whether an event matches a pattern of EventBridge or of Lambda's event filtering. Kinds of comparison that are not
 * listed throw. Sources: EventBridge user guide, "Comparison operators"; Lambda developer guide, "Event filtering".
 */
export function matchesPattern(pattern: unknown, event: unknown): boolean {
  const fields = object(pattern);
  if (fields === undefined) throw new Error(`this is no event pattern: ${JSON.stringify(pattern)}`);
  return Object.entries(fields).every(([name, wanted]) => {
    if (name === '$or') return list(wanted).some((alternative) => matchesPattern(alternative, event));
    const value = object(event)?.[name];
    return Array.isArray(wanted) ? wanted.some((comparison) => valueMatches(comparison, value)) : matchesPattern(wanted, value);
  });
}

/** One value of a list is enough. */
function valueMatches(comparison: unknown, value: unknown): boolean {
  const operator = object(comparison);
  if (operator !== undefined) return operatorMatches(operator, value);
  return Array.isArray(value) ? value.includes(comparison) : value === comparison;
}

function operatorMatches(operator: Readonly<Record<string, unknown>>, value: unknown): boolean {
  const [[name, argument] = ['', undefined], ...others] = Object.entries(operator);
  if (others.length > 0) throw new Error(`two comparisons in one: ${JSON.stringify(operator)}`);
  const values = Array.isArray(value) ? (value as unknown[]) : value === undefined ? [] : [value];
  const some = (test: (text: string) => boolean): boolean => values.some((each) => typeof each === 'string' && test(each));
  switch (name) {
    case 'exists':
      return (value !== undefined) === argument;
    case 'prefix':
      return some((each) => each.startsWith(String(argument)));
    case 'suffix':
      return some((each) => each.endsWith(String(argument)));
    case 'anything-but': {
      const refused = Array.isArray(argument) ? (argument as unknown[]) : [argument];
      if (refused.some((each) => typeof each === 'object'))
        throw new Error(`this comparison is not understood: ${JSON.stringify(operator)}`);
      return values.some((each) => !refused.includes(each));
    }
    default:
      throw new Error(`the comparison ${name} is not understood`);
  }
}
