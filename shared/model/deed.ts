/** Who acts or is acted on. */
export interface Thing {
  readonly kind: 'address' | 'identity' | 'workload' | 'pod' | 'node' | 'object' | 'outside';
  readonly name: string;
  /** The pod that a workload was at this end of traffic, `NAMESPACE/NAME`. */
  readonly pod?: string;
  /** The address that a workload or node had at this end of traffic. */
  readonly address?: string;
}

/** What a record says that somebody did, for programs: its note says it to people. */
export interface Deed {
  readonly who: Thing;
  /** The address that an identity called from. */
  readonly from?: string;
  readonly did: string;
  readonly to: Thing;
  /** Where traffic was summed: how much. */
  readonly bytes?: number;
}
