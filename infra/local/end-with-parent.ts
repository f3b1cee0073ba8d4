/**
 * Loaded into every service of `npm start`: its standard input is a pipe from the process that started it, and ends when
 * that process is gone, even by SIGKILL. Nothing is left running then.
 */
const end = () => {
  // Nobody waits for its requests any more, and nobody else would end it.
  setTimeout(() => process.kill(process.pid, "SIGKILL"), 3000).unref();
  process.kill(process.pid, "SIGTERM");
};
process.stdin.on("end", end).on("error", end).resume();
(process.stdin as unknown as { unref?: () => void }).unref?.();
