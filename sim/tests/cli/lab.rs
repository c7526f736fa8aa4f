//! `lab` and `explore` over HTTP, raw: what the page is given, and what nobody else is.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use super::process::{Folder, PROGRAM};

/// A server that runs until it is dropped.
struct Served {
    child: Child,
    host: String,
    token: String,
    folder: Folder,
}

/// What came back.
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Served {
    fn new(name: &str, args: &[&str]) -> Served {
        let folder = Folder::new(name);
        let log = std::fs::File::create(folder.file("log")).expect("the folder takes a file");
        let mut command = folder.command(PROGRAM);
        command.args(args).arg("--no-open").stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().expect("the program starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("it is piped");
        BufReader::new(stdout).read_line(&mut line).expect("it says where it is");
        let (host, token) = line
            .trim()
            .strip_prefix("http://")
            .and_then(|rest| rest.trim_end_matches('/').split_once('/'))
            .unwrap_or_else(|| panic!("no address: {line:?}"));
        Served { child, host: host.to_owned(), token: token.to_owned(), folder }
    }

    fn raw(&self, request: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(&self.host).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("it is no zero");
        // A server that has heard enough may close before all is said.
        let _ = stream.write_all(request);
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(0);
        Answer { status, head: head.to_owned(), body: body.to_owned() }
    }

    fn get(&self, name: &str) -> Answer {
        let (host, token) = (&self.host, &self.token);
        self.raw(format!("GET /{token}/{name} HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes())
    }

    fn post(&self, name: &str, body: &str) -> Answer {
        let (host, token, length) = (&self.host, &self.token, body.len());
        let head = format!(
            "POST /{token}/api/{name} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n\
             Content-Length: {length}\r\n\r\n"
        );
        self.raw((head + body).as_bytes())
    }

    /// The answer to a question that is well put.
    fn ask(&self, name: &str, question: &Value) -> Value {
        let answer = self.post(name, &question.to_string());
        assert_eq!(answer.status, 200, "{name}: {}", answer.body);
        serde_json::from_str(&answer.body).expect("it answers in JSON")
    }

    fn log(&self) -> String {
        self.folder.read("log")
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const FAILING: &str = "\
cluster nodes=4
timeout n1
deliver n1->n2 RequestVote
deliver n2->n1 RequestVoteReply granted
duplicate n2->n1 RequestVoteReply granted
";
const BUG: &str = "raft-core?bug=vote-duplicate-counted";

#[test]
fn the_page_is_served_whole_and_loads_nothing_from_elsewhere() {
    let served = Served::new("lab-page", &["lab"]);
    let page = served.get("");
    assert_eq!(page.status, 200);
    assert!(page.head.contains("Content-Security-Policy: default-src 'none';"), "{}", page.head);
    assert!(page.head.contains("Referrer-Policy: no-referrer"), "{}", page.head);
    let mut files = vec!["style.css".to_owned(), "main.js".to_owned()];
    let mut seen = 0;
    while let Some(name) = files.get(seen).cloned() {
        let file = served.get(&name);
        assert_eq!(file.status, 200, "{name}");
        assert!(!file.body.contains("https://"), "{name} names another host");
        for line in file.body.lines().filter(|line| line.starts_with("import ")) {
            let import = line.split("'./").nth(1).expect("modules are beside each other");
            let import = import.trim_end_matches("';").to_owned();
            if !files.contains(&import) {
                files.push(import);
            }
        }
        seen += 1;
    }
    assert!(15 < seen, "{files:?}");
    assert_eq!(served.get("no.js").status, 404);
}

#[test]
fn only_whoever_knows_the_token_is_answered() {
    let served = Served::new("lab-token", &["lab"]);
    let (host, token) = (&served.host, &served.token);
    let check = |path: &str, headers: &str, status| {
        let answer = served.raw(format!("GET {path} HTTP/1.1\r\n{headers}\r\n\r\n").as_bytes());
        assert_eq!(answer.status, status, "{path} {headers}: {}", answer.body);
    };
    let (ours, right) = (format!("/{token}/"), format!("Host: {host}"));
    check(&ours, &right, 200);
    check(&ours, &format!("{right}\r\nOrigin: http://{host}"), 200);
    check("/", &right, 403);
    check("/0123/", &right, 403);
    check(&format!("/{}0/", &token[1..]), &right, 403);
    check(&ours, "Host: evil.example", 403);
    check(&ours, "Host: 127.0.0.1", 403);
    check(&ours, &format!("{right}\r\n{right}"), 403);
    check(&ours, "X: y", 403);
    check(&ours, &format!("{right}\r\nOrigin: http://evil.example"), 403);
    check(&ours, &format!("{right}\r\nOrigin: null"), 403);
    check(&ours, &format!("{right}\r\nOrigin: http://{host}\r\nOrigin: http://{host}"), 403);
    check(&format!("/{token}/api/start"), &right, 405);
    check(&format!("/{token}/../../Cargo.toml"), &right, 404);
    let log = served.log();
    assert!(log.contains("refused: GET /0123/: 403, the address has another token"), "{log}");
    assert!(log.contains("for another host") && log.contains("another origin"), "{log}");
    assert!(!log.contains(token.as_str()), "who reads the log need not come in: {log}");
}

#[test]
fn what_is_malformed_or_without_end_is_refused_and_memory_stays_flat() {
    let served = Served::new("lab-hostile", &["lab"]);
    let (host, token) = (&served.host, &served.token);
    let head = format!("POST /{token}/api/replay HTTP/1.1\r\nHost: {host}\r\n");
    let before = memory_kb(served.child.id());
    let huge =
        [format!("{head}Content-Length: 104857600\r\n\r\n").into_bytes(), vec![b'x'; 100 << 20]]
            .concat();
    served.raw(&huge);
    assert_eq!(served.raw(&huge[..head.len() + 40]).status, 413);
    let check = |request: &str, status| {
        let answer = served.raw(request.as_bytes());
        assert_eq!(answer.status, status, "{}: {}", &request[..request.len().min(80)], answer.body);
    };
    check(&format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(1 << 20)), 413);
    check(&format!("{head}Transfer-Encoding: chunked\r\n\r\n"), 400);
    check(&format!("{head}Content-Length: -1\r\n\r\n"), 400);
    check("\u{1b}[2J\r\n\r\n", 400);
    for body in ["", "{}", "[1", "{\"target\": \"raft-core\"}", &"[".repeat(1 << 20)] {
        assert_eq!(served.post("replay", body).status, 400, "{}", &body[..body.len().min(80)]);
    }
    let script = |script: &str| json!({ "target": "raft-core", "script": script }).to_string();
    for (text, why) in [
        ("cluster nodes=3\ntimeout n4\n".to_owned(), "there is no node `n4`"),
        ("cluster nodes=99\n".to_owned(), "out of range"),
        (format!("cluster nodes=3\n{}", "timeout n1\n".repeat(30_000)), "at most 20000 actions"),
    ] {
        let answer = served.post("replay", &script(&text));
        assert_eq!(answer.status, 400);
        assert!(answer.body.contains(why), "{}", answer.body);
    }
    let longest = format!("cluster nodes=9\n{}", "timeout n1\n".repeat(14_990));
    assert_eq!(served.post("replay", &script(&longest)).status, 200, "this much is allowed");
    let endless = json!({ "target": "raft-core", "script": "cluster nodes=3\n", "scheduler": "walk",
        "seed": 1, "steps": 1_000_000_000 });
    assert_eq!(served.post("continue", &endless.to_string()).status, 400);
    let log = served.log();
    assert!(!log.contains('\u{1b}') && log.contains("413") && log.contains("400"), "{log}");
    if let (Some(before), Some(after)) = (before, memory_kb(served.child.id())) {
        assert!(after < before + (100 << 10), "{before} kB before, {after} kB at the most");
    }
}

/// The most memory that a process has had, where the system tells.
fn memory_kb(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}

#[test]
fn a_script_is_replayed_gone_on_from_minimized_and_explained() {
    let served = Served::new("lab-api", &["lab"]);
    let start = served.ask("start", &json!({}));
    assert_eq!(start["mode"], "lab");
    assert_eq!(start["target"], "raft-core");
    assert!(start["invariants"].as_array().is_some_and(|all| 40 < all.len()));
    let asked = json!({ "target": BUG, "script": FAILING, "invariant": "ElectedByQuorum" });
    let trace = served.ask("replay", &asked);
    assert_eq!(trace["format"], "raft-sim-trace/1");
    assert_eq!(trace["steps"].as_array().map(Vec::len), Some(5));
    assert_eq!(trace["violations"][0]["step"], 4, "{}", trace["violations"]);
    let with_more = format!("{FAILING}timeout n2\n");
    let minimized = served.ask(
        "minimize",
        &json!({ "target": BUG, "script": with_more, "invariant": "ElectedByQuorum" }),
    );
    assert_eq!(minimized["one_minimal"], true);
    let why = served.ask("why", &asked);
    assert_eq!(why["format"], "raft-sim-why/1");
    let calm = json!({ "target": "raft-core", "script": "cluster nodes=3\n",
        "scheduler": "kindly", "seed": 7, "steps": 60 });
    let life = served.ask("continue", &calm);
    assert_eq!(life["witnesses"][0]["name"], "LeaderElected");
    assert_eq!(life["violations"], json!([]));
    let passes = json!({ "target": "raft-core", "script": "cluster nodes=3\n",
        "invariant": "ElectionSafety" });
    let answer = served.post("minimize", &passes.to_string());
    assert_eq!((answer.status, answer.body.contains("does not fail")), (400, true));
}

#[test]
fn a_calm_is_shown_step_by_step_and_nothing_comes_after_it() {
    let served = Served::new("calm", &["lab"]);
    let script = "cluster nodes=3\ntimeout n1\ncalm\n";
    let trace = served.ask("replay", &json!({ "target": "raft-core", "script": script }));
    let steps = trace["steps"].as_array().expect("steps");
    assert_eq!(trace["calm"]["step"], 2);
    assert_eq!((&steps[2]["do"], &steps[2]["line"]), (&json!("calm"), &json!(2)));
    assert!(10 < steps.len() && steps[3]["line"].is_null(), "its actions are no lines");
    let leads = |step: &Value| step["notes"].to_string().contains("\"is\":\"leads\"");
    assert!(steps[3..].iter().any(leads), "it is told what happens in it");
    assert!(trace["calm"]["says"][0].as_str().is_some_and(|it| it.contains("all that must come")));
    assert_eq!(trace["violations"], json!([]));
    let progress = |trace: &Value| trace["not_sitting"].to_string().contains("LeaderEmerges");
    assert!(!progress(&trace));
    let plain = json!({ "target": "raft-core", "script": "cluster nodes=3\n" });
    assert!(progress(&served.ask("replay", &plain)), "without a calm nobody waits");
    let on = json!({ "target": "raft-core", "script": script, "scheduler": "walk", "seed": 1, "steps": 5 });
    let answer = served.post("continue", &on.to_string());
    assert!(answer.body.contains("nothing comes after a calm"), "{}", answer.body);
}

#[test]
fn a_life_goes_on_from_the_times_at_which_it_was_lived() {
    let served = Served::new("lab-times", &["lab"]);
    let on = |script: &str, times: &Value| {
        served.ask(
            "continue",
            &json!({ "target": "raft-core", "script": script, "times_us": times,
                "scheduler": "kindly", "seed": 3, "steps": 30 }),
        )
    };
    let life = on("cluster nodes=3\n", &json!([]));
    let steps = life["steps"].as_array().expect("there are steps");
    let lines: Vec<&str> = steps[1..].iter().filter_map(|step| step["do"].as_str()).collect();
    let times: Vec<&Value> = steps[1..].iter().map(|step| &step["at_us"]).collect();
    let further = on(&format!("cluster nodes=3\n{}\n", lines.join("\n")), &json!(times));
    let same = &further["steps"].as_array().expect("there are steps")[..steps.len()];
    for (step, again) in steps.iter().zip(same) {
        assert_eq!(step["at_us"], again["at_us"]);
        assert_eq!(step["nodes"], again["nodes"]);
    }
}

#[test]
fn a_run_is_opened_as_it_was_kept() {
    let file =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../seeds/known/leader-completeness-2ebf64fb.json");
    let served = Served::new("explore-file", &["explore", file]);
    let start = served.ask("start", &json!({}));
    assert_eq!((&start["mode"], &start["target"]), (&json!("explore"), &json!("raftbare")));
    assert_eq!(start["invariant"], "LeaderCompleteness");
    assert_eq!(start["one_minimal"], true);
    let folder = Folder::new("explore-nothing");
    folder.run(&["explore", "no-such-file.json", "--no-open"]).exits(2).complains("cannot read");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it() {
    let mut served = Served::new("lab-end", &["lab"]);
    let process = served.child.id().to_string();
    let sent = std::process::Command::new("kill").args(["-INT", &process]).status();
    assert!(sent.expect("there is a kill").success());
    assert_eq!(served.child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn a_run_is_written_for_programs_and_for_shiviz() {
    let folder = Folder::new("trace");
    std::fs::write(folder.file("bug.txt"), FAILING).expect("the folder takes a file");
    let args = ["replay", "bug.txt", "--target", BUG, "--format"];
    let json = folder.run(&[&args[..], &["json", "--trace"]].concat()).exits(1);
    let trace: Value = serde_json::from_str(&json.stdout).expect("it is JSON");
    assert_eq!(
        trace["messages"][0]["name"].as_str().map(|name| &name[..18]),
        Some("n1->n2 RequestVote")
    );
    assert_eq!(trace["steps"][2]["nodes"][0]["vote"], 1, "n2 votes for n1");
    let shiviz = folder.run(&[&args[..], &["shiviz"]].concat()).exits(1).stdout;
    let lines: Vec<&str> = shiviz.lines().collect();
    assert_eq!(lines[0], "n1 {\"n1\": 1}");
    assert_eq!(lines[2], "n2 {\"n1\": 1, \"n2\": 1}", "it has heard of n1's first step");
    assert_eq!(lines[4], "n1 {\"n1\": 2, \"n2\": 1}");
}
