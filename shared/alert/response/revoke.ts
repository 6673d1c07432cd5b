import { type Facts, clusterThing, podOf, thingOf } from './facts.ts';
import { region } from './search.ts';
import { sh, type Slot } from './shell.ts';
import type { Step } from './step.ts';
import { inNamespace } from './verify.ts';

/** Roles that IAM Identity Center makes; nobody else may change them. Source: IAM Identity Center user guide, "Referencing permission sets". */
const signOnRole = /^AWSReservedSSO_/;

/** When a command is run is when sessions end. */
const now: Slot = { words: '"$(date -u +%Y-%m-%dT%H:%M:%SZ)"' };
const denyBefore = [
  '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"DateLessThan":{"aws:TokenIssueTime":"',
  '"}}}]}',
] as const;

/**
 * Ends what a role's sessions may do in AWS. Sources: IAM user guide, "Revoke IAM role temporary security credentials"; IAM
 * Identity Center user guide, "Revoke active IAM role sessions created by permission sets"; AWS STS API reference, `GetCallerIdentity`.
 */
export function revokeSessions({ role, account }: Facts): Step | undefined {
  if (role === undefined) return undefined;
  const [before, after] = denyBefore;
  const text = `End the sessions of role ${role.name} that were issued until now.`;
  if (signOnRole.test(role.name))
    return {
      phase: 'revoke',
      text: `${text} It is a permission set of IAM Identity Center: end the session of the person there, and let the permission set deny what was issued before.`,
      commands: [
        sh`aws sso-admin list-instances`,
        sh`aws sso-admin put-inline-policy-to-permission-set --instance-arn ${{ lookUp: 'INSTANCE-ARN' }} --permission-set-arn ${{ lookUp: 'PERMISSION-SET-ARN' }} --inline-policy ${before}${now}${after}`,
        sh`aws sso-admin provision-permission-set --instance-arn ${{ lookUp: 'INSTANCE-ARN' }} --permission-set-arn ${{ lookUp: 'PERMISSION-SET-ARN' }} --target-type AWS_ACCOUNT --target-id ${account}`,
      ],
      caveat:
        'The inline policy takes the place of the one before: put its statements in again. Ending the sign-on session alone ends no role session, and none of it closes the cluster: delete the access entry, too.',
    };
  return {
    phase: 'revoke',
    text,
    commands: [
      sh`aws iam put-role-policy --role-name ${role.name} --policy-name RevokeOlderSessions --policy-document ${before}${now}${after}`,
    ],
    caveat:
      'All sessions of the role end, the rightful ones too. It does not close the cluster: logging in to EKS needs sts:GetCallerIdentity alone, which no policy can deny, so a stolen session may enter until it expires unless the access entry goes.',
  };
}

/** Closes the cluster to an IAM principal. Source: Amazon EKS user guide, "Grant IAM users access to Kubernetes with EKS access entries". */
export function closeDoor(facts: Facts, phase: 'contain' | 'revoke' = 'revoke'): Step | undefined {
  const { role, cluster, thing } = facts;
  const given = thing?.resource === 'access-entry' ? thing.name : undefined;
  const arn = given ?? role?.arn;
  if (arn === undefined) return undefined;
  return {
    phase,
    text: given === undefined ? 'Close the cluster to the role: delete its access entry.' : 'Take the access entry away.',
    commands: [
      sh`aws eks describe-access-entry${region(facts)} --cluster-name ${cluster} --principal-arn ${arn}`,
      sh`aws eks delete-access-entry${region(facts)} --cluster-name ${cluster} --principal-arn ${arn}`,
      sh`kubectl get configmap aws-auth -n kube-system -o yaml`,
    ],
    caveat:
      'Everybody who uses the role is locked out, and nodes that use it drop out. Roles mapped in aws-auth have no access entry: take their lines out of the ConfigMap.',
  };
}

/** Ends tokens of a service account. Source: Kubernetes documentation, "Managing Service Accounts". */
export function revokeTokens(facts: Facts): Step | undefined {
  const { serviceAccount, tokenPod } = facts;
  if (serviceAccount === undefined) return undefined;
  const { namespace, name } = serviceAccount;
  return {
    phase: 'revoke',
    text: `End the tokens of service account ${namespace}/${name}.`,
    commands: [
      ...(tokenPod === undefined ? [] : [sh`kubectl delete pod ${tokenPod} -n ${namespace}`]),
      sh`kubectl get secrets -n ${namespace} --field-selector type=kubernetes.io/service-account-token`,
      sh`kubectl get serviceaccount ${name} -n ${namespace} -o yaml`,
    ],
    caveat:
      'With its pod a bound token dies, with the account all of them. Deleting a pod destroys what is in it: collect first. Making the account anew breaks its workloads until they are restarted. Token Secrets of the account do not expire: delete them.',
  };
}

