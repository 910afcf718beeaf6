import { createServer } from 'node:https';
import { listen } from '../servers.ts';
import { selfSigned } from '../certificates.ts';
import type { Hostile, Section } from '../row.ts';

const strange = async (): Promise<Hostile> => {
  const { key, cert } = await selfSigned();
  let heard = 0;
  const server = createServer({ key, cert }, (_request, response) => {
    heard++;
    response.end('{"items":[]}');
  });
  let attempts = 0;
  server.on('connection', () => void attempts++);
  const { port, ...disposal } = await listen(server);
  return { ...disposal, url: `https://127.0.0.1:${port}`, attempts: () => attempts, heard: () => heard };
};

export const certificates: Section = {
  title: 'Certificates',
  about: 'Certificates that are expired, or for another host, are in the table of processes below.',
  rows: [
    {
      fault: 'A self-signed certificate',
      arrange: strange,
      pages: [1],
      expect: {
        records: [],
        attempts: 1,
        error: {
          code: 'HEADWATER_NETWORK',
          failureType: 'config_error',
          says: "the server's certificate is self-signed. Check the URL in the config",
        },
      },
      kit: 'Sends nothing.',
    },
  ],
};
