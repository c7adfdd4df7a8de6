/** The arrows of the architecture: imports point one way. `type` imports are held to the same rules. */
const own = "^(app|cli|server|jobs|drizzle|dev|spells|tests|bench)/";
const only = (name, from, allowed) => ({
  name,
  severity: "error",
  from: { path: from, pathNot: "\\.test\\.tsx?$" },
  to: { path: own, pathNot: allowed },
});

module.exports = {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    { name: "no-unresolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
    only("runtime-stands-alone", "^server/runtime/", "^server/runtime/"),
    only("proof-stands-alone", "^server/proof/", "^server/proof/"),
    only(
      "db-knows-the-schema-only",
      "^server/db/",
      "^(server/db/|drizzle/schema/|server/(config|errors)\\.ts$)",
    ),
    only("schema-stands-alone", "^drizzle/schema/", "^drizzle/schema/"),
    only(
      "services-use-db-runtime-proof",
      "^server/services/",
      "^(server/(services|db|runtime|proof)/|drizzle/schema/|server/(config|context|errors|billing-errors|metrics)\\.ts$)",
    ),
    only(
      "problems-describe-errors",
      "^server/problems/",
      "^server/(problems/|(context|errors|billing-errors)\\.ts$)",
    ),
    only(
      "rest-calls-verbs",
      "^server/rest/",
      "^server/((rest|services|http|problems)/|(context|errors)\\.ts$)",
    ),
    only(
      "trpc-calls-verbs",
      "^server/trpc/",
      "^server/((trpc|services|problems)/|(context|errors|billing-errors)\\.ts$)",
    ),
    only(
      "jobs-call-verbs",
      "^jobs/",
      "^(jobs/|server/(services/|db/|(build-parts|config|context|errors|logger|metrics)\\.ts$))",
    ),
    only("cli-uses-runtime-and-proof", "^cli/", "^(cli/|server/(runtime|proof)/)"),
    only("app-talks-to-trpc", "^app/", "^(app/|server/trpc/)"),
    {
      name: "app-takes-only-types",
      severity: "error",
      from: { path: "^app/" },
      to: { path: "^server/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "nothing-imports-dev-or-tests",
      severity: "error",
      from: { path: "^(app|cli|server|jobs|drizzle)/", pathNot: "\\.test\\.tsx?$" },
      to: { path: "^(dev|tests|bench)/" },
    },
    {
      name: "only-services-and-db-know-sql",
      severity: "error",
      from: { path: "^(app|cli|server|jobs)/", pathNot: ["^server/(services|db)/", "\\.test\\.tsx?$"] },
      to: { path: "node_modules/(postgres|drizzle-orm)/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(bench/casts/workerd|build|\\.toolchain|\\.dev)" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};
