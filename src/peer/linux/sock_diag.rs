//! Asks the kernel about one connection (`sock_diag(7)`): two lookups by address, which take the same time however many sockets
//! there are, and whatever other users open and close meanwhile.

use std::net::{IpAddr, SocketAddr};
use std::os::fd::OwnedFd;
use std::time::Duration;

use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, netlink, recv, send, socket_with, sockopt,
};

use super::{LISTEN, Row, Shown};

/// The kernel answers at once.
const DEADLINE: Duration = Duration::from_secs(1);

const SOCK_DIAG_BY_FAMILY: u16 = 20;
const NLM_F_REQUEST: u16 = 1;
const IPPROTO_TCP: u8 = 6;
const AF_INET: u8 = 2;
const AF_INET6: u8 = 10;
/// The length of a message's header, and of a request with it.
const HEADER: usize = 16;
const REQUEST: usize = HEADER + 56;

/// Returns `None` where the kernel cannot be asked, or does not know our own socket: the module may be missing.
pub fn look_up(local: SocketAddr, remote: SocketAddr) -> Option<Row> {
    let kernel =
        socket_with(AddressFamily::NETLINK, SocketType::DGRAM, SocketFlags::CLOEXEC, Some(netlink::SOCK_DIAG)).ok()?;
    sockopt::set_socket_timeout(&kernel, sockopt::Timeout::Recv, Some(DEADLINE)).ok()?;
    // The peer first: if it is gone only after that, our socket shows it.
    let peer = ask(&kernel, remote, local)?;
    let own = ask(&kernel, local, remote)?;
    (peer.is_some() || own.is_some()).then(|| Row::of(peer, own))
}

/// Asks for the socket with these two addresses; `Some(None)` if the kernel has none.
fn ask(kernel: &OwnedFd, from: SocketAddr, to: SocketAddr) -> Option<Option<Shown>> {
    send(kernel, &request(from, to), SendFlags::empty()).ok()?;
    let mut answer = [0; 512];
    let (length, _) = recv(kernel, &mut answer, RecvFlags::empty()).ok()?;
    let answer = answer.get(..length)?;
    Some(
        shown(answer)
            .filter(|(ports, shown)| *ports == (from.port(), to.port()) && shown.state != LISTEN)
            .map(|it| it.1),
    )
}

/// A `struct inet_diag_req_v2` for one socket.
fn request(from: SocketAddr, to: SocketAddr) -> Vec<u8> {
    let family = if from.is_ipv4() { AF_INET } else { AF_INET6 };
    let mut message = Vec::with_capacity(REQUEST);
    message.extend((REQUEST as u32).to_ne_bytes());
    message.extend(SOCK_DIAG_BY_FAMILY.to_ne_bytes());
    message.extend(NLM_F_REQUEST.to_ne_bytes());
    // Number and sender: the kernel answers whoever asked.
    message.extend([0; 8]);
    message.extend([family, IPPROTO_TCP, 0, 0]);
    // Every state.
    message.extend(u32::MAX.to_ne_bytes());
    message.extend(from.port().to_be_bytes());
    message.extend(to.port().to_be_bytes());
    message.extend(octets(from.ip()));
    message.extend(octets(to.ip()));
    // Any interface, and no cookie.
    message.extend([0; 4]);
    message.extend([0xff; 8]);
    message
}

fn octets(ip: IpAddr) -> [u8; 16] {
    match ip {
        IpAddr::V4(ip) => {
            let [a, b, c, d] = ip.octets();
            [a, b, c, d, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        }
        IpAddr::V6(ip) => ip.octets(),
    }
}

/// Reads a `struct inet_diag_msg`: the ports and what the kernel reports about that socket. An error has another type.
fn shown(answer: &[u8]) -> Option<((u16, u16), Shown)> {
    let (header, answer) = answer.split_at_checked(HEADER)?;
    (header.get(4..6)? == SOCK_DIAG_BY_FAMILY.to_ne_bytes()).then_some(())?;
    let port = |at: usize| Some(u16::from_be_bytes(answer.get(at..at + 2)?.try_into().ok()?));
    let word = |at: usize| Some(u32::from_ne_bytes(answer.get(at..at + 4)?.try_into().ok()?));
    let shown = Shown { state: *answer.get(1)?, uid: word(64)?, inode: word(68)?.into(), unread: word(56)? };
    Some(((port(4)?, port(6)?), shown))
}

#[cfg(test)]
mod tests {
    use std::net::{TcpListener, TcpStream};

    use super::*;
    use crate::peer::linux::list;

    #[test]
    fn the_kernel_knows_the_owner_of_an_open_connection_and_of_no_other() {
        for address in ["127.0.0.1:0", "[::1]:0"] {
            // A machine may have no IPv6, and a sandbox may not allow the question.
            let Ok(listener) = TcpListener::bind(address) else { continue };
            let local = listener.local_addr().expect("an address");
            let client = TcpStream::connect(local).expect("a connection");
            let remote = client.local_addr().expect("an address");
            let Some(row) = look_up(local, remote) else { continue };
            assert_eq!(row, Row::Owner(rustix::process::geteuid().as_raw()));
            assert_eq!(list::look_up(local, remote), row);
            // Ours is not there: it is not known whether the kernel can be asked.
            assert_eq!(look_up(local, SocketAddr::new(remote.ip(), 1)), None);
            let (accepted, _) = listener.accept().expect("a connection");
            drop(client);
            assert_eq!(look_up(local, remote), Some(Row::Closed));
            drop(accepted);
        }
    }
}
