# Recipes people run: `just` lists them (https://just.systems). Each is one command line that also works without just.

[private]
default:
    @just --list

# Build the program
build:
    cargo build --locked

# Run login, show, refresh and revoke against the stand-in for Google
try *ARGS:
    cargo try {{ARGS}}

# Run the tests whose names contain a text, for example `just test refresh::`
test *FILTER:
    cargo test --locked --test it -- {{FILTER}}

# Run every test; the last lines say what was skipped and why
test-all:
    cargo test --locked

# What has to be clean before a commit
lint:
    cargo fmt --check
    cargo clippy --locked --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --quiet

# Write help blocks, the error table, the README's picture and completions as the program prints them
docs:
    GADS_CREDS_WRITE_DOCS=1 GADS_CREDS_WRITE_COMPLETIONS=1 cargo test --locked --test it -- readme:: error_table:: picture:: completions::

# Write the man pages into a directory
man DIRECTORY="target/man":
    cargo run --locked --example man -- {{DIRECTORY}}

# Fuzz each target for so many seconds (nightly Rust and cargo-fuzz)
fuzz SECONDS="60":
    fuzz/run {{SECONDS}}

# What CI runs: installs what the tests use, and lets nothing be skipped
ci:
    .ci/run

# Build for Windows and run the tests under Wine, or those whose names contain a text (root and debootstrap)
windows *FILTER:
    .ci/windows {{FILTER}}

# Type-check program and tests for macOS
macos:
    .ci/macos

# Write the SBOM (CycloneDX) of the program for this machine: `cargo install --locked cargo-cyclonedx@0.5.9`
sbom:
    cargo cyclonedx --format json --spec-version 1.5 --target "$(rustc -vV | sed -n 's/^host: //p')" --override-filename gads-creds.cdx && rm tests/google/gads-creds.cdx.json

# Build every package that this machine can build
package:
    .ci/package
