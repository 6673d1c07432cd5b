import { App } from 'aws-cdk-lib';

import { stackName } from '../shared/contract/deployed.ts';
import { checkConfiguration } from './config.ts';
import { configuration } from './plimsoll.config.ts';
import { PlimsollStack } from './stack.ts';

// No account and no Region: the stack goes wherever `cdk deploy` is pointed, and synthesis looks nothing up.
new PlimsollStack(new App(), stackName, { configuration: checkConfiguration(configuration) });
