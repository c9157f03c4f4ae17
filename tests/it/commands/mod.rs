//! One module for each command, and some for all commands.

mod causes;
mod completions;
mod concurrency;
mod doctor;
mod exec;
mod export;
mod hints;
mod json_output;
mod login;
mod move_command;
mod prompts;
mod refresh;
mod revoke;
mod set;
mod show;
mod time_limits;
mod usage;
