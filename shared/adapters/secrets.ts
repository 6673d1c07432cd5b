import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { minute } from '../model/time.ts';

/** A changed secret takes effect within this time. */
const remembered = 5 * minute;

/** One secret of Secrets Manager, remembered for a while. */
export class Secret {
  private readonly client: SecretsManagerClient;
  private readonly id: string;
  private readonly now: () => number;
  private known: { readonly read: number; readonly value: string } | undefined;

  constructor(client: SecretsManagerClient, id: string, now: () => number = Date.now) {
    this.client = client;
    this.id = id;
    this.now = now;
  }

  async value(): Promise<string> {
    const read = this.now();
    if (this.known === undefined || read - this.known.read >= remembered) {
      const { SecretString: value } = await this.client.send(new GetSecretValueCommand({ SecretId: this.id }));
      if (!value) throw new Error(`the secret ${this.id} holds no string`);
      this.known = { read, value };
    }
    return this.known.value;
  }

  /** Makes the next use read it again: whoever it was shown to refused it. */
  forget(): void {
    this.known = undefined;
  }
}
