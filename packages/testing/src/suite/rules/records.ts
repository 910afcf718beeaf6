import { positionOf } from '../cursor-values.ts';
import { isObject, short, valueAt, type ExactObject } from '../exact-json.ts';
import { compileJsonSchema, propertiesOf } from '../json-schema.ts';
import { recordsIn } from '../observed-run.ts';
import { byStream, keyOf, nameOf } from '../record-sets.ts';
import { NotApplicable, type Rule } from '../rule.ts';
import { whole, withRecords, type SourceRuns } from '../source-runs.ts';

/** Places that one stream is told of; more of the same kind are counted. */
const MOST_PLACES = 3;

export const recordRules: readonly Rule<SourceRuns>[] = [
  {
    id: 'records-match-schema',
    title: 'every record is valid against the schema of its stream',
    async check(runs, report) {
      const streams = await runs.streams();
      const records = byStream(recordsIn(withRecords(await runs.fullRead())));
      for (const { name, schema, identity } of streams) {
        const { check } = await compileJsonSchema(schema);
        if (check === undefined) continue;
        const found = new Map<string, { readonly example: string; count: number }>();
        for (const [index, data] of (records.get(name) ?? []).entries()) {
          const mismatch = check(data);
          if (mismatch === undefined) continue;
          const kind = `${mismatch.pointer.replaceAll(/\/\d+/g, '/*')} ${mismatch.message}`;
          const known = found.get(kind);
          const value = short(valueAtPointer(data, mismatch.pointer) ?? null, 60);
          const example = `record ${index + 1} ${nameOf(data, identity)}: ${mismatch.pointer || '/'} ${mismatch.message}, and is ${value}`;
          if (known) known.count += 1;
          else found.set(kind, { example, count: 1 });
        }
        for (const { example, count } of [...found.values()].slice(0, MOST_PLACES)) {
          report.fail(
            `Stream "${name}", ${example} (${count} ${count === 1 ? 'record' : 'records'}).`,
            'Correct the schema, or convert the value before the record is emitted.',
          );
        }
        if (found.size > MOST_PLACES) report.note(`Stream "${name}": ${found.size - MOST_PLACES} more places`);
      }
      for (const name of records.keys()) {
        if (streams.some((stream) => stream.name === name)) continue;
        report.fail(
          `Records of stream "${name}" were printed, which the catalog does not have.`,
          'Emit records of the configured streams only, under the name and namespace of the catalog.',
        );
      }
    },
  },
  {
    id: 'primary-key-unique',
    title: 'no two records of a full refresh have the same primary key',
    async check(runs, report) {
      const records = byStream(recordsIn(withRecords(await runs.fullRead())));
      const streams = (await runs.streams()).filter(({ identity }) => identity.primaryKey.length > 0);
      if (streams.length === 0) throw new NotApplicable('No stream has a primary key.');
      for (const { name, identity } of streams) {
        const seen = new Set<string>();
        const twice = (records.get(name) ?? []).filter((data) => {
          const key = keyOf(data, identity);
          if (key === undefined) return false;
          if (seen.has(key)) return true;
          seen.add(key);
          return false;
        });
        if (twice[0] === undefined) continue;
        report.fail(
          `Stream "${name}": ${twice.length} records repeat a primary key, the first ${nameOf(twice[0], identity)}.`,
          'Name the fields that identify a record, or look for a page that is read twice.',
        );
      }
    },
  },
  {
    id: 'primary-key-present',
    title: 'no record lacks a part of its primary key',
    async check(runs, report) {
      const records = byStream(recordsIn(withRecords(await runs.fullRead())));
      const streams = (await runs.streams()).filter(({ identity }) => identity.primaryKey.length > 0);
      if (streams.length === 0) throw new NotApplicable('No stream has a primary key.');
      for (const { name, identity } of streams) {
        const without = (records.get(name) ?? []).flatMap((data, index) =>
          keyOf(data, identity) === undefined ? [`record ${index + 1} ${short(data)}`] : [],
        );
        if (without[0] === undefined) continue;
        report.fail(
          `Stream "${name}": ${without.length} records lack their primary key, the first ${without[0]}.`,
          'Name fields that every record has, or set the key where the record is made.',
        );
      }
    },
  },
  {
    id: 'cursor-present',
    title: 'every record of an incremental stream has its cursor',
    async check(runs, report) {
      const records = byStream(recordsIn(withRecords(whole(await runs.firstRead()))));
      const streams = (await runs.streams()).filter(({ incremental, cursorField }) => incremental && cursorField);
      if (streams.length === 0) throw new NotApplicable('No stream has a cursor field.');
      for (const { name, cursorField = [], identity } of streams) {
        const all = records.get(name) ?? [];
        const without = all.filter((data) => (valueAt(data, cursorField) ?? null) === null);
        if (without[0] !== undefined) {
          report.warn(
            `Stream "${name}": ${without.length} of ${all.length} records have no "${cursorField.join('.')}", the first ${nameOf(without[0], identity)}.`,
            'Choose a cursor field that every record has: a record without one is never seen as new.',
          );
        }
        const odd = all.find(
          (data) => (valueAt(data, cursorField) ?? null) !== null && !positionOf(valueAt(data, cursorField)),
        );
        if (odd)
          report.note(
            `Stream "${name}": ${short(valueAt(odd, cursorField))} is neither a date nor a number, so its order is not checked`,
          );
      }
    },
  },
  {
    id: 'schema-fields-seen',
    title: 'every field of a schema is seen at least once (a report)',
    async check(runs, report) {
      const records = byStream(recordsIn(withRecords(await runs.fullRead())));
      for (const { name, schema } of await runs.streams()) {
        const all = records.get(name) ?? [];
        const fields = [...new Set(propertiesOf(schema).map(({ path }) => path.join('.')))];
        const unseen = fields.filter((field) => !all.some((data) => isSeen(data, field.split('.'))));
        if (unseen.length === 0) continue;
        const list = unseen.slice(0, 12).join(', ') + (unseen.length > 12 ? ', …' : '');
        report.tell(
          `Stream "${name}": ${unseen.length} of ${fields.length} fields are never set in ${all.length} records: ${list}.`,
          'Check that they are spelled as the API spells them, or test with data that has them.',
        );
      }
    },
  },
];

const isSeen = (value: unknown, [key, ...rest]: readonly string[]): boolean => {
  if (key === undefined) return value !== undefined && value !== null;
  if (key === '*') return Array.isArray(value) && value.some((item) => isSeen(item, rest));
  return isObject(value) && isSeen(value[key], rest);
};

const valueAtPointer = (data: ExactObject, pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .reduce<unknown>(
      (value, step) =>
        typeof value === 'object' && value !== null
          ? (value as Record<string, unknown>)[step.replaceAll('~1', '/').replaceAll('~0', '~')]
          : undefined,
      data,
    );
