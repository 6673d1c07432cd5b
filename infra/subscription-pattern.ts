import { filterNames } from '../shared/contract/logs.ts';
import { controlPlaneFilters, type Filter } from '../shared/detect/derive.ts';

/** The subscription filters of a log group; the first is the one that always has lines. */
export type Filters = readonly [main: Filter, ...others: Filter[]];

export { controlPlaneFilters };

/** What the subscription on a group of signals forwards: everything, as a pattern cannot look into what shippers wrap. */
export const signalFilters: Filters = [{ name: filterNames.main, pattern: '' }];

/** What the subscription on a flow-log group forwards: everything, since SKIPDATA lines tell of blind spots. */
export const flowFilters: Filters = [{ name: filterNames.main, pattern: '' }];
