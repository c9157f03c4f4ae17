use clap::Args;

use crate::cli::Context;
use crate::error::Result;

/// TODO
#[derive(Args, Debug)]
pub struct Export {}

impl Export {
    pub fn run(self, context: &Context) -> Result<()> {
        todo!()
    }
}
