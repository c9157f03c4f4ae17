//! Identifies the user at the other end of a connection to the loopback interface.
//!
//! Every user of a machine can connect to a loopback port, and TCP has no `SO_PEERCRED`. Linux shows the owner of every socket
//! of a network namespace, through netlink or in `/proc/net/tcp` and `/proc/net/tcp6`; the peer's socket is the one with our
//! two addresses exchanged. Cases that this does not show are decided as follows.
//!
//! - **The peer has closed its socket.** It then has uid 0 and no inode, or is missing, so that any user could
//!   appear to be root by closing at once. Such a peer is [`Peer::Gone`]; it can only be trusted if no other user has
//!   processes. Looking it up as soon as the connection is accepted would not help: the system completes a connection by
//!   itself, so that it can be opened, used and closed before the program runs.
//! - **The connection is open and has no second socket.** Under WSL with mirrored networking the browser of Windows is outside
//!   this network namespace: [`Peer::NotShown`]. Elsewhere nobody's browser is, and a local user can look like this: one that
//!   sends until our buffer is full and closes with a short `TCP_USER_TIMEOUT`, after which the system forgets its socket without
//!   a word to ours. So such a peer is [`Peer::Gone`], under WSL as well if it has sent more than its request.
//! - **Nothing is shown, not even our own socket** (other systems, a sandbox): [`Peer::NotShown`].
//! - **User namespaces.** The list shows uids as this process sees them. Unmapped uids appear as the overflow uid,
//!   65534, which is not ours; if nothing is mapped, everybody has it, and the list does not distinguish users.
//!
//! Trusted besides our own uid are root, who can do everything anyway, and whoever started this session through sudo or
//! su: that user's browser and ssh tunnel belong to them.

#[cfg(target_os = "linux")]
mod linux;

use std::net::SocketAddr;

/// The owner of the other end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peer {
    /// Our own user, root, or the user who became ours.
    Trusted,
    /// Another user of this machine.
    Other(u32),
    /// Already closed, or as if it were, so that its user is not known.
    Gone,
    /// The system does not show it.
    NotShown,
}

/// Finds the owner of the other end of a connection.
#[cfg(target_os = "linux")]
pub fn identify(local: SocketAddr, remote: SocketAddr) -> Peer {
    linux::identify(local, remote)
}

#[cfg(not(target_os = "linux"))]
pub fn identify(_: SocketAddr, _: SocketAddr) -> Peer {
    Peer::NotShown
}

/// Whether an untrusted user has a process, or may have one that is hidden.
#[cfg(target_os = "linux")]
pub fn other_users_have_processes() -> bool {
    linux::other_users_have_processes()
}

#[cfg(not(target_os = "linux"))]
pub fn other_users_have_processes() -> bool {
    true
}

/// Whether no other user can listen at that port, as far as the system shows it.
#[cfg(target_os = "linux")]
pub fn only_root_may_listen(port: u16) -> bool {
    linux::only_root_may_listen(port)
}

#[cfg(not(target_os = "linux"))]
pub fn only_root_may_listen(_: u16) -> bool {
    false
}
