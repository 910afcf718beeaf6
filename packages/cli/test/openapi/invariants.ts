import { expect } from '@jest/globals';
import { cursor, linkHeader, nextUrl, offset, pageNumber } from '@headwater/core';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';

import { compileRecordsPath } from '../../../core/src/parse/records-path.ts';
import type { OpenApiPlan } from '../../src/openapi/index.ts';
import type { ConnectorPlan, PaginationPlan, StreamPlan } from '../../src/plan/plan.ts';

/** What holds for the plan of any description. */
export const expectSound = ({ plan, candidates }: OpenApiPlan): void => {
  const names = plan.streams.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(new Set(candidates.map(({ name }) => name)).size).toBe(candidates.length);
  expect(candidates.filter(({ taken }) => taken).map(({ name }) => name)).toEqual(names);
  for (const { name, because } of candidates) {
    expect(name).toMatch(/^[a-z][a-z0-9_]{0,60}$/);
    expect(because).not.toBe('');
  }
  expect(plan.title).not.toBe('');
  expect(plan.baseUrl).toMatch(/^https?:\/\/[^/{}]+(\/[^{}?#]*[^/{}?#])?$/);
  expect(new Set(plan.config.map(({ name }) => name)).size).toBe(plan.config.length);
  for (const { name, schema, example } of plan.config) {
    expect(name).toMatch(/^[a-z0-9][a-z0-9_]*$/);
    expect(new Ajv({ strict: false }).validate(schema, example)).toBe(true);
  }
  for (const { about, decided, because } of [plan.guesses, ...plan.streams.map((each) => each.guesses)].flat()) {
    expect([about, decided, because]).not.toContain('');
  }
  for (const stream of plan.streams) expectStream(stream, plan);
};

const expectStream = (stream: StreamPlan, plan: ConnectorPlan): void => {
  const { path, pathParams, schema, examples, primaryKey, cursorField } = stream;
  expect(path).toMatch(/^\/[^?#\s]*$/);
  expect(Object.keys(pathParams).toSorted()).toEqual(parametersIn(path).toSorted());
  for (const value of Object.values(pathParams)) {
    if (value.from === 'config') expect(plan.config.map(({ name }) => name)).toContain(value.field);
    else
      expectParent(
        plan.streams.find(({ name }) => name === value.stream),
        value.field,
      );
  }
  compileRecordsPath(stream.recordsPath);
  paginatorOf(stream.pagination);

  const text = JSON.stringify(schema);
  expect(text).not.toMatch(/"\$ref":/);
  expect(text.length).toBeLessThan(200_000);
  const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true, code: { optimize: false } });
  (formats as unknown as (to: Ajv) => void)(ajv);
  const fits = ajv.compile(schema);
  expect(examples.length).toBeGreaterThanOrEqual(2);
  for (const record of examples) expect({ ok: fits(record), errors: fits.errors }).toEqual({ ok: true, errors: null });

  const key = [primaryKey ?? []].flat();
  for (const field of [...key, ...(cursorField === undefined ? [] : [cursorField])]) {
    expect(examples.map((record) => record[field])).not.toContain(null);
    expect(schema['required']).toContain(field);
  }
  if (key.length > 0)
    expect(new Set(examples.map((record) => key.map((field) => record[field]).join())).size).toBe(examples.length);
};

const parametersIn = (path: string): readonly string[] =>
  [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name);

/** Children of two parents with one key would be read twice. */
const expectParent = (parent: StreamPlan | undefined, field: string): void => {
  const values = parent?.examples.map((record) => record[field]) ?? [];
  expect(values.length).toBeGreaterThan(0);
  for (const value of values) expect(['string', 'number']).toContain(typeof value);
  expect(new Set(values).size).toBe(values.length);
};

/** The kit's own factory says whether it takes the options. */
const paginatorOf = (plan: PaginationPlan): unknown => {
  if (plan.kind === 'none') return undefined;
  const factories = { cursor, linkHeader, nextUrl, offset, pageNumber } as const;
  return (factories[plan.kind] as (options: object) => unknown)(plan.options);
};
