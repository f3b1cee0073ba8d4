/**
 * Makes the program of an image: one ESM file, and the files that it reads. Runs inside `docker build`.
 *
 *     node infra/images/bundle.ts FOLDER APP [ASSETS…]
 *
 * FOLDER has `src/main.ts` and perhaps `migrations/`; APP is written; each further folder goes along under its own name.
 */
import { execFileSync } from "node:child_process";
import { isBuiltin } from "node:module";
import { chownSync, cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build, type Plugin } from "esbuild";
import { USER } from "./user.ts";

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
    const without = (filter: RegExp) => onLoad({ filter }, () => ({ contents: "" }));
    // Pushes figures over HTTPS; ours are fetched.
    without(/@prometheus-io.client.lib.pushgateway\.js$/);
    // Adds the ids of spans to figures, which is off here.
    without(/@opentelemetry.api.dist.index\.cjs$/);
    // Counts logins across the workers of a cluster; ours are counted in the database.
    without(/rate-limiter-flexible.lib.RateLimiterCluster\.js$/);
  },
};

/** Express's table of 2,500 media types is made when it is first asked, by an answer whose type it has to complete. */
const late: Plugin = {
  name: "late",
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /^mime-types$/ }, async ({ path: name, pluginData, ...from }) => {
      if (pluginData === late) return undefined;
      const { path: file } = await resolve(name, { ...from, pluginData: late });
      return { path: file, namespace: "late" };
    });
    onLoad({ filter: /.*/, namespace: "late" }, ({ path: file }) => ({
      contents: `module.exports = new Proxy({}, { get: (_, name) => require(${JSON.stringify(file)})[name] });`,
      resolveDir: path.dirname(file),
    }));
  },
};

await build({
  plugins: [builtins, unused, late],
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

// V8's compiled code goes along: a quarter of a CPU takes long to compile two megabytes at every start. Node looks for it
// only where a process of the same user has put it.
const cache = path.join(app, "cache");
mkdirSync(cache);
const owner = process.getuid?.() === 0 ? { uid: USER, gid: USER } : {};
if (owner.uid) chownSync(cache, owner.uid, owner.gid);
execFileSync(process.execPath, ["dist/main.js", "help"], {
  cwd: app,
  stdio: "inherit",
  env: { ...process.env, NODE_COMPILE_CACHE: cache, NODE_COMPILE_CACHE_PORTABLE: "1" },
  ...owner,
});
