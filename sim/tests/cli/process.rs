//! The program as a process, in a folder of its own.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_raft-sim");

/// An empty folder to work in, gone at the end.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Folder {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cli-{name}"));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("cargo's folder for tests is writable");
        Folder(path)
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.file(name);
        let folder = path.parent().expect("it is in the folder");
        fs::create_dir_all(folder).expect("cargo's folder for tests is writable");
        fs::write(path, text).expect("cargo's folder for tests is writable");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.file(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The program in this folder, without anything that the environment says to it.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        for name in [
            "NO_COLOR",
            "CLICOLOR_FORCE",
            "LC_ALL",
            "LC_CTYPE",
            "LANG",
            "GITHUB_STEP_SUMMARY",
            "GITHUB_ACTIONS",
        ] {
            command.env_remove(name);
        }
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("RAFT_SIM_") {
                command.env_remove(name);
            }
        }
        command.current_dir(&self.0).stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ended {
        Ended::new(self.command(PROGRAM).args(args).output().expect("the program starts"))
    }

    pub(crate) fn run_with_stdin(&self, args: &[&str], stdin: &str) -> Ended {
        let mut command = self.command(PROGRAM);
        command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let mut pipe = child.stdin.take().expect("stdin is a pipe");
        pipe.write_all(stdin.as_bytes()).expect("the program reads its stdin");
        drop(pipe);
        Ended::new(child.wait_with_output().expect("the program ends"))
    }

    /// A line as somebody would paste it.
    pub(crate) fn shell(&self, line: &str) -> Ended {
        Ended::new(self.command("sh").args(["-c", line]).output().expect("there is a shell"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A document without all that depends on a clock.
pub(crate) fn timeless(mut json: Value) -> Value {
    fn forget(json: &mut Value) {
        match json {
            Value::Object(object) => {
                object.remove("time");
                object.values_mut().for_each(forget);
            }
            Value::Array(items) => items.iter_mut().for_each(forget),
            _ => {}
        }
    }
    forget(&mut json);
    json
}

/// A process that has ended.
pub(crate) struct Ended {
    code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    pub(crate) fn new(output: Output) -> Ended {
        let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
        Ended {
            code: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Ended {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    #[track_caller]
    pub(crate) fn says(self, words: &str) -> Ended {
        assert!(self.stdout.contains(words), "no `{words}` on stdout:\n{}", self.stdout);
        self
    }

    #[track_caller]
    pub(crate) fn complains(self, words: &str) -> Ended {
        assert!(self.stderr.contains(words), "no `{words}` on stderr:\n{}", self.stderr);
        self
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}:\n{}", self.stdout))
    }

    /// The one campaign of a report.
    pub(crate) fn campaign(&self) -> Value {
        let report = self.json();
        let campaigns = report["campaigns"].as_array().expect("a report has campaigns");
        assert_eq!(campaigns.len(), 1, "{report}");
        campaigns[0].clone()
    }

    /// What a line of the report says after its first word.
    pub(crate) fn line(&self, word: &str) -> &str {
        let lines = self.stdout.lines().map(str::trim_start);
        let mut lines = lines.filter_map(|line| line.strip_prefix(word));
        lines.next().unwrap_or_else(|| panic!("no `{word}`:\n{}", self.stdout)).trim()
    }

    pub(crate) fn story(&self) -> Vec<&str> {
        let lines = self.stdout.lines().skip_while(|line| !line.contains("cluster nodes="));
        lines.take_while(|line| !line.is_empty()).collect()
    }
}
