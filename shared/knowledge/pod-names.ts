/** Letters of generated suffixes. Source: kubernetes/apimachinery, `pkg/util/rand`. */
const letters = 'bcdfghjklmnpqrstvwxz2456789';

const generated = new RegExp(`(?:(?:-[${letters}]{8,10})?-[${letters}]{5}|-\\d{1,4})$`);

/** A pod's name without what controllers append to it: the pods of a workload come and go, and are one to whoever enters them. */
export function withoutPodSuffix(name: string): string {
  return name.replace(generated, '');
}
