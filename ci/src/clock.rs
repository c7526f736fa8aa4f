//! What a step costs: time on the wall, and CPU time of the programs it started.

#[expect(clippy::disallowed_types, reason = "a clock for people; nothing here decides a run")]
type Instant = std::time::Instant;

/// A moment, or the distance between two.
#[derive(Copy, Clone)]
pub(crate) struct Clock {
    at: Instant,
    wall_ms: u64,
    cpu_ms: u64,
}

impl Clock {
    /// This moment.
    pub(crate) fn now() -> Self {
        let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
        Clock { at: Instant::now(), wall_ms: 0, cpu_ms: children_cpu_ms(&stat) }
    }

    /// What went by since an earlier moment.
    pub(crate) fn since(mut self, start: Clock) -> Self {
        let wall = self.at.duration_since(start.at).as_millis();
        self.wall_ms = u64::try_from(wall).unwrap_or(u64::MAX);
        self.cpu_ms = self.cpu_ms.saturating_sub(start.cpu_ms);
        self
    }

    /// Wall time as people read it.
    pub(crate) fn wall(&self) -> String {
        seconds(self.wall_ms)
    }

    /// CPU time as people read it.
    pub(crate) fn cpu(&self) -> String {
        seconds(self.cpu_ms)
    }
}

fn seconds(ms: u64) -> String {
    format!("{}.{} s", ms / 1000, ms % 1000 / 100)
}

/// CPU time of all children that have ended, from the text of `/proc/self/stat`; 0 where the
/// system has no such file. Linux counts it in hundredths of a second.
fn children_cpu_ms(stat: &str) -> u64 {
    // The command's name, in parentheses, may hold anything; the children's user and system time
    // are the 14th and 15th fields after it.
    let Some((_, fields)) = stat.rsplit_once(')') else { return 0 };
    let ticks = fields.split_whitespace().skip(13).take(2);
    ticks.filter_map(|ticks| ticks.parse::<u64>().ok()).sum::<u64>() * 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_are_found_behind_any_command_name() {
        let stat = "17 (a) b) S 1 2 3 4 5 6 7 8 9 10 11 12 150 25 20 0 1";
        assert_eq!(children_cpu_ms(stat), 1750);
        assert_eq!(children_cpu_ms(""), 0);
    }

    #[test]
    fn times_are_read_in_seconds() {
        assert_eq!(seconds(61_950), "61.9 s");
    }
}
