import { toJson } from '../to-json.ts';
import { isObject, parseExact } from './exact-json.ts';

/** The lines of an output, but for the configs that its CONTROL messages hand to the platform. */
export const withoutControlConfigs = (stdout: string): string =>
  stdout
    .split('\n')
    .map((line) => {
      const message = line.includes('connectorConfig') ? parseExact(line) : undefined;
      if (!isObject(message) || message['type'] !== 'CONTROL' || !isObject(message['control'])) return line;
      return toJson({ ...message, control: { ...message['control'], connectorConfig: undefined } });
    })
    .join('\n');
