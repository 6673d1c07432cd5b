import { apiRecord } from '../simulation/api.ts';
import { auditLines } from '../simulation/audit.ts';
import { type Micros, day, millisecond, second } from '../simulation/clock.ts';
import type { JsonObject } from '../simulation/go-json.ts';
import type { Random } from '../simulation/random.ts';
import type { Ask, Attack, Call, Form } from './attack.ts';
import { deployerSession, developer, now, session } from './cast.ts';
import { execForms } from './forms-exec.ts';
import { podForms } from './forms-pods.ts';
import { writeForms } from './forms-write.ts';

/** Records as their source writes them, in order: of the past, which is learnt, and of the attack. */
export interface Story {
  readonly name: string;
  readonly log: 'audit' | 'api';
  readonly before: readonly JsonObject[];
  readonly attack: readonly JsonObject[];
}

/** Every form of an attack as records. The first is the base form. */
export function storiesOf(attack: Attack, random: Random): Story[] {
  const { deed } = attack;
  if (deed.does === 'call')
    return Object.entries(deed.forms).map(([name, calls]) => ({
      name,
      log: 'api',
      before: called(deed.before ?? [], now - 2 * day, random, deployerSession),
      attack: called(calls, now, random, session),
    }));
  return formsOf(attack).map(({ name, before, asks }) => ({
    name,
    log: 'audit',
    before: asked(before, now - 2 * day, random, attack),
    attack: asked(asks, now, random, attack),
  }));
}

function formsOf({ deed }: Attack): readonly Form[] {
  switch (deed.does) {
    case 'exec':
      return execForms(deed);
    case 'run':
      return podForms(deed);
    case 'write':
      return writeForms(deed);
    case 'ask':
      return Object.entries(deed.forms).map(([name, asks]) => ({ name, before: deed.before ?? [], asks }));
    case 'call':
      return [];
  }
}

/** The audit events of requests that follow each other. */
export function asked(requests: readonly Ask[], start: Micros, random: Random, { by = developer }: Pick<Attack, 'by'> = {}): JsonObject[] {
  return requests.flatMap((ask, at) => {
    const time = start + at * 3 * second + random.int(0, 900) * millisecond;
    const lines = auditLines({ ...ask, by: ask.by ?? by, at: time }, random);
    return lines.map(({ message }) => {
      const event = JSON.parse(message) as JsonObject;
      // A proxied path goes on after the subresource, and old watch paths have a word of their own.
      return ask.target === undefined || ask.path === undefined
        ? event
        : { ...event, requestURI: ask.query === undefined ? ask.path : `${ask.path}?${ask.query}` };
    });
  });
}

function called(calls: readonly Call[], start: Micros, random: Random, by: typeof session): JsonObject[] {
  return calls.map(
    (call, at) =>
      apiRecord(
        {
          ...call,
          by: call.by ?? by,
          at: start + at * 3 * second,
          address: by === session ? developer.address : '10.0.12.40',
          agent: 'aws-cli/2.27.1 md/awscrt#0.26.1 os/linux lang/python#3.13.3',
        },
        random,
      ).event,
  );
}
