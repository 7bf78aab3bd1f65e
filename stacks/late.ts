import { createRequire } from "node:module";

interface CachedModule {
  readonly exports: unknown;
}

// Where the SDK finds what it requires.
const load = createRequire(createRequire(__filename).resolve("@pulumi/pulumi/package.json"));
const cache = load.cache as { [path: string]: CachedModule | undefined };

/**
 * Lets a module load when something of it is first used, though another module requires it at once. The other one must
 * only keep its exports, or pass them on. Nothing happens where the module is loaded already, or is not there.
 */
export function loadLate(id: string): void {
  const path = resolved(id);
  if (path === undefined || cache[path] !== undefined) return;
  const real = (): object => {
    if (cache[path] === standIn) delete cache[path];
    return load(path) as object;
  };
  const standIn: CachedModule = {
    exports: new Proxy(
      {},
      {
        // Asked by the code that imports it, and the same for each module that was compiled to CommonJS.
        get: (_, key) => key === "__esModule" || member(real(), key),
        has: (_, key) => Reflect.has(real(), key),
        ownKeys: () => Reflect.ownKeys(real()),
        getOwnPropertyDescriptor: (_, key) => ({
          ...Reflect.getOwnPropertyDescriptor(real(), key),
          configurable: true,
        }),
      },
    ),
  };
  cache[path] = Object.assign(standIn, { id: path, filename: path, loaded: true, children: [], paths: [] });
}

/** What an import finds: of a module that was no ES module, the default is the module. */
function member(real: object, key: string | symbol): unknown {
  return key === "default" && !Reflect.has(real, "__esModule") ? real : Reflect.get(real, key);
}

function resolved(id: string): string | undefined {
  try {
    return load.resolve(id);
  } catch {
    return undefined;
  }
}
