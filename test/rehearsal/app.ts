import { App } from 'aws-cdk-lib';
import { checkConfiguration } from '../../infra/config.ts';
import { PlimsollStack } from '../../infra/stack.ts';
import { stackName } from '../../shared/contract/deployed.ts';
import { rehearsed } from './configuration.ts';

new PlimsollStack(new App(), stackName, { configuration: checkConfiguration(rehearsed) });
