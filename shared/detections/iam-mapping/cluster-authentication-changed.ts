import { api, type Verdict } from '../../detect/kit.ts';
import { accessWeight } from '../../knowledge/access-calls.ts';
import { deedText } from '../../knowledge/monitoring.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { ApiEvent } from '../../model/api.ts';
import type { Severity } from '../../model/finding.ts';
import { at, text } from '../../model/json.ts';

/** What a call does to the ways of signing in; absent where it leaves them alone. */
function changeBy({
  action,
  parameters,
}: ApiEvent):
  | { readonly deed: readonly [string, string]; readonly what: string; readonly consequence: string; readonly severity: Severity }
  | undefined {
  switch (action) {
    case 'AssociateIdentityProviderConfig': {
      const issuer = text(at(parameters, 'oidc', 'issuerUrl')) ?? 'an unknown issuer';
      const consequence = 'whoever runs that issuer decides who its users are and in which groups';
      return { deed: ['added', 'add'], what: `identity provider ${shorten(issuer)} to`, consequence, severity: 'high' };
    }
    case 'DisassociateIdentityProviderConfig': {
      const name = text(at(parameters, 'identityProviderConfig', 'name')) ?? 'of unknown name';
      const consequence = 'its users are locked out';
      return { deed: ['removed', 'remove'], what: `identity provider ${shorten(name)} from`, consequence, severity: 'medium' };
    }
    case 'UpdateClusterConfig': {
      const mode = text(at(parameters, 'accessConfig', 'authenticationMode'));
      if (mode === undefined) return undefined;
      const consequence = mode === 'API' ? 'aws-auth no longer counts' : 'access entries count, which leave no object in the cluster';
      return { deed: ['set', 'set'], what: `authentication mode ${shorten(mode)} on`, consequence, severity: 'medium' };
    }
    default: {
      // The caller stays administrator, and in clusters that know aws-auth alone nothing shows it. It is so unless the call says otherwise.
      if (at(parameters, 'accessConfig', 'bootstrapClusterCreatorAdminPermissions') === false) return undefined;
      return {
        deed: ['made itself', 'make itself'],
        what: 'administrator of new',
        consequence: 'that right stays with the caller',
        severity: 'low',
      };
    }
  }
}

/** The ways of signing in to a cluster are changed. Strategy: ./ADS.md */
export const clusterAuthenticationChanged = api.detection({
  id: 'cluster-authentication-changed',
  title: 'Ways of signing in to a cluster changed',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1556', 'T1098'],
  rows: ['D097'],
  next: 'Ask the owner of the cluster whether the change was planned; if not, undo it and list who signed in by that way since.',
  reads: ['eks:UpdateClusterConfig', 'eks:AssociateIdentityProviderConfig', 'eks:DisassociateIdentityProviderConfig', 'eks:CreateCluster'],
  judge: (event): Verdict | undefined => {
    const change = changeBy(event);
    if (change === undefined) return undefined;
    const name = event.cluster || 'of unknown name';
    return {
      entity: event.actor,
      about: `${event.action} ${name}`,
      summary: deedText(event, [change.deed[0], change.deed[1]], `${change.what} cluster ${shorten(name)}`, change.consequence),
      ...accessWeight(event, change.severity),
    };
  },
});
