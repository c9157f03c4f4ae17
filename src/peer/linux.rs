//! The sockets of this network namespace and their owners, from `/proc`.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::peer::Peer;

const ESTABLISHED: u8 = 0x01;
const LISTEN: u8 = 0x0a;

/// A row of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Socket {
    pub local: SocketAddr,
    pub remote: SocketAddr,
    pub state: u8,
    pub uid: u32,
    pub inode: u64,
}

/// What the list shows about a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    Owner(u32),
    Closed,
    /// The connection is open, and the list has no second row for it.
    Outside,
    NoList,
}

pub fn identify(local: SocketAddr, remote: SocketAddr) -> Peer {
    let row = match look_up(local, remote) {
        // The list is not a snapshot: the peer may have reset the connection while it was read. A second lookup shows
        // that.
        Row::Outside => look_up(local, remote),
        row => row,
    };
    match row {
        Row::Owner(uid) if trusted().contains(&uid) => Peer::Trusted,
        Row::Owner(uid) => Peer::Other(uid),
        Row::Closed => Peer::Gone,
        Row::Outside | Row::NoList => Peer::NotShown,
    }
}

fn look_up(local: SocketAddr, remote: SocketAddr) -> Row {
    let lists = ["/proc/net/tcp", "/proc/net/tcp6"].map(|path| fs::read_to_string(path).unwrap_or_default());
    row(&sockets(&lists.concat()), local, remote)
}

/// Finds the connection among the sockets.
pub fn row(sockets: &[Socket], local: SocketAddr, remote: SocketAddr) -> Row {
    let (local, remote) = (canonical(local), canonical(remote));
    let find =
        |from: SocketAddr, to: SocketAddr| sockets.iter().find(|socket| socket.local == from && socket.remote == to);
    match (find(remote, local), find(local, remote)) {
        (Some(peer), _) if peer.inode != 0 => Row::Owner(peer.uid),
        (Some(_), _) => Row::Closed,
        (None, Some(own)) if own.state == ESTABLISHED => Row::Outside,
        (None, Some(_)) => Row::Closed,
        // Our listening socket is in every list that shows sockets at all.
        (None, None) if sockets.iter().any(|socket| socket.state == LISTEN && socket.local.port() == local.port()) => {
            Row::Closed
        }
        (None, None) => Row::NoList,
    }
}

/// Parses the lists; lines that are not sockets, such as the header, are skipped.
pub fn sockets(lists: &str) -> Vec<Socket> {
    lists.lines().filter_map(socket).collect()
}

fn socket(line: &str) -> Option<Socket> {
    let mut fields = line.split_ascii_whitespace();
    let (local, remote) = (address(fields.nth(1)?)?, address(fields.next()?)?);
    let state = u8::from_str_radix(fields.next()?, 16).ok()?;
    let uid = fields.nth(3)?.parse().ok()?;
    let inode = fields.nth(1)?.parse().ok()?;
    Some(Socket { local, remote, state, uid, inode })
}

/// Parses `0100007F:1F90`: an address as hexadecimal words in the machine's byte order, and a port.
fn address(text: &str) -> Option<SocketAddr> {
    let (address, port) = text.split_once(':')?;
    let word = |at: usize| u32::from_str_radix(address.get(at * 8..at * 8 + 8)?, 16).ok().map(u32::to_ne_bytes);
    let ip: IpAddr = match address.len() {
        8 => Ipv4Addr::from(word(0)?).into(),
        32 => {
            let words = [word(0)?, word(1)?, word(2)?, word(3)?];
            let mut octets = [0; 16];
            octets.iter_mut().zip(words.as_flattened()).for_each(|(octet, byte)| *octet = *byte);
            Ipv6Addr::from(octets).into()
        }
        _ => return None,
    };
    Some(canonical(SocketAddr::new(ip, u16::from_str_radix(port, 16).ok()?)))
}

/// Returns the IPv4 address that an IPv6 socket uses.
fn canonical(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
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

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:E175 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 395173 1 0000000099ead99f 100 0 0 10 0
   1: 0100007F:E175 0100007F:EACC 01 00000000:00000000 00:00000000 00000000  1000        0 395176 1 0000000099ead99f 20 4 30 10 -1
   2: 0100007F:EACC 0100007F:E175 01 00000000:00000000 00:00000000 00000000 65534        0 396306 1 0000000099ead99f 20 4 30 10 -1
   3: 0100007F:E175 0100007F:EACD 08 00000000:00000000 00:00000000 00000000  1000        0 395177 1 0000000099ead99f 20 4 30 10 -1
   4: 0100007F:EACD 0100007F:E175 05 00000000:00000000 00:00000000 00000000     0        0 0 1 0000000099ead99f 20 4 30 10 -1
   5: 0100007F:E175 0100007F:EACE 01 00000000:00000000 00:00000000 00000000  1000        0 395178 1 0000000099ead99f 20 4 30 10 -1
   6: 00000000000000000000000001000000:E175 00000000000000000000000001000000:EACF 01 00000000:00000000 00:00000000 00000000  1000        0 395179 1 0000000099ead99f
   7: 00000000000000000000000001000000:EACF 00000000000000000000000001000000:E175 01 00000000:00000000 00:00000000 00000000  1001        0 395180 1 0000000099ead99f
   8: 0000000000000000FFFF00000100007F:EAD0 0000000000000000FFFF00000100007F:E175 01 00000000:00000000 00:00000000 00000000  1002        0 395181 1 0000000099ead99f
";

    #[cfg(target_endian = "little")]
    #[test]
    fn the_peer_is_the_row_with_the_addresses_exchanged() {
        let sockets = sockets(LIST);
        let owner = |ip: &str, port: u16| {
            row(
                &sockets,
                format!("{ip}:57717").parse().expect("an address"),
                format!("{ip}:{port}").parse().expect("an address"),
            )
        };
        assert_eq!(owner("127.0.0.1", 0xeacc), Row::Owner(65534));
        assert_eq!(owner("[::1]", 0xeacf), Row::Owner(1001));
        assert_eq!(owner("127.0.0.1", 0xead0), Row::Owner(1002), "an IPv6 socket that connects to an IPv4 address");
    }

    #[cfg(target_endian = "little")]
    #[test]
    fn a_closed_socket_is_not_root() {
        let sockets = sockets(LIST);
        let own = "127.0.0.1:57717".parse().expect("an address");
        assert_eq!(row(&sockets, own, "127.0.0.1:60109".parse().expect("an address")), Row::Closed);
        assert_eq!(
            row(&sockets, own, "127.0.0.1:9".parse().expect("an address")),
            Row::Closed,
            "reset: no row is left"
        );
        assert_eq!(row(&sockets, own, "127.0.0.1:60110".parse().expect("an address")), Row::Outside);
        assert_eq!(
            row(&sockets, "127.0.0.1:80".parse().expect("an address"), "127.0.0.1:9".parse().expect("an address")),
            Row::NoList
        );
        assert_eq!(row(&[], own, "127.0.0.1:60108".parse().expect("an address")), Row::NoList);
    }

    #[test]
    fn what_is_not_a_row_is_skipped() {
        for text in
            ["", "x", "0: 0100007F:E175", "0: é:1 é:1 01 a b c 0 0 0", "0: 0100007F:99999 0100007F:1 01 a b c 0 0 0"]
        {
            assert_eq!(sockets(text), []);
        }
    }
}
