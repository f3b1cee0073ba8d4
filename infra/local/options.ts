import { parseArgs } from "node:util";
import { SIDES, type Side } from "../../services/chassis/src/ownership/standing.ts";
import { DATA } from "../folders.ts";
import { forum } from "../forum.ts";
import { UsageError } from "../terminal/user-error.ts";

export const HELP = `Usage: npm start -- [options]

Starts the forum on plain Node: PostgreSQL, the monolith, the services, and a gateway in front that follows the rules
of infra/forum.ts. Needs no Docker. Data is kept until --fresh.

Options:
  --port NUMBER   where the gateway listens on this machine (8080)
  --only NAME     start one service alone, e.g. --only monolith: it answers everything
  --owner SIDE    who owns the modules while the databases are new: service (the default: monolith and services are two
                  worlds side by side) or monolith (the beginning of a move, see npm run cutover -- --help)
  --watch         restart a service when one of its files was edited
  --data FOLDER   where data is kept (.data)
  --fresh         forget all data first
  --quiet         print no log lines of the services
  --help          show this text`;

const names = forum.services.map(({ name }) => name);

const isSide = (text: string): text is Side => SIDES.includes(text as Side);

/** The command line of `npm start`. @throws UsageError that says what is wrong and shows the help */
export function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: "string", default: "8080" },
        only: { type: "string" },
        owner: { type: "string", default: "service" },
        watch: { type: "boolean", default: false },
        data: { type: "string", default: DATA },
        fresh: { type: "boolean", default: false },
        quiet: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new UsageError(`--port ${values.port}: not a port`);
    if (values.only !== undefined && !names.includes(values.only)) {
      throw new UsageError(`--only ${values.only}: known services are ${names.join(", ")}`);
    }
    if (!isSide(values.owner)) throw new UsageError(`--owner ${values.owner}: either ${SIDES.join(" or ")}`);
    return { ...values, owner: values.owner, port, services: values.only === undefined ? names : [values.only] };
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${HELP}`);
  }
}
