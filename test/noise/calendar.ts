import { type Micros, day, hour, instant, minute } from '../simulation/clock.ts';
import { boot } from '../simulation/rollout.ts';
import { planReconnaissance, planSlowSpraying, planSpraying, planStolenPipeline } from './attacks.ts';
import { planCi } from './ci.ts';
import { planBackup, planCrons, planRoutine, planScaling, planSecretSync } from './clockwork.ts';
import { Fleet } from './fleet.ts';
import { Person, isWeekend, planOnCall, planWork } from './people.ts';
import { Network } from './network.ts';
import { planDebugging, planNewTeam, planRotation, planSprint } from './projects.ts';
import type { Town } from './town.ts';
import { planMaintenance, planUpgrades } from './upkeep.ts';

/** Days that a detector may learn from before anybody looks at its alerts. */
export const learningDays = 3;

/** Audit events, API calls and flow records of one day, in order of time. */
export interface Day {
  readonly midnight: Micros;
  readonly audit: Town['audit'];
  readonly api: Town['api'];
  readonly flow: Town['flow'];
}

type Project = 'sprint' | 'maintenance' | 'upgrades' | 'new team' | 'debugging' | 'rotation';
type Attack = 'spraying' | 'slow spraying' | 'pipeline' | 'reconnaissance';

/** A town's days, one after the other: routine every day, projects and attacks on some; with what its network carries, if wanted. */
export function* daysOf(town: Town, days: number, flows: boolean): Generator<Day, void> {
  const { random } = town;
  const network = flows ? new Network(town) : undefined;
  const start = instant('2026-03-02T00:00:00Z') + random.int(0, 6) * day;
  const fleet = new Fleet(town);
  boot(town, start - hour);
  fleet.boot(start - hour);
  if (flows) {
    // Whose the addresses are is read from the log groups when a cluster is enrolled.
    town.timeline.run(start);
    yield takenDay(town, start - day);
  }
  const people = town.plan.people.map((plan) => new Person(plan));
  const projects = new Map(projectDays(town, start, days).map(([name, when]) => [when, name]));
  const attacks = attackDays(town, days);
  network?.planAttacks(start + learningDays * day, days);
  for (let number = -learningDays; number < days; number++) {
    const midnight = start + (number + learningDays) * day;
    planDay(town, fleet, people, midnight);
    planProject(town, fleet, people, projects.get(number), projects.get(number - 1), midnight);
    planAttack(town, people, attacks.get(number), midnight);
    network?.planDay(midnight);
    town.timeline.run(midnight + day);
    yield takenDay(town, midnight);
  }
}

function takenDay(town: Town, midnight: Micros): Day {
  const [audit, api, flow] = [taken(town.audit, midnight, day), taken(town.api, midnight, day), taken(town.flow, midnight, day)];
  return { midnight, audit, api, flow };
}

/** Takes the day's records out of the log; what will only be logged later stays. */
function taken<T extends { readonly time: Micros }>(log: T[], from: Micros, length: Micros): T[] {
  const due = log.filter(({ time }) => time >= from && time < from + length).sort((one, other) => one.time - other.time);
  const later = log.filter(({ time }) => time >= from + length);
  log.length = 0;
  for (const record of later) log.push(record);
  return due;
}

function planDay(town: Town, fleet: Fleet, people: readonly Person[], midnight: Micros): void {
  const quiet = isWeekend(midnight);
  planRoutine(town, midnight);
  planCrons(town, midnight);
  planBackup(town, midnight);
  planSecretSync(town, midnight, 0.05);
  planOnCall(town, people, midnight);
  planWork(town, people, midnight);
  planCi(town, midnight, quiet ? { builds: 15, releases: 1 } : { builds: town.random.int(70, 130), releases: town.random.int(12, 26) });
  if (quiet) return;
  planScaling(town, midnight);
  fleet.planDay(midnight);
}

function planProject(
  town: Town,
  fleet: Fleet,
  people: Person[],
  project: Project | undefined,
  yesterday: Project | undefined,
  midnight: Micros,
): void {
  const platform = people[0];
  if (project === 'sprint' || yesterday === 'sprint') planSprint(town, people, midnight);
  if (platform === undefined) return;
  if (project === 'maintenance') planMaintenance(town, fleet, platform, midnight);
  if (project === 'upgrades') planUpgrades(town, midnight);
  if (project === 'debugging') planDebugging(town, people, midnight);
  if (project === 'rotation') planRotation(town, midnight);
  if (project === 'new team') planNewTeam(town, platform, midnight, (plans) => people.push(...plans.map((plan) => new Person(plan))));
}

function planAttack(town: Town, people: readonly Person[], attack: Attack | undefined, midnight: Micros): void {
  const at = midnight + town.random.int(30, 23 * 60) * minute;
  if (attack === 'spraying') planSpraying(town, people, at);
  if (attack === 'slow spraying') planSlowSpraying(town, Math.min(at, midnight + 21 * hour));
  if (attack === 'pipeline') planStolenPipeline(town, at);
  if (attack === 'reconnaissance') planReconnaissance(town, at);
}

/** On which working day each project begins; a short span has the first ones only. */
function projectDays(town: Town, start: Micros, days: number): [Project, number][] {
  const working = Array.from({ length: days }, (_, number) => number).filter((number) => !isWeekend(start + (number + learningDays) * day));
  const order: Project[] = [
    'sprint',
    ...town.random.shuffled<Project>(['maintenance', 'upgrades', 'new team', 'debugging', 'rotation', 'upgrades']),
  ];
  // The sprint takes two days, the rest one each; the first working day is left alone.
  const free = [...working];
  return order.flatMap((project): [Project, number][] => {
    const pair = project === 'sprint' ? free.find((number) => free.includes(number + 1)) : free[0];
    if (pair === undefined) return [];
    free.splice(free.indexOf(pair), project === 'sprint' ? 2 : 1);
    return [[project, pair]];
  });
}

function attackDays(town: Town, days: number): ReadonlyMap<number, Attack> {
  const attacks: Attack[] = ['spraying', 'slow spraying', 'pipeline', 'reconnaissance'];
  const when = town.random.shuffled(Array.from({ length: days }, (_, number) => number)).slice(0, attacks.length);
  return new Map(when.map((number, index) => [number, attacks[index] ?? 'spraying']));
}
