use clap::Args;

use crate::cli::Context;
use crate::error::Result;

/// TODO
#[derive(Args, Debug)]
pub struct Completions {}

impl Completions {
    pub fn run(self, context: &Context) -> Result<()> {
        todo!()
    }
}
