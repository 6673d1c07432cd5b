import { App } from 'aws-cdk-lib';

import { stackName } from '../shared/contract/deployed.ts';
import { spoke } from './plimsoll.spoke.ts';
import { checkSpoke, GlobalSpokeStack, SpokeStack } from './spoke.ts';

const configuration = checkSpoke(spoke);
const app = new App();
const account = process.env['CDK_DEFAULT_ACCOUNT'];
const env = (region: string) => ({ region, ...(account === undefined ? {} : { account }) });

new SpokeStack(app, `${stackName}Spoke`, { configuration, env: env(configuration.hub.region) });
// In us-east-1 the rules of the first stack see these calls already.
if (configuration.hub.region !== 'us-east-1')
  new GlobalSpokeStack(app, `${stackName}SpokeGlobal`, { configuration, env: env('us-east-1') });
