//! The page's own files, in the binary: plain modules and a style sheet that need no build and load
//! nothing from elsewhere. A server hands them out one by one; [`whole`] is all of it in one file,
//! with a recorded run inside.

mod bundle;
mod drawing;
mod markup;
mod paper;
pub mod start;
pub mod whole;

/// A file of the page.
#[derive(Copy, Clone, Debug)]
pub struct File {
    /// Its name behind the address; the page itself has none.
    pub name: &'static str,
    /// What kind of file it is.
    pub mime: &'static str,
    /// Its text.
    pub text: &'static str,
}

const fn script(name: &'static str, text: &'static str) -> File {
    File { name, mime: "text/javascript; charset=utf-8", text }
}

/// All of them.
pub const FILES: &[File] = &[
    File { name: "", mime: "text/html; charset=utf-8", text: include_str!("index.html") },
    File { name: "style.css", mime: "text/css; charset=utf-8", text: include_str!("style.css") },
    script("api.js", include_str!("api.js")),
    script("bar.js", include_str!("bar.js")),
    script("cluster.js", include_str!("cluster.js")),
    script("compare.js", include_str!("compare.js")),
    script("console.js", include_str!("console.js")),
    script("dock.js", include_str!("dock.js")),
    script("dom.js", include_str!("dom.js")),
    script("judges.js", include_str!("judges.js")),
    script("keys.js", include_str!("keys.js")),
    script("lanes.js", include_str!("lanes.js")),
    script("layout.js", include_str!("layout.js")),
    script("lead.js", include_str!("lead.js")),
    script("legal.js", include_str!("legal.js")),
    script("live.js", include_str!("live.js")),
    script("main.js", include_str!("main.js")),
    script("map.js", include_str!("map.js")),
    script("menu.js", include_str!("menu.js")),
    script("missions.js", include_str!("missions.js")),
    script("model.js", include_str!("model.js")),
    script("scenario.js", include_str!("scenario.js")),
    script("script.js", include_str!("script.js")),
    script("session.js", include_str!("session.js")),
    script("signs.js", include_str!("signs.js")),
    script("story.js", include_str!("story.js")),
    script("words.js", include_str!("words.js")),
];

/// The file of that name.
pub fn file(name: &str) -> Option<&'static File> {
    FILES.iter().find(|file| file.name == name)
}
