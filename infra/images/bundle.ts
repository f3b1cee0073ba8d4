/**
 * Makes the program of an image: one ESM file, and the files that it reads. Runs inside `docker build`.
 *
 *     node infra/images/bundle.ts FOLDER APP [ASSETS…]
 *
 * FOLDER has `src/main.ts` and perhaps `migrations/`; APP is written; each further folder goes along under its own name.
 */
import { execFileSync } from "node:child_process";
import { isBuiltin } from "node:module";
import { cpSync, existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build, type Plugin } from "esbuild";

const [folder, app, ...assets] = process.argv.slice(2);
if (!folder || !app) throw new Error("usage: node infra/images/bundle.ts FOLDER APP [ASSETS…]");

/**
 * Node's own modules by `process.getBuiltinModule`. An ESM import of one reads every export of it, also those that
 * load more: `node:http` then brings half a megabyte of WebSocket client along.
 */
const builtins: Plugin = {
  name: "builtins",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /.*/ }, ({ path: name }) =>
      isBuiltin(name) ? { path: name, namespace: "builtin" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "builtin" }, ({ path: name }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(name)});`,
    }));
  },
};

/** Parts of libraries that nobody here uses, and that would load much at every start. */
const unused: Plugin = {
  name: "unused",
  setup({ onLoad }) {
    // Pushes figures over HTTPS; ours are fetched.
    onLoad({ filter: /@prometheus-io.client.lib.pushgateway\.js$/ }, () => ({ contents: "" }));
  },
};

await build({
  plugins: [builtins, unused],
  entryPoints: {
    main: path.join(folder, "src/main.ts"),
    healthcheck: path.join(import.meta.dirname, "healthcheck.ts"),
  },
  outdir: path.join(app, "dist"),
  bundle: true,
  platform: "node",
  target: "node24",
  format: "esm",
  // What is imported later is a file of its own, and not read before.
  splitting: true,
  // Names stay as they are: stack traces are read by people.
  minifySyntax: true,
  minifyWhitespace: true,
  // CommonJS packages in an ESM bundle call `require` for Node's own modules.
  banner: { js: 'const require = process.getBuiltinModule("module").createRequire(import.meta.url);' },
  // Optional parts of pg that are not used.
  external: ["pg-native", "pg-cloudflare"],
  logLevel: "warning",
});
writeFileSync(path.join(app, "package.json"), '{ "type": "module" }\n');
for (const asset of [path.join(folder, "migrations"), ...assets]) {
  if (existsSync(asset)) cpSync(asset, path.join(app, path.basename(asset)), { recursive: true });
}

// V8's compiled code goes along: a quarter of a CPU takes long to compile two megabytes at every start.
execFileSync(process.execPath, ["dist/main.js", "help"], {
  cwd: app,
  stdio: "inherit",
  env: { ...process.env, NODE_COMPILE_CACHE: path.join(app, "cache"), NODE_COMPILE_CACHE_PORTABLE: "1" },
});
