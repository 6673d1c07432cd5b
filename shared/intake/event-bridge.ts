import { digest } from '../model/hash.ts';
import { at, text } from '../model/json.ts';
import type { Batch } from './batch.ts';

/** An event that an EventBridge rule matched, as a batch of one record. */
export function decodeEventBridge(event: unknown, region: string): Batch {
  const message = (JSON.stringify(event) as string | undefined) ?? '';
  const time = Date.parse(text(at(event, 'time')) ?? '');
  const id = text(at(event, 'id')) ?? digest(22, [message]);
  return {
    log: 'api',
    scope: { cluster: '', account: text(at(event, 'account')) ?? '', region: text(at(event, 'region')) ?? region },
    place: `EventBridge, ${text(at(event, 'source')) ?? 'unknown source'}`,
    records: [{ id, message, ...(Number.isNaN(time) ? {} : { ingested: time }) }],
    rejects: [],
    skipped: {},
  };
}
