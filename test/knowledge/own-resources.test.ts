import { describe, expect, it } from 'vitest';
import { ownResources } from '../../shared/knowledge/own-resources.ts';
import type { ApiEvent } from '../../shared/model/api.ts';

const known = (parameters: ApiEvent['parameters'], response: ApiEvent['response'] = {}) =>
  ownResources({ parameters, response } as ApiEvent).length > 0;

describe('resources of this product', () => {
  it.each([
    { functionName: 'Plimsoll-PipelineTriage5A6B7C8D-y7EXAMPLE' },
    { functionName: 'arn:aws:lambda:eu-central-1:111122223333:function:Plimsoll-PipelineTriage5A6B7C8D-y7EXAMPLE' },
    { topicArn: 'arn:aws:sns:eu-central-1:111122223333:Plimsoll-AlertTopic-8ZEXAMPLE' },
    { queueUrl: 'https://sqs.eu-central-1.amazonaws.com/111122223333/Plimsoll-Undelivered-8ZEXAMPLE' },
    { stackName: 'arn:aws:cloudformation:eu-central-1:111122223333:stack/Plimsoll/5f1d2a30' },
    { alarmNames: [null, 'another', 'Plimsoll-Errors'] },
    { secretId: 'plimsoll/slack' },
  ])('are known in %j', (parameters) => {
    expect(known(parameters)).toBe(true);
  });

  it('are known by the answer where the call has an id only', () => {
    const functionArn = 'arn:aws:lambda:eu-central-1:111122223333:function:Plimsoll-Notify-1';
    expect(known({ uUID: '2f0b6f9e' }, { functionArn })).toBe(true);
  });

  it.each([{ functionName: 'after-plimsoll' }, { functionName: ['Plimsoll-1'] }, { roleName: 'deployer' }, {}])(
    'are not seen in %j',
    (parameters) => {
      expect(known(parameters)).toBe(false);
    },
  );
});
