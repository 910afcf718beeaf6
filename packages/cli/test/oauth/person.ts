/** A person with a browser: follows redirects, keeps cookies, fills in the forms of the server's pages. */
export const person = () => {
  const cookies = new Map<string, string>();

  const send = async (url: string, body?: URLSearchParams): Promise<{ url: string; status: number; html: string }> => {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(body && { method: 'POST', body }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location !== null) return send(new URL(location, url).href);
    return { url, status: response.status, html: await response.text() };
  };

  const submit = (page: { url: string; html: string }, filled: Readonly<Record<string, string>>) => {
    const action = /<form[^>]* action="([^"]+)"/.exec(page.html)?.[1] ?? page.url;
    const body = new URLSearchParams();
    for (const [field] of page.html.matchAll(/<input[^>]*>/g)) {
      const name = / name="([^"]*)"/.exec(field)?.[1];
      if (name !== undefined) body.set(name, filled[name] ?? / value="([^"]*)"/.exec(field)?.[1] ?? '');
    }
    return send(new URL(unescape(action), page.url).href, body);
  };

  /** Logs in and allows what is asked, page by page, until there is no form left. */
  const allow = async (page: { url: string; status: number; html: string }) => {
    for (let pages = 0; pages < 5 && page.html.includes('<form'); pages += 1) {
      page = await submit(page, { login: 'jane', password: 'anything' });
    }
    return page;
  };

  return {
    visit: send,
    /** Gives consent on the page the command has shown; the last page of the login. */
    consent: async (url: string) => allow(await send(url)),
    /** Goes to the page that asks for consent and refuses. */
    deny: async (url: string) => {
      const page = await send(url);
      const abort = /href="([^"]*\/abort)"/.exec(page.html)?.[1] ?? '';
      return send(new URL(unescape(abort), page.url).href);
    },
    /** Enters the code of a device and gives consent. */
    enterCode: async (url: string, code: string) => {
      const page = await send(url);
      return allow(await submit(page, { user_code: code }));
    },
    denyCode: async (url: string, code: string) => {
      const page = await submit(await send(url), { user_code: code });
      return submit({ ...page, html: page.html.replace('name="confirm"', 'name="abort"') }, {});
    },
  };
};

const unescape = (text: string): string => text.replaceAll('&amp;', '&');
