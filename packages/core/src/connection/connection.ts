import { createClient, type HttpOptions } from '../http/client.ts';
import { circuitBreaker } from '../http/policies/circuit-breaker.ts';
import { replaceable } from '../http/replaceable-wire.ts';
import type { ResponseRule } from '../http/response-rule.ts';
import { streamWire, type StreamWire } from '../http/streaming/stream-wire.ts';
import type { HttpRequest, Policy, Send, Wire } from '../http/types.ts';
import { gotWire } from '../http/wire.ts';
import type { Logger } from '../output/logger.ts';
import type { JsonObject } from '../protocol/json.ts';
import { policyOf } from './auth.ts';
import { CallSender } from './call-sender.ts';
import { CallStream } from './call-stream.ts';
import { HttpCalls } from './calls.ts';
import type { ConnectionConfig } from './config.ts';
import { failureRules } from './failure-rules.ts';
import { ping, type PingReport } from './ping.ts';
import { buildRequest, type CallOptions, type CallRequest } from './request.ts';
import { CallResponse } from './response.ts';
import { soapContent, soapFaultRule, soapRequest, type SoapCallOptions } from './soap.ts';

export const DEFAULT_POOL_SIZE = 10;

/** One API, with everything that all requests to it have in common. `HttpConnections` makes them. */
export class HttpConnection extends HttpCalls {
  readonly name: string;
  readonly #config: ConnectionConfig;
  readonly #log: Logger | undefined;
  readonly #http: HttpOptions;
  readonly #rules: readonly ResponseRule[];
  readonly #authenticator: Policy | undefined;
  /** None where the config brings its own, which is not ours to close. */
  readonly #wire: Wire | undefined;
  readonly #streams: StreamWire;
  readonly #client: Send;
  readonly #streamClient: Send;

  constructor(name: string, config: ConnectionConfig, log?: Logger) {
    super();
    const { auth, timeouts, retry, failureStatuses, poolSize = DEFAULT_POOL_SIZE, http = {} } = config;
    this.name = name;
    this.#config = config;
    this.#log = log;
    const patience = { ...http.retry, ...retry };
    const judged = failureStatuses ? failureRules(failureStatuses) : [];
    this.#rules = [...(patience.rules ?? []), soapFaultRule, ...judged];
    this.#http = {
      connections: poolSize,
      ...http,
      ...(timeouts && { timeouts: { ...http.timeouts, ...timeouts } }),
      retry: { ...patience, rules: this.#rules },
    };
    this.#authenticator = auth && policyOf(auth);
    this.#wire = this.#http.wire ? undefined : gotWire(this.#http);
    this.#streams = streamWire(this.#http);
    // Two wires under the same policies. A stream is not cached: when its answer is judged, it has no body yet.
    const { cache, circuitBreaker: breaker = circuitBreaker(), ...rest } = this.#http;
    const shared = { ...rest, authenticator: this.#authenticator, circuitBreaker: breaker };
    this.#client = createClient({
      ...shared,
      ...(cache && { cache }),
      ...(this.#wire && { wire: replaceable(this.#wire) }),
    });
    this.#streamClient = createClient({
      ...shared,
      wire: rest.wire ?? replaceable(this.#streams.send, { streamed: true }),
    });
  }

  async send(request: CallRequest): Promise<CallResponse> {
    return new CallResponse(await this.#client(this.#build(request)));
  }

  async stream(path: string, options: CallOptions & { readonly method?: string } = {}): Promise<CallStream> {
    return new CallStream(await this.#streamClient(this.#build({ ...options, path })));
  }

  async ping({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<PingReport> {
    const { method = 'HEAD', path = '' } = this.#config.ping ?? {};
    return ping(this.#build({ method, path, signal }), {
      authenticator: this.#authenticator,
      rules: this.#rules,
      http: this.#http,
    });
  }

  async soap(action: string, body: JsonObject | string, options: SoapCallOptions = {}): Promise<JsonObject> {
    const request = this.#build(await soapRequest(action, body, options), true);
    return soapContent(new CallResponse(await this.#client(request)), `connection "${this.name}"`);
  }

  /** Closes idle sockets, and those of streams with what is still read from them; the others when their answer is there. */
  async close(): Promise<void> {
    await Promise.all([this.#streams.close(), this.#wire?.close()]);
  }

  #build(request: CallRequest, soap = false): HttpRequest {
    const { baseUrl, headers = {} } = this.#config;
    return buildRequest(request, { baseUrl, headers, sender: new CallSender(this.name, soap, this.#log) });
  }
}
