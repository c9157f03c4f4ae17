use clap::Args;

use crate::cli::Context;
use crate::error::Result;

/// TODO
#[derive(Args, Debug)]
pub struct Show {}

impl Show {
    pub fn run(self, context: &Context) -> Result<()> {
        todo!()
    }
}
