import type { ReceivedRequest } from '../loopback-server.ts';
import type { Reply } from '../reply.ts';
import type { RouteParams } from '../route.ts';

/** A request that a route took, with the values of the route's `:name` segments. */
export interface RoutedRequest extends ReceivedRequest {
  readonly params: RouteParams;
}

/** A ready reply, or a function that makes one from the request. */
export type Answer = Reply | ((request: RoutedRequest) => Reply | Promise<Reply>);
