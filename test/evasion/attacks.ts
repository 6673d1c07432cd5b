import type { Attack } from './attack.ts';
import { apiAttacks } from './attacks-api.ts';
import { execAttacks } from './attacks-exec.ts';
import { identityAttacks } from './attacks-identity.ts';
import { hostAttacks, workloadAttacks } from './attacks-pods.ts';
import { policyAttacks } from './attacks-policy.ts';
import { grantAttacks } from './attacks-rbac.ts';
import { requestAttacks } from './attacks-requests.ts';

/** Everything that the suite attacks with. */
export const attacks: readonly Attack[] = [
  ...execAttacks,
  ...hostAttacks,
  ...workloadAttacks,
  ...grantAttacks,
  ...policyAttacks,
  ...requestAttacks,
  ...identityAttacks,
  ...apiAttacks,
];
