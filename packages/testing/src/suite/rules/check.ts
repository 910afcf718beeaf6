import { isObject, short, type ExactObject } from '../exact-json.ts';
import { wrongConfig } from '../credentials.ts';
import { compileJsonSchema } from '../json-schema.ts';
import type { Launch } from '../launcher.ts';
import { ending, type ObservedRun } from '../observed-run.ts';
import { NotApplicable, type Rule } from '../rule.ts';
import { gapReason, type SourceRuns } from '../source-runs.ts';

/** What the rules of source and destination have in common: both have a check. */
interface CheckRuns extends Pick<SourceRuns, 'configSchema' | 'check'> {
  readonly options: { readonly config: ExactObject; readonly invalidConfig?: ExactObject };
  readonly cassetteMode?: SourceRuns['cassetteMode'];
  readonly recordsFromOrigin?: boolean;
  readonly launch: (what: Launch) => Promise<ObservedRun>;
}

export const checkRules: readonly Rule<CheckRuns>[] = [
  {
    id: 'check-accepts-config',
    title: 'check says SUCCEEDED for a config that works',
    async check({ configSchema, check, options }, report) {
      const schema = await configSchema();
      const { check: validate } = schema === undefined ? {} : await compileJsonSchema(schema);
      const mismatch = validate?.(options.config);
      if (mismatch !== undefined) {
        report.fail(
          `The config that the suite was given violates the spec: ${mismatch.pointer || '/'} ${mismatch.message}.`,
          'Give the suite a config that works, or correct the spec.',
        );
      }
      const run = await check();
      if (run.gap !== undefined) throw new NotApplicable(gapReason(run.gap));
      const status = statusOf(run);
      if (status?.['status'] === 'SUCCEEDED' && run.exitCode === 0) return;
      const said = status === undefined ? 'printed no CONNECTION_STATUS' : `said ${short(status)}`;
      report.fail(
        `check ${said} and ${ending(run)}.`,
        'Print CONNECTION_STATUS with SUCCEEDED and end with exit code 0 when the config works; if it does not, give the suite one that does.',
      );
    },
  },
  {
    id: 'check-refuses-wrong-config',
    title: 'check says FAILED for a config with wrong credentials',
    async check({ configSchema, launch, options, cassetteMode, recordsFromOrigin }, report) {
      const { invalidConfig } = options;
      if (invalidConfig === undefined && cassetteMode === 'replay') {
        throw new NotApplicable('A cassette does not know which credentials are wrong. Give invalidConfig.');
      }
      if (recordsFromOrigin) {
        throw new NotApplicable(
          'The rule is tried without a cassette, and HEADWATER_CASSETTE_ORIGIN is for recording only: the credentials would go to the API itself.',
        );
      }
      const config = invalidConfig ?? wrongConfig(await configSchema(), options.config);
      if (config === undefined) {
        throw new NotApplicable('The config has no credential that could be made wrong. Give invalidConfig.');
      }
      // Its refusal would be recorded as the answer to the good config's request.
      const env = cassetteMode === 'record' ? { HEADWATER_CASSETTE: 'off' } : {};
      const run = await launch({ label: 'check (wrong config)', command: 'check', config, env });
      if (run.gap !== undefined) throw new NotApplicable(gapReason(run.gap));
      const status = statusOf(run)?.['status'];
      if (status === 'FAILED' && run.exitCode === 0) return;
      if (status === 'SUCCEEDED') {
        const how = invalidConfig === undefined ? 'whose credentials were changed' : 'given as invalidConfig';
        report.fail(
          `check says SUCCEEDED for the config ${how}.`,
          'Let check send a request that needs the credentials, and say FAILED when the API refuses it.',
        );
      } else if (run.errors.length > 0) {
        report.warn(
          `check refuses the wrong config by a TRACE ERROR and ${ending(run)}.`,
          'Print CONNECTION_STATUS with FAILED and a message for the user, and end with exit code 0.',
        );
      } else {
        report.fail(
          `check printed neither a CONNECTION_STATUS nor a TRACE ERROR for a wrong config and ${ending(run)}.`,
          'Print CONNECTION_STATUS with FAILED and a message for the user, and end with exit code 0.',
        );
      }
    },
  },
];

const statusOf = (run: ObservedRun): ExactObject | undefined => {
  const [status] = run.messages.flatMap(({ connectionStatus }) =>
    isObject(connectionStatus) ? [connectionStatus] : [],
  );
  return status;
};
