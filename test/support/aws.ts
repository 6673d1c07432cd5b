import { LocalHttp } from './http.ts';

/** What is asked of AWS, whatever the protocol: the name of the call, and where it says so, of what. */
export interface AwsCall {
  readonly call: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** An answer: an object for JSON, a text for XML, or the name of an error. */
export type AwsAnswer = { readonly json: unknown } | { readonly xml: string } | { readonly refused: string; readonly status?: number };

/**
 * AWS as far as the coverage check asks it, in the protocols of its services. Sources: Smithy specifications of AWS JSON 1.0 and
 * 1.1, REST JSON, query and EC2 query; API references of the services.
 */
export class LocalAws {
  readonly asked: AwsCall[] = [];
  private readonly http: LocalHttp;

  private constructor(http: LocalHttp) {
    this.http = http;
  }

  static async start(answer: (call: AwsCall) => AwsAnswer): Promise<LocalAws> {
    const http = await LocalHttp.start({ status: 500 });
    const aws = new LocalAws(http);
    http.usual = (request) => {
      const call = callOf(request);
      aws.asked.push(call);
      return replyTo(answer(call), request.headers['content-type'] ?? '');
    };
    return aws;
  }

  get url(): string {
    return this.http.url;
  }

  stop(): Promise<void> {
    return this.http.stop();
  }
}

type Request = LocalHttp['received'][number];

function callOf({ path, headers, body }: Request): AwsCall {
  const target = headers['x-amz-target'];
  if (typeof target === 'string')
    return { call: target.split('.').at(-1) ?? '', parameters: JSON.parse(body || '{}') as Record<string, unknown> };
  if (body.startsWith('Action=') || body.includes('&Action=')) {
    const form = Object.fromEntries(new URLSearchParams(body));
    return { call: String(form['Action']), parameters: form };
  }
  const { pathname, searchParams } = new URL(path, 'http://local');
  return { call: decodeURIComponent(pathname), parameters: Object.fromEntries(searchParams) };
}

function replyTo(answer: AwsAnswer, asked: string | string[]): Exclude<LocalHttp['usual'], 'hang' | ((request: Request) => unknown)> {
  const form = String(asked).includes('x-www-form-urlencoded');
  if ('json' in answer) return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(answer.json) };
  if ('xml' in answer) return { status: 200, headers: { 'content-type': 'text/xml' }, body: answer.xml };
  const { refused, status = 403 } = answer;
  const headers = { 'content-type': form ? 'text/xml' : 'application/json', 'x-amzn-errortype': refused };
  const xml = `<ErrorResponse><Error><Code>${refused}</Code><Message>refused</Message></Error></ErrorResponse>`;
  return { status, headers, body: form ? xml : JSON.stringify({ __type: refused, message: 'refused' }) };
}
