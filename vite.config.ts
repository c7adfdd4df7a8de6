import { vitePlugin as remix } from "@remix-run/dev";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";
import { compression } from "vite-plugin-compression2";
import remixOptions from "./remix.config.js";

export default defineConfig(({ command, isSsrBuild }) => ({
  define: command === "build" ? { "process.env.NODE_ENV": '"production"' } : {},
  plugins: [
    tailwindcss(),
    remix(remixOptions),
    isSsrBuild ? [] : compression({ algorithms: ["brotliCompress", "gzip"] }),
  ],
  build: { target: "es2022", assetsInlineLimit: 0 },
  // The server's bundle carries React's production build, whatever NODE_ENV it is run with.
  ssr: {
    noExternal: [
      /^(react|scheduler|use-sync-external-store)(-|$)/,
      /^@remix-run\/(react|router)$/,
      /^@ariakit\//,
    ],
  },
  optimizeDeps: { esbuildOptions: { target: "es2022" } },
}));
