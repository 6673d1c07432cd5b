import { flow, seenSet } from '../../detect/kit.ts';
import { holderText, maySendOn } from '../../knowledge/sender.ts';
import { destinations, goesOut, rememberedDays, senderKey, watched } from '../../knowledge/sender-habits.ts';
import { portText } from '../../knowledge/service-port.ts';
import { isAwsOwn } from '../../model/destination.ts';
import type { FlowEvent } from '../../model/flow.ts';

/** Where servers take mail from each other. Source: RFC 5321. */
const delivery = 25;
/** Where servers take mail from those who may send it. Source: RFC 6409, RFC 8314. */
const submission: ReadonlySet<number> = new Set([465, 587]);

/** Mail through Amazon's own service vouches for no other. */
const way = ({ port, responder }: FlowEvent): string =>
  `${port === delivery ? 'delivers' : 'submits'}${isAwsOwn(responder.service) ? ' through AWS' : ''}`;

/** A workload sends mail that never sent any. Strategy: ./ADS.md */
export const mailSent = flow.detection({
  id: 'mail-sent',
  title: 'Mail sent by a workload that never sent any',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1496', 'T1048'],
  rows: ['D139'],
  needs: ['flow:ports'],
  next: 'Ask the workload’s owner whether it is meant to send mail; if not, close ports 25, 465 and 587 to it and read what runs in the pod.',
  reads: 'accepted',
  when: (event: FlowEvent) =>
    (event.port === delivery || submission.has(event.port)) && event.initiator.reach === 'private' && goesOut(event),
  memory: {
    own: destinations,
    watched,
    mail: seenSet({ id: 'mail-senders', key: senderKey, member: way, days: rememberedDays, warmUpDays: 0 }),
  },
  judge: (event, { own, watched: flows, mail }) => {
    const { from, initiator, responder, port } = event;
    if (flows.learning || mail.has(way(event))) return undefined;
    const aws = isAwsOwn(responder.service);
    const minor = aws || maySendOn(from);
    return {
      entity: from.entity,
      about: way(event),
      summary:
        `${holderText(from, initiator.address)} called the mail server ${responder.address} on ${portText(event)}` +
        `${port === delivery ? ', as a mail server does that delivers to others' : ''}; ` +
        (own.learning ? 'it is new here.' : `in ${String(Math.min(own.age, rememberedDays))} days it never did.`),
      baseline: { 'known for days': Math.min(own.age, rememberedDays), 'known ways': mail.some(2).join(', ') },
      severity: minor || (own.learning && port !== delivery) ? 'low' : 'medium',
      confidence: from.basis === 'pod' ? 'medium' : 'low',
    };
  },
});
