//! Checks the environment variables that name CA certificates.
//!
//! The TLS library reads the variables itself and ignores what it cannot use; the request would then fail with the
//! advice to set a variable that is already set. On macOS and Windows the system verifies certificates, and no variable
//! is read.

use std::env;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::error::{Error, Result, system_reason};
use crate::{disk, term};

pub const BUNDLE: &str = "SSL_CERT_FILE";
pub const DIRECTORIES: &str = "SSL_CERT_DIR";

/// The largest bundle, in bytes: fifty times that of a system.
const MOST: u64 = 16 << 20;

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
        let unset = format!("set `{DIRECTORIES}` to a directory of CA certificates, or unset it");
        // Of several, one that does not exist is left out, as OpenSSL does; a file is a mistake.
        let one_is_there = named.iter().any(|path| path.is_dir());
        let is_unusable = |path: &&PathBuf| !path.is_dir() && (!one_is_there || path.exists());
        if let Some(path) = named.iter().find(is_unusable) {
            let message = format!("`{DIRECTORIES}` cannot be used: {} is not a directory", term::path(path));
            return Err(Error::io(message).hint(unset));
        }
        if let Some(path) = named.iter().find_map(|directory| too_large_in(directory)) {
            let message = format!("`{DIRECTORIES}` cannot be used: {} {}", term::path(&path), too_large());
            return Err(Error::io(message).hint(unset));
        }
    }
    Ok(())
}

/// Returns the error for a machine without any certificate, or with a directory that has none.
pub fn none_found() -> Error {
    let named = value(DIRECTORIES).and_then(|list| env::split_paths(&list).find(|path| path.is_dir()));
    let Some(directory) = named else {
        return Error::io("cannot set up TLS: no usable CA certificates were found").hint(format!(
            "install the package `ca-certificates`, or set `{BUNDLE}` to a PEM file of CA certificates"
        ));
    };
    let reason = match directory.read_dir() {
        Err(error) => format!("cannot be read: {}", system_reason(&error)),
        Ok(_) => "holds no usable CA certificates".to_owned(),
    };
    Error::io(format!("`{DIRECTORIES}` cannot be used: {} {reason}", term::path(&directory)))
        .hint(format!("unset `{DIRECTORIES}`, or set `{BUNDLE}` to a PEM file of CA certificates"))
}

/// Returns the file with the certificates; `None` if the system's are used.
pub fn bundle() -> Option<String> {
    value(BUNDLE).map(|path| term::path(Path::new(&path)))
}

fn value(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|_| READS_VARIABLES)
}

/// Returns a file that the TLS library would read, with everything else in the directory, into memory.
fn too_large_in(directory: &Path) -> Option<PathBuf> {
    let mut paths = directory.read_dir().ok()?.flatten().map(|entry| entry.path());
    let is_too_large =
        |path: &PathBuf| path.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() > MOST);
    paths.find(is_too_large)
}

fn too_large() -> String {
    format!("is larger than {} MiB", MOST >> 20)
}

/// What is wrong with a bundle, worded to follow its path.
struct Fault {
    text: String,
    next_step: String,
}

fn fault_of_bundle(path: &Path) -> Option<Fault> {
    let unset = format!("set `{BUNDLE}` to a PEM file of CA certificates, or unset it");
    let fault = |text: String| Some(Fault { text, next_step: unset.clone() });
    let bytes = match disk::beginning(path, MOST + 1) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return fault("does not exist".to_owned()),
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => return fault("is not a regular file".to_owned()),
        Err(error) => return fault(format!("cannot be read: {}", system_reason(&error))),
        Ok(bytes) if bytes.is_empty() => return fault("is empty".to_owned()),
        Ok(bytes) if bytes.len() as u64 > MOST => return fault(too_large()),
        Ok(bytes) => bytes,
    };
    let mut certificates = CertificateDer::pem_slice_iter(&bytes).filter_map(|certificate| certificate.ok()).peekable();
    if certificates.peek().is_some() {
        let is_usable = |certificate| RootCertStore::empty().add(certificate).is_ok();
        return if certificates.any(is_usable) { None } else { fault("holds no certificate that is whole".to_owned()) };
    }
    let of_kind = |(beginning, text, command): &(&str, &str, &str)| {
        let is_it = bytes.windows(beginning.len()).any(|window| window == beginning.as_bytes());
        is_it.then(|| convertible(text, command, path))
    };
    if let Some(fault) = OTHER_KINDS.iter().find_map(of_kind) {
        return Some(fault);
    }
    match bytes[..] {
        // A sequence whose length takes two bytes, and in it another one: a private key has its version there.
        [0x30, 0x82, _, _, 0x30, ..] => {
            Some(convertible("is a certificate in DER form, not in PEM form", "openssl x509 -inform der", path))
        }
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0xef, 0xbb, 0xbf, ..] => {
            let text = "is UTF-16 text or begins with a byte order mark, and so is not in PEM form".to_owned();
            Some(Fault { text, next_step: format!("save it as UTF-8 without that mark, or {unset}") })
        }
        _ => fault(of_marker(&bytes).to_owned()),
    }
}

/// Returns what keeps the text of a certificate, as variables and YAML files hold it, from being one in PEM form.
fn of_marker(bytes: &[u8]) -> &'static str {
    let holds = |text: &[u8]| bytes.windows(text.len()).any(|window| window == text);
    match holds(b"-----BEGIN CERTIFICATE-----") {
        true if holds(br"\n") => r"holds `\n` in place of line breaks, and so is not in PEM form",
        true => "is not in PEM form: its lines are indented, or joined to one",
        false => "holds no certificate in PEM form",
    }
}

/// What OpenSSL writes besides plain certificates, and the command that converts it.
const OTHER_KINDS: [(&str, &str, &str); 3] = [
    (
        "-----BEGIN X509 CERTIFICATE-----",
        "holds a certificate with an outdated marker in its first line",
        "openssl x509",
    ),
    (
        "-----BEGIN TRUSTED CERTIFICATE-----",
        "holds a certificate with trust settings of OpenSSL, not in plain PEM form",
        "openssl x509",
    ),
    ("-----BEGIN PKCS7-----", "holds certificates in PKCS#7 form, not in PEM form", "openssl pkcs7 -print_certs"),
];

fn convertible(text: &str, command: &str, path: &Path) -> Fault {
    let file = term::quoted(path);
    let next_step = format!("convert it: `{command} -in {file} -out ca.pem`, then set `{BUNDLE}` to that");
    Fault { text: text.to_owned(), next_step }
}
