import type { Severity } from '../../shared/model/finding.ts';
import type { ApiRequest } from '../simulation/audit.ts';
import type { AwsCall } from '../simulation/api.ts';
import type { JsonObject } from '../simulation/go-json.ts';
import type { Identity, RoleSession } from '../simulation/identity.ts';
import type { Target } from '../simulation/target.ts';

/** A request of the Kubernetes API; without `by` it is the attacker's, without `at` it comes in its turn. */
export type Ask = Omit<ApiRequest, 'by' | 'at'> & { readonly by?: Identity };

/** A call of an AWS API; without `by` it is the attacker's. */
export type Call = Pick<AwsCall, 'service' | 'name' | 'parameters' | 'answered' | 'error'> & { readonly by?: RoleSession };

/** Runs a script in a container. */
export interface Exec {
  readonly does: 'exec';
  readonly script: string;
  /** The file or address that the script is after: its other spellings mean the same. */
  readonly path?: string;
  readonly namespace?: string;
  readonly pod?: string;
  readonly interactive?: boolean;
  readonly subresource?: 'exec' | 'attach';
}

export type Position = 'containers' | 'initContainers' | 'ephemeralContainers';
export type Manner = 'create' | 'apply-new' | 'update' | 'merge-patch' | 'json-patch' | 'apply';
export type PodKind =
  'Pod' | 'Deployment' | 'DaemonSet' | 'StatefulSet' | 'ReplicaSet' | 'ReplicationController' | 'Job' | 'CronJob' | 'PodTemplate';

/** Has a pod run that is made in a certain way. */
export interface Running {
  readonly does: 'run';
  readonly namespace?: string;
  readonly name?: string;
  /** What is guilty in the pod's spec. */
  readonly spec?: JsonObject;
  /** What is guilty in a container: replaces what the harmless one has. A null is left out of what is stored. */
  readonly container?: JsonObject;
  /** The guilty container comes beside the harmless one instead of being it. */
  readonly beside?: boolean;
  readonly metadata?: JsonObject;
  readonly kinds?: readonly PodKind[];
  readonly manners?: readonly Manner[];
  /** Where a guilty container may stand; the first is the base form. */
  readonly positions?: readonly Position[];
  readonly by?: Identity;
  /** Other spellings of what is guilty, by name. */
  readonly spellings?: Readonly<Record<string, Pick<Running, 'spec' | 'container'>>>;
}

/** Writes an object that is no pod. */
export interface Writing {
  readonly does: 'write';
  readonly target: Target;
  readonly object: JsonObject;
  /** The object before, where the deed is to change it; without it, changes find an object without the guilty part. */
  readonly before?: JsonObject;
  readonly manners: readonly Manner[];
  /** A merge patch with the same effect, where the object itself would not have it. */
  readonly patch?: JsonObject;
  /** Other objects of the same intent, by name. */
  readonly spellings?: Readonly<Record<string, JsonObject>>;
  readonly generated?: boolean;
}

/** Sends requests whose shape is all there is to them. The first form is the base. */
export interface Asking {
  readonly does: 'ask';
  readonly forms: Readonly<Record<string, readonly Ask[]>>;
  /** What happened before, and is learnt. */
  readonly before?: readonly Ask[];
}

/** Calls an AWS API. The first form is the base. */
export interface Calling {
  readonly does: 'call';
  readonly forms: Readonly<Record<string, readonly Call[]>>;
  readonly before?: readonly Call[];
}

export type Deed = Exec | Running | Writing | Asking | Calling;

/** One thing a careful attacker does, and the rows of the behaviour catalogue of which any must find it. */
export interface Attack {
  readonly id: string;
  readonly what: string;
  readonly rows: readonly string[];
  /** A finding below this would be a miss: nobody would look at it. */
  readonly least?: Severity;
  readonly by?: Identity;
  readonly deed: Deed;
  /** Variants that would not carry the intent, by a part of their name. */
  readonly unfit?: readonly string[];
}

/** One form of a deed: what came before it, and its requests. */
export interface Form {
  readonly name: string;
  readonly before: readonly Ask[];
  readonly asks: readonly Ask[];
}
