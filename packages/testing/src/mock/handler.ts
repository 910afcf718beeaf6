import type { ReceivedRequest } from '../loopback-server.ts';
import type { Reply } from '../reply.ts';

/** Answers one request. What the mock API can do beside its routes is laid around one of these. */
export type Handler = (request: ReceivedRequest) => Reply | Promise<Reply>;

/** An error answer in the form all parts of the mock API use. */
export const refusal = (status: number, message: string, headers: Reply['headers'] = {}): Reply => ({
  status,
  headers,
  body: { error: { message } },
});
