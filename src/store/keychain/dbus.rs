//! What an error of the Secret Service means: by the kinds of the library and the names of D-Bus, never by a text.

use std::io;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use secret_service::Error;
use zbus::address::transport::{Transport, UnixSocket};
use zbus::{Address, DBusError, fdo};

use crate::disk;
use crate::error::system_reason;
use crate::store::keychain::cause::Cause;
use crate::term;

/// The names of D-Bus errors by which no Secret Service is there, or the bus could not start one.
const NO_SERVICE: [&str; 2] =
    ["org.freedesktop.DBus.Error.ServiceUnknown", "org.freedesktop.DBus.Error.NameHasNoOwner"];
const NOT_STARTED: &str = "org.freedesktop.DBus.Error.Spawn.";
const IS_LOCKED: &str = "org.freedesktop.Secret.Error.IsLocked";

/// Returns why the address of the session is not one to connect to. The library takes one address, where the specification allows
/// a list, and starts programs that the environment names.
pub fn unusable_address(value: &str) -> Option<Cause> {
    if value.contains(';') {
        let is_listened_at = |one: &&str| {
            let socket = one.parse().ok().and_then(|address| socket(&address));
            socket.is_some_and(|socket| UnixStream::connect(socket).is_ok())
        };
        return Some(Cause::AddressList(value.split(';').find(is_listened_at).map(str::to_owned)));
    }
    match value.parse::<Address>().ok()?.transport() {
        Transport::Unixexec(_) | Transport::Ibus(_) => Some(Cause::StartsProgram),
        _ => None,
    }
}

pub fn cause(error: &Error) -> Cause {
    match error {
        Error::Locked => Cause::Locked,
        Error::Prompt => Cause::NoPrompt,
        // Only the default collection is ever asked for.
        Error::NoResult => Cause::NoDefaultCollection,
        Error::Unavailable => Cause::NoSession,
        Error::PromptDisconnected => Cause::Failed("the connection broke while its prompt was shown".to_owned()),
        Error::Crypto(_) => Cause::Failed("its encrypted session does not work".to_owned()),
        Error::Zvariant(_) => malformed(),
        Error::Zbus(error) => of_bus(error),
        Error::ZbusFdo(error) => of_standard(error),
        _ => unknown(),
    }
}

fn of_bus(error: &zbus::Error) -> Cause {
    match error {
        zbus::Error::MethodError(name, text, _) => named(name.as_str(), text.as_deref()),
        zbus::Error::FDO(error) => of_standard(error),
        zbus::Error::Address(_) => Cause::NoSession,
        zbus::Error::Connection(error, _) | zbus::Error::InputOutput(error) => not_connected(Some(error)),
        zbus::Error::Handshake(_) => not_connected(None),
        zbus::Error::Variant(_) | zbus::Error::InvalidReply => malformed(),
        _ => unknown(),
    }
}

fn of_standard(error: &fdo::Error) -> Cause {
    match error {
        fdo::Error::ZBus(error) => of_bus(error),
        error => named(error.name().as_str(), error.description()),
    }
}

/// Returns the cause of an error that the bus or the Secret Service sent.
fn named(name: &str, text: Option<&str>) -> Cause {
    if name == IS_LOCKED {
        return Cause::Locked;
    }
    if NO_SERVICE.contains(&name) || name.starts_with(NOT_STARTED) {
        return Cause::NoService;
    }
    let text = text.map(|text| format!(" ({})", term::excerpt(text))).unwrap_or_default();
    Cause::Failed(format!("{}{text}", term::excerpt(name)))
}

/// Returns why there is no connection, or no longer: for another user than its own a bus closes it without an error.
fn not_connected(error: Option<&io::Error>) -> Cause {
    if let Some(uid) = session_socket().and_then(|socket| disk::other_owner(&socket).or_else(|| owner(&socket))) {
        return Cause::OfAnotherUser(uid);
    }
    match error.map(io::Error::kind) {
        Some(io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => Cause::NoSession,
        Some(_) => Cause::NotConnected(error.map_or("", system_reason).to_owned()),
        None => Cause::NotConnected("what responds there is not a D-Bus session".to_owned()),
    }
}

/// Returns the owner of a socket that is not this user's: root may be it as well.
fn owner(socket: &Path) -> Option<u32> {
    use std::os::unix::fs::MetadataExt as _;
    socket.metadata().ok().filter(|metadata| !disk::is_own(metadata)).map(|metadata| metadata.uid())
}

/// Returns the socket of the D-Bus session, as the library finds it.
fn session_socket() -> Option<PathBuf> {
    socket(&Address::session().ok()?)
}

fn socket(address: &Address) -> Option<PathBuf> {
    match address.transport() {
        Transport::Unix(unix) => match unix.path() {
            UnixSocket::File(path) => Some(path.into()),
            _ => None,
        },
        _ => None,
    }
}

fn malformed() -> Cause {
    Cause::Failed("its response is malformed".to_owned())
}

fn unknown() -> Cause {
    Cause::Failed("the D-Bus session does not work".to_owned())
}
