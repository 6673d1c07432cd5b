import { fileURLToPath } from 'node:url';

import { type BundlingOptions, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The repository's root and lock file: without them CDK guesses from the working directory. */
export const project = { projectRoot: here('..'), depsLockFilePath: here('../package-lock.json') };

/** The file that holds a function's `handler`. */
export const entryOf = (name: string) => here(`../functions/${name}.ts`);

/**
 * One minified ECMAScript module per function. There is no metafile: it would go into the asset and make its hash differ
 * from one checkout to the next.
 */
export const bundling: BundlingOptions = {
  format: OutputFormat.ESM,
  target: 'node24',
  minify: true,
  // The SDK's ECMAScript build is a little over half the size of the CommonJS one that esbuild prefers for Node.
  mainFields: ['module', 'main'],
  // Bundled, the SDK loads faster than the runtime's copy, and its version is the one that was tested.
  bundleAwsSDK: true,
  // CommonJS dependencies call `require`, which modules lack.
  banner: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);",
  // Lambda hands credentials over in the environment: the chain of other sources is a third of a cold start.
  esbuildArgs: { '--alias': `@aws-sdk/credential-provider-node=${here('env-credentials.ts')}` },
};
