import { describeSettings, path } from '#service-runtime';
import { Option } from 'commander';
import { z } from 'zod';

/** Variables that commands of `berth` read. A flag takes precedence. */
export const environment = {
  BERTH_API: z
    .string()
    .default('http://127.0.0.1:8080')
    .meta({ title: 'URL' })
    .describe('URL of the gateway'),
  BERTH_TOKEN: z.string().optional().describe('access token for the gateway'),
  NATS_SERVER: path
    .optional()
    .describe('the nats-server that `dev` starts; found on PATH or in npm packages if not set'),
  BERTH_CONFIG: path.optional().describe('YAML file with settings of `agent`'),
};

/** A flag whose value may be set by an environment variable instead. */
export function flagOf(flag: string, setting: keyof typeof environment): Option {
  const [described] = describeSettings({ [setting]: environment[setting] });
  const option = new Option(flag, described?.meaning.split(';')[0]).env(setting);
  return described?.byDefault == null ? option : option.default(described.byDefault);
}
