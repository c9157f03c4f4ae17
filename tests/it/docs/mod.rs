//! The documents, schemas and packages agree with the program.

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
