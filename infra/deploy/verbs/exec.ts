import { Argument, Command } from "commander";
import { forum } from "../../forum.ts";
import { reader } from "../ask.ts";
import { assertPlugin, enter } from "../exec/plugin.ts";
import { entranceOf } from "../exec/task.ts";
import { environmentFrom, withCommonOptions, type CommonOptions } from "../options.ts";
import { awsFor } from "../session.ts";

interface Options extends CommonOptions {
  task?: string;
}

/** The images have no shell; this is what they have. */
const DEFAULT = ["node"];

export const exec = withCommonOptions(new Command("exec"))
  .description("Runs a program in a running task of a service, by ECS Exec, with this terminal as its own.")
  .addArgument(new Argument("<service>", "a service").choices(forum.services.map(({ name }) => name)))
  .argument("[command...]", "the program and its arguments; without it, node to try things in")
  .option("--task <id>", "in the task whose id begins so, as logs shows it (default: any)")
  .addHelpText(
    "after",
    `
It needs "exec": true in the environment's file before the task was started, and AWS's session-manager-plugin here.
What begins with - goes after --. The images have no shell. With --json it prints which container it would enter, and does not.

Exit codes: that of session-manager-plugin; 1 an error

Examples:
  npm run infra -- exec users
  npm run infra -- exec users --task 0123abcd -- node -p process.memoryUsage()`,
  )
  .action(async (service: string, command: string[], options: Options) => {
    const environment = await environmentFrom(options);
    const { send, region } = awsFor(environment);
    if (!options.json) await assertPlugin();
    const entrance = await entranceOf(reader(send), environment, service, options.task);
    if (options.json) {
      console.log(JSON.stringify(entrance, null, 2));
      return;
    }
    console.error(`Entering task ${entrance.taskId} of ${service}`);
    process.exitCode = await enter(send, region, entrance, command.length > 0 ? command : DEFAULT);
  });
