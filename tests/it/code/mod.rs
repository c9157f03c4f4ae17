//! The source code: which module may use which, and which words may be used where.

mod circles;
mod source;
mod tidy;
