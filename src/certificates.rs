//! Checks the environment variables that name CA certificates.
//!
//! The TLS library reads the variables itself and ignores what it cannot use; the request would then fail with the
//! advice to set a variable that is already set. On macOS and Windows the system verifies certificates, and no variable
//! is read.

use std::env;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::{self, PemObject};

use crate::error::{Error, Result, system_reason};
use crate::term;

pub const BUNDLE: &str = "SSL_CERT_FILE";
pub const DIRECTORIES: &str = "SSL_CERT_DIR";

const READS_VARIABLES: bool = cfg!(not(any(target_os = "macos", windows)));

/// Fails if a variable is set but names no certificates.
pub fn check() -> Result<()> {
    if let Some(bundle) = value(BUNDLE) {
        let path = Path::new(&bundle);
        if bundle.is_empty() {
            return Err(Error::io(format!("`{BUNDLE}` is empty"))
                .hint(format!("set `{BUNDLE}` to a PEM file of CA certificates, or unset it")));
        }
        if let Some(fault) = fault_of_bundle(path) {
            return Err(Error::io(format!("`{BUNDLE}` cannot be used: {} {}", term::path(path), fault.text))
                .hint(fault.next_step));
        }
    }
    if let Some(list) = value(DIRECTORIES) {
        let named: Vec<_> = env::split_paths(&list).filter(|path| !path.as_os_str().is_empty()).collect();
        // Of several, one that does not exist is left out, as OpenSSL does; a file is a mistake.
        let one_is_there = named.iter().any(|path| path.is_dir());
        let is_unusable = |path: &&PathBuf| !path.is_dir() && (!one_is_there || path.exists());
        if let Some(path) = named.iter().find(is_unusable) {
            return Err(Error::io(format!("`{DIRECTORIES}` cannot be used: {} is not a directory", term::path(path)))
                .hint(format!("set `{DIRECTORIES}` to a directory of CA certificates, or unset it")));
        }
    }
    Ok(())
}

/// Returns the error for a machine without any certificate.
pub fn none_found() -> Error {
    let error = Error::io("cannot set up TLS: no usable CA certificates were found");
    match [BUNDLE, DIRECTORIES].into_iter().find(|name| value(name).is_some()) {
        Some(name) => error.hint(format!("unset `{name}`, or set `{BUNDLE}` to a PEM file of CA certificates")),
        None => error
            .hint(format!("install the package `ca-certificates`, or set `{BUNDLE}` to a PEM file of CA certificates")),
    }
}

/// Returns the file with the certificates; `None` if the system's are used.
pub fn bundle() -> Option<String> {
    value(BUNDLE).map(|path| term::path(Path::new(&path)))
}

fn value(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|_| READS_VARIABLES)
}

/// What is wrong with a bundle, worded to follow its path.
struct Fault {
    text: String,
    next_step: String,
}

fn fault_of_bundle(path: &Path) -> Option<Fault> {
    let unset = format!("set `{BUNDLE}` to a PEM file of CA certificates, or unset it");
    let fault = |text: String| Some(Fault { text, next_step: unset.clone() });
    match path.metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return fault("does not exist".to_owned()),
        Err(error) => return fault(format!("cannot be read: {}", system_reason(&error))),
        // Opening a FIFO would block, and a device may have no end.
        Ok(metadata) if !metadata.is_file() => return fault("is not a regular file".to_owned()),
        Ok(metadata) if metadata.len() == 0 => return fault("is empty".to_owned()),
        Ok(_) => {}
    }
    match CertificateDer::pem_file_iter(path).map(|mut found| found.any(|certificate| certificate.is_ok())) {
        Err(pem::Error::Io(error)) => fault(format!("cannot be read: {}", system_reason(&error))),
        Ok(true) => None,
        Ok(false) | Err(_) if is_der(path) => Some(Fault {
            text: "is a certificate in DER form, not in PEM form".to_owned(),
            next_step: format!(
                "convert it: `openssl x509 -inform der -in FILE -out ca.pem`, then set `{BUNDLE}` to that"
            ),
        }),
        Ok(false) | Err(_) => fault("holds no certificate in PEM form".to_owned()),
    }
}

/// Whether it begins like a DER certificate: a sequence whose length takes two bytes.
fn is_der(path: &Path) -> bool {
    let mut start = [0; 2];
    File::open(path).and_then(|mut file| file.read_exact(&mut start)).is_ok() && start == [0x30, 0x82]
}
