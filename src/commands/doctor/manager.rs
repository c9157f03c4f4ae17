//! Checks a secret manager: its program exists and returns a whole document in time.

use crate::profile::{Location, words};
use crate::store::Program;
use crate::term;

use super::examined::Examined;
use super::{FIX_FIRST, Finding};

pub fn responds(examined: &Examined) -> Finding {
    let Location::Command { engine, .. } = &examined.profile.location else {
        return Finding::ok("none is used");
    };
    let Some(program) = Program::of(engine) else { return Finding::skip("its program is not installed", FIX_FIRST) };
    let path = term::path(&program.path);
    let version = program.version.map(|version| format!(", {version}")).unwrap_or_default();
    let seconds = examined.read_in.as_secs_f32();
    match &examined.contents {
        Ok(_) if engine.set.is_none() => Finding::warn(
            format!("{path}{version} responded in {seconds:.2} s, but has no `set`: a new token cannot be saved"),
            "add `set` to the profile in profiles.toml, unless it is meant to be read-only",
        ),
        Ok(_) => Finding::ok(format!("{path}{version} responded in {seconds:.2} s")),
        Err(_) => Finding::skip(format!("`{}` returns no document", words(&engine.get)), FIX_FIRST),
    }
}
