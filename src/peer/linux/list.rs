//! The tables as text, in `/proc/net/tcp` and `/proc/net/tcp6`: where the kernel cannot be asked about one socket.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::{LISTEN, Row, Shown};

/// A row of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Socket {
    local: SocketAddr,
    remote: SocketAddr,
    shown: Shown,
}

/// Reads the whole list, which is not a snapshot: the peer may have reset the connection while it was read, which a second
/// reading shows.
pub fn look_up(local: SocketAddr, remote: SocketAddr) -> Row {
    match read(local, remote) {
        Row::Outside { .. } => read(local, remote),
        row => row,
    }
}

fn read(local: SocketAddr, remote: SocketAddr) -> Row {
    let lists = ["/proc/net/tcp", "/proc/net/tcp6"].map(|path| fs::read_to_string(path).unwrap_or_default());
    row(&sockets(&lists.concat()), local, remote)
}

/// Finds the connection among the sockets.
fn row(sockets: &[Socket], local: SocketAddr, remote: SocketAddr) -> Row {
    let find =
        |from: SocketAddr, to: SocketAddr| sockets.iter().find(|socket| socket.local == from && socket.remote == to);
    match (find(remote, local), find(local, remote)) {
        // Our listening socket is in every list that shows sockets at all.
        (None, None)
            if !sockets.iter().any(|socket| socket.shown.state == LISTEN && socket.local.port() == local.port()) =>
        {
            Row::NoList
        }
        (peer, own) => Row::of(peer.map(|socket| socket.shown), own.map(|socket| socket.shown)),
    }
}

/// Parses the lists; lines that are not sockets, such as the header, are skipped.
fn sockets(lists: &str) -> Vec<Socket> {
    lists.lines().filter_map(socket).collect()
}

fn socket(line: &str) -> Option<Socket> {
    let mut fields = line.split_ascii_whitespace();
    let (local, remote) = (address(fields.nth(1)?)?, address(fields.next()?)?);
    let state = u8::from_str_radix(fields.next()?, 16).ok()?;
    let (_, unread) = fields.next()?.split_once(':')?;
    let unread = u32::from_str_radix(unread, 16).ok()?;
    let uid = fields.nth(2)?.parse().ok()?;
    let inode = fields.nth(1)?.parse().ok()?;
    Some(Socket { local, remote, shown: Shown { state, uid, inode, unread } })
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
    // An IPv6 socket may use IPv4 addresses.
    Some(SocketAddr::new(ip.to_canonical(), u16::from_str_radix(port, 16).ok()?))
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
   5: 0100007F:E175 0100007F:EACE 01 00000000:00000040 00:00000000 00000000  1000        0 395178 1 0000000099ead99f 20 4 30 10 -1
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
        assert_eq!(row(&sockets, own, "127.0.0.1:60110".parse().expect("an address")), Row::Outside { unread: 64 });
        assert_eq!(
            row(&sockets, "127.0.0.1:80".parse().expect("an address"), "127.0.0.1:9".parse().expect("an address")),
            Row::NoList
        );
        assert_eq!(row(&[], own, "127.0.0.1:60108".parse().expect("an address")), Row::NoList);
    }

    #[test]
    fn what_is_not_a_row_is_skipped() {
        for text in [
            "",
            "x",
            "0: 0100007F:E175",
            "0: é:1 é:1 01 0:0 b c 0 0 0",
            "0: 0100007F:99999 0100007F:1 01 0:0 b c 0 0 0",
        ] {
            assert_eq!(sockets(text), []);
        }
    }
}
