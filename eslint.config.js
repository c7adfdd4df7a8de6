import js from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  {
    ignores: [
      "bench/casts/workerd/",
      "build/",
      "node_modules/",
      ".toolchain/",
      ".dev*/",
      "spells/*/assembly/",
      "drizzle/migrations/",
      ".dependency-cruiser.cjs",
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      "no-console": "error",
      // One reader of the environment: server/config.ts. dev/, scripts/ and tests/ start processes and may pass it on.
      "no-restricted-properties": [
        "error",
        { object: "process", property: "env", message: "Read the environment in server/config.ts only." },
      ],
      "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: [
      "server/config.ts",
      "dev/**",
      "scripts/**",
      "tests/**",
      "bench/**",
      "cli/**",
      "docs/**",
      "spells/*.ts",
      "*.config.ts",
      "*.config.js",
    ],
    rules: { "no-restricted-properties": "off" },
  },
  {
    files: [
      "dev/**",
      "scripts/**",
      "bench/**",
      "cli/**",
      "docs/**",
      "spells/*.ts",
      "tests/{conformance,fuzz}/*.ts",
    ],
    rules: { "no-console": "off" },
  },
  // Single fetch stays off (docs/decisions/002), and without it loaders answer with `json()`.
  {
    files: ["app/routes/**", "app/root.tsx"],
    rules: {
      "@typescript-eslint/no-deprecated": [
        "error",
        { allow: [{ from: "package", package: "@remix-run/server-runtime", name: "json" }] },
      ],
    },
  },
  {
    files: ["**/*.test.ts", "tests/**"],
    rules: {
      // Tests take their helpers apart; none of them is a class.
      "@typescript-eslint/unbound-method": "off",
      "@typescript-eslint/no-unused-vars": ["error", { varsIgnorePattern: "^_" }],
    },
  },
  { files: ["**/*.js"], extends: [tseslint.configs.disableTypeChecked] },
);
