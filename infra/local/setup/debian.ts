import { existsSync, readFileSync } from "node:fs";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { UserError } from "../../terminal/user-error.ts";
import { dataFolder, output, run } from "./run.ts";

/** Whether packages can be installed here: derivatives of Debian have other mirrors, which lack its releases. */
export function isDebianAsRoot(): boolean {
  if (process.getuid?.() !== 0 || !existsSync("/etc/os-release")) return false;
  return /^ID="?debian"?$/m.test(readFileSync("/etc/os-release", "utf8"));
}

/** The mirror that this machine takes Debian's packages from. @throws UserError */
export async function mirror(): Promise<string> {
  let found = await configuredMirror();
  if (!found) {
    // Whose mirror it is stands in the mirror's index, which a new machine does not have yet.
    await updateLists();
    found = await configuredMirror();
  }
  if (!found) throw new UserError("apt knows no mirror of Debian: add one to /etc/apt/sources.list.d/ and try again.");
  return found;
}

async function configuredMirror(): Promise<string | undefined> {
  const filters = ["Created-By: Packages", "Label: Debian", "Component: main"];
  const uris = await output("apt-get", ["indextargets", "--format", "$(REPO_URI)", ...filters]);
  return uris?.split("\n").find((uri) => uri !== "");
}

let updating: Promise<void> | undefined;
const updateLists = (): Promise<void> => (updating ??= run("apt-get", ["update"]));

/** Installs packages of this machine's own release, without what they only recommend. */
export async function install(packages: string[]): Promise<void> {
  // What an interrupted installation leaves there: apt refuses to go on before dpkg has finished it.
  if ((await readdir("/var/lib/dpkg/updates")).length > 0) await run("dpkg", ["--configure", "-a"]);
  await updateLists();
  // Somebody else may be installing at this moment: dpkg lets in one at a time.
  const wait = ["-o", "DPkg::Lock::Timeout=120"];
  await run("apt-get", [...wait, "install", "--yes", "--no-install-recommends", ...packages]);
}

/** Whether this machine's release has a package of that name. */
export const isPackage = async (name: string): Promise<boolean> =>
  Boolean(await output("apt-cache", ["show", "--no-all-versions", name]));

/**
 * Downloads packages of another release and unpacks them without installing anything: for programs that need nothing
 * but themselves. The machine's own package lists stay as they are.
 * @returns the folder with the unpacked files
 */
export async function unpackFrom(suite: string, packages: string[]): Promise<string> {
  const folder = path.join(dataFolder, suite);
  await rm(folder, { recursive: true, force: true });
  for (const part of ["lists/partial", "cache/archives/partial", "files"]) {
    await mkdir(path.join(folder, part), { recursive: true });
  }
  const sources = path.join(folder, "sources.list");
  await writeFile(sources, `deb ${await mirror()} ${suite} main\n`);
  const options = Object.entries({
    "Dir::Etc::SourceList": sources,
    "Dir::Etc::SourceParts": "/dev/null",
    "Dir::State::Lists": path.join(folder, "lists"),
    "Dir::Cache": path.join(folder, "cache"),
    // The index of sid may be older than it says it may be.
    "Acquire::Check-Valid-Until": "false",
    "Acquire::Languages": "none",
    // apt's own user for downloads cannot write to a folder of root.
    "APT::Sandbox::User": "root",
  }).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  await run("apt-get", [...options, "update"]);
  await run("apt-get", [...options, "download", ...packages], { cwd: folder });
  const files = path.join(folder, "files");
  for (const name of await readdir(folder)) {
    if (name.endsWith(".deb")) await run("dpkg", ["--extract", path.join(folder, name), files]);
  }
  return files;
}
