//! Requests other than the response: other paths, methods, hosts, forms of HTTP, and other protocols.

use super::{Target, withstands};

/// A request line, its headers (`HOST` stands for the real one), the expected status; 0 if anything but a 2xx or 3xx
/// will do.
type Row = (&'static str, &'static str, u16);

const HOST: &str = "Host: HOST\r\n";

#[track_caller]
fn table(target: &Target, rows: &[Row]) {
    let (_, query) = target.response.split_once('?').unwrap();
    for (line, headers, status) in rows {
        let text = format!("{line}\r\n{headers}\r\n");
        let text = text.replace("HOST", &target.host).replace("QUERY", query).replace("STATE", &target.state);
        let response = target.say(text.as_bytes());
        let got = response.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
        assert!(if *status == 0 { got == 0 || got >= 400 } else { got == *status }, "{line}: {response}");
        let head = response.to_ascii_lowercase();
        assert!(!head.contains("access-control"), "{line}: {response}");
        assert!(!response.contains(&target.state) && !head.contains("location:"), "{line}: {response}");
    }
}

#[test]
fn other_paths_are_not_found() {
    withstands(|target| {
        table(
            target,
            &[
                ("GET / HTTP/1.1", HOST, 404),
                ("GET /favicon.ico HTTP/1.1", HOST, 404),
                ("GET /robots.txt HTTP/1.1", HOST, 404),
                ("GET /done HTTP/1.1", HOST, 404),
                ("GET /done/ HTTP/1.1", HOST, 404),
                ("GET /done/AAAAAAAAAAAAAAAAAAAAAA HTTP/1.1", HOST, 404),
                ("GET /callback/?QUERY HTTP/1.1", HOST, 404),
                ("GET //callback?QUERY HTTP/1.1", HOST, 404),
                ("GET /Callback?QUERY HTTP/1.1", HOST, 404),
                ("GET /callback%2f?QUERY HTTP/1.1", HOST, 404),
                ("GET /%63allback?QUERY HTTP/1.1", HOST, 404),
                ("GET /callback;x=1?QUERY HTTP/1.1", HOST, 404),
                ("GET /x/../callback?QUERY HTTP/1.1", HOST, 404),
                ("GET ?QUERY HTTP/1.1", HOST, 0),
                ("GET * HTTP/1.1", HOST, 0),
            ],
        );
    });
}

#[test]
fn only_get_is_accepted_as_the_response() {
    let preflight = "Host: HOST\r\nOrigin: https://evil.example\r\nAccess-Control-Request-Method: GET\r\n\
                     Access-Control-Request-Private-Network: true\r\n";
    withstands(|target| {
        table(
            target,
            &[
                ("HEAD /callback?QUERY HTTP/1.1", HOST, 405),
                ("OPTIONS /callback?QUERY HTTP/1.1", preflight, 405),
                ("OPTIONS * HTTP/1.1", preflight, 0),
                ("OPTIONS / HTTP/1.1", preflight, 405),
                ("OPTIONS /favicon.ico HTTP/1.1", preflight, 405),
                ("POST /elsewhere HTTP/1.1", "Host: HOST\r\nContent-Length: 0\r\n", 405),
                ("POST /callback?QUERY HTTP/1.1", "Host: HOST\r\nContent-Length: 0\r\n", 405),
                ("POST /callback?QUERY HTTP/1.1", "Host: HOST\r\nContent-Length: 1000000\r\n", 405),
                ("POST /callback?QUERY HTTP/1.1", "Host: HOST\r\nTransfer-Encoding: chunked\r\n", 405),
                ("PUT /callback?QUERY HTTP/1.1", "Host: HOST\r\nContent-Length: 0\r\n", 405),
                ("DELETE /callback?QUERY HTTP/1.1", HOST, 405),
                ("TRACE /callback?QUERY HTTP/1.1", HOST, 405),
                ("get /callback?QUERY HTTP/1.1", HOST, 405),
                ("CONNECT HOST HTTP/1.1", HOST, 0),
            ],
        );
    });
}

