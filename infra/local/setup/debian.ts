import { existsSync } from "node:fs";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { dataFolder, output, run, SetupError } from "./run.ts";

const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** Whether packages can be installed here without asking anybody. */
export const isDebianAsRoot = (): boolean => existsSync("/etc/debian_version") && process.getuid?.() === 0;

/** The mirror that this machine takes its own packages from. */
export async function mirror(): Promise<string> {
  const lines = await output("apt-get", ["indextargets", "--format", "$(REPO_URI) $(COMPONENT)"]);
  const found = lines?.split("\n").find((line) => line.endsWith(" main") && !line.includes("security"));
  if (!found) throw new SetupError("No Debian mirror is configured for apt. Add one to /etc/apt/sources.list.d/.");
  return found.split(" ")[0]!;
}

/** Installs packages of this machine's own release, without what they only recommend. */
export async function install(packages: string[]): Promise<void> {
  await run("apt-get", ["update", "-qq"]);
  // Somebody else may be installing at this moment: dpkg lets one in at a time.
  const wait = ["-o", "DPkg::Lock::Timeout=120"];
  await run("apt-get", [...wait, "install", "-y", "-qq", "--no-install-recommends", ...packages]);
}

/**
 * Downloads packages of a newer release and unpacks them, without installing anything: what is in them must bring
 * everything along that it needs. Returns the folder of the unpacked files.
 */
export async function unpackFrom(suite: string, packages: string[]): Promise<string> {
  const folder = path.join(dataFolder, suite);
  const root = path.join(folder, "unpacked");
  await rm(folder, { recursive: true, force: true });
  for (const part of ["lists/partial", "cache/archives/partial", "unpacked"]) {
    await mkdir(path.join(folder, part), { recursive: true });
  }
  const list = path.join(folder, "sources.list");
  await writeFile(list, `deb [signed-by=${keyring}] ${await mirror()} ${suite} main\n`);
  const options = Object.entries({
    "Dir::Etc::SourceList": list,
    "Dir::Etc::SourceParts": "/dev/null",
    "Dir::State::Lists": path.join(folder, "lists"),
    "Dir::Cache": path.join(folder, "cache"),
    "Acquire::Check-Valid-Until": "false",
    "Acquire::Languages": "none",
    // The folder belongs to root: apt's own download user could not write to it.
    "APT::Sandbox::User": "root",
  }).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  await run("apt-get", [...options, "update", "-qq"]);
  await run("apt-get", [...options, "download", ...packages], { cwd: folder });
  for (const file of (await readdir(folder)).filter((name) => name.endsWith(".deb"))) {
    await run("dpkg", ["-x", path.join(folder, file), root]);
  }
  return root;
}
