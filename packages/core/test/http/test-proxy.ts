import { createServer, request as forward, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { started, type TestServer } from './tls-server.ts';

export interface TestProxy extends TestServer {
  readonly host: string;
  readonly url: string;
  /** Everything asked of it: `CONNECT localhost:443`, `GET http://api.example.com/x`. */
  readonly asked: readonly string[];
  readonly authorizations: readonly (string | undefined)[];
}

export interface TestProxyOptions {
  /** Answers everything with this status. */
  readonly refuseWith?: number;
  /** Where every name leads to, in place of DNS. */
  readonly target?: number;
  /** Takes connections and says nothing. */
  readonly silent?: boolean;
}

/** A real proxy: tunnels by CONNECT, and forwards plain requests. All names lead to the loopback interface. */
export const testProxy = async ({ refuseWith, target, silent }: TestProxyOptions = {}): Promise<TestProxy> => {
  const asked: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const note = ({ method, url, headers }: IncomingMessage) => {
    asked.push(`${method} ${url}`);
    authorizations.push(headers['proxy-authorization']);
  };

  const server = createServer((incoming, outgoing) => {
    note(incoming);
    if (silent) return;
    if (refuseWith !== undefined) {
      outgoing.writeHead(refuseWith).end('no');
      return;
    }
    const url = new URL(incoming.url ?? '');
    const { 'proxy-authorization': _mine, ...headers } = incoming.headers;
    const port = target ?? Number(url.port);
    const onward = forward(
      { host: '127.0.0.1', port, method: incoming.method, path: url.pathname + url.search, headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      },
    );
    incoming.pipe(onward);
  });
  server.on('connect', (incoming, client) => {
    note(incoming);
    if (silent) return;
    if (refuseWith !== undefined) {
      client.end(`HTTP/1.1 ${refuseWith} No\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const port = target ?? Number(incoming.url?.split(':').at(-1));
    const tunnel = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      tunnel.pipe(client).pipe(tunnel);
    });
    tunnel.on('error', () => client.destroy());
    client.on('error', () => tunnel.destroy());
    client.on('close', () => tunnel.destroy());
  });

  const test = await started(server);
  const host = `127.0.0.1:${test.port}`;
  return { ...test, host, url: `http://${host}`, asked, authorizations };
};
