import { intake } from '../../detect/kit.ts';
import { logSourceOf } from '../../knowledge/log-source.ts';

/** A line or a whole payload could not be read, so nothing in it was judged. Strategy: ./ADS.md */
export const unreadableRecord = intake.detection({
  id: 'unreadable-record',
  title: 'Log record that cannot be read',
  severity: 'low',
  confidence: 'low',
  attack: ['T1685.002'],
  rows: ['D117'],
  next: 'Read the record by its id in the log group; one odd line is a fault, many are a changed format or somebody who writes to the log.',
  reads: ['unreadable-line', 'unreadable-payload'],
  judge: (event) => {
    const payload = event.trouble === 'unreadable-payload';
    return {
      entity: logSourceOf(event),
      about: event.trouble,
      summary: `A ${payload ? 'payload' : 'line'} from ${event.place} could not be read and was not judged (${event.note}).`,
      // A payload may hold hundreds of requests.
      ...(payload ? { severity: 'medium' } : {}),
    };
  },
});
