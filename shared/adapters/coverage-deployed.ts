import { GetScheduleCommand, paginateListSchedules, type SchedulerClient } from '@aws-sdk/client-scheduler';
import { type Deployed, stackName } from '../contract/deployed.ts';
import { deployedIn } from '../coverage/deployed.ts';
import { at, parseJson } from '../model/json.ts';
import { allOf } from './coverage-asked.ts';

/** What was deployed in a Region, as the schedule of the check says; absent where there is no such schedule. */
export async function findDeployed(client: SchedulerClient): Promise<Deployed | undefined> {
  const schedules = await allOf(paginateListSchedules({ client }, {}), (page) => page.Schedules);
  for (const { Name, GroupName } of schedules) {
    if (GroupName?.startsWith(stackName) !== true) continue;
    const { Target } = await client.send(new GetScheduleCommand({ Name, GroupName }));
    const deployed = deployedIn(at(parseJson(Target?.Input ?? ''), 'deployed'));
    if (deployed !== undefined) return deployed;
  }
  return undefined;
}
