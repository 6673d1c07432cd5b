import { anyOf } from './patterns.ts';

/*
 * Regular expressions over audit lines as the API server writes them: compact, in the order of Go's `Event` type. Inside a
 * JSON string a quote has a backslash before it, so that no text in a line can look like the mark before a field.
 * Source: kubernetes/apiserver, `pkg/apis/audit/v1/types.go`.
 */

/** The inside of a JSON string. Unrolled: a repeated alternation costs some engines a stack frame a letter. */
const inside = String.raw`[^"\\]*(?:\\.[^"\\]*)*`;

/** Members of an `objectRef` between the resource and the subresource. */
const refMembers = `(?:,"(?:namespace|name|uid|apiGroup|apiVersion|resourceVersion)":"${inside}")*`;

/** Requests for any of some kinds, as detections declare them: `pods` is not `pods/exec`. Captured under a name, it tells whether. */
export function ofKind(kinds: Iterable<string>, name?: string): string {
  const bySubresource = new Map<string, string[]>();
  for (const kind of kinds) {
    const [resource = '', subresource = ''] = kind.split('/');
    bySubresource.set(subresource, [...(bySubresource.get(subresource) ?? []), resource]);
  }
  const alternatives = [...bySubresource].map(
    ([subresource, resources]) =>
      `${anyOf(resources)}"${refMembers}${subresource === '' ? '' : `,"subresource":"${anyOf([subresource])}"`}`,
  );
  return String.raw`"objectRef":\{"${name === undefined ? 'resource' : `(?<${name}>resource)`}":"(?:${alternatives.join('|')})\}`;
}

/** Requests with any of some verbs. */
export function withVerb(verbs: Iterable<string>): string {
  return `"verb":"${anyOf(verbs)}","user":`;
}

/** Requests for objects of a kind that have any of some names, each with its namespace before a slash. */
export function named(resource: string, names: Iterable<string>): string {
  const pairs = [...names].map((name) => name.split('/', 2));
  const alternatives = pairs.map(([namespace = '', name = '']) => `"namespace":"${anyOf([namespace])}","name":"${anyOf([name])}"`);
  return String.raw`"objectRef":\{"resource":"${resource}",(?:${alternatives.join('|')})`;
}

/** Requests of a kubelet, by the name that the cluster calls its node. */
export const byNode = String.raw`"user":\{"username":"system:node:`;

/** The first of the two lines that requests for tokens have. */
export const received = '"stage":"RequestReceived"';

/** What a kubelet's report says of addresses: that a pod has them, or that it is over. */
export const addressReport = '"(?:podIP|podIPs|hostIP)":|"phase":"(?:Succeeded|Failed)"';

/** The day of a request, as the server saw it. */
export const dayCapture = String.raw`"requestReceivedTimestamp":"(?<onDay>\d{4}-\d\d-\d\d)`;

/** Who asked, from where and with what client, and how the server answered. */
export const callerCaptures: readonly string[] = [
  String.raw`"user":\{"username":"(?<userName>${inside})"(?:,"uid":"(?<userId>${inside})")?(?:,"groups":\[(?<userGroups>[^\]]*)\])?`,
  String.raw`"canonicalArn":\["(?<canonicalArn>${inside})"`,
  String.raw`"sessionName":\["(?<sessionName>${inside})"`,
  String.raw`"authentication\.kubernetes\.io/(?<boundTo>pod)-name":\[`,
  String.raw`"impersonatedUser":\{"username":"(?<asUser>${inside})"`,
  String.raw`"sourceIPs":\[(?:"${inside}",)*"(?<address>${inside})"\]`,
  String.raw`,"userAgent":"(?<agent>${inside})"`,
  String.raw`"responseStatus":\{.*?"code":(?<code>\d+)\}`,
  String.raw`"authorization\.k8s\.io/decision":"(?<decision>[a-z]+)"[^{}]*\}\}\s*$`,
];

/** What was asked in the name of another, and whether that was refused. Source: kubernetes/apiserver, `pkg/endpoints/filters/impersonation.go`. */
export const impersonationCaptures: readonly string[] = [
  String.raw`"verb":"(?<asVerb>[a-z]+)","user":.*?,"impersonatedUser":\{`,
  String.raw`"impersonatedUser":\{.*?"objectRef":\{"resource":"(?<asResource>${inside})"${refMembers}(?:,"subresource":"(?<asPart>${inside})")?`,
  String.raw`"responseStatus":\{.*? (?<asNobody>cannot impersonate) resource `,
];

/** Verb and resource of a request for any of some resources. */
export function deedCapture(resources: Iterable<string>): string {
  return String.raw`"verb":"(?<verb>[a-z]+)","user":.*?"objectRef":\{"resource":"(?<resource>${anyOf(resources)})"`;
}

/** The namespace of a request for objects of a kind. */
export function namespaceCapture(name: string, resource: string): string {
  return String.raw`"objectRef":\{"resource":"${resource}","namespace":"(?<${name}>${inside})"`;
}

/** The name that a request for any of some kinds has, without its namespace. */
export function nameCapture(name: string, resources: Iterable<string>): string {
  return String.raw`"objectRef":\{"resource":"${anyOf(resources)}",(?:"namespace":"${inside}",)?"name":"(?<${name}>${inside})"`;
}

/** Whether a request for objects of a kind names one of them. */
export function isNamed(name: string, resource: string): string {
  return String.raw`"objectRef":\{"resource":"${resource}",(?:"namespace":"${inside}",)?"(?<${name}>name)":`;
}

/** In which namespace the logs are that a request reads. */
export const logsCapture = String.raw`"objectRef":\{"resource":"pods","namespace":"(?<logsOf>${inside})"${refMembers},"subresource":"log"`;

/** The service account for which a token is asked. */
export const tokenCapture = String.raw`"objectRef":\{"resource":"serviceaccounts","(?<tokenOf>namespace":"${inside}","name":"${inside})"${refMembers},"subresource":"token"`;

/** Which of some objects a request is for; `names` have the namespace before a slash. */
export function objectCapture(name: string, resource: string, names: Iterable<string>): string {
  return named(resource, names).replace('(?:', `(?<${name}>`);
}

/** What a kubelet asks when somebody speaks to it: who, and about which part of its API. Source: kubernetes, `SubjectAccessReviewSpec`. */
export const kubeletQuestion = String.raw`"resourceAttributes":\{"verb":"(?<askedVerb>${inside})"[^}]*?"resource":"nodes"(?:,"subresource":"(?<askedPart>${inside})")?[^}]*\},"user":"(?<asker>${inside})"`;

/** What the authenticator answered whom on which day. Source: kubernetes-sigs/aws-iam-authenticator, `pkg/server/server.go`. */
export const answerCaptures: readonly string[] = [
  String.raw`^time="(?<toldDay>\d{4}-\d\d-\d\d)`,
  ' msg="(?<answer>access granted|access denied)"',
  ` arn="(?<arn>${inside})"`,
];

/** The names that a regular expression captures under. */
export function namesIn(expression: string): string[] {
  return [...expression.matchAll(/\(\?<([A-Za-z]\w*)>/g)].map(([, name = '']) => name);
}
