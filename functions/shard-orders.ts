import { number, object, parseJson, text } from '../shared/model/json.ts';
import type { ShardOrder } from '../shared/state/shard-pages.ts';

/** Days are to be tallied first: an order without a segment. */
export type NightOrder = Pick<ShardOrder, 'generation'>;

/** The order that a message of the recomputation's queue holds. */
export function orderIn(body: string): ShardOrder | NightOrder {
  const order = object(parseJson(body));
  const [generation, segment, of] = ['generation', 'segment', 'of'].map((name) => number(order?.[name]));
  const from = text(order?.['from']);
  if (generation !== undefined && order?.['segment'] === undefined) return { generation };
  if (generation === undefined || segment === undefined || of === undefined || segment < 0 || segment >= of)
    throw new Error(`this is no order of a recomputation: ${body.slice(0, 200)}; send a tick instead`);
  return { generation, segment, of, ...(from === undefined ? {} : { from }) };
}
