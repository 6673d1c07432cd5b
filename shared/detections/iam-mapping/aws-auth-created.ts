import { audit } from '../../detect/kit.ts';
import { isAwsAuth } from '../../knowledge/aws-auth.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';

/** The ConfigMap that maps IAM principals is made anew, with contents that the audit log does not show. Strategy: ./ADS.md */
export const awsAuthCreated = audit.detection({
  id: 'aws-auth-created',
  title: 'Mapping of IAM principals made anew, contents not logged',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1098.006'],
  rows: ['D094'],
  next: 'Read it with `kubectl get configmap aws-auth -n kube-system -o yaml` and check every mapping, system:masters first.',
  reads: { verbs: ['create'], resources: ['configmaps'] },
  when: (event) => isAwsAuth(event) && event.allowed && !event.dryRun,
  judge: (event) =>
    isClusterItself(event)
      ? undefined
      : {
          entity: event.actor,
          summary: `${callerText(event)} created aws-auth, which says who may enter the cluster; of its creation EKS logs no contents, so nobody knows from the log whom it lets in.`,
          severity: event.hasDuty('deployer') ? 'low' : 'medium',
        },
});
