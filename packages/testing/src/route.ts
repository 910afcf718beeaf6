/** The values of a route's `:name` segments, decoded. */
export type RouteParams = Readonly<Record<string, string>>;

/** Gives the parameters when a request is for this route, `undefined` when it is for another. */
export type Route = (method: string, path: string) => RouteParams | undefined;

/**
 * Reads a route such as `GET /repositories/:name/commits`: a method, a blank, and a path of which a segment that begins
 * with a colon stands for any one segment.
 */
export const parseRoute = (text: string): Route => {
  const [, routeMethod, routePath] = /^([A-Z]+) (\/\S*)$/.exec(text) ?? [];
  if (routeMethod === undefined || routePath === undefined || routePath.includes('?')) {
    throw new TypeError(
      `Route ${JSON.stringify(text)}: expected a method and a path without a query, such as "GET /issues/:id".`,
    );
  }
  const expected = routePath.split('/');

  return (method, path) => {
    const segments = path.split('/');
    if (method !== routeMethod || segments.length !== expected.length) return undefined;
    const params: Record<string, string> = {};
    for (const [index, segment] of segments.entries()) {
      const wanted = expected[index] ?? '';
      if (wanted.startsWith(':') && segment !== '') params[wanted.slice(1)] = decoded(segment);
      else if (wanted !== segment) return undefined;
    }
    return params;
  };
};

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    // A stray percent sign is no reason to refuse a request.
    return segment;
  }
};
