//! The documents, schemas and packages match the program.

mod agents;
mod automation;
mod deployments;
mod error_table;
mod man;
mod mcp;
mod monitoring;
mod packaging;
mod picture;
mod proofs;
mod readme;
mod recipes;
mod schemas;
mod secrets_page;
#[cfg(unix)]
mod try_example;
