//! The documents, schemas and packages match the program.

mod automation;
mod error_table;
mod man;
mod packaging;
mod picture;
mod proofs;
mod readme;
mod schemas;
#[cfg(unix)]
mod try_example;
