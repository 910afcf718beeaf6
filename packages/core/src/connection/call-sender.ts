import type { Sender } from '../http/types.ts';
import type { Logger } from '../output/logger.ts';

/** The sender of a connection's requests. */
export class CallSender implements Sender {
  readonly label: string;
  /** Whether a Fault is an answer to be read: it travels with the request, since the policies are those of all calls. */
  readonly soap: boolean;
  // There only if somebody listens, as the interface has it.
  declare readonly log?: Logger;

  constructor(connection: string, soap: boolean, log: Logger | undefined) {
    this.label = `connection "${connection}"`;
    this.soap = soap;
    if (log) this.log = log;
  }
}
