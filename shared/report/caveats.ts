/** What a log cannot tell, for a reader who has only the report. */
const reach: Readonly<Record<string, string>> = {
  audit:
    'The audit log holds requests to the API server. What is typed into a terminal once a container is entered, and what a program does inside a container, is not in it.',
  authenticator: 'The authenticator tells who proved to be whom, not what they did afterwards.',
  api: 'Calls to AWS arrive minutes late, and reads of data (objects, records) are in them only where a trail records data events.',
  flow: 'Flow logs hold addresses, ports, bytes and packets to the minute, never content. Whose an address was is concluded from the cluster’s own records of the time.',
  signal: 'A signal of another product is its judgement; its evidence stands there.',
  intake: 'A note about the logs themselves says that something is missing or odd in them, not who caused it.',
  sequence: 'An incident links findings by pod or identity and by their order. That one caused the other is for a person to say.',
};

const general = [
  'Severity is the harm if a finding is true; confidence is how likely it is true.',
  'Names, commands, user agents and labels are what a client sent; identities and addresses are as authenticated or measured.',
];

/** What holds for alerts of these logs. */
export function caveatsOf(sources: Iterable<string>): readonly string[] {
  const known = new Set(sources);
  return [...general, ...Object.entries(reach).flatMap(([source, text]) => (known.has(source) ? [text] : []))];
}
