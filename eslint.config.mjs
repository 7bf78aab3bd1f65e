import tseslint from "typescript-eslint";
import importX from "eslint-plugin-import-x";
import { createTypeScriptImportResolver } from "eslint-import-resolver-typescript";

// Layers, lowest first. A folder may import from itself and from the folders listed for it, nothing else.
const layers = {
  lib: [],
  kube: ["lib"],
  wire: ["lib"],
  mesh: ["lib"],
  config: ["lib", "mesh", "providers"],
  render: ["lib", "mesh", "embedded/tools", "embedded/home.ts"],
  providers: [
    "lib",
    "mesh/plan",
    "mesh/types.ts",
    "embedded/cluster",
    "embedded/tools/types.ts",
    "embedded/home.ts",
  ],
  components: ["lib", "mesh", "render", "providers"],
  stacks: ["lib", "mesh", "config", "render", "providers", "components", "wire"],
  verify: [
    "lib",
    "kube",
    "mesh",
    "config",
    "embedded/tools",
    "embedded/node",
    "embedded/cluster",
    "embedded/home.ts",
  ],
  embedded: ["lib", "kube", "wire"],
};
const roots = [...Object.keys(layers), "cli", "policies", "test", "bench", "examples"];
const zones = Object.entries(layers).map(([target, allowed]) => ({
  target: `./${target}`,
  from: roots
    .filter((r) => r !== target && !allowed.some((a) => a === r || a.startsWith(`${r}/`)))
    .map((r) => `./${r}`),
  message: `${target}/ may import only from ${[target, ...allowed].join(", ")} (docs/adr/0001)`,
}));
const partial = Object.entries(layers).flatMap(([target, allowed]) =>
  [...new Set(allowed.filter((a) => a.includes("/")).map((a) => a.split("/")[0]))]
    .filter((root) => !allowed.includes(root))
    .map((root) => ({
      target: `./${target}`,
      from: `./${root}`,
      except: allowed.filter((a) => a.startsWith(`${root}/`)).map((a) => `./${a.slice(root.length + 1)}`),
      message: `${target}/ may import only from ${[target, ...allowed].join(", ")} (docs/adr/0001)`,
    })),
);
const pure = ["fs", "fs/promises", "child_process", "net", "http", "https", "crypto", "os"].flatMap((m) => [
  m,
  `node:${m}`,
]);

export default tseslint.config(
  { ignores: ["node_modules/", "dist/", "coverage/", "**/*.cjs", "**/*.mjs", "**/*.js"] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    files: ["**/*.ts"],
    plugins: { "import-x": importX },
    languageOptions: { parserOptions: { projectService: true } },
    settings: { "import-x/resolver-next": [createTypeScriptImportResolver()] },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/max-params": ["error", { max: 3 }],
      "@typescript-eslint/restrict-template-expressions": "off",
      "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["error", { max: 50, skipBlankLines: true, skipComments: true }],
      "import-x/no-cycle": "error",
      "import-x/no-restricted-paths": ["error", { zones: [...zones, ...partial] }],
    },
  },
  {
    files: ["mesh/**/*.ts", "lib/**/*.ts"],
    rules: {
      "no-restricted-imports": ["error", { paths: pure, patterns: ["@pulumi/*"] }],
      "no-restricted-globals": ["error", "Date", "process", "fetch", "setTimeout"],
      "no-restricted-properties": ["error", { object: "Math", property: "random" }],
    },
  },
  {
    files: ["test/**/*.ts", "bench/**/*.ts"],
    rules: { "max-lines-per-function": "off", "@typescript-eslint/max-params": "off" },
  },
);
