/** The container's own health check, where there is neither shell nor curl: exit code 0 when `/health` says so. */
import { get } from "node:http";

const { PORT = "3000" } = process.env;
get({ host: "127.0.0.1", port: Number(PORT), path: "/health", timeout: 2000 }, (answer) => {
  process.exit(answer.statusCode === 200 ? 0 : 1);
})
  .on("timeout", () => process.exit(1))
  .on("error", () => process.exit(1));
