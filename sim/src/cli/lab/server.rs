//! The server of the page: on this machine only, for whoever knows the token in its address.
//!
//! It keeps nothing between two requests. A request must be for this host by name, since a page
//! elsewhere can let its own name mean this machine; and if a page has made it, that page must be
//! ours.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::api::Api;
use super::http::{Request, Response, Status, Unread};
use crate::cli::console::Console;
use crate::cli::error::{CliError, Exit};
use crate::cli::interrupt;
use crate::report::page;

/// Requests that are answered at the same time; a browser makes six.
const AT_ONCE_MAX: usize = 16;
/// Between two looks at whether somebody has asked for an end.
const LOOK: Duration = Duration::from_millis(50);

/// A server that listens.
pub(super) struct Server {
    listener: TcpListener,
    address: SocketAddr,
    token: String,
}

impl Server {
    /// Listens on a port of this machine; port 0 is any that is free.
    pub(super) fn bind(port: u16) -> Result<Server, CliError> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port));
        let bound = listener.and_then(|listener| Ok((listener.local_addr()?, listener)));
        let (address, listener) = bound.map_err(|error| {
            CliError::usage(format!("cannot listen on port {port}: {error}"))
                .hint("leave --port out, and a free one is taken")
        })?;
        Ok(Server { listener, address, token: token() })
    }

    /// Where a browser finds the page.
    pub(super) fn url(&self) -> String {
        format!("http://{}/{}/", self.address, self.token)
    }

    /// Answers until somebody asks for an end.
    pub(super) fn serve(&self, api: &Api<'_>, console: &Console) -> Exit {
        let busy = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for stream in self.listener.incoming() {
                    if interrupt::is_interrupted() {
                        return;
                    }
                    // Whoever could not connect will try again.
                    let Ok(mut stream) = stream else { continue };
                    if AT_ONCE_MAX <= busy.fetch_add(1, Ordering::Relaxed) {
                        busy.fetch_sub(1, Ordering::Relaxed);
                        console.talk("refused: too many requests at once");
                        Response::text(Status::BUSY, "too many requests at once").send(&mut stream);
                        continue;
                    }
                    let busy = &busy;
                    scope.spawn(move || {
                        self.answer(&mut stream, api, console);
                        busy.fetch_sub(1, Ordering::Relaxed);
                    });
                }
            });
            while !interrupt::is_interrupted() {
                wait();
            }
            // Wakes the thread that waits for connections.
            let _ = TcpStream::connect(self.address);
        });
        Exit::Passed
    }

    fn answer(&self, stream: &mut TcpStream, api: &Api<'_>, console: &Console) {
        let (what, response) = match Request::read(stream) {
            Ok(request) => {
                let what = format!("{} {}", request.method, self.without_token(&request.path));
                (what, self.respond(&request, api))
            }
            Err(Unread::Refused(status, why)) => {
                ("a request".to_owned(), Response::text(status, why))
            }
            Err(Unread::Gone) => return,
        };
        if !response.status.is_ok() {
            let why = String::from_utf8_lossy(&response.body);
            let number = response.status.number();
            console.talk(&format!("refused: {}: {number}, {}", printable(&what), why.trim_end()));
        }
        response.send(stream);
    }

    fn respond(&self, request: &Request, api: &Api<'_>) -> Response {
        if let Err(why) = self.is_ours(request) {
            return Response::text(Status::FORBIDDEN, why);
        }
        let Some(path) = self.behind_token(&request.path) else {
            return Response::text(Status::FORBIDDEN, "the address has another token");
        };
        match (request.method.as_str(), path.strip_prefix("api/")) {
            ("POST", Some(name)) => api.answer(name, &request.body),
            ("GET", None) => match page::file(path) {
                Some(file) => Response {
                    status: Status::OK,
                    mime: file.mime,
                    body: file.text.as_bytes().to_vec(),
                },
                None => Response::text(Status::NOT_FOUND, "there is no such file"),
            },
            _ => {
                Response::text(Status::NOT_ALLOWED, "the page is read, the interface is posted to")
            }
        }
    }

    /// Whether the request is for this host, and made by our page or by no page at all.
    fn is_ours(&self, request: &Request) -> Result<(), &'static str> {
        let port = self.address.port();
        let hosts = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
        let host = request.header("host").unwrap_or_default();
        if !hosts.iter().any(|ours| ours == host) {
            return Err("the request is for another host");
        }
        let origin = request.header("origin");
        let is_ours = |origin: &str| origin == format!("http://{host}");
        if request.has_header("origin") && !origin.is_some_and(is_ours) {
            return Err("the request is made by a page of another origin");
        }
        Ok(())
    }

    fn behind_token<'a>(&self, path: &'a str) -> Option<&'a str> {
        let path = path.split(['?', '#']).next()?;
        let (token, rest) = path.strip_prefix('/')?.split_once('/')?;
        same(token.as_bytes(), self.token.as_bytes()).then_some(rest)
    }

    /// As it may be shown: who reads a log need not come in.
    fn without_token(&self, path: &str) -> String {
        path.replace(&self.token, "TOKEN")
    }
}

/// Compares in a time that does not tell how much is right.
fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

/// What a stranger sends may not steer a terminal.
fn printable(text: &str) -> String {
    text.chars().take(120).map(|char| if char.is_control() { '?' } else { char }).collect()
}

/// 128 bits that nobody can guess: the standard library draws the keys of its hash maps from the
/// system's source of randomness.
#[expect(clippy::disallowed_types, reason = "no run sees the token")]
fn token() -> String {
    use std::hash::{BuildHasher, RandomState};
    let drawn = || RandomState::new().hash_one(std::process::id());
    format!("{:016x}{:016x}", drawn(), drawn())
}

#[expect(clippy::disallowed_methods, reason = "nothing runs here but a server that waits")]
fn wait() {
    std::thread::sleep(LOOK);
}
