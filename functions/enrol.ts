import { answerResource, type ResourceRequest } from '../shared/adapters/custom-resource.ts';
import { AwsEnrolment } from '../shared/adapters/enrolment.ts';
import { enrol } from '../shared/enrolment/enrolling.ts';
import { problemText } from '../shared/enrolment/text.ts';
import { enrolmentSettings } from './environment.ts';
import { handling } from './handling.ts';
import { count, logger } from './telemetry.ts';
import { once } from './wiring.ts';

const port = once(() => new AwsEnrolment());

/** A tick, an event about a cluster or a log group, all of which say only that it is time to look; or an order of a deployment. */
type Occasion = ResourceRequest | { readonly RequestType?: undefined };

/** Puts the subscription on the log groups of clusters that the configuration does not name, and takes it off where it is no longer to be. */
export const handler = handling<Occasion>(async (occasion) => {
  if (occasion.RequestType === undefined) {
    await run();
    return;
  }
  let failure: string | undefined;
  try {
    const problems = await run(occasion);
    // A cluster that cannot be enrolled is no reason to roll a deployment back; filters that nobody can remove any more are.
    if (occasion.RequestType === 'Delete' && problems.length > 0) failure = problems.join('; ');
  } catch (error) {
    logger.error('enrolment failed', { error });
    failure = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  await answerResource(occasion, failure);
});

async function run(order?: ResourceRequest): Promise<readonly string[]> {
  // Where the stack delivered to before this deployment changed it: those filters are still ours.
  const former = order?.OldResourceProperties?.['destination'];
  const { done, problems, enrolled, left, waiting } = await enrol(port(), enrolmentSettings(), {
    ...(order?.RequestType === 'Delete' ? { choice: 'none' } : {}),
    former: typeof former === 'string' ? [former] : [],
  });
  for (const step of done) logger.info(step.do === 'put' ? 'subscription filter put' : 'subscription filter removed', { ...step });
  for (const problem of problems) logger.error('cluster is not enrolled as it should be', { ...problem, what: problemText(problem) });
  for (const cluster of left) logger.error('cluster is there and is no longer watched: it left the enrolment', { cluster });
  count('clustersNotEnrolled', new Set(problems.map(({ cluster }) => cluster)).size);
  // With enrolment as a whole ended, that is what was asked for.
  if (order?.RequestType !== 'Delete') count('clustersLeft', left.length);
  logger.info('enrolment', { enrolled, waiting });
  return problems.map(problemText);
}
