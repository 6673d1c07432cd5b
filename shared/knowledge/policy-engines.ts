import type { Target } from '../model/entity.ts';

/** Policies of the API server itself: their content is logged. */
export const serverPolicies = [
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
  'mutatingadmissionpolicies',
  'mutatingadmissionpolicybindings',
];

/** Sources: Kyverno documentation, "Policy Types"; custom resources of the project's charts. */
const kyverno = [
  'clusterpolicies',
  'policies',
  'validatingpolicies',
  'imagevalidatingpolicies',
  'mutatingpolicies',
  'generatingpolicies',
  'namespacedvalidatingpolicies',
  'namespacedimagevalidatingpolicies',
  'namespacedmutatingpolicies',
];

/** Source: Gatekeeper documentation, "How to use Gatekeeper"; kinds of the project's policy library. Own kinds have names of their own. */
const gatekeeper = [
  'constrainttemplates',
  'configs',
  'k8sallowedrepos',
  'k8sblocknodeport',
  'k8sblockwildcardingress',
  'k8scontainerlimits',
  'k8sdisallowanonymous',
  'k8sdisallowedrolebindingsubjects',
  'k8sdisallowedtags',
  'k8sexternalips',
  'k8simagedigests',
  'k8spspallowedusers',
  'k8spspallowprivilegeescalationcontainer',
  'k8spspapparmor',
  'k8spspcapabilities',
  'k8spspflexvolumes',
  'k8spspforbiddensysctls',
  'k8spsphostfilesystem',
  'k8spsphostnamespace',
  'k8spsphostnetworkingports',
  'k8spspprivilegedcontainer',
  'k8spspprocmount',
  'k8spspreadonlyrootfilesystem',
  'k8spspseccomp',
  'k8spspselinuxv2',
  'k8spspvolumetypes',
  'k8srequiredlabels',
  'noupdateserviceaccount',
];

const kubewarden = ['clusteradmissionpolicies', 'admissionpolicies', 'clusteradmissionpolicygroups', 'admissionpolicygroups'];

/** Says whom policies leave alone: making one is what deleting is to the others. */
export const exceptionResource = 'policyexceptions';

/** Policies of admission engines: custom resources, of which only who wrote which object is logged. */
export const enginePolicies = [...kyverno, ...gatekeeper, ...kubewarden];

/** Groups of the resources above: `policies` and `configs` exist elsewhere as well. */
const groups = /(?:^|\.)(?:kyverno\.io|gatekeeper\.sh|kubewarden\.io|admissionregistration\.k8s\.io)$/;

/** Whether an object belongs to an admission engine or is a policy of the API server. */
export function isEnginesObject({ group }: Target): boolean {
  return groups.test(group);
}
