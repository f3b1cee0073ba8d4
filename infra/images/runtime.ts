/**
 * Makes what every image has below its program: Node, the libraries that Node needs, and a user. There is no
 * shell and no package manager in it. Node brings its own certificates. Runs inside `docker build`.
 *
 *     node infra/images/runtime.ts ROOT
 */
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { USER } from "./user.ts";

const [root] = process.argv.slice(2);
if (!root) throw new Error("usage: node infra/images/runtime.ts ROOT");

// `ldd` prints `name => /path (address)`, and the loader as `/path (address)`.
const libraries = execFileSync("ldd", [process.execPath], { encoding: "utf8" }).matchAll(/(\/\S+) \(0x/g);
for (const [, file] of libraries) copy(file!, file!);
copy(process.execPath, "/usr/local/bin/node");
place("/etc/nsswitch.conf", "hosts: files dns\n");
place("/etc/passwd", `app:x:${USER}:${USER}::/app:/sbin/nologin\n`);
place("/etc/group", `app:x:${USER}:\n`);
mkdirSync(path.join(root, "tmp"), { recursive: true });
chmodSync(path.join(root, "tmp"), 0o1777);

function copy(from: string, to: string): void {
  mkdirSync(path.dirname(path.join(root!, to)), { recursive: true });
  copyFileSync(from, path.join(root!, to));
}

function place(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(root!, file)), { recursive: true });
  writeFileSync(path.join(root!, file), text);
}
