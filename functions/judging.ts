import type { Limits } from '../shared/detect/operator-limit.ts';
import { switchedOff } from '../shared/detect/needs.ts';
import { catalogue } from '../shared/detect/registry.ts';
import { flowFormatOf } from '../shared/model/flow-line.ts';
import { siteOf } from '../shared/model/site.ts';
import { Pipeline } from '../shared/pipeline.ts';
import { flowFormats, site } from './environment.ts';
import { freshenLists, shelf } from './lists.ts';
import { logger } from './telemetry.ts';
import { findings, once, settings, state } from './wiring.ts';

const made = once(() => {
  const known = siteOf(site(), shelf());
  const formats = flowFormats().map(flowFormatOf);
  const unknownFields = [...new Set(formats.flatMap(({ unknown }) => unknown))];
  if (unknownFields.length > 0) logger.warn('fields of flow logs are not known and not read', { fields: unknownFields });
  for (const { detection, needs } of switchedOff(catalogue, formats, known)) logger.info('detection is off', { detection, needs });
  // A function that counts nothing is not told where limits are, and never asks.
  const limits: Limits = { limits: () => settings().limits() };
  return new Pipeline(catalogue, { state: state(), findings: findings(), site: known, limits });
});

/** The pipeline on the deployed tables, with lists of today. It stands apart from the rest of the wiring, as it holds every detection. */
export async function pipeline(): Promise<Pipeline> {
  await freshenLists();
  return made();
}
