/** The deployer as a process, as people start it. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { folder, type Environment } from "../../infra/deploy/environment.ts";

const main = path.join(import.meta.dirname, "../../infra/deploy/main.ts");

/** Runs a verb, without a terminal. */
export const infra = (...args: string[]) => execa(process.execPath, [main, ...args], { reject: false });

/** Runs a verb with nothing of the surroundings: no credentials, no home, no network, nothing written. */
export const infraAlone = (...args: string[]) =>
  execa(process.execPath, ["--permission", "--allow-fs-read=*", main, ...args], {
    reject: false,
    env: {},
    extendEnv: false,
  });

/** A name for the environment of one test file: others run at the same time in the same folder. */
export const ownName = `t${process.pid}`;

/** Writes the file of an environment. */
export async function writeEnvironment({ name, images }: Environment): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, `${name}.json`), JSON.stringify({ images }));
}

export const removeEnvironment = (name: string): Promise<void> =>
  rm(path.join(folder, `${name}.json`), { force: true });
