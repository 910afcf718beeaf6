import { Oauth2Authenticator, Source, firstRecordOf, type PrepareContext } from '@headwater/core';
import type { Config } from './record-types.ts';
import { Customers, Invoices } from './streams.ts';

export class InvoiceSource extends Source<Config> {
  override readonly directory = new URL('..', import.meta.url);

  #oauth: Oauth2Authenticator | undefined;

  /**
   * Called before `check` and `streams`, and the only hook that can save a config. Here that is vital: a refresh token is
   * good once, and what comes with the access token is the only one that is good from then on. So the platform has it
   * before the access token is used.
   */
  override prepare(config: Config, context: PrepareContext): Config {
    this.#oauth = new Oauth2Authenticator({
      tokenUrl: config.token_url,
      clientId: config.client_id,
      clientSecret: config.client_secret,
      clientAuth: 'basic',
      refreshToken: config.refresh_token,
      onTokens: ({ refreshToken = config.refresh_token }) =>
        context.saveConfig({ ...config, refresh_token: refreshToken }),
    });
    return config;
  }

  async check(config: Config): Promise<void> {
    await firstRecordOf(new Customers(this.#api(config)));
  }

  streams(config: Config) {
    const api = this.#api(config);
    const customers = new Customers(api);
    return [customers, new Invoices({ ...api, customers })];
  }

  /** One authenticator for all streams: they share the credential, and ask for one new token however many need it. */
  #api(config: Config) {
    if (!this.#oauth) throw new Error('prepare has not been called.');
    return { config, oauth: this.#oauth };
  }
}
