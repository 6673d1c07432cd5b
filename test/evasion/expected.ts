/** Attacks whose rows no detection claims yet. A claim takes the attack from here. */
export const unclaimed: readonly string[] = [];

/**
 * Variants that are missed, and why that is so. A key is a variant, a form in every disguise (`attack / form`), a
 * disguise of every form (`attack, disguise`), or a whole attack. What is found after all must leave.
 */
export const blind: Readonly<Record<string, string>> = {};

const emptyRule = 'A null rule is an empty one to the API server, and an empty rule lets everything through.';

/** Look-alikes that are rightly found, and why: `detection sample, change`. */
export const apt: Readonly<Record<string, string>> = {
  'network-policy-opened silent/almost-fewer-ports-than-before, odd neighbours in lists': emptyRule,
  'network-policy-opened silent/almost-names-only-egress, odd neighbours in lists': emptyRule,
  'network-policy-opened silent/almost-public-port-of-one-application, odd neighbours in lists': emptyRule,
  'network-policy-opened silent/own-namespace, odd neighbours in lists': emptyRule,
  'network-policy-opened silent/tightened, odd neighbours in lists': emptyRule,
};
