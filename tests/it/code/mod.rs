//! The source itself: who may use whom, and what may stand where.

mod source;
mod tidy;
