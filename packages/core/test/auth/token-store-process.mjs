// A connector's process: reads pages with a credential that it shares through a token store, then says what became of it.
const { core, tokenUrl, apiUrl, refreshToken, tokenStore, name, pages } = JSON.parse(process.argv[2]);
const { createClient } = await import(`${core}/http/client.js`);
const { Oauth2Authenticator } = await import(`${core}/auth/oauth2-authenticator.js`);

const authenticator = new Oauth2Authenticator({
  tokenUrl,
  clientId: 'reader',
  clientSecret: 'client-secret-of-two',
  refreshToken,
  tokenStore,
});
const send = createClient({ authenticator });
for (let page = 0; page < pages; page++) await send({ method: 'GET', url: apiUrl, headers: { 'x-process': name } });
process.exit(0);
