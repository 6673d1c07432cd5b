import type { StreamRecord } from 'aws-lambda';
import { itemKind, orderAttribute } from '../../../shared/contract/tables.ts';
import type { FindingGroup } from '../../../shared/detect/finding-group.ts';
import { type Alert, orderOf } from '../../../shared/triage/alert.ts';

/** An item of the findings table as its stream brings it. */
export type Image = NonNullable<StreamRecord['NewImage']>;

/** A group as it stands in the table. */
export function findingImage(group: FindingGroup): Image {
  return { [itemKind.attribute]: { S: itemKind.finding }, document: { S: JSON.stringify(group) } };
}

/** An alert as it stands in the table. */
export function alertImage(alert: Alert): Image {
  const order = orderOf(alert);
  return {
    [itemKind.attribute]: { S: itemKind.alert },
    ...(order === undefined ? {} : { [orderAttribute]: { N: String(order.number) } }),
    document: { S: JSON.stringify(alert) },
  };
}
