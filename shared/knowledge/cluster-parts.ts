import type { ApiEvent } from '../model/api.ts';
import { text } from '../model/json.ts';
import { shorten } from './shorten.ts';

const parts = [
  ['nodegroupName', 'node group'],
  ['fargateProfileName', 'Fargate profile'],
  ['addonName', 'add-on'],
] as const;

/** The cluster, or the part of one, that a call to EKS names, in words. */
export function partOf({ parameters, cluster }: ApiEvent): string {
  const whole = `cluster ${shorten(cluster || 'of unknown name')}`;
  for (const [key, words] of parts) {
    const name = text(parameters[key]);
    if (name !== undefined) return `${words} ${shorten(name)} of ${whole}`;
  }
  return whole;
}
