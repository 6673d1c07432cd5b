import type { Deployed } from '../contract/deployed.ts';
import type { Gap } from '../model/coverage.ts';
import type { Facts, TrailDetails, TrailFacts } from './facts.ts';
import { type Found, given, together, word } from './gap.ts';

const consequence = 'EventBridge carries no calls to AWS, and none is judged';

/** Whether calls to AWS reach EventBridge: one trail that records management events is enough. */
export function judgeTrails({ trails }: Facts, { region }: Deployed): Found {
  const subject = 'the trails of the Region';
  const gap = (id: string, what: string, why: string, fix: readonly string[]): Gap => ({
    id,
    cluster: '',
    source: 'api',
    subject: what,
    status: 'blind',
    why,
    fix,
    explained: '',
  });
  return given(trails, { cluster: '', source: 'api', subject }, (all) => {
    const known = all.flatMap(({ name, arn, details }) => ('value' in details ? [{ name, arn, ...details.value }] : []));
    const unknown = together(
      all.map(({ name, details }) =>
        given(details, { cluster: '', source: 'api', subject: `trail ${name}` }, () => ({ gaps: [], notes: [] })),
      ),
    );
    const recording = known.filter(({ logging, writes }) => logging && writes);
    if (recording.length > 0) return notesOf(recording);
    if (unknown.gaps.length > 0) return unknown;
    if (known.length === 0)
      return {
        gaps: [
          gap('no-trail', subject, `no trail records this Region: ${consequence}`, [
            `aws cloudtrail create-trail --region ${region} --name management-events --s3-bucket-name BUCKET --is-multi-region-trail`,
            `aws cloudtrail start-logging --region ${region} --name management-events`,
          ]),
        ],
        notes: [],
      };
    const gaps = known.map((trail) =>
      trail.logging
        ? gap(
            'trail-no-writes',
            `trail ${trail.name}`,
            `trail ${trail.name} does not record management events that write: ${consequence}`,
            [
              `aws cloudtrail put-event-selectors --region ${region} --trail-name ${word(trail.arn)} --event-selectors '[{"ReadWriteType":"All","IncludeManagementEvents":true}]'`,
            ],
          )
        : gap('trail-stopped', `trail ${trail.name}`, `trail ${trail.name} is stopped: ${consequence}`, [
            `aws cloudtrail start-logging --region ${region} --name ${word(trail.arn)}`,
          ]),
    );
    return { gaps, notes: [] };
  });
}

function notesOf(recording: readonly (TrailDetails & Pick<TrailFacts, 'name'>)[]): Found {
  const texts: string[] = [];
  if (!recording.some(({ reads }) => reads)) texts.push('no trail records calls that only read: who explores the account is not seen');
  for (const { name, deliveryError } of recording)
    if (deliveryError !== '')
      texts.push(`trail ${name} cannot write its files (${deliveryError}): events still arrive, and the record of them does not`);
  return { gaps: [], notes: texts.map((text) => ({ cluster: '', text })) };
}
