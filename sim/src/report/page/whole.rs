//! A finding as one file: the page with a recorded run inside, which asks nobody for anything.
//!
//! Who opens it with scripts switched off, or gets it from a server that allows it neither scripts
//! nor styles, reads a static page (`paper.rs`) instead: a drawing and tables, which the page
//! replaces if it can.

use serde_json::json;

use super::bundle::bundle;
use super::markup::escaped;
use super::start::{Opened, start};
use super::{file, paper};
use crate::report::trace::Recording;
use crate::run::Watched;
use raft_invariants::Selection;

/// Whatever is in it was there from the beginning, and nothing else comes.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
                      img-src data:; base-uri 'none'; form-action 'none'";

/// The file's text.
pub fn whole(opened: &Opened<'_>, selection: &Selection) -> String {
    let watched = Watched { script: &opened.script, times_us: &[], then: None };
    let recording = Recording::take(opened.target, &watched, selection);
    let start = start(opened, std::iter::once(opened.target));
    let recorded = json!({ "start": start, "trace": &recording }).to_string();
    format!(
        "<!doctype html>\n\
         <!-- A run of raft-sim: readable as it is, and with scripts to be stepped through. -->\n\
         <html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>\n{style}</style>\n</head>\n\
         <body data-mode=\"explore\" data-tab=\"story\">\n{paper}\n{frame}\n\
         <script type=\"application/json\" id=\"recorded\">{recorded}</script>\n\
         <script>\n{script}</script>\n</body>\n</html>\n",
        title = escaped(&paper::title(opened, &recording)),
        style = text_of("style.css"),
        paper = paper::paper(opened, &recording),
        frame = frame(),
        // What the run says may look like the end of the script; in JSON it need not.
        recorded = recorded.replace('<', "\\u003c"),
        script = bundle(),
    )
}

/// The page's frame, which stays away until a script fills it.
fn frame() -> String {
    let page = text_of("");
    let begin = page.find("<div id=\"page\">").expect("the page has a frame");
    let end = page.find("</body>").expect("the page ends");
    page[begin..end].replacen("<div id=\"page\">", "<div id=\"page\" hidden>", 1)
}

fn text_of(name: &str) -> &'static str {
    file(name).expect("it is one of the page's files").text
}
