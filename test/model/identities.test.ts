import { describe, expect, it } from 'vitest';
import { actorOf } from '../../shared/model/actor.ts';
import { identityBook } from '../../shared/model/identities.ts';

const noon = { time: Date.parse('2026-03-10T12:00:00Z') };
const person = (role: string, account = '111122223333') =>
  actorOf({
    username: 'anything',
    uid: `aws-iam-authenticator:${account}:AROAEXAMPLE`,
    groups: ['system:authenticated'],
    extra: { canonicalArn: [`arn:aws:iam::${account}:role/${role}`], sessionName: ['deployer'] },
  });
const account = (name: string) => actorOf({ username: `system:serviceaccount:${name}`, groups: [] });

describe('the duty of an identity', () => {
  const book = identityBook([
    { who: 'arn:aws:iam::111122223333:role/ci-*', duty: 'deployer' },
    { who: 'system:serviceaccount:argocd:application-controller', duty: 'deployer' },
    { who: 'arn:aws:iam::111122223333:role/break-glass', duty: 'administrator', until: '2026-03-10T13:00:00Z' },
  ]);

  it('rests on the canonical ARN or the service account, not on a session or a name that an entry gave', () => {
    expect(book.has(person('ci-shop'), 'deployer', noon)).toBe(true);
    expect(book.has(person('developer'), 'deployer', noon)).toBe(false);
    expect(book.has(person('ci-shop', '999999999999'), 'deployer', noon)).toBe(false);
    expect(book.has(account('argocd:application-controller'), 'deployer', noon)).toBe(true);
    expect(book.has(account('argocd:application-controllers'), 'deployer', noon)).toBe(false);
  });

  it('is the one that was given, and no other', () => {
    expect(book.has(person('ci-shop'), 'administrator', noon)).toBe(false);
  });

  it('ends when it is said to end', () => {
    expect(book.has(person('break-glass'), 'administrator', noon)).toBe(true);
    expect(book.has(person('break-glass'), 'administrator', { time: Date.parse('2026-03-10T13:00:00Z') })).toBe(false);
  });

  it('is not won by a name that runs on: * stops at slashes and colons', () => {
    expect(book.has(person('ci-shop/other'), 'deployer', noon)).toBe(false);
  });
});
