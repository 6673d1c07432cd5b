import {
  type CloudTrailClient,
  DescribeTrailsCommand,
  type EventSelector,
  GetEventSelectorsCommand,
  type GetEventSelectorsResponse,
  GetTrailStatusCommand,
} from '@aws-sdk/client-cloudtrail';
import { type EC2Client, paginateDescribeFlowLogs } from '@aws-sdk/client-ec2';
import type { Asked, FlowLogFacts, TrailFacts } from '../coverage/facts.ts';
import { allOf, asked } from './coverage-asked.ts';

/** The flow logs of the Region that write to CloudWatch Logs. */
export function flowLogsOf(client: EC2Client): Promise<Asked<readonly FlowLogFacts[]>> {
  return asked(async () => {
    const logs = await allOf(paginateDescribeFlowLogs({ client }, {}), ({ FlowLogs }) => FlowLogs);
    return logs
      .filter(({ LogDestinationType }) => (LogDestinationType ?? 'cloud-watch-logs') === 'cloud-watch-logs')
      .map((log) => ({
        id: log.FlowLogId ?? '',
        resource: log.ResourceId ?? '',
        status: log.FlowLogStatus ?? '',
        delivery: log.DeliverLogsStatus ?? '',
        deliveryError: log.DeliverLogsErrorMessage ?? '',
        written: log.LogGroupName ?? groupIn(log.LogDestination ?? ''),
        format: (log.LogFormat ?? '').replace(/\$\{([^}]*)\}/g, '$1').trim(),
        traffic: log.TrafficType ?? '',
      }));
  });
}

function groupIn(arn: string): string {
  return arn.replace(/^arn:[^:]*:logs:[^:]*:[^:]*:log-group:/, '').replace(/:\*$/, '');
}

/** The trails that record the Region, those of the organisation and of other Regions among them. */
export function trailsOf(client: CloudTrailClient): Promise<Asked<readonly TrailFacts[]>> {
  return asked(async () => {
    const { trailList = [] } = await client.send(new DescribeTrailsCommand({ includeShadowTrails: true }));
    return Promise.all(
      trailList.map(async ({ Name: name = '', TrailARN: arn = '' }): Promise<TrailFacts> => {
        const details = await asked(async () => {
          const status = await client.send(new GetTrailStatusCommand({ Name: arn }));
          const selectors = await client.send(new GetEventSelectorsCommand({ TrailName: arn }));
          return { logging: status.IsLogging === true, ...managed(selectors), deliveryError: status.LatestDeliveryError ?? '' };
        });
        return { name, arn, details };
      }),
    );
  });
}

/** Which management events a trail records. Source: AWS CloudTrail user guide, "Logging management events". */
function managed({ EventSelectors = [], AdvancedEventSelectors = [] }: GetEventSelectorsResponse): {
  readonly writes: boolean;
  readonly reads: boolean;
} {
  const basic = EventSelectors.filter(({ IncludeManagementEvents }) => IncludeManagementEvents !== false).map(kindOf);
  const advanced = AdvancedEventSelectors.map(({ FieldSelectors = [] }) => {
    const values = (field: string): readonly string[] => FieldSelectors.find(({ Field }) => Field === field)?.Equals ?? [];
    if (!values('eventCategory').includes('Management')) return 'None';
    const [readOnly] = values('readOnly');
    return readOnly === undefined ? 'All' : readOnly === 'true' ? 'ReadOnly' : 'WriteOnly';
  });
  const kinds = [...basic, ...advanced];
  return {
    writes: kinds.some((kind) => kind === 'All' || kind === 'WriteOnly'),
    reads: kinds.some((kind) => kind === 'All' || kind === 'ReadOnly'),
  };
}

function kindOf({ ReadWriteType }: EventSelector): string {
  return ReadWriteType ?? 'All';
}
