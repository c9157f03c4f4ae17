//! One module for each command, and some for all commands.

mod causes;
mod completions;
mod concurrency;
mod doctor;
mod exec;
mod export;
mod findings;
mod hints;
mod json_output;
pub mod login;
mod move_command;
mod near_misses;
mod prompts;
pub mod refresh;
mod revoke;
mod set;
mod show;
pub mod steps;
mod time_limits;
mod usage;
mod work_tree;
