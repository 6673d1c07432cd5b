import { type Micros, day } from '../simulation/clock.ts';
import { Errands } from './errands.ts';
import { FlowAttacks } from './flow-attacks.ts';
import { Machines } from './machines.ts';
import { Outside } from './outside.ts';
import type { Town } from './town.ts';
import { Traffic } from './traffic.ts';
import { Wires } from './wires.ts';

/** The network of a town, all that talks in it, and its flow log. Its randomness is its own: the audit log is the same without it. */
export class Network {
  private readonly everybody: readonly { planDay(midnight: Micros): void }[];
  private readonly attacks: FlowAttacks;

  constructor(town: Town) {
    const random = town.random.fork('network');
    const outside = new Outside(random.fork('outside'));
    const wires = new Wires(town, outside, random.fork('wires'));
    const traffic = new Traffic(town, outside, wires, random.fork('traffic'));
    const errands = new Errands(town, outside, { wires, traffic }, random.fork('errands'));
    const machines = new Machines(town, { wires, traffic }, random.fork('machines'));
    this.attacks = new FlowAttacks(town, outside, { wires, traffic }, random.fork('attacks'));
    this.everybody = [traffic, errands, machines];
    town.onBirth = (pod) => {
      traffic.welcome(pod);
      errands.welcome(pod);
    };
  }

  /** Days of an intruder who is seen in the flow log alone. */
  planAttacks(firstMidnight: Micros, days: number): void {
    this.attacks.planDays(firstMidnight, days, day);
  }

  planDay(midnight: Micros): void {
    for (const each of this.everybody) each.planDay(midnight);
  }
}
