import { describe, expect, it } from 'vitest';
import { type Delivery, deliver } from '../../shared/alert/delivery.ts';
import { alertMessage } from '../../shared/alert/message.ts';
import { alertOf, findingNamed } from '../support/findings.ts';

describe('delivering letters', () => {
  const letter = (id: string) => ({ id, body: alertMessage(alertOf(findingNamed(id)), 'first seen').body });
  const channelThat = (...deliveries: Delivery[]) => {
    let posts = 0;
    return { post: () => Promise.resolve(deliveries[posts++] ?? expect.fail('more posts than expected')), posts: () => posts };
  };
  const posted: Delivery = { outcome: 'posted' };

  it('fails what was not posted and nothing else', async () => {
    const channel = channelThat(
      posted,
      { outcome: 'refused', why: 'status 404' },
      { outcome: 'later', why: 'status 503', rateLimited: false },
      posted,
      {
        outcome: 'posted-without-blocks',
        why: 'status 400',
      },
    );
    const { posted: count, failed, troubles } = await deliver(['a', 'b', 'c', 'd', 'e'].map(letter), channel, () => 1_000);
    expect({ count, failed }).toEqual({ count: 3, failed: ['b', 'c'] });
    expect(troubles.map(({ id, what }) => `${id} ${what}`)).toEqual(['b refused', 'c later', 'e posted-without-blocks']);
  });

  it('stops asking once there is no time to wait for the channel', async () => {
    const channel = channelThat(posted, { outcome: 'later', why: 'rate limited', rateLimited: true });
    const { failed } = await deliver(['a', 'b', 'c', 'd'].map(letter), channel, () => 1_000);
    expect(failed).toEqual(['b', 'c', 'd']);
    expect(channel.posts()).toBe(2);
  });

  it('fails what is no alert, so that it is found among the dead letters', async () => {
    const channel = channelThat(posted);
    const { failed, troubles } = await deliver(
      [{ id: 'x', body: 'not JSON' }, { id: 'y', body: '{"AlarmName":"z"}' }, letter('a')],
      channel,
      () => 1_000,
    );
    expect(failed).toEqual(['x', 'y']);
    expect(troubles.map(({ what }) => what)).toEqual(['unreadable', 'unreadable']);
  });
});
