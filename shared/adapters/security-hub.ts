import { BatchImportFindingsCommand, type SecurityHubClient } from '@aws-sdk/client-securityhub';
import { type Product, securityFinding } from '../alert/asff.ts';
import type { Channel, Delivery } from '../alert/delivery.ts';
import type { PublishedAlert } from '../alert/published.ts';

/** AWS Security Hub: an alert is one finding there, which later tellings bring up to date. */
export class SecurityHub implements Channel {
  private readonly client: SecurityHubClient;
  private readonly product: Product;

  constructor(client: SecurityHubClient, productArn: string) {
    const [, partition, , region, account] = productArn.split(':');
    if (partition === undefined || region === undefined || account === undefined)
      throw new Error(`${productArn} is no ARN of a product of Security Hub`);
    this.client = client;
    this.product = { arn: productArn, partition, region, account };
  }

  /** What Security Hub does not take, it says in an answer that is otherwise a success. Source: API reference, BatchImportFindings. */
  async post(alert: PublishedAlert): Promise<Delivery> {
    try {
      const finding = securityFinding(alert, this.product);
      const { FailedCount, FailedFindings } = await this.client.send(new BatchImportFindingsCommand({ Findings: [finding] }));
      if (FailedCount === 0) return { outcome: 'posted' };
      const [failed] = FailedFindings ?? [];
      return { outcome: 'refused', why: `${failed?.ErrorCode ?? 'no code'} ${(failed?.ErrorMessage ?? '').slice(0, 200)}`.trim() };
    } catch (error) {
      return troubleOf(error);
    }
  }
}

function troubleOf(error: unknown): Delivery {
  const name = error instanceof Error ? error.name : 'no reason given';
  const limited = /^(?:LimitExceeded|Throttling|TooManyRequests)/.test(name);
  // Security Hub is not enabled here, or the role may not: somebody has to change something.
  if (/^(?:InvalidAccess|InvalidInput|AccessDenied)/.test(name)) return { outcome: 'refused', why: name };
  return { outcome: 'later', why: name, rateLimited: limited };
}
