import { setTimeout as sleep } from 'node:timers/promises';

import { CommandError } from '../command-error.ts';
import type { JsonObject } from '../types/read-document.ts';
import { codeOf, explain } from './failures.ts';
import type { LoginContext } from './login-context.ts';
import { tokenValues } from './template-values.ts';
import { tokenRequest } from './token-request.ts';
import { isLoopback, secureUrl, shown } from './urls.ts';

/** Seconds between two questions, if the server does not say, and what "slow down" adds (RFC 8628, 3.5). */
const INTERVAL = 5;

type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>;

const waitFor: Wait = (milliseconds, signal) => sleep(milliseconds, undefined, { signal });

/**
 * Logs in by the device authorization grant (RFC 8628): the user enters a code in a browser anywhere.
 *
 * @returns what the token endpoint answered
 * @throws CommandError
 */
export const deviceFlow = async (context: LoginContext, wait: Wait = waitFor): Promise<JsonObject> => {
  const oauth = await import('oauth4webapi');
  const { server, scope, signal, tell } = context;
  if (!server.device) {
    throw new CommandError(
      'It is not known where a device asks for its code. Give --device-url, or --issuer of a server that offers it.',
    );
  }
  const deviceUrl = secureUrl(server.device.url, server.device.where);
  const values = tokenValues(context, { redirectUri: '', state: '', codeChallenge: '', code: '' });
  const request = await tokenRequest(context, 'device', values);
  const as = { ...request.server, device_authorization_endpoint: deviceUrl.href };
  const secrets = [context.clientSecret ?? ''];

  const ask = async () => {
    const response = await oauth.deviceAuthorizationRequest(
      as,
      request.client,
      request.clientAuth,
      scope === undefined ? {} : { [context.auth.names.scope]: scope },
      { ...request.options, [oauth.allowInsecureRequests]: isLoopback(deviceUrl) },
    );
    return oauth.processDeviceAuthorizationResponse(as, request.client, response);
  };
  const device = await ask().catch((error: unknown) => {
    throw explain(error, shown(deviceUrl), secrets);
  });
  const page = secureUrl(device.verification_uri_complete ?? device.verification_uri, shown(deviceUrl));
  tell(
    `Open this page, in a browser on any machine:\n\n${device.verification_uri}\n\nand enter the code ${device.user_code}\n`,
  );
  context.browse(page);

  const until = Date.now() + device.expires_in * 1000;
  secrets.push(device.device_code);
  let interval = device.interval ?? INTERVAL;
  while (Date.now() < until) {
    await wait(interval * 1000, signal).catch((error: unknown) => {
      throw signal.aborted ? signal.reason : error;
    });
    try {
      const response = await oauth.deviceCodeGrantRequest(
        as,
        request.client,
        request.clientAuth,
        device.device_code,
        request.options,
      );
      await oauth.processDeviceCodeResponse(as, request.client, response);
      return request.answer();
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (codeOf(error) === 'slow_down') interval += INTERVAL;
      else if (codeOf(error) !== 'authorization_pending') throw explain(error, shown(request.url), secrets);
    }
  }
  throw new CommandError(`The code ${device.user_code} has expired before it was entered. Run the command again.`);
};
