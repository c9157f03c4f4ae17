//! Transport errors in our words: DNS, connection, proxy, TLS, time-out.
//!
//! The text of the HTTP library is never shown, since it quotes addresses. Some causes can only be distinguished by the
//! first words of that text; it is compared here and nowhere else, and callers get a [`Transport`].

use std::error::Error as _;
use std::io;

use crate::certificates;
use crate::clock;
use crate::error::{Detail, Error, Kind, Transport};
use crate::google::proxy::{self, Proxy};

/// hyper-util's text for a proxy that cannot be connected to.
const PROXY_NOT_REACHED: &str = "tunnel error: failed to create underlying connection";

/// The texts of hyper-util for a proxy that responded with another status than 200, or rejects the password.
const PROXY_REFUSES: [&str; 3] =
    [PASSWORD_REJECTED, "tunnel error: unsuccessful", "SOCKS error: credentials not accepted"];
const PASSWORD_REJECTED: &str = "tunnel error: proxy authorization required";

const SOMETHING_BETWEEN: &str = "a proxy or a captive portal may be in between; check the network and try again";

/// In seconds.
const TEN_YEARS: u64 = 10 * 366 * 86_400;

/// The next step for a certificate that nobody accepts.
const REPLACE: &str = "the server there, or a proxy that inspects TLS here, needs another certificate: X.509 version 3, \
                       `CA:FALSE`, for `serverAuth`";

/// A request that got no complete response.
pub enum TransportError {
    Http(reqwest::Error),
    /// The time for a connection ended before its name was resolved.
    Lookup,
    /// The response is longer than the limit.
    TooLong,
    /// The task of the connection panicked.
    Panicked,
}

impl TransportError {
    /// Whether no connection was made, so that nothing was sent.
    pub fn is_connect(&self) -> bool {
        match self {
            TransportError::Http(error) => error.is_connect(),
            TransportError::Lookup => true,
            TransportError::TooLong | TransportError::Panicked => false,
        }
    }

    /// Returns the same error; a time-out while a name is looked up is that of the lookup.
    pub fn or_lookup(self, is_looking_up: bool) -> TransportError {
        match &self {
            TransportError::Http(error) if is_looking_up && error.is_connect() && error.is_timeout() => {
                TransportError::Lookup
            }
            _ => self,
        }
    }

    /// Whether a retry would end the same way: an untrusted server, a response over the limit, a proxy that refuses. A directory
    /// locks an account after a few wrong passwords.
    pub fn is_permanent(&self) -> bool {
        match self {
            TransportError::Http(error) => {
                tls(error).is_some() || causes(error).any(|cause| PROXY_REFUSES.contains(&cause.to_string().as_str()))
            }
            TransportError::Lookup => false,
            TransportError::TooLong | TransportError::Panicked => true,
        }
    }

    /// The error for a request to this host.
    pub fn into_error(self, host: &str) -> Error {
        match &self {
            TransportError::TooLong => {
                let message = format!("{host} sent a response of more than 1 MiB, which was not read");
                unreachable(Transport::Response, message).hint(SOMETHING_BETWEEN)
            }
            TransportError::Lookup => {
                let (whose, next) = match Proxy::to(host) {
                    Some(proxy) => ("the name of the proxy", format!("check the name in `{}`", proxy.variable)),
                    None => {
                        ("its name", format!("check the name server of this network, and {}", proxy::to_check(host)))
                    }
                };
                let message = format!("cannot reach {host}: {whose} was not resolved in time");
                unreachable(Transport::Name, message).hint(format!("{next}, then try again"))
            }
            TransportError::Panicked => {
                Error::internal(format!("the connection to {host} failed because of a bug in gads-creds"))
                    .hint("try again; if it happens again, report it")
            }
            TransportError::Http(error) => {
                // A proxy may be connected to over TLS as well, and has a certificate of its own.
                let at_proxy = causes(error).any(|cause| cause.to_string() == PROXY_NOT_REACHED);
                let server = if at_proxy { format!("the proxy to {host}") } else { host.to_owned() };
                let untrusted = tls(error).map(|error| {
                    let tls = untrusted(error, &server);
                    if at_proxy && is_no_tls(error) { tls.hint(plain_proxy(host)) } else { tls }
                });
                untrusted.or_else(|| proxy_error(error, host)).unwrap_or_else(|| connection_error(error, host))
            }
        }
    }
}

/// An error of this transport kind.
pub fn unreachable(kind: Transport, message: String) -> Error {
    Error::new(Kind::Unreachable, message).with_detail(Detail::Transport(kind))
}

