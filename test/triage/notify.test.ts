import { expect, it } from 'vitest';
import { MemoryAlerts } from '../../shared/adapters/memory-findings.ts';
import { type Alert, fold } from '../../shared/triage/alert.ts';
import { notify } from '../../shared/triage/triage.ts';
import { findingNamed, groupOf } from '../support/findings.ts';

it('changes of one alert that come late, or twice, are told once', async () => {
  const alerts = new MemoryAlerts();
  const changes: Alert[] = [];
  for (const name of ['one', 'two', 'three']) {
    const group = groupOf(findingNamed(name));
    changes.push(await alerts.update(group.fingerprint, (known) => fold(known, group, undefined)));
  }
  const told: string[] = [];
  const teller = { tell: (alert: Alert, reason: string) => Promise.resolve(void told.push(`${String(alert.count)} ${reason}`)) };
  for (const change of [...changes, ...changes]) await notify(change, teller, alerts);
  expect(told).toEqual(['3 first seen']);
});

it('an alert that could not be told is told the next time', async () => {
  const alerts = new MemoryAlerts();
  const group = groupOf(findingNamed('one'));
  const change = await alerts.update(group.fingerprint, (known) => fold(known, group, undefined));
  let told = 0;
  await expect(notify(change, { tell: () => Promise.reject(new Error('SNS is away')) }, alerts)).rejects.toThrow('SNS is away');
  await notify(change, { tell: () => Promise.resolve(void (told += 1)) }, alerts);
  expect(told).toBe(1);
});
