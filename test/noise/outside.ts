import { type Micros, day } from '../simulation/clock.ts';
import { Random } from '../simulation/random.ts';

/** How a service's addresses change: hardly, one network after the other, or over many networks at once as those of a CDN. */
type Manner = 'stable' | 'moving' | 'spread';

/** Somebody beyond the VPC. */
export interface OutsideService {
  readonly name: string;
  readonly port: number;
  readonly protocol?: number;
  /** As the flow log names it. */
  readonly aws?: string | undefined;
  readonly manner: Manner;
  /** `a.b.c` of its networks, each a /24. */
  readonly networks: readonly string[];
}

/** AWS's own: addresses of a documentation range play them. */
const own = (name: string, aws: string, port = 443): OutsideService => ({ name, port, aws, manner: 'stable', networks: ['203.0.113'] });

/** Services of AWS that everybody uses. */
export const amazon = {
  s3: own('s3', 'S3'),
  ecr: own('ecr', 'AMAZON'),
  api: own('api', 'AMAZON'),
  mail: own('mail', 'AMAZON', 587),
} as const;

const sizes: Readonly<Record<Manner, number>> = { stable: 1, moving: 8, spread: 30 };

/** What a town's workloads may talk to on the internet. */
export class Outside {
  /** Where everybody's metrics go. */
  readonly metrics: OutsideService;
  readonly codeHost: OutsideService;
  readonly packages: readonly OutsideService[];
  readonly images: OutsideService;
  readonly time: OutsideService;
  /** Services that people sell: some have one network, some wander, some are everywhere. */
  readonly partners: readonly OutsideService[];
  private taken = 0;

  constructor(random: Random) {
    this.metrics = this.service('metrics', 'stable');
    this.codeHost = this.service('code-host', 'stable');
    this.packages = [this.service('packages-1', 'spread'), this.service('packages-2', 'stable')];
    this.images = this.service('images', 'spread');
    this.time = { ...this.service('time', 'spread'), port: 123, protocol: 17 };
    this.partners = Array.from({ length: 34 }, (_, index) => this.partner(`partner-${String(index)}`, random));
  }

  /** A service that nobody called yet. */
  partner(name: string, random: Random): OutsideService {
    const manner = random.weighted<Manner>([
      ['stable', 65],
      ['moving', 25],
      ['spread', 10],
    ]);
    const aws = manner === 'moving' ? 'EC2' : manner === 'spread' && random.chance(0.5) ? 'CLOUDFRONT' : undefined;
    const port =
      manner === 'stable'
        ? random.weighted([
            [443, 85],
            [587, 5],
            [22, 4],
            [9093, 6],
          ] as const)
        : 443;
    return { ...this.service(name, manner), port, aws };
  }

  /** A network that belongs to one caller only. */
  private(name: string): OutsideService {
    return this.service(name, 'stable');
  }

  /** Where a service answers at a time. */
  addressOf({ name, manner, networks, aws }: OutsideService, at: Micros, random: Random): string {
    const today = Math.floor(at / day);
    const host = (most: number): string => String(10 + random.int(0, most));
    if (manner === 'stable') return `${networks[0] ?? ''}.${host(aws === undefined ? 5 : 200)}`;
    if (manner === 'spread') return `${random.pick(new Random(`${name}/${String(today)}`).shuffled(networks).slice(0, 6))}.${host(200)}`;
    // Two networks at a time, of which one is given up every four days.
    const turn = Math.floor(today / 4) + random.int(0, 1);
    return `${networks[turn % networks.length] ?? ''}.${host(60)}`;
  }

  private service(name: string, manner: Manner): OutsideService {
    return { name, port: 443, manner, networks: Array.from({ length: sizes[manner] }, () => this.nextNetwork()) };
  }

  /** Documentation has three networks only: those for benchmarks play the internet. Source: RFC 2544, appendix C.2.2. */
  private nextNetwork(): string {
    const index = this.taken++;
    return `198.${String(18 + (index >> 8))}.${String(index & 255)}`;
  }
}
