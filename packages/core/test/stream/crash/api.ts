import { mockApi, type Fault, type MockApi, type Reply, type RoutedRequest } from '@headwater/testing';
import { randomOf } from './random.ts';
import { PAGE, type Item, type StreamName, type World } from './world.ts';

export type Weather = 'calm' | '429 storms' | '5xx bursts' | 'slow slices';

const RESET: Fault = { kind: 'reset' };
const TRUNCATED: Fault = { kind: 'truncate' };

/** The API of a world, in the given weather; `arrived` is called with each request. */
export const apiOf = async (
  { items, events }: World,
  weather: Weather,
  seed: number,
  arrived: () => void,
): Promise<MockApi> => {
  const below = randomOf(seed);
  let trouble: (() => Reply)[] = [];
  /** A reply that is none, while it storms. */
  const storm = (): Reply | undefined => {
    if (trouble.length > 0) return trouble.pop()!();
    if (below(12) > 0) return undefined;
    const length = 1 + below(8);
    if (weather === '429 storms') {
      trouble = Array.from({ length }, () => () => ({ status: 429, headers: { 'retry-after': 0 } }));
    }
    if (weather === '5xx bursts') {
      const bad: readonly (() => Reply)[] = [
        () => ({ status: 500 }),
        () => ({ status: 503, body: { error: 'later' } }),
        () => ({ fault: RESET }),
        () => ({ body: { data: [{ id: 'never' }], next: null }, fault: TRUNCATED }),
      ];
      trouble = Array.from({ length }, () => bad[below(bad.length)]!);
    }
    return undefined;
  };
  const delayOf = (slice: string): number => {
    const isSlow =
      weather === 'slow slices' && randomOf(seed + slice.length * 31 + (slice.charCodeAt(1) || 0))(3) === 0;
    return isSlow ? 10 + below(30) : below(4);
  };
  const answer =
    (stream: StreamName, isSorted: boolean) =>
    ({ query, params }: RoutedRequest): Reply => {
      arrived();
      const bad = storm();
      if (bad) return bad;
      const slice = params['slice'] ?? '';
      const [since, until] = [query.get('since'), query.get('until')];
      const found = items[stream].filter(
        (item) =>
          item.slice === slice &&
          (since === null || item.updated_at >= since) &&
          (until === null || item.updated_at < until),
      );
      if (isSorted) found.sort((a, b) => (a.updated_at < b.updated_at ? -1 : a.updated_at > b.updated_at ? 1 : 0));
      const page = Number(query.get('page') ?? 0);
      const data = found.slice(page * PAGE, (page + 1) * PAGE).map(recordOf);
      return {
        body: { data, next: (page + 1) * PAGE < found.length ? page + 1 : null },
        delay: delayOf(slice),
      };
    };

  return (await mockApi())
    .on('GET /repositories', answer('repositories', false))
    .on('GET /events/:slice', answer('events', events === 'ascending'))
    .on('GET /repositories/:slice/issues', answer('issues', false));
};

const recordOf = ({ id, updated_at }: Item): object => ({ id, updated_at });
