import type { StreamRecord } from 'aws-lambda';
import { documentValue } from '../../../shared/adapters/dynamodb-document.ts';
import { documentAttribute } from '../../../shared/adapters/dynamodb-item.ts';
import { itemKind, orderAttribute } from '../../../shared/contract/tables.ts';
import type { FindingGroup } from '../../../shared/detect/finding-group.ts';
import { type Alert, orderOf } from '../../../shared/triage/alert.ts';
import { streamed } from '../../support/streamed.ts';

/** An item of the findings table as its stream brings it. */
export type Image = NonNullable<StreamRecord['NewImage']>;

/** A group as it stands in the table. */
export function findingImage(group: FindingGroup): Image {
  return streamed({ [itemKind.attribute]: { S: itemKind.finding }, ...documentIn(group) });
}

/** An alert as it stands in the table. */
export function alertImage(alert: Alert): Image {
  const order = orderOf(alert);
  return streamed({
    [itemKind.attribute]: { S: itemKind.alert },
    ...(order === undefined ? {} : { [orderAttribute]: { N: String(order.number) } }),
    ...documentIn(alert),
  });
}

function documentIn(value: FindingGroup | Alert): Image {
  return { [documentAttribute]: documentValue(JSON.stringify(value)) as Image[string] };
}
