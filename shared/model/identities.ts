import type { Assignment, Duty } from '../contract/site.ts';
import type { Actor } from './entity.ts';

/** What people said about identities: filled from configuration, never from a log line. */
export interface IdentityBook {
  /** Whether an identity has a duty at the time of an event, which is asked for where a duty ends. */
  has(actor: Actor, duty: Duty, event: { readonly time: number }): boolean;
}

/** Identities whose answer is kept. */
const rememberedIdentities = 20_000;

/**
 * An identity book over configured assignments. `who` is the canonical ARN of an IAM principal or
 * `system:serviceaccount:NAMESPACE:NAME`, where `*` stands for any text without a slash or colon: both are what the API
 * server authenticated, never what a client says.
 */
export function identityBook(assignments: readonly Assignment[]): IdentityBook {
  const rules = assignments.map(({ who, duty, until }) => ({
    duty,
    who: new RegExp(`^${who.split('*').map(escaped).join('[^/:]*')}$`),
    until: until === undefined ? undefined : Date.parse(until),
  }));
  const answers = new Map<string, typeof rules>();
  const rulesFor = (principal: string): typeof rules => {
    let known = answers.get(principal);
    if (known === undefined) {
      if (answers.size >= rememberedIdentities) answers.clear();
      known = rules.filter(({ who }) => who.test(principal));
      answers.set(principal, known);
    }
    return known;
  };
  return {
    has: (actor, duty, event) =>
      rules.length > 0 &&
      rulesFor(actor.principal).some((rule) => rule.duty === duty && (rule.until === undefined || event.time < rule.until)),
  };
}

function escaped(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
}
