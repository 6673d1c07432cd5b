import type { Interface } from './flow.ts';
import { type Identity, nodeIdentity } from './identity.ts';
import type { Population } from './population.ts';
import type { Random } from './random.ts';

/** Addresses a node hands out; it starts over when they are used up, long after the CNI's cool-down of 30 s. */
const addressesPerNode = 3 * 250;

/** A worker node with one interface and the addresses its pods get. */
export class Node {
  readonly name: string;
  readonly uid: string;
  readonly address: string;
  readonly instance: string;
  readonly eni: Interface;
  readonly identity: Identity;
  pods = 0;
  cordoned = false;
  private readonly index: number;
  private handedOut = 0;

  constructor(index: number, population: Population, random: Random) {
    this.index = index;
    this.address = `10.0.${String(4 * index)}.${String(100 + index)}`;
    this.name = `ip-${this.address.replaceAll('.', '-')}.eu-central-1.compute.internal`;
    this.uid = random.uuid();
    this.instance = `i-0${random.hex(16)}`;
    const zone = (index % 3) + 1;
    this.eni = {
      id: `eni-0${random.hex(16)}`,
      address: this.address,
      instance: this.instance,
      subnet: `subnet-0${String(zone).repeat(16)}`,
      vpc: 'vpc-0a1b2c3d4e5f60718',
      zone: `euc1-az${String(zone)}`,
    };
    this.identity = nodeIdentity(this, population.nodeRole, population.version);
  }

  nextAddress(): string {
    const next = this.handedOut++ % addressesPerNode;
    return `10.0.${String(4 * this.index + 1 + Math.floor(next / 250))}.${String(4 + (next % 250))}`;
  }
}

export function nodesOf(population: Population, random: Random): readonly Node[] {
  return Array.from({ length: population.nodes }, (_, index) => new Node(index, population, random));
}
