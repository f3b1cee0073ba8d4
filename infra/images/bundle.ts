/**
 * Makes the root file system of an image: one ESM file of a program, the files that it reads, Node, and the libraries that
 * Node needs. There is no shell and no package manager in it. Runs inside `docker build`.
 *
 *     node infra/images/bundle.ts FOLDER ROOT [ASSETS…]
 *
 * FOLDER has `src/main.ts` and perhaps `migrations/`; ROOT is written; each further folder goes along under its own name.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";

const [folder, root, ...assets] = process.argv.slice(2);
if (!folder || !root) throw new Error("usage: node infra/images/bundle.ts FOLDER ROOT [ASSETS…]");
const app = path.join(root, "app");

await build({
  entryPoints: {
    main: path.join(folder, "src/main.ts"),
    healthcheck: path.join(import.meta.dirname, "healthcheck.ts"),
  },
  outdir: path.join(app, "dist"),
  bundle: true,
  platform: "node",
  target: "node24",
  format: "esm",
  // Names stay as they are: stack traces are read by people.
  minifySyntax: true,
  minifyWhitespace: true,
  // CommonJS packages in an ESM bundle call `require` for Node's own modules.
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  // Optional parts of pg that are not used.
  external: ["pg-native", "pg-cloudflare"],
  logLevel: "warning",
});
writeFileSync(path.join(app, "package.json"), '{ "type": "module" }\n');
for (const asset of [path.join(folder, "migrations"), ...assets]) {
  if (existsSync(asset)) cpSync(asset, path.join(app, path.basename(asset)), { recursive: true });
}

// `ldd` prints `name => /path (address)`, and the loader as `/path (address)`.
const libraries = execFileSync("ldd", [process.execPath], { encoding: "utf8" }).matchAll(/(\/\S+) \(0x/g);
for (const [, file] of libraries) copy(file!, file!);
copy(process.execPath, "/usr/local/bin/node");
copy("/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/certs/ca-certificates.crt");
place("/etc/nsswitch.conf", "hosts: files dns\n");
place("/etc/passwd", "app:x:65532:65532::/app:/sbin/nologin\n");
place("/etc/group", "app:x:65532:\n");
mkdirSync(path.join(root, "tmp"), { recursive: true, mode: 0o1777 });

function copy(from: string, to: string): void {
  mkdirSync(path.dirname(path.join(root!, to)), { recursive: true });
  copyFileSync(from, path.join(root!, to));
}

function place(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(root!, file)), { recursive: true });
  writeFileSync(path.join(root!, file), text);
}
