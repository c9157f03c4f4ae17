//! Why no answer came, in our words: of a failure only its nature is told, never the library's text.
//!
//! Some libraries tell what happened in the first words of a text alone; those are compared here and never passed on.

use std::error::Error as _;
use std::io;

use jiff::Timestamp;

use crate::error::{Error, Kind};

/// What hyper-util says when the proxy itself is not reached.
const NO_PROXY_THERE: &str = "tunnel error: failed to create underlying connection";

/// What came instead of an answer.
pub enum Failure {
    Http(reqwest::Error),
    /// The answer is longer than the cap.
    TooLong,
    /// Our own side did.
    BrokeDown,
}

impl Failure {
    /// No connection came about, so that nothing was sent.
    pub fn is_connect(&self) -> bool {
        matches!(self, Failure::Http(error) if error.is_connect())
    }

    /// It would be the same a moment later: a server that cannot be trusted, more than the cap.
    pub fn lasts(&self) -> bool {
        match self {
            Failure::Http(error) => tls(error).is_some(),
            Failure::TooLong | Failure::BrokeDown => true,
        }
    }
}

pub fn unreachable(message: String) -> Error {
    Error::new(Kind::Unreachable, message)
}

/// The failure of a request to this host.
pub fn told(failure: &Failure, host: &str) -> Error {
    match failure {
        Failure::TooLong => unreachable(format!("{host} sent an answer of more than 1 MiB; it was not read"))
            .hint("a proxy or a captive portal may stand between; check the network and try again"),
        Failure::BrokeDown => Error::internal(format!("the connection to {host} ended by a fault of this program"))
            .hint("try again; if it happens twice, it is worth a report"),
        Failure::Http(error) => {
            // A proxy may be spoken to over TLS as well, and has a certificate of its own.
            let at_proxy = causes(error).any(|cause| cause.to_string() == NO_PROXY_THERE);
            let who = if at_proxy { format!("the proxy on the way to {host}") } else { host.to_owned() };
            let distrusted = tls(error).map(|error| distrusted(error, &who));
            distrusted.or_else(|| stopped_by_proxy(error, host)).unwrap_or_else(|| broken_off(error, host))
        }
    }
}

/// What TLS found wrong, if that is what failed.
fn tls(error: &reqwest::Error) -> Option<&rustls::Error> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// A certificate or a handshake that nobody should trust.
fn distrusted(error: &rustls::Error, host: &str) -> Error {
    use rustls::{AlertDescription, CertificateError as Bad, Error as Tls, InvalidMessage, PeerIncompatible as Old};
    // There the system itself judges certificates, and reads no variable.
    let inspected = match cfg!(any(target_os = "macos", windows)) {
        true => "if a proxy inspects TLS here, add its CA certificate to those that this system trusts",
        false => "if a proxy inspects TLS here, point `SSL_CERT_FILE` at a bundle that holds its CA certificate",
    };
    let clock = format!("check the clock of this machine: it says {}", Timestamp::now().strftime("%F %H:%M UTC"));
    let between = "a proxy or a captive portal may stand between; check the network and try again";
    let (trouble, next) = match error {
        Tls::InvalidCertificate(Bad::Expired | Bad::ExpiredContext { .. }) => {
            ("its certificate has expired", clock.as_str())
        }
        Tls::InvalidCertificate(Bad::NotValidYet | Bad::NotValidYetContext { .. }) => {
            ("its certificate is not valid yet", clock.as_str())
        }
        Tls::InvalidCertificate(Bad::UnknownIssuer) => ("its certificate comes from an unknown authority", inspected),
        Tls::InvalidCertificate(Bad::NotValidForName | Bad::NotValidForNameContext { .. }) => {
            ("its certificate is for another name", between)
        }
        Tls::InvalidCertificate(_) => ("its certificate is not valid", inspected),
        Tls::PeerIncompatible(Old::ServerDoesNotSupportTls12Or13)
        | Tls::AlertReceived(AlertDescription::ProtocolVersion) => {
            ("it speaks no version of TLS that is safe (1.2 or 1.3)", between)
        }
        Tls::InvalidMessage(InvalidMessage::InvalidContentType | InvalidMessage::UnknownProtocolVersion) => {
            ("what answers there does not speak TLS", between)
        }
        _ => ("the TLS handshake failed", between),
    };
    unreachable(format!("cannot trust {host}: {trouble}")).hint(next)
}

/// A proxy that opened no way to the host.
fn stopped_by_proxy(error: &reqwest::Error, host: &str) -> Option<Error> {
    let mut causes = causes(error).skip_while(|cause| !cause.to_string().starts_with("tunnel error: "));
    let said = causes.next()?.to_string();
    let io = plain(causes);
    let (trouble, next) = match (said.as_str(), io) {
        ("tunnel error: proxy authorization required", _) => (
            "the proxy asks for a name and a password (HTTP 407)".to_owned(),
            "put them into `HTTPS_PROXY`: `http://NAME:PASSWORD@HOST:PORT`",
        ),
        (NO_PROXY_THERE, Some(io)) => {
            (format!("the proxy does not answer: {}", io.kind()), "check that the proxy in `HTTPS_PROXY` runs")
        }
        (NO_PROXY_THERE, None) => {
            ("the proxy does not answer".to_owned(), "check that the proxy in `HTTPS_PROXY` runs")
        }
        _ => (
            "the proxy opens no way to it".to_owned(),
            "check `HTTPS_PROXY`, and that the proxy there lets this host through",
        ),
    };
    Some(unreachable(format!("cannot reach {host}: {trouble}")).hint(next))
}

fn broken_off(error: &reqwest::Error, host: &str) -> Error {
    if error.is_timeout() {
        return unreachable(format!("{host} did not answer in time")).hint("try again later");
    }
    let io = plain(causes(error));
    let lookup = causes(error).any(|cause| cause.to_string().starts_with("dns error"));
    let reason = match io {
        _ if lookup => ": its name cannot be resolved".to_owned(),
        Some(io) => format!(": {}", io.kind()),
        None if error.is_connect() => String::new(),
        None => ": the connection broke or the answer is not HTTP".to_owned(),
    };
    unreachable(format!("cannot reach {host}{reason}"))
        .hint("check the network and `HTTPS_PROXY`, then try again; `gads-creds doctor` looks closer")
}

/// What the system said; a wrapper around something else is of no kind.
fn plain<'a>(causes: impl Iterator<Item = &'a (dyn std::error::Error + 'static)>) -> Option<&'a io::Error> {
    causes.filter_map(|cause| cause.downcast_ref::<io::Error>()).find(|io| io.kind() != io::ErrorKind::Other)
}

/// One below the other. What an [`io::Error`] holds is not its source but stands in it, at times several deep.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    std::iter::successors(error.source(), |&cause| {
        match cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => cause.source(),
        }
    })
}
