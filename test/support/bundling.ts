import type { BuildOptions } from 'esbuild';
import { bundling, project } from '../../infra/bundle.ts';

/** The options by which CDK has esbuild bundle a function, in the words of esbuild's own interface. */
export function bundlingOptions(): BuildOptions {
  const [name = '', replacement = ''] = (bundling.esbuildArgs?.['--alias'] as string).split('=');
  return {
    absWorkingDir: project.projectRoot,
    bundle: true,
    platform: 'node',
    format: 'esm',
    minify: bundling.minify ?? false,
    target: bundling.target ?? '',
    mainFields: bundling.mainFields ?? [],
    banner: { js: bundling.banner ?? '' },
    alias: { [name]: replacement },
  };
}
