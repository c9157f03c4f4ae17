//! The responses of Google's endpoints and their effects.

mod authorization_response;
mod error_explanations;
pub mod token_endpoint;
