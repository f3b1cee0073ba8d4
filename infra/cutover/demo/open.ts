import { spawn } from "node:child_process";

/** Shows a file in the browser where somebody sits in front of one; elsewhere nothing happens. */
export function openInBrowser(file: string): void {
  const [command, ...args] = opener();
  if (!command || !process.stdout.isTTY) return;
  const child = spawn(command, [...args, file], { stdio: "ignore", detached: true });
  child.on("error", () => {});
  child.unref();
}

function opener(): string[] {
  if (process.platform === "darwin") return ["open"];
  if (process.platform === "win32") return ["cmd", "/c", "start", ""];
  return process.env["DISPLAY"] || process.env["WAYLAND_DISPLAY"] ? ["xdg-open"] : [];
}
