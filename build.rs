//! Links the release binary to be smaller and to start faster, where the linker can: Linux with glibc, and lld, which
//! Rust ships for x86-64.
//!
//! Cargo cannot express these five settings, which make the file a sixth smaller and the start a fifth faster
//! (`docs/decisions/how-the-release-is-linked.md`):
//!
//! - Functions with identical code are merged.
//! - The unwinder is linked statically. Loading libgcc_s.so takes longer than all that `--version` does.
//! - The unwind tables are left out: with `panic = "abort"` nothing reads them. The same holds for a build with another
//!   `panic`, since `end_on_panic` ends the process before anything is unwound.
//! - Code that only the network and the keychain need is placed last, so that it is not mapped in with what a short run needs.
//! - The relocations of this machine's own build are packed: a bit each in place of 24 bytes. glibc reads them since 2.36.
//!
//! A small program is linked this way first. If that does not run, the binary is linked without the last one, or as usual.
#![allow(clippy::print_stdout, reason = "what it prints is for Cargo")]

use std::error::Error;
use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, fs};

/// The linker finds this script first when it looks for libgcc_s, and takes the static library instead.
const LIBGCC_S: &str = "INPUT(-lgcc_eh)\n";

/// Packs the relocations that only add the address of the program.
const PACKED: &str = "-Wl,-z,pack-relative-relocs";

/// Parts of the names of crates that many runs never call.
const SELDOM: &str = "\
    zbus zvariant secret_service keyring async_ polling event_listener num_bigint aes hkdf \
    tokio hyper reqwest http tower futures_ oauth2 serde_path_to_error rustls webpki ring.. 4ring ring_core rand \
    quick_xml jsonc_parser clap_complete gimli addr2line rustc_demangle miniz_oxide";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
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

    let args = ["-Wl,--icf=all", &format!("-Wl,-T,{}", script.display()), PACKED].map(str::to_owned);
    // What runs here may not run elsewhere: packages for older systems have a linker of their own.
    let is_for_here = env::var("HOST")? == env::var("TARGET")? && env::var_os("RUSTC_LINKER").is_none();
    for args in [&args[..], &args[..2]].into_iter().skip(usize::from(!is_for_here)) {
        if links(out, &libraries, args)? {
            println!("cargo:rustc-link-search=native={}", libraries.display());
            args.iter().for_each(|arg| println!("cargo:rustc-link-arg-bins={arg}"));
            break;
        }
    }
    Ok(())
}

/// Returns the linker script: changes to the linker's default.
fn sections() -> String {
    let seldom: String = SELDOM.split_whitespace().map(|name| format!(" *(.text.*{name}*)")).collect();
    let tables = "*(.eh_frame) *(.eh_frame_hdr) *(.gcc_except_table*)";
    format!("SECTIONS {{ /DISCARD/ : {{ {tables} }} .text.seldom : {{{seldom} }} }} INSERT AFTER .text;\n")
}

/// Whether a program linked this way runs, built with the linker and the flags of the binary.
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
