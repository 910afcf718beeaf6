import { InvalidArgumentError, Option, type Command } from 'commander';

import type { Given } from './client.ts';
import type { LoginOptions } from './login.ts';

const CLIENT_ID = 'HEADWATER_OAUTH_CLIENT_ID';
const CLIENT_SECRET = 'HEADWATER_OAUTH_CLIENT_SECRET';

/** What commander makes of the command line. */
type Parsed = Omit<LoginOptions, 'clientId' | 'clientSecret'> & {
  readonly clientId?: string;
  readonly clientSecret?: string;
};

/** Adds `oauth login`. */
export const addOauth = (program: Command): void => {
  program
    .command('oauth')
    .description('Get the tokens of an API that wants OAuth 2.0.')
    .command('login')
    .description('Log in as the "advanced_auth" of a connector\'s spec says, and write the tokens into its config.')
    .argument('[connector]', "the connector's main file, or its directory", '.')
    .requiredOption('--config <file>', 'JSON file with the config; created if it is not there')
    .addOption(new Option('--client-id <id>', 'the client, if the config does not name it').env(CLIENT_ID))
    .addOption(
      new Option('--client-secret <secret>', 'its secret; other users may see it here, rather set the variable').env(
        CLIENT_SECRET,
      ),
    )
    .addOption(new Option('--client-auth <where>', 'where the client sends its secret').choices(['body', 'basic']))
    .option('--scope <scopes>', 'what to ask for instead of what the spec says')
    .addOption(
      new Option('--port <n>', 'port of the redirect URL http://127.0.0.1:PORT/callback')
        .argParser(wholeNumber(65_535))
        .default(0, 'any that is free')
        .conflicts('device'),
    )
    .option('--device', 'enter a code in a browser on any machine (RFC 8628)', false)
    .option('--no-browser', 'only print the URL')
    .option('--issuer <url>', 'ask this server for its endpoints (OpenID discovery, RFC 8414)')
    .option('--authorization-url <url>', 'where consent is given')
    .option('--token-url <url>', 'where tokens are given')
    .option('--device-url <url>', 'where a device asks for its code')
    .option('--timeout <seconds>', 'how long to wait for the consent', wholeNumber(86_400, 1), 300)
    .option('--debug', 'also tell which requests are sent, without their secrets', false)
    .addHelpText(
      'after',
      `
  Example, for a client that is registered with the redirect URL http://127.0.0.1:8400/callback:

    ${CLIENT_SECRET}=… headwater oauth login dist/main.js --config config.json --client-id my-app --port 8400

  What comes from an environment variable is written into the config as a reference to it: \${env:${CLIENT_SECRET}}.`,
    )
    .action(async (connector: string, parsed: Parsed, command: Command) => {
      const given = (name: 'clientId' | 'clientSecret', variable: string): Given | undefined => {
        const value = parsed[name];
        if (value === undefined || value === '') return undefined;
        return { value, written: command.getOptionValueSource(name) === 'env' ? `\${env:${variable}}` : value };
      };
      const { clientId: _, clientSecret: __, ...options } = parsed;
      const id = given('clientId', CLIENT_ID);
      const secret = given('clientSecret', CLIENT_SECRET);
      const { login } = await import('./login.ts');
      await login(connector, { ...options, ...(id && { clientId: id }), ...(secret && { clientSecret: secret }) });
    });
};

const wholeNumber =
  (most: number, least = 0) =>
  (text: string): number => {
    const number = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
  };
