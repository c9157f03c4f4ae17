//! What is known of stored credentials: by every command, in the same words, with the same exit code.

mod case;
mod every_check;
mod every_finding;
mod every_step;
mod kinds;
mod profiles;
mod rows;
