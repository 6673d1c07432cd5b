import { justified } from './justified.ts';
import { rehearse, tableOf } from './rehearsal.ts';

/* `npm run rehearse`: the deployment on this machine, with the table of calls against permissions. */

const outcome = await rehearse((step) => {
  process.stderr.write(`${step}\n`);
});
const { messages, denials, troubles, unused, failures, ran, functions } = outcome;
console.log(tableOf(outcome));
console.log(`\n${String(messages.length)} messages in the chat; the first:\n`);
console.log(messages.slice(0, 3).join('\n\n'));
const open = unused.filter((each) => !justified(each));
for (const { who, request, why } of denials) console.log(`DENIED: ${who} ${request.action} on ${request.resource}: ${why}`);
for (const trouble of troubles) console.log(`TROUBLE: ${trouble}`);
for (const { who, why } of failures) console.log(`failed as it should in the outage: ${who}: ${why.slice(0, 120)}`);
console.log(`functions that ran: ${ran.join(', ')}; of ${functions.join(', ')}`);
console.log(
  `${String(denials.length)} denied, ${String(troubles.length)} not understood, ${String(open.length)} permissions unused without a reason`,
);
process.exitCode = denials.length + troubles.length + open.length > 0 || messages.length === 0 ? 1 : 0;
