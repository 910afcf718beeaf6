import { planFromOpenApi } from '../openapi/plan-from-openapi.ts';
import { readConnector } from './connector.ts';

/** A stream that a description has. */
export interface Offer {
  readonly name: string;
  readonly path: string;
  /** The stream it is a child of. */
  readonly parent?: string;
  /** The config fields it needs. */
  readonly config: readonly string[];
  /** Whether the connector has it. */
  readonly present: boolean;
  /** Whether `headwater new` takes it when nobody chooses. */
  readonly taken: boolean;
  /** Why it is taken, or why not. */
  readonly because: string;
}

/** All that a description has to offer to a connector. */
export const listStreams = async (openapi: string, directory: string): Promise<readonly Offer[]> => {
  const { names } = await readConnector(directory);
  const { candidates } = await planFromOpenApi(openapi);
  return candidates.map(({ name, path, parent, config, taken, because }) => ({
    name,
    path,
    ...(parent !== undefined && { parent }),
    config,
    present: names.has(name),
    taken,
    because,
  }));
};
