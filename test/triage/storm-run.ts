import { cpus } from 'node:os';
import { anonymousLists, pass, shells, type Storm } from './storm.ts';

/** What a storm comes to, printed: `npm run storm`. */

const storms: readonly { readonly storm: Storm; readonly every: number }[] = [
  { storm: { name: 'requests without a name', payloads: 500, perPayload: 100, identities: 1, deed: anonymousLists }, every: 1 },
  {
    storm: { name: 'shells: lessons withheld, a step of sequences', payloads: 500, perPayload: 100, identities: 1, deed: shells },
    every: 1,
  },
  { storm: { name: 'shells, the stream ten payloads behind', payloads: 500, perPayload: 100, identities: 1, deed: shells }, every: 10 },
  { storm: { name: 'shells by twenty identities', payloads: 500, perPayload: 100, identities: 20, deed: shells }, every: 1 },
];

console.log(`machine: ${String(cpus().length)} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}; nothing is drawn by chance`);
for (const { storm, every } of storms) {
  const begun = process.cpuUsage();
  const { alerts, messages, recorded, writes, tripsToFirst, largestItem } = await (await pass(storm, every)).outcome();
  const { user, system } = process.cpuUsage(begun);
  const all = writes.findings + writes.triage + writes.analysis;
  console.log(`\n${storm.name}: ${String(storm.payloads * storm.perPayload)} events in ${String(storm.payloads)} payloads`);
  console.log(
    `  findings recorded ${String(recorded)}, counted by ${String(alerts.length)} alerts: ${alerts
      .map(({ speaker, count }) => `${speaker.detection} ${String(count)}`)
      .slice(0, 6)
      .join(', ')}`,
  );
  console.log(
    `  messages ${String(messages.length)}: ${messages
      .slice(0, 6)
      .map(({ reason, count }) => `"${reason}" of ${String(count)}`)
      .join(', ')}`,
  );
  console.log(
    `  writes ${String(all)}: findings table ${String(writes.findings)} (${String(writes.refused)} refused), triage ${String(writes.triage)}, analysis ${String(writes.analysis)}`,
  );
  console.log(
    `  round trips to the first message ${String(tripsToFirst)}; largest item ${String(largestItem)} bytes; processor ${((user + system) / 1e6).toFixed(1)} s; resident ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`,
  );
}
