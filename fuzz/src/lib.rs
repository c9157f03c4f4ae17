//! Fuzz targets for every reader that meets somebody else's bytes; the laws they try are those of `cargo test`.
//!
//! ```text
//! cargo install cargo-fuzz
//! fuzz/run            # every target for ten minutes, two at a time
//! fuzz/run 60 yaml    # one target for a minute
//! ```
//!
//! A target is one line: the name of a law in `tests/laws/`. Whoever finds one broken fixes the program and adds the input, made
//! small by `cargo fuzz tmin`, to `seeds/`, from where the fuzzer begins: `cargo test` tries the seeds as well.

#[path = "../../tests/laws/mod.rs"]
pub mod laws;

/// Tries the law of this target on the input.
pub fn try_on(target: &str, input: &str) {
    let (_, law) = laws::TARGETS.iter().find(|(name, _)| *name == target).expect("a target in the list");
    law(input);
}
