import type { JsonObject } from '../simulation/go-json.ts';
import type { Target } from '../simulation/target.ts';
import type { Ask, Asking, Attack } from './attack.ts';

type Rest = Pick<Attack, 'least' | 'unfit' | 'by'> & Pick<Asking, 'before'>;

/** An attack of requests. The first form is the base. */
export function asks(
  id: string,
  what: string,
  rows: readonly string[],
  forms: Asking['forms'],
  { least = 'medium', before, unfit, by }: Rest = {},
): Attack {
  const extra = { ...(unfit === undefined ? {} : { unfit }), ...(by === undefined ? {} : { by }) };
  return { id, what, rows, least, deed: { does: 'ask', forms, ...(before === undefined ? {} : { before }) }, ...extra };
}

export const list = (target: Target, query?: string): Ask => ({ verb: 'list', target, ...(query === undefined ? {} : { query }) });

export const watch = (target: Target, query = 'watch=true'): Ask => ({ verb: 'watch', target, query, lasts: 5_000_000 });

export const get = (target: Target, query?: string): Ask => ({ verb: 'get', target, ...(query === undefined ? {} : { query }) });

export const remove = (target: Target, sent?: JsonObject): Ask => ({
  verb: 'delete',
  target,
  sent: sent ?? { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Background' },
  answered: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' },
});

export const removeAll = (target: Target, query?: string): Ask => ({
  verb: 'deletecollection',
  target,
  ...(query === undefined ? {} : { query }),
  sent: { kind: 'DeleteOptions', apiVersion: 'v1' },
});

export const rbac = 'rbac.authorization.k8s.io';

export const nodeName = 'ip-10-0-31-7.eu-central-1.compute.internal';