/// The TLS error among the causes.
fn tls(error: &reqwest::Error) -> Option<&rustls::Error> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// Whether the other side does not speak TLS at all.
fn is_no_tls(error: &rustls::Error) -> bool {
    use rustls::InvalidMessage::{InvalidContentType, UnknownProtocolVersion};
    matches!(error, rustls::Error::InvalidMessage(InvalidContentType | UnknownProtocolVersion))
}

fn plain_proxy(host: &str) -> String {
    format!("write `http://` in place of `https://` in {}: that is how most proxies are reached", proxy::to_check(host))
}

/// The error for a certificate or a handshake that cannot be trusted.
fn untrusted(error: &rustls::Error, host: &str) -> Error {
    use rustls::{AlertDescription, CertificateError as Bad, Error as Tls, PeerIncompatible as Old};
    // On macOS and Windows the system verifies certificates and reads no variable.
    let inspected = match certificates::bundle() {
        _ if cfg!(any(target_os = "macos", windows)) => {
            "if a proxy inspects TLS here, add its CA certificate to those that this system trusts".to_owned()
        }
        Some(bundle) => {
            format!("if a proxy inspects TLS here, add its CA certificate to {bundle}, which `SSL_CERT_FILE` names")
        }
        None => {
            "if a proxy inspects TLS here, set `SSL_CERT_FILE` to a bundle that contains its CA certificate".to_owned()
        }
    };
    let inspected = inspected.as_str();
    let our_clock = format!("check the clock of this machine: it shows {}", clock::now().format("%F %H:%M UTC"));
    let between = SOMETHING_BETWEEN;
    let renew = format!(
        "{our_clock}; if that is right, whoever runs the proxy that inspects TLS here must renew its certificate"
    );
    let (reason, next) = match error {
        // Further back, the clock is wrong.
        Tls::InvalidCertificate(Bad::ExpiredContext { time, not_after })
            if time.as_secs().saturating_sub(not_after.as_secs()) < TEN_YEARS =>
        {
            ("its certificate has expired", renew.as_str())
        }
        Tls::InvalidCertificate(Bad::Expired | Bad::ExpiredContext { .. }) => {
            ("its certificate has expired", our_clock.as_str())
        }
        Tls::InvalidCertificate(Bad::NotValidYet | Bad::NotValidYetContext { .. }) => {
            ("its certificate is not valid yet", our_clock.as_str())
        }
        Tls::InvalidCertificate(Bad::UnknownIssuer) => ("its certificate is from an unknown authority", inspected),
        Tls::InvalidCertificate(Bad::NotValidForName | Bad::NotValidForNameContext { .. }) => {
            ("its certificate is for another name", between)
        }
        Tls::InvalidCertificate(bad) => match unsuitable(bad) {
            Some(reason) => (reason, REPLACE),
            None => ("its certificate is not valid", inspected),
        },
        Tls::PeerIncompatible(Old::ServerDoesNotSupportTls12Or13)
        | Tls::AlertReceived(AlertDescription::ProtocolVersion) => ("it supports neither TLS 1.2 nor TLS 1.3", between),
        Tls::AlertReceived(AlertDescription::CertificateRequired) => {
            ("it asks for a certificate of the client, which Google does not", between)
        }
        error if is_no_tls(error) => ("the server there does not speak TLS", between),
        _ => ("the TLS handshake failed", between),
    };
    unreachable(Transport::Tls, format!("cannot trust {host}: {reason}")).hint(next)
}

/// What is wrong with a certificate that is refused whoever is trusted: to add it to a bundle changes nothing.
fn unsuitable(bad: &rustls::CertificateError) -> Option<&'static str> {
    let rustls::CertificateError::Other(other) = bad else { return None };
    match other.to_string().as_str() {
        "CaUsedAsEndEntity" => Some("its certificate is that of a CA, which is not accepted as a server's"),
        "UnsupportedCertVersion" => Some("its certificate is of X.509 version 1"),
        // Of rustls-platform-verifier, for `extendedKeyUsage`.
        "certificate had invalid extensions" => Some("its certificate is not one for servers"),
        _ => None,
    }
}

