import { type Micros, second } from '../simulation/clock.ts';
import type { End, FlowRecord, Interface } from '../simulation/flow.ts';
import type { Node } from '../simulation/node.ts';
import type { Random } from '../simulation/random.ts';
import type { Pod } from '../simulation/workload.ts';
import { staysOnNode } from '../simulation/traffic.ts';
import type { Outside, OutsideService } from './outside.ts';
import type { Town } from './town.ts';

/** Something that has an interface in the VPC and is no node: load balancers, gateways, the control plane's own, databases of AWS. */
export interface Fixture {
  readonly eni: Interface;
}

/** What talks. */
export type Party = Pod | Node | Fixture | OutsideService | { readonly address: string };

/** What is said; an ordinary request where nothing else is told. */
export interface Talk {
  readonly at: Micros;
  readonly port?: number | undefined;
  readonly protocol?: number | undefined;
  readonly sent?: number;
  readonly received?: number;
  readonly lasts?: Micros;
  /** A piece of a connection that was open before and stays so. */
  readonly middle?: boolean;
  readonly unanswered?: boolean;
  readonly rejected?: boolean;
}

/** An interface that no node has. */
export function fixture(address: string, number: number): Fixture {
  const id = `eni-0f1${String(number).padStart(14, '0')}`;
  return { eni: { id, address, instance: '-', subnet: 'subnet-02222222222222222', vpc: 'vpc-0a1b2c3d4e5f60718', zone: 'euc1-az2' } };
}

/** How packets travel in a town: what stays on a node leaves no trace, what leaves the VPC passes the NAT gateway. */
export class Wires {
  private readonly town: Town;
  private readonly outside: Outside;
  private readonly random: Random;
  /** Whether nodes translate the addresses of their pods before, as the VPC CNI does unless it is told not to. */
  private readonly snat: boolean;
  private readonly gateway = fixture('10.0.248.9', 9);

  constructor(town: Town, outside: Outside, random: Random) {
    this.town = town;
    this.outside = outside;
    this.random = random;
    this.snat = random.chance(0.5);
  }

  /** Somebody talks to somebody; what was logged of it. */
  talk(from: Party, to: Party, { at, port, sent = 900, received = 1_400, lasts = second, ...rest }: Talk): readonly FlowRecord[] {
    const caller = this.endOf(from, this.random.int(32_768, 60_999), at);
    const called = this.endOf(to, port ?? ('port' in to ? to.port : 8080), at);
    if (staysOnNode(caller, called)) return [];
    const protocol = rest.protocol ?? ('networks' in to ? to.protocol : undefined);
    const talk = { at: Math.round(at), lasts, sent, received, ...rest, protocol };
    const { town, gateway } = this;
    if (caller.through === undefined || called.through !== undefined || called.address.startsWith('10.'))
      return town.connect({ from: caller, to: called, ...talk });
    const sender = this.snat && 'node' in from ? { ...caller, address: from.node.address } : caller;
    // Storage is reached past the gateway, through an endpoint.
    if (called.service === 'S3') return town.connect({ from: sender, to: called, ...talk });
    return [
      ...town.connect({ from: sender, to: { ...called, through: gateway.eni }, ...talk }),
      ...town.connect({ from: { address: gateway.eni.address, port: sender.port, through: gateway.eni }, to: called, ...talk }),
    ];
  }

  private endOf(party: Party, port: number, at: Micros): End {
    if ('networks' in party) return { address: this.outside.addressOf(party, at, this.random), port, service: party.aws };
    // What shares its node's network has its address.
    if ('node' in party) return { address: party.address, port, through: party.node.eni };
    if ('eni' in party) return { address: party.eni.address, port, through: party.eni };
    return { address: party.address, port };
  }
}
