import { expect, test } from '@jest/globals';
import { HttpStatusError, SlicesFailedError } from '../../src/errors.ts';
import type { JsonObject } from '../../src/protocol/json.ts';
import { Stream, type SliceContext } from '../../src/stream/stream.ts';
import { run } from './run.ts';

class Sliced extends Stream {
  override readonly cursorField = 'at';
  readonly asked: unknown[] = [];

  override slices() {
    return [{ id: 1 }, { id: 2 }, { id: 3 }];
  }

  async *read({ slice, state }: SliceContext) {
    this.asked.push(state['at']);
    yield { id: slice['id'], at: Number(slice['id']) * 10 };
    this.fail(Number(slice['id']));
  }

  fail(_id: number): void {}
}

test('reads the other slices when one fails, and leaves its state as it was', async () => {
  class Failing extends Sliced {
    override fail(id: number) {
      if (id !== 2) return;
      throw new HttpStatusError('slice 2 is gone.', 404, 'system_error');
    }
  }
  const { error, ids, states } = await run(new Failing(), { incremental: true });

  expect(ids).toEqual([1, 2, 3]);
  expect(error).toMatchObject({ message: 'slice 2 is gone.' });
  expect(states.at(-1)?.stream?.stream_state).toEqual({
    states: [1, 3].map((id) => ({ partition: { id }, cursor: { at: id * 10 } })),
  });
  expect(states.map(({ sourceStats }) => sourceStats?.recordCount)).toEqual([3]);
});

test('sums up when several slices fail', async () => {
  class Failing extends Sliced {
    override fail(id: number) {
      if (id > 1) throw new HttpStatusError(`slice ${id} is gone.`, 404, 'system_error');
    }
  }
  const { error, told } = await run(new Failing());

  expect(told).toEqual([2, 3].map((id) => `In stream "failing", slice {"id":${id}}: slice ${id} is gone.`));
  expect(error).toBeInstanceOf(SlicesFailedError);
  expect(String(error)).toMatch(/2 slices of stream "failing" failed: slice 2 is gone\. slice 3 is gone\./);
});

test('leaves it to its caller to tell of a stream that fails as a whole', async () => {
  class Failing extends Stream {
    read(): AsyncIterable<JsonObject> {
      throw new HttpStatusError('all of it is gone.', 404, 'system_error');
    }
  }
  const { error, told } = await run(new Failing());

  expect(error).toMatchObject({ message: 'all of it is gone.' });
  expect(told).toEqual([]);
});

test('ends the stream at a config_error: no other slice would fare better', async () => {
  class Failing extends Sliced {
    override readonly concurrency = 1;

    override fail() {
      throw new HttpStatusError('the key is wrong.', 401, 'config_error');
    }
  }
  const { error, ids } = await run(new Failing());

  expect(ids).toEqual([1]);
  expect(error).toMatchObject({ failureType: 'config_error' });
});

test('gives each slice its own state, and a plain one to those without', async () => {
  const stream = new Sliced();
  await run(stream, {
    incremental: true,
    state: { states: [{ partition: { id: 2 }, cursor: { at: 15 } }], state: { at: 4 } },
  });

  expect(stream.asked).toEqual([4, 15, 4]);
});

test('ignores the state in a full refresh', async () => {
  const stream = new Sliced();
  const { states } = await run(stream, { state: { at: 99 } });

  expect(stream.asked).toEqual([undefined, undefined, undefined]);
  expect(states).toMatchObject([{ stream: { stream_state: { __ab_no_cursor_state_message: true } } }]);
});

test('emits what transform returns, leaves out what it drops, and validates the result', async () => {
  class Changed extends Sliced {
    override transform(record: JsonObject) {
      return record['id'] === 2 ? null : { ...record, id: String(record['id']) };
    }
  }
  const { ids, states } = await run(new Changed());

  expect(ids).toEqual([1, 3]);
  expect(states[0]?.sourceStats).toEqual({ recordCount: 2 });
});

test('emits a STATE within a slice as often as the stream says', async () => {
  class Long extends Stream {
    override readonly cursorField = 'at';
    override readonly checkpointEvery = 10;
    async *read() {
      for (let at = 0; at < 25; at++) yield { id: at, at };
    }
  }
  const { states } = await run(new Long(), { incremental: true });

  expect(states.map(({ stream, sourceStats }) => [stream?.stream_state?.['at'], sourceStats?.recordCount])).toEqual([
    [9, 10],
    [19, 10],
    [24, 5],
  ]);
});