/** Ends AWS credentials that pods get by Pod Identity. */
export function revokePodIdentity(facts: Facts): Step | undefined {
  const { cluster, serviceAccount } = facts;
  const pod = podOf(facts);
  const namespace = serviceAccount?.namespace ?? pod?.namespace ?? facts.workload?.namespace;
  const association = thingOf(facts, 'pod-identity-association', 'ASSOCIATION');
  if (namespace === undefined && facts.thing?.resource !== 'pod-identity-association') return undefined;
  return {
    phase: 'revoke',
    text: 'Take the Pod Identity association away, if its pods have one.',
    commands: [
      ...(namespace === undefined
        ? []
        : [sh`aws eks list-pod-identity-associations${region(facts)} --cluster-name ${cluster} --namespace ${namespace}`]),
      sh`aws eks delete-pod-identity-association${region(facts)} --cluster-name ${cluster} --association-id ${association}`,
    ],
    caveat: 'Credentials already handed out live until they expire, up to six hours: end the sessions of the role, too.',
  };
}

/** Ends the credential that acted, whatever kind it is. */
export function revokeWho(facts: Facts): Step | undefined {
  if (facts.serviceAccount !== undefined) return revokeTokens(facts);
  if (facts.role !== undefined) return revokeSessions(facts);
  if (facts.user !== undefined)
    return {
      phase: 'revoke',
      text: `Deactivate the access keys of IAM user ${facts.user}.`,
      commands: [
        sh`aws iam list-access-keys --user-name ${facts.user}`,
        sh`aws iam update-access-key --user-name ${facts.user} --access-key-id ${facts.accessKey ?? { lookUp: 'KEY' }} --status Inactive`,
      ],
      caveat: 'Sessions that were made with the key live on until they expire.',
    };
  return facts.who === 'anonymous' ? revokeAnonymous() : undefined;
}

/** Whatever lets in those who did not log in. */
export function revokeAnonymous(): Step {
  const selector = '.items[] | select(.subjects[]?.name | test("^system:(anonymous|unauthenticated)$")) | .kind + " " + .metadata.name';
  return {
    phase: 'revoke',
    text: 'Find what is bound to nobody in particular, and delete those bindings.',
    commands: [sh`kubectl get clusterrolebindings,rolebindings -A -o json | jq -r ${selector}`],
    caveat: 'system:public-info-viewer is there by default and belongs there.',
  };
}

/** The grant that the alert is about, taken away. */
export function takeGrant(facts: Facts): Step | undefined {
  const thing = clusterThing(facts);
  if (thing === undefined) return undefined;
  const command = sh`kubectl delete ${thing.resource} ${thing.name}${inNamespace(facts)}`;
  return {
    phase: 'revoke',
    text: 'Take away what was given, if nobody answers for it.',
    commands: [sh`kubectl get ${thing.resource} ${thing.name}${inNamespace(facts)} -o yaml`, command],
    caveat:
      'Keep the copy. Where it was changed and not created, put back the version before instead; what the grant was used for is not undone.',
  };
}

/** What may have been read is no secret any more. */
export function rotateSecrets(facts: Facts): Step {
  return {
    phase: 'revoke',
    text: 'Change every credential that may have been read, at whoever issued it first, then in the Secret; restart what uses it.',
    commands: [sh`kubectl get secrets -n ${facts.namespace}`],
  };
}

/** Credentials of a node, and of what ran on it. */
export function revokeNode(facts: Facts): Step {
  return {
    phase: 'revoke',
    text: 'Replace the node. Treat the credentials of all its pods and the sessions of its role as stolen.',
    commands: [
      sh`kubectl drain ${facts.node} --ignore-daemonsets --delete-emptydir-data`,
      sh`aws ec2 create-snapshot${region(facts)} --volume-id ${{ lookUp: 'VOLUME' }}`,
    ],
    caveat: 'Draining ends pods: take the snapshot first. The node role cannot be denied by time without stopping all nodes that use it.',
  };
}