#[test]
fn only_our_host_header_is_accepted() {
    withstands(|target| {
        let port = target.host.split_once(':').unwrap().1;
        let hosts: Vec<String> = [
            "Host: evil.example:PORT",
            "Host: 127.0.0.1.evil.example:PORT",
            "Host: 127.0.0.1",
            "Host: 127.0.0.1:1",
            "Host: 127.0.0.2:PORT",
            "Host: 0.0.0.0:PORT",
            "Host: 2130706433:PORT",
            "Host: user@127.0.0.1:PORT",
            "Host: 127.0.0.1:PORT, evil.example",
            "Host:",
            "X-Forwarded-Host: 127.0.0.1:PORT",
            "Host: 127.0.0.1:PORT\r\nHost: evil.example:PORT",
            "Host: evil.example:PORT\r\nHost: 127.0.0.1:PORT",
            "Host: 127.0.0.1:PORT\r\nHost: 127.0.0.1:PORT",
            "Host: \u{e9}:PORT",
        ]
        .map(|host| format!("{}\r\n", host.replace("PORT", port)))
        .into();
        for host in &hosts {
            let (_, query) = target.response.split_once('?').unwrap();
            let response = target.say(format!("GET /callback?{query} HTTP/1.1\r\n{host}\r\n").as_bytes());
            assert!(response.starts_with("HTTP/1.1 4"), "{host}: {response}");
        }
        table(
            target,
            &[
                ("GET /callback?QUERY HTTP/1.1", "", 421),
                ("GET http://evil.example/callback?QUERY HTTP/1.1", HOST, 421),
                ("GET http://user@HOST/callback?QUERY HTTP/1.1", HOST, 421),
                ("GET http://HOST/callback?QUERY HTTP/1.1", "Host: evil.example\r\n", 421),
                ("GET /callback?QUERY HTTP/1.0", "", 421),
            ],
        );
    });
}

#[test]
fn requests_other_than_http_1_are_rejected() {
    withstands(|target| {
        table(
            target,
            &[
                ("GET /callback?QUERY", "", 0),
                ("GET /callback?QUERY HTTP/2.0", HOST, 0),
                ("GET /callback?QUERY HTTP/9.9", HOST, 0),
                ("GET /callback?QUERY\tHTTP/1.1", HOST, 0),
                ("GET /callback?QUERY HTTP/1.1", "Host : HOST\r\n", 0),
                ("GET /callback?QUERY HTTP/1.1", "Host: HOST\r\nBad\x01Name: x\r\n", 0),
                ("GET /callback?QUERY HTTP/1.1", "Host: HOST\r\nContent-Length: 1\r\nContent-Length: 2\r\n", 0),
                ("GET /callback?QUERY HTTP/1.1", "Host: HOST\r\nContent-Length: x\r\n", 0),
            ],
        );
        let mut junk: Vec<Vec<u8>> = vec![
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0".to_vec(),
            b"\r\n\r\n\r\n\r\n".to_vec(),
            vec![0; 4096],
            (0..=255).cycle().take(8192).collect(),
            b"\x05\x01\x00".to_vec(),
            b"SSH-2.0-OpenSSH_9.9\r\n".to_vec(),
        ];
        junk.push([b"GET /".as_slice(), &[b'a'; 1 << 20]].concat());
        junk.push([b"GET / HTTP/1.1\r\nX: ".as_slice(), &[b'a'; 1 << 20]].concat());
        junk.push(format!("GET / HTTP/1.1\r\nHost: {}\r\n{}\r\n", target.host, "X: y\r\n".repeat(10_000)).into_bytes());
        for bytes in junk {
            let response = target.say(&bytes);
            assert!(response.is_empty() || response.starts_with("HTTP/1.1 4"), "{response}");
        }
    });
}

#[test]
fn a_browser_that_insists_on_https_is_reported_once() {
    withstands(|target| {
        for _ in 0..3 {
            assert_eq!(target.say(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"), "");
        }
        target.login.wait_for("change `https://` to `http://`");
    });
}

#[test]
fn every_page_forbids_caching_framing_and_sniffing() {
    withstands(|target| {
        for path in ["/", "/callback", "/callback?code=x&state=y"] {
            let response = target.say(format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", target.host).as_bytes());
            let head = response.to_ascii_lowercase();
            for header in ["no-store", "default-src 'none'", "no-referrer", "nosniff", "charset=utf-8"] {
                assert!(head.contains(header), "{path}: no {header}: {response}");
            }
        }
    });
}
