import { ConfigError } from '../errors.ts';
import { registerSecret } from '../output/redact.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import type { ConnectorSpecification } from '../protocol/types.ts';
import { secretsOf } from '../schema/secret-values.ts';
import { validateDocument } from '../schema/validate-document.ts';

/**
 * The config as the source sees it: valid, with the spec's defaults filled in. From here on its secrets are not printed.
 *
 * @throws ConfigError with every violation
 */
export const validConfig = async (spec: ConnectorSpecification, document: unknown): Promise<JsonObject> => {
  const schema = spec.connectionSpecification;
  for (const secret of secretsOf(schema, document)) registerSecret(secret);
  if (!isJsonObject(document)) {
    throw new ConfigError([
      { pointer: '', message: `expected object, got ${document === null ? 'null' : typeof document}` },
    ]);
  }
  const config = structuredClone(document);
  const violations = await validateDocument(schema, config, { useDefaults: true });
  if (violations.length > 0) throw new ConfigError(violations);
  for (const secret of secretsOf(schema, config)) registerSecret(secret);
  return config;
};
