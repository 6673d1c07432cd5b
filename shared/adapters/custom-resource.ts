/** What CloudFormation asks of a custom resource. Source: CloudFormation user guide, "Custom resource request objects". */
export interface ResourceRequest {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly OldResourceProperties?: Readonly<Record<string, unknown>>;
}

/** CloudFormation takes a reason of some kilobytes at most. */
const longestReason = 1_000;

/** Tells CloudFormation how it went; without an answer a deployment waits until the resource's time is up. */
export async function answerResource(
  { ResponseURL, StackId, RequestId, LogicalResourceId, PhysicalResourceId }: ResourceRequest,
  failure?: string,
): Promise<void> {
  const body = JSON.stringify({
    Status: failure === undefined ? 'SUCCESS' : 'FAILED',
    Reason: failure?.slice(0, longestReason),
    // The same for good: another would be a replacement, and the deletion of the old one.
    PhysicalResourceId: PhysicalResourceId ?? LogicalResourceId,
    StackId,
    RequestId,
    LogicalResourceId,
  });
  // The URL is signed for an empty content type. Source: CloudFormation user guide, "cfn-response module".
  const answer = await fetch(ResponseURL, { method: 'PUT', headers: { 'content-type': '' }, body, signal: AbortSignal.timeout(10_000) });
  if (!answer.ok) throw new Error(`CloudFormation did not take the answer: ${String(answer.status)}`);
}
