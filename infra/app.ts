import { App } from 'aws-cdk-lib';

import { checkConfiguration } from './config.ts';
import { configuration } from './plimsoll.config.ts';
import { PlimsollStack } from './stack.ts';

// No account and no Region: the stack goes wherever `cdk deploy` is pointed, and synthesis looks nothing up.
new PlimsollStack(new App(), 'Plimsoll', { configuration: checkConfiguration(configuration) });
