import { parseRoute } from '../route.ts';

/** The route that is most like a request; undefined when there is none, or one that fits. */
export const nearestRoute = (routes: readonly string[], method: string, path: string): string | undefined => {
  let nearest: { readonly route: string; readonly far: number } | undefined;
  for (const route of routes) {
    if (parseRoute(route)(method, path) !== undefined) return undefined;
    const [routeMethod, routePath = ''] = route.split(' ');
    const far = pathDistance(routePath, path) + (routeMethod === method ? 0 : 1);
    if (nearest === undefined || far < nearest.far) nearest = { route, far };
  }
  return nearest?.route;
};

const pathDistance = (route: string, path: string): number => {
  const [wanted, segments] = [route.split('/'), path.split('/')];
  let sum = 0;
  for (let index = 0; index < Math.max(wanted.length, segments.length); index++) {
    const [one, other] = [wanted[index], segments[index]];
    if (one === undefined || other === undefined) sum += (one ?? other ?? '').length + 1;
    else if (!one.startsWith(':') || other === '') sum += distance(one, other);
  }
  return sum;
};

/** How many letters have to be changed, added or taken away (Levenshtein). */
const distance = (one: string, other: string): number => {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 0; i < one.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < other.length; j++) {
      const changed = (row[j] ?? 0) + (other[j] === one[i] ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
};
