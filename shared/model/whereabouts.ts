import type { Attribution } from './flow.ts';

/** Where a credential belongs, as the entity graph knows it. */
export interface Whereabouts {
  /** Whose credential it is: a pod's or a node's name. */
  readonly owner: string;
  /** Addresses of the pod or node; of a pod also its node's, which answers for it behind address translation. */
  readonly home: ReadonlySet<string>;
  /** Instances that the node is, or that the pod's node is. */
  readonly instances: ReadonlySet<string>;
  /** Who had the address that the call came from. */
  readonly holder: Attribution | undefined;
}
