//! The screens that people look at, on terminals of three widths and where there is no terminal.

mod snapshots;
mod surroundings;
mod walk;
mod world;
