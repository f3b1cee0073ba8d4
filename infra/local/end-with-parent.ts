/**
 * Loaded into every service of `npm start`: its standard input is a pipe from the process that started it, and ends when
 * that process is gone, even by SIGKILL. Nothing is left running then.
 */
process.stdin
  .on("end", () => process.kill(process.pid, "SIGTERM"))
  .on("error", () => process.kill(process.pid, "SIGTERM"))
  .resume();
(process.stdin as unknown as { unref?: () => void }).unref?.();
