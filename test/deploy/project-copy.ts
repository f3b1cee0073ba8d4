import { cp, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { root } from "../../infra/folders.ts";

/** A copy of the project that a test may edit. */
export interface ProjectCopy extends AsyncDisposable {
  folder: string;
}

/** Copies every file that git knows or would take; the modules of npm are those of the project. */
export async function copyProject(): Promise<ProjectCopy> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "project-"));
  const listed = await execa("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root });
  for (const file of listed.stdout.split("\0").filter(Boolean)) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await cp(path.join(root, file), path.join(folder, file)).catch(ignoreMissing);
  }
  await symlink(path.join(root, "node_modules"), path.join(folder, "node_modules"));
  await execa("git", ["init", "--quiet"], { cwd: folder });
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

/** Files that are deleted but not yet committed are still listed. */
function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}
