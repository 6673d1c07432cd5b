import { type FilterChoice, filterNames } from '../contract/logs.ts';
import { catalogue } from './registry.ts';
import { subscriptionOf } from './subscription.ts';

/** A subscription filter of a log group. */
export interface Filter {
  readonly name: string;
  /** Empty: every line. */
  readonly pattern: string;
}

/** What the infrastructure takes from the catalogue when it is synthesised: the filters of a control-plane log group. */
export function controlPlaneFilters(choice: FilterChoice): readonly [main: Filter, ...others: Filter[]] {
  if (choice === 'everything') return [{ name: filterNames.main, pattern: '' }];
  const { json, text } = subscriptionOf(catalogue);
  if (json === '') return controlPlaneFilters('everything');
  return [
    { name: filterNames.main, pattern: json },
    { name: filterNames.text, pattern: text },
  ];
}
