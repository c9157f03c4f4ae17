//! What Google's endpoints answer and what it leads to.

mod authorization_response;
mod error_explanations;
pub mod token_endpoint;
