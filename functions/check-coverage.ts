import { gatherFacts } from '../shared/adapters/coverage.ts';
import { coverageClients } from '../shared/adapters/coverage-clients.ts';
import { check, isDue } from '../shared/coverage/check.ts';
import { deployedIn, recallDeployed, rememberDeployed } from '../shared/coverage/deployed.ts';
import { catalogue } from '../shared/detect/registry.ts';
import { siteOf } from '../shared/model/site.ts';
import { Pipeline } from '../shared/pipeline.ts';
import { type ClockEvent, timeOf } from './clock.ts';
import { region } from './environment.ts';
import { handling } from './handling.ts';
import { count, countFaults, logger } from './telemetry.ts';
import { findings, once, state } from './wiring.ts';

/** A tick of the schedule, which tells what was deployed, or one that a call to AWS gave rise to. */
interface CheckEvent extends ClockEvent {
  readonly deployed?: unknown;
}

const clients = once(() => coverageClients({ region: region() }));

const pipeline = once(() => {
  const own = catalogue.filter(({ detection }) => detection.shape === 'detection' && detection.source === 'coverage');
  return new Pipeline(own, { state: state(), findings: findings(), site: siteOf({}) });
});

/** Looks at what is watched and what is not, and tells of what is not, and when it is again. */
export const handler = handling<CheckEvent>(async (event) => {
  const time = timeOf(event);
  const told = deployedIn(event.deployed);
  const deployed = told ?? (await recallDeployed(state()));
  // Until the schedule has told what was deployed, a call gives rise to nothing.
  if (deployed === undefined || (told === undefined && !(await isDue(deployed, time, state())))) return;

  const facts = await gatherFacts(clients(), deployed);
  const checked = await check(facts, deployed, time, state());
  const { account } = deployed;
  const scope = { account, region: deployed.region, cluster: '' };
  const records = checked.lines.map((message, position) => ({ id: `${String(time)}-${String(position)}`, message, ingested: time }));
  const report = await pipeline().analyse({ log: 'coverage', scope, place: 'coverage check', records, rejects: [], skipped: {} });
  if (told !== undefined) await rememberDeployed(told, time, state());
  await checked.keep();
  count('findings', report.findings.length);
  count('gapsOpen', checked.gaps.filter(({ status }) => status === 'blind').length);
  countFaults(report.faults);
  for (const gap of checked.gaps) logger.info('gap', { gap });
});
