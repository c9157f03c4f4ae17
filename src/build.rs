//! How the release binary is linked, where the linker can do it: Linux with glibc, and lld, which Rust brings along on x86-64.
//!
//! Cargo has no words for these four things, which make the file a fifth smaller and a start a tenth shorter:
//!
//! - Functions of the same code become one.
//! - The unwinder is linked in. Looking for libgcc_s.so takes longer than all that `--version` does.
//! - The tables for unwinding are left out: after `panic = "abort"` nobody reads them. Nor would anybody in a build that has
//!   another `panic`: `end_on_panic` ends the process before anything is unwound.
//! - What only the network and the keychain need stands behind the rest, so that a run without them does not load it.
//!
//! A small program is linked in this way first. A linker that cannot do it links as it always does.
#![allow(clippy::print_stdout, reason = "what it prints is for Cargo")]

use std::error::Error;
use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, fs};

/// The linker finds it first where it is asked for libgcc_s, and takes the static library instead.
const LIBGCC_S: &str = "INPUT(-lgcc_eh)\n";

/// Crates, by a part of their names, that many runs never enter.
const SELDOM: &str = "\
    zbus zvariant secret_service keyring async_ polling event_listener num_bigint aes hkdf \
    tokio hyper reqwest http tower futures_ oauth2 serde_path_to_error rustls webpki ring.. 4ring ring_core rand \
    quick_xml jsonc_parser clap_complete gimli addr2line rustc_demangle miniz_oxide";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=src/build.rs");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    if !(is("PROFILE", "release") && is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu")) {
        return Ok(());
    }
    let out = env::var("OUT_DIR")?;
    let out = Path::new(&out);
    let libraries = out.join("libraries");
    fs::create_dir_all(&libraries)?;
    fs::write(libraries.join("libgcc_s.so"), LIBGCC_S)?;
    let script = out.join("sections.ld");
    fs::write(&script, sections())?;

    let args = ["-Wl,--icf=all".to_owned(), format!("-Wl,-T,{}", script.display())];
    if links(out, &libraries, &args)? {
        println!("cargo:rustc-link-search=native={}", libraries.display());
        for arg in args {
            println!("cargo:rustc-link-arg-bins={arg}");
        }
    }
    Ok(())
}

/// The linker script: changes to what the linker does by itself.
fn sections() -> String {
    let seldom: String = SELDOM.split_whitespace().map(|name| format!(" *(.text.*{name}*)")).collect();
    let tables = "*(.eh_frame) *(.eh_frame_hdr) *(.gcc_except_table*)";
    format!("SECTIONS {{ /DISCARD/ : {{ {tables} }} .text.seldom : {{{seldom} }} }} INSERT AFTER .text;\n")
}

/// Whether a program linked in this way runs, made by the linker and with the flags that the binary will be made with.
fn links(out: &Path, libraries: &Path, args: &[String]) -> Result<bool, Box<dyn Error>> {
    let (source, program) = (out.join("trial.rs"), out.join("trial"));
    fs::write(&source, "fn main() {}\n")?;
    let mut trial = Command::new(env::var("RUSTC")?);
    trial.arg("--target").arg(env::var("TARGET")?).arg("-Cpanic=abort").arg("-o").args([&program, &source]);
    trial.arg("-L").arg(format!("native={}", libraries.display()));
    trial.args(args.iter().map(|arg| format!("-Clink-arg={arg}")));
    if let Ok(linker) = env::var("RUSTC_LINKER") {
        trial.arg(format!("-Clinker={linker}"));
    }
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    trial.args(flags.split('\u{1f}').filter(|flag| !flag.is_empty()));
    let links = trial.stdout(Stdio::null()).stderr(Stdio::null()).status()?.success();
    let foreign = env::var("HOST")? != env::var("TARGET")?;
    Ok(links && (foreign || Command::new(program).status().is_ok_and(|status| status.success())))
}
