import type { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SnsTeller } from '../../../shared/adapters/sns.ts';
import { deliver } from '../../../shared/alert/delivery.ts';
import type { PublishedAlert } from '../../../shared/alert/published.ts';
import type { Teller } from '../../../shared/triage/triage.ts';
import type { Agenda } from './agenda.ts';
import { Environment, type Faults, ServiceError } from './faults.ts';
import { mostFailures } from './shards.ts';

/** The topic, the queue that subscribes to it, and the function that posts to the channel: each at least once. */
export class Newsroom {
  /** What reached people. */
  readonly posted: PublishedAlert[] = [];
  private readonly agenda: Agenda;
  private readonly faults: Faults;
  private messages = 0;

  constructor(agenda: Agenda, faults: Faults) {
    this.agenda = agenda;
    this.faults = faults;
  }

  /** The topic as a function sees it. */
  tellerFor(where: Environment): Teller {
    const client = {
      send: (command: PublishCommand) =>
        this.faults.call(where, 'publish', {
          done: () => {
            this.queue(command.input.Message ?? '');
            return Promise.resolve({});
          },
        }),
    };
    // The teller uses this one method.
    return new SnsTeller(client as unknown as SNSClient, 'topic');
  }

  private queue(body: string): void {
    const copies = this.faults.random.chance(0.1) ? 2 : 1;
    const id = `message ${String((this.messages += 1))}`;
    if (copies === 2) this.faults.note('message twice', id);
    for (let copy = 0; copy < copies; copy += 1)
      this.agenda.at(this.agenda.now + this.faults.random.int(10, 5_000), () => void this.bring({ id, body }));
  }

  private async bring(letter: { readonly id: string; readonly body: string }): Promise<void> {
    for (let failures = 0; ; failures += 1) {
      const where = new Environment(`slack ${letter.id} ${String(failures)}`);
      where.calm = failures >= mostFailures;
      const outcome = await Promise.race([deliver([letter], { post: (alert) => this.post(where, alert) }, () => 60_000), where.death]);
      if (outcome !== 'dead' && outcome.failed.length === 0) return;
      await this.agenda.wait(this.faults.random.int(1_000, 60_000));
    }
  }

  private async post(where: Environment, alert: PublishedAlert): ReturnType<Parameters<typeof deliver>[1]['post']> {
    try {
      await this.faults.call(where, 'post', {
        done: () => {
          this.posted.push(alert);
          return Promise.resolve();
        },
      });
      return { outcome: 'posted' };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      this.faults.note('rate limited', where.name);
      return { outcome: 'later', why: error.message, rateLimited: true };
    }
  }
}
