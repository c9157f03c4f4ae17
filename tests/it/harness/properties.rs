//! Configures property tests: the same cases in every run, so that only a change can make one fail, not chance.
//!
//! `PROPTEST_RNG_SEED=N` tries other cases, `PROPTEST_CASES=N` more of them; `fuzz/` is the place to look for new ones.

use proptest::prelude::ProptestConfig;
use proptest::test_runner::RngSeed;

fn number<T: std::str::FromStr>(variable: &str) -> Option<T> {
    std::env::var(variable).ok()?.parse().ok()
}

/// Returns this many cases, unless the environment says otherwise.
pub fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases: number("PROPTEST_CASES").unwrap_or(cases),
        rng_seed: RngSeed::Fixed(number("PROPTEST_RNG_SEED").unwrap_or(2026)),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}
