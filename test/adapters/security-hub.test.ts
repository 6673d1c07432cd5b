import { SecurityHubClient } from '@aws-sdk/client-securityhub';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SecurityHub } from '../../shared/adapters/security-hub.ts';
import { localCredentials, localRegion } from '../support/dynamodb.ts';
import { LocalHttp } from '../support/http.ts';
import { publishedWith } from '../support/published.ts';

describe('Security Hub', () => {
  const product = 'arn:aws:securityhub:eu-central-1:444455556666:product/444455556666/default';
  const alert = publishedWith();
  const answer = (status: number, body: unknown, headers = {}) => ({
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  let server: LocalHttp;
  let hub: SecurityHub;

  beforeEach(async () => {
    server = await LocalHttp.start(answer(200, { FailedCount: 0, SuccessCount: 1, FailedFindings: [] }));
    hub = new SecurityHub(
      new SecurityHubClient({ endpoint: server.url, region: localRegion, credentials: localCredentials, maxAttempts: 1 }),
      product,
    );
  });
  afterEach(() => server.stop());

  it('imports a finding of the account that calls', async () => {
    expect(await hub.post(alert)).toEqual({ outcome: 'posted' });
    expect(server.received[0]?.path).toBe('/findings/import');
    expect(JSON.parse(server.received[0]?.body ?? '')).toMatchObject({
      Findings: [{ Id: `plimsoll/${alert.id}`, AwsAccountId: '444455556666', ProductArn: product, Severity: { Label: 'HIGH' } }],
    });
  });

  it('says in a success that it did not take the finding', async () => {
    server.usual = answer(200, {
      FailedCount: 1,
      SuccessCount: 0,
      FailedFindings: [{ Id: 'x', ErrorCode: 'InvalidInput', ErrorMessage: 'Finding does not adhere to the format' }],
    });
    expect(await hub.post(alert)).toEqual({ outcome: 'refused', why: 'InvalidInput Finding does not adhere to the format' });
  });

  it.each([
    [401, 'InvalidAccessException', 'refused', undefined],
    [403, 'AccessDeniedException', 'refused', undefined],
    [429, 'LimitExceededException', 'later', true],
    [500, 'InternalException', 'later', false],
  ])('answers %i %s: %s', async (status, code, outcome, rateLimited) => {
    server.usual = answer(status, { Code: code, Message: 'no' }, { 'x-amzn-errortype': code });
    expect(await hub.post(alert)).toEqual({ outcome, why: code, ...(rateLimited === undefined ? {} : { rateLimited }) });
  });

  it('is not made of something else', () => {
    expect(() => new SecurityHub(new SecurityHubClient({}), 'default')).toThrow('default is no ARN of a product of Security Hub');
  });
});
