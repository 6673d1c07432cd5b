/** Attacks whose rows no detection claims yet. A claim takes the attack from here. */
export const unclaimed: readonly string[] = [];

/** Variants that are missed, and why that is so. What is found after all must leave. */
export const blind: Readonly<Record<string, string>> = {};
