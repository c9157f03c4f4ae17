//! All that Google knows about us: the only HTTP, the only async.

mod endpoints;

pub use endpoints::Endpoints;
