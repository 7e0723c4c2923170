import type { FastifyInstance } from 'fastify';

/** Every route of the server, to tell a wrong method from a wrong path. */
export class RouteTable {
  private readonly methods = new Map<string, Set<string>>();

  /** Records every route that is registered from now on. */
  listenTo(server: FastifyInstance): void {
    server.addHook('onRoute', ({ url, method }) => {
      const known = this.methods.get(url) ?? new Set();
      for (const name of [method].flat()) known.add(name);
      this.methods.set(url, known);
    });
  }

  /** Each route, as `GET /v1/slots/:id`. */
  get routes(): readonly string[] {
    return [...this.methods].flatMap(([url, names]) => [...names].map((name) => `${name} ${url}`));
  }

  /** The methods that the path has; empty if the path leads nowhere. */
  methodsOf(path: string): readonly string[] {
    const found = [...this.methods].filter(([url]) => matches(url, path));
    return [...new Set(found.flatMap(([, names]) => [...names]))].sort();
  }
}

function matches(url: string, path: string): boolean {
  const [wanted, given] = [partsOf(url), partsOf(path)];
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => part.startsWith(':') || part === given[index])
  );
}

function partsOf(path: string): readonly string[] {
  return path.split('/').filter((part) => part !== '');
}