/// The error for a proxy that opened no tunnel to the host.
fn proxy_error(error: &reqwest::Error, host: &str) -> Option<Error> {
    let mut causes = causes(error).skip_while(|cause| !cause.to_string().starts_with("tunnel error: "));
    let text = causes.next()?.to_string();
    let io = io_error(causes);
    let variable = proxy::to_check(host);
    let running = format!("check that the proxy in {variable} is running");
    let (reason, next) = match (text.as_str(), io) {
        (PASSWORD_REJECTED, _) if Proxy::to(host).is_some_and(|proxy| proxy.has_user()) => (
            "the proxy rejects the user name and the password (HTTP 407)".to_owned(),
            format!(
                "check both in {variable}: special characters are written as `%` and their code, such as `%25` for `%`; a \
                 proxy that takes only NTLM or Kerberos cannot be used directly"
            ),
        ),
        (PASSWORD_REJECTED, _) => (
            "the proxy requires a user name and a password (HTTP 407)".to_owned(),
            format!("add them to {variable}: `http://NAME:PASSWORD@HOST:PORT`"),
        ),
        (PROXY_NOT_REACHED, _) if is_dns(error) => {
            ("the name of the proxy cannot be resolved".to_owned(), format!("check the name in {variable}"))
        }
        (PROXY_NOT_REACHED, Some(io)) => (format!("the proxy does not respond: {}", io.kind()), running),
        (PROXY_NOT_REACHED, None) => ("the proxy does not respond".to_owned(), running),
        _ => (
            "the proxy refuses to connect to it".to_owned(),
            format!("check {variable}, and that the proxy allows this host"),
        ),
    };
    Some(unreachable(Transport::Proxy, format!("cannot reach {host}: {reason}")).hint(next))
}

fn connection_error(error: &reqwest::Error, host: &str) -> Error {
    let is_dns = is_dns(error);
    let proxy = Proxy::to(host);
    let check = proxy::to_check(host);
    let is_late = error.is_connect() && error.is_timeout();
    if let (true, Some(proxy)) = (is_late, &proxy) {
        let message = format!("cannot reach {host}: the proxy made no connection to it in time");
        let scheme = proxy.scheme();
        let most =
            if scheme == "http" { String::new() } else { format!("; most need `http://` in place of `{scheme}://`") };
        let next = format!("check that the proxy in {check} is running, and that it allows this host{most}");
        return unreachable(Transport::Proxy, message).hint(next);
    }
    let (kind, reason) = match (io_error(causes(error)), &proxy) {
        _ if is_dns => (Transport::Name, ": its name cannot be resolved".to_owned()),
        _ if is_late => (Transport::Connection, ": no connection was made in time".to_owned()),
        (Some(io), _) if error.is_connect() || !is_of_response(io.kind()) => {
            (Transport::Connection, format!(": {}", io.kind()))
        }
        // The connector for SOCKS says no more.
        (None, Some(_)) if error.is_connect() => {
            let message = format!("cannot reach {host}: the proxy does not respond, or refuses to connect to it");
            let next = format!("check that the proxy in {check} is running, and that it allows this host");
            return unreachable(Transport::Proxy, message).hint(next);
        }
        (None, None) if error.is_connect() => (Transport::Connection, String::new()),
        _ => (Transport::Response, ": the connection broke, or the response is not HTTP".to_owned()),
    };
    let next = match proxy.and_then(|proxy| proxy.without_names()).filter(|_| is_dns) {
        Some([scheme, better]) => format!(
            "write `{better}` in place of `{scheme}` in {check}, so that the proxy resolves the name, then try again"
        ),
        None => format!("check the network and {check}, then try again"),
    };
    unreachable(kind, format!("cannot reach {host}{reason}")).hint(next)
}

/// Whether these are the HTTP library's own errors about a response, in the words of the system.
fn is_of_response(kind: io::ErrorKind) -> bool {
    matches!(kind, io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof)
}

/// Whether a name could not be resolved: the host's, or that of its proxy. The connector for SOCKS resolves names by itself and
/// passes on the system's words.
fn is_dns(error: &reqwest::Error) -> bool {
    causes(error)
        .map(ToString::to_string)
        .any(|cause| cause.starts_with("dns error") || cause.starts_with("failed to lookup address information"))
}

/// The system's error among the causes; one of kind `Other` only wraps another error.
fn io_error<'a>(causes: impl Iterator<Item = &'a (dyn std::error::Error + 'static)>) -> Option<&'a io::Error> {
    causes.filter_map(|cause| cause.downcast_ref::<io::Error>()).find(|io| io.kind() != io::ErrorKind::Other)
}

/// The chain of causes. What an [`io::Error`] wraps is not its source but its inner error, at times several deep.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    std::iter::successors(error.source(), |&cause| {
        match cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => cause.source(),
        }
    })
}
