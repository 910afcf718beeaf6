import type { ReceivedRequest } from '../loopback-server.ts';
import type { Reply } from '../reply.ts';
import { parseRoute, type Route } from '../route.ts';
import type { Answer } from './answer.ts';

/** Answers in order, and how many of them were given. */
export interface Given<A> {
  readonly answers: readonly A[];
  given: number;
}

export interface RouteEntry extends Given<Answer> {
  /** As it was declared. */
  readonly text: string;
  readonly route: Route;
}

/** All that a test told the server to answer, and what of it was asked for. */
export interface Script {
  reply(reply: Reply): void;
  on(route: string, answers: readonly Answer[]): void;
  /**
   * The reply to a request; undefined when nothing is left for it.
   *
   * @throws whatever the answer of a route throws
   */
  answer(request: ReceivedRequest): Promise<Reply | undefined>;
  readonly replies: Readonly<Given<Reply>>;
  /** In the order they were declared in. */
  readonly routes: readonly Readonly<RouteEntry>[];
}

export const emptyScript = (): Script => {
  const replies: Reply[] = [];
  const script: Given<Reply> = { answers: replies, given: 0 };
  const routes: RouteEntry[] = [];

  return {
    replies: script,
    routes,
    reply: (reply) => void replies.push(reply),
    on: (text, answers) => void routes.push({ text, route: parseRoute(text), answers: [...answers], given: 0 }),
    async answer(request) {
      // The route declared last goes first.
      for (const entry of routes.toReversed()) {
        const params = entry.route(request.method, request.path);
        if (params === undefined) continue;
        const answer = entry.answers[Math.min(entry.given, entry.answers.length - 1)];
        entry.given += 1;
        if (answer === undefined) continue;
        return typeof answer === 'function' ? await answer({ ...request, params }) : answer;
      }
      const reply = replies[script.given];
      if (reply !== undefined) script.given += 1;
      return reply;
    },
  };
};
