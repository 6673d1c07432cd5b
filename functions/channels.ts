import { dynamoDbClient, secretsClient, securityHubClient, snsClient, sqsClient } from '../shared/adapters/aws-clients.ts';
import { DynamoDbPosts } from '../shared/adapters/dynamodb-posts.ts';
import { PagerDuty } from '../shared/adapters/pagerduty.ts';
import { QueueChannel } from '../shared/adapters/queue-channel.ts';
import { Secret } from '../shared/adapters/secrets.ts';
import { SecurityHub } from '../shared/adapters/security-hub.ts';
import { SlackBot } from '../shared/adapters/slack-bot.ts';
import { SlackWebhook } from '../shared/adapters/slack-webhook.ts';
import { forAmazonQ, inMail, TopicChannel } from '../shared/adapters/topic-channel.ts';
import type { Channel } from '../shared/alert/delivery.ts';
import { channelSettings, setting } from './environment.ts';
import { once } from './wiring.ts';

/** The channel that this function delivers to. */
export async function channel(): Promise<Channel> {
  const { kind, name, channel: place = '', endpoint } = channelSettings();
  switch (kind) {
    case 'slack-webhook':
      return withSecret((url) => new SlackWebhook(url));
    case 'slack-bot':
      return withSecret((token) => {
        const posts = new DynamoDbPosts(dynamoDb(), setting('findingsTable'), name);
        return new SlackBot({ token, channel: place, posts, api: endpoint });
      });
    case 'pagerduty':
      return withSecret((key) => new PagerDuty(key, endpoint));
    case 'email':
      return mail();
    case 'amazon-q':
      return amazonQ();
    case 'security-hub':
      return securityHub();
    case 'sqs':
      return queue();
  }
}

const dynamoDb = /* @__PURE__ */ once(dynamoDbClient);
const secret = /* @__PURE__ */ once(() => new Secret(secretsClient(), setting('channelSecret')));
const mail = /* @__PURE__ */ once(() => new TopicChannel(snsClient(), setting('channelTopic'), inMail));
const amazonQ = /* @__PURE__ */ once(() => new TopicChannel(snsClient(), setting('channelTopic'), forAmazonQ));
const securityHub = /* @__PURE__ */ once(() => new SecurityHub(securityHubClient(), setting('channelProduct')));
const queue = /* @__PURE__ */ once(() => new QueueChannel(sqsClient(), setting('channelQueue')));

/** A channel made of a secret, which is read again once the channel was refused, as somebody may have changed it. */
async function withSecret(make: (value: string) => Channel): Promise<Channel> {
  const made = make(await secret().value());
  return {
    post: async (alert, timeLeft) => {
      const delivery = await made.post(alert, timeLeft);
      if (delivery.outcome === 'refused') secret().forget();
      return delivery;
    },
  };
}
