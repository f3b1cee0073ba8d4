/** `npm run cutover -- VERB`: moves modules between the monolith and their services while people use them. */
import { Command, Option } from "commander";
import { isDatabaseAway } from "../../services/chassis/src/database.ts";
import { DATA } from "../folders.ts";
import { exitFor } from "../terminal/exit.ts";
import { UserError } from "../terminal/user-error.ts";
import { modulesNamed, type MovingModule } from "./module.ts";
import { copiedText, move, shiftTo, verifyWith } from "./move.ts";
import { session, type CommonOptions } from "./session.ts";
import { durationOf, percentOf, percentsOf, shareOf, shiftByCanary, type CanaryFlags } from "./shift.ts";
import { statusTable } from "./status-table.ts";

const program = new Command("npm run cutover --").description(
  "Moves modules of the forum between the monolith and their services, and back, under load and without a lost write.",
);

/** A verb with the options that all of them have. */
const verb = (name: string, argument?: string) => {
  const command = new Command(name).addOption(
    new Option("--target <target>", "which forum: of npm start, of docker compose, on AWS")
      .choices(["local", "compose", "aws"])
      .default("local"),
  );
  if (argument) command.argument(argument, "users, threads, posts; or all");
  command
    .option("--data <folder>", "with --target local: where that npm start keeps its data", DATA)
    .option("--env <name>", "with --target aws: the environment of the deployer", "dev")
    .option("--region <region>", "with --target aws: its region, unless its file says it")
    .option("--json", "print JSON for programs")
    .allowExcessArguments(false);
  program.addCommand(command);
  return command;
};

const AGAIN = `The connection to a database broke; no write of the forum is lost by that.
See what was done: npm run cutover -- status. The same command again goes on from there.`;

const withReport = (command: Command) =>
  command.option(
    "--report <file.html>",
    "write a page with what has happened: steps, traffic of both sides, comparison",
  );

const withCanary = (command: Command) =>
  command
    .option("--canary <percents>", "raise the weight by itself, step by step: 5,25,50,100", percentsOf)
    .option("--bake <duration>", "how long each of these steps has to prove itself (60s)", durationOf)
    .option("--max-errors <share>", "share of answers 5xx above which a canary goes back (1%)", shareOf)
    .option("--max-p99 <duration>", "p99 above which it goes back (twice the monolith's, and above 250ms)", durationOf);

verb("status", "[module]")
  .description("Says of each module who owns it, how far its copy is, and what the next step would be.")
  .action((name: string = "all", options: CommonOptions) =>
    session(options, async ({ target, report }) => {
      const weights = await target.weights();
      const all = [];
      for (const module of modulesNamed(name)) {
        const status = await target.step("status", module, {}, report);
        all.push({ ...status, percent: weights[module.name] ?? 100 });
      }
      console.log(options.json ? JSON.stringify(all, null, 2) : statusTable(all));
    }),
  );

verb("prepare", "<module>")
  .description("Copies a module's rows to its service and lets each side follow the other from then on.")
  .action((name: string, options: CommonOptions) =>
    session(options, async ({ target, report, say }) => {
      for (const module of modulesNamed(name)) {
        const copied = await target.step("prepare", module, {}, report);
        say({ module: module.name, ...copied }, `${module.name}: ${copiedText(copied)}`);
      }
    }),
  );

verb("verify", "<module>")
  .description(
    "Compares rows and answers of both sides, at the same position of the replication. Exit code 3: not equal.",
  )
  .action((name: string, options: CommonOptions) =>
    session(options, async ({ target, report, say }) => {
      for (const module of modulesNamed(name)) {
        const detail = await verifyWith(target, module, report);
        say({ module: module.name, equal: true }, `${module.name}: ${detail}`);
      }
    }),
  );

withCanary(withReport(verb("shift", "<module>")))
  .argument(
    "[percent]",
    "how many percent of the requests the balancer sends to the service first, 0 to 100",
    percentOf,
  )
  .description("Shares a module's requests between the two sides; who owns it does not change.")
  .action((name: string, percent: number | undefined, options: CommonOptions & CanaryFlags) =>
    session(options, async (session) => {
      if ((percent === undefined) === (options.canary === undefined)) {
        throw new UserError("Give either a percent, or --canary 5,25,50,100.", 2);
      }
      for (const module of modulesNamed(name)) {
        const detail = await (percent === undefined
          ? shiftByCanary(session, module, options)
          : shiftTo(session.target, module, percent, session.report));
        session.say({ module: module.name, percent: percent ?? options.canary?.at(-1) }, `${module.name}: ${detail}`);
      }
    }),
  );

verb("handover", "<module>")
  .description("Moves the ownership of a module in one transaction, for which writers wait some milliseconds.")
  .addOption(new Option("--to <side>", "who shall own it").choices(["service", "monolith"]).default("service"))
  .action((name: string, options: CommonOptions & { to: "service" | "monolith" }) =>
    session(options, async ({ target, report, say }) => {
      for (const module of modulesNamed(name)) {
        const { done, stall } = await target.step("handover", module, { to: options.to }, report);
        const text = done ? `was there already` : `is with the ${options.to}; writers waited ${Math.round(stall)} ms`;
        say({ module: module.name, owner: options.to, stall }, `${module.name}: ${text}`);
      }
    }),
  );

for (const [name, to, description] of [
  ["to", "service", "Moves a module to its service: prepare, verify, shift, handover, each unless it is done."],
  ["back", "monolith", "Moves a module back to the monolith, by the same steps in the other direction."],
] as const) {
  const command = withReport(verb(name, "<module>")).description(description);
  if (to === "service") withCanary(command);
  command.action((name: string, options: CommonOptions & CanaryFlags) =>
    session(options, async (session) => {
      const { target, report, say, watching } = session;
      const chosen = modulesNamed(name);
      const inOrder = to === "service" ? chosen : chosen.toReversed();
      const shift = (module: MovingModule) => shiftByCanary(session, module, options);
      await watching(inOrder, async () => {
        for (const module of inOrder) {
          await move({ target, module, to, report, ...(options.canary && { shift }) });
          say({ module: module.name, owner: to }, `${module.name} is with the ${to}`);
        }
      });
    }),
  );
}

verb("retire", "<module>")
  .description("Ends the replication of a module that is with its service for good: there is no way back.")
  .option("--yes", "do not ask")
  .action((name: string, options: CommonOptions & { yes?: true }) =>
    session(options, async ({ target, report, say, confirm }) => {
      for (const module of modulesNamed(name).toReversed()) {
        if (!options.yes) await confirm(`retire ${module.name}`, "After this there is no way back to the monolith.");
        await target.step("retire", module, {}, report);
        say({ module: module.name, retired: true }, `${module.name} is with its service for good`);
      }
    }),
  );

program.addHelpText(
  "after",
  `
How it goes: npm start -- --owner monolith, then, in another terminal:
  npm run cutover -- status
  npm run cutover -- to posts       and watch X-Served-By in the answers: curl -si localhost:8080/api/posts
  npm run cutover -- back posts
  npm run cutover -- to all --report cutover.html

Every verb can be run again after whatever has happened, and goes on from there.
Exit codes: 0 done; 1 could not be done, with what to do; 2 wrong usage; 3 the sides are not equal, or a canary went back;
            4 a task on AWS takes too long to be followed`,
);

try {
  await program.parseAsync();
} catch (error) {
  exitFor(error, isDatabaseAway);
  if (isDatabaseAway(error)) console.error(AGAIN);
}
