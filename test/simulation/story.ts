import { dayStart, historyStart, type Scenario } from './scenario.ts';
import { secondStamp } from './clock.ts';
import type { Step } from './intruder.ts';

/** The scenario in plain words: for people who replay it and want to know what is in it. */
export function tell(scenario: Scenario): string {
  return [introduction(scenario), '## What the intruder does', ...scenario.steps.map(paragraph), benign].join('\n\n') + '\n';
}

function introduction({ history, day }: Scenario): string {
  return `# An intrusion in the cluster "harbour"

Written by \`test/simulation/write-scenario.ts\`; nothing here was recorded in a real account. Harbour is a small shop on Amazon EKS in
eu-central-1, account 111122223333: three nodes, the namespaces shop, payments and analytics, six people, one pipeline.

- \`history/\`: ${secondStamp(historyStart).slice(0, 10)} to the eve of the intrusion, ${String(history.audit.length)} audit events, ${String(history.flow.length)} flow records. Nothing bad happens.
- \`audit.ndjson.gz\`, \`flow.log.gz\`, \`api.ndjson\`: ${secondStamp(dayStart).slice(0, 10)}, ${String(day.audit.length)} audit events, ${String(day.flow.length)} flow records, ${String(day.api.length)} API calls.

Networks: the VPC is 10.0.0.0/16, the pipeline's runners are in 10.20.4.0/24, people come from 192.0.2.0/24, the payment provider is
203.0.113.40 and .41, and 203.0.113.128/25 plays the part of Amazon's own public addresses. The intruder sits in 198.51.100.0/24.
Pods leave the VPC with their own addresses (external SNAT), so flow records name them. Node traffic is thinned.

All times are UTC. A record is named by its \`auditID\`, its \`eventID\`, or for flow logs by the start of its line.`;
}

function paragraph(step: Step): string {
  const shown = step.records.slice(0, 5).map((record) => `\`${shorten(record)}\``);
  const more = step.records.length > shown.length ? ` and ${String(step.records.length - shown.length)} more` : '';
  return `**${secondStamp(step.time).slice(11, 19)}** ${step.what}. (${step.rows.join(', ')})\n${shown.join(', ')}${more}`;
}

/** A flow line up to its end time names the record. */
function shorten(record: string): string {
  const fields = record.split(' ');
  return fields.length === 1 ? record : fields.slice(2, 12).join(' ');
}

const benign = `## What only looks like it

- 02:30 the nightly export of analytics uploads over a gigabyte to S3, as every night.
- 09:00 to 11:30 the frontend is scaled out and rolled out by the pipeline: many new pods within minutes, every day, more today.
- 10:15 the GitOps controller, which manages it, raises the ResourceQuota of shop.
- 11:00 payments/release-bot checks a deployment from its old runner, as every day.
- 11:59 the GitOps controller puts the image of shop/api back.
- 14:00 engineer-1 drains a node, as two days before; the evicted pods start elsewhere.
- 15:18 engineer-1 runs \`kubectl run --rm -it debug\` in shop for seven minutes, as every day.
- 18:00 the autoscaler takes shop/api from 4 to 24 pods for half an hour.
- All day: a few expired logins and refused requests, short looks into containers, secrets read by the operator whose work it is.`;
