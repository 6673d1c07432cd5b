import type { EnrolmentChoice } from '../shared/contract/enrolment.ts';
import { fields, type Problems } from './config-fields.ts';

/** Adds what is wrong with the choice of clusters to be enrolled. */
export function checkEnrolment(problems: Problems, given: unknown): void {
  if (given === undefined) return;
  const { tag, all } = problems.object('enrolment', given, ['tag', 'all']);
  if ((tag === undefined) === (all === undefined))
    problems.add('enrolment', given, 'give either tag: { key, value }, or all: true for every cluster of this account and Region');
  problems.field('enrolment.all', all, (value) => (value === true ? undefined : 'say true, or leave enrolment out'));
  if (tag === undefined) return;
  const { key, value } = problems.object('enrolment.tag', tag, ['key', 'value']);
  problems.required('enrolment.tag.key', key, fields.tagKey);
  problems.required('enrolment.tag.value', value, fields.tagValue);
}

/** A choice in words. */
export function choiceText(choice: EnrolmentChoice): string {
  return 'all' in choice ? 'all clusters' : `clusters with the tag ${choice.tag.key} = ${choice.tag.value}`;
}
