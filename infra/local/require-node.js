// Loaded before the first TypeScript file, which an older Node could not even read; so this one is JavaScript.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 24 || (major === 24 && minor < 7)) {
  console.error(`Node ${process.versions.node} is too old: this needs 24.7 or later, and npm brought none along for
${process.platform} on ${process.arch}. Install Node 24 (https://nodejs.org), then run the same command again.`);
  process.exit(1);
}
