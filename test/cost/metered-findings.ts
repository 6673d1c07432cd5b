import { documentValue, sizeOfDocument } from '../../shared/adapters/dynamodb-document.ts';
import { fitAlert, fitGroup } from '../../shared/adapters/dynamodb-fit.ts';
import type { FindingGroup, FindingStore } from '../../shared/detect/finding-group.ts';
import type { Alert, AlertStore } from '../../shared/triage/alert.ts';
import type { Meter } from '../bench/meter.ts';
import type { RoundTrips } from './round-trips.ts';

/** Key, kind and time to live of an item that is a document. */
const besides = 120;

/** The findings table, counted: a PutItem for every part of a group. */
export class MeteredFindings implements FindingStore {
  meter: Meter;
  private readonly inner: FindingStore;
  private readonly trips: RoundTrips;

  constructor(inner: FindingStore, meter: Meter, trips: RoundTrips) {
    this.inner = inner;
    this.meter = meter;
    this.trips = trips;
  }

  async record(groups: readonly FindingGroup[]): Promise<void> {
    for (const group of groups) for (const { document } of fitGroup(group)) this.meter.write('finding', bytesOf(document));
    await this.trips.take(1);
    await this.inner.record(groups);
  }
}

/** Alerts, counted: a PutItem for every change, as a warm process remembers what it wrote. */
export class MeteredAlerts implements AlertStore {
  meter: Meter;
  private readonly inner: AlertStore;

  constructor(inner: AlertStore, meter: Meter) {
    this.inner = inner;
    this.meter = meter;
  }

  get(id: string): Promise<Alert | undefined> {
    return this.inner.get(id);
  }

  update(id: string, change: (alert: Alert | undefined) => Alert): Promise<Alert> {
    return this.inner.update(id, (known) => {
      const alert = change(known);
      if (alert !== known) this.meter.write('alert', bytesOf(fitAlert(alert)));
      return alert;
    });
  }
}

function bytesOf(document: string): number {
  return sizeOfDocument(documentValue(document)) + besides;
}
