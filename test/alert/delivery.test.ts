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
        outcome: 'reduced',
        why: 'status 400',
      },
    );
    const { posted: count, failed, troubles } = await deliver(['a', 'b', 'c', 'd', 'e'].map(letter), channel, () => 1_000);
    expect({ count, failed }).toEqual({ count: 3, failed: ['b', 'c'] });
    expect(troubles.map(({ id, what }) => `${id} ${what}`)).toEqual(['b refused', 'c later', 'e reduced']);
  });

  it('stops asking once there is no time to wait for the channel', async () => {
    const channel = channelThat(posted, { outcome: 'later', why: 'rate limited', rateLimited: true });
    const { failed } = await deliver(['a', 'b', 'c', 'd'].map(letter), channel, () => 1_000);
    expect(failed).toEqual(['b', 'c', 'd']);
    expect(channel.posts()).toBe(2);
  });

  it('goes on with the others where one breaks, and repeats nothing of what broke it', async () => {
    let posts = 0;
    const channel = {
      post: () => ((posts += 1) === 1 ? Promise.reject(new TypeError('at https://very-secret')) : Promise.resolve(posted)),
    };
    const delivered = await deliver(['a', 'b'].map(letter), channel, () => 1_000);
    expect(delivered).toEqual({ posted: 1, unwanted: 0, failed: ['a'], troubles: [{ id: 'a', what: 'failed', why: 'TypeError' }] });
  });

  it('leaves out what the channel does not want', async () => {
    const channel = channelThat(posted);
    const grave = { id: 'grave', body: alertMessage(alertOf(findingNamed('g', { severity: 'critical' })), 'first seen').body };
    const delivered = await deliver([letter('a'), grave], channel, () => 1_000, { severity: 'critical' });
    expect(delivered).toMatchObject({ posted: 1, unwanted: 1, failed: [] });
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
