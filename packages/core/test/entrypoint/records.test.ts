import { expect, test } from '@jest/globals';
import { mockApi, temporaryFolder } from '@headwater/testing';
import { probe } from './probe.ts';

test('passes exact digits on, with recordsPath and with parseResponse', async () => {
  await using api = await mockApi();
  const digits = '{"id":1,"big":12345678901234567890,"long":0.1234567890123456789}';
  api.on('GET /raw', { body: `{"data":[${digits}]}`, headers: { 'content-type': 'application/json' } });
  api.on('GET /parsed', { body: `{"data":[${digits}]}`, headers: { 'content-type': 'application/json' } });
  const schema = {
    type: 'object',
    properties: { id: { type: 'integer' }, big: { type: 'integer' }, long: { type: 'number' } },
  };
  const streams = [
    { name: 'raw', schema },
    { name: 'parsed', parse: 'plain', schema },
  ];
  const run = await probe('read', { config: { base_url: api.url, streams }, streams: ['raw', 'parsed'] });

  expect(run.exitCode).toBe(0);
  expect(run.stdout.split(`"data":${digits}`)).toHaveLength(3);
});

test('repairs what it can, sets the rest aside, and counts it', async () => {
  await using api = await mockApi();
  const records = [
    { id: '7', name: 8, updated_at: '2026-01-01T00:00:00Z' },
    { id: 2, name: 'fine', extra: true },
    { id: 'seven' },
  ];
  api.on('GET /a', { body: { data: records } });
  const folder = await temporaryFolder();
  const rejects = `${folder.path}/rejects.jsonl`;
  const config = { base_url: api.url, streams: [{ name: 'a' }] };
  const run = await probe('read', { config, streams: ['a'], args: ['--rejects', rejects] });
  const strict = await probe('read', {
    config,
    streams: ['a'],
    args: ['--rejects', rejects, '--validation', 'strict'],
  });
  const { readFileSync } = await import('node:fs');
  const lines = readFileSync(rejects, 'utf8').trim().split('\n');
  await folder.remove();

  expect(run.exitCode).toBe(0);
  expect(run.recordsOf('a')).toEqual([{ ...records[0], id: 7, name: '8' }, records[1]]);
  expect(run.states[0]?.sourceStats).toEqual({ recordCount: 2, rejectedRecordCount: 1 });
  expect(run.logs.map(({ message }) => message).join('\n')).toContain('the schema does not know extra');
  expect(JSON.parse(lines[0]!)).toMatchObject({
    stream: 'a',
    record: { id: 'seven' },
    violations: [{ pointer: '/id' }],
  });
  expect(strict.recordsOf('a')).toEqual([records[1]]);
  expect(lines).toHaveLength(3);
});

test('fails a stream at a record no repair can help, and says where and why', async () => {
  await using api = await mockApi();
  api.on('GET /a', { body: { data: [{ id: 1 }, { id: 'seven' }, { id: 3 }] } });
  const run = await probe('read', { config: { base_url: api.url, streams: [{ name: 'a' }] }, streams: ['a'] });

  expect(run.exitCode).toBe(1);
  expect(run.recordsOf('a')).toEqual([{ id: 1 }]);
  expect(run.states).toEqual([]);
  expect(run.errors[0]?.message).toMatch(/record of stream "a".*\/id: expected integer, got string/);
});
