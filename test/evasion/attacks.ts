import type { Attack } from './attack.ts';
import { apiAttacks } from './attacks-api.ts';
import { callerAttacks } from './attacks-callers.ts';
import { execAttacks } from './attacks-exec.ts';
import { habitAttacks } from './attacks-habits.ts';
import { identityAttacks } from './attacks-identity.ts';
import { hostAttacks, workloadAttacks } from './attacks-pods.ts';
import { objectAttacks } from './attacks-objects.ts';
import { policyAttacks } from './attacks-policy.ts';
import { grantAttacks } from './attacks-rbac.ts';
import { removalAttacks } from './attacks-removals.ts';
import { requestAttacks } from './attacks-requests.ts';
import { unusualAttacks } from './attacks-unusual.ts';

/** Everything that the suite attacks with. */
export const attacks: readonly Attack[] = [
  ...execAttacks,
  ...hostAttacks,
  ...workloadAttacks,
  ...grantAttacks,
  ...policyAttacks,
  ...objectAttacks,
  ...requestAttacks,
  ...removalAttacks,
  ...identityAttacks,
  ...callerAttacks,
  ...habitAttacks,
  ...apiAttacks,
  ...unusualAttacks,
];
