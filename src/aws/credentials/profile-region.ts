import { join } from 'node:path';
import type { Environment } from '../../core/environment.ts';

/**
 * The environment with the region of the profile as AWS_REGION, as in the AWS CLI: if no variable
 * sets a region, that of AWS_PROFILE or of the default profile applies. Never rejects: files that
 * cannot be read set no region.
 */
export async function withProfileRegion<E extends Environment>(env: E): Promise<E> {
  if (env['AWS_REGION'] || env['AWS_DEFAULT_REGION']) return env;
  const folder = env['HOME'] ? join(env['HOME'], '.aws') : null;
  const configFilepath = env['AWS_CONFIG_FILE'] || (folder && join(folder, 'config'));
  const filepath = env['AWS_SHARED_CREDENTIALS_FILE'] || (folder && join(folder, 'credentials'));
  if (!configFilepath && !filepath) return env;
  const { loadSharedConfigFiles } = await import('../sdk/config.ts');
  const files = await loadSharedConfigFiles({
    configFilepath: configFilepath || '/dev/null',
    filepath: filepath || '/dev/null',
    ignoreCache: true,
  });
  const profile = env['AWS_PROFILE'] || 'default';
  const region = files.credentialsFile[profile]?.['region'] ?? files.configFile[profile]?.['region'];
  return region ? { ...env, AWS_REGION: region } : env;
}
