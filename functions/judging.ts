import { catalogue } from '../shared/detect/registry.ts';
import { siteOf } from '../shared/model/site.ts';
import { Pipeline } from '../shared/pipeline.ts';
import { site } from './environment.ts';
import { findings, once, state } from './wiring.ts';

/** The pipeline on the deployed tables. It stands apart from the rest of the wiring, as it holds every detection. */
export const pipeline = once(() => new Pipeline(catalogue, { state: state(), findings: findings(), site: siteOf(site()) }));
