import { Recent } from '../model/recent.ts';

/** What a user agent says of the program: a tool made for attacks, or one that sends whatever a script tells it. */
export interface ClientProgram {
  readonly kind: 'attack' | 'scripting';
  readonly name: string;
}

/** Names that attack tools and their platforms give themselves. Sources: the tools' sources; DataDog/stratus-red-team; botocore, `useragent.py` (distribution). */
const attack =
  /(?:^|[\s/#;(_-])(kube-hunter|kubeletctl|peirates|access_matrix|rakkess|trufflehog|azurehound|kdigger|kubesploit|stratus-red-team|kubiscan|kubestriker|deepce|cloudfox|pacu|masscan|zgrab|nuclei|sqlmap|nikto|gobuster|ffuf|nmap|kali)(?![a-z0-9])|^(cdk)(?:\/|\s|$)/i;

/** Libraries and programs that send what a script tells them. Programs made for Kubernetes name themselves. */
const scripting =
  /^(?:(curl|wget|httpie|python-requests|python-urllib3?|aiohttp|python|go-http-client|java|okhttp|apache-httpclient|node|node-fetch|axios|undici|perl|libwww-perl|lwp-request|lwp::simple|php|guzzlehttp|ruby|faraday|powershell)(?:[/\s]|$)|(?:mozilla\/5\.0 \([^)]{1,80}\) (windowspowershell|powershell)\/))/i;

/** Agents whose answer is kept: a cluster has some hundred, and an attacker may invent as many as he likes. */
const mostAgents = 2_000;

const answers = new Recent<ClientProgram | 'ordinary'>(mostAgents);

/** The program behind a user agent, if it is one of these. Client text: a hint, never proof. Asked for every request, hence remembered. */
export function clientProgram(agent: string): ClientProgram | undefined {
  let answer = answers.get(agent);
  if (answer === undefined) answers.set(agent, (answer = lookUp(agent) ?? 'ordinary'));
  return answer === 'ordinary' ? undefined : answer;
}

function lookUp(agent: string): ClientProgram | undefined {
  const tool = attack.exec(agent);
  if (tool !== null) return { kind: 'attack', name: (tool[1] ?? tool[2] ?? '').toLowerCase() };
  const script = scripting.exec(agent);
  return script === null ? undefined : { kind: 'scripting', name: (script[1] ?? script[2] ?? '').toLowerCase() };
}
