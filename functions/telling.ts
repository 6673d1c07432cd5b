import type { DynamoDBRecord } from 'aws-lambda';
import type { AlertStore } from '../shared/triage/alert.ts';
import { notify, type Teller } from '../shared/triage/triage.ts';
import { type Order, orderIn, sequenceOf } from './findings-stream.ts';
import { each, type PartialFailure } from './handling.ts';

/** Where alerts are kept; what a record brings of them need not be read again. */
interface Alerts extends AlertStore {
  remember(id: string, item: Order['item']): void;
}

/** What telling reaches outside itself. */
export interface TellingPorts {
  readonly alerts: Alerts;
  readonly teller: Teller;
  /** Called for each alert that was told. */
  readonly onTold: () => void;
  /** The one that carries out an order. */
  readonly notify?: typeof notify;
}

/**
 * Carries out the orders that records of the findings stream bring. A batch that failed in part comes again from the first record that
 * failed: of all others it must be asked whether they were done.
 */
export function tellRecords(
  records: readonly DynamoDBRecord[],
  { alerts, teller, onTold, notify: carryOut = notify }: TellingPorts,
): Promise<PartialFailure> {
  let afterAnother = false;
  return each(records, sequenceOf, async (record) => {
    const mayBeDone = afterAnother;
    afterAnother = true;
    const order = orderIn(record);
    if (order === undefined) {
      afterAnother = mayBeDone;
      return;
    }
    alerts.remember(order.alert.id, order.item);
    if (await carryOut(order.alert, teller, alerts, mayBeDone)) onTold();
  });
}
