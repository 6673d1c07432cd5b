import { execQuery } from '../simulation/audit.ts';
import { type Micros, day, hour, minute, second } from '../simulation/clock.ts';
import { type Identity, nobody, roleIdentity } from '../simulation/identity.ts';
import { personRoutine, teamWorkload } from '../simulation/routine-people.ts';
import { core } from '../simulation/target.ts';
import { type PersonPlan, homeNetwork } from './population.ts';
import type { Town } from './town.ts';
import { read } from './writing.ts';

/** Somebody at work: with a login that stays, a place that changes, and a client that is replaced now and then. */
export class Person {
  readonly plan: PersonPlan;
  private readonly login: Identity;
  private place: string;
  private client: string;
  private awayUntil: Micros = 0;
  private away = '';

  constructor(plan: PersonPlan) {
    this.plan = plan;
    this.login = roleIdentity('person', plan);
    this.place = plan.address;
    this.client = plan.agent;
  }

  get identity(): Identity {
    return { ...this.login, address: this.place, agent: this.client };
  }

  /** A new laptop, or a new version of the client. */
  useClient(agent: string): void {
    this.client = agent;
  }

  /** Somewhere else for some days. */
  travel(network: string, until: Micros): void {
    this.away = network;
    this.awayUntil = until;
  }

  /** Where the person is on a day. */
  settle(town: Town, midnight: Micros): void {
    const { places, changingHome, session } = this.plan;
    const usual = town.random.chance(0.75) ? places[0] : town.random.pick(places);
    const home = changingHome && usual === places[0] ? homeNetwork(session, Math.floor(midnight / day / 5)) : usual;
    this.place = midnight < this.awayUntil ? this.away : (home ?? places[0] ?? this.place);
  }
}

const busiest = 22;

/** A working day of everybody; at weekends few look in. */
export function planWork(town: Town, people: readonly Person[], midnight: Micros): void {
  for (const person of people) {
    const resting = isWeekend(midnight) && !town.random.chance(0.04);
    if (resting) continue;
    moveAround(town, person, midnight);
    workFor(town, person, midnight + (9 - person.plan.zone) * hour);
  }
}

export function isWeekend(midnight: Micros): boolean {
  // The first of January 1970 was a Thursday.
  return [2, 3].includes(Math.floor(midnight / day) % 7);
}

function moveAround(town: Town, person: Person, midnight: Micros): void {
  const { random } = town;
  if (random.chance(0.006)) {
    const network = `2001:db8:${(0xf000 + random.int(0, 0xffe)).toString(16)}::7`;
    person.travel(network, midnight + random.int(1, 4) * day);
  }
  if (random.chance(0.01)) person.useClient(`kubectl/v1.34.${String(random.int(0, 3))} (darwin/arm64) kubernetes/93248f9`);
  person.settle(town, midnight);
}

function workFor(town: Town, person: Person, start: Micros): void {
  const { random, timeline } = town;
  const requests = random.int(3, busiest);
  const identity = person.identity;
  if (random.chance(0.15)) loginExpires(town, identity, start);
  for (let request = 0; request < requests; request++) {
    timeline.at(start + random.int(0, 8.5 * 60) * minute + random.int(0, 59_000_000), (now) => {
      town.tell(storyAt(person, identity), () => {
        if (random.chance(0.015)) lookBeyond(town, identity, now);
        else town.request(personRoutine(town, identity, now));
      });
    });
  }
}

/** What is told about somebody who is where nobody expects him is told about that, not about his work. */
function storyAt({ plan }: Person, { address, agent }: Identity): string {
  if (!plan.places.includes(address)) return plan.changingHome ? 'home address changed' : 'travel';
  return agent === plan.agent ? 'people at work' : 'new laptop';
}

/** The API server cannot tell whose login expired. */
function loginExpires(town: Town, { address, agent }: Identity, start: Micros): void {
  town.timeline.at(start + town.random.int(0, 60) * minute, (now) => {
    const target = core('pods', town.plan.teams[0]?.name ?? 'shop');
    town.tell('people at work', () => town.request({ by: nobody(address, agent), at: now, verb: 'list', target, code: 401 }));
  });
}

function lookBeyond(town: Town, by: Identity, at: Micros): void {
  const resource = town.random.pick(['nodes', 'persistentvolumes', 'componentstatuses']);
  town.request({ by, at, verb: 'list', target: core(resource), code: 403 });
}

/** Somebody looks into a pod by hand: logs, a shell, a port. */
export function enterPod(town: Town, by: Identity, at: Micros, how: 'look' | 'shell' | 'forward'): void {
  const workload = teamWorkload(town, by, at);
  const { namespace, name, port } = workload.plan;
  const pod = town.random.pick(town.readyPods(workload.key, at));
  read(town, by, at, core('pods', namespace), 'limit=500');
  const log = core('pods', namespace, pod.name, 'log');
  town.request({ by, at: at + 5 * second, verb: 'get', target: log, query: `container=${name}&tailLines=500`, lasts: second });
  const open = { by, at: at + 20 * second, code: 101, lasts: town.random.int(2, 15) * minute };
  if (how === 'forward') {
    const target = core('pods', namespace, pod.name, 'portforward');
    town.request({ ...open, verb: 'get', target, query: `ports=${String(port)}` });
    return;
  }
  const command = how === 'shell' ? [town.random.pick(['sh', 'bash', '/bin/sh'])] : town.random.pick(looks);
  const target = core('pods', namespace, pod.name, 'exec');
  town.request({ ...open, verb: 'get', target, query: execQuery(command, name, how === 'shell') });
}

const looks: readonly (readonly string[])[] = [
  ['ls', '-l', '/app'],
  ['ps', 'aux'],
  ['cat', '/etc/resolv.conf'],
  ['df', '-h'],
  ['env'],
  ['nslookup', 'kubernetes.default'],
  ['curl', '-s', 'http://localhost:8080/healthz'],
];

/** Somebody is woken, looks, and often enters a pod; on most nights nobody is. */
export function planOnCall(town: Town, people: readonly Person[], midnight: Micros): void {
  const platform = people.filter(({ plan }) => plan.team === 'platform');
  const week = Math.floor((midnight / day + 3) / 7);
  const person = platform[week % platform.length];
  if (person === undefined || !town.random.chance(0.45)) return;
  const start = midnight + town.random.int(0, 5 * 60) * minute;
  town.timeline.at(start, (now) => {
    // At night one is at home.
    const home = { ...person.identity, address: homeNetwork(person.plan.session, 0) };
    town.tell('on-call at night', () => {
      for (let request = 0; request < 8; request++) town.request(personRoutine(town, home, now + request * 40 * second));
      enterPod(town, home, now + 6 * minute, town.random.pick(['look', 'shell', 'look']));
    });
  });
}
