import { groupOf } from './found.ts';
import { surelyAllowed } from './group-plan.ts';
import type { Problem } from './plan.ts';

/** Says what is wrong, and what to do about it. */
export function problemText(problem: Problem): string {
  const { cluster } = problem;
  const group = groupOf(cluster);
  switch (problem.kind) {
    case 'audit-off':
      return (
        `the audit log of ${cluster} is off: aws eks update-cluster-config --name ${cluster} ` +
        `--logging '{"clusterLogging":[{"types":["audit","authenticator"],"enabled":true}]}'`
      );
    case 'no-log-group':
      return `${group} is not there, although the audit log of ${cluster} is on: it was deleted, or no line has come yet`;
    case 'log-class':
      return `${group} is of the class ${problem.logClass}, which takes no subscription; a group's class cannot be changed, only the group replaced`;
    case 'conflict':
      return (
        `${group} has a filter ${problem.filter} that delivers to ${problem.others.join(', ')}, which is not ours: it was left as it is. ` +
        `If nobody needs it: aws logs delete-subscription-filter --log-group-name ${group} --filter-name ${problem.filter}`
      );
    case 'full':
      return (
        `${group} has no room for the filter ${problem.filter}: CloudWatch Logs is sure to take ${String(surelyAllowed)} and ` +
        `${problem.others.join(', ')} ${problem.others.length === 1 ? 'is' : 'are'} there. Remove one, or set filter: 'everything', which needs one in all`
      );
    case 'unread':
      return `${cluster} could not be looked at, so nothing was changed: ${problem.why}`;
    case 'refused':
      return `AWS refused to change the subscription of ${group}: ${problem.why}`;
  }
}
