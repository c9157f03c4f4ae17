#!/usr/bin/env node
// Runs the program that npm installed for this platform, and ends as it ends.
"use strict";

const { spawn } = require("node:child_process");

const name = `gads-creds-${process.platform}-${process.arch}`;
let program;
try {
  program = require.resolve(`${name}/bin/gads-creds${process.platform === "win32" ? ".exe" : ""}`);
} catch {
  console.error(`error: npm has not installed \`${name}\`, the program for this platform`);
  console.error("hint: install again without `--omit=optional`; if there is no such package, `cargo install gads-creds`");
  process.exit(1);
}

const child = spawn(program, process.argv.slice(2), { stdio: "inherit" });
// The program is the one to answer signals. A terminal sends Ctrl-C to both; the others reach only this process.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP"]) {
  process.on(signal, () => child.kill(signal));
}
child.on("error", (error) => {
  console.error(`error: cannot start ${program}: ${error.code}`);
  process.exit(1);
});
child.on("exit", (code, signal) => {
  if (signal) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  } else {
    process.exit(code);
  }
});
