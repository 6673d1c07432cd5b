/** Credentials as the SDK's clients expect a provider to give them. */
interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * Stands in for `@aws-sdk/credential-provider-node` in bundles, where every client imports exactly this name from it.
 * Lambda sets the three variables in each execution environment and they outlive it, hence no expiry.
 */
export const defaultProvider = () => (): Promise<Credentials> => {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = process.env;
  if (!accessKeyId || !secretAccessKey)
    return Promise.reject(
      new Error('no AWS credentials in the environment: this bundle is for Lambda, which sets AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'),
    );
  return Promise.resolve({ accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) });
};
