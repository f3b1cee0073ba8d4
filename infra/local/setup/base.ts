import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { mirror } from "./debian.ts";
import { complaint, dataFolder, run, say } from "./run.ts";

const suite = "trixie";
const certificates = "/etc/ssl/certs/ca-certificates.crt";

const options = [
  "--variant=minbase",
  "--include=ca-certificates",
  // As in Debian's slim images: no manuals, no translations.
  ...["doc", "info", "locale", "man"].map((folder) => `--dpkgopt=path-exclude=/usr/share/${folder}/*`),
  // apt keeps to these settings in the images that are made on top, too.
  '--aptopt=APT::Install-Recommends "false"',
  '--aptopt=Acquire::Languages "none"',
  // The index of sid may be older than it says it may be.
  '--aptopt=Acquire::Check-Valid-Until "false"',
  // Written at the end: mmdebstrap itself needs the packages that it has downloaded.
  `--customize-hook=echo 'APT::Keep-Downloaded-Packages "false";' > "$1/etc/apt/apt.conf.d/99discard"`,
];

/** Makes the small Debian that all images start from, unless it is here, with the certificates that this machine trusts. */
export async function provideBase(): Promise<string> {
  const recipe = await readFile(import.meta.filename);
  const image = `forum-setup-base:${createHash("sha256").update(recipe).digest("hex").slice(0, 16)}`;
  if ((await complaint("docker", ["image", "inspect", image])) === undefined) return image;
  say(`making a Debian ${suite} that the images start from`);
  await mkdir(dataFolder, { recursive: true });
  const archive = path.join(dataFolder, "base.tar");
  const trusted = existsSync(certificates) ? [`--customize-hook=upload ${certificates} ${certificates}`] : [];
  await run("mmdebstrap", [...options, ...trusted, suite, archive, `deb ${await mirror()} ${suite} main`]);
  await run("docker", ["import", archive, image]);
  await rm(archive);
  return image;
}
