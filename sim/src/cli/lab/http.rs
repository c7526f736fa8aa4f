//! Requests and answers of HTTP/1.1, one of each a connection, bounded in size and time.
//!
//! `httparse` reads the head; a server library would bring more, and none of the small ones bounds
//! how long a client may take.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::search::campaign::clock::Stopwatch;

/// Bytes of a head.
const HEAD_MAX: usize = 16 << 10;
/// Bytes of a body: a script of 20,000 lines with the times of each.
pub(super) const BODY_MAX: usize = 4 << 20;
/// Headers of a request.
const HEADERS_MAX: usize = 64;
/// Milliseconds in which a request must have arrived.
const ARRIVAL_MS: u64 = 10_000;

/// What was asked.
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

/// What is answered.
pub(super) struct Response {
    pub(super) status: Status,
    pub(super) mime: &'static str,
    pub(super) body: Vec<u8>,
}

/// How it went.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) struct Status(u16, &'static str);

impl Status {
    pub(super) const OK: Status = Status(200, "OK");
    pub(super) const BAD: Status = Status(400, "Bad Request");
    pub(super) const FORBIDDEN: Status = Status(403, "Forbidden");
    pub(super) const NOT_FOUND: Status = Status(404, "Not Found");
    pub(super) const NOT_ALLOWED: Status = Status(405, "Method Not Allowed");
    pub(super) const TIMEOUT: Status = Status(408, "Request Timeout");
    pub(super) const TOO_LARGE: Status = Status(413, "Content Too Large");
    pub(super) const BUSY: Status = Status(503, "Service Unavailable");

    pub(super) const fn is_ok(self) -> bool {
        self.0 == 200
    }

    pub(super) const fn number(self) -> u16 {
        self.0
    }
}

/// Why there is no request to answer.
pub(super) enum Unread {
    /// The client may be told.
    Refused(Status, &'static str),
    /// It is gone.
    Gone,
}

impl Request {
    /// Reads a request.
    pub(super) fn read(stream: &mut TcpStream) -> Result<Request, Unread> {
        let clock = Stopwatch::start();
        let mut bytes = Vec::new();
        let head_end = loop {
            if let Some(end) = end_of_head(&bytes) {
                break end;
            }
            if HEAD_MAX < bytes.len() {
                return Err(Unread::Refused(Status::TOO_LARGE, "the head has no end"));
            }
            read_some(stream, &mut bytes, HEAD_MAX, &clock)?;
        };
        let mut request = parse_head(&bytes[..head_end])?;
        if request.header("transfer-encoding").is_some() {
            return Err(Unread::Refused(Status::BAD, "a body must say how long it is"));
        }
        let length = request.header("content-length").map_or(Some(0), |text| text.parse().ok());
        let length: usize =
            length.ok_or(Unread::Refused(Status::BAD, "the length is no number"))?;
        if BODY_MAX < length {
            return Err(Unread::Refused(Status::TOO_LARGE, "a body has at most 4 MiB"));
        }
        request.body = bytes.split_off(head_end);
        while request.body.len() < length {
            let missing = length - request.body.len();
            read_some(stream, &mut request.body, missing, &clock)?;
        }
        request.body.truncate(length);
        Ok(request)
    }

    /// A header's value; the name in small letters. What is given twice is not there.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(other, _)| other == name);
        let (_, value) = values.next()?;
        values.next().is_none().then_some(value)
    }

    /// Whether the header is there, how often ever.
    pub(super) fn has_header(&self, name: &str) -> bool {
        self.headers.iter().any(|(other, _)| other == name)
    }
}

fn end_of_head(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|window| window == b"\r\n\r\n").map(|position| position + 4)
}

/// Reads what has come, at most `most` bytes.
fn read_some(
    stream: &mut TcpStream,
    bytes: &mut Vec<u8>,
    most: usize,
    clock: &Stopwatch,
) -> Result<(), Unread> {
    let left = ARRIVAL_MS.saturating_sub(clock.wall_ms());
    if left == 0 {
        return Err(Unread::Refused(Status::TIMEOUT, "the request takes too long to arrive"));
    }
    stream.set_read_timeout(Some(Duration::from_millis(left))).map_err(|_| Unread::Gone)?;
    let mut room = [0; 8192];
    let end = room.len().min(most);
    match stream.read(&mut room[..end]) {
        Ok(0) => Err(Unread::Gone),
        Ok(count) => {
            bytes.extend_from_slice(&room[..count]);
            Ok(())
        }
        Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(()),
        Err(error)
            if [io::ErrorKind::WouldBlock, io::ErrorKind::TimedOut].contains(&error.kind()) =>
        {
            Err(Unread::Refused(Status::TIMEOUT, "the request takes too long to arrive"))
        }
        Err(_) => Err(Unread::Gone),
    }
}

fn parse_head(head: &[u8]) -> Result<Request, Unread> {
    let malformed = Unread::Refused(Status::BAD, "the head is malformed");
    let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut parsed = httparse::Request::new(&mut headers);
    let (Ok(httparse::Status::Complete(_)), Some(method), Some(path)) =
        (parsed.parse(head), parsed.method, parsed.path)
    else {
        return Err(malformed);
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(Request {
        method: method.to_owned(),
        path: path.to_owned(),
        headers: parsed
            .headers
            .iter()
            .map(|header| (header.name.to_lowercase(), text(header.value)))
            .collect(),
        body: Vec::new(),
    })
}

impl Response {
    /// A sentence.
    pub(super) fn text(status: Status, text: &str) -> Response {
        Response { status, mime: "text/plain; charset=utf-8", body: format!("{text}\n").into() }
    }

    /// JSON.
    pub(super) fn json(text: String) -> Response {
        Response { status: Status::OK, mime: "application/json", body: text.into_bytes() }
    }

    /// Sends it. A client that went away has its answer.
    pub(super) fn send(self, stream: &mut TcpStream) {
        let Response { status: Status(number, reason), mime, body } = self;
        let head = format!(
            "HTTP/1.1 {number} {reason}\r\nContent-Type: {mime}\r\nContent-Length: {}\r\n{HEADERS}\
             Connection: close\r\n\r\n",
            body.len()
        );
        let _ = stream.set_write_timeout(Some(Duration::from_millis(ARRIVAL_MS)));
        let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
        let _ = stream.shutdown(std::net::Shutdown::Write);
    }
}

/// What goes with every answer: the page loads nothing from elsewhere, is shown in nobody's frame,
/// and tells nobody its address, in which the token is.
const HEADERS: &str = "\
Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; \
connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; \
frame-ancestors 'none'\r\n\
Cross-Origin-Opener-Policy: same-origin\r\n\
Cross-Origin-Resource-Policy: same-origin\r\n\
Referrer-Policy: no-referrer\r\n\
X-Content-Type-Options: nosniff\r\n\
Cache-Control: no-store\r\n";
