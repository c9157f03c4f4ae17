//! Linux: who owns the peer's socket, from the kernel's tables of sockets.

use std::fs;
use std::net::SocketAddr;

use crate::peer::Peer;

mod list;
mod sock_diag;

const ESTABLISHED: u8 = 0x01;
const LISTEN: u8 = 0x0a;

/// What the tables show about a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shown {
    state: u8,
    uid: u32,
    /// Zero for a socket that no program has open any more.
    inode: u64,
    /// Bytes that were received and not read.
    unread: u32,
}

/// What the tables show about a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Row {
    Owner(u32),
    Closed,
    /// The connection is open on our side, and the peer's socket is not there.
    Outside {
        unread: u32,
    },
    NoList,
}

impl Row {
    /// Compares what is known of the peer's socket and of ours.
    fn of(peer: Option<Shown>, own: Option<Shown>) -> Row {
        match (peer, own) {
            (Some(peer), _) if peer.inode != 0 => Row::Owner(peer.uid),
            (None, Some(own)) if own.state == ESTABLISHED => Row::Outside { unread: own.unread },
            _ => Row::Closed,
        }
    }
}

pub fn identify(local: SocketAddr, remote: SocketAddr) -> Peer {
    // An IPv6 socket may use IPv4 addresses.
    let [local, remote] = [local, remote].map(|address| SocketAddr::new(address.ip().to_canonical(), address.port()));
    match sock_diag::look_up(local, remote).unwrap_or_else(|| list::look_up(local, remote)) {
        Row::Owner(uid) if trusted().contains(&uid) => Peer::Trusted,
        Row::Owner(uid) => Peer::Other(uid),
        Row::Outside { unread: 0 } if is_wsl() => Peer::NotShown,
        Row::Closed | Row::Outside { .. } => Peer::Gone,
        Row::NoList => Peer::NotShown,
    }
}

/// Whether this is the Windows Subsystem for Linux: by the kernel's name, which no user without privileges can change.
fn is_wsl() -> bool {
    fs::read_to_string("/proc/sys/kernel/osrelease").is_ok_and(|name| name.to_lowercase().contains("microsoft"))
}

/// Returns the uids that may be at the other end.
fn trusted() -> Vec<u32> {
    let mut uids = vec![0, rustix::process::geteuid().as_raw(), rustix::process::getuid().as_raw()];
    uids.extend(std::env::var("SUDO_UID").ok().and_then(|uid| uid.parse::<u32>().ok()));
    // The user who logged in, before su; all ones if there is none.
    let login = fs::read_to_string("/proc/self/loginuid").ok().and_then(|uid| uid.trim().parse::<u32>().ok());
    uids.extend(login.filter(|uid| *uid != u32::MAX));
    uids
}

pub fn other_users_have_processes() -> bool {
    let trusted = trusted();
    let is_trusted = |uid: &str| uid.parse().is_ok_and(|uid: u32| trusted.contains(&uid));
    let uids = |status: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix("Uid:"));
        line.is_some_and(|line| line.split_ascii_whitespace().all(is_trusted))
    };
    // With the mount option hidepid only our own processes are listed.
    let Ok(entries) = fs::read_dir("/proc") else { return true };
    if fs::metadata("/proc/1/status").is_err() {
        return true;
    }
    let pids = entries.flatten().filter(|entry| entry.file_name().to_string_lossy().parse::<u32>().is_ok());
    // A process that has ended has no status.
    pids.filter_map(|entry| fs::read_to_string(entry.path().join("status")).ok()).any(|status| !uids(&status))
}

pub fn only_root_may_listen(port: u16) -> bool {
    let first_for_all = fs::read_to_string("/proc/sys/net/ipv4/ip_unprivileged_port_start").ok();
    first_for_all.and_then(|number| number.trim().parse().ok()).is_some_and(|first: u16| port < first)
}
