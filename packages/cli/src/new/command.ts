import { InvalidArgumentError, Option, type Command } from 'commander';

import type { AuthPlan } from '../plan/plan.ts';
import { AUTH_WORDS, parseAuth, type OauthDetails } from './auth-flag.ts';
import { KINDS, whyNotBaseUrl, type Kind, type NewOptions } from './options.ts';
import { PAGINATION_WORDS, parsePagination } from './pagination-flag.ts';

/** What commander makes of the command line. */
type Parsed = Omit<NewOptions, 'name' | 'auth' | 'yes' | 'json'> &
  OauthDetails & { readonly auth?: string; readonly yes?: true; readonly json?: true };

/** Adds `new`. */
export const addNew = (program: Command): void => {
  program
    .command('new')
    .description('Make a connector: from the URL of an API, from its OpenAPI description, or from its answers.')
    .argument('[name]', 'of the connector and its folder, e.g. source-acme')
    .addOption(new Option('--kind <kind>', 'what to start from').choices(KINDS).argParser(kindOf))
    .option('--openapi <file|url>', 'OpenAPI 3.0 or 3.1, or Swagger 2: a stream for each list in it')
    .option('--from-response <file|url>', 'a sample answer: JSON, a HAR file, or a URL; may be repeated', collect)
    .option('--header <header>', 'with --from-response URL: sent along, "Name: value"; may be repeated', collect)
    .option('--streams <names>', 'of the streams that were found, only these: a,b', list)
    .option('--title <title>', 'what people call the API; by default the name tells it')
    .option('--base-url <url>', 'what the URLs of the API begin with', baseUrl)
    .option('--auth <how>', AUTH_WORDS.join(', '))
    .option('--token-url <url>', 'for OAuth 2.0: where tokens are given')
    .option('--consent-url <url>', 'for OAuth 2.0: where a person gives consent')
    .option('--scopes <scopes>', 'for OAuth 2.0: what to ask for: a,b', list)
    .option('--pagination <how>', PAGINATION_WORDS.join(', '), parsePagination)
    .option('--directory <dir>', 'where to make it: inside the working folder, or any absolute path')
    .option('--kit <dir>', 'take the kit from the tarballs in this folder and not from the registry')
    .option('--no-install', 'write the files only: install, record and test nothing')
    .option('--no-test', 'install and record, but do not run the tests')
    .option('-y, --yes', 'ask nothing; what no flag says has a default')
    .option('--json', 'print on stdout what was made: one JSON document')
    .addHelpText(
      'after',
      `
  Without a terminal nothing is asked either. What is not said begins as a made-up API with a bearer
  token and page numbers.

  How a paginator is told its options, by their names in the kit:
    --pagination cursor:$.next_cursor,param=after      --pagination next-url:$.links.next
    --pagination page-number:sizeParam=per_page,pageSize=50      --pagination offset:limit=100

  Examples:
    headwater new source-acme --base-url https://api.acme.com/v1 --auth api-key-header:X-API-Key
    headwater new --openapi https://acme.com/openapi.json --streams customers,orders
    headwater new source-acme --from-response customers.json --from-response orders.json --yes`,
    )
    .action(async (name: string | undefined, parsed: Parsed, command: Command) => {
      const options = usable(name, parsed, command);
      const { makeConnector } = await import('./make-connector.ts');
      await makeConnector(options);
    });
};

/** What the flags say together; ends with a usage error where they contradict each other. */
const usable = (name: string | undefined, parsed: Parsed, command: Command): NewOptions => {
  const { auth, tokenUrl, consentUrl, scopes, kind, ...rest } = parsed;
  if (rest.openapi !== undefined && rest.fromResponse !== undefined) {
    command.error("error: options '--openapi' and '--from-response' exclude each other");
  }
  const found = rest.openapi !== undefined ? 'openapi' : rest.fromResponse !== undefined ? 'from-response' : undefined;
  if (kind !== undefined && found !== undefined && kind !== found) {
    command.error(`error: --kind ${kind} has no use for --${found}. Leave one of them out.`);
  }
  const oauth = { ...(tokenUrl && { tokenUrl }), ...(consentUrl && { consentUrl }), ...(scopes && { scopes }) };
  const chosen = found ?? kind;
  return {
    ...rest,
    yes: rest.yes === true,
    json: rest.json === true,
    ...(chosen && { kind: chosen }),
    ...(name !== undefined && { name }),
    ...(auth !== undefined && { auth: authOf(auth, oauth, command) }),
  };
};

const authOf = (text: string, oauth: OauthDetails, command: Command): AuthPlan => {
  try {
    return parseAuth(text, oauth);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    return command.error(`error: option '--auth <how>' argument ${error.message}`);
  }
};

const kindOf = (text: string): Kind => {
  const kind = KINDS.find((known) => known === text);
  if (kind) return kind;
  const why = text === 'destination' ? 'A destination cannot be made yet.' : `"${text}" is unknown.`;
  throw new InvalidArgumentError(`${why} Known: ${KINDS.join(', ')}.`);
};

const baseUrl = (text: string): string => {
  const why = whyNotBaseUrl(text);
  if (why !== undefined) throw new InvalidArgumentError(why);
  return text.replace(/\/+$/, '');
};

const list = (text: string): readonly string[] => {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.includes('')) throw new InvalidArgumentError('Expected names with commas between: a,b.');
  return parts;
};

const collect = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];
